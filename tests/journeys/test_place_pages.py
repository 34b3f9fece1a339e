"""A place from nothing to its end, at the desk: written by keyboard, answered for, merged; each page looked at."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.seen import look_at_all_widths

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(300)]


def test_a_place_is_written_answered_for_and_merged(city, page):
    steps.log_in(page, city.address, steps.LEADER)
    steps.open_room(page, "Platser")
    steps.follow(page.get_by_role("link", name="Lägg till plats"))
    page.get_by_label("Vad heter platsen?").fill("Husby, trappan")
    page.get_by_label("Vilken sorts plats är det?").select_option("Trappa")
    page.get_by_label("Allmän plats", exact=True).check()
    page.get_by_label("Var ligger platsen?").fill("145700 6588400")
    page.get_by_label("Radie").fill("40")
    steps.press(page, "Lägg till plats")
    expect(page.get_by_role("alert")).to_contain_text("Nord och öst verkar ha bytt plats. Menade du N 6 588 400")
    look_at_all_widths(page, "plats-fel")
    page.get_by_label("Var ligger platsen?").fill("6588300 145700")
    page.get_by_label("Var ligger platsen?").press("Tab")
    steps.press(page, "Lägg till plats")
    expect(page.get_by_role("heading", level=1)).to_have_text("Husby, trappan")
    steps.follow(page.get_by_role("link", name="Ändra rådighet"))
    page.get_by_label("Vad gäller det?").select_option("Vinter")
    page.get_by_label("Vem svarar för det?").select_option("Svenska Bostäder")
    page.get_by_label("Var står det?").fill("Avtal 12")
    steps.press(page, "Lägg till")
    expect(page.get_by_role("row").filter(has_text="Vinter")).to_contain_text("Svenska Bostäder")
    look_at_all_widths(page, "radighet")
    steps.follow(page.get_by_role("link", name="Husby, trappan"))
    steps.follow(page.get_by_role("link", name="Slå ihop med en annan"))
    page.get_by_label("Vilken plats blir den en del av?").fill("PL-00001")
    page.get_by_label("Varför?", exact=True).fill("Trappan hör till centrum.")
    steps.press(page, "Slå ihop med en annan")
    look_at_all_widths(page, "plats-sla-ihop")
    page.get_by_label("Ja, det är den platsen").check()
    steps.press(page, "Slå ihop med en annan")
    expect(page.get_by_role("main")).to_contain_text("Platsen är sammanslagen med Husby centrum, PL-00001")
    look_at_all_widths(page, "plats-sammanslagen")
