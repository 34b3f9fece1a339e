"""The app is tested in the scene of the walks, and on a phone of its own."""

import pytest

from tests.falt.fieldphone import FieldPhone
from tests.walks.scene import phone, phone_of, scene

__all__ = ["field_phone", "phone", "phone_of", "scene"]


@pytest.fixture
def field_phone(browser, live_server, tmp_path):
    """A phone with the app, not signed in, whose city is in the test's own process."""
    with FieldPhone(browser.browser_type, live_server, tmp_path / "phone") as made:
        yield made
