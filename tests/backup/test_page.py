"""The administrator's page of backups: the latest that holds, a warning without one, and a button for another (R1)."""

import os
from dataclasses import replace

import pytest
from sqlalchemy import select

from core import backup
from core.access import system
from core.backup.making import PART
from core.journal import JournalLine
from core.outbox import Task
from core.worker import Worker

PAGE = "/admin/sakerhetskopior"
OLD = "Ingen kontrollerad säkerhetskopia är yngre än ett dygn."


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kopior"


@pytest.fixture
def desk(client, database, actors, folder, clock):
    """The administrator's browser, one noon, where backups have a folder."""
    clock.stop_at("2027-01-11T12:00")
    database.settings = replace(database.settings, backup_dir=folder)
    client.login(actors("sysadmin", "slk"))
    return client


@pytest.fixture
def work(database):
    """Let the worker do what is asked for, nothing by the clock."""

    def work():
        worker = Worker(database.settings)
        worker.run_once(keys=[])
        worker.close()

    return work


@pytest.mark.one_database
def test_one_is_made_now_and_the_page_says_that_it_holds(desk, work, folder, database, clock, actors):
    assert OLD in desk.get(PAGE).text
    asked = desk.submit(PAGE, {})
    assert asked.status_code == 303
    assert "Hur långt" in desk.get(asked.location).text, "how far it has come"
    waiting = desk.get(PAGE).text
    assert "En säkerhetskopia görs nu." in waiting
    assert "Säkerhetskopiera nu" not in waiting
    with database.transaction(write=False) as session:
        assert "backup:ask" in set(session.scalars(select(JournalLine.action)))
    work()
    shown = desk.get(PAGE).text
    assert OLD not in shown
    assert "Den senaste som är kontrollerad gjordes" in shown
    assert [path.name in shown for path in folder.glob("*.tar")] == [True]
    clock.pass_by(days=1, seconds=1)
    desk.login(actors("sysadmin", "slk"))
    assert OLD in desk.get(PAGE).text


@pytest.mark.one_database
def test_a_half_one_never_looks_whole(desk, work, folder):
    """What a killed one has left; one that was cut short afterwards; one that is gone from its folder."""
    folder.mkdir()
    (folder / f"tryggplats-20270111-113000.tar{PART}").write_bytes(b"halv" * 1000)
    assert "tryggplats-20270111" not in desk.get(PAGE).text
    desk.submit(PAGE, {})
    work()
    [file] = folder.glob("*.tar")
    assert OLD not in desk.get(PAGE).text
    os.truncate(file, file.stat().st_size - 1)
    cut = desk.get(PAGE).text
    assert "Inte hel: filen har fel längd" in cut
    assert OLD in cut
    file.unlink()
    gone = desk.get(PAGE).text
    assert "Ligger inte i mappen" in gone
    assert OLD in gone


@pytest.mark.one_database
def test_it_tells_how_far_it_has_come(database, tmp_path):
    told = []
    backup.make(system("test"), database, tmp_path / "kopia.tar", passed=told.append)
    assert told == sorted(told)
    assert told[-1] == 30, "all rows, and no files"


@pytest.mark.one_database
def test_who_asks_again_gets_the_one_that_is_being_made(desk, database):
    first, second = desk.submit(PAGE, {}), desk.submit(PAGE, {}, page="/admin/drift")
    assert first.location == second.location
    with database.transaction(write=False) as session:
        assert len(list(session.scalars(select(Task).where(Task.kind == "backup")))) == 1


@pytest.mark.one_database
def test_an_encrypted_one_says_who_can_read_it_through(desk, work, database, locks):
    database.settings = replace(database.settings, backup_key=locks[1])
    desk.submit(PAGE, {})
    work()
    shown = desk.get(PAGE).text
    assert "Gjord, inte kontrollerad" in shown
    assert "tryggplats backup verify" in shown
    assert OLD in shown


@pytest.mark.one_database
def test_nobody_else_makes_one_and_nowhere_without_a_folder(desk, client, database, actors):
    database.settings = replace(database.settings, backup_dir=None)
    assert "Säkerhetskopiera nu" not in desk.get(PAGE).text
    refused = desk.submit(PAGE, {})
    assert refused.status_code == 409
    assert "TRYGGPLATS_BACKUP_DIR är inte satt" in refused.text
    client.login(actors("revisor", "slk"))
    assert client.get(PAGE).status_code == 403
    assert client.submit(PAGE, {}, page="/").status_code == 403
