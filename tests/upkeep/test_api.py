"""Closing a frist and opening it again: with a reason, on the version that was read, by those who answer for it."""

import re

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.journal import JournalDetail, JournalLine
from core.upkeep.models import Deadline, DeadlineChange


@pytest.fixture
def frist(plan, clock):
    clock.stop_at("2027-01-13T12:00")
    return plan("dygn", core_clock.now())


@pytest.fixture
def send(client, actors, frist):
    """Make a move through the API, as trafik's keeper if nobody else is named."""
    keeper = actors.token(actors("tk_drift", "trafik"))

    def send(move, reason="Lampan är bytt.", *, version=None, who=keeper):
        based = {"If-Match": version} if version else {}
        known = {"move": move} | ({"reason": reason} if reason is not None else {})
        return client.post(f"/api/v1/deadlines/{frist.uid}/moves", json=known, headers=who | based)

    send.keeper = keeper
    return send


def row(database, frist):
    with database.transaction(write=False) as session:
        return session.scalars(select(Deadline).where(Deadline.uid == frist.uid)).one()


def test_it_is_closed_with_a_reason_and_opened_again(client, database, frist, send, clock):
    clock.pass_by(hours=3)
    read = client.get(f"/api/v1/deadlines/{frist.uid}", headers=send.keeper)
    assert (read.get_json()["state"], read.get_json()["met_at"], read.get_json()["version"]) == ("oppen", None, 1)
    closed = send("klarmarkera", "  Lampan är bytt. ", version=read.headers["ETag"])
    assert closed.status_code == 200
    told = closed.get_json()
    assert (told["state"], told["met_at"]) == ("klar", "2027-01-13T14:00:00Z")
    assert told["version"] > 1
    assert client.get("/api/v1/deadlines", headers=send.keeper).get_json()["items"] == []
    clock.pass_by(hours=1)
    opened = send("oppna_igen", "Den lyser inte ändå.", version=closed.headers["ETag"])
    assert (opened.get_json()["state"], opened.get_json()["met_at"]) == ("oppen", None)
    assert opened.get_json()["due_at"] == read.get_json()["due_at"], "the promise stays what it was"
    with database.transaction(write=False) as session:
        changes = session.scalars(select(DeadlineChange).order_by(DeadlineChange.id)).all()
        said = select(JournalLine.action, JournalDetail.detail).join(
            JournalDetail, JournalDetail.seq == JournalLine.seq
        )
        lines = session.execute(said.where(JournalLine.subject_uid == frist.uid).order_by(JournalLine.seq)).all()
    assert [(change.kind, change.reason) for change in changes] == [
        ("klarmarkera", "Lampan är bytt."),
        ("oppna_igen", "Den lyser inte ändå."),
    ]
    assert [line.action for line in lines] == ["deadline:plan", "deadline:klarmarkera", "deadline:oppna_igen"]
    assert lines[1].detail == {"from": "oppen", "to": "klar", "reason": "Lampan är bytt."}


def test_a_move_says_which_version_it_is_based_on(database, frist, send):
    """428 without, 412 for an older one, 409 for a state that the move does not start from."""
    assert send("klarmarkera").status_code == 428
    for version in ('"2"', '"999999999999"'):
        stale = send("klarmarkera", version=version)
        assert (stale.status_code, stale.get_json()["version"]) == (412, 1)
    for strange in ("*", '"x"', '"-1"', "1, 2", '"1234567890123"'):
        refused = send("klarmarkera", version=strange)
        assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "If-Match"), strange
    too_early = send("oppna_igen", version='"1"')
    assert too_early.status_code == 409
    assert "läget är ”Öppen”" in too_early.get_json()["errors"][0]["message"]
    assert row(database, frist).version == 1
    assert send("klarmarkera", version='W/"1"').status_code == 200
    assert send("klarmarkera", version="1").status_code == 412


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_nothing_is_closed_without_a_reason(database, frist, send, reason):
    refused = send("klarmarkera", reason, version='"1"')
    assert refused.status_code == 409
    assert refused.get_json()["errors"] == [{"field": "reason", "message": "Skriv varför."}]
    assert row(database, frist).state == "oppen"


def test_who_may_close_and_who_may_open_again(actors, send, frist, database):
    def as_(role, board, move):
        version = row(database, frist).version
        return send(move, version=f'"{version}"', who=actors.token(actors(role, board))).status_code

    assert as_("falt", "sdn-farsta", "klarmarkera") == 403, "sees it, does not answer for it"
    assert as_("tk_drift", "utbildning", "klarmarkera") == 404, "does not even see it"
    assert as_("entreprenor", "trafik", "klarmarkera") == 403, "says when it is done, by a work order"
    assert as_("tk_drift", "trafik", "klarmarkera") == 200
    assert as_("sdn_samordnare", "sdn-farsta", "oppna_igen") == 200
    assert row(database, frist).state == "oppen"


def test_the_page_closes_it_too(client, actors, database, frist):
    client.login(actors("tk_drift", "trafik"))
    address = f"/skotsel/frister/{frist.uid}"
    empty = client.submit(f"{address}/klarmarkera", {"reason": " ", "version": "1"}, page=address)
    assert empty.status_code == 422
    assert "Skriv ett svar." in empty.text
    done = client.submit(f"{address}/klarmarkera", {"reason": "Lampan är bytt.", "version": "1"}, page=address)
    assert (done.status_code, done.location) == (303, address)
    page = client.get(address).text
    assert "Lampan är bytt." in page
    assert "Öppna igen" in page
    assert f"{address}/klarmarkera" not in page
    assert row(database, frist).state == "klar"


def test_two_who_close_it_at_once_hear_of_each_other(client, actors, frist, database):
    """The page was open; a colleague was first: nothing is overwritten, what was written is still there."""
    client.login(actors("tk_drift", "trafik"))
    address = f"/skotsel/frister/{frist.uid}"
    page = client.get(address).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    for reason in ("Den första.", "Den andra."):
        last = client.submit(f"{address}/klarmarkera", {"reason": reason, "version": version}, page="/utseende")
    assert last.status_code == 409
    assert "Du har själv ändrat det här i ett annat fönster" in last.text
    assert "Den andra." in last.text, "what was written is not lost"
    with database.transaction(write=False) as session:
        assert session.scalars(select(DeadlineChange.reason)).all() == ["Den första."]
