"""Programmes, who decides for them and when, frames by budget year, and the book of the reserve."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    Uuid,
    false,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation

SEE, READ = "reserve:frame:read", "reserve:book:read"
PROPOSE, CONFIRM = "reserve:booking:propose", "reserve:booking:confirm"

ACCOUNTS = {
    "ram": N_("Ram"),
    "beviljat": N_("Beviljat"),
    "bundet": N_("Bundet i avtal"),
    "bokfort": N_("Använt"),
    "prognos": N_("Prognos"),
}
"""What an entry changes. Frame and granted are kept by the database; the others tell how a grant is used (F2)."""
FRAME, GRANTED, COMMITTED, BOOKED, FORECAST = ACCOUNTS

BOOKING_KINDS = {
    "kf_budget": N_("Budget"),
    "tillskott": N_("Mer pengar till ramen"),
    "minskning": N_("Mindre pengar i ramen"),
    "beslut": N_("Beviljat"),
    "omdisponering": N_("Omdisponering"),
    "ombudgetering": N_("Ombudgetering"),
    "aterlamning": N_("Återlämnat"),
    "bindning": N_("Bundet i avtal"),
    "utfall": N_("Utfall från ekonomisystemet"),
    "prognos": N_("Ny prognos"),
    "rattelse": N_("Rättelse"),
}
"""Why something was booked (domain.md 1.2, design.md 10)."""
BY_TWO = ("kf_budget", "tillskott", "minskning", "rattelse")
"""Bookings that one person proposes and another confirms; the others follow from a decision that two have recorded."""

DECIDES = {"beslut": N_("Beslutar om ansökningar"), "ombudgetering": N_("Beslutar om ombudgetering")}
"""What a body decides for a programme: since 2019 not always the same one (domain.md 0.1)."""


class Programme(Identified, Versioned, Base):
    """A programme that money is applied for from (satsning), such as trygghet or klimat: all of it is data (0.6).

    `series` begins the numbers of its applications ("TI"), `reserve_code` is that of the budget ("CM4"). Money is
    granted to places of `access` only; none named means any. `rate` is the interest (internränta) in thousandths of a
    percent, `large` the kronor over which alternatives must be told, `late_years` how many years after the last
    granted one it may be finished.
    """

    __tablename__ = "programme"
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    series: Mapped[str] = mapped_column(String(10), unique=True)
    reserve_code: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    legal_basis: Mapped[str] = mapped_column(String(500), default="")
    access: Mapped[str] = mapped_column(String(200), default="")
    rate: Mapped[int] = mapped_column(default=0)
    large: Mapped[int] = mapped_column(Key, default=1_000_000)
    late_years: Mapped[int] = mapped_column(default=1)
    active_from: Mapped[date]
    active_to: Mapped[date | None]
    owner: Mapped[Organisation] = relationship(lazy="raise")


class DecidingBody(Identified, Base):
    """Which body decides what for a programme, from a day to a day; its name is the organisation's of those days."""

    __tablename__ = "deciding_body"
    __table_args__ = (Index("ix_deciding_body_programme_id", "programme_id", "decides"),)
    programme_id: Mapped[int] = mapped_column(Key, ForeignKey("programme.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    decides: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300), default="")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Frame(Identified, Base):
    """The frame (ram) of a programme for a budget year, in kronor: how much there is, and how much is granted.

    Changed only by what is inserted into the book: a trigger keeps both, refuses what would grant more than there is,
    and refuses any other hand (design.md 10).
    """

    __tablename__ = "frame"
    __table_args__ = (
        UniqueConstraint("programme_id", "year"),
        CheckConstraint("granted >= 0 AND granted <= amount", name="within"),
        CheckConstraint("year BETWEEN 2000 AND 2200", name="year"),
    )
    programme_id: Mapped[int] = mapped_column(Key, ForeignKey("programme.id"))
    year: Mapped[int]
    amount: Mapped[int] = mapped_column(Key, default=0)
    granted: Mapped[int] = mapped_column(Key, default=0)
    programme: Mapped[Programme] = relationship(lazy="raise")


class Booking(Flowing, Identified, Versioned, Once, Base):
    """Something that is booked at once (bokning): why, by which decision, by whom, confirmed by whom.

    `matter` is the uid of what it is about in a room above, `number` how people name that, `organisation` whose it is;
    none for the frame itself. What waits for a second person has its lines, and no entries yet. `corrects` is the
    booking that a correction meets.
    """

    __tablename__ = "booking"
    __table_args__ = (
        Index("ix_booking_matter", "matter", "id"),
        Index("ix_booking_programme_id", "programme_id", "id"),
        Index("ix_booking_kind", "programme_id", "kind"),
        Index("ix_booking_state", "state", "id"),
        Index("ix_booking_corrects_id", "corrects_id"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    programme_id: Mapped[int] = mapped_column(Key, ForeignKey("programme.id"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    matter: Mapped[UUID | None] = mapped_column(Uuid)
    matter_number: Mapped[str] = mapped_column(String(40), default="")
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    decision: Mapped[str] = mapped_column(String(300), default="")
    reason: Mapped[str] = mapped_column(String(1000), default="")
    corrects_id: Mapped[int | None] = mapped_column(Key, ForeignKey("booking.id"))
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    booked_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    level: Mapped[int] = mapped_column(default=1)
    programme: Mapped[Programme] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    corrects: Mapped[Booking | None] = relationship(lazy="raise", remote_side="Booking.id")


class BookingLine(Base):
    """What a booking says of one account in one year, in kronor; negative takes away."""

    __tablename__ = "booking_line"
    __table_args__ = (Index("ix_booking_line_frame_id", "frame_id", "booking_id"),)
    booking_id: Mapped[int] = mapped_column(Key, ForeignKey("booking.id"), primary_key=True)
    frame_id: Mapped[int] = mapped_column(Key, ForeignKey("frame.id"), primary_key=True)
    account: Mapped[str] = mapped_column(String(10), primary_key=True)
    amount: Mapped[int] = mapped_column(Key)
    frame: Mapped[Frame] = relationship(lazy="raise")


class Entry(Base):
    """A line of the book (bokens rad): inserted once, never changed or removed, whoever asks.

    `matter` and `organisation` are those of its booking, so that sums need no other table.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_frame_id", "frame_id", "account", "matter", "amount"),
        Index("ix_ledger_entry_organisation_id", "frame_id", "organisation_id", "account", "matter", "amount"),
        Index("ix_ledger_entry_matter", "matter", "account"),
        Index("ix_ledger_entry_booking_id", "booking_id"),
        CheckConstraint("amount <> 0", name="amount"),
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    booking_id: Mapped[int] = mapped_column(Key, ForeignKey("booking.id"))
    frame_id: Mapped[int] = mapped_column(Key, ForeignKey("frame.id"))
    account: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(Key)
    matter: Mapped[UUID | None] = mapped_column(Uuid)
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    at: Mapped[datetime]
    frame: Mapped[Frame] = relationship(lazy="raise")
    booking: Mapped[Booking] = relationship(lazy="raise")


access.for_everybody(Programme, DecidingBody)


@access.visible_to(Frame, SEE)
def _frames(actor: Actor, permission: str) -> ColumnElement[bool]:
    """What there is to grant is told to all who work in the city."""
    return true() if actor.may(permission) else false()


@access.visible_to(Booking, READ)
def _bookings(actor: Actor, permission: str) -> ColumnElement[bool]:
    return access.within(actor, permission, Booking.organisation_id)


@access.visible_to(BookingLine, READ)
def _lines(actor: Actor, permission: str) -> ColumnElement[bool]:
    return BookingLine.booking_id.in_(select(Booking.id).where(access.rule_of(Booking, actor, permission)))


@access.visible_to(Entry, READ)
def _entries(actor: Actor, permission: str) -> ColumnElement[bool]:
    return access.within(actor, permission, Entry.organisation_id)
