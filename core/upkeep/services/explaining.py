"""Why this date: all that a date hangs on, for a page or an answer of the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from core import access, clock, db
from core.access import Actor
from core.i18n import N_, Text
from core.people.models import Organisation
from core.upkeep import engine
from core.upkeep.counting import Pause
from core.upkeep.engine import ExplainedDay
from core.upkeep.knowing import whose
from core.upkeep.models import DeadlineChange, DeadlinePause


@dataclass(frozen=True)
class Moved:
    """A move of the date: when, why, and from where to where, as moments and in words."""

    at: datetime
    reason: str
    was: datetime
    became: datetime
    told: str


@dataclass(frozen=True)
class Why:
    """Why a frist ends when it does: what was counted, where it stood still, what moved it; its calendar, if any."""

    sentence: str
    days: list[ExplainedDay]
    pauses: list[DeadlinePause]
    moves: list[Moved]
    calendar: str


def explained(actor: Actor, deadline: Any) -> Why:
    """Say why a frist, or its row in a list, ends when it does; protected ones are never explained to anybody."""
    access.require(actor, "upkeep:deadline:read")
    paused = access.visible(select(DeadlinePause).where(DeadlinePause.deadline_id == deadline.id), actor)
    pauses = list(db.session().scalars(paused.order_by(DeadlinePause.since, DeadlinePause.id)))
    moved = select(DeadlineChange).where(
        DeadlineChange.deadline_id == deadline.id, DeadlineChange.due_became.is_not(None)
    )
    moves = [_told(row) for row in db.session().scalars(access.visible(moved, actor).order_by(DeadlineChange.id))]
    ended = [Pause(row.since, row.until, row.reason) for row in pauses if row.until is not None]
    told = engine.explain(deadline.rule, deadline.starts_at, pauses=ended, calendar=deadline.calendar)
    calendar = calendar_name(deadline.calendar) if engine.goes_by_a_calendar(deadline.rule) else ""
    return Why(told.sentence, told.days, pauses, moves, calendar)


def _told(change: DeadlineChange) -> Moved:
    was, became = change.due_was or change.at, change.due_became or change.at
    told = Text(N_("Från {was} till {became}"), was=_written(was), became=_written(became))
    return Moved(change.at, change.reason, was, became, told)


def _written(ends: datetime) -> str:
    """Return the end of a frist as people read it: what ends at midnight ends with the day before."""
    local = clock.local(ends)
    return local.strftime("%Y-%m-%d %H.%M") if local.time() != time() else clock.last_day(ends).isoformat()


def calendar_name(calendar: str) -> str:
    """Return what people call a calendar: Sweden's, or that of an organisation."""
    owner = whose(calendar)
    row = db.session().get(Organisation, owner) if owner is not None else None
    return row.name if row else N_("Sveriges arbetsdagar")
