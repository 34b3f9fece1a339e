"""Two servers and two workers on one embedded database: nobody's work is lost, nobody hears of a lock (design.md 2)."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import journal
from core.media import Photo
from core.testing.letters import free_port
from core.testing.servers import Installation
from core.walks.models import Observation
from tests.kill.wire import Line, said
from tests.media.samples import encoded, noise
from tests.walks.scene import at, sha256_of

pytestmark = pytest.mark.one_database("sqlite")
CLERKS = 4
"""People at work at each server."""


@pytest.fixture
def servers(settings, tmp_path):
    """Two installations' processes on one database file and one folder."""
    started = []
    for name in ("one", "two"):
        port = free_port()
        mine = replace(settings, port=port, base_url=f"http://127.0.0.1:{port}")
        started.append(Installation(mine, tmp_path / f"{name}.log"))
        started[-1].start()
    yield started
    for server in started:
        if server.processes:
            server.kill()


def work(line, walk, shared, end):
    """Log, send photos and change what others change too, until the time is over; return what was acknowledged."""
    logged, photos, changed, seen = set(), {}, 0, []
    number = 0
    while time.monotonic() < end:
        number += 1
        uid, photo = uuid4(), uuid4()
        kind = "klotter:klotter" if number % 3 == 0 else "belysning"
        seen.append(line.log(uid, walk, kind=kind, position=at(500, 500), photos=[{"uid": str(photo)}]))
        if seen[-1].status == 201:
            logged.add(uid)
        data = encoded("image/png", noise(uid.int, 30))
        seen.append(line.send("PATCH", f"/api/v1/photos/{photo}", data, **said(data, 0)))
        if seen[-1].status == 200:
            photos[photo] = sha256_of(data)
        version = line.send("GET", f"/api/v1/observations/{shared}").json["version"]
        change = {"description": f"{number} {uid}"}
        seen.append(line.send("PATCH", f"/api/v1/observations/{shared}", change, **{"If-Match": f'"{version}"'}))
        changed += seen[-1].status == 200
    return logged, photos, changed, seen


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.parametrize("seconds", [60])
def test_two_processes_write_at_once(servers, phone, database, seconds):
    shared, lines = uuid4(), [Line(server.url, phone.headers) for server in servers]
    assert lines[0].log(shared, phone.walk).json["version"] == 1
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(2 * CLERKS) as pool:
        jobs = [pool.submit(work, line, phone.walk, shared, end) for line in lines for _ in range(CLERKS)]
        done = [job.result() for job in jobs]
    answers = [answer for *_, seen in done for answer in seen]
    assert [answer for answer in answers if answer.status not in (200, 201, 412)] == []
    assert not any("locked" in answer.text for answer in answers)
    for server in servers:
        assert "database is locked" not in server.log
        assert server.stop() == 0
    logged = {shared}.union(*(acknowledged for acknowledged, *_ in done))
    with database.transaction(write=False) as session:
        rows = {row.uid: row for row in session.scalars(select(Observation))}
        kept = dict(session.execute(select(Photo.uid, Photo.received_sha256)).all())
        changes = select(journal.JournalLine.seq).where(journal.JournalLine.action == "observation:change")
        lines_of_changes = len(session.scalars(changes).all())
        faults = list(journal.verify())
    assert set(rows) == logged, "what was acknowledged is there, once"
    assert sorted(row.number for row in rows.values()) == list(range(1, len(rows) + 1))
    assert all(kept[uid] == sha256 for _, photos, *_ in done for uid, sha256 in photos.items())
    assert sum(len(photos) for _, photos, *_ in done) == len(kept) == len(logged) - 1
    changed = sum(number for _, _, number, _ in done)
    assert changed == lines_of_changes == rows[shared].version - 1, "no change was written over another"
    assert all(acknowledged for acknowledged, *_ in done), "everybody came to work"
    assert faults == []
