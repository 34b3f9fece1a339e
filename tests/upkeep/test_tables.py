"""The list and the report as files for a spreadsheet, made by the worker for who asked."""

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from core import clock as core_clock
from core.people.models import Organisation, RoleGrant
from core.upkeep import naming
from tests.documents.conftest import desk_of, work
from tests.upkeep.test_list import fill

pytestmark = pytest.mark.other_database_long

__all__ = ["desk_of", "work"]


@pytest.fixture
def desk(desk_of, actors, database, scene, clock):
    clock.stop_at("2027-01-13T12:00")
    now = core_clock.now()
    common = {"urgency": 2, "starts_at": now - timedelta(days=9)}
    late, soon = now - timedelta(days=2), now + timedelta(days=3)
    with database.transaction() as session:
        fill(session, 1, due_at=late, due_on=late.date(), **common)
        fill(session, 1, due_at=soon, due_on=soon.date(), **common)
        fill(session, 1, due_at=soon, due_on=soon.date(), level=3, **common)
        before = soon - timedelta(days=1)
        fill(session, 1, due_at=before, due_on=before.date(), level=2, **common)
    return desk_of(actors("tk_drift", "trafik"))


def rows_of(desk, work, kind, **options):
    asked = desk.ask(kind, desk.actor.uid, **options)
    assert asked.status_code == 202, asked.json
    work()
    book = CalamineWorkbook.from_filelike(io.BytesIO(desk.fetch(asked.json["uid"]).data))
    return book.get_sheet_by_index(0).to_python()


def test_the_open_frister_as_listed_but_no_protected_ones(desk, work, monkeypatch):
    def named(_actor, uids):
        return {uid: naming.About("TK-A-7: Laga lyktan", "/arbeten/7", "TK-A-7") for uid in uids}

    monkeypatch.setitem(naming._namings, "prov", named)
    head, *rows = rows_of(desk, work, "upkeep:frister")
    assert head[:6] == ["Frist", "Regel", "Nummer", "Gäller", "Plats", "Ansvarig"]
    assert [(row[0], row[5], row[9].isoformat(), row[10]) for row in rows] == [
        ("Svara om belysningen", "Trafiknämnden", "2027-01-11", "2 dygn sent"),
        ("Svara om belysningen", "Trafiknämnden", "2027-01-15", "Om 2 dagar"),
        ("Svara om belysningen", "Trafiknämnden", "2027-01-16", "Om 3 dagar"),
    ]
    told = [("TK-A-7", "TK-A-7: Laga lyktan"), ("", ""), ("TK-A-7", "TK-A-7: Laga lyktan")]
    assert [tuple(row[2:4]) for row in rows] == told, "what is restricted (level 2) is not named"
    assert len(rows_of(desk, work, "upkeep:frister", visa="forsenade")) == 2


def test_how_they_were_kept(desk, work):
    asked = {"fran": "2027-01-01", "till": "2027-01-13", "per": "sort"}
    head, row = rows_of(desk, work, "upkeep:rapport", **asked)
    assert (head[0], row) == ("Sort", ["Svara om belysningen", 0.0, 0.0, 1.0, 0.0, 0.0])


def test_a_table_that_was_made_with_a_role_that_has_ended_is_nobodys(desk_of, actors, work, database, desk):
    """Whoever still reads frister elsewhere does not reach what the table holds."""
    both = actors("sdn_samordnare")
    with database.transaction() as session:
        trafik = session.scalars(select(Organisation).where(Organisation.code == "trafik")).one()
        grant = RoleGrant(
            uid=uuid4(), person_id=both.id, role="tk_drift", organisation_id=trafik.id, valid_from=date(2026, 1, 1)
        )
        session.add(grant)
    mine = desk_of(both)
    asked = mine.ask("upkeep:frister", both.uid).json["uid"]
    work()
    assert mine.fetch(asked).status_code == 200
    with database.transaction() as session:
        session.execute(update(RoleGrant).where(RoleGrant.uid == grant.uid).values(valid_to=date(2026, 12, 1)))
    assert mine.fetch(asked).status_code == 404


def test_nobody_asks_for_what_another_reaches(desk, actors):
    assert desk.ask("upkeep:frister", actors("tk_drift", "trafik").uid).status_code == 404


def test_the_button_asks_for_what_the_list_is_narrowed_to(desk, client):
    client.login(desk.actor)
    here = "/skotsel?visa=forsenade"
    page = client.get(here)
    assert "Hämta som kalkylblad" in page.text
    asked = {"kind": "upkeep:frister", "subject": str(desk.actor.uid), "visa": "forsenade"}
    told = client.submit(
        "/dokument", asked | dict.fromkeys(("ansvarig", "stadsdel", "slag", "prioritet"), ""), page=here
    )
    assert told.status_code == 303
