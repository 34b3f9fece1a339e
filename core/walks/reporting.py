"""Reports from other registers as a kind of rows that are read in (core.imports), and what is odd about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from core import clock, geo, imports
from core.access import Actor
from core.i18n import N_
from core.imports import Batch, Finding, Records
from core.schema import WARNINGS, Schema, warns_of_persons
from core.walks import services
from core.walks.schemas import ReportRow
from core.walks.services import Position, Told
from core.walks.states import LOG

LONG = timedelta(days=5 * 365)
AHEAD = timedelta(minutes=10)
"""How far ahead a register's clock may go."""

NO_POSITION = N_("Läge saknas. Rapporten förs in utan plats, hos er.")
HALF = N_("Skriv både latitud och longitud, eller ingen av dem.")
SWAPPED = N_("Latitud och longitud har bytt plats. Välj kolumnerna tvärtom.")
OUTSIDE = N_("Läget ligger utanför staden.")
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
        return f"{known['latitude']:.5f} {known['longitude']:.5f}".replace(".", ",") if _has_spot(known) else ""

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
            position=_position(known) if _has_spot(known) else None,
            description=known["description"],
        )

    def used(self, records: Records) -> Select[UUID]:
        """Select what somebody has worked on since."""
        return services.used_reports(records)

    def undo(self, actor: Actor, uid: UUID, reason: str) -> None:
        """Write the observation off."""
        services.undo_report(actor, uid, reason)


def _has_spot(known: Mapping[str, Any]) -> bool:
    return known["latitude"] is not None and known["longitude"] is not None


def _position(known: Mapping[str, Any]) -> Position:
    return Position(known["latitude"], known["longitude"], source="karta")


def _about_the_spot(known: Mapping[str, Any]) -> Iterable[Finding]:
    if not _has_spot(known):
        missing = [name for name in ("latitude", "longitude") if known[name] is None]
        if len(missing) == 1:
            yield Finding(missing[0], HALF, stops=True)
        else:
            yield Finding("latitude", NO_POSITION)
    elif not _is_in_the_city(known["latitude"], known["longitude"]):
        swapped = abs(known["longitude"]) <= 90 and _is_in_the_city(known["longitude"], known["latitude"])  # noqa: PLR2004
        yield Finding("latitude", SWAPPED if swapped else OUTSIDE, stops=True)


def _is_in_the_city(latitude: float, longitude: float) -> bool:
    try:
        Position(latitude, longitude).point()
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
