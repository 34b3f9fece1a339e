"""The order in a real browser: moved by keys and by hand, the line moves at once, and what was moved is kept."""

from threading import Event

import pytest
from playwright.sync_api import expect

from core.applications.services import assessing, ranking
from tests.applications.assessed import assign, titles

pytestmark = pytest.mark.long


@pytest.fixture
def logged_in(app, actors, live_server, page):
    """Open a page as somebody: `logged_in(actor, "/omgangar")`."""

    def go(actor, address):
        cookie = {"name": app.config["TRYGGPLATS_COOKIE"], "value": actors.session(actor), "url": live_server}
        page.context.add_cookies([cookie])
        page.goto(live_server + address)
        return page

    return go


def names(page):
    return page.locator("tr[data-uid] th a").all_inner_texts()


@pytest.fixture
def slow_line(app, monkeypatch):
    """What is moved reaches the server when the returned event is set: before that, nothing of ours has heard of it."""
    lets_go, through = Event(), app.wsgi_app

    def held(environ, answer):
        if environ["PATH_INFO"].endswith("/flytta"):
            lets_go.wait(60)
        return through(environ, answer)

    monkeypatch.setattr(app, "wsgi_app", held)
    return lets_go


def test_by_keys_buttons_and_hand_the_line_moves_and_is_kept(database, prepared, logged_in, slow_line):
    """5 000 000 kr: Belysning (2,0), Bänkar (2,5), Torget (1,5); Torget first makes Bänkar fall under the line."""
    year = prepared.year
    page = logged_in(prepared.anna, f"/omgangar/{prepared.round}/ordning")
    expect(page.locator(f"tr[data-line='{year}'] + tr th a")).to_have_text("Torget")
    torget = page.locator("tr[data-uid]", has_text="Torget")
    torget.focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    assert names(page) == ["Torget", "Belysning", "Bänkar"], "at once, before the server has answered"
    expect(page.locator(f"tr[data-line='{year}'] + tr th a")).to_have_text("Bänkar")
    row = page.locator("tr[data-uid]", has_text="Bänkar")
    expect(row.locator(f"[data-left='{year}']")).to_have_text("−1\u00a0000\u00a0000")
    expect(row.get_by_text("Under strecket")).to_be_visible()
    expect(torget.get_by_text("Ryms")).to_be_visible()
    expect(page.locator(f"tr[data-year='{year}'] [data-part=above]")).to_have_text("1\u00a0500\u00a0000")
    expect(page.locator("[data-part=told]")).to_have_text("Torget står på plats 1 av 3.")
    slow_line.set()
    expect(page.get_by_role("button", name="Ångra flytt")).to_be_visible()
    page.reload()
    assert names(page) == ["Torget", "Belysning", "Bänkar"]
    with database.transaction(write=False):
        assert titles(prepared) == names(page)
    with page.expect_response("**/ordning?flyttad=*"):
        page.get_by_role("button", name="Flytta Torget ned").click()
    assert names(page) == ["Belysning", "Torget", "Bänkar"]
    with page.expect_response("**/ordning?flyttad=*"):
        page.locator("tr[data-uid]", has_text="Bänkar").drag_to(page.locator("tr[data-uid]", has_text="Belysning"))
    with database.transaction(write=False):
        assert titles(prepared) == names(page)
    assert names(page)[0] == "Bänkar"


def test_somebody_else_has_moved_meanwhile(database, prepared, logged_in):
    page = logged_in(prepared.anna, f"/omgangar/{prepared.round}/ordning")
    with database.transaction():
        ranking.move_row(prepared.bo, prepared.round, prepared.applications["Torget"], to=1, version=None)
    page.locator("tr[data-uid]", has_text="Bänkar").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[data-part=told]")).to_have_text(
        "Någon annan har ändrat ordningen. Den visas nu som den är, utan din flytt."
    )
    assert names(page) == ["Torget", "Belysning", "Bänkar"]


def test_points_are_added_up_and_the_draft_saved_while_writing(database, prepared, logged_in):
    with database.transaction():
        assign(prepared, "Belysning")
    page = logged_in(prepared.anna, f"/ansokningar/{prepared.applications['Belysning']}/bedomning")
    page.locator("input[name=koppling_points][value='3']").check()
    expect(page.locator("[data-part=total]")).to_have_text("25")
    page.locator("[name=koppling_why]").fill("Orsaken är prövad.")
    expect(page.locator("[data-part=saved]")).to_contain_text("Sparat automatiskt", timeout=10_000)
    page.locator("[name=summary]").fill("Bra.")
    page.get_by_role("button", name="Spara utkast").click()
    page.wait_for_load_state()
    with database.transaction(write=False):
        sheet = assessing.own_sheet(prepared.anna, prepared.applications["Belysning"])
        assert (sheet.total, sheet.row.summary) == (25, "Bra.")
        assert sheet.scores["koppling"].why == "Orsaken är prövad."
