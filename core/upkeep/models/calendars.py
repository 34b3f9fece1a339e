"""The calendars that days are counted in."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ColumnElement, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core import access
from core.access import Actor
from core.db import Base, Identified, Key

STANDS = text("removed_at IS NULL")


class Workday(Base):
    """A day of a calendar: whether it is a working day, and how many there have been up to it (performance.md 0.6).

    `closes` is when a half day ends, in Stockholm's time.
    """

    __tablename__ = "workday"
    calendar: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    is_wd: Mapped[bool]
    wd: Mapped[int]
    name: Mapped[str | None] = mapped_column(String(80))
    closes: Mapped[time | None]


class CalendarDay(Identified, Base):
    """A day of an organisation's own: closed, or a half day that `closes` at a time; Sweden's holidays stand elsewhere.

    It is never changed or deleted: what was promised before `added_at`, or before `removed_at`, goes by what was
    known then.
    """

    __tablename__ = "calendar_day"
    __table_args__ = (
        Index(
            "uq_calendar_day_stands",
            "organisation_id", "day",
            unique=True, sqlite_where=STANDS, postgresql_where=STANDS,
        ),
    )  # fmt: skip
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(80))
    closes: Mapped[time | None]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


access.for_everybody(Workday)


@access.visible_to(CalendarDay, "upkeep:deadline:read")
def _own_days(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Within reach are the days of one's own organisation; what a frist was counted by is told with the frist."""
    return access.within(actor, permission, CalendarDay.organisation_id)
