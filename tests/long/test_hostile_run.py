"""Every hostile and odd picture through a real installation: nothing falls, runs or grows (P1-P3)."""

import select
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa

from core import db
from core.media import Photo
from core.media.store import Store
from core.testing.servers import Installation
from tests.kill.wire import Line
from tests.long.memory import wait_until, watched
from tests.media.hostile import EITHER, REFUSED, TAKEN, bombs, pictures
from tests.walks.scene import PIECE

AT_ONCE = 4
SECONDS = 20
"""That one of them may take, on a machine that is not alone."""
GROWTH, DECODING = 600, 1200
"""Megabytes that the installation may grow by over the whole run, and that decoders may hold for a moment."""


@pytest.fixture
def installed(settings, tmp_path, monkeypatch):
    """A server whose temporary files lie in a folder of its own, so that one sees what is left behind."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    made = Installation(settings, tmp_path / "server.log")
    made.start()
    yield made
    if made.processes:
        made.kill()


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.one_database("postgres")
def test_p1_p2_p3_every_hostile_picture_through_a_real_installation(installed, phone, database, tmp_path):
    line, trace, wrong, slow = Line(installed.url, phone.headers), tmp_path / "trace", {}, {}
    processes = set(installed.processes)

    def send(sample):
        data = sample.data.replace(b"TRACE", str(trace).encode())
        began = time.monotonic()
        answer = line.piece(db.uid_of(sample.name), data, 0, len(data))
        if (took := time.monotonic() - began) > SECONDS:
            slow[sample.name] = took
        fate = TAKEN if answer.status == 200 else REFUSED if 400 <= answer.status < 500 else answer.status
        if fate != sample.fate and (sample.fate != EITHER or fate not in (TAKEN, REFUSED)):
            wrong[sample.name] = answer.status

    with watched(installed) as peaks:
        peaks.look(installed)
        before = peaks.held
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(send, pictures()))
        for bomb in bombs():
            send(bomb)
        assert wait_until(lambda: not waiting(database), seconds=600), "the worker is stuck"
    print(f"{before:.0f} MB before, {peaks.held:.0f} at most, decoders {peaks.decoding:.0f}")  # noqa: T201 - with -s
    assert (wrong, slow) == ({}, {})
    assert peaks.held - before < GROWTH
    assert peaks.decoding < DECODING
    assert processes <= set(installed.processes), "a web process or the worker has died"
    assert line.send("GET", "/healthz").status == 200
    assert not trace.exists(), "a program in a picture was run"
    assert list((tmp_path / "scratch").iterdir()) == [], "left behind"
    shown = states(database)
    assert set(shown.values()) <= {"klar", "olaslig", "nekad"}
    held = [sample.name for sample in pictures() if " held " in sample.name]
    assert {shown[db.uid_of(name)] for name in held} == {"klar"}


def states(database):
    with database.transaction(write=False) as session:
        return dict(session.execute(sa.select(Photo.uid, Photo.state)).all())


def waiting(database):
    return "mottagen" in states(database).values()


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.one_database("postgres")
@pytest.mark.parametrize(("path", "most"), [("/api/v1/photos/{uid}", 200), ("/api/v1/observations/{uid}", 2)])
def test_p10_a_body_without_an_end_is_cut_off(installed, phone, database, tmp_path, path, most):
    """In chunks, without a length: the server lets go when it has as much as it may, and keeps nothing of it."""
    url, sent = urlsplit(installed.url), 0
    said = {"Upload-Offset": "0", "Upload-Length": "9", "Transfer-Encoding": "chunked", "Host": url.netloc}
    kind = {"Content-Type": PIECE if "photos" in path else "application/json"}
    head = f"{'PATCH' if 'photos' in path else 'PUT'} {path.format(uid=uuid4())} HTTP/1.1\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in (phone.headers | said | kind).items())
    answer = b""
    with socket.create_connection((url.hostname, url.port), timeout=30) as line, suppress(OSError):
        line.sendall(head.encode() + b"\r\n")
        while sent < 2 * most + 50 and not select.select([line], [], [], 0)[0]:
            line.sendall(b"100000\r\n" + b"[" * 2**20 + b"\r\n")
            sent += 1
        answer = line.recv(1000)
    assert sent <= most + 20, "it read on for ever"
    assert answer == b"" or answer.split()[1] in (b"400", b"411", b"413")
    assert Line(installed.url, phone.headers).send("GET", "/healthz").status == 200
    store = Store(database.settings.data_dir)
    folders = (store.parts, store.files, tmp_path / "scratch")
    assert [one for folder in folders for one in folder.rglob("*") if one.is_file()] == []
