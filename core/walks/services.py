"""The rules of walks and observations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from core import access, clock, db, flow, geo, journal, media, plugins
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.media import Listed
from core.people.models import Organisation
from core.places import services as places
from core.places.models import Place
from core.schema import Invalid
from core.walks.kinds import kind_of, load_details
from core.walks.models import Observation, Walk, WalkPlace
from core.walks.states import LOGGED_IN, OBSERVATION, WALK

PAGE = 50
NEAR = 200
"""Metres from a walk's place within which an observation belongs to it."""
ALONG = 1000
"""Metres from a walk's places within which a photo's own position is believed."""
GRAVE = 2
"""From this severity on an observation must have an answer before the walk is fed back (domain.md 2.3)."""
UNANSWERED = ("ny", "granskad", "fordelad", "mottagen", "fel_mottagare", "ateroppnad")


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
    _check_version("walk", walk, version)
    flow.move(WALK, walk, key, actor, reason=reason)
    return walk


@WALK.guard("aterkoppla")
def _all_answered(walk: Walk, _actor: Actor) -> Iterable[Objection]:
    """Residents get an answer to everything that made them feel unsafe (domain.md 2.3)."""
    waiting = select(func.count()).where(Observation.walk_id == walk.id, Observation.state.in_(UNANSWERED))
    waiting = waiting.where(Observation.severity >= GRAVE, Observation.nature != "positivt")
    count = db.session().scalar(waiting)
    if count:
        yield Objection(Text(N_("Iakttagelser som inte har fått svar än: {count}."), count=count))


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
) -> Observation:
    """Log what was seen on a walk, once: the same uid and content again is the first observation.

    It finds its place, who coordinates and who answers for the spot. Raises Invalid, Missing, Conflict,
    GeometryRefused, and Refused when the walk takes in nothing more.
    """
    access.require(actor, "walks:observation:log")
    listed = list(photos)
    facts: dict[str, Any] = {"kind": kind, "nature": nature, "severity": severity, "description": description}
    content = db.fingerprint(**facts, walk=walk, seen_at=seen_at, position=position, details=details, photos=listed)
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
        level=outing.level,
        **facts,
    )
    _settle(observation, read_walk_places(outing), outing, position, sort.control_role)
    db.session().add(observation)
    db.session().flush()
    media.expect(actor, "observation", uid, listed, level=observation.level)
    journal.write(actor, "observation:log", "observation", uid, level=observation.level, kind=kind, walk=outing.number)
    plugins.told("after_observation", actor, observation=observation.ref())
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
    area = places.area_at(point) if point is not None and place is None else None
    coordinator = place.district_id if place else area.organisation_id if area else None
    observation.coordinator_id = coordinator or walk.organiser_id
    answers = places.controller(place.id if place else None, role, point, kind=observation.kind)
    observation.organisation_id = answers or observation.coordinator_id


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
    _check_version("observation", observation, version)
    walk = db.session().get_one(Walk, observation.walk_id)
    _refuse_adjusted(walk)
    before = {name: getattr(observation, name) for name in changes}
    for name, value in changes.items():
        setattr(observation, name, value)
    if position is not None:
        before["point"] = observation.point.wkt if observation.point else None
        role = kind_of(observation.kind).control_role if plugins.is_running(observation.kind) else ""
        _settle(observation, read_walk_places(walk), walk, position, role)
    db.session().flush()
    journal.write(actor, "observation:change", "observation", uid, level=observation.level, before=before)
    plugins.told("after_observation", actor, observation=observation.ref())
    return observation


def read_observation(actor: Actor, uid: UUID) -> Observation:
    """Return the observation with walk, place and who answers; Missing when the actor does not reach it."""
    access.require(actor, "walks:observation:read")
    whole = select(Observation).options(
        joinedload(Observation.walk), joinedload(Observation.organisation), joinedload(Observation.coordinator)
    )
    row = db.session().scalar(whole.where(Observation.uid == uid, access.rule_of(Observation, actor)))
    if row is None:
        raise access.Missing("observation", uid)
    return row


def observations_of(actor: Actor, walk: Walk) -> list[Observation]:
    """Return the observations of a walk that the actor reaches, in the order they were logged."""
    rows = select(Observation).options(joinedload(Observation.organisation)).where(Observation.walk_id == walk.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(Observation.number)))


def move_observation(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Observation:
    """Make a move of an observation. Raises Missing, Denied, Stale, Refused."""
    observation = access.find(Observation, uid, actor, OBSERVATION.move(key).needs, lock=True)
    _check_version("observation", observation, version)
    flow.move(OBSERVATION, observation, key, actor, reason=reason)
    if key == "atgarda":
        observation.done_by_id = actor.id
    db.session().flush()
    return observation


@OBSERVATION.guard("verifiera")
def _not_ones_own_work(observation: Observation, actor: Actor) -> Iterable[Objection]:
    """Who did the work does not confirm it (domain.md 2.3)."""
    if observation.done_by_id is not None and observation.done_by_id == actor.id:
        yield Objection(N_("Du har markerat iakttagelsen som åtgärdad. Någon annan bekräftar den."))


def add_photo(actor: Actor, uid: UUID, listed: Listed) -> None:
    """Tie one more photo, such as the one taken after the work, to an observation."""
    observation = access.find(Observation, uid, actor, "media:photo:add", lock=True)
    media.expect(actor, "observation", uid, [listed], level=observation.level)


def _check_version(kind: str, row: Any, version: int | None) -> None:
    if version is not None and version != row.version:
        raise db.Stale(kind, row.uid, row.version)


def reaches(actor: Actor, model: Any, key: int, permission: str) -> bool:
    """Whether the actor reaches one row with a permission."""
    found = select(model.id).where(model.id == key, access.rule_of(model, actor, permission))
    return db.session().scalar(found) is not None


@media.record("observation", page="/iakttagelser/{uid}", title=N_("Iakttagelsen"))
def _photographed(actor: Actor, permission: str) -> Any:
    """A photo of an observation is reached by those who reach the observation."""
    return select(Observation.uid).where(access.rule_of(Observation, actor, permission))
