"""Somebody connects a phone: the page at the desk waits by itself, both show the same number, and she approves."""

import pytest
from playwright.sync_api import expect

from core.people import services
from core.testing.browser import open_page
from tests.journeys import steps
from tests.journeys.seen import look_at_all_widths

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(120)]


def test_a_phone_is_connected_at_the_desk(city, page, browser):
    steps.log_in(page, city.address, steps.LEADER)
    page.goto(f"{city.address}/jag/enheter")
    steps.follow(page.get_by_role("link", name="Anslut en telefon"))
    page.get_by_label("Lösenord").fill(steps.PASSWORD)
    steps.press(page, "Visa koden")
    look_at_all_widths(page, "kod-till-telefon")
    with city.database.transaction(write=False):
        code = services.long_code(page.url.rpartition("/")[2])
    with open_page(browser, width=390, height=844, touch=True) as phone:
        phone.goto(f"{city.address}/falt/logga-in#kod={code}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Stämmer talet?")
        look_at_all_widths(page, "stammer-talet")
        number = page.locator("dd").inner_text()
        expect(phone.get_by_role("main")).to_contain_text(number)
        assert code not in phone.url
        steps.press(page, "Godkänn")
        expect(page.get_by_role("status")).to_contain_text("är inloggad i 14 dagar")
        phone.wait_for_url(f"{city.address}/falt")
        steps.follow(page.get_by_role("link", name="Till Mina enheter"))
        look_at_all_widths(page, "mina-enheter")
    steps.press(page, "Logga ut Min")
    expect(page.get_by_role("main")).to_contain_text("Ingen telefon är ansluten.")
