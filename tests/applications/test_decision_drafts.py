"""A decision that is kept and not recorded, and what is left of the frame while its amounts are typed."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from core import db
from core.applications.models import DecisionDraft, GrantDecision
from tests.applications.test_deciding_pages import decide_page, hidden, record, spaced
from tests.applications.test_order_by_hand import logged_in

__all__ = ["logged_in"]

WRITTEN = {"paragraph": "14", "kr_2027": "3 000 000 kr", "kr_2028": "", "departs": "Pengar finns i år."}


def keep(client, decided, **fields):
    page = decide_page(decided)
    uid = hidden(client.get(page), "uid")[0]
    return client.submit(page, {"uid": uid, "knapp": "utkast"} | WRITTEN | fields)


def count(model):
    return db.session().scalar(select(func.count()).select_from(model))


def test_what_is_kept_is_there_again_and_nothing_is_recorded(client, database, decided, actors):
    client.login(decided.secretary)
    assert keep(client, decided).headers["Location"].endswith(decide_page(decided))
    told = client.get(decide_page(decided))
    assert "Du sparade ett utkast" in told.text
    assert 'name="kr_2027" value="3 000 000 kr"' in spaced(told)
    assert "Pengar finns i år." in told.text
    assert "10 450 000" in spaced(told), "what is left of the frame is counted from what is kept"
    with database.transaction():
        assert (count(GrantDecision), count(DecisionDraft)) == (0, 1)
    proposed = client.get(f"{decide_page(decided)}?forslag=ja")
    assert 'name="kr_2027" value="2 800 000"' in spaced(proposed)
    assert "Gå tillbaka till utkastet" in proposed.text
    client.login(actors("ksu_sekr", "slk"))
    other = client.get(decide_page(decided))
    assert other.status_code == 200
    assert "Pengar finns i år." not in other.text, "nobody else reads it"


def test_too_much_is_told_when_it_is_kept_and_what_is_not_of_the_form_is_refused(client, database, decided):
    client.login(decided.secretary)
    assert keep(client, decided, kr_2027="13 450 001").status_code == 303
    assert "Beloppet för 2027 går 1 kr över det som är kvar i ramen." in spaced(client.get(decide_page(decided)))
    assert keep(client, decided, state="bekraftad").status_code == 422
    assert keep(client, decided, conditions="x" * 40_001).status_code == 409


def test_a_draft_is_gone_when_the_decision_is_recorded(client, database, decided):
    client.login(decided.secretary)
    keep(client, decided)
    assert record(client, decided).status_code == 303
    with database.transaction():
        assert (count(GrantDecision), count(DecisionDraft)) == (1, 0)
    page = decide_page(decided)
    assert client.submit(page, {"uid": "0", "knapp": "utkast"} | WRITTEN, page="/sammantraden").status_code == 409


@pytest.mark.long
def test_what_is_left_follows_the_amounts_as_they_are_typed(decided, logged_in):
    page = logged_in(decided.secretary, decide_page(decided))
    left, over = page.locator('[data-counts="kr_2027"]'), page.locator("[data-part=over]")
    expect(left).to_have_text("10\u00a0650\u00a0000")
    page.locator("input[name=kr_2027]").fill("3 000 000 kr")
    expect(left).to_have_text("10\u00a0450\u00a0000")
    expect(page.locator('[data-counts="total"]')).to_have_text("4\u00a0200\u00a0000")
    expect(over).to_be_empty()
    page.locator("input[name=kr_2027]").fill("13 450 001")
    expect(left).to_have_text("−1")
    expect(over).to_have_text("Beloppet för 2027 går 1 kr över det som är kvar i ramen.")
    page.locator("input[name=kr_2027]").fill("inget än")
    expect(left).to_have_text("13\u00a0450\u00a0000")
    expect(over).to_be_empty()
