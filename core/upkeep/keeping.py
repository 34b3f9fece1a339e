"""What all that happens to a frist shares: which one it is, its dates, its steps, and the note of what was done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core import clock, db, flow, journal
from core.access import Actor
from core.refs import Subject
from core.upkeep import engine
from core.upkeep.counting import Pause, merged
from core.upkeep.models import Deadline, DeadlineChange, DeadlinePause
from core.upkeep.states import DEADLINE

MOVES = frozenset(move.key for move in DEADLINE.moves)


def about(subject: Subject, kind: str) -> Deadline | None:
    """Return the frist of a kind about a subject, locked, in whatever state."""
    [*found] = all_about(subject, {kind})
    return found[0] if found else None


def all_about(subject: Subject, kinds: Collection[str] | None = None) -> list[Deadline]:
    """Return the frister about a subject, of some kinds or of all, locked, in their order."""
    rows = select(Deadline).where(Deadline.subject_uid == subject.uid, Deadline.subject_kind == subject.kind)
    if kinds is not None:
        rows = rows.where(Deadline.kind.in_(kinds))
    return list(db.session().scalars(rows.order_by(Deadline.id).with_for_update()))


def pauses_of(deadline: Deadline) -> list[Pause]:
    """Return the pauses that have ended since a frist started, in order."""
    rows = select(DeadlinePause).where(DeadlinePause.deadline_id == deadline.id)
    rows = rows.where(DeadlinePause.until > deadline.starts_at)
    ended = db.session().scalars(rows.order_by(DeadlinePause.since, DeadlinePause.id))
    return [Pause(row.since, row.until or row.since, row.reason) for row in ended]


def count_anew(deadline: Deadline, rule: dict[str, Any]) -> engine.Due:
    """Return when a frist under `rule` falls due, from its own start with all its pauses."""
    return engine.due(rule, deadline.starts_at, pauses=pauses_of(deadline), calendar=deadline.calendar)


def set_dates(deadline: Deadline, ends: engine.Due, pauses: Collection[Pause] = ()) -> None:
    """Let a frist end then. What was late when it was moved becomes badly late as if it had not been."""
    stood = sum((pause.until - pause.since for pause in merged(pauses)), timedelta())
    deadline.due_at, deadline.due_on = ends.at, ends.on
    deadline.paused_seconds = int(stood.total_seconds())
    if deadline.missed_at is None:
        deadline.badly_late_at = engine.badly_late_at(deadline.starts_at, ends, stood)


def step(deadline: Deadline, key: str, actor: Actor, *, reason: str, at: datetime | None = None) -> None:
    """Make a move of the flow; what is closed stands still no longer, and is met `at` (now)."""
    flow.move(DEADLINE, deadline, key, actor, reason=reason)
    at = at or clock.now()
    deadline.met_at = at if deadline.state == "klar" else None
    deadline.reported_at = None
    if deadline.paused_since is not None:
        run_on(deadline, at)
    note(actor, deadline, key, reason.strip())
    db.session().flush()


def run_on(deadline: Deadline, at: datetime) -> None:
    """End the pause of a frist `at` a moment, and count it anew."""
    standing = select(DeadlinePause).where(DeadlinePause.deadline_id == deadline.id, DeadlinePause.until.is_(None))
    for pause in db.session().scalars(standing):
        pause.until = max(at, pause.since)
    deadline.paused_since = None
    db.session().flush()
    pauses = pauses_of(deadline)
    ends = engine.due(deadline.rule, deadline.starts_at, pauses=pauses, calendar=deadline.calendar)
    set_dates(deadline, ends, pauses)


def stand_still(actor: Actor, deadline: Deadline, *, reason: str, since: datetime | None = None) -> None:
    """Begin a pause; before its start a frist does not run, and what is to come is not paused ahead of time."""
    since = min(max(since or clock.now(), deadline.starts_at), clock.now())
    paused = {"since": since, "reason": reason.strip()[:1000], "organisation_id": actor.organisation}
    db.session().add(DeadlinePause(deadline_id=deadline.id, **paused))
    deadline.paused_since = since
    note(actor, deadline, "pausa", reason.strip())
    db.session().flush()


def go_on(actor: Actor, deadline: Deadline, *, reason: str) -> None:
    """End a pause now."""
    was = deadline.due_at
    run_on(deadline, clock.now())
    note(actor, deadline, "ateruppta", reason.strip(), due_was=was)
    db.session().flush()


def put_under(actor: Actor, deadline: Deadline, rule: dict[str, Any], change: str, reason: str) -> None:
    """Let a frist go by another rule, counted from its own start."""
    was = deadline.due_at
    if deadline.paused_since is not None and not engine.may_stand_still(rule):
        run_on(deadline, clock.now())
    ends = count_anew(deadline, rule)
    deadline.rule, deadline.urgency = rule, rule["urgency"]
    set_dates(deadline, ends, pauses_of(deadline))
    deadline.moved_count += ends.at != was
    note(actor, deadline, change, reason.strip(), due_was=was)
    db.session().flush()


def note(actor: Actor, deadline: Deadline, key: str, reason: str, *, due_was: datetime | None = None) -> None:
    """Write down what was done, as a row and, unless the flow has, in the journal; with the date where it moved."""
    change = DeadlineChange(deadline_id=deadline.id, at=clock.now(), kind=key, reason=reason[:1000])
    change.organisation_id = actor.organisation
    if due_was is not None and due_was != deadline.due_at:
        change.due_was, change.due_became = due_was, deadline.due_at
    db.session().add(change)
    if key not in MOVES:
        detail = {"reason": reason, "organisation": deadline.organisation_id, "due_at": deadline.due_at}
        journal.write(actor, f"deadline:{key}", "deadline", deadline.uid, level=deadline.level, **detail)
