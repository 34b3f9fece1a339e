"""An installation that is worked for minutes, in the scene of the walks, with room for as much as a test sends."""

from dataclasses import replace

import pytest

from tests.walks.scene import phone, phone_of, scene

__all__ = ["phone", "phone_of", "scene"]


@pytest.fixture
def settings(settings):
    return replace(settings, quota_bytes=10**12, web_workers=2)
