"""What can be seen on a walk: the city's own kinds from the seed pack, and those of plugins."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from core import access, db, plugins
from core.hookspecs import ObservationKind
from core.people import services as people
from core.places import services as places
from core.schema import Invalid, Schema

TILES = 8
"""How many kinds the phone shows as large tiles before the rest."""
LONGEST = 10_000
"""Characters that are shown of an answer to a question that nobody knows any more."""
LAST = 99
"""Place among the tiles of a kind that is none of the commonest."""


@cache
def _city_kinds(_city: str) -> tuple[tuple[int, ObservationKind], ...]:
    """Return the seed pack's kinds, in its order, each with its place among the tiles."""
    return tuple((int(row["tile"] or LAST), _kind(row)) for row in places.rows_of("observation_kinds.csv"))


def _kind(row: Mapping[str, str]) -> ObservationKind:
    return ObservationKind(
        row["key"], row["title"], row["short"], row["icon"], row["control_role"], good=bool(row["good"])
    )


@cache
def _theme_kinds(_city: str) -> Mapping[str, list[str]]:
    """Return the keys of what is looked for first on a walk, by its theme; none for a walk about everything."""
    found: dict[str, list[str]] = {}
    for row in places.rows_of("theme_kinds.csv"):
        found.setdefault(row["theme"], []).append(row["kind"])
    return found


def kinds(theme: str = "") -> Mapping[str, ObservationKind]:
    """Return every kind that can be logged now: what a theme asks for first, the commonest, plugins', the rest."""
    city = db.settings().city
    own = sorted(_city_kinds(city), key=lambda pair: pair[0])
    common, rest = ([kind for tile, kind in own if (tile < LAST) == is_common] for is_common in (True, False))
    added = [kind for kind in plugins.house().observation_kinds.values() if plugins.is_running(kind.key)]
    known = {kind.key: kind for kind in (*common, *added, *rest)}
    first = [key for key in _theme_kinds(city).get(theme, ()) if key in known]
    return {key: known[key] for key in (*first, *known)}


@people.finds_categories
def every_key() -> dict[str, str]:
    """Return what roles may be limited to: kinds of observation and of frist, also those of a plugin that is off."""
    house, own = plugins.house(), (kind for _, kind in _city_kinds(db.settings().city))
    seen = {kind.key: kind.title for kind in (*own, *house.observation_kinds.values())}
    return seen | {kind.key: kind.title for kind in house.deadline_kinds.values()}


RADIUS = 15
"""Metres within which two observations of the same kind may be the same thing, where the seed pack says nothing."""


@cache
def _radii(_city: str) -> Mapping[str, int]:
    return {row["key"]: int(row["radius_m"]) for row in places.rows_of("observation_kinds.csv") if row["radius_m"]}


def radius_of(key: str) -> int:
    """Return the metres within which two observations of a kind may be the same thing (data of the city)."""
    return _radii(db.settings().city).get(key, RADIUS)


def open_kinds() -> frozenset[str]:
    """Return the kinds of which the city tells everybody by Open311 what has been reported (data of the city)."""
    settings = db.settings()
    return _open_kinds(settings.city, demo=settings.demo)


@cache
def _open_kinds(_city: str, *, demo: bool) -> frozenset[str]:
    tables = ("open311_kinds.csv", "open311_kinds_demo.csv") if demo else ("open311_kinds.csv",)
    return frozenset(row["kind"] for name in tables for row in places.rows_of(name))


def kind_of(key: str) -> ObservationKind:
    """Return the kind called `key`, also that of a plugin that is parked or off: a phone may have been out meanwhile.

    Missing when nobody has it.
    """
    found = kinds().get(key) or plugins.house().observation_kinds.get(key)
    if found is None:
        raise access.Missing("observation-kind", key)
    return found


def kept(key: str, answers: Mapping[str, Any]) -> tuple[ObservationKind, dict[str, Any]]:
    """Return a kind that nobody has any more, as far as its key tells, and the answers in words as they were told."""
    title = key.rpartition(":")[2].replace("_", " ").capitalize()
    shown = [{"label": str(name)[:200], "text": _in_words(value, {})[:LONGEST]} for name, value in answers.items()]
    return ObservationKind(key, title), {"schema": 1, "values": dict(answers), "shown": shown}


def load_details(kind: ObservationKind, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Load the answers to the kind's own questions; return them frozen, with labels, readable without the plugin.

    Raises Invalid under "details".
    """
    if kind.details is None:
        schema: Schema = Schema()
    else:
        schema = kind.details()
    try:
        values = schema.load(dict(answers))
    except Invalid as error:
        raise error.under("details") from None
    dumped = schema.dump(values)
    shown = [
        {"label": entry.label or entry.name, "text": _in_words(dumped[entry.name], dict(entry.options or ()))}
        for entry in schema.describe()
        if dumped.get(entry.name) not in (None, "", [])
    ]
    return {"schema": 1, "values": dumped, "shown": shown}


def _in_words(value: Any, options: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, list):
        return ", ".join(_in_words(entry, options) for entry in value)
    return options.get(str(value), str(value))
