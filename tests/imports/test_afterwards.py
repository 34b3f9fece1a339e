"""What becomes of a file afterwards: one that was given up says so, and after a time what it said is let go."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import clock, imports
from core.imports import Import, ImportRow
from core.imports.kinds import kind_of
from core.media import store
from core.outbox import ATTEMPTS, Task
from core.walks.models import Report
from tests.imports.conftest import line, sheet

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def broken(reader, monkeypatch):
    """A file whose second row nobody can take in: the worker has given up, at its last try."""
    found = reader.tried(sheet(line("1"), line("2"), line("3")))
    report = type(kind_of("report"))
    create = report.create
    monkeypatch.setattr("core.imports.working.TAKEN_AT_ONCE", 1)

    def failing(self, actor, batch, uid, known, texts):
        if known["number"] == "2":
            raise OSError("the disk is away")
        create(self, actor, batch, uid, known, texts)

    monkeypatch.setattr(report, "create", failing)
    reader.move(found, "for_in")
    for _ in range(ATTEMPTS):
        with reader.client.application.database.transaction() as session:
            session.execute(update(Task).where(Task.kind == "import").values(run_at=clock.now()))
        reader.work()
    return found, lambda: monkeypatch.setattr(report, "create", create)


def test_one_that_was_given_up_never_looks_as_if_it_went_on(reader, broken, client, scene, database):
    found, mend = broken
    told = reader.read(found["uid"])
    assert (told["state"], told["given_up"], told["rows"]) == ("fors_in", True, {"inford": 1, "duger": 2})
    client.login(scene.leader)
    assert "Avbruten" in client.get("/inlasningar").text
    drawn = client.get(f"/inlasningar/{found['uid']}").text
    assert "Avbruten" in drawn
    assert "1 av 3 rader var klara i steget ”Förs in”" in drawn
    mend()
    assert (
        client.submit(f"/inlasningar/{found['uid']}/steg/fortsatt", page=f"/inlasningar/{found['uid']}").status_code
        == 303
    )
    assert "Avbruten" not in client.get(f"/inlasningar/{found['uid']}").text, "it waits for the worker again"
    reader.work()
    done = reader.read(found["uid"])
    assert (done["state"], done["given_up"], done["rows"]) == ("inford", False, {"inford": 3})
    with database.transaction(write=False) as session:
        assert set(session.scalars(select(Task.state).where(Task.kind == "import"))) == {"done", "dropped"}


def test_what_goes_on_is_not_begun_again(reader):
    found = reader.tried(sheet(line("1")))
    refused = reader.move(found, "fortsatt")
    assert (refused["status"], reader.read(found["uid"])["rows"]) == (409, {"duger": 1})


def later(database, days):
    """Time goes, and the worker's job comes."""
    with database.transaction() as session:
        for one in session.scalars(select(Import)):
            one.received_at -= timedelta(days=days)
            if one.finished_at:
                one.finished_at -= timedelta(days=days)
        session.flush()
        imports.thin()


def test_after_its_time_the_file_and_its_words_are_gone_and_that_it_came_stays(reader, database, client, scene):
    done = reader.move(
        reader.tried(sheet(line("TT-1", text="Mörkt vid porten"), line("2", closed="2020-01-01"))), "for_in"
    )
    with database.transaction(write=False) as session:
        sha256 = session.scalars(select(Import.sha256)).one()
    later(database, 89)
    kept = reader.read(done["uid"])
    assert (kept["thinned_at"], len(kept["tally"])) == (None, 1)
    later(database, 2)
    reader.work()
    with database.transaction(write=False) as session:
        assert store().whole.stored(sha256) is None
        rows = list(session.scalars(select(ImportRow).order_by(ImportRow.number)))
        assert {(tuple(row.cells), row.key, tuple(row.errors)) for row in rows} == {((), "", ())}
        assert "Mörkt" not in str([one.columns for one in session.scalars(select(Import))])
        assert session.scalars(select(Report.number)).one() == "TT-1", "what it became stays"
    told = reader.read(done["uid"])
    assert (told["state"], told["rows"], told["total"]) == ("inford", {"inford": 1, "fel": 1}, 2)
    assert told["tally"] == [], "it had words of the rows"
    client.login(scene.leader)
    drawn = client.get(f"/inlasningar/{done['uid']}").text
    assert "är gallrat" in drawn
    assert "TT-1" not in drawn
    assert "Kom in: Tyck till, nummer TT-1" in client.get(f"/iakttagelser/{reader.rows(told)[2]['record']}").text
    assert reader.move(told, "angra", reason="Fel fil")["rows"] == {"angrad": 1, "fel": 1}


def test_one_that_nobody_went_on_with_ends_then_and_one_at_work_is_left_alone(reader, broken, database):
    left = reader.tried(sheet(line("9")), source="Felanmälan")
    reading = reader.client.post(
        "/api/v1/imports", query_string={"kind": "report", "source": "x"}, data=sheet(line("8")), headers=reader.headers
    ).json
    later(database, 91)
    states = {uid: reader.read(uid) for uid in (left["uid"], broken[0]["uid"], reading["uid"])}
    assert [(one["state"], one["given_up"], one["rows"]) for one in states.values()] == [
        ("kastad", False, {"utelamnad": 1}),
        ("inford", False, {"inford": 1, "utelamnad": 2}),
        ("lases", False, {}),
    ]
