"""The areas of the city: imported from its files, dated, and who has the place that lies in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import shapely
from shapely import Point, STRtree
from sqlalchemy import ColumnElement, and_, case, delete, false, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from core import access, clock, db, geo, journal
from core.access import Actor
from core.dated import is_valid, valid_on
from core.i18n import N_
from core.people import services as people
from core.people.models import Organisation
from core.places.areafiles import code_of
from core.places.models import AREA_KINDS, ASSOCIATION, DISTRICT, POLICE, Area, Place, PlaceArea
from core.places.services.city import rows_of

LISTED = 200
"""Areas of one kind on the page; the city's 419 basområden are for questions about a point."""
HOLDERS = {DISTRICT: ("stadsdelsnamnd", "sdn-"), POLICE: ("polis_lpo", "polis-"), ASSOCIATION: (
    "fastighetsagarforening", "fof-",
)}  # fmt: skip
"""Whose the areas of a kind are: the kind of organisation, and how its code begins before that of the area."""
SAME_AREA = N_("Samma yta som stadsdelsnämndens, tills polisens egna områden är inlästa")


@dataclass(frozen=True)
class Imported:
    """What an import of areas did."""

    added: int
    without_organisation: list[str]


def area_at(point: Point, *, kind: str = DISTRICT, day: date | None = None) -> Area | None:
    """Return the area of `kind` that holds the point on `day` (today), None where there is none."""
    rows = select(Area).where(Area.kind == kind, valid_on(Area, day or clock.today()), geo.point_in(Area.geom, point))
    return db.session().scalars(rows.order_by(Area.approximate, Area.id).limit(1)).first()


def areas_at(actor: Actor, *, longitude: float, latitude: float, day: date | None = None) -> list[Area]:
    """Return every area that holds a point in degrees on `day` (today), the largest kind first."""
    access.require(actor, "areas:area:read")
    point = geo.from_geojson({"type": "Point", "coordinates": [longitude, latitude]})
    order = case({DISTRICT: 0, "stadsdel": 1}, value=Area.kind, else_=2)
    rows = select(Area).where(valid_on(Area, day or clock.today()), geo.intersecting(Area.geom, point))
    return list(db.session().scalars(access.visible(rows, actor).order_by(order, Area.name)))


def list_areas(actor: Actor, *, kind: str = DISTRICT) -> list[tuple[Any, str | None]]:
    """Return the areas of a kind, those of today first, each with the name of what took over; without their shapes."""
    access.require(actor, "areas:area:read")
    columns = select(
        Area.id, Area.uid, Area.name, Area.code, Area.valid_from, Area.valid_to, Area.source, Area.approximate,
        Area.successor_id, Organisation.name.label("organisation"),
    )  # fmt: skip
    rows = columns.outerjoin(Organisation, Organisation.id == Area.organisation_id)
    rows = rows.where(Area.kind == kind, access.rule_of(Area, actor))
    found = db.session().execute(rows.order_by(Area.valid_to.desc().nulls_first(), Area.name, Area.id).limit(LISTED))
    listed = list(found)
    later = select(Area.id, Area.name).where(Area.id.in_({row.successor_id for row in listed if row.successor_id}))
    names = dict(db.session().execute(later).all())
    return [(row, names.get(row.successor_id)) for row in listed]


def areas_of(place: Place) -> list[Area]:
    """Return every area that a place lies in or has lain in, the city's own before ours, the latest first."""
    rows = select(Area).join(PlaceArea, PlaceArea.area_id == Area.id).where(PlaceArea.place_id == place.id)
    order = (Area.approximate, Area.valid_from.desc(), Area.id)
    return list(db.session().scalars(rows.options(joinedload(Area.organisation)).order_by(*order)))


def own_areas(actor: Actor, permission: str) -> list[Area]:
    """Return the areas of today that hold what the actor reaches with a permission; none for the whole city."""
    rules: list[ColumnElement[bool]] = []
    for reach in actor.reaches(permission):
        if reach.areas is not None:
            rules.append(Area.id.in_(reach.areas))
        elif reach.organisations is not None:
            rules.append(and_(Area.kind == DISTRICT, Area.organisation_id.in_(reach.organisations)))
        else:
            return []
    rows = select(Area).where(or_(false(), *rules), valid_on(Area, clock.today()))
    return list(db.session().scalars(rows.order_by(Area.name, Area.id)))


def own_box(actor: Actor, permission: str) -> geo.Bounds | None:
    """Return the box around the areas of `own_areas`, where a map of theirs begins; None for the whole city."""
    shapes = [area.geom for area in own_areas(actor, permission)]
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes).round().tolist()
    return west, south, east, north


def import_areas(
    actor: Actor,
    features: Iterable[Any],
    *,
    kind: str = DISTRICT,
    valid_from: date,
    source: str,
) -> Imported:
    """Take in the areas of a file as those of `kind` from `valid_from` on; areas before them end the day before.

    An area belongs to the stadsdelsnämnd of the same name, or to the one whose code the file gives; that of the
    police or of an association likewise. A stadsdel or a basområde is part of what the file's `stadsdel` and `omrade`
    name, and belongs to that board. Approximate ones give way, and every place finds its areas again.
    """
    access.require(actor, "areas:area:import")
    codes = _organisations_by_area(kind)
    valid_to, gone = _make_room(kind, valid_from)
    lost, added = [], 0
    for added, feature in enumerate(features, 1):  # noqa: B007 - how many there were
        parts = _part_of(kind, feature.properties)
        named = (parts.get("in_district", ""), feature.code, code_of(feature.name))
        organisation = next((codes[one] for one in named if one in codes), None)
        if organisation is None and kind in HOLDERS:
            lost.append(feature.name)
        row = {"code": feature.code, "name": feature.name, "geom": feature.geometry, "organisation_id": organisation}
        row |= parts | {"valid_from": valid_from, "valid_to": valid_to, "source": source[:300], "approximate": False}
        area = gone.pop(feature.code, None) or Area(kind=kind)  # what points at a rough area points at the real one
        for column, value in row.items():
            setattr(area, column, value)
        db.session().add(area)
    db.session().flush()
    _take_away(list(gone.values()), valid_from - timedelta(days=1))
    _find_successors(kind)
    journal.write(actor, "areas:import", "area", None, kind=kind, count=added, source=source)
    if kind == DISTRICT:
        lend_to_the_police(actor)
    find_districts(actor)
    return Imported(added, lost)


def _part_of(kind: str, properties: Mapping[str, Any]) -> dict[str, str]:
    """Return the codes of the areas that a file says that an area is a part of; a district is a part of none."""
    wholes = {"stadsdel": ("omrade",), "basomrade": ("omrade", "stadsdel")}.get(kind, ())
    said = {name: code_of(str(properties.get(name) or "")) for name in wholes}
    names = {"omrade": "in_district", "stadsdel": "in_stadsdel"}
    return {names[name]: code[:80] for name, code in said.items()}


def _make_room(kind: str, valid_from: date) -> tuple[date | None, dict[str, Area]]:
    """End the areas of `kind` that were valid before; return the last day of the new ones, and those that give way.

    The day is None until further notice. Later ones stay: a file of 2020 does not push out those of 2023. The same day
    again replaces. Of each code the last of those that give way is returned, the others are gone.
    """
    rows = db.session().scalars(select(Area).where(Area.kind == kind).order_by(Area.valid_from, Area.id)).all()
    gone = {row.code: row for row in rows if row.approximate or row.valid_from == valid_from}
    kept = [row for row in rows if not (row.approximate or row.valid_from == valid_from)]
    _take_away([row for row in rows if row not in kept and row is not gone[row.code]], valid_from - timedelta(days=1))
    for row in kept:
        if row.valid_from < valid_from <= (row.valid_to or valid_from):
            row.valid_to = valid_from - timedelta(days=1)
    later = [row.valid_from for row in kept if row.valid_from > valid_from]
    db.session().flush()
    return min(later) - timedelta(days=1) if later else None, gone


def _take_away(gone: list[Area], last: date) -> None:
    """Remove areas; one that something in another room is about stays, and ends on `last`."""
    keys = [row.id for row in gone]
    for column in (Place.area_id, Area.successor_id):
        emptied = update(column.class_).where(column.in_(keys)).values({column.key: None})
        db.session().execute(emptied.execution_options(synchronize_session=False))
    db.session().execute(delete(PlaceArea).where(PlaceArea.area_id.in_(keys)))
    for row in gone:
        try:
            with db.savepoint():
                away = delete(Area).where(Area.id == row.id).execution_options(synchronize_session=False)
                db.session().execute(away)
            db.session().expunge(row)
        except IntegrityError:
            row.valid_to = max(row.valid_from, last)
    db.session().flush()


def _find_successors(kind: str) -> None:
    """Say of each area that has ended which of the next day took over more than half of it."""
    rows = db.session().scalars(select(Area).where(Area.kind == kind).order_by(Area.id)).all()
    by_day: dict[date, list[Area]] = {}
    for row in rows:
        by_day.setdefault(row.valid_from, []).append(row)
    for row in rows:
        following = by_day.get(row.valid_to + timedelta(days=1), []) if row.valid_to else []
        met = STRtree([other.geom for other in following]).query(row.geom, predicate="intersects").tolist()
        held = [(row.geom.intersection(following[number].geom).area, following[number].id) for number in met]
        most, heir = max(held, default=(0, None))
        row.successor_id = heir if most > row.geom.area / 2 else None
    db.session().flush()


def lend_to_the_police(actor: Actor) -> None:
    """Until the police's own areas are imported, let each have that of the board which surely is the same.

    Which pairs are sure is the city's data (`police_areas.csv`). Such areas are marked approximate.
    """
    access.require(actor, "areas:area:import")
    police = db.session().scalars(select(Area).where(Area.kind == POLICE)).all()
    if any(not area.approximate for area in police):
        return
    _take_away(list(police), clock.today() - timedelta(days=1))
    keys = dict(db.session().execute(select(Organisation.code, Organisation.id)).all())
    pairs = {row["district"]: row["police"] for row in rows_of("police_areas.csv") if row["police"] in keys}
    boards = {keys[board]: code for board, code in pairs.items() if board in keys}
    today = select(Area).where(Area.kind == DISTRICT, valid_on(Area, clock.today()), Area.organisation_id.in_(boards))
    for area in db.session().scalars(today).all():
        code = boards[area.organisation_id or 0]
        known = {"code": code.removeprefix("polis-"), "organisation_id": keys[code], "name": area.name}
        dated = {"valid_from": area.valid_from, "source": SAME_AREA, "approximate": True}
        db.session().add(Area(kind=POLICE, geom=area.geom, **known, **dated))
    db.session().flush()


def _organisations_by_area(kind: str) -> dict[str, int]:
    """Return who has areas of a kind by their code and by that of their area: sdn-jarva answers for the area jarva."""
    holder, prefix = HOLDERS.get(kind, HOLDERS[DISTRICT])
    rows = select(Organisation.code, Organisation.id).where(Organisation.kind == holder)
    known = dict(db.session().execute(rows).all())
    return known | {code.removeprefix(prefix): key for code, key in known.items()}


def find_districts(actor: Actor) -> None:
    """Find again which areas every place lies in, and whose district it is today; once more does no harm.

    Where the board of an area has merged into another, it is that one's from its first day on.
    A place that comes to another stadsdelsnämnd is journalled, with the codes of both.
    """
    access.require(actor, "areas:area:import")
    places = list(db.session().scalars(select(Place).order_by(Place.id)))
    around = _areas_around(places)
    known = set(db.session().execute(select(PlaceArea.place_id, PlaceArea.area_id)).all())
    found = {(place.id, area.id) for place in places for area in around[place.id]}
    db.session().add_all([PlaceArea(place_id=place, area_id=area) for place, area in sorted(found - known)])
    codes = dict(db.session().execute(select(Organisation.id, Organisation.code)).all())
    heirs = people.carrying_on()
    for place in places:
        area = _district(around[place.id])
        before, after = place.district_id, heirs.get(area.organisation_id or 0) if area else None
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


def locate(place: Place) -> None:
    """Note which areas of all kinds and times a place, new or changed, lies in, and whose district it is today."""
    spot = place.geom.representative_point()
    around = select(Area).where(geo.point_in(Area.geom, spot)).order_by(Area.approximate, Area.id)
    with db.session().no_autoflush:
        areas, heirs = list(db.session().scalars(around)), people.carrying_on()
    area = _district(areas)
    board = heirs.get(area.organisation_id or 0) if area else None
    place.district_id, place.area_id = board, area.id if area else None
    db.session().flush()
    db.session().execute(delete(PlaceArea).where(PlaceArea.place_id == place.id))
    db.session().add_all([PlaceArea(place_id=place.id, area_id=area.id) for area in areas])
    db.session().flush()


def _district(areas: Iterable[Area]) -> Area | None:
    """Return the first of `areas` that is a stadsdelsnämndsområde today."""
    return next((area for area in areas if area.kind == DISTRICT and is_valid(area, clock.today())), None)


@people.finds_areas
def areas_named(limits: Iterable[str]) -> frozenset[int]:
    """Return the keys of the areas that limits such as "stadsdel:rinkeby" name today: an import gives new ones."""
    named = [limit.partition(":")[::2] for limit in limits]
    rows = select(Area.id).where(tuple_(Area.kind, Area.code).in_(named), valid_on(Area, clock.today()))
    return frozenset(db.session().scalars(rows))


def areas_called(limits: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return the areas that limits name, also those that have ended: each as limit, title of the kind, latest name."""
    named = [limit.partition(":")[::2] for limit in limits]
    rows = select(Area.kind, Area.code, Area.name).where(tuple_(Area.kind, Area.code).in_(named)).order_by(Area.id)
    found = {f"{row.kind}:{row.code}": (AREA_KINDS[row.kind], row.name) for row in db.session().execute(rows)}
    return [(limit, *known) for limit, known in found.items()]


@people.lists_areas
def areas_to_choose() -> list[tuple[str, str, str]]:
    """Return the areas of today that a form offers, the kinds in their order; basområden are too many for a choice."""
    kinds = [kind for kind in AREA_KINDS if kind != "basomrade"]
    rows = select(Area.kind, Area.code, Area.name).where(Area.kind.in_(kinds), valid_on(Area, clock.today()))
    found = db.session().execute(rows.distinct().order_by(Area.name))
    listed = sorted(found, key=lambda row: kinds.index(row.kind))
    return [(f"{row.kind}:{row.code}", AREA_KINDS[row.kind], row.name) for row in listed]
