"""The way of a walk as people write it: one point per line, in the system they have it in; stops with questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shapely import LineString, Point

from core import geo
from core.i18n import N_, Text
from core.places import services as places
from core.schema import Invalid
from core.walks.models import WalkStop

SYSTEMS = {
    "wgs84": (N_("WGS 84, latitud longitud"), geo.WGS84, 6),
    "sweref99tm": (N_("SWEREF 99 TM, N E"), geo.SWEREF, 1),
    "sweref991800": (N_("SWEREF 99 18 00, N E"), geo.SWEREF_1800, 1),
}
"""What coordinates may be written in: name, EPSG code, decimals shown. North stands first, as on paper."""
NEAR_STOP = 30
"""Metres from the route within which a stop is passed (domain.md 2.6)."""
MOST = 500
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Stop:
    """A stop to make: where, in SWEREF 99 TM, and what to ask there."""

    name: str
    point: Point | None = None
    questions: Sequence[str] = field(default_factory=tuple)


def line_of(text: str, system: str) -> LineString | None:
    """Return the route that is written, one point per line; None for nothing. Raises Invalid at `route`."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    if len(lines) < 2:  # noqa: PLR2004 - a line has two ends
        raise Invalid({"route": [N_("Skriv minst två punkter, en på varje rad.")]})
    if len(lines) > MOST:
        raise Invalid({"route": [Text(N_("Skriv högst {max} punkter."), max=MOST)]})
    return LineString([_point(line, system, "route", number) for number, line in enumerate(lines, 1)])


def stops_of(text: str, system: str) -> list[Stop]:
    """Return the stops that are written, one per line: name; coordinates; questions. Raises Invalid at `stops`."""
    found = []
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), 1):
        name, *rest = (part.strip() for part in line.split(";"))
        if not name or len(name) > 200 or number > 50:  # noqa: PLR2004 - as the table has it
            raise Invalid({"stops": [Text(N_("Rad {n}: börja med stoppets namn, högst 200 tecken."), n=number)]})
        where = _point(rest[0], system, "stops", number) if rest and rest[0] else None
        found.append(Stop(name, where, [question[:300] for question in rest[1:] if question]))
    return found


def _point(text: str, system: str, where: str, number: int) -> Point:
    written = _NUMBER.findall(text)
    _, srid, _ = SYSTEMS[system]
    grid = next(grid for grid in geo.GRIDS if grid.srid == srid)
    if len(written) != 2:  # noqa: PLR2004 - north and east
        words = N_("Rad {n}: skriv två tal med mellanslag emellan, till exempel 59.2565 18.0285.")
        raise Invalid({where: [Text(words, n=number)]})
    north, east = (float(part.replace(",", ".")) for part in written)
    if not grid.holds(east, north):
        guess = geo.guess_grid(east, north)
        words = N_("Rad {n}: talen är inte {system}. De ser ut som {other}.")
        other = guess[0].name if guess else N_("ett läge utanför Sverige")
        raise Invalid({where: [Text(words, n=number, system=grid.name, other=other)]})
    point = Point(geo.transform(Point(east, north), srid, geo.SWEREF))
    west, south, far, top = places.bounds()
    if not (west <= point.x <= far and south <= point.y <= top):
        raise Invalid({where: [Text(N_("Rad {n}: läget ligger utanför staden."), n=number)]})
    return point


def written(points: Iterable[Any], system: str = "wgs84") -> list[str]:
    """Return points as they are written in a system, north first."""
    _, srid, decimals = SYSTEMS[system]
    moved = [Point(geo.transform(point, geo.SWEREF, srid)) for point in points]
    return [f"{point.y:.{decimals}f} {point.x:.{decimals}f}" for point in moved]


def written_stop(stop: WalkStop, system: str = "wgs84") -> str:
    """Return a stop as it is written: name; coordinates; questions."""
    where = written([stop.point], system)[0] if stop.point is not None else ""
    return "; ".join([stop.name, where, *stop.questions]).rstrip("; ")


def missed(line: LineString | None, stops: Iterable[WalkStop]) -> list[str]:
    """Return the names of stops that the route does not pass within 30 metres."""
    if line is None:
        return []
    return [stop.name for stop in stops if stop.point is not None and stop.point.distance(line) > NEAR_STOP]
