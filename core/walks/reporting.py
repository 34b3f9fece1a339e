"""Reports from other registers as a kind of rows that are read in (core.imports), and what is odd about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import Select

from core import clock, geo, imports
from core.access import Actor
from core.i18n import N_, Text
from core.imports import Batch, Finding, Records
from core.schema import WARNINGS, Schema, warns_of_persons
from core.walks import services
from core.walks.schemas import ReportRow
from core.walks.services import Position, Told
from core.walks.states import LOG

LONG = timedelta(days=5 * 365)
AHEAD = timedelta(minutes=10)
"""How far ahead a register's clock may go."""

GRIDS = (
    ("latitude", "longitude", geo.GRIDS[0]),
    ("north_1800", "east_1800", geo.GRIDS[2]),
    ("north_tm", "east_tm", geo.GRIDS[1]),
)
"""The columns that a position may be in, north first; the first pair that says anything counts."""

ZONES = {
    "12 00": 3007, "13 30": 3008, "14 15": 3012, "15 00": 3009, "15 45": 3013, "16 30": 3010,
    "17 15": 3014, "18 00": geo.SWEREF_1800, "18 45": 3015, "20 15": 3016, "21 45": 3017, "23 15": 3018,
}  # fmt: skip
"""The zones of SWEREF 99 by their meridian: the same numbers are a place in each of them."""

NO_POSITION = N_("Läge saknas. Rapporten förs in utan plats, hos er.")
HALF = N_("Skriv både {north} och {east}, eller ingen av dem.")
SWAPPED = N_("{north} och {east} har bytt plats. Välj kolumnerna tvärtom.")
OUTSIDE = N_("Läget ligger utanför staden.")
OTHER_GRID = N_("Talen ser ut som {grid}. Välj kolumnerna under det i stället.")
UNKNOWN_GRID = N_("Talen ser ut som {grid}. Räkna om dem till SWEREF 99 eller WGS 84.")
OTHER_ZONE = N_("Läget ligger utanför staden, men i den om talen är SWEREF 99 {zone}. Räkna om dem till {grid}.")
FUTURE = N_("Tiden har inte varit än.")
CLOSED_FIRST = N_("Avslutad innan den kom in.")
TARGET_FIRST = N_("Skulle vara klart innan den kom in.")
FAR_TARGET = N_("Skulle vara klart mer än fem år efter att den kom in.")


@imports.kind("report")
class Reports:
    """A report becomes an observation, never an order."""

    title, needs, page = N_("Rapporter, till exempel från Tyck till"), LOG, "/iakttagelser/{uid}"
    fields: type[Schema] = ReportRow
    number = "number"

    def look(self, known: Mapping[str, Any]) -> Iterable[Finding]:
        """Yield what is wrong with position and times, and where the text seems to name a person."""
        yield from _about_the_spot(known)
        yield from _about_the_times(known)
        for name in ("description", "address", "answer"):
            for warning in warns_of_persons(known[name]):
                yield Finding(name, WARNINGS[warning])

    def spot(self, known: Mapping[str, Any]) -> str:
        """Return the position: a register that does not know it often writes the same for all."""
        found = _numbers(known)
        if found is None or None in found[:2]:
            return ""
        decimals = 5 if found[2] is geo.GRIDS[0] else 2
        return f"{found[0]:.{decimals}f} {found[1]:.{decimals}f}".replace(".", ",")

    def known(self, actor: Actor, batch: Batch, numbers: Sequence[str]) -> set[str]:
        """Return which numbers the organisation has from the source already."""
        return services.numbers_here(actor, batch.source, numbers)

    def create(self, actor: Actor, batch: Batch, uid: UUID, known: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        """Let the report become an observation."""
        told = {name: known[name] for name in ("number", "address", "reported_at", "target_at", "closed_at", "answer")}
        services.take_in(
            actor,
            uid=uid,
            told=Told(source=batch.source, called=texts["category"][:200], batch=batch.uid, **told),
            kind=known["category"],
            position=_position(known),
            description=known["description"],
        )

    def used(self, records: Records) -> Select[UUID]:
        """Select what somebody has worked on since."""
        return services.used_reports(records)

    def undo(self, actor: Actor, uid: UUID, reason: str) -> None:
        """Write the observation off."""
        services.undo_report(actor, uid, reason)


def _numbers(known: Mapping[str, Any]) -> tuple[Any, Any, geo.Grid, tuple[str, str]] | None:
    """Return north, east, the system that they are in and their fields; None where the row says nothing of it."""
    for north, east, grid in GRIDS:
        if known[north] is not None or known[east] is not None:
            return known[north], known[east], grid, (north, east)
    return None


def _position(known: Mapping[str, Any]) -> Position | None:
    if (found := _numbers(known)) is None:
        return None
    north, east, grid, _ = found
    return _read_as(grid.srid, north, east)


def _read_as(srid: int, north: float, east: float) -> Position:
    point: Any = Point(east, north)
    there = point if srid == geo.WGS84 else geo.transform(point, srid, geo.WGS84)
    return Position(there.y, there.x, source="karta")


def _about_the_spot(known: Mapping[str, Any]) -> Iterable[Finding]:
    if (found := _numbers(known)) is None:
        yield Finding("latitude", NO_POSITION)
        return
    north, east, grid, (north_field, east_field) = found
    words = {"north": _called(north_field), "east": _called(east_field)}
    if north is None or east is None:
        yield Finding(north_field if north is None else east_field, Text(HALF, **words), stops=True)
    elif not _is_in_the_city(grid.srid, north, east):
        yield Finding(north_field, _what_it_is(grid, north, east, words), stops=True)


def _called(name: str) -> str:
    label: str = ReportRow().fields[name].metadata["label"]
    return label


def _what_it_is(grid: geo.Grid, north: float, east: float, words: Mapping[str, str]) -> str:
    """Return what is probably wrong with numbers that are no place in the city."""
    if _is_in_the_city(grid.srid, east, north):
        return Text(SWAPPED, **words)
    guess = geo.guess_grid(east, north)
    if guess is not None and guess[0] != grid:
        known = [one for _, _, one in GRIDS]
        return Text(OTHER_GRID if guess[0] in known else UNKNOWN_GRID, grid=guess[0].name)
    if grid.srid == geo.SWEREF_1800:
        for zone, srid in ZONES.items():
            if _is_in_the_city(srid, north, east):
                return Text(OTHER_ZONE, zone=zone, grid=grid.name)
    return OUTSIDE


def _is_in_the_city(srid: int, north: float, east: float) -> bool:
    try:
        _read_as(srid, north, east).point()
    except geo.GeometryRefused:
        return False
    return True


def _about_the_times(known: Mapping[str, Any]) -> Iterable[Finding]:
    came, target, closed, latest = known["reported_at"], known["target_at"], known["closed_at"], clock.now() + AHEAD
    for name, at in (("reported_at", came), ("closed_at", closed)):
        if at is not None and at > latest:
            yield Finding(name, FUTURE, stops=True)
    if closed is not None and closed < came:
        yield Finding("closed_at", CLOSED_FIRST, stops=True)
    if target is not None and target < came:
        yield Finding("target_at", TARGET_FIRST)
    elif target is not None and target > came + LONG:
        yield Finding("target_at", FAR_TARGET)
