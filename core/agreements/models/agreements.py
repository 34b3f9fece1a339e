"""Agreements (överenskommelser): chapters, areas, goals, parties with their signatures, yearly reviews."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.agreements.models.collaborations import Collaboration
from core.agreements.models.together import shared, with_its
from core.cooperation.models import Cycle, Goal
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Area, Place

AGREEMENT_KINDS = {
    "plats": N_("Platssamverkan"),
    "polis_overgripande": N_("Med polisen, för hela staden"),
    "polis_lokal": N_("Med polisen, för stadsdelsnämnden"),
}
SIGNED_HOW = {"e_underskrift": N_("E-underskrift i ett annat system"), "inskannad": N_("På papper, inskannad")}
"""How a party has signed: it is done elsewhere, and its reference is kept here."""


class Agreement(Flowing, Identified, Versioned, Once, Base):
    """An agreement (överenskommelse) between parties: what they will do, from when to when.

    `frozen` is its text as it was when the parties were asked to sign ({schema: 1, …}), and `digest` its SHA-256: what
    they signed is that. `previous` is the edition that it takes the place of, and `changed` what is new, in words.
    `applies_on` is its first day once all have signed. Parties answer the draft by `answer_by`.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to", name="dates"),
        UniqueConstraint("number", "edition"),
        Index("ix_agreement_organisation_id", "organisation_id", "id"),
        Index("ix_agreement_collaboration_id", "collaboration_id"),
        Index("ix_agreement_state", "state", "valid_to"),
    )
    number: Mapped[str] = mapped_column(String(20))
    edition: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    collaboration_id: Mapped[int | None] = mapped_column(Key, ForeignKey("collaboration.id"))
    cycle_id: Mapped[int | None] = mapped_column(Key, ForeignKey("cycle.id"))
    previous_id: Mapped[int | None] = mapped_column(Key, ForeignKey("agreement.id"), unique=True)
    changed: Mapped[str] = mapped_column(String(4000), default="")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    answer_by: Mapped[date | None]
    applies_on: Mapped[date | None]
    review_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_why: Mapped[str] = mapped_column(String(1000), default="")
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    digest: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    collaboration: Mapped[Collaboration | None] = relationship(lazy="raise")
    cycle: Mapped[Cycle | None] = relationship(lazy="raise")
    previous: Mapped[Agreement | None] = relationship(lazy="raise", remote_side="Agreement.id")


class AgreementChapter(Versioned, Base):
    """What is written in one of the fourteen chapters of an agreement."""

    __tablename__ = "agreement_chapter"
    agreement_id: Mapped[int] = mapped_column(Key, ForeignKey("agreement.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(8000), default="")


class AgreementPlace(Base):
    """A place that an agreement is about."""

    __tablename__ = "agreement_place"
    __table_args__ = (Index("ix_agreement_place_place_id", "place_id"),)
    agreement_id: Mapped[int] = mapped_column(Key, ForeignKey("agreement.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"), primary_key=True)
    place: Mapped[Place] = relationship(lazy="raise")


class AgreementArea(Base):
    """An area that an agreement holds in."""

    __tablename__ = "agreement_area"
    agreement_id: Mapped[int] = mapped_column(Key, ForeignKey("agreement.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(Key, ForeignKey("area.id"), primary_key=True)
    area: Mapped[Area] = relationship(lazy="raise")


class AgreementGoal(Base):
    """A goal of a cycle that an agreement names as its own."""

    __tablename__ = "agreement_goal"
    __table_args__ = (Index("ix_agreement_goal_goal_id", "goal_id"),)
    agreement_id: Mapped[int] = mapped_column(Key, ForeignKey("agreement.id"), primary_key=True)
    goal_id: Mapped[int] = mapped_column(Key, ForeignKey("goal.id"), primary_key=True)
    goal: Mapped[Goal] = relationship(lazy="raise")


class AgreementPriority(Identified, Versioned, Base):
    """A priority area (prioriterat område) of the agreement's annex on goals and measures (Z36)."""

    __tablename__ = "agreement_priority"
    __table_args__ = (UniqueConstraint("agreement_id", "number"),)
    agreement_id: Mapped[int] = mapped_column(Key, ForeignKey("agreement.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(2000), default="")


class AgreementParty(Identified, Versioned, Base):
    """A party of an agreement: its mandate, its answer to the draft, its signature (a function, a day, a reference)."""

    __tablename__ = "agreement_party"
    __table_args__ = (
        UniqueConstraint("agreement_id", "organisation_id"),
        Index("ix_agreement_party_organisation_id", "organisation_id", "agreement_id"),
    )
    agreement_id: Mapped[int] = mapped_column(Key, ForeignKey("agreement.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(20))
    mandate: Mapped[str] = mapped_column(String(120))
    substitute: Mapped[str] = mapped_column(String(120), default="")
    resources: Mapped[str] = mapped_column(String(1000), default="")
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    left_why: Mapped[str] = mapped_column(String(500), default="")
    answer: Mapped[str] = mapped_column(String(4000), default="")
    answered_at: Mapped[datetime | None]
    signed_on: Mapped[date | None]
    signed_by: Mapped[str] = mapped_column(String(120), default="")
    signed_how: Mapped[str] = mapped_column(String(20), default="")
    signed_reference: Mapped[str] = mapped_column(String(200), default="")
    signed_digest: Mapped[str] = mapped_column(String(64), default="")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class AgreementReview(Identified, Versioned, Base):
    """A yearly review of an agreement: the last day for it, and what it came to."""

    __tablename__ = "agreement_review"
    __table_args__ = (Index("ix_agreement_review_agreement_id", "agreement_id", "id"),)
    agreement_id: Mapped[int] = mapped_column(Key, ForeignKey("agreement.id"))
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(String(4000), default="")


shared(Agreement, AgreementParty, AgreementParty.agreement_id)
OF_AGREEMENTS = (
    AgreementChapter, AgreementPlace, AgreementArea, AgreementGoal, AgreementPriority, AgreementParty, AgreementReview,
)  # fmt: skip
for part in OF_AGREEMENTS:
    with_its(part, (part.agreement_id, Agreement))
