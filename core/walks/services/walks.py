"""Walks: planned, read, listed and moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people.models import Organisation
from core.places.models import Place
from core.schema import Invalid
from core.walks.models import Observation, Walk, WalkPlace
from core.walks.services import promises
from core.walks.services.reaching import check_version, reaches
from core.walks.states import WALK

PAGE = 50
GRAVE = 2
"""From this severity on an observation must have an answer before the walk is fed back (domain.md 2.3)."""
UNANSWERED = ("ny", "granskad", "fordelad", "mottagen", "fel_mottagare", "ateroppnad")


@dataclass(frozen=True)
class Page:
    """A page of walks, and where the next one begins."""

    rows: list[Any]
    after: tuple[datetime, int] | None


def list_walks(actor: Actor, *, after: tuple[datetime, int] | None = None, limit: int = PAGE) -> Page:
    """Return the walks that the actor reaches, the latest first."""
    access.require(actor, "walks:walk:read")
    counted = select(func.count()).where(Observation.walk_id == Walk.id).correlate(Walk).scalar_subquery()
    columns = select(
        Walk.id, Walk.uid, Walk.number, Walk.title, Walk.theme, Walk.planned_at, Walk.state,
        Organisation.name.label("organiser"), counted.label("observations"),
    )  # fmt: skip
    rows = columns.join(Organisation, Organisation.id == Walk.organiser_id).where(access.rule_of(Walk, actor))
    if after:
        rows = rows.where(tuple_(Walk.planned_at, Walk.id) < after)
    order = (Walk.planned_at.desc(), Walk.id.desc())
    found = db.session().execute(rows.order_by(*order).limit(limit + 1)).all()
    more, found = len(found) > limit, found[:limit]
    return Page(list(found), (found[-1].planned_at, found[-1].id) if more else None)


def read_walk(actor: Actor, uid: UUID, permission: str = "walks:walk:read") -> Walk:
    """Return the walk with its places and organiser; Missing when the actor does not reach it so."""
    access.find(Walk, uid, actor, permission)
    whole = select(Walk).options(selectinload(Walk.places), joinedload(Walk.organiser))
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
) -> Walk:
    """Plan a walk of the organisation with code `organiser` through `places`; the same again is the first one."""
    access.require(actor, "walks:walk:lead")
    route = list(places)
    facts: dict[str, Any] = {"title": title, "theme": theme, "planned_at": planned_at, "purpose": purpose}
    content = db.fingerprint(**facts, organiser=organiser, places=route)
    known = db.session().scalar(select(Walk).where(Walk.uid == uid))
    if known is not None:
        if known.content != content or not reaches(actor, Walk, known.id, "walks:walk:lead"):
            raise db.Conflict("walk", uid)
        return read_walk(actor, uid)
    found = db.session().scalar(select(Organisation).where(Organisation.code == organiser))
    if found is None:
        raise Invalid({"organiser": [Text(N_("Organisationen {code} finns inte."), code=organiser)]})
    year = clock.local(planned_at).year
    number = f"TV-{year}-{db.next_number(f'TV-{year}'):03d}"
    walk = Walk(uid=uid, content=content, number=number, organiser_id=found.id, state=WALK.start, level=1, **facts)
    db.session().add(walk)
    db.session().flush()
    for key in _route(actor, route):
        db.session().add(WalkPlace(walk_id=walk.id, place_id=key))
    db.session().flush()
    access.require(actor, "walks:walk:lead", walk)
    journal.write(actor, "walk:add", "walk", uid, number=number, title=title)
    return read_walk(actor, uid)


def _route(actor: Actor, uids: list[UUID]) -> list[int]:
    """Return the keys of the places of a walk; Invalid for one that the actor does not reach."""
    reached = select(Place.uid, Place.id).where(Place.uid.in_(uids), access.rule_of(Place, actor))
    found = {row.uid: row.id for row in db.session().execute(reached)}
    if lost := [uid for uid in uids if uid not in found]:
        raise Invalid(
            {"places": [Text(N_("Platsen {uid} finns inte, eller så har du inte rätt att se den."), uid=lost[0])]}
        )
    return [found[uid] for uid in dict.fromkeys(uids)]


def move_walk(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Walk:
    """Make a move of a walk. Raises Missing, Denied, Stale, Refused."""
    walk = access.find(Walk, uid, actor, WALK.move(key).needs, lock=True)
    check_version("walk", walk, version)
    flow.move(WALK, walk, key, actor, reason=reason)
    if WALK.move(key).reason:
        walk.reason = reason.strip()
        db.session().flush()
    promises.walked(read_walk(actor, uid), key, WALK.move(key).label)
    return walk


@WALK.guard("aterkoppla")
def _all_answered(walk: Walk, _actor: Actor) -> Iterable[Objection]:
    """Residents get an answer to everything that made them feel unsafe (domain.md 2.3)."""
    waiting = select(func.count()).where(Observation.walk_id == walk.id, Observation.state.in_(UNANSWERED))
    waiting = waiting.where(Observation.severity >= GRAVE, Observation.nature != "positivt")
    count = db.session().scalar(waiting)
    if count:
        yield Objection(Text(N_("Iakttagelser som inte har fått svar än: {count}."), count=count))
