"""Files to the finance system (F10): each line once, and a file is the same whenever it is fetched."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import access, db, flow
from core.applications.models import Application
from core.followup.services import claims, finance, moving_money
from core.people.services import organisation
from core.reserve.models import Programme
from tests.followup.conftest import YEAR


def _rows(told):
    assert told.startswith(b"\xef\xbb\xbf"), "spreadsheets take it for UTF-8 by the mark"
    return list(csv.DictReader(io.StringIO(told.decode("utf-8-sig")), delimiter=";"))


def _made(granted):
    made = finance.make_file(granted.money.economist, uid=uuid4())
    rows = _rows(made.file)
    assert [(row["fil"], int(row["rad"])) for row in rows] == [(made.number, n) for n in range(1, len(rows) + 1)]
    return rows


def _paid(granted, application, amount, **known):
    facts = {"uid": uuid4(), "year": YEAR, "amount": amount, "what": "Lyktor", "invoice": "=F 12"} | known
    claim = claims.add_claim(granted.writer, application.uid, **facts)
    claims.move_claim(granted.writer, claim.uid, "skicka")
    claims.move_claim(granted.money.other, claim.uid, "granska")
    return claims.move_claim(granted.money.economist, claim.uid, "betala")


def test_what_is_granted_and_paid_goes_over_once_with_where_it_is_booked(database, granted):
    with database.transaction():
        application = granted.application(1_000_000, code="P 77")
        application.budget_reference = "KSU § 7"
        claim = _paid(granted, application, 250_000)
        grant, payment = _made(granted)
        shared = {"ar": str(YEAR), "reservkod": "CM4", "satsning": "TRYGG", "namnd": "sdn-farsta"}
        shared |= {"projektkod": "P 77", "ansokan": application.number, "budgetreferens": "KSU § 7"}
        shared["namndens_namn"] = organisation("sdn-farsta").name
        assert grant.items() >= (shared | {"typ": "BUDGET", "handelse": "beslut", "belopp": "1000000"}).items()
        told = {"typ": "UTBETALNING", "handelse": "betalning", "belopp": "250000", "underlag": claim.number}
        assert payment.items() >= (shared | told | {"faktura": "'=F 12"}).items(), "no formula is sent on"
        assert payment["dag"] == claim.paid_on.isoformat()
        with pytest.raises(flow.Refused) as refused:
            finance.make_file(granted.money.economist, uid=uuid4())
        assert "Inget nytt" in str(refused.value)
        moving_money.hand_back(
            granted.writer, application.uid, uid=uuid4(), year=YEAR, amount=50_000, reason="Blev billigare."
        )
        assert [(row["handelse"], row["belopp"]) for row in _made(granted)] == [("aterlamning", "-50000")]


def test_what_was_paid_and_then_was_not_is_met_by_a_line_of_its_own(database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
        claim = _paid(granted, application, 250_000)
        _made(granted)
        claims.move_claim(granted.money.economist, claim.uid, "ratta", reason="Fel mottagare.")
        claims.move_claim(granted.money.economist, claim.uid, "betala")
        assert finance.waiting(granted.money.economist) == [], "what is as it was is nothing to tell"
        claims.move_claim(granted.money.economist, claim.uid, "ratta", reason="Fel mottagare.")
        [back] = _made(granted)
        assert (back["handelse"], back["belopp"], back["underlag"]) == ("aterforing", "-250000", claim.number)
        claims.move_claim(granted.money.other, claim.uid, "avvisa", reason="Fel belopp.")
        known = {"year": YEAR, "amount": 240_000, "what": "Lyktor", "invoice": "F 13"}
        claims.change_claim(granted.writer, claim.uid, version=None, **known)
        claims.move_claim(granted.writer, claim.uid, "skicka")
        claims.move_claim(granted.money.other, claim.uid, "granska")
        claims.move_claim(granted.money.economist, claim.uid, "betala")
        assert [row["belopp"] for row in _made(granted)] == ["240000"]


def test_a_claim_that_is_of_another_year_after_all_is_taken_from_the_first(database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
        claim = _paid(granted, application, 100_000)
        _made(granted)
        claim.year = YEAR + 1  # as it is when it has come back and been paid anew
        database_rows = [(row["ar"], row["belopp"]) for row in _made(granted)]
        assert database_rows == [(str(YEAR), "-100000"), (str(YEAR + 1), "100000")]


def test_what_does_not_fit_in_a_file_goes_with_the_next(database, granted, monkeypatch):
    monkeypatch.setattr(finance, "MOST", 2)
    with database.transaction():
        applications = [granted.application(100_000) for _ in range(2)]
        _paid(granted, applications[0], 10_000)
        first, second = _made(granted), _made(granted)
        assert [row["typ"] for row in first + second] == ["BUDGET", "BUDGET", "UTBETALNING"]


def test_a_file_is_never_changed_and_an_entry_is_in_one_only(database, granted):
    with database.transaction():
        granted.application(1_000_000)
        finance.make_file(granted.money.economist, uid=uuid4())
    columns = "file_id, place, entry_id, year, amount"
    for statement in (
        "UPDATE finance_file SET lines = 2",
        "DELETE FROM finance_line",
        f"INSERT INTO finance_line ({columns}) SELECT {columns.replace('place', '9')} FROM finance_line",
    ):
        with pytest.raises(DBAPIError), database.transaction() as session:
            session.execute(text(statement))


def test_the_economist_makes_it_on_the_page_and_fetches_the_same_bytes_again(client, database, granted):
    with database.transaction():
        application = granted.application(1_000_000)
    client.login(granted.money.economist)
    page = "/rekvisitioner/ekonomifiler"
    assert "Filer till ekonomisystemet" in client.get("/rekvisitioner").text
    assert application.number in client.get(page).text
    uid = str(uuid4())
    for _ in range(2):  # a button that is pressed twice
        assert client.submit(page, {"uid": uid}, page=page).status_code == 303
    told = client.get(page)
    assert "EF-00001" in told.text
    assert "Inget nytt är beviljat" in told.text
    first = client.get(f"{page}/{uid}.csv")
    assert (first.status_code, first.mimetype) == (200, "text/csv")
    with database.transaction():
        found = db.session().get_one(Application, application.id)
        found.project_code = "P 78"  # what is written later does not change what has gone over
        db.session().get_one(Programme, found.programme_id).reserve_code = "CM9"
    assert client.get(f"{page}/{uid}.csv").data == first.data
    assert client.submit(page, {"uid": str(uuid4())}, page=page).status_code == 409


def test_only_who_sends_files_reads_them(client, database, granted):
    with database.transaction():
        granted.application(1_000_000)
        made = finance.make_file(granted.money.economist, uid=uuid4())
        with pytest.raises(access.Denied):
            finance.make_file(granted.money.other, uid=uuid4())
    for other in (granted.writer, granted.money.other):
        client.login(other)
        assert client.get(f"/rekvisitioner/ekonomifiler/{made.uid}.csv").status_code == 403
        assert "Filer till ekonomisystemet" not in client.get("/rekvisitioner").text


@pytest.mark.one_database("postgres")
def test_two_who_make_a_file_at_once_get_each_line_in_one(database, granted):
    with database.transaction():
        for _ in range(3):
            _paid(granted, granted.application(100_000), 10_000)

    begin = Barrier(6)

    def make(_):
        begin.wait()
        try:
            with database.transaction():
                return _rows(finance.make_file(granted.money.economist, uid=uuid4()).file)
        except flow.Refused:
            return []

    with ThreadPoolExecutor(6) as pool:
        files = [rows for rows in pool.map(make, range(6)) if rows]
    assert [len(rows) for rows in files] == [6], "the first takes all, and nothing is left for the others"
