"""Presence (närvaro): who has promised to be where and when, and what came of it month by month, as numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Identified, Key, Once, Versioned
from core.hours import Hours
from core.people.models import Organisation
from core.places.models import Area, Place
from core.presence.models.reach import AreaOwner, on_place, with_its

READ, EDIT, REPORT = "presence:plan:read", "presence:plan:edit", "presence:plan:report"


class PresencePlan(Identified, Versioned, Once, Base):
    """A promise to be on a place or in an area: which kind, which days of the week, between which times, by whom.

    `valid_to` is none until further notice. `done_by_id` is whoever does it for the organisation, as a firm of guards.
    One that is changed ends the day before, and `continues_id` of the next says so: what was promised stays.
    """

    __tablename__ = "presence_plan"
    __table_args__ = (
        CheckConstraint("(place_id IS NULL) <> (area_id IS NULL)", name="where"),
        CheckConstraint("people > 0", name="people"),
        Index("ix_presence_plan_organisation_id", "organisation_id"),
        Index("ix_presence_plan_place_id", "place_id"),
        Index("ix_presence_plan_area_id", "area_id"),
        Index("ix_presence_plan_done_by_id", "done_by_id"),
    )
    kind: Mapped[str] = mapped_column(String(40))
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    area_id: Mapped[int | None] = mapped_column(Key, ForeignKey("area.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    done_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    weekdays: Mapped[list[str]] = mapped_column(JSON)
    begins: Mapped[str] = mapped_column(String(5))
    ends: Mapped[str] = mapped_column(String(5))
    people: Mapped[int] = mapped_column(default=1)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
    ended_why: Mapped[str] = mapped_column(String(1000), default="")
    continues_id: Mapped[int | None] = mapped_column(Key, ForeignKey("presence_plan.id"), unique=True)
    place: Mapped[Place | None] = relationship(lazy="raise")
    area: Mapped[Area | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[organisation_id])
    done_by: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[done_by_id])


class PresenceCount(Versioned, Base):
    """What a promise came to in a month (its first day): hours and contacts, in numbers only."""

    __tablename__ = "presence_count"
    __table_args__ = (
        UniqueConstraint("plan_id", "month"),
        CheckConstraint("hours >= 0 AND contacts >= 0", name="counts"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    plan_id: Mapped[int] = mapped_column(Key, ForeignKey("presence_plan.id"))
    month: Mapped[date]
    hours: Mapped[Decimal] = mapped_column(Hours())
    contacts: Mapped[int]
    note: Mapped[str] = mapped_column(String(500), default="")


on_place(
    PresencePlan,
    READ,
    readers=(PresencePlan.done_by_id, AreaOwner(PresencePlan.area_id)),
    parts={REPORT: (PresencePlan.organisation_id, PresencePlan.done_by_id)},
)
with_its(PresenceCount, PresenceCount.plan_id, PresencePlan, READ)
