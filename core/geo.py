"""Geometry: SWEREF 99 TM (EPSG:3006) is stored, WGS 84 longitude and latitude stand at the edge.

The only file with ST_ names (design.md 2). Python sees shapely geometries in SWEREF 99 TM, metres, east first.

What comes from outside passes `from_geojson`, because the database is no guard for place: PostGIS calls swapped
axes, the numbers of another grid, and the null island valid (reliability.md 3).

A migration makes the column and its index apart, with the operations of `geoalchemy2.alembic_helpers`:
`create_geospatial_table`, then `create_geospatial_index(..., postgresql_using="gist", postgresql_ops={})`, and the
two drops in reverse. Plain `drop_table` leaves the R-tree behind on SQLite (setup-facts.md 4).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import pyproj
import shapely
from geoalchemy2 import Geometry
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Boolean, ColumnElement, Dialect, Float, and_, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from core.i18n import N_, Text

SWEREF = 3006
"""SWEREF 99 TM: what is stored."""
SWEREF_1800 = 3011
"""SWEREF 99 18 00: the grid of Stockholm's own files. Its axes are north, east; ours are always east, north."""
WGS84 = 4326

Bounds = tuple[float, float, float, float]
"""West, south, east, north: metres in SWEREF 99 TM, or degrees where it says so."""
Column = ColumnElement[Any] | InstrumentedAttribute[Any]

POINTS = frozenset({"Point"})
LINES = frozenset({"LineString"})
AREAS = frozenset({"Polygon", "MultiPolygon"})
KINDS = POINTS | LINES | AREAS | {"MultiPoint", "MultiLineString"}

MAX_VERTICES = 50_000
LEAST_IN_RING = 4
DECIMALS_SHOWN = 6  # 0.1 m: a spot that a refusal names
DECIMALS_KEPT = 7  # 0.01 m: one object, which may be edited and sent back


class GeometryRefused(Exception):
    """A geometry that cannot be taken in.

    `reason` says what is wrong and `hint` what it probably is, both for people; `at` is where, as longitude
    and latitude, when one spot is to blame. Whoever reads a `field` other than position says so.
    """

    field = "position"

    def __init__(self, reason: Text, hint: Text | None = None, at: tuple[float, float] | None = None) -> None:
        super().__init__(f"{reason} {hint}" if hint else reason)
        self.reason, self.hint, self.at = reason, hint, at


class OutsideCity(GeometryRefused):
    """The geometry is sound but reaches outside the city; `geometry` may be used once a person has confirmed it."""

    def __init__(self, geometry: BaseGeometry) -> None:
        super().__init__(
            Text(N_("Läget ligger helt eller delvis utanför staden.")),
            Text(N_("Kontrollera punkten på kartan och bekräfta om den stämmer.")),
        )
        self.geometry = geometry


# --- Grids ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grid:
    """A coordinate system and the numbers that places in Sweden have in it."""

    name: str
    srid: int
    east: tuple[float, float]
    north: tuple[float, float]

    def holds(self, x: float, y: float) -> bool:
        """Whether east `x` and north `y` can be a place in Sweden."""
        return self.east[0] <= x <= self.east[1] and self.north[0] <= y <= self.north[1]


GRIDS = (
    Grid("WGS 84", WGS84, (10, 25), (55, 70)),
    Grid("SWEREF 99 TM", SWEREF, (255_000, 925_000), (6_100_000, 7_700_000)),
    Grid("SWEREF 99 18 00", SWEREF_1800, (50_000, 255_000), (6_100_000, 7_700_000)),
    Grid("RT 90 2,5 gon V", 3021, (1_200_000, 1_900_000), (6_100_000, 7_700_000)),
    Grid("Web Mercator", 3857, (1_100_000, 2_800_000), (7_200_000, 11_100_000)),
)


def guess_grid(x: float, y: float) -> tuple[Grid, bool] | None:
    """Return the grid that the numbers look like and whether north stands first; None for no place in Sweden."""
    for grid in GRIDS:
        if grid.holds(x, y):
            return grid, False
        if grid.holds(y, x):
            return grid, True
    return None


@cache
def _transformer(source: int | str, target: int) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def transform(geometry: BaseGeometry, source: int | str, target: int) -> BaseGeometry:
    """Return `geometry` moved between two systems (EPSG code, or a file's own words), without its heights.

    East stands before north on both sides, whatever the system says.
    """
    return shapely.transform(geometry, _transformer(source, target).transform, interleaved=False)


# --- GeoJSON in and out -----------------------------------------------------------------------------------------


def from_geojson(value: object, *, kinds: Collection[str] = KINDS, within: Bounds | None = None) -> BaseGeometry:
    """Return a GeoJSON geometry (WGS 84) as a valid geometry in SWEREF 99 TM.

    Nothing is repaired: a form that crosses itself is refused with the place where it does. `kinds` are the
    GeoJSON types that may come, `within` is the city's box. Heights fall away.

    Raises GeometryRefused, and OutsideCity for a sound geometry that reaches outside `within`.
    """
    degrees = _Reader().geometry(value, kinds)
    first = shapely.get_coordinates(degrees)[0]
    if (guess := guess_grid(*first)) and guess[1]:
        raise GeometryRefused(
            Text(N_("Nord och öst verkar ha bytt plats.")),
            Text(N_("GeoJSON skriver longitud först: [18.06, 59.33] är Stockholm.")),
        )
    geometry = shapely.orient_polygons(_finite(transform(degrees, WGS84, SWEREF)))
    refuse_invalid(geometry)
    if within is not None and not shapely.box(*within).covers(geometry):
        raise OutsideCity(geometry)
    return geometry


def to_geojson(geometry: BaseGeometry, decimals: int = DECIMALS_KEPT, srid: int = WGS84) -> dict[str, Any]:
    """Return a stored geometry as GeoJSON in WGS 84, or in another system, east first."""
    numbers = shapely.transform(transform(geometry, SWEREF, srid), lambda numbers: numbers.round(decimals))
    return dict(mapping(numbers))


def multipolygon(area: BaseGeometry) -> MultiPolygon:
    """Return a polygon or multipolygon as the multipolygon that places and areas are stored as."""
    return MultiPolygon([area]) if isinstance(area, Polygon) else MultiPolygon(area)


INVALID = {
    "Self-intersection": N_("Formen korsar sig själv. Rita om den så att kanterna inte går över varandra."),
    "Ring Self-intersection": N_("Formen går tillbaka på sig själv. Ta bort punkten eller spetsen där den gör det."),
    "Hole lies outside shell": N_("Ett hål ligger utanför formen. Flytta in hålet eller ta bort det."),
    "Holes are nested": N_("Ett hål ligger i ett annat hål. Ta bort det inre."),
    "Nested shells": N_("En del ligger inne i en annan. Slå ihop delarna eller ta bort den ena."),
    "Interior is disconnected": N_("Hål delar formen i flera stycken. Rita varje stycke för sig."),
    "Duplicate Rings": N_("Samma ring finns två gånger. Ta bort den ena."),
    "Too few points in geometry component": N_("Formen har för få olika punkter. Rita minst en sträcka eller en yta."),
}


def refuse_invalid(geometry: BaseGeometry) -> None:
    """Raise GeometryRefused, in words and with the spot, unless a SWEREF 99 TM geometry is valid and not empty."""
    if geometry.is_empty:
        raise GeometryRefused(Text(N_("Geometrin är tom.")))
    if geometry.is_valid:
        return
    reason, _, spot = shapely.is_valid_reason(geometry).partition("[")
    at = None
    if spot:
        east, north = (float(number) for number in spot.rstrip("]").split()[:2])
        lon, lat = _transformer(SWEREF, WGS84).transform(east, north)
        at = round(lon, DECIMALS_SHOWN), round(lat, DECIMALS_SHOWN)
    raise GeometryRefused(Text(INVALID.get(reason, N_("Formen är inte giltig. Rita om den."))), at=at)


def _finite(geometry: BaseGeometry) -> BaseGeometry:
    """Return `geometry`; refuse what lies too far from Sweden to have numbers in its grid."""
    if not abs(shapely.get_coordinates(geometry)).max() < 1e8:  # noqa: PLR2004 - no place on Earth; NaN fails too
        raise GeometryRefused(Text(N_("Läget ligger för långt från Sverige.")))
    return geometry


class _Reader:
    """Reads GeoJSON coordinates strictly, and counts the points to refuse a huge geometry before it is made."""

    def __init__(self) -> None:
        self.left = MAX_VERTICES

    def geometry(self, value: object, kinds: Collection[str]) -> BaseGeometry:
        if not isinstance(value, Mapping):
            raise GeometryRefused(Text(N_("Läget ska vara en geometri i GeoJSON.")))
        kind = str(value.get("type"))
        if kind in {"Feature", "FeatureCollection"}:
            raise GeometryRefused(
                Text(N_("Läget ska vara en geometri i GeoJSON.")),
                Text(N_("Det här är ett helt objekt. Skicka bara det som står under geometry.")),
            )
        if "crs" in value:
            raise GeometryRefused(
                Text(N_("GeoJSON har alltid WGS 84.")), Text(N_("Räkna om koordinaterna och ta bort crs."))
            )
        if kind not in kinds:
            allowed = ", ".join(sorted(kinds))
            raise GeometryRefused(Text(N_("Geometrin ska vara av typen {kinds}."), kinds=allowed))
        if set(value) - {"type", "coordinates", "bbox"} or "coordinates" not in value:
            raise GeometryRefused(Text(N_("En geometri i GeoJSON har type och coordinates, inget annat.")))
        return self._makers()[kind](value["coordinates"])

    def _makers(self) -> dict[str, Callable[[object], BaseGeometry]]:
        return {
            "Point": lambda c: Point(self.position(c)),
            "LineString": lambda c: shapely.LineString(self.line(c)),
            "Polygon": lambda c: Polygon(*self.rings(c)),
            "MultiPoint": lambda c: shapely.MultiPoint([self.position(p) for p in _filled(c)]),
            "MultiLineString": lambda c: shapely.MultiLineString([self.line(p) for p in _filled(c)]),
            "MultiPolygon": lambda c: MultiPolygon([Polygon(*self.rings(p)) for p in _filled(c)]),
        }

    def position(self, value: object) -> tuple[float, float]:
        self.left -= 1
        if self.left < 0:
            raise GeometryRefused(
                Text(
                    N_("Geometrin har fler än {max} punkter. Förenkla den."), max=f"{MAX_VERTICES:_}".replace("_", " ")
                )
            )
        if not isinstance(value, (list, tuple)) or len(value) not in {2, 3} or not all(map(_is_number, value)):
            raise GeometryRefused(Text(N_("En punkt ska vara två tal: longitud och latitud.")))
        lon, lat = value[:2]
        if -180 <= lon <= 180 and -90 <= lat <= 90:  # noqa: PLR2004 - the Earth; NaN and infinity fail too
            return float(lon), float(lat)
        guess = guess_grid(lon, lat)
        raise GeometryRefused(
            Text(N_("Longitud ska ligga mellan −180 och 180, latitud mellan −90 och 90.")),
            Text(N_("Talen ser ut som {grid}. Räkna om dem till WGS 84."), grid=guess[0].name) if guess else None,
        )

    def line(self, value: object) -> list[tuple[float, float]]:
        points = [self.position(point) for point in _filled(value)]
        if len(points) < 2:  # noqa: PLR2004 - a line has two ends
            raise GeometryRefused(Text(N_("En linje ska ha minst två punkter.")))
        return points

    def ring(self, value: object) -> list[tuple[float, float]]:
        points = [self.position(point) for point in _filled(value)]
        if len(points) < LEAST_IN_RING or points[0] != points[-1]:
            raise GeometryRefused(
                Text(N_("Formen är inte sluten.")),
                Text(N_("En ring har minst fyra punkter och slutar i samma punkt som den börjar.")),
            )
        return points

    def rings(self, value: object) -> tuple[list[tuple[float, float]], list[list[tuple[float, float]]]]:
        shell, *holes = (self.ring(ring) for ring in _filled(value))
        return shell, holes


def _filled(value: object) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise GeometryRefused(Text(N_("Koordinaterna ska vara listor av punkter.")))
    if not value:
        raise GeometryRefused(Text(N_("Geometrin är tom.")))
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# --- Measures ---------------------------------------------------------------------------------------------------


def area_m2(geometry: BaseGeometry) -> float:
    """Return the area of a stored geometry in square metres (the grid is 0.01 % too small at Stockholm)."""
    return float(geometry.area)


# --- In the database --------------------------------------------------------------------------------------------


class Geom(Geometry):
    """A column with a shapely geometry in SWEREF 99 TM: `mapped_column(Geom("MULTIPOLYGON"))`.

    The spatial index is made by the migration. Values travel as WKB, exact to the last bit.
    """

    cache_ok = True
    as_binary = "ST_AsBinary"

    def __init__(self, kind: str = "GEOMETRY") -> None:
        super().__init__(geometry_type=kind, srid=SWEREF, spatial_index=False)
        self.kind = kind  # SQLAlchemy copies and caches a type by the names of its arguments

    def bind_expression(self, bindvalue: Any) -> Any:
        return func.ST_GeomFromWKB(bindvalue, SWEREF, type_=self)

    def bind_processor(self, dialect: Dialect) -> Callable[[BaseGeometry | None], bytes | None]:  # noqa: ARG002
        return lambda value: None if value is None else shapely.to_wkb(value, output_dimension=2)

    def result_processor(
        self,
        dialect: Dialect,  # noqa: ARG002
        coltype: object,  # noqa: ARG002
    ) -> Callable[[bytes | None], BaseGeometry | None]:
        return lambda value: None if value is None else shapely.from_wkb(bytes(value))


class Wkb(Geom):
    """The same column, its values left as they travel: WKB, for who carries them on unread."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], bytes | None]:  # noqa: ARG002
        return lambda value: value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], bytes | None]:  # noqa: ARG002
        return lambda value: None if value is None else bytes(value)


def with_srid(wkb: bytes) -> str:
    """Return WKB as PostGIS reads it from a text: with its reference system, in hex."""
    return str(shapely.to_wkb(shapely.set_srid(shapely.from_wkb(wkb), SWEREF), hex=True, include_srid=True))


def intersecting(column: Column, geometry: BaseGeometry) -> ColumnElement[bool]:
    """Return the condition that a row's geometry meets `geometry`, borders too; the spatial index does the sifting."""
    meets = func.ST_Intersects(column, literal(geometry, Geom()), type_=Boolean())
    return and_(in_box(column, geometry.bounds), meets)


def point_in(column: Column, point: Point) -> ColumnElement[bool]:
    """Return the condition that a row's area holds `point`. On a shared border both neighbours do."""
    return intersecting(column, point)


def distance(column: Column, geometry: BaseGeometry) -> ColumnElement[float]:
    """Return how many metres it is from a row's geometry to `geometry`, such as a point; 0 where they meet."""
    return func.ST_Distance(column, literal(geometry, Geom()), type_=Float())


def near(column: Column, geometry: BaseGeometry, metres: float) -> ColumnElement[bool]:
    """Return the condition that a row's geometry lies within so many metres of `geometry`, such as a point."""
    west, south, east, north = geometry.bounds
    around = west - metres, south - metres, east + metres, north + metres
    return and_(in_box(column, around), distance(column, geometry) <= metres)


def in_box(column: Column, bounds: Bounds) -> ColumnElement[bool]:
    """Return the condition that the box around a row's geometry meets `bounds`, answered by the spatial index."""
    key, *_ = column.expression.table.primary_key
    return _InBox(column, key, *(float(number) for number in bounds))


class _InBox(FunctionElement[bool]):
    """Arguments: column, primary key, west, south, east, north."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Self:  # noqa: ARG002
        return self  # SQLAlchemy would write "... = 1" on SQLite, which hides the index from the planner


@compiles(_InBox, "postgresql")
def _by_gist(element: _InBox, compiler: SQLCompiler, **kw: Any) -> str:
    column, _, *edges = element.clauses
    return f"({compiler.process(column, **kw)} && {compiler.process(func.ST_MakeEnvelope(*edges, SWEREF), **kw)})"


@compiles(_InBox, "sqlite")
def _by_rtree(element: _InBox, compiler: SQLCompiler, **kw: Any) -> str:
    """SpatiaLite never looks into its R-tree by itself (performance.md 1): ask it for the keys."""
    column, key, *edges = element.clauses
    table = column.table
    while hasattr(table, "element"):  # an alias has the index of what it stands for
        table = table.element
    index = compiler.preparer.quote(f"idx_{table.name}_{column.name}")
    west, south, east, north = (compiler.process(edge, **kw) for edge in edges)
    boxes = f"SELECT pkid FROM {index} WHERE xmin <= {east} AND xmax >= {west} AND ymin <= {north} AND ymax >= {south}"  # noqa: S608 - names of our tables, bound values
    return f"({compiler.process(key, **kw)} IN ({boxes}))"
