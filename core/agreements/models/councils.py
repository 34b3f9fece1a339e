"""Local councils (lokala råd): a board's council with police and education, its members and its yearly plans."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.agreements.models.together import shared, with_its
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.people.models import Organisation


class Council(Flowing, Identified, Versioned, Once, Base):
    """A local council for safety and crime prevention (lokalt råd, BRÅ) of a stadsdelsnämnd."""

    __tablename__ = "council"
    __table_args__ = (Index("ix_council_organisation_id", "organisation_id", "id"),)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    task: Mapped[str] = mapped_column(String(2000), default="")
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    meeting_weeks: Mapped[int] = mapped_column(default=13)
    started_on: Mapped[date]
    active_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class CouncilMember(Identified, Versioned, Base):
    """An organisation in a local council, by a function."""

    __tablename__ = "council_member"
    __table_args__ = (
        UniqueConstraint("council_id", "organisation_id"),
        Index("ix_council_member_organisation_id", "organisation_id", "council_id"),
    )
    council_id: Mapped[int] = mapped_column(Key, ForeignKey("council.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    function: Mapped[str] = mapped_column(String(120))
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    left_why: Mapped[str] = mapped_column(String(500), default="")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class CouncilPlan(Identified, Versioned, Base):
    """What a council has planned for a year; `decided_on` is the day when it decided it."""

    __tablename__ = "council_plan"
    __table_args__ = (UniqueConstraint("council_id", "year"),)
    council_id: Mapped[int] = mapped_column(Key, ForeignKey("council.id"))
    year: Mapped[int]
    text: Mapped[str] = mapped_column(String(8000))
    decided_on: Mapped[date | None]


shared(Council, CouncilMember, CouncilMember.council_id)
for part in (CouncilMember, CouncilPlan):
    with_its(part, (part.council_id, Council))
