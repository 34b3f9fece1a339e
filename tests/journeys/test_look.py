"""How everything looks, on the page that shows it: for eyes, keyboard, paper; and the start pages of three roles."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.seen import SIDEWAYS, look_at

pytestmark = [pytest.mark.one_database, pytest.mark.timeout(300)]

FOCUS = """() => {
    const one = document.activeElement, style = getComputedStyle(one);
    const shown = [style, getComputedStyle(one.closest(".ds-field, label, a, button") ?? one)].some(
        look => (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2) || look.boxShadow !== "none");
    return one === document.body ? null : [one.outerHTML.slice(0, 120), shown];
}"""
ON_PAPER = """() => ["header", "footer", "main .ds-button", ".tp-filter", ".tp-tabs", ".tp-bulk", ".tp-paging"].filter(
    what => [...document.querySelectorAll(what)].some(one => one.checkVisibility()))"""


def test_every_macro_in_every_state(live_server, page):
    page.goto(f"{live_server}/stil")
    look_at(page, "stil", most_filled=3)
    search = page.get_by_role("search", name="Sök plats")
    expect(search).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(search).to_be_hidden()
    page.locator(".tp-fold summary").click()
    expect(search).to_be_visible()
    look_at(page, "stil", colours=("light",), most_filled=3)
    page.set_viewport_size({"width": 320, "height": 568})
    assert page.evaluate(SIDEWAYS) <= 0
    page.goto(f"{live_server}/stil/falt")
    assert page.evaluate(SIDEWAYS) <= 0
    page.set_viewport_size({"width": 390, "height": 844})
    look_at(page, "stil-falt", most_filled=3)


def test_dialogs_and_many_at_once_with_script(live_server, page):
    page.goto(f"{live_server}/stil")
    bar = page.get_by_role("form", name="Gör med valda")
    expect(bar).to_be_hidden()
    page.get_by_label("Byt armatur", exact=True).check()
    page.get_by_label("Klipp vass", exact=True).check()
    expect(bar).to_contain_text("Valda rader: 2.")
    page.get_by_role("link", name="Ta bort platsen").click()
    dialog = page.get_by_role("dialog", name="Ta bort platsen?")
    expect(dialog.get_by_role("heading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Ta bort platsen")).to_be_focused()


def test_after_lies_on_before_under_a_slider(live_server, page):
    """On paper, and without script, the two stand beside each other."""
    page.goto(f"{live_server}/stil")
    slider = page.get_by_role("slider", name="Så mycket av bilden före som visas")
    above = page.locator(".tp-slider .after")
    expect(above).to_have_css("clip-path", "inset(0px 0px 0px 50%)")
    slider.focus()
    page.keyboard.press("Home")
    expect(above).to_have_css("clip-path", "inset(0px 0px 0px 0%)")
    page.emulate_media(media="print")
    expect(slider).to_be_hidden()
    expect(page.locator(".tp-pair img").first).to_be_visible()
    page.emulate_media(media="screen")


def test_the_keyboard_sees_where_it_is(live_server, page):
    page.goto(f"{live_server}/stil")
    unseen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop and not stop[1]:
            unseen.append(stop[0])
    assert unseen == []


def test_on_paper_there_are_no_tools(live_server, page):
    page.goto(f"{live_server}/stil")
    page.emulate_media(media="print")
    assert page.evaluate(ON_PAPER) == []
    heads = page.evaluate("getComputedStyle(document.querySelector('.tp-table thead')).display")
    assert heads == "table-header-group"
    state = "getComputedStyle(document.querySelector('.tp-state[data-tone=worst]'))"
    assert page.evaluate(f"[{state}.borderTopWidth, {state}.backgroundColor]") == ["1px", "rgba(0, 0, 0, 0)"]


def test_the_start_pages_of_three_roles(city, page):
    main = page.get_by_role("main")
    steps.log_in(page, city.address, steps.LEADER)
    expect(main.get_by_role("heading", name="Börja här")).to_be_visible()
    steps.open_place(page)
    steps.start_writing(page)
    steps.write_observation(page, steps.photo())
    steps.log_in(page, city.address, steps.OFFICER)
    waiting = main.get_by_role("region", name="Väntar på dig").locator("tbody tr:not(.group)")
    first = waiting.first.get_by_role("link")
    expect(main).to_contain_text(f"Nästa steg: {first.inner_text()}, Sergels torg.")
    expect(main.get_by_role("link", name="Öppna", exact=True)).to_have_attribute("href", first.get_attribute("href"))
    look_at(page, "start-trafik")
    steps.follow(waiting.filter(has_text="Sergels torg").get_by_role("link", name="Säkra tillfälligt"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sätt upp tillfällig belysning")
    city.clock.pass_by(hours=1)
    steps.log_in(page, city.address, steps.LEADER)
    others = main.get_by_role("region", name="Väntar på andra")
    expect(others).to_contain_text(re.compile(r"Trafiknämnden: öppna frister, \d+"))
    look_at(page, "start-samordnare")
    steps.log_in(page, city.address, "sysadmin.slk")
    expect(main).to_contain_text("3 delar av driften behöver ses över")
    expect(main).not_to_contain_text("Husby")
    look_at(page, "start-administrator")
