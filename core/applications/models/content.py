"""What an application holds of rows: places, evidence, measures, goals, perspectives (domain.md 1.2)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.applications.models.applications import of_application
from core.cooperation.models import Cause, Goal, Measure
from core.db import Base, Identified, Key, Versioned
from core.figures.models import Figure
from core.i18n import N_
from core.places.models import Place
from core.walks.models import Observation

EVIDENCE_KINDS = {
    "trygghetsmatning": N_("Trygghetsmätning"),
    "regional_trygghetsmatning": N_("Regional trygghetsmätning"),
    "stockholmsenkat": N_("Stockholmsenkäten"),
    "skolenkat": N_("Skolenkät"),
    "tyck_till": N_("Tyck till"),
    "medborgarundersokning": N_("Medborgarundersökning"),
    "polisstatistik": N_("Polisens statistik"),
    "ordningsvaktsstatistik": N_("Ordningsvakters statistik"),
    "trygghetsvandring": N_("Trygghetsvandring"),
    "certifiering": N_("Trygghetscertifiering"),
    "dialog": N_("Dialog"),
    "egen_observation": N_("Egen iakttagelse"),
}
"""What a problem can be shown by (domain.md 1.2, the programme's own list)."""

PERSPECTIVES = {
    "barn": N_("Barn"),
    "jamstalldhet": N_("Jämställdhet"),
    "tillganglighet": N_("Tillgänglighet"),
    "aldre": N_("Äldre"),
    "hbtqi": N_("Hbtqi"),
    "funktionshinder": N_("Funktionsnedsättning"),
    "klimat": N_("Klimat och miljö"),
}
NEEDED = ("barn", "jamstalldhet", "tillganglighet")
"""The perspectives that every physical measure must be seen from (the programme; Z23)."""


class ApplicationPlace(Base):
    """A place that an application is about."""

    __tablename__ = "application_place"
    __table_args__ = (Index("ix_application_place_place_id", "place_id", "application_id"),)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"), primary_key=True)
    place: Mapped[Place] = relationship(lazy="raise")


class ApplicationEvidence(Identified, Versioned, Base):
    """Something that shows the problem: its source, what it says, and the thing that it points at (E16).

    That is an observation, a figure of the city's, or (`picture_evidence`) what a picture of the cycle says.
    """

    __tablename__ = "application_evidence"
    __table_args__ = (
        Index("ix_application_evidence_application_id", "application_id", "id"),
        Index("ix_application_evidence_observation_id", "observation_id"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    kind: Mapped[str] = mapped_column(String(30))
    says: Mapped[str] = mapped_column(String(2000))
    source: Mapped[str] = mapped_column(String(300), default="")
    period: Mapped[str] = mapped_column(String(60), default="")
    value: Mapped[float | None]
    unit: Mapped[str] = mapped_column(String(40), default="")
    compared: Mapped[float | None]
    compared_with: Mapped[str] = mapped_column(String(200), default="")
    observation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("observation.id"))
    figure_id: Mapped[int | None] = mapped_column(Key, ForeignKey("figure.id"))
    picture_evidence: Mapped[UUID | None]
    observation: Mapped[Observation | None] = relationship(lazy="raise")
    figure: Mapped[Figure | None] = relationship(lazy="raise")


class ApplicationMeasure(Identified, Versioned, Base):
    """A measure that money is sought for (åtgärd): what, how much, where, against which cause, for which measure of
    the cycle's plan.

    `built` says that it leaves something that has to be looked after. `amount` are kronor, `weight` its part of the
    work in percent, `done` how much of that is done.
    """

    __tablename__ = "application_measure"
    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        Index("ix_application_measure_measure_id", "measure_id"),
        Index("ix_application_measure_cause_id", "cause_id"),
        Index("ix_application_measure_kind", "kind", "application_id", "dropped_on"),
        CheckConstraint("done BETWEEN 0 AND 100", name="done"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(String(500))
    quantity: Mapped[float | None]
    unit: Mapped[str] = mapped_column(String(40), default="")
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    cause_id: Mapped[int | None] = mapped_column(Key, ForeignKey("cause.id"))
    measure_id: Mapped[int | None] = mapped_column(Key, ForeignKey("measure.id"))
    amount: Mapped[int | None] = mapped_column(Key)
    built: Mapped[bool] = mapped_column(default=True)
    weight: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    delivered: Mapped[str] = mapped_column(String(2000), default="")
    dropped_on: Mapped[date | None]
    place: Mapped[Place | None] = relationship(lazy="raise")
    cause: Mapped[Cause | None] = relationship(lazy="raise")
    measure: Mapped[Measure | None] = relationship(lazy="raise")


class ApplicationGoal(Base):
    """A goal of the cycle that the application is for."""

    __tablename__ = "application_goal"
    __table_args__ = (Index("ix_application_goal_goal_id", "goal_id"),)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    goal_id: Mapped[int] = mapped_column(Key, ForeignKey("goal.id"), primary_key=True)
    goal: Mapped[Goal] = relationship(lazy="raise")


class ApplicationPerspective(Versioned, Base):
    """How the measures strike from one perspective, how that was considered, and who was heard."""

    __tablename__ = "application_perspective"
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    perspective: Mapped[str] = mapped_column(String(20), primary_key=True)
    impact: Mapped[str] = mapped_column(String(2000), default="")
    considered: Mapped[str] = mapped_column(String(2000), default="")
    heard: Mapped[str] = mapped_column(String(1000), default="")


of_application(ApplicationPlace, ApplicationEvidence, ApplicationMeasure, ApplicationGoal, ApplicationPerspective)
