"""Files of assets: lamp posts, benches and the like as CSV or GeoJSON, read row by row.

What is wrong is told with the number of its line, and then nothing at all is taken in.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio.raw
import shapely
from shapely import Point

from core import geo
from core.i18n import N_, Text

NUMBER_COLUMNS = ("nummer", "number", "nr", "stolpnummer", "facilityid", "osm_id", "objectid", "id")
EAST_COLUMNS = ("longitude", "lon", "lng", "long", "ost", "öst", "east", "e", "x")
NORTH_COLUMNS = ("latitude", "lat", "nord", "north", "n", "y")
LONGEST_NUMBER = 60
TOLD = 20
"""So many lines are told of; a wrong column is wrong in all of them."""


class AssetFileRefused(Exception):
    """The file cannot be taken in; `problems` are sentences for people, one for each line that is wrong."""

    def __init__(self, *problems: Text) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class AssetRow:
    """One asset of a file; `point` is in SWEREF 99 TM, `line` is where it stood."""

    line: int
    number: str
    point: Point


def read_assets(
    path: Path, *, number_column: str | None = None, srid: int | None = None, within: geo.Bounds | None = None
) -> Iterator[AssetRow]:
    """Yield the assets of a file, in its order. Raises AssetFileRefused, at the end, with all that is wrong.

    `srid` is the system of a CSV's numbers, WGS 84 unless said; `within` is the city's box.
    """
    problems: list[Text] = []
    seen: dict[str, int] = {}
    source = _csv(path, number_column) if path.suffix.lower() == ".csv" else _features(path, number_column)
    for line, number, east, north in source:
        try:
            row = AssetRow(line, _number(number), _point(east, north, srid or geo.WGS84, within))
        except geo.GeometryRefused as refused:
            problems.append(Text(N_("Rad {line}: {reason}"), line=line, reason=str(refused)))
            continue
        if (first := seen.setdefault(row.number, line)) != line:
            words = N_("Rad {line}: numret {number} står redan på rad {first}.")
            problems.append(Text(words, line=line, number=row.number, first=first))
            continue
        if not problems:
            yield row
    if not seen and not problems:
        raise AssetFileRefused(Text(N_("Filen innehåller inga anläggningar.")))
    if problems:
        more = len(problems) - TOLD
        rest = [Text(N_("… och {count} rader till."), count=more)] if more > 0 else []
        raise AssetFileRefused(*problems[:TOLD], *rest)


Source = Iterator[tuple[int, Any, Any, Any]]
"""Line, number, east, north: as they stand in the file."""


def _csv(path: Path, number_column: str | None) -> Source:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            beginning = file.readline()
            file.seek(0)
            rows = csv.DictReader(file, delimiter=";" if beginning.count(";") > beginning.count(",") else ",")
            columns = list(rows.fieldnames or ())
            number = _column(columns, (number_column,) if number_column else NUMBER_COLUMNS, N_("nummer"))
            east, north = _column(columns, EAST_COLUMNS, N_("öst")), _column(columns, NORTH_COLUMNS, N_("nord"))
            for row in rows:
                yield rows.line_num, row[number], row[east], row[north]
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise AssetFileRefused(Text(N_("Filen går inte att läsa. Spara den som CSV i UTF-8."))) from error


def _features(path: Path, number_column: str | None) -> Source:
    """Yield the features of a GeoJSON; its line is the number of the feature."""
    if path.suffix.lower() not in (".geojson", ".json"):
        raise AssetFileRefused(Text(N_("Använd en fil i CSV eller GeoJSON.")))
    try:
        meta, _, shapes, values = pyogrio.raw.read(path)
    except (RuntimeError, ValueError) as error:
        raise AssetFileRefused(Text(N_("Filen går inte att läsa. Kontrollera att den är hel."))) from error
    columns = [str(field) for field in meta["fields"]]
    chosen = _column(columns, (number_column,) if number_column else NUMBER_COLUMNS, N_("nummer"))
    numbers = values[columns.index(chosen)]
    for place, (number, shape) in enumerate(zip(numbers, shapes, strict=True), 1):
        point = shapely.from_wkb(shape) if shape is not None else None
        is_point = isinstance(point, Point) and not point.is_empty
        east, north = (point.x, point.y) if point is not None and is_point else (None, None)
        yield place, number, east, north


def _column(columns: list[str], known: tuple[str | None, ...], what: str) -> str:
    found = next((column for name in known for column in columns if name and column.lower() == name.lower()), None)
    if found is None:
        words = N_("Filen har ingen kolumn för {what}. Kolumner: {columns}.")
        raise AssetFileRefused(Text(words, what=what, columns=", ".join(columns) or "–"))
    return found


def _number(value: Any) -> str:
    text = "" if value is None else str(value).strip()
    if not text or len(text) > LONGEST_NUMBER or not text.isprintable():
        raise geo.GeometryRefused(Text(N_("numret saknas, eller är längre än {max} tecken."), max=LONGEST_NUMBER))
    return text


def _point(east: Any, north: Any, srid: int, within: geo.Bounds | None) -> Point:
    try:
        x, y = float(str(east).replace(",", ".")), float(str(north).replace(",", "."))
    except ValueError:
        raise geo.GeometryRefused(Text(N_("läget saknas, eller är inga tal."))) from None
    guess = geo.guess_grid(x, y)
    if guess and guess[1]:
        raise geo.GeometryRefused(Text(N_("nord och öst verkar ha bytt plats.")))
    if guess and guess[0].srid != srid:
        words = N_("talen ser ut som {grid}. Kör om med --srid {srid}.")
        raise geo.GeometryRefused(Text(words, grid=guess[0].name, srid=guess[0].srid))
    if guess is None:
        raise geo.GeometryRefused(Text(N_("läget ligger inte i Sverige.")))
    found = Point(geo.transform(Point(x, y), srid, geo.SWEREF))
    if within is not None and not shapely.box(*within).covers(found):
        raise geo.GeometryRefused(Text(N_("läget ligger utanför staden.")))
    return found
