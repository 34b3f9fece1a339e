"""How the reserve stands: per year, per board, and booking by booking; every figure a sum of the book (F2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal, select, union_all
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.people.models import Organisation
from core.reserve.models import (
    BOOKED,
    COMMITTED,
    CONFIRM,
    FORECAST,
    FRAME,
    GRANTED,
    READ,
    SEE,
    Booking,
    BookingLine,
    Entry,
    Frame,
    Programme,
)
from core.reserve.states import BOOKING

PAGE = 50


@dataclass(frozen=True)
class Year:
    """A budget year of a programme, in kronor: `carried` came from earlier years, `returned` was handed back.

    Of the year that forecasts are told of: what is granted to the matters that have one (`foreseen`), and how many with
    money have none (`lacking`). A sum of forecasts says nothing of those, and is held against the others alone.
    """

    year: int
    frame: int
    granted: int
    committed: int = 0
    used: int = 0
    forecast: int | None = None
    carried: int = 0
    returned: int = 0
    foreseen: int = 0
    lacking: int = 0

    @property
    def left(self) -> int:
        """What can still be granted."""
        return self.frame - self.granted

    @property
    def unused(self) -> int:
        """What is granted and not booked as used yet; what is about to be paid, only the room above knows."""
        return self.granted - max(self.used, 0)


@dataclass(frozen=True)
class Share:
    """What a board has of a year."""

    organisation: Organisation
    granted: int
    committed: int
    used: int


@dataclass(frozen=True)
class Wish:
    """Which bookings to list: of a programme, a year, in a state."""

    programme: UUID | None = None
    year: int | None = None
    state: str = ""


EVERYTHING = Wish()


@dataclass(frozen=True)
class Booked:
    """A booking with its lines, and what could still be granted in the year asked about when it was booked."""

    booking: Booking
    lines: list[BookingLine]
    left: int | None = None


@dataclass(frozen=True)
class Page:
    """A page of bookings, and where the next one begins."""

    rows: list[Booked]
    after: tuple[int] | None


def sees_all(actor: Actor) -> bool:
    """Whether the actor reads the book of the whole city, and not just that of a board."""
    return any(reach.organisations is None for reach in actor.reaches(READ))


def years(actor: Actor, programme: Programme, *, foreseen: int | None = None) -> list[Year]:
    """Return how each year of a programme stands, the earliest first, in two queries."""
    return years_of(actor, [programme], foreseen=foreseen)[programme.id]


def years_of(actor: Actor, programmes: Iterable[Programme], *, foreseen: int | None = None) -> dict[int, list[Year]]:
    """Return how each year of some programmes stands, by their keys, the earliest first, in two queries.

    What the forecasts are about is told of the year `foreseen`, where one is asked about. Who reads the book of one
    board only sees what is granted, not how others have used it.
    """
    access.require(actor, SEE)
    found: dict[int, list[Year]] = {one.id: [] for one in programmes}
    frames = access.visible(select(Frame).where(Frame.programme_id.in_(found)), actor).order_by(Frame.year)
    sums = _sums(list(found), foreseen) if sees_all(actor) else {}
    for frame in db.session().scalars(frames):
        found[frame.programme_id].append(Year(frame.year, frame.amount, frame.granted, **sums.get(frame.id, {})))
    return found


def _sum(which: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((which, Entry.amount), else_=0)), 0)


USE = {COMMITTED: "committed", BOOKED: "used", FORECAST: "forecast"}
MOVED = {"ombudgetering": "carried", "aterlamning": "returned"}


def _sums(programmes: list[int], foreseen: int | None) -> dict[int, dict[str, int]]:
    """Return what the book sums up to by frame, in one query: how the money is used by the index of accounts alone,
    what was carried over and handed back by the bookings of those kinds.
    """
    frames = select(Frame.id).where(Frame.programme_id.in_(programmes))
    used = select(Entry.frame_id, Entry.account.label("what"), func.sum(Entry.amount).label("kronor"))
    used = used.where(Entry.frame_id.in_(frames), Entry.account.in_(USE)).group_by(Entry.frame_id, Entry.account)
    carried = (Booking.kind == "ombudgetering") & (Entry.account == FRAME) & (Entry.amount > 0)
    returned = (Booking.kind == "aterlamning") & (Entry.account == GRANTED)
    moved = select(Entry.frame_id, Booking.kind, func.sum(case((returned, -Entry.amount), else_=Entry.amount)))
    moved = moved.join(Booking, Booking.id == Entry.booking_id).where(Entry.frame_id.in_(frames))
    moved = moved.where(Booking.programme_id.in_(programmes), Booking.kind.in_(MOVED), carried | returned)
    parts = [used, moved.group_by(Entry.frame_id, Booking.kind)]
    if foreseen is not None:
        parts += _forecasts(frames.where(Frame.year == foreseen))
    found: dict[int, dict[str, int]] = {}
    for frame, what, kronor in db.session().execute(union_all(*parts)):
        found.setdefault(frame, {})[(USE | MOVED).get(what, what)] = int(kronor)
    return found


def _forecasts(frames: Any) -> list[Any]:
    """Return what is granted in some frames to the matters that have a forecast, and how many with money have none."""
    told = func.count(case((Entry.account == FORECAST, Entry.id))).label("told")
    each = select(Entry.frame_id, _sum(Entry.account == GRANTED).label("granted"), told)
    each = each.where(Entry.frame_id.in_(frames), Entry.account.in_((GRANTED, FORECAST)), Entry.matter.is_not(None))
    one = each.group_by(Entry.frame_id, Entry.matter).cte("foreseen")
    known = func.sum(case((one.c.told > 0, one.c.granted), else_=0))
    lacking = func.count(case(((one.c.told == 0) & (one.c.granted > 0), 1)))
    sums = {"foreseen": known, "lacking": lacking}
    return [select(one.c.frame_id, literal(what), one_sum).group_by(one.c.frame_id) for what, one_sum in sums.items()]


def shares(actor: Actor, programme: Programme, year: int) -> list[Share]:
    """Return what each board that the actor reaches has of a year, the most granted first, in one query."""
    access.require(actor, READ)
    granted = _sum(Entry.account == GRANTED).label("granted")
    sums = granted, _sum(Entry.account == COMMITTED).label("committed"), _sum(Entry.account == BOOKED).label("used")
    rows = (
        select(Organisation, *sums)
        .join(Entry, Entry.organisation_id == Organisation.id)
        .join(Frame, Frame.id == Entry.frame_id)
        .where(Frame.programme_id == programme.id, Frame.year == year, access.rule_of(Entry, actor))
        .group_by(Organisation.id)
        .order_by(granted.desc(), Organisation.name)
    )
    return [Share(row[0], int(row.granted), int(row.committed), int(row.used)) for row in db.session().execute(rows)]


def list_bookings(actor: Actor, wish: Wish = EVERYTHING, *, after: tuple[int] | None = None, limit: int = PAGE) -> Page:
    """Return the bookings that the actor reaches, the newest first, in at most four queries."""
    access.require(actor, READ)
    rows = select(Booking).options(joinedload(Booking.programme), joinedload(Booking.organisation))
    rows = _narrowed(rows.where(access.rule_of(Booking, actor)), wish)
    if after is not None:
        rows = rows.where(Booking.id < after[0])
    found = list(db.session().scalars(rows.order_by(Booking.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    lines = lines_of(found)
    left = _left(found, wish) if found and wish.year and wish.programme and sees_all(actor) else {}
    booked = [Booked(row, lines.get(row.id, []), left.get(row.id)) for row in found]
    return Page(booked, (found[-1].id,) if more else None)


def _narrowed(rows: Any, wish: Wish) -> Any:
    if wish.programme is not None:
        named = select(Programme.id).where(Programme.uid == wish.programme).scalar_subquery()
        rows = rows.where(Booking.programme_id == named)
    if wish.year is not None:
        of_year = select(BookingLine.booking_id).join(Frame, Frame.id == BookingLine.frame_id)
        rows = rows.where(Booking.id.in_(of_year.where(Frame.year == wish.year)))
    if wish.state:
        rows = rows.where(Booking.state == wish.state)
    return rows


def lines_of(bookings: Iterable[Booking]) -> dict[int, list[BookingLine]]:
    """Return the lines of bookings that the actor reaches, by key, the earliest year first."""
    rows = select(BookingLine).options(joinedload(BookingLine.frame)).join(Frame, Frame.id == BookingLine.frame_id)
    rows = rows.where(BookingLine.booking_id.in_([one.id for one in bookings]))
    found: dict[int, list[BookingLine]] = {}
    for line in db.session().scalars(rows.order_by(Frame.year, BookingLine.account.desc())):
        found.setdefault(line.booking_id, []).append(line)
    return found


def _left(found: list[Booking], wish: Wish) -> dict[int, int]:
    """Return what could be granted in the year after each of the bookings, in the order in which they were booked.

    Reckoned backwards from what can be granted now, so that what was booked before them is not read.
    """
    keys = [one.id for one in found]
    frame = select(Frame).join(Programme, Programme.id == Frame.programme_id)
    frame = frame.where(Programme.uid == wish.programme, Frame.year == wish.year)
    of_year = frame.with_only_columns(Frame.id, maintain_column_froms=True).scalar_subquery()
    now = frame.with_only_columns(Frame.amount - Frame.granted, maintain_column_froms=True).scalar_subquery()
    first = select(func.min(Entry.id)).where(Entry.booking_id.in_(keys)).scalar_subquery()
    change = _sum(Entry.account == FRAME) - _sum(Entry.account == GRANTED)
    rows = select(Entry.booking_id, func.max(Entry.id).label("last"), change.label("change"))
    rows = rows.where(Entry.id >= first, Entry.frame_id == of_year, Entry.account.in_((FRAME, GRANTED)))
    each = rows.group_by(Entry.booking_id).subquery()
    after = func.sum(each.c.change).over(order_by=each.c.last.desc()) - each.c.change
    running = select(each.c.booking_id, (now - after).label("left")).subquery()
    kept = select(running.c.booking_id, running.c.left).where(running.c.booking_id.in_(keys))
    return {row.booking_id: int(row.left) for row in db.session().execute(kept)}


def read_booking(actor: Actor, uid: UUID) -> Booked:
    """Return a booking with its lines; Missing when the actor does not reach it."""
    access.require(actor, READ)
    whole = (Booking.programme, Booking.organisation, Booking.corrects)
    rows = select(Booking).options(*(joinedload(part) for part in whole))
    found = db.session().scalar(rows.where(Booking.uid == uid, access.rule_of(Booking, actor)))
    if found is None:
        raise access.Missing("booking", uid)
    return Booked(found, lines_of([found]).get(found.id, []))


def corrections_of(actor: Actor, booking: Booking) -> list[Booking]:
    """Return the bookings that correct one, the newest first."""
    rows = select(Booking).where(Booking.corrects_id == booking.id).order_by(Booking.id.desc())
    return list(db.session().scalars(access.visible(rows, actor)))


def waiting(actor: Actor, limit: int) -> list[Booking]:
    """Return the bookings that wait for the actor as the second person, the oldest first."""
    if not actor.may(CONFIRM):
        return []
    rows = select(Booking).options(joinedload(Booking.programme)).where(Booking.state == BOOKING.start)
    rows = rows.where(Booking.proposed_by_id != actor.id).order_by(Booking.id)
    return list(db.session().scalars(access.visible(rows, actor).limit(limit)))
