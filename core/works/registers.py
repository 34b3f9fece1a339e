"""Registers of orders as a kind of rows that are read in (core.imports), and what is odd about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from core import imports
from core.access import Actor
from core.i18n import N_
from core.imports import Batch, Finding, Records, about_the_clock, about_the_times
from core.places.spots import about_the_spot, degrees_of, point_of, spot_of
from core.schema import WARNINGS, Schema, warns_of_persons
from core.works import services
from core.works.schemas import OrderRow
from core.works.schemas.order_rows import CALLED_OFF, ENDED, OPEN
from core.works.services import Ordered
from core.works.states import MAKE

NO_POSITION = N_("Läge saknas. Ordern förs in utan plats.")
NO_TARGET = N_("Ingen tid är given. Ordern får ingen frist.")
STILL_OPEN = N_("Inte avslutad i registret. Ordern blir öppen här, hos er.")
NO_END = N_("Läget är ”avslutad”, men det står inte när.")
REOPENED = N_("Läget är ”öppen”, men ordern har varit avslutad. Den tiden förs inte in.")
NO_REPORT = N_("Ärendet finns inte här. Ordern förs in utan det.")
STATE_OF = {OPEN: "tilldelad", ENDED: "avslutad", CALLED_OFF: "aterkallad"}


@imports.kind("order")
class Orders:
    """An order of another register becomes an order here, with its given date and its history."""

    title, needs, page = N_("Arbetsordrar från ett annat orderregister"), MAKE, "/arbeten/{uid}"
    fields: type[Schema] = OrderRow
    number = "number"

    def look(self, actor: Actor, batch: Batch, known: Mapping[str, Any], texts: Mapping[str, str]) -> Iterable[Finding]:
        """Yield what is wrong with position, times and state, and where the text seems to name a person."""
        yield from about_the_spot(known, missing="" if known["report"] else NO_POSITION)
        yield from about_the_times(known, came="opened_at")
        yield from about_the_clock(texts, ("opened_at", "target_at", "closed_at"))
        yield from _about_the_state(known)
        if known["report"] and services.report_called(actor, batch.source, known["report"]) is None:
            yield Finding("report", NO_REPORT)
        for name in ("title", "description"):
            for warning in warns_of_persons(known[name]):
                yield Finding(name, WARNINGS[warning])

    def spot(self, known: Mapping[str, Any]) -> str:
        """Return the position: a register that does not know it often writes the same for all."""
        return spot_of(known)

    def known(self, actor: Actor, batch: Batch, numbers: Sequence[str]) -> set[str]:
        """Return which numbers the organisation has from the source already."""
        return services.numbers_taken_in(actor, batch.source, numbers)

    def create(self, actor: Actor, batch: Batch, uid: UUID, known: Mapping[str, Any], texts: Mapping[str, str]) -> None:  # noqa: ARG002
        """Let the row become an order."""
        names = ("number", "title", "opened_at", "target_at", "priority", "report", "description")
        state, degrees = _state(known), degrees_of(known)
        told = Ordered(
            source=batch.source,
            batch=batch.uid,
            state=STATE_OF[state],
            closed_at=None if state == OPEN else known["closed_at"],
            point=point_of(*degrees) if degrees else None,
            **{name: known[name] for name in names},
        )
        services.take_in(actor, uid=uid, told=told)

    def used(self, records: Records) -> Select[UUID]:
        """Select what somebody has worked on since."""
        return services.used_orders(records)

    def undo(self, actor: Actor, uid: UUID, reason: str) -> None:
        """Call the order off."""
        services.undo_order(actor, uid, reason)


def _state(known: Mapping[str, Any]) -> str:
    """Return what a row says that its order is; what says nothing has ended when it has a time for that."""
    return known["state"] or (ENDED if known["closed_at"] else OPEN)


def _about_the_state(known: Mapping[str, Any]) -> Iterable[Finding]:
    state = _state(known)
    if state == ENDED and known["closed_at"] is None:
        yield Finding("state", NO_END, stops=True)
    if state == OPEN:
        yield Finding("closed_at", REOPENED if known["closed_at"] else STILL_OPEN)
    if known["target_at"] is None and state != CALLED_OFF:
        yield Finding("target_at", NO_TARGET)
