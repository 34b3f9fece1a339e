"""Making a backup: while people work, and so that half of one never looks like one (R1, D18, D19)."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import select

from core import backup, db, lease, media, outbox
from core.backup import BackupRefused, making
from core.backup.models import Backup
from core.media import Photo
from core.media.files import forget
from core.testing.servers import environment
from tests.backup.conftest import HOUSE, files

pytestmark = pytest.mark.other_database_long


def let_go_of(database, uid):
    """Do what a refusal does: the row lets go of the file, which is removed in the same transaction if it may be."""
    with database.transaction() as session:
        photo = session.scalars(select(Photo).where(Photo.uid == uid)).one()
        sha256, photo.stored_sha256 = photo.stored_sha256, None
        session.flush()
        return sha256, forget(sha256)


def test_what_is_deleted_meanwhile_is_in_it_and_goes_afterwards(database, lived, settings, make, monkeypatch):
    gone = []
    true_add = making._add_files

    def add_files(*arguments):
        gone.append(let_go_of(database, lived[0]))
        true_add(*arguments)

    monkeypatch.setattr(making, "_add_files", add_files)
    checked = backup.verify(make().file)
    [(sha256, removed)] = gone
    assert not removed
    assert (checked.count.files, checked.count.missing) == (3, [])
    assert sha256 in files(settings)
    with database.transaction():
        assert not lease.is_held(lease.BACKUP)
        assert forget(sha256)
    assert sha256 not in files(settings)


def test_a_task_that_removes_a_file_waits_for_the_backup(database, lived, make, monkeypatch):
    waited = []
    true_add = making._add_files

    def add_files(*arguments):
        task = outbox.Claimed(1, lived[0], "forget file", {"sha256": "0" * 64}, 1)
        with pytest.raises(outbox.WaitLonger) as reason:
            outbox.handlers()["forget file"](task, database)
        waited.append(str(reason.value))
        with pytest.raises(BackupRefused, match="görs redan"):
            make()
        true_add(*arguments)

    monkeypatch.setattr(making, "_add_files", add_files)
    make()
    assert waited == [media.LATER]


@pytest.mark.one_database
def test_a_file_that_was_lost_before_is_named_and_the_rest_is_kept(lived, settings, run, tmp_path):
    lost, altered, _ = sorted((settings.data_dir / "photos").glob("*/*"))
    lost.unlink()
    altered.write_bytes(b"something else")
    status, said = run("backup", "--to", tmp_path / "kopia.tar")
    assert status == 1
    assert "2 filer saknades eller var ändrade redan i lagret" in said
    count = backup.verify(tmp_path / "kopia.tar").count
    assert (count.missing, list(count.altered)) == ([lost.name], [altered.name])
    assert "2 filer saknades redan då." in run("backup", "verify", tmp_path / "kopia.tar")[1]


@pytest.mark.one_database
def test_it_is_written_over_nothing_and_a_full_disk_leaves_nothing(lived, run, tmp_path, monkeypatch):
    there = tmp_path / "finns.tar"
    there.write_text("något annat")
    assert "finns redan" in run("backup", "--to", there)[1]
    assert there.read_text() == "något annat"
    monkeypatch.setattr(making.os, "fsync", lambda _: exec("raise OSError(28, 'No space left on device')"))
    status, said = run("backup", "--to", tmp_path / "full.tar")
    assert (status, "kunde inte göras" in said) == (1, True)
    assert list(tmp_path.glob("full*")) == []


@pytest.mark.long
@pytest.mark.one_database
def test_killed_in_the_middle_nothing_looks_like_one(database, lived, settings, tmp_path, make):
    """kill -9 while it writes: what is left has another name, no end, and is refused."""
    file = tmp_path / "dodad.tar"
    command = "from core.backup import making as m; import time; m._add_files = lambda *_: time.sleep(60); "
    command += "from core.cli import main; main()"
    started = subprocess.Popen(
        [sys.executable, "-c", command, "backup", "--to", str(file)], env=os.environ | environment(settings)
    )
    part, end = file.with_name(f"{file.name}.part"), time.monotonic() + 30
    while not (part.exists() and part.stat().st_size) and time.monotonic() < end:
        time.sleep(0.05)
    started.send_signal(signal.SIGKILL)
    started.wait()
    assert part.stat().st_size > 1000
    assert not file.exists()
    with pytest.raises(backup.Damaged):
        backup.verify(part)


def test_it_waits_while_others_write_and_tries_again(database, settings, lived, tmp_path, monkeypatch):
    """Whoever writes on SQLite keeps others out: the backup is as patient as it takes, before and after its reading."""
    if not database.embedded:
        pytest.skip("PostgreSQL lets many write at once")
    monkeypatch.setattr(db, "BUSY_MILLISECONDS", 50)
    hasty, held, over = db.Database(settings), Event(), Event()

    def write():
        for _ in range(3):
            with database.transaction():
                lease.take("somebody", "something")
                held.set()
                over.wait(0.4)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        assert held.wait(5)
        made = backup.make(HOUSE, hasty, tmp_path / "kopia.tar")
        over.set()
        writing.result()
    hasty.dispose()
    assert backup.verify(made.file).journal_faults == []
    with database.transaction(write=False) as session:
        assert session.scalar(select(Backup.uid)) == made.uid
