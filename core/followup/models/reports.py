"""What is reported of a grant: each tertial, at the end, and the effect at 6, 12 and 24 months."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.applications.models import Application
from core.cooperation.models import Goal
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.followup.models.spending import money_of
from core.i18n import N_
from core.media.models import Photo
from core.places.models import Place

REPORT, APPROVE, MEASURE = "followup:report:write", "followup:report:approve", "followup:effect:write"
VIEW = "followup:city:read"

REPORT_KINDS = {"tertial": N_("Tertialrapport"), "slut": N_("Slutredovisning")}

PHASES = {
    "fore": N_("Före"),
    "direkt": N_("Direkt efter"),
    "man_6": N_("Efter 6 månader"),
    "man_12": N_("Efter 12 månader"),
    "man_24": N_("Efter 24 månader"),
}
"""When an effect is measured (domain.md 1.2)."""
THEN, NOW = "da", "nu"
NAMES = {THEN: N_("Som nämnderna hette då"), NOW: N_("Som nämnderna heter nu")}
"""By which names boards that were merged go in what is told of earlier years (domain.md 13, scenario 8)."""
SHOWN = tuple(text(f"state = 'matt' AND {here} AND phase <> 'fore'") for here in ("compares = 0", "NOT compares"))
"""What has been measured after, on the place itself, as each database says it."""
MONTHS = {"man_6": 6, "man_12": 12, "man_24": 24}


class GrantReport(Flowing, Identified, Versioned, Base):
    """A report of a grant: of a tertial ("2027-T1"), or the final one; planned by itself, skipped with a reason (F4).

    `delivered`, `money`, `risks` are words beside the figures, which are those of the book and the measures on the day
    when it is handed in. `lessons`, `defects` and `handover` belong to the final one.
    """

    __tablename__ = "grant_report"
    __table_args__ = (
        UniqueConstraint("application_id", "kind", "period"),
        Index("ix_grant_report_due_on", "state", "due_on", "application_id"),
        Index("ix_grant_report_state", "state", "id", "application_id"),
        Index("ix_grant_report_period", "kind", "period", "due_on", "application_id"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    kind: Mapped[str] = mapped_column(String(10))
    period: Mapped[str] = mapped_column(String(10), default="")
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    edition: Mapped[int] = mapped_column(default=0)
    delivered: Mapped[str] = mapped_column(String(4000), default="")
    money: Mapped[str] = mapped_column(String(4000), default="")
    risks: Mapped[str] = mapped_column(String(4000), default="")
    goals: Mapped[str] = mapped_column(String(4000), default="")
    lessons: Mapped[str] = mapped_column(String(4000), default="")
    defects: Mapped[str] = mapped_column(String(4000), default="")
    handover: Mapped[str] = mapped_column(String(4000), default="")
    skipped_why: Mapped[str] = mapped_column(String(1000), default="")
    handed_in_at: Mapped[datetime | None]
    handed_in_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    approved_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    level: Mapped[int] = mapped_column(default=1)
    application: Mapped[Application] = relationship(lazy="raise")


class GrantReportEdition(Base):
    """A report as it was handed in, with the figures of that day: {"schema": 1, …}."""

    __tablename__ = "grant_report_edition"
    report_id: Mapped[int] = mapped_column(Key, ForeignKey("grant_report.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class PicturePair(Identified, Base):
    """The same view before and after, from the same spot (X5); or `why_not` there is no picture of it after."""

    __tablename__ = "picture_pair"
    __table_args__ = (Index("ix_picture_pair_application_id", "application_id", "id"),)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    title: Mapped[str] = mapped_column(String(200))
    before_id: Mapped[int | None] = mapped_column(Key, ForeignKey("photo.id"))
    after_id: Mapped[int | None] = mapped_column(Key, ForeignKey("photo.id"))
    why_not: Mapped[str] = mapped_column(String(1000), default="")
    before: Mapped[Photo | None] = relationship(lazy="raise", foreign_keys=[before_id])
    after: Mapped[Photo | None] = relationship(lazy="raise", foreign_keys=[after_id])


class Effect(Flowing, Identified, Versioned, Once, Base):
    """A measuring of a goal in one phase (effektmätning), on the place or on one that it is compared with (X9).

    The first phase is frozen at the decision, with `unit` and `target` of the goal as they were then. `low` and `high`
    are the interval of the value, `n` how many it builds on; `verdict` says what it shows against before, and `unclear`
    why that cannot be told. `hour` and `season` are when it was measured, to be those of the baseline.
    """

    __tablename__ = "effect"
    __table_args__ = (
        UniqueConstraint("application_id", "goal_id", "phase", "compares"),
        Index("ix_effect_due_on", "state", "due_on", "application_id"),
        Index(
            "ix_effect_shown",
            "application_id", "verdict", "state", "compares", "phase",  # all that is asked, so that no row is read
            sqlite_where=SHOWN[0], postgresql_where=SHOWN[1],
        ),
        Index("ix_effect_goal_id", "goal_id"),
        CheckConstraint("low IS NULL OR high IS NULL OR low <= high", name="interval"),
    )  # fmt: skip
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    goal_id: Mapped[int] = mapped_column(Key, ForeignKey("goal.id"))
    phase: Mapped[str] = mapped_column(String(10))
    compares: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    measured_on: Mapped[date | None]
    method: Mapped[str] = mapped_column(String(500), default="")
    season: Mapped[str] = mapped_column(String(20), default="")
    hour: Mapped[str] = mapped_column(String(20), default="")
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    n: Mapped[int | None]
    value: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    unit: Mapped[str] = mapped_column(String(40), default="")
    target: Mapped[float | None]
    verdict: Mapped[str] = mapped_column(String(20), default="")
    unclear: Mapped[str] = mapped_column(String(1000), default="")
    comment: Mapped[str] = mapped_column(String(2000), default="")
    level: Mapped[int] = mapped_column(default=1)
    application: Mapped[Application] = relationship(lazy="raise")
    goal: Mapped[Goal] = relationship(lazy="raise")
    place: Mapped[Place | None] = relationship(lazy="raise")


for _model in (GrantReport, GrantReportEdition, PicturePair, Effect):
    money_of(_model)
