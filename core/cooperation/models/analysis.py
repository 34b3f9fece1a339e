"""From what is wrong to why: problems with the parties' scores, causes that are tested, evidence for and against."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.cooperation.models.cycles import READ, of_cycle, reached
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation

CRITERIA = {
    "frequency": N_("Hur ofta händer det?"),
    "trend": N_("Blir det vanligare?"),
    "harm": N_("Hur stor är skadan?"),
    "influence": N_("Kan parterna påverka det?"),
    "resources": N_("Finns det resurser?"),
    "signal": N_("Märks det på annat?"),
    "cost": N_("Vad kostar det samhället?"),
}
"""What a party scores from 1 to 5 (domain.md 5.2)."""
LIMITS = {"influence": N_("Parterna kan inte göra mycket åt det."), "resources": N_("Resurserna räcker inte.")}
"""Criteria that limit what can be chosen: what nobody can influence or pay for is not (Z4)."""

SIDES = {
    "garningsperson": N_("Gärningsperson"),
    "objekt_offer": N_("Person eller föremål"),
    "plats_kontroll": N_("Plats och kontroll"),
}
"""The sides of the triangle."""
LEVELS = {"situation": N_("Situation"), "social": N_("Social"), "struktur": N_("Struktur")}

FOR, AGAINST = "for", "emot"


class Problem(Flowing, Identified, Versioned, Once, Base):
    """A problem: what, where, when, how, who it concerns and what follows (domain.md 5.2).

    `motive` is why it was chosen or left out, `carried_from_id` the problem of the cycle before that is still open.
    """

    __tablename__ = "problem"
    __table_args__ = (UniqueConstraint("cycle_id", "number"),)
    cycle_id: Mapped[int] = mapped_column(Key, ForeignKey("cycle.id"))
    number: Mapped[int]
    what: Mapped[str] = mapped_column(String(300))
    where: Mapped[str] = mapped_column("place_text", String(300), default="")
    when: Mapped[str] = mapped_column("time_text", String(300), default="")
    how: Mapped[str] = mapped_column(String(1000), default="")
    whom: Mapped[str] = mapped_column(String(300), default="")
    consequence: Mapped[str] = mapped_column(String(1000), default="")
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(20))
    motive: Mapped[str] = mapped_column(String(1000), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    carried_from_id: Mapped[int | None] = mapped_column(Key, ForeignKey("problem.id"))
    level: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class ProblemEvidence(Base):
    """What a problem was seen in: a thing of a room below, such as an observation or a walk."""

    __tablename__ = "problem_evidence"
    __table_args__ = (Index("ix_problem_evidence_subject", "subject_kind", "subject_uid"),)
    problem_id: Mapped[int] = mapped_column(Key, ForeignKey("problem.id"), primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject_uid: Mapped[UUID] = mapped_column(primary_key=True)


class PriorityScore(Versioned, Base):
    """How one party scores one problem, from 1 to 5 on each of CRITERIA (H3)."""

    __tablename__ = "priority_score"
    problem_id: Mapped[int] = mapped_column(Key, ForeignKey("problem.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"), primary_key=True)
    frequency: Mapped[int]
    trend: Mapped[int]
    harm: Mapped[int]
    influence: Mapped[int]
    resources: Mapped[int]
    signal: Mapped[int]
    cost: Mapped[int]
    motive: Mapped[str] = mapped_column(String(1000), default="")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Cause(Flowing, Identified, Versioned, Once, Base):
    """A cause of a problem as a hypothesis: what would be seen if it were true, how that was tested, kept or dropped.

    `parent_id` is the cause that this one leads to: the tree of "why". `settled_for_id` is the party that settled it.
    """

    __tablename__ = "cause"
    __table_args__ = (UniqueConstraint("problem_id", "number"), Index("ix_cause_parent_id", "parent_id"))
    problem_id: Mapped[int] = mapped_column(Key, ForeignKey("problem.id"))
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("cause.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    side: Mapped[str] = mapped_column(String(20))
    causal_level: Mapped[str] = mapped_column(String(20))
    prediction: Mapped[str] = mapped_column(String(1000), default="")
    test: Mapped[str] = mapped_column(String(1000), default="")
    tested_on: Mapped[date | None]
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(20))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    settled_for_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    settled_why: Mapped[str] = mapped_column(String(1000), default="")
    level: Mapped[int] = mapped_column(default=1)
    settled_for: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[settled_for_id])


class CauseEvidence(Identified, Base):
    """What speaks for a cause or against it, in words and, where there is one, with the thing that it was seen in."""

    __tablename__ = "cause_evidence"
    __table_args__ = (Index("ix_cause_evidence_cause_id", "cause_id", "id"),)
    cause_id: Mapped[int] = mapped_column(Key, ForeignKey("cause.id"))
    stance: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(500))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_uid: Mapped[UUID | None]
    organisation: Mapped[Organisation] = relationship(lazy="raise")


of_cycle(Problem)


def _of_problems(model: Any) -> None:
    @access.visible_to(model, READ)
    def _with_its_problem(actor: Actor, permission: str) -> ColumnElement[bool]:
        rows = select(Problem.id).where(Problem.cycle_id.in_(reached(actor, permission)))
        found: ColumnElement[bool] = model.problem_id.in_(rows)
        return found


for part in (ProblemEvidence, PriorityScore, Cause):
    _of_problems(part)


@access.visible_to(CauseEvidence, READ)
def _evidence(actor: Actor, permission: str) -> ColumnElement[bool]:
    return CauseEvidence.cause_id.in_(select(Cause.id).where(access.rule_of(Cause, actor, permission)))
