"""The rules of places: where they lie, who answers for what on them, and the areas of the city."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from shapely import MultiPolygon, Point, STRtree
from sqlalchemy import ColumnElement, and_, case, delete, or_, select, tuple_, update
from sqlalchemy.orm import joinedload

from core import access, clock, db, geo, journal
from core.access import Actor
from core.i18n import N_, Text
from core.people import services as people
from core.people.models import Organisation
from core.places.areafiles import code_of
from core.places.models import Area, Place, PlaceArea, PlaceControl
from core.schema import Invalid

DISTRICT = "stadsdelsnamndsomrade"
SMALLEST, LARGEST = 10, 5_000_000
"""Square metres that a place may have (domain.md 0b)."""
PAGE = 50


@dataclass(frozen=True)
class Page:
    """A page of places by name, and where the next one begins."""

    rows: list[Any]
    after: tuple[str, int] | None


@dataclass(frozen=True)
class NewControl:
    """A row of rådighet to add: `role` held by the organisation with this code."""

    role: str
    organisation: str
    source: str = ""


@dataclass(frozen=True)
class Imported:
    """What an import of areas did."""

    added: int
    without_organisation: list[str]


@cache
def city(code: str) -> Mapping[str, Any]:
    """Return the city's own facts from the seed pack: name, box in SWEREF 99 TM, locale."""
    import tomllib

    return tomllib.loads((resources.files("core") / "seeds" / code / "city.toml").read_text("utf-8"))


def bounds() -> geo.Bounds:
    """Return the box, in metres, outside which a place is a mistake until confirmed."""
    west, south, east, north = city(db.settings().city)["bbox"]
    return west, south, east, north


def area_at(point: Point, *, kind: str = DISTRICT, day: date | None = None) -> Area | None:
    """Return the area of `kind` that holds the point on `day` (today), None where there is none."""
    rows = select(Area).where(Area.kind == kind, _valid(Area, day or clock.today()), geo.point_in(Area.geom, point))
    return db.session().scalars(rows.order_by(Area.approximate, Area.id).limit(1)).first()


def areas_at(actor: Actor, *, longitude: float, latitude: float, day: date | None = None) -> list[Area]:
    """Return every area that holds a point in degrees on `day` (today), the largest kind first."""
    access.require(actor, "areas:area:read")
    point = geo.from_geojson({"type": "Point", "coordinates": [longitude, latitude]})
    order = case({DISTRICT: 0, "stadsdel": 1}, value=Area.kind, else_=2)
    rows = select(Area).where(_valid(Area, day or clock.today()), geo.intersecting(Area.geom, point))
    return list(db.session().scalars(access.visible(rows, actor).order_by(order, Area.name)))


def list_places(actor: Actor, *, after: tuple[str, int] | None = None, text: str = "", limit: int = PAGE) -> Page:
    """Return the places that the actor reaches, by name; `after` is where the page before ended."""
    access.require(actor, "places:place:read")
    columns = select(
        Place.id,
        Place.uid,
        Place.number,
        Place.name,
        Place.kind,
        Place.public_access,
        Organisation.name.label("district"),
    )
    rows = columns.outerjoin(Organisation, Organisation.id == Place.district_id).where(access.rule_of(Place, actor))
    if text:
        rows = rows.where(or_(_contains(Place.name, text), Place.number == text.upper()))
    if after:
        rows = rows.where(tuple_(Place.name, Place.id) > after)
    found = db.session().execute(rows.order_by(Place.name, Place.id).limit(limit + 1)).all()
    more = len(found) > limit
    found = found[:limit]
    return Page(list(found), (found[-1].name, found[-1].id) if more else None)


def _contains(column: Any, text: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.icontains(text, autoescape=True)
    return found


def read_place(actor: Actor, uid: UUID) -> Place:
    """Return the place with its district and area; Missing when the actor does not reach it."""
    access.require(actor, "places:place:read")
    whole = select(Place).options(joinedload(Place.district), joinedload(Place.area))
    row = db.session().scalar(whole.where(Place.uid == uid, access.rule_of(Place, actor)))
    if row is None:
        raise access.Missing("place", uid)
    return row


def controls_of(actor: Actor, place: Place) -> list[PlaceControl]:
    """Return who answers for what on the place today."""
    rows = select(PlaceControl).options(joinedload(PlaceControl.organisation))
    rows = rows.where(PlaceControl.place_id == place.id, _valid(PlaceControl, clock.today()))
    return list(db.session().scalars(access.visible(rows, actor).order_by(PlaceControl.id)))


def add_place(
    actor: Actor,
    *,
    uid: UUID,
    name: str,
    kind: str,
    geometry: Mapping[str, Any],
    public_access: str,
    description: str = "",
    controls: Iterable[NewControl | Mapping[str, str]] = (),
) -> Place:
    """Add a place with its shape (GeoJSON, degrees); number and stadsdelsnämnd follow.

    The same uid with the same content gives the first place again. Raises Invalid, GeometryRefused, Conflict,
    and Missing when the place would lie in a district that the actor does not work for.
    """
    access.require(actor, "places:place:edit")
    held = [control if isinstance(control, NewControl) else NewControl(**control) for control in controls]
    facts = {"name": name, "kind": kind, "public_access": public_access, "description": description}
    content = db.fingerprint(**facts, geometry=geometry, controls=[asdict(control) for control in held])
    known = db.session().scalar(select(Place).where(Place.uid == uid))
    if known is not None:
        return _same_again(actor, known, content)
    shape = _shape(geometry)
    spot = shape.representative_point()
    area = area_at(spot)
    place = Place(
        uid=uid,
        number=f"PL-{db.next_number('PL'):05d}",
        content=content,
        geom=shape,
        district_id=area.organisation_id if area else None,
        area_id=area.id if area else None,
        created_at=clock.now(),
        **facts,
    )
    db.session().add(place)
    db.session().flush()
    around = select(Area.id).where(geo.point_in(Area.geom, spot))
    db.session().add_all([PlaceArea(place_id=place.id, area_id=key) for key in db.session().scalars(around)])
    db.session().flush()
    access.require(actor, "places:place:edit", place)
    for control in held:
        _add_control(place, control)
    journal.write(actor, "place:add", "place", uid, number=place.number, name=name, kind=kind)
    return place


def _same_again(actor: Actor, known: Place, content: bytes) -> Place:
    reached = access.rule_of(Place, actor, "places:place:edit")
    mine = db.session().scalar(select(Place.id).where(Place.id == known.id, reached)) is not None
    if known.content != content or not mine:
        raise db.Conflict("place", known.uid)
    return known


def _shape(geometry: Mapping[str, Any]) -> MultiPolygon:
    try:
        shape = geo.multipolygon(geo.from_geojson(geometry, kinds=geo.AREAS, within=bounds()))
    except geo.GeometryRefused as refused:
        refused.field = "geometry"
        raise
    size = geo.area_m2(shape)
    if not SMALLEST <= size <= LARGEST:
        words = Text(N_("En plats är mellan 10 m² och 5 km². Den här är {size} m²."), size=round(size))
        raise Invalid({"geometry": [words]})
    return shape


def _add_control(place: Place, control: NewControl) -> None:
    organisation = db.session().scalar(select(Organisation).where(Organisation.code == control.organisation))
    if organisation is None:
        raise Invalid({"controls": [Text(N_("Organisationen {code} finns inte."), code=control.organisation)]})
    row = PlaceControl(
        place_id=place.id,
        organisation_id=organisation.id,
        role=control.role,
        valid_from=clock.today(),
        source=control.source,
    )
    db.session().add(row)


def controller(place_id: int | None, role: str, point: Point | None, day: date | None = None) -> int | None:
    """Return the key of the organisation that holds `role` at `point` of a place on `day` (today), None if nobody.

    A row with a shape of its own goes before one for the whole place (domain.md 0b: routing by rådighet).
    """
    if place_id is None or not role:
        return None
    here = and_(PlaceControl.geom.is_not(None), geo.point_in(PlaceControl.geom, point)) if point else None
    whole = PlaceControl.geom.is_(None)
    rows = select(PlaceControl.organisation_id).where(
        PlaceControl.place_id == place_id,
        PlaceControl.role == role,
        _valid(PlaceControl, day or clock.today()),
        or_(here, whole) if here is not None else whole,
    )
    return db.session().scalars(rows.order_by(PlaceControl.geom.is_(None), PlaceControl.id).limit(1)).first()


def import_areas(
    actor: Actor,
    features: Iterable[Any],
    *,
    kind: str = DISTRICT,
    valid_from: date,
    source: str,
) -> Imported:
    """Take in the areas of a file as those of `kind` from `valid_from` on; areas before them end the day before.

    An area belongs to the stadsdelsnämnd of the same name, or to the one whose code the file gives. Approximate
    ones of the demo give way, and every place finds its stadsdelsnämnd again.
    """
    access.require(actor, "areas:area:import")
    codes = _organisations_by_area()
    valid_to = _make_room(kind, valid_from)
    lost, added = [], 0
    for added, feature in enumerate(features, 1):  # noqa: B007 - how many there were
        organisation = codes.get(feature.code) or codes.get(code_of(feature.name))
        if organisation is None and kind == DISTRICT:
            lost.append(feature.name)
        row = {"code": feature.code, "name": feature.name, "geom": feature.geometry, "organisation_id": organisation}
        db.session().add(Area(kind=kind, valid_from=valid_from, valid_to=valid_to, source=source[:300], **row))
    db.session().flush()
    journal.write(actor, "areas:import", "area", None, kind=kind, count=added, source=source)
    find_districts(actor)
    return Imported(added, lost)


def _make_room(kind: str, valid_from: date) -> date | None:
    """End the areas of `kind` that were valid before, and return the last day of the new ones (None: until further).

    Later ones stay: a file of 2020 does not push out those of 2023. The same day again replaces.
    """
    rows = db.session().scalars(select(Area).where(Area.kind == kind)).all()
    gone = [row for row in rows if row.approximate or row.valid_from == valid_from]
    keys = [row.id for row in gone]
    emptied = update(Place).where(Place.area_id.in_(keys)).values(area_id=None)
    db.session().execute(emptied.execution_options(synchronize_session=False))
    db.session().execute(delete(PlaceArea).where(PlaceArea.area_id.in_(keys)))
    for row in rows:
        if row in gone:
            db.session().delete(row)
        elif row.valid_from < valid_from <= (row.valid_to or valid_from):
            row.valid_to = valid_from - timedelta(days=1)
    later = [row.valid_from for row in rows if row not in gone and row.valid_from > valid_from]
    db.session().flush()
    return min(later) - timedelta(days=1) if later else None


def _organisations_by_area() -> dict[str, int]:
    """Return stadsdelsnämnder by their code and by that of their area: sdn-jarva answers for the area jarva."""
    rows = select(Organisation.code, Organisation.id).where(Organisation.kind == "stadsdelsnamnd")
    boards = dict(db.session().execute(rows).all())
    return boards | {code.removeprefix("sdn-"): key for code, key in boards.items()}


def find_districts(actor: Actor) -> None:
    """Find again which areas every place lies in, and whose district it is today; once more does no harm.

    A place that comes to another stadsdelsnämnd is journalled, with the codes of both.
    """
    access.require(actor, "areas:area:import")
    places = list(db.session().scalars(select(Place).order_by(Place.id)))
    around = _areas_around(places)
    known = set(db.session().execute(select(PlaceArea.place_id, PlaceArea.area_id)).all())
    found = {(place.id, area.id) for place in places for area in around[place.id]}
    db.session().add_all([PlaceArea(place_id=place, area_id=area) for place, area in sorted(found - known)])
    codes = dict(db.session().execute(select(Organisation.id, Organisation.code)).all())
    for place in places:
        area = _district(around[place.id])
        before, after = place.district_id, area.organisation_id if area else None
        place.district_id, place.area_id = after, area.id if area else None
        if before != after:
            boards = {"before": codes.get(before or 0), "after": codes.get(after or 0)}
            journal.write(actor, "place:district", "place", place.uid, level=place.level, **boards)
    db.session().flush()


def _areas_around(places: list[Place]) -> dict[int, list[Area]]:
    """Return, by key of place, the areas of all kinds and times that hold it, those that the city has drawn first."""
    areas = list(db.session().scalars(select(Area).order_by(Area.approximate, Area.id)))
    around: dict[int, list[Area]] = {}
    tree = STRtree([area.geom for area in areas])
    for place in places:
        held = tree.query(place.geom.representative_point(), predicate="intersects")
        around[place.id] = [areas[number] for number in sorted(held.tolist())]
    return around


def _district(areas: Iterable[Area]) -> Area | None:
    """Return the first of `areas` that is a stadsdelsnämndsområde today."""
    today = clock.today()
    valid = (area for area in areas if area.valid_from <= today <= (area.valid_to or today))
    return next((area for area in valid if area.kind == DISTRICT), None)


@people.finds_areas
def areas_named(limits: Iterable[str]) -> frozenset[int]:
    """Return the keys of the areas that limits such as "stadsdel:rinkeby" name today: an import gives new ones."""
    named = [limit.partition(":")[::2] for limit in limits]
    rows = select(Area.id).where(tuple_(Area.kind, Area.code).in_(named), _valid(Area, clock.today()))
    return frozenset(db.session().scalars(rows))


def _valid(model: Any, day: date) -> ColumnElement[bool]:
    return and_(model.valid_from <= day, or_(model.valid_to.is_(None), model.valid_to >= day))
