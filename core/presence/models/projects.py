"""Planning projects (detaljplan, ombyggnad) on a place: their social goals, and whom they have consulted (Z35)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Place
from core.presence.models.reach import on_place, with_its

READ, EDIT, ANSWER = "presence:project:read", "presence:project:edit", "presence:project:answer"
KINDS = {"detaljplan": N_("Detaljplan"), "ombyggnad": N_("Ombyggnad"), "nybyggnad": N_("Nybyggnad")}
RESULTS = {"uppnatt": N_("Uppnått"), "delvis": N_("Delvis uppnått"), "ej": N_("Inte uppnått")}
"""What came of a social goal."""


class PlanningProject(Flowing, Identified, Versioned, Once, Base):
    """A detailed plan, or a building project, on a place; its phase is its state."""

    __tablename__ = "planning_project"
    __table_args__ = (
        Index("ix_planning_project_place_id", "place_id"),
        Index("ix_planning_project_organisation_id", "organisation_id"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    reference: Mapped[str] = mapped_column(String(60), default="")
    description: Mapped[str] = mapped_column(String(2000), default="")
    starts_on: Mapped[date]
    ready_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(String(1000), default="")
    level: Mapped[int] = mapped_column(default=1)
    place: Mapped[Place] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class PlanningGoal(Identified, Versioned, Base):
    """A goal of social value (SVA) of a project: what shall be true, who answers for it, when it is followed up."""

    __tablename__ = "planning_goal"
    __table_args__ = (
        Index("ix_planning_goal_project_id", "project_id"),
        Index("ix_planning_goal_responsible_id", "responsible_id", "project_id"),
    )
    project_id: Mapped[int] = mapped_column(Key, ForeignKey("planning_project.id"))
    text: Mapped[str] = mapped_column(String(500))
    responsible_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    follow_up_on: Mapped[date]
    result: Mapped[str] = mapped_column(String(20), default="")
    result_why: Mapped[str] = mapped_column(String(2000), default="")
    followed_on: Mapped[date | None]
    level: Mapped[int] = mapped_column(default=1)
    responsible: Mapped[Organisation] = relationship(lazy="raise")


class PlanningConsultation(Identified, Versioned, Base):
    """That the project has asked the safety side of an organisation, and what was answered when (Z27, Z35)."""

    __tablename__ = "planning_consultation"
    __table_args__ = (
        Index("ix_planning_consultation_project_id", "project_id"),
        Index("ix_planning_consultation_asked_id", "asked_id", "project_id"),
    )
    project_id: Mapped[int] = mapped_column(Key, ForeignKey("planning_project.id"))
    asked_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    asked_on: Mapped[date]
    question: Mapped[str] = mapped_column(String(2000))
    answered_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(String(4000), default="")
    level: Mapped[int] = mapped_column(default=1)
    asked: Mapped[Organisation] = relationship(lazy="raise")


class _Taking:
    """The organisations that answer for a goal of a project, or are asked by it, as owners of it."""

    def __init__(self, part: Any, column: Any) -> None:
        self.part, self.column = part, column

    def in_(self, organisations: Any) -> ColumnElement[bool]:
        return PlanningProject.id.in_(select(self.part.project_id).where(self.column.in_(organisations)))


RESPONSIBLE = _Taking(PlanningGoal, PlanningGoal.responsible_id)
ASKED = _Taking(PlanningConsultation, PlanningConsultation.asked_id)

on_place(
    PlanningProject,
    READ,
    readers=(RESPONSIBLE, ASKED),
    parts={ANSWER: (PlanningProject.organisation_id, RESPONSIBLE, ASKED)},
)
for one in (PlanningGoal, PlanningConsultation):
    with_its(one, one.project_id, PlanningProject, READ)
