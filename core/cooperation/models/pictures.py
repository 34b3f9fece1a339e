"""Pictures of how things are (lägesbilder): each party's own, sealed until all are in, and the common one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access, clock, geo
from core.access import Actor
from core.cooperation.models.cycles import READ, Cycle, homes, reached
from core.db import Base, Identified, Key, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation

OWN_SECTIONS = {
    "utmaningar": N_("Utmaningar"),
    "forhallanden": N_("Lokala förhållanden"),
    "behov": N_("Behov"),
    "resurser": N_("Resurser"),
    "prioritering": N_("Förslag på prioritering"),
}
"""What a party writes in its own picture (Z2); figures and drawings stand beside them."""

COMMON_SECTIONS = {
    "overens": N_("Det vi är överens om"),
    "olika": N_("Det vi ser olika på"),
    "blinda_flackar": N_("Det ingen har sett"),
    "sammanfattning": N_("Gemensam lägesbild"),
}
"""What the parties write together when the pictures are open (Z3)."""

ASKS = {
    "utmaningar": N_("Vad är svårt på platsen: vad händer, när, och vem blir otrygg av det?"),
    "forhallanden": N_("Vad är särskilt här: vilka rör sig här, vad finns här, vad har ändrats?"),
    "behov": N_("Vad skulle behövas, sett från er verksamhet?"),
    "resurser": N_("Vad gör ni redan, och vad kan ni bidra med: tid, pengar, kunskap?"),
    "prioritering": N_("Vad tycker ni är viktigast att ta tag i först, och varför?"),
    "overens": N_("Vad har flera av er sett, skrivit eller ritat?"),
    "olika": N_("Var skiljer sig bilderna åt, och vad kan det bero på?"),
    "blinda_flackar": N_("Vilka tider, platser eller grupper har ingen av er skrivit om?"),
    "sammanfattning": N_("Hur ser det ut här, så som ni ser det tillsammans?"),
}
"""What helps to write each section."""

EVIDENCE_KINDS = {
    "trygghetsmatning": N_("Trygghetsmätningen"),
    "regional_trygghetsmatning": N_("Regional trygghetsmätning"),
    "stockholmsenkat": N_("Stockholmsenkäten"),
    "skolenkat": N_("Skolenkät"),
    "tyck_till": N_("Tyck till"),
    "medborgarundersokning": N_("Medborgarundersökning"),
    "polisstatistik": N_("Polisens statistik"),
    "ordningsvaktsstatistik": N_("Ordningsvakternas statistik"),
    "trygghetsvandring": N_("Trygghetsvandring"),
    "certifiering": N_("Certifiering"),
    "dialog": N_("Dialog"),
    "grannsamtal": N_("Grannsamtal"),
    "nattvandring": N_("Nattvandring"),
    "besiktning": N_("Besiktning"),
    "egen_observation": N_("Egen iakttagelse"),
}
"""Kinds of evidence: the twelve of domain.md 1.2, and the ways of listening that the programme names (Z18)."""

DRAWN_KINDS = {
    "otrygg": N_("Otryggt"),
    "trygg": N_("Tryggt, att bevara"),
    "handelser": N_("Här händer det"),
    "strak": N_("Stråk"),
}
"""What is drawn in the map of a picture."""

OWN, COMMON = "egen", "gemensam"


class SituationReport(Flowing, Identified, Versioned, Base):
    """A picture (lägesbild) in a cycle: a party's own, or the common one, which has no party.

    A party that hands in none says why in `waived_why`. What has been handed in is changed by nobody; taken back to
    be written again it keeps when it was first handed in. No hook is told of it: what is sealed leaves by none.
    """

    __tablename__ = "situation_report"
    __table_args__ = (
        UniqueConstraint("cycle_id", "organisation_id", "kind"),
        Index("ix_situation_report_organisation_id", "organisation_id"),
    )
    cycle_id: Mapped[int] = mapped_column(Key, ForeignKey("cycle.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    begun_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    handed_in_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    waived_why: Mapped[str] = mapped_column(String(500), default="")
    level: Mapped[int] = mapped_column(default=1)
    cycle: Mapped[Cycle] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class ReportSection(Versioned, Base):
    """One section of a picture; `done` is said by who writes."""

    __tablename__ = "report_section"
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("situation_report.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    text: Mapped[str] = mapped_column(String(8000), default="")
    done: Mapped[bool] = mapped_column(default=False)


class SectionDraft(Base):
    """What somebody has written in a section and not saved: nobody else reads it, opened pictures or not.

    `base` is the version of the section that it was written from.
    """

    __tablename__ = "section_draft"
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("situation_report.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), primary_key=True)
    text: Mapped[str] = mapped_column(String(8000))
    done: Mapped[bool]
    base: Mapped[int]
    at: Mapped[datetime]


class ReportEvidence(Identified, Versioned, Base):
    """A figure or a finding in a picture: of which kind, when, what, compared with what, from where."""

    __tablename__ = "report_evidence"
    __table_args__ = (Index("ix_report_evidence_report_id", "report_id", "id"),)
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("situation_report.id"))
    kind: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(500))
    first_on: Mapped[date]
    last_on: Mapped[date]
    value: Mapped[float | None]
    unit: Mapped[str] = mapped_column(String(40), default="")
    compared_value: Mapped[float | None]
    compared_with: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(300), default="")


class ReportDrawing(Identified, Base):
    """Something drawn in the map of a picture, SWEREF 99 TM."""

    __tablename__ = "report_drawing"
    __table_args__ = (Index("ix_report_drawing_report_id", "report_id", "id"),)
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("situation_report.id"))
    kind: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(200))
    geom: Mapped[BaseGeometry] = mapped_column(geo.Geom("MULTIPOLYGON"))


def shared() -> ColumnElement[bool]:
    """Which pictures are all parties' when they are open: the common one, and those that were handed in; no draft."""
    return (SituationReport.kind == COMMON) | (SituationReport.state == "inlamnad")


@access.visible_to(SituationReport, READ)
def _reports(actor: Actor, permission: str) -> ColumnElement[bool]:
    """One's own at any time; what others wrote when the pictures of the cycle are open, and not before (X7).

    Nobody reads for the city, and no job of the house, what is sealed.
    """
    own = (SituationReport.kind == OWN) & SituationReport.organisation_id.in_(homes(actor))
    if permission != READ:
        common = (SituationReport.kind == COMMON) & SituationReport.cycle_id.in_(reached(actor, permission))
        return own | common
    opened = select(Cycle.id).where(or_(Cycle.opened_at.is_not(None), Cycle.opens_at <= clock.now()))
    read = SituationReport.cycle_id.in_(reached(actor)) & SituationReport.cycle_id.in_(opened)
    return own | read & shared()


def _of_reports(model: Any) -> None:
    @access.visible_to(model, READ)
    def _with_its_report(actor: Actor, permission: str) -> ColumnElement[bool]:
        rows = select(SituationReport.id).where(access.rule_of(SituationReport, actor, permission))
        found: ColumnElement[bool] = model.report_id.in_(rows)
        return found


@access.visible_to(SectionDraft, READ)
def _drafts(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Nobody but who writes reads what is not saved, and as long as she acts for the party."""
    rows = select(SituationReport.id).where(access.rule_of(SituationReport, actor, permission))
    return (SectionDraft.person_id == actor.id) & SectionDraft.report_id.in_(rows)


for part in (ReportSection, ReportEvidence, ReportDrawing):
    _of_reports(part)
