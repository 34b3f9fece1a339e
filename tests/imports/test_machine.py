"""The machine: pages step by step, killed it goes on, others' files look missing, nothing runs in Excel."""

import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import count as counting
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, update

from core.imports import Import, ImportRow, working
from core.imports.kinds import kind_of
from core.media import files
from core.outbox import Task
from core.walks.models import ObservationEvent, Report
from tests.imports.conftest import line, sheet

pytestmark = pytest.mark.other_database_long


class Killed(BaseException):
    """The worker's process is ended."""


@pytest.fixture
def count(database):
    """How many reports there are."""

    def read():
        with database.transaction(write=False) as session:
            return session.scalars(select(func.count()).select_from(Report)).one()

    return read


@pytest.mark.parametrize("at", [1, 4, 6])
def test_killed_in_the_middle_the_next_worker_goes_on_and_nothing_comes_twice(reader, count, monkeypatch, at):
    """Six rows in chunks of two; the worker dies with the row `at`, before or after others of its chunk."""
    monkeypatch.setattr(working, "TAKEN_AT_ONCE", 2)
    found = reader.tried(sheet(*[line(str(n)) for n in range(1, 7)]))
    report = kind_of("report")
    made, create, turns = [], type(report).create, iter(range(1, 100))

    def dying(self, *args):
        if next(turns) == at:
            raise Killed
        made.append(create(self, *args))

    monkeypatch.setattr(type(report), "create", dying)
    headers = reader.headers | {"If-Match": f'"{found["version"]}"'}
    reader.client.post(f"/api/v1/imports/{found['uid']}/moves", json={"move": "for_in"}, headers=headers)
    with pytest.raises(Killed):
        reader.work()
    half = reader.read(found["uid"])
    assert (half["state"], count()) == ("fors_in", (at - 1) // 2 * 2)
    assert half["done"] == count()
    _let_claim_run_out(reader)
    reader.work()
    done = reader.read(found["uid"])
    assert (done["state"], done["rows"], count()) == ("inford", {"inford": 6}, 6)


def _let_claim_run_out(reader):
    """The dead worker's claim is over."""
    with reader.client.application.database.transaction() as session:
        for task in session.scalars(select(Task).where(Task.kind == "import")):
            task.claimed_until = None


def test_killed_while_it_reads_or_tries_no_row_is_there_twice(reader, monkeypatch):
    monkeypatch.setattr(working, "READ_AT_ONCE", 2)
    monkeypatch.setattr(working, "TRIED_AT_ONCE", 2)
    guess = working.guess
    monkeypatch.setattr(working, "guess", _raise_killed)
    query = {"kind": "report", "source": "Tyck till"}
    file = sheet(*[line(str(n)) for n in range(5)])
    sent = reader.client.post("/api/v1/imports", query_string=query, data=file, headers=reader.headers)
    with pytest.raises(Killed):
        reader.work()
    monkeypatch.setattr(working, "guess", guess)
    _let_claim_run_out(reader)
    reader.work()
    found = reader.read(sent.json["uid"])
    assert (found["state"], found["total"], len(reader.rows(found))) == ("valj", 5, 5)
    assert reader.say("PUT", found, "mapping", columns=found["mapping"])["rows"] == {"duger": 5}


def _raise_killed(_found):
    raise Killed


def test_the_same_file_again_before_it_is_taken_in_is_the_first(reader):
    first = reader.send(sheet(line("1")))
    assert reader.send(sheet(line("1")))["uid"] == first["uid"]
    assert reader.send(sheet(line("1")), source="Felanmälan")["uid"] != first["uid"]


def test_the_file_is_kept_and_nobody_sweeps_it_away(reader, database):
    found = reader.send(sheet(line("1")))
    with database.transaction() as session:
        sha256 = session.scalars(select(working.Import.sha256).where(working.Import.name == found["name"])).one()
        assert not files.forget(sha256)
        assert list(files.verify()) == []
        files.store().whole.delete(sha256)
        assert [(fault.reason, fault.sha256) for fault in files.verify()] == [("missing", sha256)]


def test_another_boards_file_looks_missing(reader, actors, client):
    found = reader.send(sheet(line("1")))
    other = actors.token(actors("sdn_samordnare", "sdn-skarpnack"))
    for part in ("", "/rows"):
        assert client.get(f"/api/v1/imports/{found['uid']}{part}", headers=other).status_code == 404
    assert client.get("/api/v1/imports", headers=other).json["items"] == []
    steps = (
        ("PUT", "mapping", {"columns": {}}),
        ("PUT", "meanings", {"meanings": {}}),
        ("POST", "moves", {"move": "kasta"}),
    )
    for method, part, body in steps:
        headers = other | {"If-Match": '"1"'}
        answer = client.open(f"/api/v1/imports/{found['uid']}/{part}", method=method, json=body, headers=headers)
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("query", "content", "status"),
    [
        ({"kind": "weather", "source": "x"}, b"a;b\n1;2\n", 404),
        ({"kind": "report"}, b"a;b\n1;2\n", 422),
        ({"kind": "report", "source": "x"}, b"", 422),
        ({"kind": "report", "source": "x"}, b"x" * 20_000_001, 422),
    ],
)
def test_what_is_no_file_to_read_in_is_refused_at_its_field(reader, query, content, status):
    answer = reader.client.post("/api/v1/imports", query_string=query, data=content, headers=reader.headers)
    assert answer.status_code == status


def test_a_file_that_cannot_be_read_says_why(reader):
    found = reader.send(b"PK\x03\x04")
    assert found["state"] == "olaslig"
    assert found["notes"][0]["message"].startswith("Arbetsboken går inte att läsa.")


@pytest.mark.parametrize("key", ["inford", "last", "prova", "hux"])
def test_the_workers_steps_are_nobody_elses(reader, key):
    found = reader.send(sheet(line("1")))
    assert reader.move(found, key)["status"] == 422
    assert reader.read(found["uid"])["state"] == "valj"


def test_a_column_that_there_is_not_is_told_at_its_field(reader):
    found = reader.send(sheet(line("1")))
    said = reader.say("PUT", found, "mapping", columns=found["mapping"] | {"category": 99, "hux": 1})
    assert [one["field"] for one in said["errors"]] == ["category", "hux"]


class Pages:
    """Somebody at the desk."""

    def __init__(self, client, work):
        self.client, self.work = client, work

    def post(self, address, page, **fields):
        """Send a form of a page, let the worker do its part, and return the page that follows."""
        answer = self.client.submit(address, fields, page=page)
        assert answer.status_code == 303, answer.text
        self.work()
        return answer.location, self.client.get(answer.location).text


def test_on_pages_step_by_step(client, scene, work, database):
    client.login(scene.leader)
    desk = Pages(client, work)
    lines = [line("1"), line("2", "Trasig lampa"), line("3", closed="2020-01-01"), line("=4", text="@A1")]
    file = {"kind": "report", "source": "Tyck till", "file": (BytesIO(sheet(*lines)), "rapporter.csv")}
    there, drawn = desk.post("/inlasningar", "/inlasningar", **file)
    assert "Välj kolumner" in drawn
    assert "Så här förstås de första raderna" in drawn
    guessed = dict.fromkeys(("number", "category", "reported_at", "description"), "")
    guessed = {name: str(n) for n, name in enumerate(guessed)} | {"latitude": "4", "longitude": "5", "closed_at": "8"}
    meanings, drawn = desk.post(f"{there}/kolumner", there, **guessed)
    assert "Trasig lampa" in drawn
    _, drawn = desk.post(meanings, meanings, category_0="belysning")
    assert "För in 3 rader" in drawn
    assert "Trasig lampa" not in drawn, "the rows are shown as they are understood"
    assert "Avslutad: Avslutad innan den kom in." in drawn
    told = client.get(f"{there}/rader.csv").text
    assert told.splitlines()[1].startswith("4;Fel;Avslutad;Avslutad innan den kom in.;3;")
    _, drawn = desk.post(f"{there}/steg/for_in", there)
    assert "<dt>Införd</dt>" in drawn
    assert client.submit(f"{there}/steg/angra", {"reason": ""}, page=there).status_code == 422
    _, drawn = desk.post(f"{there}/steg/angra", there, reason="Fel fil")
    assert "<dt>Ångrad</dt>" in drawn
    with database.transaction(write=False) as session:
        reasons = set(session.scalars(select(ObservationEvent.reason).where(ObservationEvent.kind == "avskriva")))
    assert reasons == {"Inläsningen av rapporter.csv ångrades: Fel fil"}


def test_what_is_handed_out_runs_nothing_in_a_spreadsheet(reader, client, scene):
    row = line("=cmd|' /C calc'!A0", text="@SUM(1)", closed="2020-01-01", address="-1+1", answer="+1")
    found = reader.tried(sheet(row))
    client.login(scene.leader)
    told = client.get(f"/inlasningar/{found['uid']}/rader.csv").text
    cells = told.splitlines()[1].split(";")
    assert [cell for cell in cells if cell.startswith(("=", "@", "+", "-"))] == []
    assert "'=cmd|' /C calc'!A0" in cells


@pytest.mark.long
@pytest.mark.one_database
def test_what_is_told_of_all_rows_never_lies_in_memory_at_once(reader, client, scene, database):
    uid = reader.tried(sheet(line("1")))["uid"]
    with database.transaction() as session:
        owner = session.scalars(select(Import.id).where(Import.uid == UUID(uid))).one()
        told = [{"field": "", "text": "x" * 4_000, "values": {}}]
        rest = {"import_id": owner, "cells": ["1"], "state": "fel", "errors": told, "warnings": [], "warned": False}
        session.execute(insert(ImportRow), [{"number": number, **rest} for number in range(10, 10_010)])
    client.login(scene.leader)
    tracemalloc.start()
    with client.get(f"/inlasningar/{uid}/rader.csv") as answer:
        length = sum(map(len, answer.iter_encoded()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert length > 40_000_000
    assert peak < length / 2, f"{peak} bytes at once"  # also what Python has not yet looked through for garbage


def test_a_file_is_wanted(client, scene):
    client.login(scene.leader)
    drawn = client.get("/inlasningar").text
    assert [drawn.count(f'<option value="{kind}">') for kind in ("report", "order")] == [1, 1], "nothing is chosen"
    answer = client.submit("/inlasningar", {"kind": "report", "source": ""})
    assert answer.status_code == 422
    assert "Välj en fil." in answer.text
    assert "Filen behöver du välja igen." in answer.text
    assert "fotot" not in answer.text
    assert client.get("/inlasningar").status_code == 200


def test_the_number_of_questions_does_not_grow_with_the_rows(reader, client, scene, queries):
    client.login(scene.leader)
    asked = []
    for rows in (2, 20):
        found = reader.tried(sheet(*[line(str(n), where=("0", "0")) for n in range(rows)]))
        with queries() as listed:
            assert client.get(f"/inlasningar/{found['uid']}").status_code == 200
        asked.append(len(listed))
    assert asked[0] == asked[1]


def test_others_write_between_the_chunks_of_a_long_import(reader, database, monkeypatch):
    """On SQLite one writes at a time: whoever wants to waits for a chunk of a few rows, not for the import."""
    report = kind_of("report")
    create, longest, done = type(report).create, [0.0], Event()

    def slow(self, *args):
        time.sleep(0.1)
        create(self, *args)

    def write():
        while not done.wait(0.02):
            began = time.monotonic()
            with database.transaction() as session:
                session.execute(update(Task).where(Task.id == 0).values(progress=0))
            longest.append(time.monotonic() - began)

    found = reader.tried(sheet(*[line(str(n)) for n in range(25)]))
    monkeypatch.setattr(type(report), "create", slow)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        try:
            assert reader.move(found, "for_in")["rows"] == {"inford": 25}
        finally:
            done.set()
        writing.result()
    assert max(longest) < 2.5, "25 rows of a tenth of a second each were one chunk"
    assert len(longest) > 5


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(("seconds", "fewest", "most"), [(0.0, 2, 4), (0.3, 40, 130)])
def test_a_chunk_is_short_in_time_and_not_in_rows(reader, monkeypatch, seconds, fewest, most):
    """Sixty rows that are quick to try and to take in are one chunk of each; slow ones are few to a chunk."""
    moment, breaths = counting(), []
    monkeypatch.setattr(working.clock, "monotonic", lambda: next(moment) * seconds)
    monkeypatch.setattr(working.turns, "breathe", breaths.append)
    found = reader.tried(sheet(*[line(str(n), where=(500, 500)) for n in range(60)]))
    reader.move(found, "for_in")
    assert fewest <= len(breaths) <= most
