"""What leaves the house or takes long: rows that the worker claims after the commit (design.md 8).

Letters, pictures and long jobs are put here inside the transaction that wants them, and done outside it.
A task may be done twice after a crash, never lost: handlers are made so that twice does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Select, String, Update, case, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from core import access, clock, db
from core.db import Base, Identified
from core.i18n import N_

NOBODY = N_("Ingen kan göra {kind}. Är tillägget avstängt?")
"""Why a task waits whose handler is not here."""
CLAIM = timedelta(seconds=30)
"""How long a task belongs to the worker that claimed it; one at work says so again, a dead one gives it back so."""
ATTEMPTS = 8
BACK_OFF = (5, 30, 120, 600, 1800, 3600, 7200)
"""Seconds to wait after the first, second, … failure."""


WAITING, DONE, FAILED, DROPPED = "waiting", "done", "failed", "dropped"
"""States of a task; a failed one has been given up, and an administrator decides (`tryggplats outbox`, /admin/drift):
it is tried again, or dropped."""


class Task(Identified, Base):
    """Something to be done. `error` is why it was not, in words, and `waits_for` the key of what it waits for."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "run_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default=WAITING)
    run_at: Mapped[datetime]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    claimed_until: Mapped[datetime | None]
    progress: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(500))
    waits_for: Mapped[str] = mapped_column(String(20), default="")


access.for_nobody(Task)


@dataclass(frozen=True)
class Claimed:
    """A task in the hands of a worker."""

    id: int
    uid: UUID
    kind: str
    payload: Mapping[str, Any]
    attempts: int

    @property
    def is_last(self) -> bool:
        """Whether the task is given up if this attempt fails."""
        return self.attempts >= ATTEMPTS


Handler = Callable[[Claimed, db.Database], None]
_handlers: dict[str, Handler] = {}
_inside: set[str] = set()


PATIENCE = timedelta(minutes=5)
"""How long a task waits that cannot be done yet for a reason that is no fault of its own."""


class WaitLonger(Exception):
    """The task cannot be done yet for a reason that is no fault, such as a mail server that is not set up.

    `waits_for` is the key of what it waits for, if somebody says when that has come (`hurry`).
    """

    def __init__(self, reason: str, waits_for: str = "") -> None:
        super().__init__(reason)
        self.waits_for = waits_for


class Hopeless(Exception):
    """The task can never be done; trying again would not help, such as a letter to an address that does not exist."""


def handler(kind: str, *, inside: bool = False) -> Callable[[Handler], Handler]:
    """Register the function that does tasks of `kind`; it gets the task and opens transactions itself.

    What stays `inside` reaches nobody outside the house; everything else waits in a restored copy.
    """

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        (_inside.add if inside else _inside.discard)(kind)
        return function

    return register


def stays_inside(kind: str) -> bool:
    """Whether doing tasks of `kind` reaches nobody outside the house."""
    return kind in _inside


def handlers() -> Mapping[str, Handler]:
    """Return who does what."""
    return _handlers


def put(kind: str, payload: Mapping[str, Any], *, run_at: datetime | None = None, uid: UUID | None = None) -> UUID:
    """Ask for `kind` to be done after this transaction's commit, not before `run_at`; return the task's uid.

    A `uid` that is given is for what may be asked for once only; who asks looks first whether it is `known`. Two that
    do at the same moment cannot both commit.
    """
    task = Task(
        uid=uid or db.new_uid(), kind=kind, payload=dict(payload), run_at=run_at or clock.now(), created_at=clock.now()
    )
    db.session().add(task)
    return task.uid


def known(uids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of the `uids` that something has been asked for under, whatever became of it."""
    return frozenset(db.session().scalars(select(Task.uid).where(Task.uid.in_(list(uids)))))


def done(uids: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of the `uids` under which something has been asked for and done."""
    return frozenset(db.session().scalars(select(Task.uid).where(Task.uid.in_(list(uids)), Task.state == DONE)))


def due() -> Select[int]:
    """Select the keys of tasks that a worker may take now, the oldest first."""
    now = clock.now()
    return (
        select(Task.id)
        .where(Task.state == WAITING, Task.run_at <= now)
        .where(or_(Task.claimed_until.is_(None), Task.claimed_until < now))
        .order_by(Task.run_at, Task.id)
    )


def is_waiting() -> bool:
    """Whether there is something to claim: asked without a lock, so that an idle worker is in nobody's way."""
    return db.session().scalar(due().limit(1)) is not None


def claim(worker: str, *, limit: int = 4) -> list[Claimed]:
    """Take up to `limit` waiting tasks in one UPDATE, so that no other worker takes them too."""
    now = clock.now()
    # A CTE is read once; PostgreSQL may read a subquery again and again and so take more than the limit.
    chosen = due().limit(limit).with_for_update(skip_locked=True).cte("chosen")
    taken = (
        update(Task)
        .where(Task.id.in_(select(chosen.c.id)))
        .values(claimed_by=worker, claimed_until=now + CLAIM, attempts=Task.attempts + 1)
        .returning(Task.id, Task.uid, Task.kind, Task.payload, Task.attempts)
    )
    rows = db.session().execute(taken, execution_options={"synchronize_session": False})
    return sorted((Claimed(*row) for row in rows), key=lambda task: task.id)


def progress(task: Claimed, percent: int) -> None:
    """Note how far a long task has come, and keep it: the claim is renewed."""
    db.session().execute(_held(task).values(progress=percent, claimed_until=clock.now() + CLAIM))


def renew(tasks: Iterable[Claimed]) -> None:
    """Say that `tasks` are still being done."""
    for task in tasks:
        db.session().execute(_held(task).values(claimed_until=clock.now() + CLAIM))


def finish(task: Claimed) -> None:
    """Note that `task` is done."""
    values = {"state": DONE, "done_at": clock.now(), "progress": 100, "claimed_until": None, "error": None}
    db.session().execute(update(Task).where(Task.id == task.id).values(**values))


def postpone(task: Claimed, reason: str, *, fault: bool = True, waits_for: str = "") -> None:
    """Note why `task` was not done; it is tried again later, or given up after the last attempt."""
    given_up = fault and task.is_last
    wait = timedelta(seconds=BACK_OFF[min(task.attempts, len(BACK_OFF)) - 1]) if fault else PATIENCE
    attempts = task.attempts if fault else task.attempts - 1
    _put_back(
        task,
        reason,
        state=FAILED if given_up else WAITING,
        run_at=clock.now() + wait,
        attempts=attempts,
        waits_for=waits_for,
    )


def give_up(task: Claimed, reason: str) -> None:
    """Note why `task` can never be done: an administrator decides."""
    _put_back(task, reason, state=FAILED, run_at=clock.now(), attempts=task.attempts)


def unfinished(*, limit: int) -> list[Task]:
    """Return what has been given up, then what waits, each the oldest first: at most `limit` of them."""
    given_up_first = case((Task.state == FAILED, 0), else_=1)
    rows = select(Task).where(Task.state.in_((FAILED, WAITING)))
    return list(db.session().scalars(rows.order_by(given_up_first, Task.run_at, Task.id).limit(limit)))


def retry(uid: UUID | None = None) -> list[UUID]:
    """Let what has been given up wait its turn again, with all its attempts: the task `uid`, or all; return which.

    Whoever decides it journals it: the journal stands beside the outbox, not below it.
    """
    given_up = update(Task).where(Task.state == FAILED)
    if uid is not None:
        given_up = given_up.where(Task.uid == uid)
    again = given_up.values(state=WAITING, run_at=clock.now(), attempts=0)
    return list(db.session().scalars(again.returning(Task.uid), execution_options={"synchronize_session": False}))


def drop(uid: UUID, reason: str) -> bool:
    """Let a task that waits or was given up never be done, as somebody has decided; return whether there was one.

    Whoever decides it journals it.
    """
    unwanted = update(Task).where(Task.uid == uid, Task.state.in_((FAILED, WAITING)))
    dropped = unwanted.values(state=DROPPED, error=reason[:500], done_at=clock.now(), claimed_until=None)
    done = db.session().scalars(dropped.returning(Task.uid), execution_options={"synchronize_session": False})
    return done.one_or_none() is not None


def hurry(waits_for: str) -> None:
    """Let what waits for something that has come be done now."""
    waiting = update(Task).where(Task.state == WAITING, Task.waits_for == waits_for)
    db.session().execute(waiting.values(run_at=clock.now()), execution_options={"synchronize_session": False})


def _put_back(task: Claimed, reason: str, **values: Any) -> None:
    """Let go of `task`."""
    db.session().execute(_held(task).values(error=reason[:500], claimed_until=None, **values))


def _held(task: Claimed) -> Update:
    """Return an update of `task` that changes nothing once another worker has taken it, or done it, since."""
    return update(Task).where(Task.id == task.id, Task.state == WAITING, Task.attempts == task.attempts)
