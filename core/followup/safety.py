"""How safe people feel in the evening, as the map of granted money is shaded by it: its classes, and area by area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import load_only

from core import access
from core.access import Actor
from core.documents import Column
from core.figures import maps, periods, services
from core.figures.layers import indicator_called
from core.figures.models import STATUSES
from core.figures.services import Choice, Told
from core.figures.words import said
from core.followup.figures_of import Link, Table, count
from core.i18n import N_, Text
from core.places.models import DISTRICT, Area

SAFE = "trygg_kvall"
"""The indicator: how many percent of those who live in a district feel safe in the evening."""


@dataclass(frozen=True)
class Safety:
    """The newest figures of how safe people feel: of which days, and each area's, in the order of the map's numbers."""

    choice: Choice
    days: tuple[Any, Any]
    areas: Sequence[Area]
    told: Mapping[str, Told]

    @property
    def classes(self) -> list[maps.Class]:
        """The classes that the map shades."""
        return maps.classes(one.value for one in self.told.values() if one.value is not None)

    @property
    def gaps(self) -> dict[str, int]:
        """How many areas have no value, by why."""
        return {key: sum(one.status == key for one in self.told.values()) for key in STATUSES}

    @property
    def period(self) -> Text | str:
        """Of when the figures are, in words."""
        return periods.told(*self.days)


def safety_of(actor: Actor) -> Safety | None:
    """Return how safe people feel, if anybody has read such figures in; None for who does not reach them."""
    try:
        indicator = indicator_called(actor, SAFE)
    except (access.Denied, access.Missing):
        return None
    choice = services.choose(actor, indicator, DISTRICT)
    days = next(iter(services.periods(actor, choice, 1)), None)
    if choice.area_kind != DISTRICT or days is None:
        return None
    areas = maps.areas_of(actor, DISTRICT, days, load_only(Area.id, Area.code, Area.name))
    return Safety(choice, days, areas, services.by_area(actor, choice, days))


def table(safety: Safety) -> Table:
    """Return what the map shades and numbers, as a table."""
    numbered = len(safety.areas) <= maps.NUMBERED
    rows: list[tuple[Any, ...]] = []
    for nth, area in enumerate(safety.areas, 1):
        one = safety.told.get(area.code, services.GONE)
        value = said(safety.choice.indicator, one) if one.value is None else one.value
        link = Link(area.name, f"/statistik/omrade/{DISTRICT}/{area.code}")
        rows.append((link, *((nth,) if numbered else ()), value))
    number = (count(N_("Nummer i kartan")),) if numbered else ()
    columns = (Column(N_("Område"), width=40), *number, count(N_("Trygga på kvällen, procent")))
    return Table(N_("Områdena i kartan"), columns, rows)
