"""Layers out, for the city's own map tool: figures with the shapes of their areas, nulls as nulls, with their status.

As features of OGC API Features, and as a GeoPackage in SWEREF 99 TM.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import and_, exists, select, tuple_

from core import access, db, geo
from core.access import Actor
from core.dated import is_valid
from core.figures import services
from core.figures.models import READ, Figure, Indicator
from core.figures.services import Choice
from core.figures.services.reading import holding
from core.places.models import Area

PROPERTIES = (
    "area_kind", "area_code", "area_name", "part", "first_on", "last_on", "status", "value", "n", "low", "high",
)  # fmt: skip


def indicator_called(actor: Actor, key: str) -> Indicator:
    """Return an indicator by its key, as collections are called. Raises Missing."""
    access.require(actor, READ)
    found = db.session().scalar(access.visible(select(Indicator).where(Indicator.key == key), actor))
    if found is None:
        raise access.Missing("indicator", key)
    return found


def features(
    actor: Actor,
    indicator: Indicator,
    *,
    limit: int,
    after: int = 0,
    uid: UUID | None = None,
    box: geo.Bounds | None = None,
    when: tuple[date | None, date | None] = (None, None),
    area_kind: str = "",
) -> tuple[list[dict[str, Any]], int | None]:
    """Return figures as GeoJSON features in their order, and where the next page begins.

    `box` is in SWEREF 99 TM; `when` is what a figure's period touches. One whose area has no shape has none either.
    """
    rows = select(Figure).where(Figure.indicator_id == indicator.id, Figure.id > after, *holding(actor))
    first, last = when
    if first:
        rows = rows.where(Figure.last_on >= first)
    if last:
        rows = rows.where(Figure.first_on <= last)
    if uid:
        rows = rows.where(Figure.uid == uid)
    if area_kind:
        rows = rows.where(Figure.area_kind == area_kind)
    if box:
        touches = geo.intersecting(Area.geom, shapely.box(*box))
        same = and_(Area.kind == Figure.area_kind, Area.code == Figure.area_code)
        rows = rows.where(exists(select(Area.id).where(same, touches)))
    found = list(db.session().scalars(rows.order_by(Figure.id).limit(limit + 1)))
    shown = found[:limit]
    shapes = _shapes(shown)
    drawn = [_feature(indicator, row, shapes.get(row.id)) for row in shown]
    return drawn, shown[-1].id if len(found) > limit else None


def _shapes(rows: Sequence[Figure]) -> dict[int, Any]:
    """Return the shape of each figure's area as it was on its last day, else as it is drawn latest: one query."""
    keys = {(row.area_kind, row.area_code) for row in rows}
    areas = db.session().scalars(
        select(Area).where(tuple_(Area.kind, Area.code).in_(keys)).order_by(Area.valid_from.desc())
    )
    by_key: dict[tuple[str, str], list[Area]] = {}
    for area in areas:
        by_key.setdefault((area.kind, area.code), []).append(area)
    found = {}
    for row in rows:
        drawn = by_key.get((row.area_kind, row.area_code), [])
        if drawn:
            found[row.id] = next((one for one in drawn if is_valid(one, row.last_on)), drawn[0]).geom
    return found


def _feature(indicator: Indicator, row: Figure, shape: Any) -> dict[str, Any]:
    about = {"indicator": indicator.key, "title": indicator.title, "unit": indicator.unit, "source": indicator.source}
    return {
        "type": "Feature",
        "id": str(row.uid),
        "geometry": geo.to_geojson(shape, geo.DECIMALS_SHOWN) if shape is not None else None,
        "properties": about | {name: _plain(getattr(row, name)) for name in PROPERTIES},
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def geopackage(actor: Actor, choice: Choice, period: tuple[date, date]) -> bytes:
    """Return the figures of a period as a GeoPackage: one row for each area, a null where there is no value.

    Raises Missing where no area has a shape.
    """
    from core.figures import maps

    told = services.by_area(actor, choice, period)
    areas = maps.areas_of(actor, choice.area_kind, period)
    if not areas:
        raise access.Missing("area", choice.area_kind)
    figures = [told.get(area.code, services.GONE) for area in areas]
    names: dict[str, list[Any]] = {
        "area_code": [area.code for area in areas],
        "area_name": [area.name for area in areas],
        "indicator": [choice.indicator.key] * len(areas),
        "unit": [choice.indicator.unit] * len(areas),
        "first_on": [period[0].isoformat()] * len(areas),
        "last_on": [period[1].isoformat()] * len(areas),
        "status": [one.status for one in figures],
        "value": [one.value for one in figures],
        "n": [one.n for one in figures],
        "low": [one.low for one in figures],
        "high": [one.high for one in figures],
        "suppressed_parts": [one.suppressed for one in figures],
        "missing_parts": [one.missing for one in figures],
    }
    return _written([area.geom for area in areas], names, choice.indicator.key)


NUMBERS = ("value", "n", "low", "high")


def _written(shapes: Iterable[Any], columns: dict[str, list[Any]], layer: str) -> bytes:
    import numpy as np
    import pyogrio.raw

    data = [
        np.array([np.nan if one is None else one for one in values], dtype=float) if name in NUMBERS
        else np.array(values, dtype=np.int32 if name.endswith("_parts") else object)
        for name, values in columns.items()
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lager.gpkg"
        pyogrio.raw.write(
            path, shapely.to_wkb(list(shapes)), data, list(columns), layer=layer, driver="GPKG",
            geometry_type="MultiPolygon", crs=f"EPSG:{geo.SWEREF}", nan_as_null=True,
        )  # fmt: skip
        return path.read_bytes()
