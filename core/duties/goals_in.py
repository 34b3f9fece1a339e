"""Kommunfullmäktige's goals as a kind of rows that are read in (core.imports)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from core import imports
from core.access import Actor
from core.duties.models.ils import STEER
from core.duties.schemas.ils import CityGoalRow
from core.duties.services import ils_goals
from core.i18n import N_
from core.imports import Batch, Finding, Records
from core.schema import Invalid, Schema

WRONG_KEY = N_("Skriv år, kolon och målets nummer, till exempel 2027:1.2.")


def _parts(key: str) -> tuple[int, str] | None:
    """Return year and number of what a row is known by; None for what cannot be read."""
    year, colon, number = key.partition(":")
    fits = colon and year.isascii() and year.isdigit() and len(year) == 4 and 0 < len(number.strip()) <= 20  # noqa: PLR2004
    return (int(year), number.strip()) if fits else None


@imports.kind("ils_goal")
class CityGoals:
    """A row becomes a goal of kommunfullmäktige, or one for the field of work under another of the same year."""

    title, needs, page = N_("Kommunfullmäktiges mål i ILS"), STEER, "/ils/mal"
    fields: type[Schema] = CityGoalRow
    number = "key"

    def look(self, actor: Actor, batch: Batch, known: Mapping[str, Any], texts: Mapping[str, str]) -> Iterable[Finding]:  # noqa: ARG002
        """Yield that year and number cannot be read."""
        if _parts(known["key"]) is None:
            yield Finding("key", WRONG_KEY, stops=True)

    def spot(self, known: Mapping[str, Any]) -> str:  # noqa: ARG002
        """Goals have no position."""
        return ""

    def known(self, actor: Actor, batch: Batch, numbers: Sequence[str]) -> set[str]:  # noqa: ARG002
        """Return which of the goals are here already."""
        return ils_goals.numbers_read_in(numbers)

    def create(self, actor: Actor, batch: Batch, uid: UUID, known: Mapping[str, Any], texts: Mapping[str, str]) -> None:  # noqa: ARG002
        """Let the row become a goal."""
        year, number = _parts(known["key"]) or (0, "")
        facts = {"year": year, "number": number, "text": known["text"], "under": known["under"]}
        ils_goals.add_city_goal(actor, uid=uid, **facts)

    def used(self, records: Records) -> Select[UUID]:
        """Select the goals that a board's goal hangs under."""
        return ils_goals.used_goals(records)

    def undo(self, actor: Actor, uid: UUID, reason: str) -> None:  # noqa: ARG002
        """Take the goal back."""
        try:
            ils_goals.take_city_goal_back(actor, uid)
        except Invalid as refused:
            raise imports.Refused("; ".join(text for texts in refused.flat().values() for text in texts)) from None
