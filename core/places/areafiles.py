"""Area files of any kind: districts, stadsdelar, police areas as GeoJSON, Shapefile (also zipped) or GeoPackage.

A file is taken whole or refused whole, with everything that is wrong said at once. Nothing is repaired, merged or
left out in silence: an area decides who answers for a place.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
import pyogrio.raw
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from core import geo
from core.i18n import N_, Text

NAME_PROPERTIES = ("namn", "name", "basområde", "basomrade", "stadsdel", "område", "omrade", "distrikt", "kommun")
CODE_PROPERTIES = ("kod", "code", "nyckelkod")
MAX_BYTES = 200_000_000
LISTED = 5  # so many names or layers are named in a sentence

SIGNATURES = {
    ".geojson": re.compile(rb"\A(\xef\xbb\xbf)?\s*\{"),
    ".json": re.compile(rb"\A(\xef\xbb\xbf)?\s*\{"),
    ".shp": re.compile(rb"\A\x00\x00\x27\x0a"),
    ".gpkg": re.compile(rb"\ASQLite format 3\x00"),
}
"""How each kind of file begins. The library behind opens far more kinds, among them some that fetch other files."""


class AreaFileRefused(Exception):
    """The file cannot be imported; `problems` are sentences for people, one for each thing that is wrong."""

    def __init__(self, *problems: Text) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class GridUnknown(AreaFileRefused):
    """The file does not say its coordinate system, or one that its numbers deny; `guess` is what they look like."""

    def __init__(self, problem: Text, guess: geo.Grid | None) -> None:
        hint = (
            Text(N_("Talen ser ut som {grid}. Kör om med --srid {srid}."), grid=guess.name, srid=guess.srid)
            if guess
            else Text(N_("Ange koordinatsystemets EPSG-kod med --srid."))
        )
        super().__init__(problem, hint)
        self.guess = guess


@dataclass(frozen=True)
class AreaFeature:
    """One area of a file; `geometry` is valid and in SWEREF 99 TM, `code` is the file's own or the folded name."""

    name: str
    code: str
    geometry: MultiPolygon
    properties: dict[str, Any]


def read_areas(
    path: Path,
    *,
    name_property: str | None = None,
    srid: int | None = None,
    encoding: str | None = None,
    layer: str | None = None,
    within: geo.Bounds | None = None,
) -> list[AreaFeature]:
    """Return the areas of a file, in its order.

    `name_property`, `srid`, `encoding` and `layer` overrule what the file says or what is guessed from it;
    `within` is the city's box. Raises AreaFileRefused.
    """
    source = _source(path)
    table = _read(source, _layer(source, layer), encoding)
    if not table.shapes:
        raise AreaFileRefused(Text(N_("Filen innehåller inga områden.")))
    _refuse_other_kinds(table)
    grid = _grid(table, srid)
    names = _names(table, name_property)
    codes = _codes(table, names)
    problems = list(_repeated(names, codes))
    features = []
    for name, code, shape, properties in zip(names, codes, table.shapes, table.rows, strict=True):
        try:
            features.append(AreaFeature(name, code, _area(shape, grid, within), properties))
        except geo.GeometryRefused as refused:
            problems.append(Text(N_("{name}: {reason}"), name=name, reason=str(refused)))
    if problems:
        raise AreaFileRefused(*problems)
    return features


def code_of(name: str) -> str:
    """Return `name` folded to a code: "Hägersten-Älvsjö" is "hagersten-alvsjo"."""
    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def approximate_areas(points: Iterable[tuple[str, float, float]]) -> list[tuple[str, MultiPolygon]]:
    """Return rough areas grown around (code, longitude, latitude) points, in the order the codes come.

    Each spot goes to the nearest point, out to 1.2 km beyond the outermost ones. For a demo only: the areas
    do not overlap and have no holes, but no border lies where the city has drawn it.
    """
    codes, lons, lats = zip(*points, strict=True)
    sites = geo.transform(shapely.MultiPoint(list(zip(lons, lats, strict=True))), geo.WGS84, geo.SWEREF)
    reach = shapely.concave_hull(sites, ratio=0.3).buffer(1_200)
    cells = shapely.voronoi_polygons(sites, extend_to=reach.envelope, ordered=True)
    areas = []
    for code in dict.fromkeys(codes):
        own = [cell for cell, owner in zip(cells.geoms, codes, strict=True) if owner == code]
        area = shapely.intersection(shapely.union_all(own), reach)
        areas.append((code, geo.multipolygon(shapely.orient_polygons(area))))
    return areas


# --- Opening the file -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    shapes: Sequence[BaseGeometry | None]
    rows: list[dict[str, Any]]
    fields: list[str]
    crs: str | None


def _source(path: Path) -> str:
    """Return the name that the reader opens, after a look at how the file begins."""
    if not path.is_file():
        raise AreaFileRefused(Text(N_("Filen {name} finns inte."), name=path.name))
    if path.suffix.lower() == ".zip":
        return _source_in_zip(path)
    with path.open("rb") as file:
        _check(path.name, path.stat().st_size, file.read(64))
    return str(path)


def _source_in_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.filename.startswith("__MACOSX")]
            found = [m for m in members if Path(m.filename).suffix.lower() in SIGNATURES]
            if len(found) != 1:
                raise AreaFileRefused(
                    Text(N_("Zip-filen ska innehålla en områdesfil, men har {count}."), count=len(found))
                )
            with archive.open(found[0]) as file:
                _check(found[0].filename, sum(m.file_size for m in members), file.read(64))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:  # the last two: a password, a rare method
        raise AreaFileRefused(Text(N_("Zip-filen går inte att öppna."))) from error
    return f"/vsizip/{{{path}}}/{found[0].filename}"


def _check(name: str, size: int, beginning: bytes) -> None:
    signature = SIGNATURES.get(Path(name).suffix.lower())
    if signature is None or not signature.match(beginning):
        raise AreaFileRefused(
            Text(N_("{name} är ingen områdesfil. Använd GeoJSON, Shapefile eller GeoPackage."), name=name)
        )
    if size > MAX_BYTES:
        raise AreaFileRefused(Text(N_("Filen är större än {max} MB."), max=MAX_BYTES // 1_000_000))


def _layer(source: str, layer: str | None) -> str | None:
    """Return the layer to read; refuse to choose between several."""
    with _explained():
        layers = [str(name) for name, kind in pyogrio.list_layers(source) if kind is not None]
    if layer is None and len(layers) > 1:
        raise AreaFileRefused(
            Text(N_("Filen har flera lager: {names}. Välj ett med --layer."), names=", ".join(layers[:LISTED]))
        )
    return layer


def _read(source: str, layer: str | None, encoding: str | None) -> _Table:
    """Read all of a layer. A Shapefile rarely knows its encoding: UTF-8 if it is that, else as GDAL sees it."""
    wanted = encoding or ("utf-8" if source.lower().endswith(".shp") else None)
    try:
        with _explained():
            meta, _, shapes, columns = pyogrio.raw.read(source, layer=layer, encoding=wanted)
    except (UnicodeDecodeError, LookupError) as error:
        if encoding:
            raise AreaFileRefused(
                Text(N_("Filens texter är inte {encoding}. Välj en annan teckenkodning."), encoding=encoding)
            ) from error
        with _explained():
            meta, _, shapes, columns = pyogrio.raw.read(source, layer=layer)
    with _explained():
        shapes = [shapely.from_wkb(shape) for shape in shapes]
    fields = [str(field) for field in meta["fields"]]
    values = [column.tolist() for column in columns]
    rows = [{field: value[i] for field, value in zip(fields, values, strict=True)} for i in range(len(shapes))]
    return _Table(shapes, rows, fields, meta["crs"])


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what the readers say about a broken file into one sentence."""
    try:
        yield
    except (RuntimeError, shapely.errors.ShapelyError) as error:
        raise AreaFileRefused(
            Text(N_("Filen går inte att läsa. Kontrollera att den är hel.")),
            Text(N_("En Shapefile består av flera filer (.shp, .shx, .dbf, .prj). Lägg dem i samma mapp eller zip.")),
        ) from error


# --- Grid, names and shapes -------------------------------------------------------------------------------------


def _refuse_other_kinds(table: _Table) -> None:
    """Refuse a file of points or lines as such, before its names are asked for."""
    kinds = {shape.geom_type for shape in table.shapes if shape is not None}
    if not kinds & geo.AREAS:
        raise AreaFileRefused(
            Text(
                N_("Filen har inga ytor, bara {kinds}. Exportera områdena som ytor."),
                kinds=_listed(sorted(kinds)) or "-",
            )
        )


def _grid(table: _Table, srid: int | None) -> int | str:
    """Return the coordinate system of the file; refuse numbers that it cannot have."""
    west, south, east, north = shapely.total_bounds([shape for shape in table.shapes if shape is not None])
    guess = geo.guess_grid((west + east) / 2, (south + north) / 2)
    if guess and guess[1]:
        raise AreaFileRefused(Text(N_("Nord och öst verkar ha bytt plats i filen. Exportera den igen med öst först.")))
    grid = srid or table.crs
    if grid is None:
        raise GridUnknown(
            Text(N_("Filen säger inte vilket koordinatsystem den har (.prj saknas).")), guess and guess[0]
        )
    try:
        degrees = CRS.from_user_input(grid).is_geographic
    except CRSError as error:
        raise GridUnknown(Text(N_("Koordinatsystemet {srid} är okänt."), srid=grid), guess and guess[0]) from error
    if degrees and not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 - the Earth
        raise GridUnknown(
            Text(N_("Filen säger sig ha longitud och latitud, men talen är för stora.")), guess and guess[0]
        )
    return grid


def _names(table: _Table, wanted: str | None) -> list[str]:
    """Return each area's name: from `wanted`, else from the first known property that tells all areas apart."""
    if wanted is not None and wanted not in table.fields:
        raise AreaFileRefused(
            Text(N_("Egenskapen {name} finns inte. Filen har: {fields}."), name=wanted, fields=", ".join(table.fields))
        )
    known = _fields(table, NAME_PROPERTIES)
    if wanted is None and not known:
        fields = ", ".join(table.fields) or "-"
        raise AreaFileRefused(
            Text(
                N_("Det går inte att se vad områdena heter. Välj en egenskap med --name-field. Filen har: {fields}."),
                fields=fields,
            )
        )
    chosen = wanted or next((field for field in known if _tells_apart(table, field)), known[0])
    names = [str(row[chosen] or "").strip() for row in table.rows]
    if missing := [number for number, name in enumerate(names, start=1) if not name]:
        raise AreaFileRefused(
            Text(N_("Område nummer {numbers} saknar namn i {field}."), numbers=_listed(missing), field=chosen)
        )
    return names


def _codes(table: _Table, names: list[str]) -> list[str]:
    for field in _fields(table, CODE_PROPERTIES):
        if _tells_apart(table, field):
            return [str(row[field]).strip() for row in table.rows]
    return [code_of(name) for name in names]


def _fields(table: _Table, known: Sequence[str]) -> list[str]:
    """Return the file's properties that have a known name, in the order in which we know them."""
    return [field for name in known for field in table.fields if field.lower() == name]


def _tells_apart(table: _Table, field: str) -> bool:
    values = {row[field] for row in table.rows}
    return len(values) == len(table.rows) and None not in values


def _repeated(names: list[str], codes: list[str]) -> Iterator[Text]:
    many = [name for name, code in zip(names, codes, strict=True) if Counter(codes)[code] > 1]
    if many:
        yield Text(
            N_("Flera områden heter lika: {names}. Ge dem olika namn eller välj en annan egenskap med --name-field."),
            names=_listed(dict.fromkeys(many)),
        )


def _listed(values: Iterable[object]) -> str:
    texts = [str(value) for value in values]
    return ", ".join(texts[:LISTED]) + (" …" if len(texts) > LISTED else "")


def _area(shape: BaseGeometry | None, grid: int | str, within: geo.Bounds | None) -> MultiPolygon:
    if shape is None or shape.is_empty:
        raise geo.GeometryRefused(Text(N_("Området saknar yta. Ta bort raden eller rita området.")))
    if shape.geom_type not in geo.AREAS:
        raise geo.GeometryRefused(Text(N_("Ett område ska vara en yta, men det här är {kind}."), kind=shape.geom_type))
    area = geo.multipolygon(shapely.orient_polygons(geo.transform(shape, grid, geo.SWEREF)))
    geo.refuse_invalid(area)
    if within is not None and not shapely.box(*within).covers(area):
        raise geo.OutsideCity(area)
    return area
