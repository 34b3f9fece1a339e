"""The pages of the reserve: two persons book a frame; a wrong booking is met by a counter-entry."""

import re
from uuid import uuid4

import pytest

from core.reserve.services import book, standing
from tests.reserve.conftest import YEAR

pytestmark = pytest.mark.other_database_long


def _proposal(money, **facts):
    known = {"uid": str(uuid4()), "programme": str(money.programme.uid), "kind": "kf_budget", "year": str(YEAR)}
    return known | {"amount": "25 700 000", "decision": "KF 2026-11-27 § 4"} | facts


def test_a_frame_is_proposed_by_one_and_confirmed_by_another(client, database, money):
    client.login(money.economist)
    made = client.submit("/reserven/bokningar/ny", _proposal(money))
    assert made.status_code == 303
    address = made.headers["Location"]
    shown = client.get(address)
    assert "Någon annan än du bekräftar bokningen." in shown.text
    with database.transaction():
        assert money.stands() == (0, 0)
    refused = client.submit(f"{address}/steg/bekrafta", {"version": "1"}, page=address)
    assert refused.status_code == 409
    assert "Du har föreslagit bokningen. Någon annan bekräftar den." in refused.text
    client.login(money.other)
    assert client.submit(f"{address}/steg/bekrafta", {"version": "1"}, page=address).status_code == 303
    with database.transaction():
        assert money.stands() == (25_700_000, 0)
    page = client.get("/reserven").text
    assert "25\u00a0700\u00a0000" in page


def test_what_cannot_be_is_told_at_its_field(client, money):
    client.login(money.economist)
    for amount, words in (
        ("-5", "Skriv"),
        ("0", "Skriv"),
        ("1e9", "Skriv beloppet i hela kronor"),
        ("99999999999999999999", "Skriv"),
        ("12,50", "Skriv beloppet i hela kronor"),
    ):
        told = client.submit("/reserven/bokningar/ny", _proposal(money, amount=amount))
        assert told.status_code == 422
        assert words in told.text
        assert amount in told.text


def test_a_wrong_booking_is_met_by_a_counter_entry_of_two(client, database, money):
    with database.transaction():
        wrong = money.frame(9_000_000)
    client.login(money.economist)
    here, sent = f"/reserven/bokningar/{wrong.uid}", {"uid": str(uuid4()), "reason": "Fel år."}
    made = client.submit(f"{here}/ratta", sent, page=here)
    assert made.status_code == 303
    there = made.headers["Location"]
    assert client.submit(f"{here}/ratta", sent, page=here).status_code == 303  # the same again
    again = client.submit(f"{here}/ratta", {"uid": str(uuid4()), "reason": "Igen."}, page=here)
    assert again.status_code == 409
    client.login(money.other)
    assert client.submit(f"{there}/steg/bekrafta", {"version": "1"}, page=there).status_code == 303
    with database.transaction():
        assert money.stands() == (0, 0)
        found = standing.list_bookings(money.economist)
        assert [row.booking.kind for row in found.rows] == ["rattelse", "kf_budget"]


def test_a_frame_is_not_lowered_below_what_is_granted(client, database, money):
    with database.transaction():
        number = money.frame(1_000_000).number
        lowering = money.propose(300_000, kind="minskning")
        money.grant((YEAR, 800_000))
    too_low = "Ramen 2027 kan inte bli lägre än det som är beviljat. Sänk den med 100\u00a0000 kr mindre."
    client.login(money.other)
    here = f"/reserven/bokningar/{lowering.uid}"
    told = client.submit(f"{here}/steg/bekrafta", {"version": "1"}, page=here)
    assert told.status_code == 409
    assert too_low in told.text
    client.login(money.economist)
    new, known = "/reserven/bokningar/ny", {"uid": str(uuid4()), "programme": str(money.programme.uid)}
    known |= {"year": str(YEAR), "amount": "300 000", "decision": "KF § 3"}
    assert too_low in client.submit(new, known | {"kind": "minskning"}).text, "who proposes it is told at once"
    assert f"Budgeten för 2027 finns redan: {number}." in client.submit(new, known | {"kind": "kf_budget"}).text
    with database.transaction():
        assert money.stands() == (1_000_000, 800_000)


def test_who_confirms_has_it_to_do_and_who_proposed_has_not(client, database, money):
    with database.transaction():
        number = money.propose(1_000_000).number
    client.login(money.other)
    assert f"Bekräfta bokningen {number}" in client.get("/att-gora").text
    client.login(money.economist)
    assert f"Bekräfta bokningen {number}" not in client.get("/att-gora").text


def test_the_economist_goes_on_to_read_in_the_outturn(client, money):
    client.login(money.economist)
    assert 'href="/inlasningar"' in client.get("/reserven/bokningar").text
    assert "Utfall från ekonomisystemet" in client.get("/inlasningar").text


def test_a_booking_of_several_accounts_says_of_which_each_amount_is(client, database, money):
    with database.transaction():
        money.frame(1_000_000)
        money.grant((YEAR, 800_000))
        lines = [book.Line(YEAR, "beviljat", -300_000), book.Line(YEAR, "ram", -300_000)]
        lines += [book.Line(YEAR + 1, "ram", 300_000), book.Line(YEAR + 1, "beviljat", 300_000)]
        about = {"by": money.economist, "matter": uuid4(), "number": "TI-2027-001"}
        book.post(book.HOUSE, uid=uuid4(), programme=money.programme, kind="ombudgetering", lines=lines, **about)
    client.login(money.economist)
    carried = _row_of(client.get("/reserven/bokningar").text, "Ombudgetering, TI-2027-001")
    for told in ("Ram 2027: \u2212300\u00a0000", "Beviljat 2027: \u2212300\u00a0000", "Ram 2028: 300\u00a0000"):
        assert told in carried
    of_year = client.get(f"/reserven/bokningar?satsning={money.programme.uid}&ar={YEAR}").text
    assert "Beviljat: \u2212300\u00a0000" in _row_of(of_year, "Ombudgetering, TI-2027-001")
    assert "Beviljat:" not in _row_of(of_year, "Beviljat, TI-2027-001"), "one account alone needs no name"


def _row_of(page, what):
    """The words of the table's row in which something stands."""
    [row] = [one for one in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if what in one]
    return re.sub(r"<[^>]*>", "", row)
