"""What stands open, in which order, and how many end when: the page "Skötsel i tid" and all that counts frister."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select, tuple_
from sqlalchemy.orm import joinedload

from core import access, bounded, clock, db, journal
from core.access import Actor
from core.people.models import Organisation
from core.places.models import Place, places_behind
from core.places.services import Standing, tells_standings
from core.upkeep import engine, narrowing
from core.upkeep.models import Deadline, DeadlineChange, Workday
from core.upkeep.states import STANDINGS

PAGE = 50
COUNTED = 1000
"""Frister that are counted in each part; beyond it is "fler än"."""
AHEAD = 14
"""Days that the forecast looks ahead, today among them."""


@dataclass(frozen=True)
class Page:
    """A page of frister, and where the next one begins."""

    rows: list[Any]
    after: tuple[int, datetime, int] | None


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed to: who answers, which board follows up, kind, priority; and what rooms above know.

    `by` is the uid of what was chosen of each way that a room has registered (`core.upkeep.narrowing`), by its key.
    """

    organisation: UUID | None = None
    district: UUID | None = None
    kind: str = ""
    urgency: int | None = None
    by: Mapping[str, UUID] = field(default_factory=dict)

    def applied(self, rows: Any, actor: Actor) -> Any:
        """Return a selection of frister narrowed so."""
        for column, uid in ((Deadline.organisation_id, self.organisation), (Deadline.coordinator_id, self.district)):
            if uid is not None:
                rows = rows.where(column == select(Organisation.id).where(Organisation.uid == uid).scalar_subquery())
        rows = rows.where(Deadline.kind == self.kind) if self.kind else rows
        for key, uid in self.by.items():
            rows = rows.where(narrowing.condition(key, actor, uid))
        # Of a protected one nobody learns what it is, where, or what about, not by asking either.
        if self.kind or self.district or self.by:
            rows = rows.where(Deadline.level < journal.PROTECTED)
        return rows if self.urgency is None else rows.where(Deadline.urgency == self.urgency)


EVERYTHING = Narrowed()


def stands(standing: str) -> ColumnElement[bool]:
    """Return the condition of a part of what is open.

    What does not run has a part of its own: it is late no more than it is in time, and nobody can hurry it.
    """
    now, today = clock.now(), clock.today()
    sunday = today + timedelta(days=6 - today.weekday())
    parts = {
        "alla": Deadline.runs(),
        "idag": and_(Deadline.due_on == today, Deadline.due_at > now, Deadline.runs()),
        "vecka": and_(Deadline.due_on.between(today, sunday), Deadline.due_at > now, Deadline.runs()),
        "forsenade": and_(Deadline.is_late(now), Deadline.runs()),
        "kraftigt": and_(Deadline.badly_late_at < now, Deadline.runs()),
        "pausade": Deadline.paused_since.is_not(None),
        "anmalda": and_(Deadline.reported_at.is_not(None), Deadline.paused_since.is_(None)),
    }
    return parts[standing]


def list_open(
    actor: Actor,
    narrowed: Narrowed = EVERYTHING,
    *,
    standing: str = "alla",
    answering: Iterable[int] | None = None,
    after: tuple[int, datetime, int] | None = None,
    limit: int = PAGE,
) -> Page:
    """Return the open frister that the actor reaches, the most urgent first, in one query over one index.

    Danger goes before lateness, then comes what falls due first. `standing` is one of STANDINGS.
    `answering` are the keys of those who answer.
    """
    access.require(actor, "upkeep:deadline:read")
    query = open_query(actor, narrowed, standing, after)
    if answering is not None:
        query = query.where(Deadline.organisation_id.in_(answering))
    found = db.session().execute(query.limit(limit + 1)).all()
    more, found = len(found) > limit, found[:limit]
    return Page(list(found), (found[-1].urgency, found[-1].due_at, found[-1].id) if more else None)


def count_open(actor: Actor, narrowed: Narrowed = EVERYTHING) -> dict[str, int]:
    """Return how many there are in each part, counted no further than COUNTED + 1.

    One query, that looks at no more rows than it counts.
    """
    access.require(actor, "upkeep:deadline:read")
    mine = select(Deadline.id).where(Deadline.state == "oppen", access.rule_of(Deadline, actor))
    mine = narrowed.applied(mine, actor)
    return bounded.counted({part: mine.where(stands(part)) for part in STANDINGS}, COUNTED)


def open_query(
    actor: Actor, narrowed: Narrowed, standing: str = "alla", after: tuple[int, datetime, int] | None = None
) -> Any:
    """Return the query of `list_open`."""
    columns = select(
        Deadline.id,
        Deadline.uid,
        Deadline.kind,
        Deadline.leg,
        Deadline.rule,
        Deadline.urgency,
        Deadline.starts_at,
        Deadline.due_at,
        Deadline.due_on,
        Deadline.missed_at,
        Deadline.badly_late_at,
        Deadline.paused_since,
        Deadline.reported_at,
        Deadline.moved_count,
        Deadline.calendar,
        Deadline.function,
        Deadline.level,
        Deadline.subject_kind,
        Deadline.subject_uid,
        Place.uid.label("place_uid"),
        Place.name.label("place_name"),
        Organisation.name.label("organisation_name"),
        Organisation.uid.label("organisation_uid"),
    )
    rows = columns.outerjoin(Place, and_(Place.id == Deadline.place_id, Place.level < journal.PROTECTED))
    rows = rows.outerjoin(Organisation, Organisation.id == Deadline.organisation_id)
    rows = rows.where(Deadline.state == "oppen", stands(standing), access.rule_of(Deadline, actor))
    rows = narrowed.applied(rows, actor)
    if after is not None:
        rows = rows.where(tuple_(Deadline.urgency, Deadline.due_at, Deadline.id) > after)
    return rows.order_by(Deadline.urgency, Deadline.due_at, Deadline.id)


def answering(actor: Actor) -> list[tuple[UUID, str]]:
    """Return who answers for the open frister that the actor reaches, by name: the filter's choices."""
    return _named_by(actor, Deadline.organisation_id)


def following_up(actor: Actor) -> list[tuple[UUID, str]]:
    """Return the boards that follow up the open frister that the actor reaches, by name: the filter's choices."""
    return _named_by(actor, Deadline.coordinator_id)


def _named_by(actor: Actor, column: Any) -> list[tuple[UUID, str]]:
    access.require(actor, "upkeep:deadline:read")
    reached = select(column).where(Deadline.state == "oppen", access.rule_of(Deadline, actor))
    rows = select(Organisation.uid, Organisation.name).where(Organisation.id.in_(reached))
    return [(uid, name) for uid, name in db.session().execute(rows.order_by(Organisation.name).limit(200))]


def forecast(actor: Actor, narrowed: Narrowed = EVERYTHING) -> list[tuple[Workday, int]]:
    """Return, for each of the next fourteen days, how many of the frister that run and the actor reaches end then."""
    access.require(actor, "upkeep:deadline:read")
    first = clock.today()
    ahead = (first, first + timedelta(days=AHEAD - 1))
    counted = select(Deadline.due_on, func.count().label("ending")).where(
        Deadline.state == "oppen", Deadline.due_on.between(*ahead), Deadline.runs()
    )
    counted = narrowed.applied(counted.where(access.rule_of(Deadline, actor)), actor).group_by(Deadline.due_on)
    ending = {row.due_on: row.ending for row in db.session().execute(counted)}
    calendar = select(Workday).where(Workday.calendar == engine.SWEDEN, Workday.day.between(*ahead))
    return [(row, ending.get(row.day, 0)) for row in db.session().scalars(calendar.order_by(Workday.day))]


def read_deadline(actor: Actor, uid: UUID) -> Deadline:
    """Return the frist with its place and who answers; Missing when the actor does not reach it."""
    access.require(actor, "upkeep:deadline:read")
    whole = select(Deadline).options(joinedload(Deadline.place), joinedload(Deadline.organisation))
    row = db.session().scalar(whole.where(Deadline.uid == uid, access.rule_of(Deadline, actor)))
    if row is None:
        raise access.Missing("deadline", uid)
    return row


def open_of_place(actor: Actor, place: UUID) -> list[Deadline]:
    """Return the open frister of a place, the most urgent first."""
    rows = select(Deadline).options(joinedload(Deadline.organisation))
    rows = rows.where(Deadline.place_id.in_(places_behind(place)), Deadline.state == "oppen")
    order = (Deadline.urgency, Deadline.due_at, Deadline.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(*order).limit(PAGE)))


@tells_standings
def standings(actor: Actor, places: Iterable[int]) -> dict[int, Standing]:
    """Return how many open frister that the actor reaches each of the places has, and how many are late."""
    late = func.sum(case((Deadline.is_late(clock.now()), 1), else_=0))
    rows = select(Deadline.place_id, func.count(), late).where(
        Deadline.place_id.in_(list(places)), Deadline.state == "oppen", Deadline.level < journal.PROTECTED
    )
    found = db.session().execute(rows.where(access.rule_of(Deadline, actor)).group_by(Deadline.place_id))
    return {place: Standing(count, overdue) for place, count, overdue in found}


def deadlines_of(actor: Actor, kind: str, uid: UUID) -> list[Deadline]:
    """Return the frister about one thing, such as an observation."""
    rows = select(Deadline).options(joinedload(Deadline.organisation))
    rows = rows.where(Deadline.subject_kind == kind, Deadline.subject_uid == uid).order_by(Deadline.id)
    return list(db.session().scalars(access.visible(rows, actor)))


def changes_of(actor: Actor, deadlines: Iterable[Deadline]) -> list[DeadlineChange]:
    """Return what has happened to `deadlines`, the newest first."""
    keys = [deadline.id for deadline in deadlines]
    rows = select(DeadlineChange).where(DeadlineChange.deadline_id.in_(keys)).order_by(DeadlineChange.id.desc())
    return list(db.session().scalars(access.visible(rows, actor))) if keys else []
