"""The app is tested in the scene of the walks: in a window, or on a phone of its own."""

import pytest
from sqlalchemy import update

from core.testing.browser import open_page
from core.walks import services
from core.walks.models import Walk
from core.walks.services import Stop
from tests.falt.fieldphone import FieldPhone
from tests.falt.phone_app import App
from tests.handover.conftest import colleague
from tests.sync.conftest import work
from tests.walks.scene import phone, phone_of, scene, square

__all__ = ["colleague", "phone", "phone_of", "scene", "work"]


@pytest.fixture
def field_phone(browser, live_server, tmp_path):
    """A phone with the app, not signed in, whose city is in the test's own process."""
    with FieldPhone(browser.browser_type, live_server, tmp_path / "phone") as made:
        yield made


@pytest.fixture
def leader(browser, live_server, scene, database):
    """The app of who leads the walk, signed in, on its only stop."""
    with database.transaction() as session:
        stops = [Stop("Vid bron", square(500, 500, 1).centroid, ["Ser man ansikten?"])]
        services.change_walk(scene.leader, scene.walk, version=1, stops=stops)
        session.execute(update(Walk).where(Walk.uid == scene.walk).values(leader_id=scene.leader.id))
    with open_page(browser, width=390, height=844, touch=True) as page:
        held = App(live_server).hold(page)
        held.sign_in(database, scene.leader)
        yield held
