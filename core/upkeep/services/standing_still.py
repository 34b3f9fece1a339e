"""A frist that does not run: paused for a reason, or reported as done and waiting for somebody's word.

Resumed it is counted anew from its own start with all its pauses; denied it runs on as if never reported.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from core import access, db
from core.access import Actor
from core.refs import Subject
from core.upkeep import engine
from core.upkeep.counting import Pause, merged
from core.upkeep.keeping import about, all_about, go_on, note, pauses_of, run_on, stand_still, step
from core.upkeep.models import Deadline


def pause_deadlines(
    actor: Actor, subject: Subject, *, kinds: Collection[str] | None = None, reason: str, since: datetime | None = None
) -> list[Deadline]:
    """Let the open frister about a subject stand still `since` then (now), and return them.

    Those that stand still already, or whose date is not counted (`engine.may_stand_still`), are left as they are.
    """
    access.require(actor, "upkeep:deadline:plan")
    found = [deadline for deadline in all_about(subject, kinds) if _runs(deadline)]
    for deadline in found:
        stand_still(actor, deadline, reason=reason, since=since)
    return found


def resume_deadlines(
    actor: Actor, subject: Subject, *, kinds: Collection[str] | None = None, reason: str = ""
) -> list[Deadline]:
    """Let the paused frister about a subject run on from now, and return them."""
    access.require(actor, "upkeep:deadline:plan")
    found = [deadline for deadline in all_about(subject, kinds) if deadline.paused_since is not None]
    for deadline in found:
        go_on(actor, deadline, reason=reason)
    return found


def _runs(deadline: Deadline) -> bool:
    runs = deadline.state == "oppen" and deadline.paused_since is None and deadline.reported_at is None
    return runs and engine.may_stand_still(deadline.rule)


def report_met(actor: Actor, kind: str, subject: Subject, *, at: datetime) -> None:
    """Let an open frist wait for somebody's word that what was reported as done `at` a moment is."""
    access.require(actor, "upkeep:deadline:plan")
    deadline = about(subject, kind)
    if deadline is None or deadline.state != "oppen" or deadline.reported_at is not None:
        return
    if deadline.paused_since is not None:
        run_on(deadline, at)
    deadline.reported_at = at
    note(actor, deadline, "anmala_klar", "")
    db.session().flush()


def confirm_met(actor: Actor, kind: str, subject: Subject, *, reason: str) -> None:
    """Let a frist that was reported as done be met, at the moment when it was reported."""
    access.require(actor, "upkeep:deadline:plan")
    deadline = about(subject, kind)
    if deadline is not None and deadline.state == "oppen" and deadline.reported_at is not None:
        step(deadline, "klarmarkera", actor, reason=reason, at=deadline.reported_at)


def deny_met(actor: Actor, kind: str, subject: Subject, *, reason: str) -> None:
    """Let a frist that was reported as done run on from its original start, as if that had never been said."""
    access.require(actor, "upkeep:deadline:plan")
    deadline = about(subject, kind)
    if deadline is not None and deadline.state == "oppen" and deadline.reported_at is not None:
        deadline.reported_at = None
        note(actor, deadline, "underkanna", reason.strip())
        db.session().flush()


def ran_between(deadline: Deadline, since: datetime, until: datetime) -> timedelta:
    """Return how long a frist ran between two moments: its pauses do not count."""
    within = [Pause(max(one.since, since), min(one.until, until), one.reason) for one in pauses_of(deadline)]
    stood = sum((one.until - one.since for one in merged(within)), timedelta())
    return max(timedelta(), until - since - stood)
