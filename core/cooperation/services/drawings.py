"""What is drawn in the map of a picture, and what the drawings of the parties say beside each other (Z3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from core import db, geo
from core.access import Actor
from core.cooperation.models import Cycle, ReportDrawing
from core.cooperation.services.pictures import writable
from core.cooperation.services.pictures_shown import Picture
from core.i18n import N_
from core.places.models import Area, Place
from core.schema import Invalid

REACH = 1000
"""Metres around the place or the area of a cycle within which something may be drawn: a way there, a square beside."""
MOST = 50
"""Pairs of drawings that are told of."""
AGREE, DIFFER = "overens", "olika"


@dataclass(frozen=True)
class Meeting:
    """Two parties who have drawn in the same spot: the same kind of thing, or one unsafe and the other safe."""

    kind: str
    names: tuple[str, str]
    drawings: tuple[ReportDrawing, ReportDrawing]


def draw(actor: Actor, uid: UUID, *, drawing: UUID, kind: str, label: str, geom: BaseGeometry) -> ReportDrawing:
    """Draw something in the map of a picture (SWEREF 99 TM), once for each uid.

    Raises Missing, Denied, Conflict, Refused, Invalid (far from what the cycle is about).
    """
    report = writable(actor, uid)
    geom = geo.multipolygon(geom)
    known = db.session().scalar(select(ReportDrawing).where(ReportDrawing.uid == drawing))
    if known is not None:
        same = (known.report_id, known.kind, known.label) == (report.id, kind, label) and known.geom.equals(geom)
        if not same:
            raise db.Conflict("report_drawing", drawing)
        return known
    if not shapely.box(*seen_from(db.session().get_one(Cycle, report.cycle_id))).covers(geom):
        raise Invalid({"outline": [N_("Det ritade ligger mer än en kilometer från det som samverkan gäller.")]})
    row = ReportDrawing(uid=drawing, report_id=report.id, kind=kind, label=label, geom=geom)
    db.session().add(row)
    db.session().flush()
    return row


def ground_of(cycle: Cycle) -> BaseGeometry:
    """Return the shape of the place or the area that a cycle is about."""
    place, area = (
        select(Place.geom).where(Place.id == cycle.place_id),
        select(Area.geom).where(Area.id == cycle.area_id),
    )
    shape: BaseGeometry = db.session().scalars(place if cycle.place_id is not None else area).one()
    return shape


def seen_from(cycle: Cycle) -> geo.Bounds:
    """Return the box in which one draws: what the cycle is about, and a kilometre around it."""
    west, south, east, north = ground_of(cycle).bounds
    return round(west) - REACH, round(south) - REACH, round(east) + REACH, round(north) + REACH


def meetings(pictures: Iterable[Picture]) -> list[Meeting]:
    """Return where parties have drawn in the same spot; at most `MOST`."""
    drawn = [(one.report.organisation, drawing) for one in pictures for drawing in one.drawings]
    found = []
    for (mine, first), (others, second) in combinations(drawn, 2):
        kinds = {first.kind, second.kind}
        kind = AGREE if len(kinds) == 1 else DIFFER if kinds == {"otrygg", "trygg"} else ""
        if kind and mine.id != others.id and first.geom.intersects(second.geom):
            found.append(Meeting(kind, (mine.name, others.name), (first, second)))
        if len(found) == MOST:
            break
    return found


def unseen(cycle: Cycle, pictures: Iterable[Picture]) -> int | None:
    """Return how many percent of what the cycle is about nobody has drawn in; None where nothing is drawn."""
    shapes = [drawing.geom for one in pictures for drawing in one.drawings]
    ground = ground_of(cycle)
    if not shapes or not ground.area:
        return None
    part: float = ground.difference(shapely.union_all(shapes)).area / ground.area
    return round(100 * part)
