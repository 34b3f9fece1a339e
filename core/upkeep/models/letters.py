"""What is said of frister in letters: when reminders come, those that have come; calendars that people subscribe to."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core import access
from core.db import Base, Identified, Key, Versioned
from core.i18n import N_

RECEIVERS = {
    "ansvarig": N_("Den som ansvarar"),
    "samordnare": N_("Stadsdelsnämnden som följer upp"),
    "chef": N_("Chefen hos den som ansvarar"),
}
"""To whom a reminder goes: a function of an organisation, never a person."""

NEW, STEP, NUDGE = "ny", "steg", "paminn"
"""Why there is a reminder: fristen is new to whom it is for, a step has been reached, or somebody who waits asks."""
UNSENT, ABOUT = text("letter IS NULL"), text("subject_uid IS NOT NULL")


class ReminderStep(Identified, Versioned, Base):
    """A step of the reminders: so many working days before the last day (fewer than 0), on it or after it, to whom."""

    __tablename__ = "reminder_step"
    __table_args__ = (UniqueConstraint("days", "receiver"),)
    days: Mapped[int]
    receiver: Mapped[str] = mapped_column(String(20))


class Reminder(Base):
    """A line for the next letter to a function of an organisation: of a frist, once for each reason and day.

    A line of NUDGE may be about a thing of a room above instead (`subject_kind`, `subject_uid`, its `level`), such as
    an order that waits for somebody else than who answers for its frister.

    `on_day` is the last day that a step was counted from, else the day it was written. `letter` is the letter that the
    line went into.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint(
            "deadline_id", "organisation_id", "receiver", "kind", "days", "on_day", name="uq_reminder_once"
        ),
        Index("ix_reminder_unsent", "organisation_id", "id", sqlite_where=UNSENT, postgresql_where=UNSENT),
        Index(
            "ix_reminder_about", "subject_uid", "organisation_id", "on_day",
            unique=True, sqlite_where=ABOUT, postgresql_where=ABOUT,
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    deadline_id: Mapped[int | None] = mapped_column(Key, ForeignKey("deadline.id"))
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    subject_uid: Mapped[UUID | None]
    level: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    receiver: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10))
    days: Mapped[int] = mapped_column(default=0)
    on_day: Mapped[date]
    letter: Mapped[UUID | None]


class Feed(Identified, Base):
    """A calendar of frister that a person reads in her own calendar, of all her roles or of one of them.

    The address holds an opaque secret, this row only its hash.
    """

    __tablename__ = "feed"
    __table_args__ = (Index("ix_feed_person_id", "person_id"),)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    grant_uid: Mapped[UUID | None]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


access.for_nobody(ReminderStep, Reminder, Feed)
