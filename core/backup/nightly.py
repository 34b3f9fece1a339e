"""The backup that is made every night: asked for by the clock, done as a task, read through, and the oldest removed."""

from __future__ import annotations

import re
from contextlib import suppress
from contextvars import Context
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from core import clock, db, outbox, restored, turns
from core.access import system
from core.backup.making import PART, make, name_now
from core.backup.models import last_backup, note_verified
from core.backup.sealing import read_public
from core.backup.verifying import verify
from core.outbox import Claimed, Task

TASK = "backup"
HOUSE = system("backup:nightly")
NIGHT = range(1, 5)
"""Hours of Stockholm in which one is begun."""
RECENT = timedelta(hours=20)
OVERDUE = timedelta(hours=28)
"""After so long without one it is begun at any hour."""
NAME = re.compile(r"tryggplats-\d{8}-\d{6}\.tar(\.age)?\Z")


def make_nightly() -> None:
    """Ask for a backup when it is time; a job of the worker, done every half hour."""
    if db.settings().backup_dir is None or restored.held():
        return
    last, now = last_backup(), clock.now()
    age = now - last.made_at if last else OVERDUE
    due = age >= OVERDUE or (age > RECENT and clock.local(now).hour in NIGHT)
    if due:
        ask()


def ask() -> UUID:
    """Ask for a backup, unless one is asked for already; return the task that makes it."""
    waiting = select(Task.uid).where(Task.kind == TASK, Task.state == outbox.WAITING).limit(1)
    return db.session().scalar(waiting) or outbox.put(TASK, {})


@outbox.handler(TASK, inside=True)
def _work(task: Claimed, database: db.Database) -> None:
    """Make one, read it through if that takes no secret key, and remove those that are too many."""
    folder, public = database.settings.backup_dir, database.settings.backup_key
    if folder is None:
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def passed(percent: int) -> None:  # beside the transaction that reads: in a context that knows none
        Context().run(_note_progress, database, task, percent)

    made = make(HOUSE, database, folder / name_now(encrypted=bool(public)), keys=read_public(public), passed=passed)
    if not public and not verify(made.file).journal_faults:
        turns.patiently(database, lambda: _note_verified(database, made.uid))
    _remove_old(folder, database.settings.backups_kept)


def _note_progress(database: db.Database, task: Claimed, percent: int) -> None:
    with suppress(SQLAlchemyError), database.transaction():  # no backup fails for it
        outbox.progress(task, percent)


def _note_verified(database: db.Database, uid: UUID) -> None:
    with database.transaction():
        note_verified(HOUSE, uid)


def _remove_old(folder: Path, kept: int) -> None:
    """Keep the last ones; what has another name is not ours. What a killed one has left goes after a day."""
    ours = sorted(path for path in folder.iterdir() if NAME.match(path.name))
    yesterday = (clock.real_now() - timedelta(days=1)).timestamp()
    halves = [path for path in folder.iterdir() if path.name.endswith(PART) and NAME.match(path.name[: -len(PART)])]
    for path in [*ours[:-kept], *(half for half in halves if half.stat().st_mtime < yesterday)]:
        with suppress(FileNotFoundError):
            path.unlink()
