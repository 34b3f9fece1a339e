"""kill -9 of everything while photos come in and pictures are made: a receipt is a promise (D1, D2, D16)."""

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import journal
from core.media import Photo, Upload
from core.media.store import Store, digest
from core.testing.servers import environment
from tests.kill.wire import BROKEN, Line
from tests.media.samples import encoded, noise
from tests.walks.scene import sha256_of

UPLOADS = 50


def photos():
    """Fifty different pictures of some 40 kB by the uid they are sent under."""
    return {uuid4(): encoded("image/png", noise(n, 115)) for n in range(UPLOADS)}


def send(line, uid, data, receipts, stop):
    """Send a photo as a phone does, as long as the line holds; return whether it was cut off."""
    try:
        if not stop.is_set():
            receipts[uid] = line.upload(uid, data, size=15_000)
    except BROKEN:
        return True
    return False


def check_promises(database, receipts):
    """Every receipt is kept, and nothing is half."""
    store = Store(database.settings.data_dir)
    with database.transaction(write=False) as session:
        rows = {row.uid: row for row in session.scalars(select(Photo))}
    for uid, receipt in receipts.items():
        assert rows[uid].received_sha256 == receipt["sha256"], "an acknowledged photo is lost"
    for row in rows.values():
        if row.received_sha256 is None:
            continue
        assert digest(store.path(row.stored_sha256)) == row.stored_sha256
    return rows


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("rounds", [20])
def test_the_server_is_killed_during_50_uploads(installation, phone, database, rounds):
    seed = random.randrange(10**6)
    print(f"the dice began at {seed}")  # noqa: T201 - pytest shows it when the test fails
    dice, sent, receipts, record = random.Random(seed), photos(), {}, uuid4()
    line, cut = Line(installation.url, phone.headers), 0
    for number in range(rounds):
        installation.start()
        if number == 0:
            listed = [{"uid": str(uid), "sha256": sha256_of(data)} for uid, data in sent.items()]
            assert line.log(record, phone.walk, photos=listed).status == 201
        stop, left = Event(), [uid for uid in sent if uid not in receipts]
        dice.shuffle(left)
        with ThreadPoolExecutor(8) as pool:
            jobs = [pool.submit(send, line, uid, sent[uid], receipts, stop) for uid in left]
            aim = len(receipts) + max(1, len(left) // (rounds - number + 1))
            while len(receipts) < aim and not all(job.done() for job in jobs):
                time.sleep(0.01)
            time.sleep(dice.random() * 0.05)
            installation.kill()
            stop.set()
        cut += sum(job.result() for job in jobs)
        check_promises(database, receipts)
    assert cut > rounds, "some were cut off, and in more than one round"
    installation.start()
    for uid, data in sent.items():
        again = line.upload(uid, data, size=len(data))
        assert fixed(again) == fixed(receipts.get(uid, again)), "the same receipt as before"
    rows = check_promises(database, {uid: {"sha256": sha256_of(data)} for uid, data in sent.items()})
    assert set(rows) == set(sent), "again makes no duplicate"
    if rounds > 2:
        assert wait_until_shown(line, record, seconds=180) == {"klar"}
    with database.transaction(write=False) as session:
        assert session.scalars(select(Upload)).all() == []
        lines = session.scalars(
            select(journal.JournalLine.subject_uid).where(journal.JournalLine.action == "photo:receive")
        )
        assert sorted(lines) == sorted(sent)
        assert list(journal.verify()) == []
    assert installation.stop() == 0


def fixed(receipt):
    """What of a receipt stays; its state goes on when the pictures are made."""
    return {name: value for name, value in receipt.items() if name != "state"}


def wait_until_shown(line, record, seconds):
    """Wait until no photo of a record is in the works any more; return their states."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        states = {photo["state"] for photo in line.send("GET", f"/api/v1/observations/{record}").json["photos"]}
        if not states & {"saknas", "mottagen"}:
            break
        time.sleep(0.5)
    return states


@pytest.mark.long
@pytest.mark.timeout(300)
def test_the_worker_is_killed_while_it_makes_pictures(settings, phone, database):
    """Again and again; at last another worker makes every picture, none stays in the works for more than a minute."""
    record = uuid4()
    sent = {uuid4(): encoded("image/jpeg", noise(n, 1800)) for n in range(12)}
    phone.log(record, phone.walk, photos=[{"uid": str(uid)} for uid in sent])
    for uid, data in sent.items():
        assert phone.piece(uid, data).status_code == 200
    for _ in range(4):
        before = ready(database)
        worker = start_worker(settings)
        end = time.monotonic() + 30
        while ready(database) == before and time.monotonic() < end:
            time.sleep(0.02)
        worker.kill()
        worker.wait()
    assert ready(database) < len(sent), "killed before it was through"
    worker, killed = start_worker(settings), time.monotonic()
    while ready(database) < len(sent) and time.monotonic() - killed < 60:
        time.sleep(0.2)
    worker.kill()
    worker.wait()
    assert ready(database) == len(sent)
    for row in check_promises(database, {}).values():
        for sha256 in (row.large, row.small):
            assert digest(Store(settings.data_dir).path(sha256)) == sha256


def start_worker(settings):
    command = [sys.executable, "-P", "-m", "core.cli", "worker"]
    return subprocess.Popen(command, env=os.environ | environment(settings), cwd=Path(settings.data_dir))


def ready(database):
    with database.transaction(write=False) as session:
        return len(session.scalars(select(Photo.id).where(Photo.state == "klar")).all())
