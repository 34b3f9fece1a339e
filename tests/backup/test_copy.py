"""A restored copy sends nothing until somebody has released it (D20)."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import backup, outbox, restored
from core.clock import now
from core.letters import put_letter
from core.outbox import Task
from core.testing.people import Client
from core.worker import Worker
from tests.backup.conftest import HOUSE

WARNED = "Det här är en återläst kopia."


@pytest.fixture
def held(database):
    """The test's own installation, as if it had been made from a backup."""
    with database.transaction():
        restored.mark(HOUSE, backup=uuid4(), made_at=now())
    return database


@pytest.fixture
def copy(database, make, empty, letter_box, opened):
    """Settings of a copy of an installation in which a letter waited."""
    with database.transaction():
        put_letter("trafik@staden.example", "Om Farsta torg", "Hej")
    copy = replace(empty, smtp_url=letter_box.url)
    backup.restore(HOUSE, opened(copy), make().file)
    return copy


def work(settings):
    """Do all that waits, none of the jobs."""
    worker = Worker(settings)
    worker.run_once(keys=())
    worker.close()


@pytest.mark.other_database_long
def test_no_letter_leaves_a_copy_until_it_is_released(copy, run, letter_box, opened):
    work(copy)
    assert letter_box.letters == []
    with opened(copy).transaction(write=False) as session:
        assert session.scalars(select(Task.error)).one().startswith("Det här är en återläst kopia: inget skickas")
    status, _ = run("release", "--reason", "Den gamla servern är förstörd", on=copy)
    assert status == 0
    work(copy)
    assert [letter["Subject"] for letter in letter_box.letters] == ["Om Farsta torg"]
    assert run("release", "--reason", "En gång till", on=copy)[0] == 1


@pytest.mark.one_database
def test_what_nobody_has_called_harmless_waits_too(held, monkeypatch):
    """Such as a webhook of a plugin; what stays in the house is done."""
    done = []
    monkeypatch.setattr(outbox, "_handlers", dict(outbox.handlers()))
    monkeypatch.setattr(outbox, "_inside", set(outbox._inside))
    outbox.handler("webhook")(lambda task, _: done.append(task.kind))
    outbox.handler("picture", inside=True)(lambda task, _: done.append(task.kind))
    with held.transaction():
        outbox.put("webhook", {})
        outbox.put("picture", {})
    work(held.settings)
    assert done == ["picture"]


@pytest.mark.one_database
def test_those_who_run_it_are_told_on_every_page_and_the_watch_too(app, actors, held, run):
    administrator, leader = Client(app, actors), Client(app, actors)
    administrator.login(actors("sysadmin", "slk"))
    leader.login(actors("sdn_samordnare"))
    for page in ("/", "/admin/drift", "/platser/finns-inte"):
        assert WARNED in administrator.get(page).text
    assert WARNED not in leader.get("/").text
    assert "Skickar inget" in administrator.get("/admin/drift").text
    assert leader.get("/readyz").json["checks"]["released"] is False
    assert run("release", "--reason", "Övningen är slut")[0] == 0
    assert WARNED not in administrator.get("/admin/drift").text
    assert leader.get("/readyz").json["checks"]["released"] is True
