"""What the map draws of figures: each area in the class of its value, or as missing or suppressed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import select
from sqlalchemy.orm import load_only

from core import access, clock, db, geo
from core.access import Actor
from core.dated import valid_on
from core.figures import services
from core.figures.models import VALUE
from core.figures.services import Choice, Told
from core.figures.words import said
from core.places.models import Area

COARSE, COARSER, MANY = 10.0, 20.0, 100
"""Metres of the bends that a border loses on the map; of many small areas more."""
SHADES = 5
NUMBERED = 40
"""As many areas have a number each in the map (FEW in frontend/ts/map/figure.ts); more are told by their names."""
Days = tuple[Any, Any]


@dataclass(frozen=True)
class Class:
    """A class of the map: from the lowest to the highest value in it, and its shade from 1 (light) to 5."""

    shade: int
    low: float
    high: float
    areas: int


def classes(values: Iterable[float]) -> list[Class]:
    """Return at most five classes with as many areas in each as equal values let (quantiles)."""
    ordered = sorted(values)
    different = sorted(set(ordered))
    number = min(SHADES, len(different))  # the second lowest begins a class at the earliest: no class is empty
    breaks = sorted({max(different[1], ordered[len(ordered) * n // number]) for n in range(1, number)})
    held: dict[int, list[float]] = {}
    for value in ordered:
        held.setdefault(bisect_right(breaks, value), []).append(value)
    step = (SHADES - 1) / max(1, len(held) - 1)
    return [
        Class(1 + round(step * place) if len(held) > 1 else 3, group[0], group[-1], len(group))
        for place, group in enumerate(held.values())
    ]


def shade_of(told: Told | None, found: Sequence[Class]) -> int | None:
    """Return the shade of a figure; None for one without a value."""
    if told is None or told.value is None:
        return None
    return next(one.shade for one in found if one.low <= told.value <= one.high)


def areas_of(actor: Actor, kind: str, period: Days, *options: Any) -> list[Area]:
    """Return the areas of a kind as they were on the last day of a period; as they are today where none are known."""
    for day in (min(period[1], clock.today()), clock.today()):
        rows = select(Area).where(Area.kind == kind, valid_on(Area, day)).options(*options)
        rows = access.visible(rows, actor)
        if found := list(db.session().scalars(rows.order_by(Area.name, Area.id))):
            return found
    return []


def named(actor: Actor, kind: str, period: Days) -> list[Area]:
    """Return the areas that have a number in the map, in its order; none where they are too many to number.

    The number always has room in its area, the name not: what each number is called stands beneath the map.
    """
    areas = areas_of(actor, kind, period, load_only(Area.id, Area.code, Area.name))
    return areas if len(areas) <= NUMBERED else []


def choropleth(actor: Actor, choice: Choice, period: Days) -> list[dict[str, Any]]:
    """Return the areas as GeoJSON features, in degrees, each with its figure in words, its shade and its status."""
    told = services.by_area(actor, choice, period)
    found = classes(one.value for one in told.values() if one.value is not None)
    areas = areas_of(actor, choice.area_kind, period)
    coarse = COARSER if len(areas) > MANY else COARSE
    shapes = shapely.coverage_simplify([area.geom for area in areas], coarse) if areas else ()
    return [
        {
            "type": "Feature",
            "geometry": geo.to_geojson(shape, geo.DECIMALS_SHOWN),
            "properties": {
                **_properties(choice, area, told.get(area.code, services.GONE), found),
                **({"place": place} if len(areas) <= NUMBERED else {}),
            },
        }
        for place, (area, shape) in enumerate(zip(areas, shapes, strict=True), 1)
    ]


def _properties(choice: Choice, area: Area, told: Told, found: Sequence[Class]) -> Mapping[str, Any]:
    return {
        "part": "figure",
        "name": area.name,
        "code": area.code,
        "number": said(choice.indicator, told),
        "status": told.status,
        "value": told.value,
        "partial": told.status == VALUE and not told.whole,
        "shade": shade_of(told, found),
        "url": f"/statistik/omrade/{choice.area_kind}/{area.code}",
    }
