"""Every night one is made by itself, read through, and kept for as long as was said (R1)."""

from dataclasses import replace
from uuid import uuid4

import pytest

from core import restored
from core.access import system
from core.clock import now
from core.operation import services
from core.worker import Worker
from tests.backup.conftest import HOUSE

JOB = "operation:backup"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kopior"


@pytest.fixture
def night(settings, folder):
    """Let the worker do what is due now, the nightly backup among it; return the backups that are there then."""
    made = []

    def night(**more):
        made.append(Worker(replace(settings, backup_dir=folder, backups_kept=2, **more)))
        made[-1].run_once(keys=[JOB])
        return sorted(path.name for path in folder.glob("*")) if folder.exists() else []

    yield night
    for worker in made:
        worker.close()


def fact(database, folder):
    database.settings = replace(database.settings, backup_dir=folder)
    with database.transaction(write=False):
        [found] = [fact for fact in services.facts(system("test")) if fact.title == "Säkerhetskopia"]
        return found.state, found.well


@pytest.mark.one_database
def test_one_a_night_the_last_are_kept_and_nothing_else_is_touched(database, night, folder, clock):
    clock.stop_at("2027-01-10T14:00")
    assert night() == ["tryggplats-20270110-140000.tar"], "the first at once"
    assert fact(database, folder) == ("Kontrollerad", True)
    clock.stop_at("2027-01-10T23:30")
    assert len(night()) == 1
    clock.stop_at("2027-01-11T02:00")
    assert len(night()) == 1, "it is twelve hours old"
    (folder / "mina-egna.tar").write_text("något annat")
    clock.stop_at("2027-01-12T02:00")
    night()
    clock.stop_at("2027-01-13T02:00")
    assert night() == ["mina-egna.tar", "tryggplats-20270112-020000.tar", "tryggplats-20270113-020000.tar"]
    clock.pass_by(days=3)
    assert fact(database, folder) == ("För gammal", False)


@pytest.mark.one_database
def test_an_encrypted_one_is_verified_by_who_has_the_key(database, night, folder, locks, run):
    secret, public = locks
    [name] = night(backup_key=public)
    assert name.endswith(".tar.age")
    assert fact(database, folder) == ("Gjord, inte kontrollerad", True)
    assert run("backup", "verify", folder / name, "--key", secret, "--note")[0] == 0
    assert fact(database, folder) == ("Kontrollerad", True)


@pytest.mark.one_database
def test_a_copy_that_is_held_makes_none(database, night):
    with database.transaction():
        restored.mark(HOUSE, backup=uuid4(), made_at=now())
    assert night() == []
