"""What the map draws of a walk: its places, its route and its stops, as GeoJSON features in degrees."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, db, geo
from core.access import Actor
from core.places.maps import Features, feature
from core.places.models import Place
from core.walks import services
from core.walks.models import WalkPlace


def walk(actor: Actor, uid: UUID) -> Features:
    """Return the shapes of the places that the actor reaches, the route, and the stops that have a position."""
    found = services.read_walk(actor, uid)
    there = select(WalkPlace.place_id).where(WalkPlace.walk_id == found.id)
    rows = select(Place.uid, Place.number, Place.name, Place.geom).where(Place.id.in_(there))
    drawn = [
        _drawn(row.geom, "place", number=row.number, name=row.name, url=f"/platser/{row.uid}")
        for row in db.session().execute(rows.where(access.rule_of(Place, actor)).order_by(Place.id))
    ]
    route = services.route_of(found)
    drawn += [_drawn(route, "route")] if route is not None else []
    marked = [stop for stop in found.stops if stop.point is not None]
    return drawn + [feature(geo.to_geojson(stop.point), {"name": f"{stop.seq}. {stop.name}"}) for stop in marked]


def _drawn(shape: Any, part: str, **known: str) -> dict[str, Any]:
    return feature(geo.to_geojson(shape, geo.DECIMALS_SHOWN), {"part": part, **known})
