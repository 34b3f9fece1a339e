"""What the city refuses lies in the phone with the city's words: it is tried again, or mended, and goes."""

import pytest
from sqlalchemy import select

from core.places import spots
from core.walks.models import Observation
from tests.media.samples import encoded, noise
from tests.walks.scene import EAST, NORTH

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(180)]
CHANGES = "**/api/v1/observations/*/changes/*"
SMALL_CITY = (EAST + 490, NORTH + 490, EAST + 510, NORTH + 510)
"""A city that is no more than the stop."""


def refused(app, what="iakttagelsen"):
    """Open what was refused, in the list of what waits."""
    app.open("/sandlista")
    app.says("Togs inte emot")
    app.page.locator("main a").filter(has_text="Togs inte emot").click()
    app.sees(f"Staden tog inte emot {what}")


def last(database):
    """Return what the city got last."""
    with database.transaction(write=False) as session:
        row = session.scalars(select(Observation).order_by(Observation.id.desc())).first()
        session.expunge_all()
        return row


@pytest.mark.long
def test_what_was_refused_is_tried_again_and_goes_when_it_has_been_mended(leader, database, monkeypatch):
    app = leader
    monkeypatch.setattr(spots, "bounds", lambda: SMALL_CITY)
    app.fetch()
    app.walk_to(700, 500, "199\N{NO-BREAK SPACE}m från stopp 1")
    app.see(encoded("image/jpeg", noise(1, 60)))
    refused(app)
    app.says("Läget ligger helt eller delvis utanför staden.")
    app.press("Försök igen")
    refused(app)
    app.link("Ändra iakttagelsen")
    app.link("Flytta nålen")
    app.press("Stopp 1, Vid bron")
    app.link("Tillbaka")
    app.says("Mottagen av staden")
    assert last(database).position_source == "karta"

    app.page.route(CHANGES, lambda route: route.fulfill(status=422, json={"detail": "Den är låst."}))
    app.page.get_by_label("Anteckning").fill("Lyktan blinkar")
    refused(app, "ändringen")
    app.says("Den är låst.")
    app.page.unroute_all()
    app.press("Försök igen")
    app.all_sent(1)
    app.until(lambda: last(database).description == "Lyktan blinkar")
