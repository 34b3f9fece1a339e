"""What the map draws of a walk: its places, its route and its stops, as GeoJSON features in degrees."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import geo
from core.access import Actor
from core.http.texts import translate
from core.places.maps import Features, feature
from core.upkeep.presenting import standing
from core.walks import services
from core.walks.services.debt import DRAWN


def walk(actor: Actor, uid: UUID) -> Features:
    """Return the places that the actor reaches, the route, the way that was gone, and the stops with a position."""
    found = services.read_walk(actor, uid)
    drawn = [
        _drawn(place.geom, "place", number=place.number, name=place.name, url=f"/platser/{place.uid}")
        for place in (one.place for one in services.places_of(actor, found) if one.reached)
    ]
    route = services.route_of(found)
    drawn += [_drawn(route, "route")] if route is not None else []
    for track in services.tracks_of(actor, found):
        if len(line := services.way_of(track)) > 1:
            drawn.append(feature({"type": "LineString", "coordinates": line}, {"part": "track"}))
    marked = [stop for stop in found.stops if stop.point is not None]
    return drawn + [feature(geo.to_geojson(stop.point), {"name": f"{stop.seq}. {stop.name}"}) for stop in marked]


def unanswered(actor: Actor, *, receiver: UUID | None = None, days: int = 0) -> Features:
    """Return what is not answered as marks, the oldest first; each has the shape of how it stands."""
    rows = services.list_owed(actor, receiver=receiver, days=days, limit=DRAWN).rows
    return [
        feature(
            geo.to_geojson(row.point, geo.DECIMALS_SHOWN),
            {
                "number": str(row.number),
                "name": translate(row.kind_title),
                "url": f"/iakttagelser/{row.uid}",
                "state": standing(row).shape,
            },
        )
        for row in rows
        if row.point is not None
    ]


def _drawn(shape: Any, part: str, **known: str) -> dict[str, Any]:
    return feature(geo.to_geojson(shape, geo.DECIMALS_SHOWN), {"part": part, **known})
