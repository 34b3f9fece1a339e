"""Rows of the finance system as a kind of rows that are read in (core.imports): a voucher of a project in a month."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from core import clock, flow, imports
from core.access import Actor
from core.followup.models import OUTTURN
from core.followup.schemas.money import OutturnRowFields
from core.followup.services import outturn
from core.followup.services.outturn import Voucher
from core.i18n import N_, Text
from core.imports import Batch, Finding, Records
from core.schema import Schema

MONTH = re.compile(r"(20\d\d|21\d\d)-(0[1-9]|1[0-2])")
NO_MONTH = N_("Skriv år och månad, till exempel 2027-03.")
NO_PROJECT = N_("Ingen beviljad ansökan har projektkoden. Skriv in koden på ansökan, och läs in raden igen.")
AHEAD = N_("Månaden har inte varit än. Ett utfall läses in när det är bokfört.")
NOT_GRANTED = N_("Ansökan har inga beviljade medel {year}. Kontrollera månaden och projektkoden.")
NOTHING = N_("Beloppet är noll. Raden säger inget.")


@imports.kind("utfall")
class Outturn:
    """A row becomes an entry in the reserve's book, on the application that has its project code."""

    title, needs, page, number = N_("Utfall från ekonomisystemet"), OUTTURN, "/reserven/bokningar", ""
    fields: type[Schema] = OutturnRowFields

    def look(self, actor: Actor, batch: Batch, known: Mapping[str, Any], texts: Mapping[str, str]) -> Iterable[Finding]:  # noqa: ARG002
        """Yield that the month is none, or odd, that no application has the code, or that the row says nothing."""
        years, readable = outturn.project_codes().get(known["project_code"]), MONTH.fullmatch(known["period"])
        if readable is None:
            yield Finding("period", NO_MONTH, stops=True)
        elif known["period"] > clock.today().isoformat()[: len("2027-03")]:
            yield Finding("period", AHEAD, stops=True)
        elif years is not None and int(readable[1]) not in years:
            yield Finding("period", Text(NOT_GRANTED, year=readable[1]))
        if years is None:
            yield Finding("project_code", NO_PROJECT, stops=True)
        if known["amount"] == 0:
            yield Finding("amount", NOTHING, stops=True)

    def spot(self, known: Mapping[str, Any]) -> str:  # noqa: ARG002
        """Vouchers have no position."""
        return ""

    def named(self, known: Mapping[str, Any]) -> str:
        """Return what a row is known by: project, month and voucher."""
        return _voucher(known).name

    def known(self, actor: Actor, batch: Batch, numbers: Sequence[str]) -> set[str]:  # noqa: ARG002
        """Return which rows are in the book already, whatever file they came in."""
        return outturn.rows_here(numbers)

    def create(self, actor: Actor, batch: Batch, uid: UUID, known: Mapping[str, Any], texts: Mapping[str, str]) -> None:  # noqa: ARG002
        """Book the row."""
        try:
            outturn.take_in(actor, uid=uid, source=batch.source, row=_voucher(known))
        except flow.Refused as refused:
            raise imports.Refused(NO_PROJECT, "project_code") from refused

    def used(self, records: Records) -> Select[UUID]:
        """Select none: what is booked is never worked on."""
        return outturn.used_rows(records)

    def undo(self, actor: Actor, uid: UUID, reason: str) -> None:
        """Meet the row with a counter-entry."""
        outturn.undo_row(actor, uid, reason)


def _voucher(known: Mapping[str, Any]) -> Voucher:
    return Voucher(**{name: known[name] for name in ("project_code", "period", "voucher", "amount", "text")})
