"""Counts of people (flödesmätning), and how a place is experienced (upplevelseindex)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Identified, Key, Once, Versioned
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Place
from core.presence.models.reach import on_place, with_its

READ, WRITE = "presence:count:read", "presence:count:write"
PHASES = {"fore": N_("Före"), "efter": N_("Efter"), "annan": N_("Annan gång")}
"""When a survey is made, beside what is done on the place."""


class FlowCount(Identified, Once, Base):
    """How many people passed and stayed on a place in a band of a day, counted for so many minutes.

    `day` is the date of the evening: what is counted after midnight is of the evening before. Women and men are there
    only where somebody has counted them, and of adults and children together.
    """

    __tablename__ = "flow_count"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint(
            "adults_passing >= 0 AND children_passing >= 0 AND adults_staying >= 0 AND children_staying >= 0",
            name="counts",
        ),
        Index("ix_flow_count_place_id", "place_id", "band", "day"),
        Index("ix_flow_count_organisation_id", "organisation_id"),
    )
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    day: Mapped[date]
    band: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int]
    adults_passing: Mapped[int] = mapped_column(default=0)
    children_passing: Mapped[int] = mapped_column(default=0)
    adults_staying: Mapped[int] = mapped_column(default=0)
    children_staying: Mapped[int] = mapped_column(default=0)
    women: Mapped[int | None]
    men: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(500), default="")
    place: Mapped[Place] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")

    @property
    def people(self) -> int:
        """All who were counted."""
        return self.adults_passing + self.children_passing + self.adults_staying + self.children_staying

    @property
    def staying(self) -> int:
        """Those who stayed."""
        return self.adults_staying + self.children_staying


class ExperienceSurvey(Identified, Versioned, Once, Base):
    """That people were asked how a place is: when, how, and whether that was before or after what was done there."""

    __tablename__ = "experience_survey"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="dates"),
        Index("ix_experience_survey_place_id", "place_id", "last_on"),
        Index("ix_experience_survey_organisation_id", "organisation_id"),
    )
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(200))
    phase: Mapped[str] = mapped_column(String(10))
    first_on: Mapped[date]
    last_on: Mapped[date]
    how: Mapped[str] = mapped_column(String(500), default="")
    place: Mapped[Place] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class ExperienceAnswer(Versioned, Base):
    """How many gave each answer from 1 (worst) to 5 (best) to a question, as it was asked."""

    __tablename__ = "experience_answer"
    __table_args__ = (
        UniqueConstraint("survey_id", "question"),
        CheckConstraint("n1 >= 0 AND n2 >= 0 AND n3 >= 0 AND n4 >= 0 AND n5 >= 0", name="counts"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    survey_id: Mapped[int] = mapped_column(Key, ForeignKey("experience_survey.id"))
    question: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(300))
    n1: Mapped[int] = mapped_column(default=0)
    n2: Mapped[int] = mapped_column(default=0)
    n3: Mapped[int] = mapped_column(default=0)
    n4: Mapped[int] = mapped_column(default=0)
    n5: Mapped[int] = mapped_column(default=0)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many gave each answer, from the worst."""
        return self.n1, self.n2, self.n3, self.n4, self.n5


for part in (FlowCount, ExperienceSurvey):
    on_place(part, READ)
with_its(ExperienceAnswer, ExperienceAnswer.survey_id, ExperienceSurvey, READ)
