"""From why to what is done: goals from a baseline to a target, measures that hang on a cause, what came of both."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.cooperation.models.cycles import READ, of_cycle
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation

HORIZONS = {"kort": N_("På kort sikt"), "lang": N_("På lång sikt")}
RESULTS = {
    "uppnatt": N_("Uppnått"),
    "delvis": N_("Delvis uppnått"),
    "ej": N_("Inte uppnått"),
    "ej_matt": N_("Inte mätt"),
}
"""What came of a goal (domain.md 5.3)."""
MEASURE_RESULTS = {
    "genomford": N_("Genomförd"),
    "delvis": N_("Delvis genomförd"),
    "ej": N_("Inte genomförd"),
}
APPROACHES = {"situationell": N_("Situationell"), "social": N_("Social")}
"""Whether a measure changes the situation or what lies behind (Z7)."""
EVIDENCE_GRADES = {
    "stark": N_("Starkt stöd"),
    "viss": N_("Visst stöd"),
    "oklar": N_("Oklart stöd"),
    "saknas": N_("Inte prövad"),
    "skadlig": N_("Kan göra skada"),
}
"""How well a method is known to work."""


class Method(Identified, Versioned, Base):
    """A method of the city's library, with how well it is known to work and where that is said (H6)."""

    __tablename__ = "method"
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(1000), default="")
    approach: Mapped[str] = mapped_column(String(20))
    grade: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class MethodFit(Base):
    """Against which causes a method is meant: a side of the triangle, and a level; "" for any level (H6)."""

    __tablename__ = "method_fit"
    method_id: Mapped[int] = mapped_column(Key, ForeignKey("method.id"), primary_key=True)
    side: Mapped[str] = mapped_column(String(20), primary_key=True)
    causal_level: Mapped[str] = mapped_column(String(20), primary_key=True, default="")


class Goal(Flowing, Identified, Versioned, Once, Base):
    """A goal: what shall be different, by which measurement, from what to what, when, and who answers for it.

    `text` is a sentence that a resident understands. `state` says whether all five letters of SMART are there; a draft
    is always saved (H5).
    """

    __tablename__ = "goal"
    __table_args__ = (UniqueConstraint("cycle_id", "number"), Index("ix_goal_problem_id", "problem_id"))
    cycle_id: Mapped[int] = mapped_column(Key, ForeignKey("cycle.id"))
    problem_id: Mapped[int] = mapped_column(Key, ForeignKey("problem.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(500))
    indicator: Mapped[str] = mapped_column(String(300), default="")
    unit: Mapped[str] = mapped_column(String(40), default="")
    baseline: Mapped[float | None]
    baseline_on: Mapped[date | None]
    baseline_source: Mapped[str] = mapped_column(String(300), default="")
    target: Mapped[float | None]
    due_on: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    realistic: Mapped[str] = mapped_column(String(1000), default="")
    horizon: Mapped[str] = mapped_column(String(10), default="kort")
    focus_area: Mapped[str] = mapped_column(String(40), default="")
    priority_area: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(20))
    result: Mapped[str] = mapped_column(String(20), default="")
    result_value: Mapped[float | None]
    result_on: Mapped[date | None]
    result_why: Mapped[str] = mapped_column(String(2000), default="")
    carried_from_id: Mapped[int | None] = mapped_column(Key, ForeignKey("goal.id"))
    level: Mapped[int] = mapped_column(default=1)
    owner: Mapped[Organisation | None] = relationship(lazy="raise")


class GoalAcceptance(Base):
    """That a party has accepted a goal, as it stood then: the A of SMART."""

    __tablename__ = "goal_acceptance"
    goal_id: Mapped[int] = mapped_column(Key, ForeignKey("goal.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"), primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    goal_version: Mapped[int]
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Measure(Identified, Versioned, Once, Base):
    """A measure (åtgärd) of the plan: against which cause, by whom, with what, from when to when, by which method.

    `hours` and `budget` (kronor) are what its owner puts in; `kind` is the key of a kind of measure of the city, or of
    a plugin.
    """

    __tablename__ = "measure"
    __table_args__ = (
        UniqueConstraint("cycle_id", "number"),
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="dates"),
        Index("ix_measure_cause_id", "cause_id"),
        Index("ix_measure_owner_id", "owner_id"),
    )
    cycle_id: Mapped[int] = mapped_column(Key, ForeignKey("cycle.id"))
    cause_id: Mapped[int] = mapped_column(Key, ForeignKey("cause.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    approach: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(80), default="")
    focus_area: Mapped[str] = mapped_column(String(40), default="")
    priority_area: Mapped[str] = mapped_column(String(40), default="")
    horizon: Mapped[str] = mapped_column(String(10), default="kort")
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    hours: Mapped[int | None]
    budget: Mapped[int | None] = mapped_column(Key)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    method_id: Mapped[int | None] = mapped_column(Key, ForeignKey("method.id"))
    state: Mapped[str] = mapped_column(String(20))
    result: Mapped[str] = mapped_column(String(20), default="")
    result_why: Mapped[str] = mapped_column(String(2000), default="")
    carried_from_id: Mapped[int | None] = mapped_column(Key, ForeignKey("measure.id"))
    level: Mapped[int] = mapped_column(default=1)
    owner: Mapped[Organisation | None] = relationship(lazy="raise")
    method: Mapped[Method | None] = relationship(lazy="raise")

    def plugin_keys(self) -> Iterable[str]:
        """A measure hangs on the plugin whose kind of measure it is."""
        return (self.kind,) if self.kind else ()

    def ref(self) -> None:
        """No plugin is asked about it."""


class MeasureGoal(Base):
    """Which goals a measure is for."""

    __tablename__ = "measure_goal"
    __table_args__ = (Index("ix_measure_goal_goal_id", "goal_id"),)
    measure_id: Mapped[int] = mapped_column(Key, ForeignKey("measure.id"), primary_key=True)
    goal_id: Mapped[int] = mapped_column(Key, ForeignKey("goal.id"), primary_key=True)


access.for_everybody(Method, MethodFit)
for part in (Goal, Measure):
    of_cycle(part)


@access.visible_to(GoalAcceptance, READ)
def _acceptances(actor: Actor, permission: str) -> ColumnElement[bool]:
    return GoalAcceptance.goal_id.in_(select(Goal.id).where(access.rule_of(Goal, actor, permission)))


@access.visible_to(MeasureGoal, READ)
def _links(actor: Actor, permission: str) -> ColumnElement[bool]:
    return MeasureGoal.goal_id.in_(select(Goal.id).where(access.rule_of(Goal, actor, permission)))
