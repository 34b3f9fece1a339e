"""The way of a walk on paper: its map, and what the map shows in words."""

from __future__ import annotations

from dataclasses import dataclass

from shapely import Point

from core import db
from core.access import Actor
from core.documents.drawn_map import DrawnMap
from core.documents.ground import Ground, ground_of
from core.i18n import N_, Text
from core.walks import services
from core.walks.models import Walk

MAP = "map"
"""The name of the map among the parts of a document."""
WITH_STOPS, WITHOUT_STOPS = N_("Karta över vandringen. Stoppen i ordning: {stops}."), N_("Karta över vandringen.")


@dataclass(frozen=True)
class Way:
    """The map, what it shows in words, how many metres the way is long (None without one), and the ground beneath."""

    svg: str
    alt: str
    metres: int | None
    ground: Ground

    @property
    def drawings(self) -> dict[str, str]:
        """The map as a part of a document."""
        return {MAP: self.svg} if self.svg else {}


def way_of(actor: Actor, walk: Walk) -> Way:
    """Return the way of a walk that has been read with its parts."""
    route = services.route_of(walk)
    marked = [(stop.seq, Point(stop.point)) for stop in walk.stops if stop.point is not None]
    shapes = [one.place.geom for one in services.places_of(actor, walk)]
    names = ", ".join(f"{stop.seq} {stop.name}" for stop in walk.stops if stop.point is not None)
    alt = Text(WITH_STOPS, stops=names) if names else WITHOUT_STOPS
    drawn = DrawnMap(shapes=shapes, route=route, stops=marked)
    ground = ground_of(drawn.box, db.settings())
    return Way(drawn.svg(ground.pictures), alt, round(route.length) if route is not None else None, ground)
