"""One thread through the whole house: a photo from a phone becomes a frist at trafikkontoret, closed with proof."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from playwright.sync_api import expect

from core import clock as core_clock
from core.clock import STOCKHOLM
from tests.demo import SATURDAY
from tests.journeys import steps
from tests.journeys.seen import look_at

CLOCKS_CHANGE = datetime(2027, 3, 27, 23, 30, tzinfo=STOCKHOLM)
NORMAL, HATEFUL = "Klotter: inom 24 timmar", "Hat, rasism eller hot: inom 4 timmar"
DONE = "Tvättat med hetvatten."


class TestOnARealServer:
    """gunicorn and the worker as an operator starts them, in the night when the clocks change."""

    @pytest.fixture
    def settings(self, settings):
        yield replace(settings, now=CLOCKS_CHANGE)
        core_clock.start_at(None)

    @pytest.mark.other_database_long
    @pytest.mark.timeout(300)
    @pytest.mark.parametrize("size", [pytest.param("phone", marks=pytest.mark.long), "desk"])
    def test_from_photo_to_closed(self, installation, database, window, size):
        installation.start()
        leader, officer = window(size), window(size)

        steps.log_in(leader, installation.url, steps.LEADER)
        steps.open_place(leader)
        place = leader.url
        write_both_observations(leader)

        steps.log_in(officer, installation.url, steps.OFFICER)
        # The clock of a real server goes on while the test works.
        assert re.fullmatch(r"2027-03-29 00\.3[0-5]", steps.due(officer, NORMAL))
        assert re.fullmatch(r"2027-03-28 04\.3[0-5]", steps.due(officer, HATEFUL))
        look_at(officer, "skotsel")
        steps.open_deadline(officer, NORMAL)
        expect(officer.get_by_text("Klockan ställs om under tiden.")).to_be_visible()
        close_with_proof(officer)

        leader.goto(place)
        happened = leader.locator(".tp-timeline > li:not(.heading)")
        expect(happened.first).to_contain_text(f"Frist klar Sanera klotter: {DONE}")
        expect(happened.filter(has_text="Iakttagelse 4 på vandringen")).to_contain_text("Se bilden")
        still_open = (
            leader.get_by_role("region", name="Öppna frister")
            .locator("tbody tr", has_text="Sanera klotter")
            .locator("time")
        )
        expect(still_open).to_have_text([re.compile(r"2027-03-28 04\.3\d")])
        look_at(leader, "plats")


def write_both_observations(leader):
    """One of plain graffiti and one of hateful, with the receipts that tell that the city has them."""
    steps.start_writing(leader)
    look_at(leader, "skriva-in")
    steps.write_observation(leader, steps.photo())
    expect(leader.get_by_role("heading", name="Mottagen av staden 23.3")).to_be_visible()
    expect(leader.get_by_text("Går till Trafiknämnden.")).to_be_visible()
    see_picture(leader, leader.get_by_alt_text("Fotot du tog"))
    look_at(leader, "kvitto")
    steps.follow(leader.get_by_role("link", name="Ta nästa foto"))
    steps.write_observation(leader, steps.photo(), hateful=True)


def close_with_proof(officer):
    """Try to close with nothing, with the photo alone, and with both."""
    told = officer.get_by_role("alert")
    steps.close_deadline(officer, DONE)
    expect(told).to_be_focused()
    expect(told.get_by_role("link")).to_have_text(
        [
            "Lägg till ett nytt foto, taget efter saneringen, och vänta tills det syns.",
            "Skriv polisanmälans nummer, eller varför det inte anmäls.",
        ]
    )
    assert officer.title().startswith("Fel: ")
    expect(officer.get_by_label("Vad har gjorts?")).to_have_value(DONE)
    look_at(officer, "frist-nekad")
    told.get_by_role("link").first.click()
    expect(officer.get_by_label("Foto efter åtgärden")).to_be_in_viewport()

    steps.add_after_photo(officer, steps.photo(height=300))
    see_picture(officer, officer.get_by_alt_text("Efter: Klotter"))
    steps.close_deadline(officer, DONE)
    expect(told.get_by_role("link")).to_have_text(["Skriv polisanmälans nummer, eller varför det inte anmäls."])
    told.get_by_role("link").click()
    expect(officer.get_by_role("link", name="Ändra klotterärendet")).to_be_in_viewport()

    steps.report_to_the_police(officer, "5000-K123456-27")
    expect(officer.get_by_text("5000-K123456-27")).to_be_visible()
    steps.close_deadline(officer, DONE)
    expect(officer.locator(".tp-head").get_by_text("Klar", exact=True)).to_be_visible()
    look_at(officer, "frist-klar")


def see_picture(page, picture):
    """Reload, as the page asks one to, until the worker has made the picture; it is then seen."""
    for _ in range(60):
        if picture.count():
            break
        page.wait_for_timeout(250)
        page.goto(page.url.partition("#")[0])
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 360)


@pytest.mark.parametrize(
    ("night", "dues"),
    [(SATURDAY, ("2027-01-10 23.30", "2027-01-10 03.30")), (CLOCKS_CHANGE, ("2027-03-29 00.30", "2027-03-28 04.30"))],
    ids=["winter", "clocks-change"],
)
def test_graffiti_seen_on_a_saturday_night_falls_due(night, dues, city, phone):
    city.clock.stop_at(night)
    steps.log_in(phone, city.address, steps.LEADER)
    steps.open_place(phone)
    steps.start_writing(phone)
    steps.write_observation(phone, steps.photo())
    steps.follow(phone.get_by_role("link", name="Ta nästa foto"))
    steps.write_observation(phone, steps.photo(), hateful=True)
    steps.log_in(phone, city.address, steps.OFFICER)
    assert (steps.due(phone, NORMAL), steps.due(phone, HATEFUL)) == dues
    expect(phone.locator("tr.group").first).to_have_text("Går alltid först")
