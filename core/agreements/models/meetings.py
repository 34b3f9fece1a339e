"""Meetings of collaborations and councils, and their decisions: each a thing of its own, open until it is done."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.agreements.models.collaborations import Collaboration, CollaborationGroup
from core.agreements.models.councils import Council
from core.agreements.models.together import with_its
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.people.models import Organisation


class Meeting(Flowing, Identified, Versioned, Once, Base):
    """A meeting of a collaboration (perhaps of one of its groups) or of a council; `number` counts within that."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("(collaboration_id IS NULL) <> (council_id IS NULL)", name="whose"),
        Index("ix_meeting_collaboration_id", "collaboration_id", "held_at"),
        Index("ix_meeting_council_id", "council_id", "held_at"),
    )
    collaboration_id: Mapped[int | None] = mapped_column(Key, ForeignKey("collaboration.id"))
    council_id: Mapped[int | None] = mapped_column(Key, ForeignKey("council.id"))
    group_id: Mapped[int | None] = mapped_column(Key, ForeignKey("collaboration_group.id"))
    number: Mapped[int]
    held_at: Mapped[datetime]
    location: Mapped[str] = mapped_column(String(200), default="")
    agenda: Mapped[str] = mapped_column(String(4000), default="")
    minutes: Mapped[str] = mapped_column(String(8000), default="")
    state: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(default=1)
    collaboration: Mapped[Collaboration | None] = relationship(lazy="raise")
    council: Mapped[Council | None] = relationship(lazy="raise")
    group: Mapped[CollaborationGroup | None] = relationship(lazy="raise")


class MeetingPresence(Base):
    """That an organisation was there; who came is a function, never a person."""

    __tablename__ = "meeting_presence"
    meeting_id: Mapped[int] = mapped_column(Key, ForeignKey("meeting.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"), primary_key=True)
    function: Mapped[str] = mapped_column(String(120), default="")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class MeetingDecision(Flowing, Identified, Versioned, Once, Base):
    """A decision of a meeting: its number, what, who does it by which function, and by when."""

    __tablename__ = "meeting_decision"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        Index("ix_meeting_decision_organisation_id", "organisation_id", "state"),
    )
    meeting_id: Mapped[int] = mapped_column(Key, ForeignKey("meeting.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(1000))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    function: Mapped[str] = mapped_column(String(120), default="")
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    told: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(default=1)
    meeting: Mapped[Meeting] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


class MeetingCarried(Base):
    """That a decision was open when a later meeting was called, and so stands on its agenda."""

    __tablename__ = "meeting_carried"
    __table_args__ = (Index("ix_meeting_carried_decision_id", "decision_id"),)
    meeting_id: Mapped[int] = mapped_column(Key, ForeignKey("meeting.id"), primary_key=True)
    decision_id: Mapped[int] = mapped_column(Key, ForeignKey("meeting_decision.id"), primary_key=True)


with_its(Meeting, (Meeting.collaboration_id, Collaboration), (Meeting.council_id, Council))
for part in (MeetingPresence, MeetingDecision, MeetingCarried):
    with_its(part, (part.meeting_id, Meeting))
