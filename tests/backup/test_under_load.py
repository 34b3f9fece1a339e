"""Backups while people log and send photos, files go, and workers make pictures: each is one moment, whole (D18)."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import backup, journal, media
from core.media import Photo
from core.media.files import forget
from core.testing.servers import environment
from tests.backup.conftest import HOUSE, counts, files
from tests.kill.wire import BROKEN, Line
from tests.media.samples import encoded, noise

ROUNDS = 3
PEOPLE = 4


def work(line, walk, number, stop, receipts):
    """Log and send photos until told to stop, as a phone does."""
    while not stop.is_set():
        uid, record = uuid4(), uuid4()
        data = encoded("image/png", noise(number, 60 + len(receipts) % 60))
        with suppress(*BROKEN):
            assert line.log(record, walk, photos=[{"uid": str(uid)}]).status == 201
            receipts.append((uid, line.upload(uid, data, size=15_000)["sha256"]))


def let_go(database, stop):
    """Refuse photos, one after the other, as a review may: the row lets go, and the file is removed with it."""
    gone = 0
    while not stop.wait(0.05):
        with database.transaction() as session:
            photo = session.scalar(select(Photo).where(Photo.stored_sha256.is_not(None)).order_by(Photo.id).limit(1))
            if photo is not None:
                kept = [photo.stored_sha256, *photo.forget_pictures()]
                photo.stored_sha256 = photo.received_at = None
                session.flush()
                gone += sum(forget(sha256) for sha256 in kept)
    return gone


@pytest.mark.long
@pytest.mark.timeout(600)
def test_each_backup_under_load_is_one_moment_and_comes_back(installation, phone, database, empty, opened, tmp_path):
    installation.start()
    line, stop, receipts = Line(installation.url, phone.headers), Event(), []
    with ThreadPoolExecutor(PEOPLE + 1) as pool:
        jobs = [pool.submit(work, line, phone.walk, number, stop, receipts) for number in range(PEOPLE)]
        jobs.append(pool.submit(let_go, database, stop))
        made = []
        try:
            for number in range(ROUNDS):
                before = len(receipts)
                made.append(tmp_path / f"{number}.tar")
                known = {uid for uid, _ in list(receipts)}
                said = subprocess.run(
                    [Path(sys.executable).with_name("tryggplats"), "backup", "--to", made[-1]],
                    env=os.environ | environment(database.settings),
                    check=False,
                    capture_output=True,
                )
                assert said.returncode == 0, said.stderr.decode()
                assert len(receipts) > before, "nobody waits for a backup"
                checked = backup.verify(made[-1])
                assert (checked.count.missing, checked.count.altered, checked.journal_faults) == ([], {}, [])
        finally:
            stop.set()
        *_, gone = (job.result() for job in jobs)
    installation.stop()
    assert gone, "files went meanwhile"
    copy = opened(empty)
    backup.restore(HOUSE, copy, made[-1])
    there = counts(copy)
    for name, (rows, _) in backup.verify(made[-1]).count.rows.items():
        assert there[name] == rows or name in (
            "journal_line",
            "journal_detail",
            "restoration",
            "upload",
            "worker_lease",
        )
    with copy.transaction(write=False) as session:
        assert list(journal.verify()) == list(media.verify()) == []
        assert known <= set(session.scalars(select(Photo.uid))), "what was acknowledged before is in it"
    assert len(files(empty)) == checked.count.files
