"""Where photos may be taken: what the places at a spot say (domain.md 0b, 2.4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import Select, select

from core import db, geo, media
from core.media import FREE, STRICTER
from core.places.models import Place


def policies_at(spot: Point) -> Select[Any]:
    """Return the selection of what the places that hold `spot` say of photos, where they say anything."""
    return select(Place.photo_policy).where(Place.photo_policy != FREE, geo.point_in(Place.geom, spot))


@media.policy
def policy_at(_kind: str | None, _record: UUID | None, spot: tuple[float, float] | None) -> str:
    """Return the strictest policy of the places at `spot` (longitude, latitude)."""
    if spot is None:
        return FREE
    point = Point(geo.from_geojson({"type": "Point", "coordinates": list(spot)}, kinds=geo.POINTS))
    return max(db.session().scalars(policies_at(point)), key=STRICTER.index, default=FREE)
