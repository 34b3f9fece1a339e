"""What walks have led to (domain.md 2.8): answers by receiver and age, walks by district and year, what comes again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import func, select

from core import access, clock, db
from core.access import Actor
from core.dated import is_valid
from core.journal import PROTECTED
from core.people.models import Organisation
from core.places.models import POLICE, Area, Place, PlaceArea
from core.upkeep.models import Deadline
from core.upkeep.services.reports import AGES
from core.walks.models import Observation, Walk, WalkPlace
from core.walks.services.light import sun_at
from core.walks.services.promises import TO_ANSWER
from core.walks.states import DONE, HELD, LEFT_OUT

MOST = 20_000
"""Rows that a report reads at most; what is newer goes first."""


@dataclass
class Receiver:
    """How one organisation answers: what is open by age in days, and of what was answered how much in time."""

    name: str
    open: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))
    answered: int = 0
    late: int = 0
    """Not answered, and its day has passed."""
    in_time: int = 0
    done: int = 0
    verified: int = 0

    @property
    def owed(self) -> int:
        """How many should have been answered by now: what "in time" is a share of."""
        return self.answered + self.late


Held = tuple[str, int, int, int]
"""Whose walks, the year, those in daylight, those in dusk or dark."""


@dataclass(frozen=True)
class _Walk:
    """A walk that has been held, as it is counted."""

    id: int
    organiser: str
    day: date
    is_dark: bool


@dataclass(frozen=True)
class Report:
    """The tables of the page, filtered by what the actor sees."""

    receivers: list[Receiver]
    walks: list[Held]
    """By organiser."""
    police: list[Held]
    """By lokalpolisområde, whose promises say how many there shall be (domain.md 2.1)."""
    again: list[tuple[str, str, int, int, int]]
    """Place, kind, how often, first and last year; protected places are left out (design.md 9)."""
    most: int = MOST
    """Rows that the numbers stand on at most."""


def report(actor: Actor) -> Report:
    """Return the reports on walks, in four queries however much there is."""
    access.require(actor, "walks:walk:read")
    walks = _held(actor)
    by_organiser = _counted((walk.organiser, walk) for walk in walks)
    return Report(_receivers(actor), by_organiser, _counted(_by_police_area(actor, walks)), _recurring(actor))


def _receivers(actor: Actor) -> list[Receiver]:
    rows = select(
        Organisation.name, Observation.state, Deadline.starts_at, Deadline.due_at, Deadline.met_at,
        Deadline.state.label("frist"),
    )  # fmt: skip
    rows = rows.join(Organisation, Organisation.id == Observation.organisation_id).join(Deadline, TO_ANSWER)
    rows = rows.where(access.rule_of(Observation, actor)).order_by(Observation.id.desc()).limit(MOST)
    found: dict[str, Receiver] = {}
    now = clock.now()
    for row in db.session().execute(rows):
        one = found.setdefault(row.name, Receiver(row.name))
        if row.frist == "oppen":
            days = (now - row.starts_at).days
            one.open[sum(days > limit for limit in AGES)] += 1
            one.late += row.due_at < now
        elif row.met_at is not None:
            one.answered += 1
            one.in_time += row.met_at < row.due_at
        one.done += row.state in DONE
        one.verified += row.state == "verifierad"
    return sorted(found.values(), key=lambda one: one.name)


def _held(actor: Actor) -> list[_Walk]:
    rows = select(Walk.id, Organisation.name, Walk.planned_at, Walk.light)
    rows = rows.join(Organisation, Organisation.id == Walk.organiser_id).where(Walk.state.in_(HELD))
    known = rows.where(access.rule_of(Walk, actor)).order_by(Walk.planned_at.desc()).limit(MOST)
    sun_of_day = cache(lambda day: sun_at(None, datetime.combine(day, time(12), clock.STOCKHOLM)))
    found = []
    for key, name, planned_at, light in db.session().execute(known):
        day = clock.local(planned_at).date()
        is_dark = (light or sun_of_day(day).light_at(planned_at)) != "dag"
        found.append(_Walk(key, name, day, is_dark))
    return found


def _by_police_area(actor: Actor, walks: Iterable[_Walk]) -> Iterator[tuple[str, _Walk]]:
    """Yield each walk once with the name of every lokalpolisområde that it went through, as they were that day."""
    seen = select(Walk.id).where(Walk.state.in_(HELD), access.rule_of(Walk, actor))
    seen = seen.order_by(Walk.planned_at.desc()).limit(MOST)
    name = func.coalesce(Organisation.name, Area.name).label("name")
    rows = select(WalkPlace.walk_id, name, Area.valid_from, Area.valid_to).distinct()
    rows = rows.join(PlaceArea, PlaceArea.place_id == WalkPlace.place_id).join(Area, Area.id == PlaceArea.area_id)
    rows = rows.outerjoin(Organisation, Organisation.id == Area.organisation_id)
    rows = rows.where(Area.kind == POLICE, WalkPlace.walk_id.in_(seen))
    through = defaultdict(list)
    for row in db.session().execute(rows):
        through[row.walk_id].append(row)
    for walk in walks:
        areas = {one.name for one in through[walk.id] if is_valid(one, walk.day)}
        yield from ((area, walk) for area in areas)


def _counted(walks: Iterable[tuple[str, _Walk]]) -> list[Held]:
    counted: dict[tuple[str, int], Counter[bool]] = defaultdict(Counter)
    for name, walk in walks:
        counted[name, walk.day.year][walk.is_dark] += 1
    return [(name, year, both[False], both[True]) for (name, year), both in sorted(counted.items())]


def _recurring(actor: Actor) -> list[tuple[str, str, int, int, int]]:
    """Return what was found at the same place on more than one walk, the most frequent first."""
    often = func.count(Observation.walk_id.distinct())
    rows: Any = select(
        Place.name, Observation.kind_title, often, func.min(Observation.seen_at), func.max(Observation.seen_at)
    )
    rows = rows.join(Place, Place.id == Observation.place_id).where(access.rule_of(Observation, actor))
    rows = rows.where(Place.level < PROTECTED, Observation.level < PROTECTED)
    rows = rows.where(Observation.nature != "positivt", Observation.state.not_in(LEFT_OUT))
    rows = rows.group_by(Place.id, Place.name, Observation.kind_title).having(often > 1)
    found = db.session().execute(rows.order_by(often.desc(), Place.name).limit(50))
    return [(*row[:3], clock.local(row[3]).year, clock.local(row[4]).year) for row in found]
