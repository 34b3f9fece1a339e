"""Who is asked about a measure before it is done, and whose perspectives it is seen from (Z23, Z27, Z39, Z44)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.cooperation.models.cycles import READ, WRITE, Cycle, homes, reached
from core.cooperation.models.plan import Measure
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation

ASK_READ, ASK_ANSWER = "cooperation:consultation:read", "cooperation:consultation:answer"

STANCES = {
    "tillstyrker": N_("Tillstyrker"),
    "neutral": N_("Har inget emot det"),
    "avstyrker": N_("Avstyrker"),
}
"""What a body that was asked thinks of a measure (domain.md 1.2)."""

PERSPECTIVES = {
    "barn": N_("Barn"),
    "jamstalldhet": N_("Jämställdhet"),
    "tillganglighet": N_("Tillgänglighet och funktionsnedsättning"),
    "hbtqi": N_("Hbtqi"),
    "aldre": N_("Äldre"),
    "agenda2030": N_("Agenda 2030"),
}
"""From where a measure is seen (Z39)."""
ALWAYS = ("barn", "jamstalldhet", "tillganglighet")
"""What a measure in the physical environment is always seen from (Z23, domain.md 1.1)."""


class Consultation(Flowing, Identified, Versioned, Once, Base):
    """That a body is asked about a measure (samråd): when, of which function, its answer, and how that was considered.

    The body may be no party of the cycle: it reads the measure here, and answers here.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        Index("ix_consultation_measure_id", "measure_id"),
        Index("ix_consultation_organisation_id", "organisation_id", "state"),
        Index("ix_consultation_cycle_id", "cycle_id"),
    )
    cycle_id: Mapped[int] = mapped_column(Key, ForeignKey("cycle.id"))
    measure_id: Mapped[int] = mapped_column(Key, ForeignKey("measure.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    asker_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    function: Mapped[str] = mapped_column(String(120))
    question: Mapped[str] = mapped_column(String(2000), default="")
    asked_at: Mapped[datetime]
    answer_by: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20))
    stance: Mapped[str] = mapped_column(String(20), default="")
    answer: Mapped[str] = mapped_column(String(4000), default="")
    answered_at: Mapped[datetime | None]
    considered: Mapped[str] = mapped_column(String(2000), default="")
    considered_at: Mapped[datetime | None]
    level: Mapped[int] = mapped_column(default=1)
    cycle: Mapped[Cycle] = relationship(lazy="raise")
    measure: Mapped[Measure] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[organisation_id])
    asker: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[asker_id])


class MeasurePerspective(Versioned, Base):
    """How a measure looks from one perspective: who was heard, how, how it was considered, and what came of it.

    One that is not relevant says why. `outcome` is written when the cycle is followed up.
    """

    __tablename__ = "measure_perspective"
    measure_id: Mapped[int] = mapped_column(Key, ForeignKey("measure.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    relevant: Mapped[bool] = mapped_column(default=True)
    heard: Mapped[str] = mapped_column(String(500), default="")
    how: Mapped[str] = mapped_column(String(500), default="")
    considered: Mapped[str] = mapped_column(String(2000), default="")
    why_not: Mapped[str] = mapped_column(String(1000), default="")
    outcome: Mapped[str] = mapped_column(String(2000), default="")
    written_at: Mapped[datetime]

    @property
    def handled(self) -> bool:
        """Whether it is said who was heard and how that was considered, or why the perspective is not relevant."""
        return bool(self.heard and self.considered) if self.relevant else bool(self.why_not)


@access.visible_to(Consultation, ASK_READ)
def _consultations(actor: Actor, permission: str) -> ColumnElement[bool]:
    """The parties of the cycle and whoever is asked read it; the one asks, the other answers."""
    asked = Consultation.organisation_id.in_(homes(actor))
    if permission == ASK_ANSWER:
        return asked
    parties = Consultation.cycle_id.in_(reached(actor, WRITE if permission == WRITE else READ))
    return parties if permission == WRITE else or_(asked, parties)


@access.visible_to(MeasurePerspective, READ)
def _perspectives(actor: Actor, permission: str) -> ColumnElement[bool]:
    rows: Any = select(Measure.id).where(access.rule_of(Measure, actor, permission))
    return MeasurePerspective.measure_id.in_(rows)
