"""Somebody connects a phone at the desk: the page waits by itself, and asks before it lets the phone in."""

import pytest
from playwright.sync_api import expect

from core.people import services
from core.testing.people import Client
from core.testing.phones import Phone
from tests.journeys import steps
from tests.journeys.seen import look_at_all_widths

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(120)]


def test_a_phone_is_connected_at_the_desk(city, page, actors):
    steps.log_in(page, city.address, steps.LEADER)
    page.goto(f"{city.address}/jag/enheter")
    steps.follow(page.get_by_role("link", name="Anslut en telefon"))
    look_at_all_widths(page, "anslut-telefon")
    page.get_by_label("Lösenord").fill(steps.PASSWORD)
    steps.press(page, "Visa koden")
    look_at_all_widths(page, "kod-till-telefon")
    phone = Phone(Client(city.app, actors), "Telefonen i jackan")
    with city.database.transaction(write=False):
        code = services.long_code(page.url.rpartition("/")[2])
    number = phone.claim(code).json["number"]
    expect(page.get_by_role("heading", level=1)).to_have_text("Stämmer talet?")
    expect(page.get_by_role("main")).to_contain_text(f"{number[:2]} {number[2:]}")
    look_at_all_widths(page, "stammer-talet")
    steps.press(page, "Godkänn")
    expect(page.get_by_role("status")).to_contain_text("Telefonen i jackan är inloggad i 14 dagar")
    steps.follow(page.get_by_role("link", name="Till Mina enheter"))
    look_at_all_widths(page, "mina-enheter")
    steps.press(page, "Logga ut Telefonen i jackan")
    expect(page.get_by_role("main")).to_contain_text("Ingen telefon är ansluten.")
