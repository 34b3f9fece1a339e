"""Observations: logged, read, changed; each finds its place and who answers for the spot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, geo, journal, media, plugins
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.media import Listed
from core.places import services as places
from core.places.models import Asset, Place
from core.schema import Invalid
from core.walks.kinds import kind_of, load_details
from core.walks.models import Observation, Walk, WalkPlace
from core.walks.services import promises
from core.walks.services.reaching import check_version
from core.walks.services.walks import GRAVE, read_walk
from core.walks.states import LOGGED_IN, OBSERVATION, WALK

NEAR = 200
"""Metres from a walk's place within which an observation belongs to it."""
NEAREST = 12
"""Things of the register that one can choose between."""
ALONG = 1000
"""Metres from a walk's places within which a photo's own position is believed."""


UNROUTED = ("ny", "granskad")
"""States in which the receiver still follows from where it is; after that somebody has decided who it is."""


@dataclass(frozen=True)
class Position:
    """Where something was seen, in WGS 84 degrees; accuracy in metres."""

    latitude: float
    longitude: float
    accuracy_m: float | None = None
    source: str = "gps"

    def point(self) -> Point:
        """Return the position in SWEREF 99 TM. Raises GeometryRefused, also outside the city."""
        here = {"type": "Point", "coordinates": [self.longitude, self.latitude]}
        found = geo.from_geojson(here, kinds=geo.POINTS, within=places.bounds())
        return Point(found)


def log_observation(
    actor: Actor,
    *,
    uid: UUID,
    walk: UUID,
    kind: str,
    nature: str = "brist",
    severity: int = GRAVE,
    seen_at: datetime | None = None,
    position: Position | None = None,
    description: str = "",
    details: Mapping[str, Any] | None = None,
    photos: Iterable[Listed] = (),
    **more: Any,
) -> Observation:
    """Log what was seen on a walk, once: the same uid and content again is the first observation.

    `more` is when and for whom it matters, the object, and what is proposed.

    It finds its place, who coordinates and who answers for the spot. Raises Invalid, Missing, Conflict,
    GeometryRefused, and Refused when the walk takes in nothing more.
    """
    access.require(actor, "walks:observation:log")
    listed = list(photos)
    facts: dict[str, Any] = {"kind": kind, "nature": nature, "severity": severity, "description": description}
    content = db.fingerprint(**facts, walk=walk, seen_at=seen_at, position=position, details=details, photos=listed)
    if given := {name: value for name, value in more.items() if value}:
        content = db.fingerprint(first=content.hex(), **given)
    known = db.session().scalar(select(Observation).where(Observation.uid == uid))
    if known is not None:
        if known.content != content or known.reporter_id != actor.id:
            raise db.Conflict("observation", uid)
        return known
    outing = access.find(Walk, walk, actor, "walks:observation:log", lock=True)
    _refuse_adjusted(outing)
    sort = _kind(kind)
    observation = Observation(
        uid=uid,
        content=content,
        walk_id=outing.id,
        number=_next_in(outing),
        kind_title=sort.title,
        seen_at=_believed(seen_at),
        received_at=clock.now(),
        reporter_id=actor.id,
        details=load_details(sort, details or {}),
        state=OBSERVATION.start,
        **facts,
        **given,
    )
    _settle(observation, read_walk_places(outing), outing, position, sort.control_role)
    _recognise(observation)
    db.session().add(observation)
    db.session().flush()
    media.expect(actor, "observation", uid, listed, level=observation.level)
    journal.write(actor, "observation:log", "observation", uid, level=observation.level, kind=kind, walk=outing.number)
    plugins.told("after_observation", actor, observation=observation.ref())
    promises.logged(observation)
    return observation


def _refuse_adjusted(walk: Walk) -> None:
    """Keep what was seen on a walk as its adjusted protocol says it."""
    if walk.state not in LOGGED_IN:
        words = N_("Vandringen har läget ”{state}”. Då går det inte att lägga till eller ändra iakttagelser.")
        raise flow.Refused([Objection(Text(words, state=WALK.states[walk.state].label))])


def on_the_way(actor: Actor, walk: UUID, position: Position) -> bool:
    """Whether a position lies within a kilometre of one of the walk's places."""
    try:
        point = position.point()
    except geo.GeometryRefused:
        return False
    route = read_walk(actor, walk, "walks:observation:log").places
    return any(place.geom.distance(point) <= ALONG for place in route)


def _believed(seen_at: datetime | None) -> datetime:
    """Return the phone's time, or the server's when the phone's cannot be right (domain rule T6).

    A clock that is more than ten minutes ahead or over a year behind is wrong; the server's time stands beside anyway.
    """
    now = clock.now()
    return seen_at if seen_at and now - timedelta(days=366) <= seen_at <= now + timedelta(minutes=10) else now


def _kind(key: str) -> Any:
    try:
        return kind_of(key)
    except access.Missing:
        raise Invalid({"kind": [N_("Sorten finns inte. Välj en i listan.")]}) from None


def _next_in(walk: Walk) -> int:
    """Return the next number in the walk, whose row is locked."""
    highest = select(func.coalesce(func.max(Observation.number), 0)).where(Observation.walk_id == walk.id)
    return db.session().scalars(highest).one() + 1


def read_walk_places(walk: Walk) -> list[Place]:
    """Return the places that a walk goes through."""
    rows = select(Place).join(WalkPlace, WalkPlace.place_id == Place.id).where(WalkPlace.walk_id == walk.id)
    return list(db.session().scalars(rows.order_by(Place.id)))


def _settle(observation: Observation, route: list[Place], walk: Walk, position: Position | None, role: str) -> None:
    """Find where the observation belongs: its place, who coordinates there, and who answers for the spot."""
    point = position.point() if position else None
    place = _place_at(point, route)
    observation.point = point
    observation.accuracy_m = position.accuracy_m if position else None
    observation.position_source = position.source if position else "plats"
    observation.place_id, observation.place = (place.id, place) if place else (None, None)
    observation.level = max(walk.level, place.level if place else 0)
    area = places.area_at(point) if point is not None and place is None else None
    coordinator = place.district_id if place else area.organisation_id if area else None
    observation.coordinator_id = coordinator or walk.organiser_id
    if observation.state in UNROUTED:
        answers = places.controller(place.id if place else None, role, point, kind=observation.kind)
        observation.organisation_id = answers or observation.coordinator_id


def _recognise(observation: Observation) -> None:
    """Find which thing of the city's register a number is that somebody read: the nearest there with that number.

    Another number, or one that nobody has there, stays as it was written.
    """
    spot, number = _spot(observation), (observation.asset_ref or "").strip()
    found = places.asset_numbered(number, spot) if number and spot is not None else None
    observation.asset_id = found.id if found else None


def _spot(observation: Observation) -> Point | None:
    """Return where it was seen; without a position the middle of its place."""
    if observation.point is not None:
        return Point(observation.point)
    return observation.place.geom.representative_point() if observation.place else None


def things_near(actor: Actor, observation: Observation) -> list[Asset]:
    """Return the things of the city's register nearest to where something was seen; none for who may not see them."""
    spot = _spot(observation)
    if spot is None or not actor.may("places:asset:read"):
        return []
    return places.list_assets(actor, near=spot, limit=NEAREST).rows


def _place_at(point: Point | None, route: list[Place]) -> Place | None:
    """Return the place that holds the point, else the walk's nearest within 200 m; without a point the walk's first."""
    if point is None:
        return route[0] if route else None
    holding = select(Place).where(geo.point_in(Place.geom, point), Place.state == "oppen").order_by(Place.id)
    found = list(db.session().scalars(holding))
    if found:
        ours = {place.id for place in route}
        return min(found, key=lambda place: (place.id not in ours, geo.area_m2(place.geom)))
    near = [place for place in route if place.geom.distance(point) <= NEAR]
    return min(near, key=lambda place: place.geom.distance(point), default=None)


def change_observation(
    actor: Actor, uid: UUID, *, version: int, position: Position | None = None, **changes: Any
) -> Observation:
    """Change nature, severity, description or position of an observation as of `version`.

    What stood there before is journalled; plugins are told, so that their cases and frister follow. Raises Stale,
    Missing, Denied, GeometryRefused, and Refused when the walk's protocol is adjusted.
    """
    observation = access.find(Observation, uid, actor, "walks:observation:edit", lock=True)
    check_version("observation", observation, version)
    walk = db.session().get_one(Walk, observation.walk_id)
    _refuse_adjusted(walk)
    before = {name: getattr(observation, name) for name in changes}
    for name, value in changes.items():
        setattr(observation, name, value)
    if position is not None:
        before["point"] = observation.point.wkt if observation.point else None
        role = kind_of(observation.kind).control_role if plugins.is_running(observation.kind) else ""
        _settle(observation, read_walk_places(walk), walk, position, role)
    if position is not None or "asset_ref" in changes:
        _recognise(observation)
    db.session().flush()
    journal.write(actor, "observation:change", "observation", uid, level=observation.level, before=before)
    plugins.told("after_observation", actor, observation=observation.ref())
    promises.logged(observation)
    return observation


def read_observation(actor: Actor, uid: UUID) -> Observation:
    """Return the observation with walk, place and who answers; Missing when the actor does not reach it."""
    access.require(actor, "walks:observation:read")
    whole = select(Observation).options(
        joinedload(Observation.walk),
        joinedload(Observation.organisation),
        joinedload(Observation.coordinator),
        joinedload(Observation.proposed),
        joinedload(Observation.kept),
        joinedload(Observation.asset),
    )
    row = db.session().scalar(whole.where(Observation.uid == uid, access.rule_of(Observation, actor)))
    if row is None:
        raise access.Missing("observation", uid)
    return row


def observations_of(actor: Actor, walk: Walk) -> list[Observation]:
    """Return the observations of a walk that the actor reaches, in the order they were logged."""
    rows = select(Observation).options(joinedload(Observation.organisation)).where(Observation.walk_id == walk.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(Observation.number)))


def add_photo(actor: Actor, uid: UUID, listed: Listed) -> None:
    """Tie one more photo, such as the one taken after the work, to an observation."""
    observation = access.find(Observation, uid, actor, "media:photo:add", lock=True)
    media.expect(actor, "observation", uid, [listed], level=observation.level)


def _called(actor: Actor, uids: Collection[UUID]) -> dict[UUID, str]:
    """Say what each observation is about and where: of what is protected only that it is one."""
    rows = select(Observation.uid, Observation.kind_title, Place.name)
    rows = rows.outerjoin(Place, and_(Place.id == Observation.place_id, Place.level < PROTECTED))
    rows = rows.where(Observation.uid.in_(uids), Observation.level < PROTECTED, access.rule_of(Observation, actor))
    called = N_("{kind}, {place}")
    return {
        row.uid: Text(called, kind=row.kind_title, place=row.name) if row.name else row.kind_title
        for row in db.session().execute(rows)
    }


@media.record("observation", page="/iakttagelser/{uid}", title=N_("Iakttagelsen"), called=_called)
def _photographed(actor: Actor, permission: str) -> Any:
    """A photo of an observation is reached by those who reach the observation."""
    return select(Observation.uid).where(access.rule_of(Observation, actor, permission))


@media.policy
def _policy_of(kind: str | None, record: UUID | None, spot: tuple[float, float] | None) -> str:
    """Of a photo of an observation the policy of the observation's place holds, wherever the phone thought it was."""
    if kind != "observation" or spot is not None:
        return media.FREE
    said = select(Place.photo_policy).join(Observation, Observation.place_id == Place.id)
    return db.session().scalar(said.where(Observation.uid == record)) or media.FREE
