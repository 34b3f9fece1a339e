"""Commitments (åtaganden): what a party has taken upon itself, and each time when it was to be kept."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.agreements.models.agreements import Agreement
from core.agreements.models.collaborations import Collaboration
from core.agreements.models.councils import Council
from core.agreements.models.together import AgreementEvent, with_its
from core.cooperation.models import Goal
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Place

COMMITMENT_KINDS = {
    "utformning": N_("Utformning"),
    "aktivering": N_("Aktivering"),
    "underhall": N_("Underhåll"),
    "narvaro": N_("Närvaro"),
    "socialt": N_("Social insats"),
    "information": N_("Information"),
    "juridik": N_("Juridik"),
}
"""Kinds of commitments (domain.md 4.2)."""


class Commitment(Flowing, Identified, Versioned, Once, Base):
    """A commitment (åtagande) of a party in a collaboration or an agreement: what, where, when, how it is measured.

    `rrule` (RFC 5545) makes it recurring; without one it is kept once, by `due_on`. `next_on` is the next day that has
    no row of its own yet.
    """

    __tablename__ = "commitment"
    __table_args__ = (
        CheckConstraint("(collaboration_id IS NULL) <> (agreement_id IS NULL)", name="whose"),
        Index("ix_commitment_collaboration_id", "collaboration_id"),
        Index("ix_commitment_agreement_id", "agreement_id"),
        Index("ix_commitment_organisation_id", "organisation_id"),
        Index("ix_commitment_next_on", "next_on"),
    )
    collaboration_id: Mapped[int | None] = mapped_column(Key, ForeignKey("collaboration.id"))
    agreement_id: Mapped[int | None] = mapped_column(Key, ForeignKey("agreement.id"))
    goal_id: Mapped[int | None] = mapped_column(Key, ForeignKey("goal.id"))
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(500))
    location: Mapped[str] = mapped_column(String(200), default="")
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    function: Mapped[str] = mapped_column(String(120), default="")
    indicator: Mapped[str] = mapped_column(String(300), default="")
    starts_on: Mapped[date]
    due_on: Mapped[date | None]
    rrule: Mapped[str] = mapped_column(String(300), default="")
    next_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(default=1)
    collaboration: Mapped[Collaboration | None] = relationship(lazy="raise")
    agreement: Mapped[Agreement | None] = relationship(lazy="raise")
    goal: Mapped[Goal | None] = relationship(lazy="raise")
    place: Mapped[Place | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class CommitmentTime(Identified, Versioned, Base):
    """A time when a commitment is to be kept; `kept` says whether it was, once somebody has told."""

    __tablename__ = "commitment_time"
    __table_args__ = (UniqueConstraint("commitment_id", "due_on"),)
    commitment_id: Mapped[int] = mapped_column(Key, ForeignKey("commitment.id"))
    due_on: Mapped[date]
    kept: Mapped[bool | None]
    told_at: Mapped[datetime | None]
    told: Mapped[str] = mapped_column(String(1000), default="")
    commitment: Mapped[Commitment] = relationship(lazy="raise")


with_its(Commitment, (Commitment.collaboration_id, Collaboration), (Commitment.agreement_id, Agreement))
with_its(CommitmentTime, (CommitmentTime.commitment_id, Commitment))
with_its(
    AgreementEvent,
    (AgreementEvent.collaboration_id, Collaboration),
    (AgreementEvent.agreement_id, Agreement),
    (AgreementEvent.council_id, Council),
)
