"""What the city's seed pack says about cooperation: kinds of measure, focus areas, who is to be asked about what.

Read once for each city. A plugin's kinds of measure stand after the city's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from core import db, plugins
from core.hookspecs import MeasureKind
from core.i18n import N_
from core.places.services import city, rows_of
from core.schema import Invalid

YES = "ja"
RESPONSIBLE, EARLY = "ansvarig", "tidigt"
PARTS = {RESPONSIBLE: N_("Har ansvar"), EARLY: N_("Ska vara med tidigt")}
"""Why a body is asked about a measure."""


@dataclass(frozen=True)
class Rule:
    """Who is asked: for a kind of measure, or any physical one, or a focus area. An empty part fits everything."""

    kind: str
    physical: bool
    focus_area: str
    organisation: str
    part: str
    function: str
    why: str
    source: str


def measure_kinds() -> dict[str, MeasureKind]:
    """Return the kinds of measure that can be chosen now, by key: the city's, then those of plugins that are on."""
    added = [kind for kind in plugins.house().measure_kinds.values() if plugins.is_running(kind.key)]
    return {kind.key: kind for kind in (*_city_kinds(db.settings().city), *added)}


def measure_kind(key: str) -> MeasureKind | None:
    """Return the kind called `key`, also that of a plugin that is off; None for none."""
    return measure_kinds().get(key) or plugins.house().measure_kinds.get(key)


def is_of_plugin(key: str) -> bool:
    """Whether measures of a kind belong to a plugin, which approves them in its own way."""
    return key in plugins.house().measure_kinds


def is_physical(key: str) -> bool:
    """Whether measures of a kind change the physical environment."""
    kind = measure_kind(key)
    return kind is not None and kind.physical


@cache
def _city_kinds(_city: str) -> tuple[MeasureKind, ...]:
    rows = rows_of("measure_kinds.csv")
    return tuple(MeasureKind(row["key"], row["title"], row["approach"], row["physical"] == YES) for row in rows)


def focus_areas() -> Mapping[str, str]:
    """Return the programme's focus areas (Z44), by key."""
    return _titles(db.settings().city, "focus_areas.csv")


def priority_areas() -> Mapping[str, str]:
    """Return the priority areas of the city's agreement with the police (Z36), by key."""
    return _titles(db.settings().city, "priority_areas.csv")


def own_categories() -> Mapping[str, str]:
    """Return what weekly reports tell of beside the kinds of observation, by key."""
    return _titles(db.settings().city, "est_categories.csv")


def check(facts: Mapping[str, Any], was: Any = None) -> Mapping[str, Any]:
    """Refuse a kind of measure or an area that the city does not have; what a row `was` may stay. Raises Invalid."""
    known = {"kind": measure_kinds, "focus_area": focus_areas, "priority_area": priority_areas}
    for name, values in known.items():
        value = facts.get(name)
        if value and value != getattr(was, name, "") and value not in values():
            raise Invalid({name: [N_("Välj i listan.")]})
    return facts


@cache
def _titles(_city: str, name: str) -> Mapping[str, str]:
    return {row["key"]: row["title"] for row in rows_of(name)}


def central() -> str:
    """Return the code of the organisation that answers what is lifted to the central level; "" where none does."""
    return str(city(db.settings().city).get("central", ""))


def to_be_asked(kind: str, focus: Iterable[str]) -> list[Rule]:
    """Return who is to be asked about a measure of a kind in some focus areas: who has responsibility first.

    Each organisation once, by the first rule that fits.
    """
    physical, areas = is_physical(kind), set(focus)
    fits = [
        rule
        for rule in _rules(db.settings().city)
        if (not rule.kind or rule.kind == kind)
        and (not rule.physical or physical)
        and (not rule.focus_area or rule.focus_area in areas)
    ]
    found: dict[str, Rule] = {}
    for rule in sorted(fits, key=lambda one: one.part != RESPONSIBLE):
        found.setdefault(rule.organisation, rule)
    return list(found.values())


def responsible() -> list[str]:
    """Return the codes of those that have responsibility for any kind of measure."""
    return sorted({rule.organisation for rule in _rules(db.settings().city) if rule.part == RESPONSIBLE})


@cache
def _rules(_city: str) -> tuple[Rule, ...]:
    rows = rows_of("consultation_rules.csv")
    return tuple(Rule(**{**row, "physical": row["physical"] == YES}) for row in rows)  # type: ignore[arg-type]
