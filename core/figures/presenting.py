"""How figures stand on pages: a change as better or worse, an area beside the city, a curve, the lines of a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, db
from core.access import Actor
from core.figures import services
from core.figures.cells import told as number
from core.figures.maps import Class
from core.figures.models import COMPARABLE, SHORT, VALUE, Indicator
from core.figures.periods import told as told_period
from core.figures.services import OfArea, Told
from core.figures.words import said
from core.i18n import N_, Text
from core.places.models import DISTRICT, Place
from core.places.services import areas_of

NEAREST = ("basomrade", "stadsdel", DISTRICT)
"""Kinds of area, the one that says most about a place first."""
ON_PLACE = 8
SAME, UNSURE, BETTER, WORSE, OTHER = "samma", "osaker", "battre", "samre", "annan"
LOOKS = {
    SAME: ("plain", "open", N_("Oförändrat")),
    UNSURE: ("plain", "open", N_("Inom osäkerheten")),
    BETTER: ("success", "done", N_("Bättre")),
    WORSE: ("warning", "missing", N_("Sämre")),
    OTHER: ("info", "ongoing", N_("Ändrat")),
}
"""How a change stands: tone, shape, word."""


def ends_of(indicator: Indicator, one: Class) -> str:
    """Return the lowest and the highest value of a class of the map, with the unit: "53,2–58,1 %"."""
    ends = "–".join(number(value) for value in dict.fromkeys((one.low, one.high)))
    unit = SHORT[indicator.unit]
    return Text(N_("{value} {unit}"), value=ends, unit=unit) if unit else ends


def change(indicator: Indicator, now: Told, before: Told | None) -> dict[str, Any] | None:
    """Return how a figure has changed, in words and as better or worse; None where one of them has no whole value.

    Intervals that overlap are no change that anybody can speak of.
    """
    if before is None or not now.whole or not before.whole:
        return None
    step = (now.value or 0) - (before.value or 0)
    overlap = None not in (now.low, now.high, before.low, before.high) and (
        now.low <= before.high and before.low <= now.high  # type: ignore[operator]
    )
    if step == 0 or overlap:
        key = SAME if step == 0 else UNSURE
    elif indicator.direction == "ingen":
        key = OTHER
    else:
        key = BETTER if (step > 0) == (indicator.direction == "upp") else WORSE
    tone, shape, word = LOOKS[key]
    sign = "+" if step > 0 else ""
    text = f"{sign}{number(round(step, 2))}"
    if indicator.unit == "procent":
        text = Text(N_("{step} procentenheter"), step=text)
    return {"tone": tone, "shape": shape, "word": word, "text": text}


def beside(indicator: Indicator, area: Told, city: Told | None) -> str:
    """Return how far an area lies from the city, where one can say that; empty else."""
    if city is None or indicator.unit not in COMPARABLE or not area.whole or not city.whole:
        return ""
    step = round((area.value or 0) - (city.value or 0), 2)
    if step == 0:
        return N_("som staden")
    more = N_("{step} över staden") if step > 0 else N_("{step} under staden")
    return Text(more, step=number(abs(step)))


def span(told: Told) -> str:
    """Return the uncertainty of a figure, and how many it rests on."""
    if told.status != VALUE:
        return ""
    parts = [f"{number(told.low)}–{number(told.high)}"] if told.low is not None and told.high is not None else []
    if told.n is not None:
        parts.append(Text(N_("{n} svar"), n=number(told.n)))
    return ", ".join(parts) if len(parts) != 1 else parts[0]


def curve(indicator: Indicator, series: Sequence[tuple[Any, Told]], city: dict[Any, Told]) -> list[dict[str, Any]]:
    """Return the points of a chart over time: a gap is a gap, with why."""
    points = []
    for days, told in series:
        point: dict[str, Any] = {"label": told_period(*days), "value": _plain(told.value)}
        if told.status != VALUE or not told.whole:
            point["why"] = said(indicator, told)
        if told.low is not None and told.high is not None and told.value is not None:
            point |= {"low": _plain(told.low), "high": _plain(told.high)}
        other = city.get(days) if indicator.unit in COMPARABLE else None  # of a number the city is so much more
        point["other"] = _plain(other.value) if other is not None else None
        points.append(point)
    return points


def _plain(value: float | None) -> float | int | None:
    """Return a whole number as one: charts print it so."""
    return int(value) if value is not None and float(value).is_integer() else value


def of_place(actor: Actor, uid: UUID) -> dict[str, Any]:
    """Return the newest figures of the areas that a place lies in: of each indicator those of the smallest area."""
    place = db.session().scalar(access.visible(select(Place).where(Place.uid == uid), actor))
    if place is None:
        return {"lines": []}
    areas = {(area.kind, area.code): area for area in areas_of(place) if area.kind in NEAREST}
    best: dict[tuple[int, str], OfArea] = {}
    for one in services.of_areas(actor, areas):
        key = (one.indicator.id, one.part)
        if key not in best or NEAREST.index(one.area[0]) < NEAREST.index(best[key].area[0]):
            best[key] = one
    lines = [_line(one) for one in list(best.values())[:ON_PLACE]]
    home = next((area for kind in NEAREST[::-1] for area in areas.values() if area.kind == kind), None)
    return {"lines": lines, "area": home, "more": len(best) > ON_PLACE}


def _line(one: OfArea) -> dict[str, Any]:
    return {
        "one": one,
        "said": said(one.indicator, one.told),
        "period": told_period(*one.period),
        "change": change(one.indicator, one.told, one.before[1] if one.before else None),
        "beside": beside(one.indicator, one.told, one.city),
        "city": said(one.indicator, one.city) if one.city else "",
    }


def lines_of(actor: Actor, kind: str, code: str) -> list[dict[str, Any]]:
    """Return every indicator of an area as its page shows it."""
    return [_line(one) for one in services.of_areas(actor, {(kind, code)})]
