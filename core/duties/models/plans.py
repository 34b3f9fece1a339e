"""The municipality's åtgärdsplan: built from a lägesbild, decided, followed up (Z9, Z10)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.cooperation.models import Measure
from core.db import Base, Identified, Key, Once, Versioned
from core.duties.models.coordination import READ
from core.duties.models.reports import CityReport, seen_when_out
from core.flow import Flowing
from core.people.models import Organisation


class ActionPlan(Flowing, Identified, Versioned, Once, Base):
    """A plan of measures. Decided it is followed up, and followed by another, at latest on `valid_until`."""

    __tablename__ = "action_plan"
    __table_args__ = (Index("ix_action_plan_state", "state", "id"),)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("city_report.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(20))
    decided_on: Mapped[date | None]
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decision: Mapped[str] = mapped_column(String(120), default="")
    valid_until: Mapped[date | None]
    followed_on: Mapped[date | None]
    follow_up: Mapped[str] = mapped_column(String(8000), default="")
    warned: Mapped[int | None]
    level: Mapped[int] = mapped_column(default=1)
    report: Mapped[CityReport] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class PlanMeasure(Identified, Versioned, Once, Base):
    """A measure of the plan: which section of the lägesbild it answers, who answers for it, until when, what it gave.

    It may be one of a cycle's measures (`measure_id`), or the plan's own.
    """

    __tablename__ = "plan_measure"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        Index("ix_plan_measure_organisation_id", "organisation_id"),
    )
    plan_id: Mapped[int] = mapped_column(Key, ForeignKey("action_plan.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(500))
    section: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    function: Mapped[str] = mapped_column(String(120), default="")
    ends_on: Mapped[date]
    measure_id: Mapped[int | None] = mapped_column(Key, ForeignKey("measure.id"))
    result: Mapped[str] = mapped_column(String(20), default="")
    result_why: Mapped[str] = mapped_column(String(2000), default="")
    followed_on: Mapped[date | None]
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    measure: Mapped[Measure | None] = relationship(lazy="raise")


access.visible_to(ActionPlan, READ)(seen_when_out(ActionPlan))

FOLLOW = "duties:plan:follow"
"""To say what a measure gave, which whoever answers for it does."""


@access.visible_to(PlanMeasure, READ)
def _measures(actor: Actor, permission: str) -> ColumnElement[bool]:
    if permission == FOLLOW:
        return access.within(actor, FOLLOW, PlanMeasure.organisation_id)
    return PlanMeasure.plan_id.in_(select(ActionPlan.id).where(access.rule_of(ActionPlan, actor, permission)))
