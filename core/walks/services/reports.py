"""What walks have led to (domain.md 2.8): answers by receiver and age, walks by district and year, what comes again."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cache
from typing import Any

from sqlalchemy import and_, func, select

from core import access, clock, db
from core.access import Actor
from core.people.models import Organisation
from core.places.models import Place
from core.upkeep.models import Deadline
from core.walks.models import Observation, Walk
from core.walks.services.light import sun_at
from core.walks.services.promises import ANSWER
from core.walks.states import HELD

AGES = (10, 30, 90)
"""Days since it was sent: columns of what is open."""
MOST = 20_000
"""Rows that a report reads at most; what is newer goes first."""
DONE = ("atgardad", "verifierad")


@dataclass
class Receiver:
    """How one organisation answers: what is open by age in days, and of what was answered how much in time."""

    name: str
    open: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))
    answered: int = 0
    in_time: int = 0
    done: int = 0
    verified: int = 0


@dataclass(frozen=True)
class Report:
    """The tables of the page, filtered by what the actor sees."""

    receivers: list[Receiver]
    walks: list[tuple[str, int, int, int]]
    """Organiser, year, walks in daylight, walks in dusk or dark."""
    again: list[tuple[str, str, int, int, int]]
    """Place, kind, how often, first and last year."""


def report(actor: Actor) -> Report:
    """Return the reports on walks, in three queries however much there is."""
    access.require(actor, "walks:walk:read")
    return Report(_receivers(actor), _walks(actor), _again(actor))


def _receivers(actor: Actor) -> list[Receiver]:
    about = and_(
        Deadline.subject_kind == "observation", Deadline.subject_uid == Observation.uid, Deadline.kind == ANSWER
    )
    rows = select(
        Organisation.name, Observation.state, Deadline.starts_at, Deadline.due_at, Deadline.met_at,
        Deadline.state.label("frist"),
    )  # fmt: skip
    rows = rows.join(Organisation, Organisation.id == Observation.organisation_id).join(Deadline, about)
    rows = rows.where(access.rule_of(Observation, actor)).order_by(Observation.id.desc()).limit(MOST)
    found: dict[str, Receiver] = {}
    now = clock.now()
    for row in db.session().execute(rows):
        one = found.setdefault(row.name, Receiver(row.name))
        if row.frist == "oppen":
            days = (now - row.starts_at).days
            one.open[sum(days > limit for limit in AGES)] += 1
        elif row.met_at is not None:
            one.answered += 1
            one.in_time += row.met_at < row.due_at
        one.done += row.state in DONE
        one.verified += row.state == "verifierad"
    return sorted(found.values(), key=lambda one: one.name)


def _walks(actor: Actor) -> list[tuple[str, int, int, int]]:
    rows = select(Organisation.name, Walk.planned_at, Walk.light)
    rows = rows.join(Organisation, Organisation.id == Walk.organiser_id).where(Walk.state.in_(HELD))
    counted: dict[tuple[str, int], Counter[bool]] = defaultdict(Counter)
    sun_of_day = cache(lambda day: sun_at(None, datetime.combine(day, time(12), clock.STOCKHOLM)))
    known = rows.where(access.rule_of(Walk, actor)).order_by(Walk.planned_at.desc()).limit(MOST)
    for name, planned_at, light in db.session().execute(known):
        day = clock.local(planned_at).date()
        dark = (light or sun_of_day(day).light_at(planned_at)) != "dag"
        counted[name, day.year][dark] += 1
    return [(name, year, both[False], both[True]) for (name, year), both in sorted(counted.items())]


def _again(actor: Actor) -> list[tuple[str, str, int, int, int]]:
    """Return what was found at the same place on more than one walk, the most frequent first."""
    often = func.count(Observation.walk_id.distinct())
    rows: Any = select(
        Place.name, Observation.kind_title, often, func.min(Observation.seen_at), func.max(Observation.seen_at)
    )
    rows = rows.join(Place, Place.id == Observation.place_id).where(access.rule_of(Observation, actor))
    rows = rows.where(Observation.nature != "positivt", Observation.state.not_in(("dubblett", "avskriven")))
    rows = rows.group_by(Place.id, Place.name, Observation.kind_title).having(often > 1)
    found = db.session().execute(rows.order_by(often.desc(), Place.name).limit(50))
    return [(*row[:3], clock.local(row[3]).year, clock.local(row[4]).year) for row in found]
