"""Pictures as they are read: who has handed in, one's own, and those of all when they are open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.cooperation.models import (
    COMMON,
    OWN,
    Cycle,
    CycleParty,
    ReportDrawing,
    ReportEvidence,
    ReportSection,
    SituationReport,
)
from core.cooperation.models.cycles import READ
from core.cooperation.services import cycles
from core.cooperation.services.parties import own_party
from core.cooperation.services.pictures import SECTIONS

MOST = 200
"""Figures, and drawings, of one picture."""


@dataclass(frozen=True)
class HandedIn:
    """How far one party has come with its own picture: its state, and since when; never what is in it.

    Handed in `afterwards`, when the others' were open, it may have been written by somebody who had read them.
    """

    party: CycleParty
    state: str
    at: datetime | None
    afterwards: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture whole."""

    report: SituationReport
    sections: dict[str, ReportSection]
    evidence: list[ReportEvidence]
    drawings: list[ReportDrawing]

    @property
    def done(self) -> int:
        """How many of its sections are said to be done."""
        return sum(section.done for section in self.sections.values())


def handed_in(actor: Actor, cycle: Cycle, parties: Iterable[CycleParty]) -> list[HandedIn]:
    """Return who of the parties has handed in, which all who reach the cycle may know."""
    access.require(actor, READ, cycle)
    rows = select(SituationReport.organisation_id, SituationReport.state, SituationReport.handed_in_at)
    rows = rows.where(SituationReport.cycle_id == cycle.id, SituationReport.kind == OWN)
    found = {row.organisation_id: row for row in db.session().execute(rows)}
    told = []
    for party in parties:
        row = found.get(party.organisation_id)
        at = row.handed_in_at if row else None
        told.append(HandedIn(party, row.state if row else "", at, row is not None and is_afterwards(cycle, row)))
    return told


def is_afterwards(cycle: Cycle, report: Any) -> bool:
    """Whether an own picture (its state and when it was handed in) came in when those of the others were open."""
    opened = cycles.opened_since(cycle)
    return report.state == "inlamnad" and opened is not None and report.handed_in_at > opened


def own_picture(actor: Actor, cycle: Cycle) -> Picture | None:
    """Return the own picture of the party that the actor acts for; None before it is asked for."""
    party = own_party(actor, cycle)
    if party is None:
        return None
    rows = select(SituationReport).filter_by(cycle_id=cycle.id, organisation_id=party.organisation_id, kind=OWN)
    report = db.session().scalar(access.visible(rows, actor))
    return _whole([report])[0] if report is not None else None


def read_picture(actor: Actor, uid: UUID, permission: str = READ) -> Picture:
    """Return a picture that the actor may read now; one that is sealed looks missing."""
    access.require(actor, permission)
    rows = select(SituationReport).options(joinedload(SituationReport.organisation), joinedload(SituationReport.cycle))
    rows = rows.where(SituationReport.uid == uid, access.rule_of(SituationReport, actor, permission))
    report = db.session().scalar(rows)
    if report is None:
        raise access.Missing("situation_report", uid)
    return _whole([report])[0]


def opened_pictures(actor: Actor, cycle: Cycle) -> list[Picture]:
    """Return the parties' own pictures beside each other, by name, as far as the actor may read them, in four queries."""  # noqa: E501
    rows = select(SituationReport).options(joinedload(SituationReport.organisation))
    rows = rows.where(SituationReport.cycle_id == cycle.id, SituationReport.kind == OWN)
    found = list(db.session().scalars(access.visible(rows, actor)))
    return _whole(sorted(found, key=lambda report: report.organisation.name))


def common_picture(actor: Actor, cycle: Cycle) -> Picture | None:
    """Return the common picture; None before anybody has begun it."""
    rows = select(SituationReport).where(SituationReport.cycle_id == cycle.id, SituationReport.kind == COMMON)
    report = db.session().scalar(access.visible(rows, actor))
    return _whole([report])[0] if report is not None else None


def readable_pictures(actor: Actor, cycle: Cycle, uid: UUID | None = None) -> list[Picture]:
    """Return the pictures of a cycle that the actor may read now, or that of them with this uid, in four queries."""
    rows = select(SituationReport).options(joinedload(SituationReport.organisation)).filter_by(cycle_id=cycle.id)
    rows = rows if uid is None else rows.where(SituationReport.uid == uid)
    return _whole(list(db.session().scalars(access.visible(rows, actor).order_by(SituationReport.id))))


def _whole(reports: list[SituationReport]) -> list[Picture]:
    keys = [report.id for report in reports]

    def of(model: Any, *order: Any) -> list[Any]:
        return list(db.session().scalars(select(model).where(model.report_id.in_(keys)).order_by(*order)))

    sections, evidence = of(ReportSection), of(ReportEvidence, ReportEvidence.id)
    drawings = of(ReportDrawing, ReportDrawing.id)
    return [
        Picture(
            report,
            {
                key: row
                for key in SECTIONS[report.kind]
                for row in sections
                if (row.report_id, row.key) == (report.id, key)
            },
            [row for row in evidence if row.report_id == report.id][:MOST],
            [row for row in drawings if row.report_id == report.id][:MOST],
        )
        for report in reports
    ]
