"""A shape written as text, one corner per line: what the form holds, by hand or from the map.

    6571240 154870        north and east (WGS 84: latitude and longitude) in the chosen system
    6571260 154900
    6571240 154930
                          a blank line begins a new part
    hål                   what follows, to the next blank line, is a hole in the part above

One point with a radius is a circle. What comes out is in SWEREF 99 TM, as everything that is stored.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from core import geo
from core.i18n import N_, Text
from core.schema import Invalid

GRIDS = {grid.srid: grid for grid in geo.GRIDS}
SYSTEMS = {
    "sweref991800": GRIDS[geo.SWEREF_1800],
    "sweref99tm": GRIDS[geo.SWEREF],
    "wgs84": GRIDS[geo.WGS84],
}
"""Coordinate systems that a shape may be written in; the city's own first."""
TITLES = {
    "sweref991800": N_("SWEREF 99 18 00, nord och öst"),
    "sweref99tm": N_("SWEREF 99 TM, nord och öst"),
    "wgs84": N_("WGS 84, latitud och longitud"),
}
CITY_S_OWN = "sweref991800"
HOLE = "hål"
LONGEST = 200_000
"""Characters of a text; a shape with more corners comes as GeoJSON, through the API or a file."""
DEGREES, METRES = 7, 2
"""Decimals written: a centimetre in either."""
LEAST = 3
LONGEST_NAME = 80
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,15})?")
_NAMES = re.compile(r"[NnEeÖö°:]")


@dataclass(frozen=True)
class Outline:
    """A shape as somebody wrote it."""

    system: str
    text: str
    radius_m: int | None = None

    def shape(self) -> BaseGeometry:
        """Return the shape in SWEREF 99 TM. Raises Invalid at outline or radius_m, GeometryRefused for its form."""
        if len(self.text) > LONGEST:
            raise _wrong(Text(N_("Formen har för många hörn. Förenkla den.")))
        parts = list(_parts(self.text))
        corners = sum(len(ring) for part in parts for ring in part)
        if corners and (self.radius_m is not None or corners == 1):
            return self._circle(parts, corners)
        return _checked([self._polygon(part) for part in parts], self.system)

    def mended(self) -> str:
        """Return how the text would read if the shape did not cross itself: a proposal, for a person to look at.

        Empty where there is nothing to mend, or nothing that could be made of it.
        """
        try:
            shape = MultiPolygon([self._polygon(part) for part in _parts(self.text[: LONGEST + 1])])
        except Invalid:
            return ""
        if shape.is_valid or len(self.text) > LONGEST:
            return ""
        sound = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        parts = [part for part in shapely.get_parts(sound) if isinstance(part, Polygon)]
        return written(MultiPolygon(parts), self.system)

    def _circle(self, parts: list[list[list[_Line]]], corners: int) -> BaseGeometry:
        wrong: dict[str, Any] = {}
        if corners != 1:
            wrong["radius_m"] = [N_("En radie hör till en enda punkt. Ta bort radien eller de andra hörnen.")]
        elif self.radius_m is None:
            wrong["radius_m"] = [N_("Skriv en radie runt punkten, eller minst tre hörn.")]
        try:
            points = [line.corner(self.system) for part in parts for ring in part for line in ring]
        except Invalid as refused:
            raise Invalid(refused.errors | wrong) from None
        if wrong or self.radius_m is None:
            raise Invalid(wrong)
        return Point(_to_stored(points, self.system)[0]).buffer(self.radius_m, quad_segs=8)

    def _polygon(self, part: list[list[_Line]]) -> Polygon:
        rings = [self._ring(ring) for ring in part]
        return Polygon(rings[0], rings[1:])

    def _ring(self, lines: list[_Line]) -> list[tuple[float, float]]:
        corners = [line.corner(self.system) for line in lines]
        if len(set(corners)) < LEAST:
            row = lines[0].number if lines else 1
            raise _wrong(Text(N_("En yta har minst tre hörn. Den som börjar på rad {row} har färre."), row=row))
        return _to_stored(corners, self.system)


def drawn(shape: Mapping[str, Any] | Outline, *, within: geo.Bounds | None = None, field: str) -> MultiPolygon:
    """Return what somebody drew, as text or GeoJSON, as it is stored; a refusal says `field`.

    Raises GeometryRefused (OutsideCity for a sound shape that reaches outside `within`), Invalid.
    """
    try:
        if isinstance(shape, Mapping):
            return geo.multipolygon(geo.from_geojson(shape, kinds=geo.AREAS, within=within))
        found = geo.multipolygon(shape.shape())
        if within is not None and not shapely.box(*within).covers(found):
            raise geo.OutsideCity(found)
    except geo.GeometryRefused as refused:
        refused.field = field
        raise
    return found


def written(shape: BaseGeometry, system: str) -> str:
    """Return a stored shape as text in a system; empty where it has too many corners to be edited by hand."""
    if isinstance(shape, Point):
        return spot(shape, system)
    lines: list[str] = []
    for polygon in shape.geoms if isinstance(shape, MultiPolygon) else [shape]:
        lines += ["", *_ring_lines(polygon.exterior, system)]
        for hole in polygon.interiors:
            lines += [HOLE, *_ring_lines(hole, system)]
    text = "\n".join(lines[1:])
    return text if len(text) <= LONGEST else ""


def spot(point: Point, system: str) -> str:
    """Return a stored point as it is written in a system, north first."""
    moved = geo.transform(point, geo.SWEREF, SYSTEMS[system].srid)
    return _pair(moved.x, moved.y, system)


def told_spot(point: Point, system: str) -> str:
    """Return a stored point as a page tells it: N 6 569 812, E 154 310."""
    moved = geo.transform(point, geo.SWEREF, SYSTEMS[system].srid)
    if system == "wgs84":
        return f"{moved.y:.6f}, {moved.x:.6f}"
    return f"N {_told(moved.y, system)}, E {_told(moved.x, system)}"


def read_spot(text: str, *, field: str) -> Point:
    """Return the point of a pair of numbers in whichever of our systems they fit. Raises Invalid at `field`."""
    numbers = numbers_of(text)
    if numbers is None:
        raise Invalid({field: [N_("Skriv två tal, nord och öst, till exempel 6571240 154870.")]})
    north, east = numbers
    guess = geo.guess_grid(east, north)
    if guess is None:
        raise Invalid({field: [N_("Talen är ingen plats i Sverige i SWEREF 99 eller WGS 84.")]})
    grid, swapped = guess
    system = next((key for key, own in SYSTEMS.items() if own == grid), None)
    if system is None:
        raise Invalid({field: [Text(N_("Talen ser ut som {grid}. Räkna om dem till SWEREF 99."), grid=grid.name)]})
    if swapped:
        raise Invalid({field: [_swapped(north, east, system)]})
    return Point(_to_stored([(east, north)], system)[0])


def read_corner(text: str, system: str, *, row: int, field: str, within: geo.Bounds | None = None) -> Point:
    """Return the point that a row of a text holds. Raises Invalid at `field` with what the row probably is.

    Also for one that lies outside `within`.
    """
    try:
        corner = _Line(row, text).corner(system)
    except Invalid as refused:
        raise Invalid({field: refused.errors["outline"]}) from None
    point = Point(_to_stored([corner], system)[0])
    if within is not None and not shapely.box(*within).covers(point):
        raise Invalid({field: [Text(N_("Läget på rad {row} ligger utanför staden."), row=row)]})
    return point


def numbers_of(text: str) -> tuple[float, float] | None:
    """Return the two numbers of a line, however they are parted: by blanks, comma, semicolon, tab; or None."""
    plain = _NAMES.sub(" ", text).strip()
    halves = re.split(r"\s*[;\t]\s*|,\s+", plain)
    if len(halves) == 1:
        halves = plain.split()
    if len(halves) == 1 and plain.count(",") == 1:
        halves = plain.split(",")
    halves = [re.sub(r"\s", "", half) for half in halves]
    if len(halves) != 2 or not all(_NUMBER.fullmatch(half) for half in halves):  # noqa: PLR2004 - a pair
        return None
    first, second = (float(half.replace(",", ".")) for half in halves)
    return first, second


# --- Lines --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    number: int
    text: str

    def corner(self, system: str) -> tuple[float, float]:
        """Return east and north. Raises Invalid with what the line probably is."""
        numbers = numbers_of(self.text)
        if numbers is None:
            raise _wrong(Text(N_("Skriv två tal på rad {row}: {how}."), row=self.number, how=TITLES[system]))
        north, east = numbers
        if SYSTEMS[system].holds(east, north):
            return east, north
        raise _wrong(self._hint(north, east, system))

    def _hint(self, north: float, east: float, system: str) -> Text:
        guess = geo.guess_grid(east, north)
        if guess is None:
            words = N_("Talen på rad {row} är ingen plats i Sverige i {grid}.")
            return Text(words, row=self.number, grid=SYSTEMS[system].name)
        grid, is_swapped = guess
        if grid == SYSTEMS[system] and is_swapped:
            return _swapped(north, east, system)
        if grid in SYSTEMS.values():
            words = N_("Talen på rad {row} ser ut som {grid}. Välj det koordinatsystemet.")
        else:
            words = N_("Talen på rad {row} ser ut som {grid}. Räkna om dem till SWEREF 99.")
        return Text(words, row=self.number, grid=grid.name)


def _parts(text: str) -> Iterator[list[list[_Line]]]:
    """Yield the parts of a text, each a list of rings, the shell before its holes."""
    part: list[list[_Line]] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if not line.strip():
            if part:
                yield part
            part = []
        elif line.strip().lower() in (HOLE, "hal"):
            if not part:
                raise _wrong(Text(N_("Hålet på rad {row} hör inte till någon yta. Ta bort tomraden."), row=number))
            part.append([])
        else:
            if not part:
                part.append([])
            part[-1].append(_Line(number, line))


def _checked(polygons: list[Polygon], system: str) -> BaseGeometry:
    if not polygons:
        raise _wrong(Text(N_("Skriv platsens hörn, ett på varje rad, eller en punkt och en radie.")))
    shape = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    try:
        geo.refuse_invalid(shape)
    except geo.GeometryRefused as refused:
        if refused.at is not None:
            where = geo.transform(Point(refused.at), geo.WGS84, geo.SWEREF)
            raise geo.GeometryRefused(
                refused.reason, Text(N_("Det är vid {spot}."), spot=spot(where, system)), refused.at
            ) from None
        raise
    return shapely.orient_polygons(shape)


def _to_stored(corners: list[tuple[float, float]], system: str) -> list[tuple[float, float]]:
    moved = geo.transform(shapely.MultiPoint(corners), SYSTEMS[system].srid, geo.SWEREF)
    return [(point.x, point.y) for point in moved.geoms]


def _ring_lines(ring: Any, system: str) -> list[str]:
    moved = geo.transform(ring, geo.SWEREF, SYSTEMS[system].srid)
    return [_pair(east, north, system) for east, north in list(moved.coords)[:-1]]


def _pair(east: float, north: float, system: str) -> str:
    decimals = DEGREES if system == "wgs84" else METRES
    return f"{round(north, decimals):.{decimals}f} {round(east, decimals):.{decimals}f}"


def _swapped(north: float, east: float, system: str) -> Text:
    words = N_("Nord och öst verkar ha bytt plats. Menade du N {north}, E {east}?")
    return Text(words, north=_told(east, system), east=_told(north, system))


def _told(number: float, system: str) -> str:
    return f"{number:g}" if system == "wgs84" else f"{number:,.0f}".replace(",", "\u00a0")


def _wrong(text: Text) -> Invalid:
    return Invalid({"outline": [text]})


# --- Boxes and ways in --------------------------------------------------------------------------------------------


def read_box(text: str, *, field: str) -> geo.Bounds:
    """Return a box of degrees, "west,south,east,north", in SWEREF 99 TM. Raises Invalid at `field`."""
    try:
        west, south, east, north = (float(number) for number in text.split(","))
    except ValueError:
        west = east = south = north = math.nan
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 - the Earth
        raise Invalid({field: [N_("Skriv fyra tal i grader: väst,syd,öst,nord, till exempel 17.9,59.2,18.1,59.4.")]})
    corners = geo.transform(shapely.box(west, south, east, north), geo.WGS84, geo.SWEREF)
    if not abs(shapely.get_coordinates(corners)).max() < 1e8:  # noqa: PLR2004 - no place on Earth; NaN fails too
        raise Invalid({field: [N_("Rutan ligger för långt från Sverige.")]})
    found: geo.Bounds = corners.bounds
    return found


def read_entries(text: str, system: str) -> list[dict[str, Any]]:
    """Return the ways in that a text names, one on each line: name, colon, pair. Raises Invalid at entries."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        name, _, pair = line.rpartition(":")
        point = read_corner(pair, system, row=number, field="entries")
        if not 0 < len(name.strip()) <= LONGEST_NAME:
            raise Invalid({"entries": [Text(N_("Skriv ett namn på rad {row}, sedan kolon."), row=number)]})
        found.append({"name": name.strip(), "point": point})
    return found


def entries_written(entries: Iterable[Any], system: str) -> str:
    """Return ways in as `read_entries` reads them."""
    return "\n".join(f"{entry.name}: {spot(entry.point, system)}" for entry in entries)
