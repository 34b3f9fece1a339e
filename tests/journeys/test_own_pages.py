"""What everybody has for herself: all that waits, which letters she wants, a calendar of her own."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.seen import look_at, look_at_all_widths

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(120)]


def test_one_sees_what_waits_and_chooses_letters_and_a_calendar(city, page):
    steps.log_in(page, city.address, "tk_drift.trafik")
    steps.follow(page.get_by_role("link", name="Allt att göra"))
    look_at_all_widths(page, "att-gora")
    page.goto(f"{city.address}/jag")
    page.get_by_label("Varje arbetsdag").check()
    steps.press(page, "Spara")
    expect(page.get_by_label("Varje arbetsdag")).to_be_checked()
    look_at(page, "min-sida")
    steps.follow(page.get_by_role("link", name="Mina kalendrar"))
    page.get_by_role("button", name="Gör adress").first.click()
    expect(page.get_by_role("status")).to_contain_text(f"{city.address}/kalender/")
    look_at_all_widths(page, "mina-kalendrar")


def test_an_administrator_sees_when_reminders_come(city, page):
    steps.log_in(page, city.address, "sysadmin.slk")
    steps.open_room(page, "Påminnelser")
    expect(page.get_by_role("main")).to_contain_text("Brev går till funktionsbrevlådor klockan 6 på arbetsdagar")
    expect(page.get_by_role("main")).to_contain_text("arbetsdagar före sista dag")
    look_at_all_widths(page, "paminnelser")
