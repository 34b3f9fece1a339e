"""What is booked of a grant at once, by one person: money handed back, and what a year is foreseen to cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload

from core import access, db
from core.access import Actor
from core.applications.models import READ as APPLICATIONS
from core.applications.models import Application, reached
from core.followup.models import READ
from core.reserve.models import FORECAST, GRANTED, Booking, BookingLine, Frame

PAGE = 50
ACCOUNTS = {"aterlamning": GRANTED, "prognos": FORECAST}
"""Which account each kind of booking changes."""
HANDED_BACK, FORESEEN = ACCOUNTS


@dataclass(frozen=True)
class Booked:
    """A booking about an application in a year: kronor handed back, or what the year was foreseen to cost in all."""

    uid: UUID
    number: str
    application: Application
    year: int
    amount: int
    reason: str
    decision: str
    booked_at: datetime | None

    @property
    def period(self) -> str:
        """When it was foreseen."""
        return self.decision.partition(" ")[0]


@dataclass(frozen=True)
class Page:
    """A page of bookings, and where the next one begins."""

    rows: list[Booked]
    after: tuple[int] | None


def list_booked(
    actor: Actor, kind: str, *, application: UUID | None = None, after: tuple[int] | None = None, limit: int = PAGE
) -> Page:
    """Return the bookings of a kind about what the actor reaches, the newest first, in one query. Raises Denied."""
    rows = _rows(actor, kind)
    if application is not None:
        rows = rows.where(Booking.matter == application)
    if after is not None:
        rows = rows.where(Booking.id < after[0])
    found = db.session().execute(rows.order_by(Booking.id.desc()).limit(limit + 1)).all()
    more, found = len(found) > limit, found[:limit]
    return Page([_booked(row) for row in found], (found[-1].Booking.id,) if more else None)


def read_booked(actor: Actor, kind: str, uid: UUID) -> Booked:
    """Return a booking of a kind; Missing when there is none that the actor reaches. Raises Denied."""
    found = db.session().execute(_rows(actor, kind).where(Booking.uid == uid)).one_or_none()
    if found is None:
        raise access.Missing("booking", uid)
    return _booked(found)


def _rows(actor: Actor, kind: str) -> Select[Any]:
    access.require(actor, READ)
    whole = joinedload(Application.organisation)
    account = ACCOUNTS[kind]
    amount = foreseen_at() if account == FORECAST else -BookingLine.amount
    rows = select(Booking, Application, Frame.year, amount.label("amount")).options(whole)
    rows = rows.join(Application, Application.uid == Booking.matter)
    rows = rows.join(BookingLine, BookingLine.booking_id == Booking.id).join(Frame, Frame.id == BookingLine.frame_id)
    mine = Application.id.in_(reached(actor, READ)) & Application.id.in_(reached(actor, APPLICATIONS))
    return rows.where(Booking.kind == kind, BookingLine.account == account, mine)


def foreseen_at() -> Any:
    """Return what a year is foreseen to cost from a booking on, for a query of bookings: the sum of all until then."""
    before, lines = aliased(Booking), aliased(BookingLine)
    sums = select(func.coalesce(func.sum(lines.amount), 0)).join(before, before.id == lines.booking_id)
    sums = sums.where(before.matter == Booking.matter, before.id <= Booking.id, lines.account == FORECAST)
    return sums.where(lines.frame_id == BookingLine.frame_id).correlate(Booking, BookingLine).scalar_subquery()


def _booked(row: Any) -> Booked:
    one = row.Booking
    said = (one.reason, one.decision, one.booked_at)
    return Booked(one.uid, one.number, row.Application, row.year, int(row.amount), *said)
