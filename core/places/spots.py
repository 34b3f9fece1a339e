"""The spot of a row that is read in: the columns that it may be in, what is odd about it, and where it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shapely import Point

from core import geo
from core.i18n import N_, Text
from core.imports import Finding
from core.places.services import bounds
from core.schema import fields


@dataclass(frozen=True)
class Column:
    """A number of a position: its field, what that is called, and headings under which registers have it."""

    field: str
    label: str
    also: tuple[str, ...]


COLUMNS = (
    (
        geo.GRIDS[0],
        Column("latitude", N_("Latitud (WGS 84)"), ("lat", "latitud", "latitude", "wgs84 lat")),
        Column("longitude", N_("Longitud (WGS 84)"), ("lon", "long", "lng", "longitud", "longitude", "wgs84 lon")),
    ),
    (
        geo.GRIDS[2],
        Column(
            "north_1800",
            N_("Nord (SWEREF 99 18 00)"),
            ("nord", "n", "n sweref991800", "sweref991800 n", "nord sweref 99 18 00"),
        ),
        Column(
            "east_1800",
            N_("Öst (SWEREF 99 18 00)"),
            ("ost", "öst", "e", "e sweref991800", "sweref991800 e", "öst sweref 99 18 00"),
        ),
    ),
    (
        geo.GRIDS[1],
        Column(
            "north_tm",
            N_("Nord (SWEREF 99 TM)"),
            ("n sweref99tm", "sweref99tm n", "nord tm", "n tm", "nord sweref 99 tm"),
        ),
        Column(
            "east_tm",
            N_("Öst (SWEREF 99 TM)"),
            ("e sweref99tm", "sweref99tm e", "öst tm", "e tm", "öst sweref 99 tm"),
        ),
    ),
)
"""The columns that a position may be in, north first; the first pair that says anything counts."""

ZONES = {
    "12 00": 3007, "13 30": 3008, "14 15": 3012, "15 00": 3009, "15 45": 3013, "16 30": 3010,
    "17 15": 3014, "18 00": geo.SWEREF_1800, "18 45": 3015, "20 15": 3016, "21 45": 3017, "23 15": 3018,
}  # fmt: skip
"""The zones of SWEREF 99 by their meridian: the same numbers are a place in each of them."""

HALF = N_("Skriv både {north} och {east}, eller ingen av dem.")
SWAPPED = N_("{north} och {east} har bytt plats. Välj kolumnerna tvärtom.")
OUTSIDE = N_("Läget ligger utanför staden.")
OTHER_GRID = N_("Talen ser ut som {grid}. Välj kolumnerna under det i stället.")
UNKNOWN_GRID = N_("Talen ser ut som {grid}. Räkna om dem till SWEREF 99 eller WGS 84.")
OTHER_ZONE = N_("Läget ligger utanför staden, men i den om talen är SWEREF 99 {zone}. Räkna om dem till {grid}.")


@dataclass(frozen=True)
class Spot:
    """What a row says of where: a number that it leaves out is None."""

    grid: geo.Grid
    north_column: Column
    east_column: Column
    north: float | None
    east: float | None


def coordinates() -> Iterable[fields.Float]:
    """Yield the fields of a row's position, in their order: which one it can be is told by the position as a whole."""
    for _, *pair in COLUMNS:
        for one in pair:
            yield fields.Float(allow_none=True, load_default=None, label=one.label, metadata={"also": one.also})


def spot_of(known: Mapping[str, Any]) -> str:
    """Return the position of a row as a text, empty without one: a register that does not know it writes the same."""
    found = _said(known)
    if found is None or found.north is None or found.east is None:
        return ""
    decimals = 5 if found.grid.srid == geo.WGS84 else 2
    return f"{found.north:.{decimals}f} {found.east:.{decimals}f}".replace(".", ",")


def degrees_of(known: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return latitude and longitude of a row, if it says where."""
    found = _said(known)
    if found is None or found.north is None or found.east is None:
        return None
    return _degrees(found.grid.srid, found.north, found.east)


def point_of(latitude: float, longitude: float) -> Point:
    """Return a position in SWEREF 99 TM. Raises GeometryRefused, also outside the city."""
    here = {"type": "Point", "coordinates": [longitude, latitude]}
    return Point(geo.from_geojson(here, kinds=geo.POINTS, within=bounds()))


def about_the_spot(known: Mapping[str, Any], *, missing: str) -> Iterable[Finding]:
    """Yield what is wrong with the position of a row; without one `missing`, if that is to be said."""
    if (found := _said(known)) is None:
        if missing:
            yield Finding("latitude", missing)
        return
    words = {"north": found.north_column.label, "east": found.east_column.label}
    if found.north is None or found.east is None:
        absent = found.north_column if found.north is None else found.east_column
        yield Finding(absent.field, Text(HALF, **words), stops=True)
    elif not _is_in_the_city(found.grid.srid, found.north, found.east):
        what = _what_it_is(found.grid, found.north, found.east, words)
        yield Finding(found.north_column.field, what, stops=True)


def _said(known: Mapping[str, Any]) -> Spot | None:
    for grid, north, east in COLUMNS:
        if known[north.field] is not None or known[east.field] is not None:
            return Spot(grid, north, east, known[north.field], known[east.field])
    return None


def _degrees(srid: int, north: float, east: float) -> tuple[float, float]:
    if srid == geo.WGS84:
        return north, east
    there: Any = geo.transform(Point(east, north), srid, geo.WGS84)
    return there.y, there.x


def _what_it_is(grid: geo.Grid, north: float, east: float, words: Mapping[str, str]) -> str:
    """Return what is probably wrong with numbers that are no place in the city."""
    if _is_in_the_city(grid.srid, east, north):
        return Text(SWAPPED, **words)
    guess = geo.guess_grid(east, north)
    if guess is not None and guess[0] != grid:
        known = [one for one, _, _ in COLUMNS]
        return Text(OTHER_GRID if guess[0] in known else UNKNOWN_GRID, grid=guess[0].name)
    if grid.srid == geo.SWEREF_1800:
        for zone, srid in ZONES.items():
            if _is_in_the_city(srid, north, east):
                return Text(OTHER_ZONE, zone=zone, grid=grid.name)
    return OUTSIDE


def _is_in_the_city(srid: int, north: float, east: float) -> bool:
    try:
        point_of(*_degrees(srid, north, east))
    except geo.GeometryRefused:
        return False
    return True
