"""Patrols of ordningsvakter that the city orders centrally (Z48): asked for, granted, called off, done."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.hours import Hours
from core.people.models import Organisation
from core.places.models import Area, Place
from core.presence.models.reach import AreaOwner, on_place, with_its

READ, ASK = "presence:patrol:read", "presence:patrol:ask"
DECIDE, REPORT = "presence:patrol:decide", "presence:patrol:report"


class PatrolFrame(Versioned, Base):
    """How many hours of patrols the city has for a year, and where that was decided."""

    __tablename__ = "patrol_frame"
    __table_args__ = (CheckConstraint("hours >= 0", name="hours"),)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hours: Mapped[Decimal] = mapped_column(Hours())
    source: Mapped[str] = mapped_column(String(300))


class PatrolRequest(Flowing, Identified, Versioned, Once, Base):
    """A board's request for patrols: where, when, how many hours, why, and what else has been tried.

    `answer` is the reason that was given with what was granted; `executor_id` is the firm that the patrols are called
    off from. Of what is done in the name of a request there are never more hours than were granted.
    """

    __tablename__ = "patrol_request"
    __table_args__ = (
        CheckConstraint("(place_id IS NULL) <> (area_id IS NULL)", name="where"),
        CheckConstraint("starts_on <= ends_on", name="dates"),
        CheckConstraint("granted BETWEEN 0 AND hours", name="granted"),
        CheckConstraint("done BETWEEN 0 AND granted", name="done"),
        Index("ix_patrol_request_organisation_id", "organisation_id"),
        Index("ix_patrol_request_place_id", "place_id"),
        Index("ix_patrol_request_area_id", "area_id"),
        Index("ix_patrol_request_executor_id", "executor_id"),
        Index("ix_patrol_request_starts_on", "starts_on", "id"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    area_id: Mapped[int | None] = mapped_column(Key, ForeignKey("area.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    weekdays: Mapped[list[str]] = mapped_column(JSON, default=list)
    begins: Mapped[str] = mapped_column(String(5))
    ends: Mapped[str] = mapped_column(String(5))
    hours: Mapped[Decimal] = mapped_column(Hours())
    reason: Mapped[str] = mapped_column(String(2000))
    tried: Mapped[str] = mapped_column(String(2000))
    granted: Mapped[Decimal] = mapped_column(Hours(), default=Decimal(0))
    done: Mapped[Decimal] = mapped_column(Hours(), default=Decimal(0))
    answer: Mapped[str] = mapped_column(String(2000), default="")
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    executor_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(default=1)
    place: Mapped[Place | None] = relationship(lazy="raise")
    area: Mapped[Area | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[organisation_id])
    executor: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[executor_id])


class PatrolOutcome(Identified, Once, Base):
    """What was done of a request until a day: hours, and how many events of each kind."""

    __tablename__ = "patrol_outcome"
    __table_args__ = (
        CheckConstraint("hours > 0", name="hours"),
        Index("ix_patrol_outcome_request_id", "request_id", "day"),
    )
    request_id: Mapped[int] = mapped_column(Key, ForeignKey("patrol_request.id"))
    day: Mapped[date]
    hours: Mapped[Decimal] = mapped_column(Hours())
    events: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


access.for_everybody(PatrolFrame)
on_place(
    PatrolRequest,
    READ,
    readers=(PatrolRequest.executor_id, AreaOwner(PatrolRequest.area_id)),
    parts={REPORT: (PatrolRequest.organisation_id, PatrolRequest.executor_id)},
)
with_its(PatrolOutcome, PatrolOutcome.request_id, PatrolRequest, READ)
