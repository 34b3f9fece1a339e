"""Walks: planned, read, listed and moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from core import access, clock, db, flow, journal, sync
from core.access import Actor
from core.dated import valid_on
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.people.models import Organisation
from core.people.services import organisation_called
from core.walks.models import Observation, Walk
from core.walks.services import promises
from core.walks.services.planning import apply_plan, columns_of, route_of
from core.walks.services.protocol import adjust, may_adjust
from core.walks.services.reaching import reaches
from core.walks.services.way import Stop
from core.walks.states import HELD, LOG, LOGGED_IN, OBSERVATION, UNANSWERED, WALK

PAGE = 50
GRAVE = 2
"""From this severity on an observation must have an answer before the walk is fed back (domain.md 2.3)."""
A_DAY = timedelta(days=1)
MOST_ONGOING = 5
MOST_NAMED = 20
"""Observations that a refusal names."""


@dataclass(frozen=True)
class Page:
    """A page of walks, and where the next one begins."""

    rows: list[Any]
    after: tuple[datetime, int] | None


@dataclass(frozen=True)
class Wanted:
    """Which walks to list: of a state, a theme, a year, a district (the organiser's uid), led by oneself."""

    state: str = ""
    theme: str = ""
    year: int | None = None
    district: UUID | None = None
    mine: bool = False


def list_walks(
    actor: Actor, *, after: tuple[datetime, int] | None = None, wanted: Wanted | None = None, limit: int = PAGE
) -> Page:
    """Return the walks that the actor reaches, the latest first."""
    access.require(actor, "walks:walk:read")
    counted = select(func.count()).where(Observation.walk_id == Walk.id).correlate(Walk).scalar_subquery()
    columns = select(
        Walk.id, Walk.uid, Walk.number, Walk.title, Walk.theme, Walk.planned_at, Walk.state,
        Organisation.name.label("organiser"), counted.label("observations"),
    )  # fmt: skip
    rows = columns.join(Organisation, Organisation.id == Walk.organiser_id).where(access.rule_of(Walk, actor))
    rows = rows.where(*_such(actor, wanted or Wanted()))
    if after:
        rows = rows.where(tuple_(Walk.planned_at, Walk.id) < after)
    order = (Walk.planned_at.desc(), Walk.id.desc())
    found = db.session().execute(rows.order_by(*order).limit(limit + 1)).all()
    more, found = len(found) > limit, found[:limit]
    return Page(list(found), (found[-1].planned_at, found[-1].id) if more else None)


def _such(actor: Actor, wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    """Return the conditions of a filter."""
    if wanted.state:
        yield Walk.state == wanted.state
    if wanted.theme:
        yield Walk.theme == wanted.theme
    if wanted.district is not None:
        yield Organisation.uid == wanted.district
    if wanted.year is not None:
        first, last = (datetime(year, 1, 1, tzinfo=clock.STOCKHOLM) for year in (wanted.year, wanted.year + 1))
        yield Walk.planned_at.between(first.astimezone(UTC), last.astimezone(UTC))
    if wanted.mine:
        yield or_(Walk.leader_id == actor.id, Walk.note_taker_id == actor.id, Walk.photographer_id == actor.id)


def organisers(actor: Actor) -> list[Organisation]:
    """Return who leads the walks that the actor reaches, by name: the filter's choices."""
    access.require(actor, "walks:walk:read")
    leading = select(Walk.organiser_id).where(access.rule_of(Walk, actor))
    rows = select(Organisation).where(Organisation.id.in_(leading)).order_by(Organisation.name).limit(200)
    return list(db.session().scalars(rows))


def ongoing(actor: Actor) -> list[Any]:
    """Return the walks that the actor is out on: started, planned for the last day, the latest first.

    Those who lead walks from their desk are out on the ones on which they have a function.
    """
    if not actor.may(LOG):
        return []
    rows = select(Walk.uid, Walk.title, Walk.planned_at, Walk.level).where(access.rule_of(Walk, actor, LOG))
    rows = rows.where(Walk.state == "pagar", Walk.planned_at > clock.now() - A_DAY, Walk.level < PROTECTED)
    if actor.may("walks:walk:lead"):
        rows = rows.where(*_such(actor, Wanted(mine=True)))
    return list(db.session().execute(rows.order_by(Walk.planned_at.desc(), Walk.id.desc()).limit(MOST_ONGOING)))


def open_walks(actor: Actor, limit: int = PAGE) -> list[Any]:
    """Return the walks that the actor may write on and whose protocol is not adjusted, the latest first."""
    rows = select(Walk.uid, Walk.number, Walk.title).where(access.rule_of(Walk, actor, LOG))
    rows = rows.where(Walk.state.in_(LOGGED_IN), Walk.level < PROTECTED)
    return list(db.session().execute(rows.order_by(Walk.planned_at.desc(), Walk.id.desc()).limit(limit)))


def led_by(actor: Actor) -> list[Organisation]:
    """Return the organisations that the actor can plan walks for, by name."""
    access.require(actor, "walks:walk:lead")
    reach = [one.organisations for one in actor.reaches("walks:walk:lead")]
    keys = {key for one in reach if one is not None for key in one}
    rows = select(Organisation).where(Organisation.id.in_(keys), valid_on(Organisation, clock.today()))
    return list(db.session().scalars(rows.order_by(Organisation.name)))


def followed_by(actor: Actor, walk: Walk) -> list[Walk]:
    """Return the walks that follow a walk up."""
    rows = select(Walk).where(Walk.follows_id == walk.id).order_by(Walk.planned_at)
    return list(db.session().scalars(access.visible(rows, actor)))


def read_walk(actor: Actor, uid: UUID, permission: str = "walks:walk:read") -> Walk:
    """Return the walk with its places and organiser; Missing when the actor does not reach it so."""
    access.find(Walk, uid, actor, permission)
    parts = (Walk.places, Walk.partners, Walk.stops)
    ones = (Walk.organiser, Walk.leader, Walk.note_taker, Walk.photographer, Walk.follows)
    whole = select(Walk).options(*map(selectinload, parts), *map(joinedload, ones))
    return db.session().scalars(whole.where(Walk.uid == uid)).one()


def add_walk(
    actor: Actor,
    *,
    uid: UUID,
    title: str,
    theme: str,
    planned_at: datetime,
    organiser: str,
    places: Iterable[UUID],
    purpose: str = "",
    follows: UUID | None = None,
    **plan: Any,
) -> Walk:
    """Plan a walk of the organisation with code `organiser` through `places`; the same again is the first one.

    `follows` is a walk that this one follows up, whose route and stops it takes over; `plan` is as in `change_walk`.
    """
    access.require(actor, "walks:walk:lead")
    wanted = list(places)
    facts: dict[str, Any] = {"title": title, "theme": theme, "planned_at": planned_at, "purpose": purpose}
    more = {name: str(value) for name, value in (plan | {"follows": follows}).items() if value}
    content = db.fingerprint(**facts, organiser=organiser, places=wanted, plan=more)
    known = db.session().scalar(select(Walk).where(Walk.uid == uid))
    if known is not None:
        if known.content != content or not reaches(actor, Walk, known.id, "walks:walk:lead"):
            raise db.Conflict("walk", uid)
        return read_walk(actor, uid)
    found = organisation_called(organiser, "organiser")
    year = clock.local(planned_at).year
    number = f"TV-{year}-{db.next_number(f'TV-{year}'):03d}"
    columns = facts | columns_of(plan)
    walk = Walk(uid=uid, content=content, number=number, organiser_id=found.id, state=WALK.start, level=1, **columns)
    db.session().add(walk)
    db.session().flush()
    access.require(actor, "walks:walk:lead", walk)
    taken = _taken_over(actor, walk, follows) if follows else {}
    apply_plan(actor, walk, taken | {"planned_at": planned_at, "places": wanted} | plan)
    db.session().flush()
    db.session().expire(walk)
    sync.arrived(uid)
    journal.write(actor, "walk:add", "walk", uid, number=number, title=title)
    return read_walk(actor, uid)


def _taken_over(actor: Actor, walk: Walk, follows: UUID) -> dict[str, Any]:
    """Let a walk follow another up; return of its plan what they share."""
    first = read_walk(actor, follows)
    walk.follows_id = first.id
    db.session().flush()
    stops = [Stop(stop.name, stop.point, stop.questions) for stop in first.stops]
    return {"route": route_of(first), "stops": stops, "partners": [row.uid for row in first.partners]}


def moves_of(actor: Actor, walk: Walk) -> list[flow.Move]:
    """Return the moves of a walk that lie open to the actor; the protocol's only to whom it waits for."""
    moves = flow.moves_for(WALK, walk, actor)
    return [move for move in moves if move.key != "justera" or may_adjust(actor, walk)]


def move_walk(
    actor: Actor, uid: UUID, key: str, *, reason: str = "", sure: bool = False, version: int | None = None
) -> Walk:
    """Make a move of a walk; the first of the two who adjust its protocol only leaves a trace.

    Whoever is not `sure` is asked before a walk ends that seems not to have been held. Raises Missing, Denied, Stale,
    Refused.
    """
    walk = access.find(Walk, uid, actor, WALK.move(key).needs, lock=True)
    db.refuse_stale("walk", uid, walk.version, version)
    if key == "avsluta" and not sure and walk.state in WALK.move(key).sources and seems_unheld(walk):
        words = N_("Kryssa i rutan om vandringen är gjord. Annars: vänta med att avsluta den.")
        raise flow.Refused([Objection(words, "sure")], key)
    if key == "justera" and walk.state in WALK.move(key).sources and not adjust(actor, walk):
        return walk
    flow.move(WALK, walk, key, actor, reason=reason)
    if WALK.move(key).reason:
        walk.reason = reason.strip()
        db.session().flush()
    promises.walked(read_walk(actor, uid), key, WALK.move(key).label)
    return walk


def seems_unheld(walk: Walk) -> bool:
    """Whether a walk has not begun by its plan, or nothing has been seen on it."""
    seen = select(Observation.id).where(Observation.walk_id == walk.id)
    return clock.now() < walk.planned_at or db.session().scalars(seen.limit(1)).first() is None


@WALK.guard("aterkoppla")
def _all_answered(walk: Walk, _actor: Actor) -> Iterable[Objection]:
    """Residents get an answer to everything that made them feel unsafe (domain.md 2.3)."""
    waiting = select(Observation.number, Observation.kind_title, Observation.state)
    waiting = waiting.where(Observation.walk_id == walk.id, Observation.state.in_(UNANSWERED))
    waiting = waiting.where(Observation.severity >= GRAVE, Observation.nature != "positivt")
    words = N_("Iakttagelse {n}, {kind}, har inte fått svar än. Läge: {state}.")
    for row in db.session().execute(waiting.order_by(Observation.number).limit(MOST_NAMED)):
        told = Text(words, n=row.number, kind=row.kind_title, state=OBSERVATION.states[row.state].label)
        yield Objection(told, f"iakttagelse-{row.number}")


@WALK.guard("folja_upp")
def _followed_up(walk: Walk, _actor: Actor) -> Iterable[Objection]:
    """A walk is followed up by another one that has been held."""
    held = select(Walk.id).where(Walk.follows_id == walk.id, Walk.state.in_(HELD))
    if db.session().scalars(held.limit(1)).first() is None:
        yield Objection(N_("Planera en uppföljande vandring och håll den först."))
