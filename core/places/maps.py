"""What the map draws of the city's areas and of one place: GeoJSON features, in degrees."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import select

from core import access, clock, db, geo
from core.access import Actor
from core.dated import valid_on
from core.places import services
from core.places.models import CONTROL_ROLES, Area

COARSE = 10.0
"""Side in metres of the bends that a border on the map loses: nobody sees them on a whole district."""

Features = list[dict[str, Any]]


def areas(actor: Actor, *, kind: str = services.DISTRICT, day: date | None = None) -> Features:
    """Return the city's areas of `kind` on `day` (today), drawn coarsely; neighbours still share their border."""
    access.require(actor, "areas:area:read")
    asked = day or clock.today()
    rows = access.visible(select(Area).where(Area.kind == kind, valid_on(Area, asked)), actor)
    found = list(db.session().scalars(rows.order_by(Area.name, Area.id)))
    shapes = shapely.coverage_simplify([row.geom for row in found], COARSE) if found else ()
    names = ("uid", "kind", "code", "name", "approximate")
    return [
        feature(geo.to_geojson(shape, geo.DECIMALS_SHOWN), {name: getattr(row, name) for name in names})
        for row, shape in zip(found, shapes, strict=True)
    ]


def place(actor: Actor, uid: UUID) -> Features:
    """Return a place's shape, and those parts of it for which somebody of their own answers."""
    row = services.read_place(actor, uid)
    known = {"uid": row.uid, "number": row.number, "name": row.name, "kind": row.kind, "part": "place"}
    parts = [
        feature(
            geo.to_geojson(control.geom),
            {"part": "control", "role": control.role, "title": CONTROL_ROLES[control.role]}
            | {"name": control.organisation.name},
        )
        for control in services.controls_of(actor, row)
        if control.geom is not None
    ]
    return [feature(geo.to_geojson(row.geom), known), *parts]


def feature(geometry: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return one thing for a map: with a `part` only its shape is drawn, without one it gets a mark."""
    return {"type": "Feature", "geometry": geometry, "properties": dict(properties)}
