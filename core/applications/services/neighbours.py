"""Grannminne (X17): what was tried on the places of an application, within 200 metres, or on places like them.

What has been granted is told to all who write applications: number, title, board, year, kronor and measures. The room
above tells what it did (`tell_effects`). Measures of cycles are told as far as the actor reaches them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, literal, select, union_all
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.applications.models import READ, Application, ApplicationMeasure, ApplicationPlace
from core.applications.services.double_funding import MOST_PLACES, at_places, beside, of_kinds
from core.applications.services.held import Held, read_held
from core.applications.states import GRANTED_STATES
from core.cooperation.models import Cycle, Measure
from core.journal import PROTECTED
from core.people.models import Organisation
from core.places.models import Place
from core.reserve.models import GRANTED, Entry, Frame

MOST = 5
"""How many of each sort are told."""
TRIED = (*GRANTED_STATES, "avbruten", "avslutad")


@dataclass(frozen=True)
class Neighbour:
    """An application that was granted: kronor as they stand in the book, `link` if the reader reaches it."""

    uid: UUID
    number: str
    title: str
    board: str
    year: int
    granted: int
    state: str
    measures: tuple[str, ...] = ()
    effect: str = ""
    link: str = ""


@dataclass(frozen=True)
class Earlier:
    """A measure of a cycle that has a result: what, by whom, what became of it."""

    uid: UUID
    text: str
    cycle: str
    result: str
    why: str
    ended_on: date | None


@dataclass(frozen=True)
class Memory:
    """What was tried: beside, on places like these, and by the measures of cycles beside."""

    near: tuple[Neighbour, ...] = ()
    similar: tuple[Neighbour, ...] = ()
    earlier: tuple[Earlier, ...] = field(default_factory=tuple)

    @property
    def empty(self) -> bool:
        """Whether nothing is remembered."""
        return not (self.near or self.similar or self.earlier)


Effects = Callable[[Collection[int]], Mapping[int, str]]
"""Tells what came of applications, by their keys, in one query: a sentence each, where there is one."""
_tellers: list[Effects] = []


def tell_effects(teller: Effects) -> Effects:
    """Register who tells what came of applications: the room above."""
    _tellers.append(teller)
    return teller


def remembered(actor: Actor, application: Application, held: Held | None = None) -> Memory:
    """Return what was tried beside the places of an application that the actor has reached, or on places like them.

    `held` is what the application holds, where that is read already.
    """
    known = held or read_held(application)
    places = places_of(known)
    if not places:
        return Memory()
    near, similar = _granted_there(actor, application, places, known.kinds)
    effects = _effects(list({*near, *similar}))
    return Memory(
        tuple(_neighbour(rows, effects) for rows in near.values()),
        tuple(_neighbour(rows, effects) for rows in similar.values()),
        _earlier(actor, application, places),
    )


def places_of(held: Held) -> list[Place]:
    """Return the places of an application, those that are reckoned with."""
    return [place for place in held.places if place.level < PROTECTED][:MOST_PLACES]


def near_query(actor: Actor, application: Application, places: Sequence[Place]) -> Select[Any]:
    """Return the query for what was granted on these places or beside them, the newest first."""
    return _granted(actor, application).where(Application.id.in_(at_places(places))).limit(MOST)


def similar_query(actor: Actor, application: Application, places: Sequence[Place], kinds: Sequence[str]) -> Select[Any]:
    """Return the query for what was granted for the same kind of measure on places of the same kind, but not beside."""
    like = select(Place.id).join(ApplicationPlace, ApplicationPlace.place_id == Place.id)
    like = like.where(Place.kind.in_({place.kind for place in places}), Place.level < PROTECTED)
    like = like.where(ApplicationPlace.application_id == Application.id).correlate(Application)
    rows = _granted(actor, application).where(Application.id.in_(of_kinds(kinds)), like.exists())
    return rows.where(Application.id.not_in(at_places(places))).limit(MOST)


def _granted(actor: Actor, application: Application) -> Select[Any]:
    def book(value: Any) -> Any:
        rows = select(value).select_from(Entry).join(Frame, Frame.id == Entry.frame_id)
        return rows.where(Entry.matter == Application.uid, Entry.account == GRANTED).scalar_subquery()

    granted = book(func.sum(Entry.amount))
    rows = select(
        Application.id,
        Application.uid,
        Application.number,
        Application.title,
        Application.state,
        Organisation.name.label("board"),
        granted.label("granted"),
        book(func.min(Frame.year)).label("year"),
        case((access.rule_of(Application, actor, READ), 1), else_=0).label("reached"),
    ).join(Organisation, Organisation.id == Application.organisation_id)
    rows = rows.where(Application.id != application.id, Application.state.in_(TRIED), Application.level < PROTECTED)
    return rows.where(granted > 0).order_by(Application.id.desc())


def _granted_there(
    actor: Actor, application: Application, places: Sequence[Place], kinds: Sequence[str]
) -> tuple[dict[int, list[Any]], dict[int, list[Any]]]:
    """Return what was granted beside these places, and what on places like them, in one query.

    Each by its key, with a row for each of its measures that is not dropped.
    """
    near = near_query(actor, application, places).subquery()
    parts = [select(near, literal(0).label("part"))]
    if kinds:
        similar = similar_query(actor, application, places, kinds).subquery()
        parts.append(select(similar, literal(1).label("part")))
    there, done = union_all(*parts).subquery(), ApplicationMeasure
    kept = and_(done.application_id == there.c.id, done.dropped_on.is_(None))
    rows = select(there, done.text.label("measure")).outerjoin(done, kept)
    found: tuple[dict[int, list[Any]], dict[int, list[Any]]] = ({}, {})
    for row in db.session().execute(rows.order_by(there.c.part, there.c.id.desc(), done.number)):
        found[row.part].setdefault(row.id, []).append(row)
    return found


def _effects(keys: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for teller in _tellers if keys else ():
        found |= teller(keys)
    return found


def _neighbour(rows: Sequence[Any], effects: Mapping[int, str]) -> Neighbour:
    row = rows[0]
    return Neighbour(
        uid=row.uid,
        number=row.number,
        title=row.title,
        board=row.board,
        year=row.year,
        granted=int(row.granted),
        state=row.state,
        measures=tuple(one.measure for one in rows if one.measure is not None),
        effect=effects.get(row.id, ""),
        link=f"/ansokningar/{row.uid}" if row.reached else "",
    )


def _earlier(actor: Actor, application: Application, places: Sequence[Place]) -> tuple[Earlier, ...]:
    """Return measures with a result of cycles on these places or beside them, but for those of its own cycle."""
    rows = select(Measure, Cycle.number, Cycle.title).join(Cycle, Cycle.id == Measure.cycle_id)
    rows = rows.join(Place, Place.id == Cycle.place_id).options(joinedload(Measure.owner))
    rows = rows.where(Measure.result != "", beside(places), Measure.level < PROTECTED, Place.level < PROTECTED)
    rows = rows.where(access.rule_of(Measure, actor), access.rule_of(Cycle, actor))
    if application.cycle_id is not None:
        rows = rows.where(Measure.cycle_id != application.cycle_id)
    found = db.session().execute(rows.order_by(Measure.id.desc()).limit(MOST))
    return tuple(
        Earlier(measure.uid, measure.text, f"{number} {title}", measure.result, measure.result_why, measure.ends_on)
        for measure, number, title in found
    )
