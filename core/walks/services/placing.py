"""Where an observation lies: its position, its place, who coordinates there, and who answers for the spot."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shapely import Point
from sqlalchemy import select

from core import access, db, geo
from core.access import Actor
from core.i18n import N_
from core.places import services as places
from core.places.models import Asset, Place
from core.places.spots import point_of
from core.schema import Invalid
from core.walks.models import Observation, Walk, WalkPlace
from core.walks.services.walks import read_walk
from core.walks.services.way import along
from core.walks.states import LOG, UNROUTED

NEAR = 200
"""Metres from a walk's place within which an observation belongs to it."""
NEAREST = 12
"""Things of the register that one can choose between."""
UNPROTECTED = 1
"""Level of what neither a walk nor a place protects."""
ALONG = 1000
"""Metres from a walk's places within which a photo's own position is believed, and a place can be chosen."""


@dataclass(frozen=True)
class Position:
    """Where something was seen, in WGS 84 degrees; accuracy in metres."""

    latitude: float
    longitude: float
    accuracy_m: float | None = None
    source: str = "gps"

    def point(self) -> Point:
        """Return the position in SWEREF 99 TM. Raises GeometryRefused, also outside the city."""
        return point_of(self.latitude, self.longitude)


def on_the_way(actor: Actor, walk: UUID, position: Position) -> bool:
    """Whether a position lies within a kilometre of one of the walk's places."""
    try:
        point = position.point()
    except geo.GeometryRefused:
        return False
    route = read_walk(actor, walk, LOG).places
    return any(place.geom.distance(point) <= ALONG for place in route)


def settle(
    observation: Observation, walk: Walk | None, position: Position | None, role: str, place: Place | None = None
) -> None:
    """Put an observation where it was seen: at the chosen place, else the one that holds the spot or is nearest.

    Without either it is the first place that the walk comes to, if there is a walk.
    """
    point = position.point() if position else None
    observation.point = point
    observation.accuracy_m = position.accuracy_m if position else None
    observation.position_source = position.source if position else "plats"
    put_at(observation, walk, place or _place_at(point, walk), role)


def is_found(observation: Observation, walk: Walk | None) -> bool:
    """Whether an observation lies at the place that its position finds: nobody has chosen another."""
    point = Point(observation.point) if observation.point is not None else None
    return observation.place is _place_at(point, walk)


def place_again(actor: Actor, walk: Walk) -> UUID | None:
    """Return where the actor last saw something on the walk, else its first place: where they are likely to be."""
    last = select(Observation.place_id).where(Observation.walk_id == walk.id, Observation.reporter_id == actor.id)
    key = db.session().scalar(last.order_by(Observation.number.desc()).limit(1))
    uids = {place.id: place.uid for place in walk.places}
    return uids.get(key or 0) or next(iter(uids.values()), None)


def put_at(observation: Observation, walk: Walk | None, place: Place | None, role: str) -> None:
    """Let an observation belong to a place, or to none: who coordinates and who answers for the spot follow."""
    point = Point(observation.point) if observation.point is not None else None
    observation.place_id, observation.place = (place.id, place) if place else (None, None)
    observation.level = max(walk.level if walk else UNPROTECTED, place.level if place else 0)
    owner = places.owner_at(role=role, point=point, place_id=observation.place_id, kind=observation.kind)
    observation.coordinator_id = owner.coordinator or (walk.organiser_id if walk else observation.home_id)
    if observation.state in UNROUTED:
        observation.organisation_id = owner.responsible or observation.coordinator_id


def recognise(observation: Observation) -> None:
    """Find which thing of the city's register a number is that somebody read: the nearest there with that number.

    Another number, or one that nobody has there, stays as it was written.
    """
    spot, number = spot_of(observation), (observation.asset_ref or "").strip()
    found = places.asset_numbered(number, spot) if number and spot is not None else None
    observation.asset_id = found.id if found else None


def things_near(actor: Actor, observation: Observation) -> list[Asset]:
    """Return the things of the city's register nearest to where something was seen; none for who may not see them."""
    spot = spot_of(observation)
    if spot is None or not actor.may("places:asset:read"):
        return []
    return places.list_assets(actor, near=spot, limit=NEAREST).rows


def places_near(actor: Actor, observation: Observation) -> list[tuple[UUID, str]]:
    """Return the places that an observation can belong to, by name: the walk's, and the nearest within a kilometre."""
    if not actor.may("places:place:read"):
        return []
    there = select(WalkPlace.place_id).where(WalkPlace.walk_id == observation.walk_id)
    own = select(Place.uid, Place.name).where(Place.id.in_(there), access.rule_of(Place, actor))
    found = {row.uid: row.name for row in db.session().execute(own)}
    if (spot := spot_of(observation)) is not None:
        found |= {row.uid: row.name for row in places.nearest_places(actor, spot, within_m=ALONG)}
    return sorted(found.items(), key=lambda pair: pair[1])


def reached_place(actor: Actor, uid: UUID | None) -> Place | None:
    """Return the place that somebody chose, None for none. Raises Invalid at `place` for one that they do not reach."""
    if uid is None:
        return None
    found = db.session().scalar(select(Place).where(Place.uid == uid, access.rule_of(Place, actor)))
    if found is None:
        raise Invalid({"place": [N_("Platsen finns inte, eller så har du inte rätt att se den.")]})
    return found


def spot_of(observation: Observation) -> Point | None:
    """Return where it was seen; without a position the middle of its place."""
    if observation.point is not None:
        return Point(observation.point)
    return observation.place.geom.representative_point() if observation.place else None


def _place_at(point: Point | None, walk: Walk | None) -> Place | None:
    """Return the place that holds the point, else the walk's nearest within 200 m; without a point the walk's first."""
    route = list(db.session().scalars(along(walk))) if walk else []
    if point is None:
        return route[0] if route else None
    if found := places.holding(point):
        ours = {place.id for place in route}
        return min(found, key=lambda place: place.id not in ours)
    near = [place for place in route if place.geom.distance(point) <= NEAR]
    return min(near, key=lambda place: place.geom.distance(point), default=None)
