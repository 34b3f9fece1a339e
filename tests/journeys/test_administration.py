"""Whoever runs the installation: two boards become one, a parked plugin is started again, somebody gets a role."""

import pytest
from playwright.sync_api import expect

from core import access, plugins
from tests.journeys import steps
from tests.journeys.seen import look_at, look_at_all_widths

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(300)]
ADMIN = "sysadmin.slk"


@pytest.fixture
def admin(city, page):
    steps.log_in(page, city.address, ADMIN)
    return page


def test_two_boards_become_one_and_both_times_are_shown_right(admin, city):
    page = admin
    steps.open_room(page, "Organisationer")
    page.get_by_label("Slag").select_option("Stadsdelsnämnd")
    steps.press(page, "Visa")
    look_at_all_widths(page, "organisationer")
    steps.follow(page.get_by_role("link", name="Slå samman"))
    for board in ("Farsta", "Skarpnäcks"):
        page.get_by_label(f"{board} stadsdelsnämnd").check()
    page.get_by_label("Från och med").fill("2027-07-01")
    steps.press(page, "Visa vad som följer")
    expect(page.get_by_role("alert")).to_contain_text("Skriv vad den nya ska heta")
    page.get_by_label("Den nyas namn").fill("Söderorts stadsdelsnämnd")
    page.get_by_label("Den nyas kod").fill("sdn-soderort")
    steps.press(page, "Visa vad som följer")
    expect(page.get_by_role("main")).to_contain_text("Inget är sparat än.")
    look_at(page, "vad-som-följer", colours=("light",))
    steps.press(page, "Slå samman")
    expect(page.get_by_role("heading", level=1)).to_have_text("Söderorts stadsdelsnämnd")
    look_at(page, "organisation", colours=("light",))
    for day, there, gone in (("2026-06-01", "Farsta", "Söderorts"), ("2027-07-01", "Söderorts", "Farsta")):
        page.goto(f"{city.address}/admin/organisationer?slag=stadsdelsnamnd&dag={day}")
        table = page.get_by_role("table")
        expect(table.get_by_role("link", name=f"{there} stadsdelsnämnd")).to_be_visible()
        expect(table.get_by_role("link", name=f"{gone} stadsdelsnämnd")).to_have_count(0)


def test_a_parked_plugin_is_found_at_the_start_and_started_again(admin, city):
    page = admin
    with city.database.transaction():
        plugins.set_state(access.system("core"), "klotter", "parked", "ZeroDivisionError: division by zero")
    plugins.forget_states()
    steps.open_room(page, "Start")
    steps.follow(page.get_by_role("link", name="Tillägget Klotter är borta"))
    expect(page.get_by_role("main")).to_contain_text("ZeroDivisionError")
    look_at_all_widths(page, "tillagg-parkerat")
    page.get_by_label("På", exact=True).check()
    steps.press(page, "Spara läget")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("På", exact=True).check()
    page.get_by_label("Varför?").fill("Rättat i 0.2")
    steps.press(page, "Spara läget")
    expect(page.get_by_role("main")).to_contain_text("Rättat i 0.2")
    steps.open_room(page, "Drift")
    look_at_all_widths(page, "drift")
    steps.press(page, "Kontrollera journalen nu")
    city.let_the_worker_work()
    steps.follow(page.get_by_role("link", name="Uppdatera"))
    expect(page.get_by_role("main")).to_contain_text("Journalen är hel")


def test_somebody_new_gets_an_account_and_a_role(admin):
    page = admin
    steps.open_room(page, "Personer och roller")
    look_at_all_widths(page, "personer")
    steps.follow(page.get_by_role("link", name="Lägg upp person"))
    page.get_by_label("Namn eller funktion").fill("Fältvärd, Farsta")
    page.get_by_label("E-postadress").fill("faltvard@staden.example")
    steps.press(page, "Lägg upp och skicka länk")
    page.get_by_label("Roll", exact=True).select_option("Fältpersonal")
    page.get_by_label("I vilken organisation?").select_option("Farsta stadsdelsnämnd")
    page.get_by_label("Till och med").fill("2027-01-31")
    steps.press(page, "Ge rollen")
    expect(page.get_by_role("row").filter(has_text="Fältpersonal")).to_contain_text("2027-01-31")
    look_at_all_widths(page, "person")
    steps.open_room(page, "Start")
    expect(page.get_by_role("link", name="En roll slutar snart")).to_be_visible()
