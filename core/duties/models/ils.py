"""ILS: goals from kommunfullmäktige to the board, with indicators and activities, and how they stand per tertial (Z37).

A line is a row of the export (domain.md 11.10): of an indicator or of an activity.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.cooperation.models import Goal, Measure
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation

READ, WRITE, STEER = "duties:ils:read", "duties:ils:write", "duties:ils:steer"

CITY_GOAL, AREA_GOAL, BOARD_GOAL = "kf", "omrade", "namnd"
GOAL_LEVELS = {
    CITY_GOAL: N_("KF:s inriktningsmål"),
    AREA_GOAL: N_("KF:s mål för verksamhetsområdet"),
    BOARD_GOAL: N_("Nämndmål"),
}
PERIODS = {"T1": N_("Tertial 1"), "T2": N_("Tertial 2"), "VB": N_("Verksamhetsberättelse")}
VERDICTS = {"helt": N_("Uppfylls helt"), "delvis": N_("Uppfylls delvis"), "ej": N_("Uppfylls ej")}
DIRECTIONS = {"hogre": N_("Högre är bättre"), "lagre": N_("Lägre är bättre")}
NOT_BEGUN, BEGUN, ENDED, LATE = "ej_paborjad", "paborjad", "avslutad", "forsenad"
ACTIVITY_STATES = {
    BEGUN: N_("Påbörjad"),
    ENDED: N_("Avslutad"),
    LATE: N_("Försenad"),
    NOT_BEGUN: N_("Ej påbörjad"),
}
"""The words of ILS, which it is exported with."""


CITY = text("organisation_id IS NULL")


class IlsGoal(Identified, Versioned, Once, Base):
    """A goal: of kommunfullmäktige, for its field of work, or of a board (then with `organisation_id`), for a year.

    Its number is its own among the year's goals of that board, or of the city, which has a constraint of its own: for
    one over three columns no two goals without a board are the same.
    """

    __tablename__ = "ils_goal"
    __table_args__ = (
        UniqueConstraint("year", "number", "organisation_id"),
        Index("uq_ils_goal_of_city", "year", "number", unique=True, sqlite_where=CITY, postgresql_where=CITY),
        CheckConstraint("(level_of_goal = 'namnd') = (organisation_id IS NOT NULL)", name="whose"),
        Index("ix_ils_goal_organisation_id", "organisation_id", "year"),
    )
    year: Mapped[int]
    number: Mapped[str] = mapped_column(String(20))
    level_of_goal: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(500))
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("ils_goal.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    parent: Mapped[IlsGoal | None] = relationship(lazy="raise", remote_side="IlsGoal.id")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


class IlsIndicator(Identified, Versioned, Once, Base):
    """An indicator of a board's goal, with its target for the year; `goal_id` is a cycle's goal that measures it."""

    __tablename__ = "ils_indicator"
    __table_args__ = (Index("ix_ils_indicator_ils_goal_id", "ils_goal_id"),)
    ils_goal_id: Mapped[int] = mapped_column(Key, ForeignKey("ils_goal.id"))
    text: Mapped[str] = mapped_column(String(300))
    unit: Mapped[str] = mapped_column(String(40), default="")
    target: Mapped[float]
    direction: Mapped[str] = mapped_column(String(10), default="hogre")
    goal_id: Mapped[int | None] = mapped_column(Key, ForeignKey("goal.id"))
    ils_goal: Mapped[IlsGoal] = relationship(lazy="raise")
    goal: Mapped[Goal | None] = relationship(lazy="raise")


class IlsActivity(Identified, Versioned, Once, Base):
    """An activity of a board's goal; `measure_id` is a cycle's measure that it is."""

    __tablename__ = "ils_activity"
    __table_args__ = (Index("ix_ils_activity_ils_goal_id", "ils_goal_id"),)
    ils_goal_id: Mapped[int] = mapped_column(Key, ForeignKey("ils_goal.id"))
    text: Mapped[str] = mapped_column(String(300))
    measure_id: Mapped[int | None] = mapped_column(Key, ForeignKey("measure.id"))
    ils_goal: Mapped[IlsGoal] = relationship(lazy="raise")
    measure: Mapped[Measure | None] = relationship(lazy="raise")


class IlsReport(Flowing, Identified, Versioned, Base):
    """What a board reports for a tertial. Closed it is `frozen`: the rows and the paragraph as they were (schema 1)."""

    __tablename__ = "ils_report"
    __table_args__ = (UniqueConstraint("organisation_id", "year", "period"),)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    year: Mapped[int]
    period: Mapped[str] = mapped_column(String(5))
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    closed_at: Mapped[datetime | None]
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    level: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class IlsVerdict(Identified, Versioned, Base):
    """Whether a board's goal is met in a tertial, as the board judges it."""

    __tablename__ = "ils_verdict"
    __table_args__ = (UniqueConstraint("report_id", "ils_goal_id"),)
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("ils_report.id"))
    ils_goal_id: Mapped[int] = mapped_column(Key, ForeignKey("ils_goal.id"))
    verdict: Mapped[str] = mapped_column(String(10), default="")
    ils_goal: Mapped[IlsGoal] = relationship(lazy="raise")
    report: Mapped[IlsReport] = relationship(lazy="raise")


class IlsLine(Identified, Versioned, Base):
    """How an indicator stands in a tertial (outcome, forecast), or an activity (status, and why it deviates)."""

    __tablename__ = "ils_line"
    __table_args__ = (
        UniqueConstraint("report_id", "indicator_id"),
        UniqueConstraint("report_id", "activity_id"),
        CheckConstraint("(indicator_id IS NULL) <> (activity_id IS NULL)", name="of"),
    )
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("ils_report.id"))
    indicator_id: Mapped[int | None] = mapped_column(Key, ForeignKey("ils_indicator.id"))
    activity_id: Mapped[int | None] = mapped_column(Key, ForeignKey("ils_activity.id"))
    outcome: Mapped[float | None]
    forecast: Mapped[float | None]
    comment: Mapped[str] = mapped_column(String(1000), default="")
    status: Mapped[str] = mapped_column(String(20), default="")
    deviation: Mapped[str] = mapped_column(String(1000), default="")
    indicator: Mapped[IlsIndicator | None] = relationship(lazy="raise")
    activity: Mapped[IlsActivity | None] = relationship(lazy="raise")
    report: Mapped[IlsReport] = relationship(lazy="raise")


@access.visible_to(IlsGoal, READ)
def _goals(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Those of kommunfullmäktige are read by all who read any; a board's by the board and the city."""
    own = access.within(actor, permission, IlsGoal.organisation_id)
    if permission == READ and actor.may(READ):
        return or_(own, IlsGoal.organisation_id.is_(None))
    return own


@access.visible_to(IlsReport, READ)
def _reports(actor: Actor, permission: str) -> ColumnElement[bool]:
    return access.within(actor, permission, IlsReport.organisation_id)


def _of_goals(model: Any) -> None:
    @access.visible_to(model, READ)
    def _with_its_goal(actor: Actor, permission: str) -> ColumnElement[bool]:
        rows = select(IlsGoal.id).where(access.rule_of(IlsGoal, actor, permission))
        found: ColumnElement[bool] = model.ils_goal_id.in_(rows)
        return found


def _of_reports(model: Any) -> None:
    @access.visible_to(model, READ)
    def _with_its_report(actor: Actor, permission: str) -> ColumnElement[bool]:
        rows = select(IlsReport.id).where(access.rule_of(IlsReport, actor, permission))
        found: ColumnElement[bool] = model.report_id.in_(rows)
        return found


_of_goals(IlsIndicator)
_of_goals(IlsActivity)
_of_reports(IlsVerdict)
_of_reports(IlsLine)
