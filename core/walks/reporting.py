"""Reports from other registers as a kind of rows that are read in (core.imports), and what is odd about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from core import imports
from core.access import Actor
from core.i18n import N_
from core.imports import Batch, Finding, Records, about_the_clock, about_the_times
from core.places.spots import about_the_spot, degrees_of, spot_of
from core.schema import WARNINGS, Schema, warns_of_persons
from core.walks import services
from core.walks.schemas import ReportRow
from core.walks.services import Position, Told
from core.walks.states import LOG

NO_POSITION = N_("Läge saknas. Rapporten förs in utan plats, hos er.")


@imports.kind("report")
class Reports:
    """A report becomes an observation, never an order."""

    title, needs, page = N_("Rapporter, till exempel från Tyck till"), LOG, "/iakttagelser/{uid}"
    fields: type[Schema] = ReportRow
    number = "number"

    def look(
        self,
        actor: Actor,  # noqa: ARG002 - as of every kind
        batch: Batch,  # noqa: ARG002
        known: Mapping[str, Any],
        texts: Mapping[str, str],
    ) -> Iterable[Finding]:
        """Yield what is wrong with position and times, and where the text seems to name a person."""
        yield from about_the_spot(known, missing=NO_POSITION)
        yield from about_the_times(known)
        yield from about_the_clock(texts, ("reported_at", "target_at", "closed_at"))
        for name in ("description", "address", "answer"):
            for warning in warns_of_persons(known[name]):
                yield Finding(name, WARNINGS[warning])

    def spot(self, known: Mapping[str, Any]) -> str:
        """Return the position: a register that does not know it often writes the same for all."""
        return spot_of(known)

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


def _position(known: Mapping[str, Any]) -> Position | None:
    found = degrees_of(known)
    return Position(*found, source="karta") if found else None
