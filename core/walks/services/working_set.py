"""What a phone fetches of a walk, so that all that is needed out there is here without a line.

It tells functions and organisations, never persons' names, and of earlier photos only those that the whole world may
see. What it asks of the database does not grow with what it finds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import shapely
from shapely import LineString, Point
from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, geo, media
from core.access import Actor
from core.dated import valid_on
from core.journal import PROTECTED
from core.people import services as people
from core.people.models import Organisation
from core.places import services as places
from core.places.models import CONTROL_ROLES, Asset, Place, PlaceControl, ResponsibilityRule
from core.walks.models import Observation, Walk, WalkPlace, WalkStop
from core.walks.services.planning import route_of
from core.walks.services.walks import A_DAY, read_walk
from core.walks.states import LOG, LOGGED_IN, OBSERVATION

AROUND, LONGEST = 100, 4000
"""Metres beyond what a walk passes, and the longest side of what is fetched."""
KEPT = timedelta(days=7)
"""How long after a walk a phone keeps it."""
MOST_WALKS, MOST_PLACES, MOST_EARLIER, MOST_ASSETS = 50, 100, 200, 500
NEVER_AGAIN = ("dubblett", "avskriven")
"""States of what was seen on a walk that its follow-up does not look at again."""


@dataclass(frozen=True)
class WorkingSet:
    """A walk and what surrounds it. `box` is in SWEREF 99 TM; `responsible` are role and organisation."""

    walk: Walk
    route: LineString | None
    box: geo.Bounds
    places: list[Place]
    earlier: list[tuple[Observation, list[media.Photo]]]
    responsible: list[tuple[str, str]]
    assets: list[Asset]
    numbers: list[tuple[str, str]]
    leads: bool
    ends_at: datetime


def walks_to_fetch(actor: Actor) -> list[Any]:
    """Return the walks that the actor may log on: the ongoing first, then those to come, then those that were held."""
    access.require(actor, LOG)
    ahead = Walk.planned_at > clock.now() - A_DAY
    stops = select(func.count()).where(WalkStop.walk_id == Walk.id).correlate(Walk).scalar_subquery()
    first = select(Place.name).join(WalkPlace, WalkPlace.place_id == Place.id).where(WalkPlace.walk_id == Walk.id)
    first = first.where(Place.level < PROTECTED).order_by(WalkPlace.seq).limit(1).correlate(Walk)
    rows = select(
        Walk.uid, Walk.number, Walk.title, Walk.theme, Walk.planned_at, Walk.state, Walk.version,
        stops.label("stops"), first.scalar_subquery().label("place"),
    )  # fmt: skip
    rows = rows.where(access.rule_of(Walk, actor, LOG), Walk.state.in_(LOGGED_IN), Walk.level < PROTECTED)
    part = case((Walk.state == "pagar", 0), (ahead, 1), else_=2)
    order = (part, case((ahead, Walk.planned_at)).asc(), Walk.planned_at.desc(), Walk.id)
    return list(db.session().execute(rows.order_by(*order).limit(MOST_WALKS)))


def working_set(actor: Actor, uid: UUID) -> WorkingSet:
    """Return what a phone fetches of a walk; Missing for one that the actor may not log on."""
    access.require(actor, LOG)
    walk = read_walk(actor, uid, LOG)
    if walk.level >= PROTECTED:
        raise access.Missing("walk", uid)
    route, own = route_of(walk), [place.id for place in walk.places]
    box = _box(walk, route)
    known = _places(actor, own, box)
    return WorkingSet(
        walk=walk,
        route=route,
        box=box or places.bounds(),
        places=known,
        earlier=_earlier(actor, walk, own, box),
        responsible=_responsible(own, walk),
        assets=_assets(actor, box),
        numbers=_numbers([place for place in known if place.id in own], walk.organiser),
        leads=walk.leader_id == actor.id,
        ends_at=max(walk.planned_at, _last_midnight()) + KEPT,
    )


def usual_numbers(actor: Actor) -> list[tuple[str, str]]:
    """Return whom one rings about a danger without a walk: functions of the organisation that it is logged for."""
    access.require(actor, LOG)
    own = db.session().get(Organisation, actor.organisation) if actor.organisation is not None else None
    return people.telephones(own) if own is not None else []


def _last_midnight() -> datetime:
    """Return when today began: a walk that is fetched long after it was held is kept for a while too."""
    return clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)


def _box(walk: Walk, route: LineString | None) -> geo.Bounds | None:
    """Return the box around what a walk passes; None for one that is nowhere yet."""
    shapes = [place.geom for place in walk.places] + [stop.point for stop in walk.stops if stop.point is not None]
    shapes += [route] if route is not None else []
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    middle = (west + east) / 2, (south + north) / 2
    wide, high = (min(side / 2 + AROUND, LONGEST / 2) for side in (east - west, north - south))
    return middle[0] - wide, middle[1] - high, middle[0] + wide, middle[1] + high


def _places(actor: Actor, own: list[int], box: geo.Bounds | None) -> list[Place]:
    """Return the walk's places in its order, then the others in the box: among them what may not be photographed."""
    if box is None:
        return []
    rows = select(Place).where(access.rule_of(Place, actor), Place.id.in_(own))
    mine = {place.id: place for place in db.session().scalars(rows)}
    return [mine[key] for key in own if key in mine] + list(db.session().scalars(nearby_query(actor, own, box)))


def nearby_query(actor: Actor, own: list[int], box: geo.Bounds) -> Any:
    """Return the query for the other places in the box, for the test that asks the database how it runs it too."""
    rows = select(Place).where(access.rule_of(Place, actor), Place.state == "oppen", Place.id.not_in(own))
    strict = case((Place.photo_policy == media.FORBIDDEN, 0), else_=1)
    return rows.where(geo.in_box(Place.geom, box)).order_by(strict, Place.id).limit(MOST_PLACES)


def _earlier(
    actor: Actor, walk: Walk, own: list[int], box: geo.Bounds | None
) -> list[tuple[Observation, list[media.Photo]]]:
    """Return what was seen here before and still waits, and all that was seen on the walk that this one follows up."""
    if box is None or not actor.may("walks:observation:read"):
        return []
    found = list(db.session().scalars(earlier_query(actor, walk, own, box)))
    photos = media.photos_of("observation", [row.uid for row in found])
    return [(row, [photo for photo in photos[row.uid] if media.is_for_everybody(photo)]) for row in found]


def earlier_query(actor: Actor, walk: Walk, own: list[int], box: geo.Bounds) -> Any:
    """Return the query for what was seen here before, for the test that asks the database how it runs it too."""
    here = or_(geo.in_box(Observation.point, box), Observation.place_id.in_(own))
    waits = Observation.state.in_(OBSERVATION.open_states())
    first = Observation.walk_id == walk.follows_id
    rows = select(Observation).options(joinedload(Observation.walk)).where(access.rule_of(Observation, actor))
    elsewhere = Observation.walk_id.is_distinct_from(walk.id)  # which is also what has no walk
    rows = rows.where(Observation.level < PROTECTED, elsewhere)
    rows = rows.where(or_(here & waits, first & Observation.state.not_in(NEVER_AGAIN)))
    order = (case((first, 0), else_=1), Observation.seen_at.desc(), Observation.id.desc())
    return rows.order_by(*order).limit(MOST_EARLIER)


def _responsible(own: list[int], walk: Walk) -> list[tuple[str, str]]:
    """Return who answers for what on the way: by rådighet, else by the city's rules; last who leads the walk."""
    held = select(PlaceControl.role, Organisation.name).join(Organisation).where(PlaceControl.place_id.in_(own))
    held = held.where(valid_on(PlaceControl, clock.today())).distinct()
    ruled = select(ResponsibilityRule.control_role, Organisation.name)
    ruled = ruled.join(Organisation, Organisation.id == ResponsibilityRule.organisation_id)
    ruled = ruled.where(ResponsibilityRule.kind == "").order_by(ResponsibilityRule.priority)
    known = [(role, name) for role, name in db.session().execute(held)]
    by_rule: dict[str, str] = {}
    for role, name in db.session().execute(ruled):
        by_rule.setdefault(role, name)
    known += [(role, name) for role, name in by_rule.items() if role not in dict(known)]
    order = list(CONTROL_ROLES)
    return [*sorted(known, key=lambda pair: (order.index(pair[0]), pair[1])), ("", walk.organiser.name)]


def _assets(actor: Actor, box: geo.Bounds | None) -> list[Asset]:
    if box is None or not actor.may("places:asset:read"):
        return []
    return places.list_assets(actor, box=box, limit=MOST_ASSETS).rows


def _numbers(own: Iterable[Place], organiser: Organisation) -> list[tuple[str, str]]:
    """Return whom one rings about a danger: the place's jour, and functions of who leads the walk."""
    return [(place.name, place.oncall) for place in own if place.oncall] + people.telephones(organiser)


def degrees(box: geo.Bounds) -> geo.Bounds:
    """Return a box in SWEREF 99 TM as the one around it in WGS 84."""
    around = geo.transform(shapely.box(*box), geo.SWEREF, geo.WGS84)
    west, south, east, north = (round(number, geo.DECIMALS_SHOWN) for number in around.bounds)
    return west, south, east, north


def spot(point: Any) -> list[float] | None:
    """Return a stored point as longitude and latitude."""
    return list(geo.to_geojson(Point(point), geo.DECIMALS_SHOWN)["coordinates"]) if point is not None else None
