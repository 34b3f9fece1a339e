"""Every page at the desk and on a phone, light and dark: readable for all, nothing sideways, one next step."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.seen import look_at, look_at_all_widths

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(300)]


@pytest.fixture
def graffiti(city, page):
    """Graffiti with its photo has been seen; returns the address of the observation. The window is the leader's."""
    steps.log_in(page, city.address, steps.LEADER)
    steps.open_place(page)
    steps.start_writing(page)
    steps.write_observation(page, steps.photo())
    city.let_the_worker_work()
    return page.url.removesuffix("/kvitto")


def test_the_rooms(city, page):
    steps.log_in(page, city.address, steps.LEADER)
    look_at_all_widths(page, "start")
    for room in ("Platser", "Vandringar", "Skötsel"):
        steps.open_room(page, room)
        here = page.get_by_role("navigation", name="Huvudmeny").locator("[aria-current=page]")
        expect(here).to_have_text(room)
        look_at_all_widths(page, room.lower())
    page.goto(f"{city.address}/utseende")
    look_at_all_widths(page, "utseende")
    page.goto(f"{city.address}/granska-andringar")
    steps.follow(page.get_by_role("link", name="Skicka in en fil"))
    look_at_all_widths(page, "skicka-in-fil")
    expect(page.locator("input[type=file]")).to_be_visible()


def test_what_follows_up_in_the_same_light(city, page):
    """Also a page with pictures before and after."""
    steps.log_in(page, city.address, "sdn_samordnare.sdn-sodermalm")
    steps.open_room(page, "Vandringar")
    steps.follow(page.get_by_role("link", name="Uppföljning", exact=True))
    look_at_all_widths(page, "uppfoljning")
    steps.open_room(page, "Vandringar")
    steps.follow(page.get_by_role("link", name="Uppföljning Medborgarplatsen"))
    steps.follow(page.get_by_role("link", name="Före och efter"))
    expect(page.get_by_role("link", name="Granska bilden före").first).to_be_visible()
    look_at_all_widths(page, "fore-efter")


def test_a_place_its_walk_and_the_phones_pages(graffiti, page):
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Mottagen av staden")
    look_at_all_widths(page, "kvitto")
    steps.follow(page.get_by_role("link", name="Ta nästa foto"))
    page.get_by_role("radio", name="Klotter", exact=True).check()
    look_at_all_widths(page, "skriva-in")
    steps.follow(page.get_by_role("link", name=steps.WALK))
    walk = page.url
    look_at_all_widths(page, "vandring")
    steps.follow(page.get_by_role("link", name="Dokument", exact=True))
    look_at(page, "vandring-dokument")
    steps.follow(page.get_by_role("button", name="Gör vandringskit", exact=True))
    look_at(page, "dokument")
    page.goto(walk)
    steps.follow(page.get_by_role("link", name=steps.PLACE))
    expect(page.get_by_role("heading", level=1)).to_have_text(steps.PLACE)
    expect(page.get_by_role("link", name=steps.WALK).first).to_be_visible()
    look_at_all_widths(page, "plats")


def test_an_observation_its_case_and_its_frist(graffiti, city, page):
    page.goto(graffiti)
    expect(page.get_by_role("link", name=steps.PLACE).first).to_be_visible()
    look_at_all_widths(page, "iakttagelse")
    steps.follow(page.get_by_role("link", name="Ändra klotterärendet"))
    expect(page.get_by_role("button", name="Spara").first).to_be_visible()
    look_at_all_widths(page, "klotterarendet")
    steps.log_in(page, city.address, steps.OFFICER)
    look_at_all_widths(page, "start-med-frist")
    steps.open_deadline(page, "Klotter: inom 24 timmar")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sanera klotter")
    expect(page.get_by_role("main")).to_contain_text("Klotter: inom 24 timmar")
    look_at_all_widths(page, "frist")


def test_all_of_a_chart_of_bars_is_seen_on_a_phone(city, phone):
    """What is overdue stands last in a bar, and its sum after it: neither may lie outside the window."""
    steps.log_in(phone, city.address, steps.LEADER)
    phone.goto(f"{city.address}/skotsel/rapport?till=2099-12-31")
    wide = phone.evaluate("[...document.querySelectorAll('.tp-scroll')].map(one => one.scrollWidth - one.clientWidth)")
    assert wide
    assert set(wide) == {0}


def test_pages_of_those_who_may_not(city, page):
    page.goto(f"{city.address}/logga-in")
    look_at_all_widths(page, "logga-in")
    steps.log_in(page, city.address, steps.OFFICER)
    refused = page.goto(f"{city.address}/vandringar/00000000-0000-7000-8000-000000000000/skriv-in")
    assert refused.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har inte rätt att göra det här")
    expect(page.get_by_role("main")).to_contain_text(
        re.compile(r"\d+ roller får göra det, till exempel |Det får den som har rollen ")
    )
    look_at_all_widths(page, "403")
    assert page.goto(f"{city.address}/platser/finns-inte").status == 404
    look_at_all_widths(page, "404")
    steps.follow(page.get_by_role("link", name="Till Start"))
    expect(page).to_have_title("Start – Tryggplats")


def test_lists_with_nothing_in_them_say_what_will_be_there(city, page):
    """Every stadsdelsnämnd of the demo has a walk; the association of owners in Rågsved has nothing yet."""
    steps.log_in(page, city.address, "fof_samordnare.fof-ragsved")
    expect(page.get_by_role("main")).to_contain_text("Inget väntar på dig.")
    steps.open_room(page, "Vandringar")
    expect(page.get_by_role("main")).to_contain_text("När en vandring planeras i ditt område syns den här.")
    look_at_all_widths(page, "vandringar-tom")
    steps.open_room(page, "Skötsel")
    expect(page.get_by_role("main")).to_contain_text("Allt är i tid.")
    steps.open_room(page, "Platser")
    page.get_by_label("Namn eller nummer").fill("Rågsved")
    page.get_by_role("button", name="Visa").click()
    expect(page.get_by_role("main")).to_contain_text("Inga platser passar ”Rågsved”.")
    look_at_all_widths(page, "platser-tom")
