"""Around every page: logging in and out, light and dark, Swedish and English, and the way out of an error."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.seen import look_at

pytestmark = pytest.mark.one_database


def test_a_wrong_password_is_told_at_the_field(city, page):
    steps.log_in(page, city.address, steps.LEADER, password="fel lösenord")
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.title() == "Fel: Logga in – Tryggplats"
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Lösenord")).to_be_focused()
    expect(page.get_by_label("Lösenord")).to_have_value("")
    expect(page.get_by_label("E-postadress")).to_have_value(f"{steps.LEADER}@tryggplats.example")
    look_at(page, "logga-in-fel")


def test_one_comes_to_where_one_was_going(city, page):
    page.goto(f"{city.address}/platser?q=Husby")
    page.get_by_label("E-postadress").fill(f"{steps.LEADER}@tryggplats.example")
    page.get_by_label("Lösenord").fill("tryggplats-demo")
    page.get_by_role("button", name="Logga in").click()
    page.wait_for_url("**/platser?q=Husby")
    expect(page.get_by_role("heading", level=1)).to_have_text("Platser")


def test_after_logging_out_there_is_nothing_to_go_back_to(city, page):
    steps.log_in(page, city.address, steps.LEADER)
    steps.open_place(page)
    steps.start_writing(page)
    steps.write_observation(page, steps.photo())
    city.let_the_worker_work()
    page.reload()
    picture = page.get_by_alt_text("Fotot du tog").get_attribute("src")
    steps.follow(page.get_by_role("link", name="Se iakttagelsen"))
    page.locator(".tp-user summary").click()
    page.locator(".tp-user").get_by_role("button", name="Logga ut").click()
    page.wait_for_url("**/logga-in")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    page.goto(f"{city.address}{picture}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")


def test_a_form_sent_after_the_session_is_over_asks_to_log_in(city, page):
    steps.log_in(page, city.address, steps.LEADER)
    steps.open_place(page)
    steps.start_writing(page)
    page.context.clear_cookies()
    page.get_by_role("radio", name="Klotter", exact=True).check()
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")


def test_dark_and_english_are_chosen_and_stay(city, page):
    page.emulate_media(color_scheme="light")
    steps.log_in(page, city.address, steps.LEADER)
    light = background(page)
    steps.follow(page.get_by_role("link", name="Utseende och språk").last)
    page.get_by_label("Mörkt").check()
    page.get_by_label("English").check()
    page.get_by_role("button", name="Spara").click()
    page.wait_for_url(f"{city.address}/")
    assert background(page) != light
    assert page.locator("html").get_attribute("lang") == "en"
    steps.follow(page.get_by_role("navigation").get_by_role("link", name="Places"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Places")
    look_at(page, "platser-morkt-engelska", ["light"])


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_each_move_asks_why_in_a_field_of_its_own(city, page):
    steps.log_in(page, city.address, steps.LEADER)
    steps.open_room(page, "Vandringar")
    steps.follow(page.get_by_role("link", name=steps.WALK))
    steps.follow(page.get_by_role("link", name="1. Belysning"))
    page.get_by_text("Markera som dubblett", exact=True).first.click()
    page.get_by_role("button", name="Markera som dubblett").click()
    told = page.get_by_role("alert")
    expect(told).to_be_focused()
    told.get_by_role("link", name="Skriv varför.").click()
    expect(page.get_by_label("Varför?").and_(page.locator(":focus"))).to_be_visible()
    page.keyboard.type("Samma lyktor som iakttagelse 2.")
    page.get_by_role("button", name="Markera som dubblett").click()
    expect(page.locator(".tp-head")).to_contain_text("Dubblett")


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_an_error_page_has_a_way_out(city, window, size):
    page = window(size)
    steps.log_in(page, city.address, steps.LEADER)
    steps.open_room(page, "Vandringar")
    page.goto(f"{city.address}/iakttagelser/00000000-0000-7000-8000-000000000000")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sidan finns inte")
    steps.follow(page.get_by_role("link", name="Till Start"))
    expect(page).to_have_title("Start – Tryggplats")
