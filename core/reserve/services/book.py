"""The book: entries are only added; what two must agree on waits for the second; frames are locked before they count.

The database keeps the sums and refuses what would grant more than there is (design.md 10); this asks first, under the
same lock, so that people get a sentence and not an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.reserve.models import (
    BY_TWO,
    FRAME,
    GRANTED,
    PROPOSE,
    READ,
    Booking,
    BookingLine,
    Entry,
    Frame,
    Programme,
)
from core.reserve.states import BOOKED as IN_THE_BOOK
from core.reserve.states import BOOKING
from core.schema import Invalid

POST = "reserve:booking:post"
HOUSE = access.system("reserve")
STANDS = (BOOKING.start, IN_THE_BOOK)
"""States of a booking that counts, or will when a second person has confirmed it."""


@dataclass(frozen=True)
class Line:
    """What is booked on an account of a year, in whole kronor; negative takes away."""

    year: int
    account: str
    amount: int


OVER = N_("Beslutet går {over} kr över ram {year}. Ramen måste först utökas genom ett eget beslut.")
TOO_LOW = N_("Ramen {year} kan inte bli lägre än det som är beviljat. Sänk den med {over} kr mindre.")
TWICE = N_("Budgeten för {year} finns redan: {number}. Välj ”Mer pengar till ramen”, eller rätta den bokningen.")
TWICE_WAITING = N_(
    "Budgeten för {year} väntar redan på bekräftelse: {number}. Återkalla den bokningen först, om beloppet är fel."
)
TWICE_CORRECTED = N_(
    "Budgeten för {year} finns redan: {number}. Den ska rättas, men rättelsen väntar på bekräftelse. Föreslå den nya "
    "budgeten när rättelsen är bekräftad."
)
TWO_BUDGETS = N_("Då får {year} två budgetar: {number} gäller redan. Rätta den först, eller avvisa den här bokningen.")


class Over(flow.Refused):
    """What would be granted is more than the frame of a year: `over` kronor too much in `year`."""

    def __init__(self, year: int, over: int, told: str = OVER) -> None:
        super().__init__([Objection(_over(told, year, over))])
        self.year, self.over = year, over


def _over(told: str, year: int, over: int) -> Text:
    return Text(told, over=f"{over:,}".replace(",", "\u00a0"), year=str(year))


def lock_frames(programme: Programme, years: Iterable[int]) -> dict[int, Frame]:
    """Return the frames of some years of a programme, locked until the commit, always the earliest year first.

    One that is not there yet is made, with nothing in it.
    """
    wanted = sorted(set(years))
    for year in wanted:
        made = {"uid": db.new_uid(), "programme_id": programme.id, "year": year, "amount": 0, "granted": 0}
        db.session().execute(
            db.insert(Frame).values(made).on_conflict_do_nothing(index_elements=["programme_id", "year"])
        )
    rows = select(Frame).where(Frame.programme_id == programme.id, Frame.year.in_(wanted)).order_by(Frame.year)
    locked = db.session().scalars(rows.with_for_update().execution_options(populate_existing=True))
    return {frame.year: frame for frame in locked}


def post(
    actor: Actor,
    *,
    uid: UUID,
    programme: Programme,
    kind: str,
    lines: Sequence[Line],
    by: Actor,
    second: Actor | None = None,
    matter: UUID | None = None,
    number: str = "",
    organisation: int | None = None,
    decision: str = "",
    reason: str = "",
) -> Booking:
    """Book what a room above has decided, at once; once for each `uid`. `by` decided it, `second` confirmed it.

    Called by the house, after the room has let them do it. Raises Denied, Conflict, Over.
    """
    access.require(actor, POST)
    content = db.fingerprint(
        kind=kind, lines=[(one.year, one.account, one.amount) for one in lines], matter=matter, decision=decision
    )
    known = _known(uid, content)
    if known is not None:
        return known
    facts = {"matter": matter, "matter_number": number, "organisation_id": organisation, "decision": decision}
    frames = lock_frames(programme, (one.year for one in lines))  # before the counter of numbers, as everywhere
    booking = _new(by, uid=uid, content=content, programme=programme, kind=kind, reason=reason, **facts)
    _keep_lines(booking, frames, lines)
    _enter(booking, frames, lines, second or by)
    return booking


def propose(
    actor: Actor, *, uid: UUID, programme: UUID, kind: str, year: int, amount: int, decision: str, reason: str = ""
) -> Booking:
    """Propose that the frame of a year gets more or less, by a decision made elsewhere; another person confirms it.

    `amount` is kronor, more than nothing; `kind` says which way. Raises Denied, Missing, Invalid, Conflict.
    """
    access.require(actor, PROPOSE)
    if kind not in BY_TWO[:-1]:
        raise Invalid({"kind": [N_("Välj i listan.")]})
    content = db.fingerprint(programme=programme, kind=kind, year=year, amount=amount, decision=decision)
    known = _known(uid, content)
    if known is not None:
        return known
    found = access.find(Programme, programme, actor, "")
    frames = lock_frames(found, [year])
    _refuse_proposal(frames[year], kind, amount)
    booking = _new(actor, uid=uid, content=content, programme=found, kind=kind, decision=decision, reason=reason)
    _keep_lines(booking, frames, [Line(year, FRAME, -amount if kind == "minskning" else amount)])
    journal.write(actor, "booking:propose", "booking", uid, level=booking.level, number=booking.number)
    return booking


def _refuse_proposal(frame: Frame, kind: str, amount: int) -> None:
    """Tell who proposes it what the one who confirms it would be told too late. Raises Invalid."""
    if kind == "minskning" and (over := frame.granted + amount - frame.amount) > 0:
        raise Invalid({"amount": [_over(TOO_LOW, frame.year, over)]})
    if kind == "kf_budget":
        rows = _budgets_of(frame)
        waiting = [row for row in rows if row.state == BOOKING.start]
        if budgets := [*_in_force(rows), *(row for row in waiting if row.kind == kind)]:
            budget, to_correct = budgets[0], {row.corrects_id for row in waiting}
            told = TWICE_WAITING if budget in waiting else TWICE_CORRECTED if budget.id in to_correct else TWICE
            raise Invalid({"kind": [Text(told, year=str(frame.year), number=budget.number)]})


def _budgets_of(frame: Frame) -> list[Booking]:
    """Return the budgets of a frame and all corrections in it that count, or will when they are confirmed."""
    rows = select(Booking).join(BookingLine, BookingLine.booking_id == Booking.id).order_by(Booking.id)
    rows = rows.where(BookingLine.frame_id == frame.id, Booking.kind.in_(("kf_budget", "rattelse")))
    return list(db.session().scalars(rows.where(Booking.state.in_(STANDS))))


def _in_force(rows: Sequence[Booking], also: Booking | None = None) -> list[Booking]:
    """Return the budgets in the book that no correction in the book meets, as if `also` were in the book too.

    A correction that only waits meets nothing: it may be turned down. One that is met itself meets nothing any more.
    """
    booked = [row for row in rows if row.state == IN_THE_BOOK or row is also]
    met: set[int | None] = set()
    for row in reversed(booked):  # what corrects it came after it
        if row.id not in met:
            met.add(row.corrects_id)
    return [row for row in booked if row.kind == "kf_budget" and row.id not in met]


def propose_correction(actor: Actor, booking: UUID, *, uid: UUID, reason: str) -> Booking:
    """Propose a counter-entry that meets a booking which is wrong (`ratta`). Raises Missing, Refused, Conflict."""
    access.require(actor, PROPOSE)
    wrong = access.find(Booking, booking, actor, READ, lock=True)
    content = db.fingerprint(corrects=booking, reason=reason)
    known = _known(uid, content)
    if known is not None:
        return known
    if wrong.state != IN_THE_BOOK:
        raise flow.Refused([Objection(N_("Bara det som är bokfört kan rättas."))])
    if wrong.matter is not None:
        raise flow.Refused([Objection(N_("Det här följer av ett beslut. Rätta beslutet, så rättas bokningen."))])
    met = select(Booking.id).where(Booking.corrects_id == wrong.id, Booking.state.in_(STANDS))
    if db.session().scalar(met) is not None:
        raise flow.Refused([Objection(N_("Bokningen är redan rättad, eller så väntar en rättelse på bekräftelse."))])
    programme = db.session().get_one(Programme, wrong.programme_id)
    facts: dict[str, Any] = {"kind": "rattelse", "reason": reason, "corrects_id": wrong.id}
    made = _new(actor, uid=uid, content=content, programme=programme, **facts)
    for line in db.session().scalars(select(BookingLine).where(BookingLine.booking_id == wrong.id)):
        counter = {"frame_id": line.frame_id, "account": line.account, "amount": -line.amount}
        db.session().add(BookingLine(booking_id=made.id, **counter))
    db.session().flush()
    journal.write(actor, "booking:correct", "booking", wrong.uid, level=wrong.level, by=made.number)
    return made


def move_booking(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Booking:
    """Confirm a booking that waits, turn it down or take it back. Raises Missing, Denied, Stale, Refused, Over.

    What the actor has confirmed before is as it is: the same press twice does the same once.
    """
    booking = access.find(Booking, uid, actor, BOOKING.move(key).needs, lock=True)
    if key == "bekrafta" and booking.state == IN_THE_BOOK and booking.confirmed_by_id == actor.id:
        return booking
    db.refuse_stale("booking", uid, booking.version, version)
    rows = select(BookingLine, Frame.year).join(Frame, Frame.id == BookingLine.frame_id)
    lines = [
        Line(year, line.account, line.amount)
        for line, year in db.session().execute(rows.where(BookingLine.booking_id == booking.id))
    ]
    programme = db.session().get_one(Programme, booking.programme_id)
    frames = lock_frames(programme, (one.year for one in lines))
    flow.move(BOOKING, booking, key, actor, reason=reason)
    if key == "bekrafta":
        _enter(booking, frames, lines, actor)
    return booking


def confirm(actor: Actor, uid: UUID, *, version: int | None = None) -> Booking:
    """Confirm a booking that another person has proposed. Raises Missing, Denied, Stale, Refused, Over."""
    return move_booking(actor, uid, "bekrafta", version=version)


@BOOKING.guard("bekrafta")
def _two_persons(booking: Booking, actor: Actor) -> Iterable[Objection]:
    """Four eyes (design.md 10): who proposed it does not confirm it."""
    if actor.id is None or booking.proposed_by_id == actor.id:
        yield Objection(N_("Du har föreslagit bokningen. Någon annan bekräftar den."))


@BOOKING.guard("bekrafta")
def _one_budget(booking: Booking, _actor: Actor) -> Iterable[Objection]:
    """A year has one budget, also where the one before it was to be corrected, or its correction was corrected.

    The frames are locked by then, so that nothing is confirmed beside it.
    """
    lines = select(BookingLine.frame_id).where(BookingLine.booking_id == booking.id)
    for frame in db.session().scalars(select(Frame).where(Frame.id.in_(lines))):
        rows = _budgets_of(frame)
        before, after = _in_force(rows), _in_force(rows, booking)
        if others := [row for row in before if len(after) > len(before) and row in after]:
            yield Objection(Text(TWO_BUDGETS, year=str(frame.year), number=others[0].number))


def _known(uid: UUID, content: bytes) -> Booking | None:
    known = db.session().scalar(select(Booking).where(Booking.uid == uid))
    if known is not None and known.content != content:
        raise db.Conflict("booking", uid)
    return known


def _new(by: Actor, *, uid: UUID, content: bytes, programme: Programme, kind: str, **facts: Any) -> Booking:
    booking = Booking(
        uid=uid,
        content=content,
        number=f"RB-{db.next_number('RB'):05d}",
        programme_id=programme.id,
        kind=kind,
        state=BOOKING.start,
        proposed_at=clock.now(),
        proposed_by_id=by.id,
        **facts,
    )
    db.session().add(booking)
    db.session().flush()
    return booking


def _keep_lines(booking: Booking, frames: dict[int, Frame], lines: Iterable[Line]) -> None:
    for one in lines:
        keys = {"booking_id": booking.id, "frame_id": frames[one.year].id, "account": one.account}
        db.session().add(BookingLine(**keys, amount=one.amount))
    db.session().flush()


def _enter(booking: Booking, frames: dict[int, Frame], lines: Sequence[Line], second: Actor) -> None:
    """Write the entries of a booking; what is given back comes before what is taken, so that each step is allowed."""
    _refuse_over(frames, lines)
    booking.state, booking.booked_at, booking.confirmed_by_id = IN_THE_BOOK, clock.now(), second.id
    for one in sorted(lines, key=lambda line: ((line.account == GRANTED) == (line.amount > 0), -line.amount)):
        if one.amount:
            facts = {"account": one.account, "amount": one.amount, "matter": booking.matter, "at": booking.booked_at}
            owner = {"booking_id": booking.id, "organisation_id": booking.organisation_id}
            db.session().add(Entry(frame_id=frames[one.year].id, **owner, **facts))
            db.session().flush()
    for frame in frames.values():
        db.session().expire(frame)
    journal.write(second, "booking:enter", "booking", booking.uid, level=booking.level, number=booking.number)


def _refuse_over(frames: dict[int, Frame], lines: Sequence[Line]) -> None:
    for year, frame in frames.items():
        amount = frame.amount + sum(one.amount for one in lines if (one.year, one.account) == (year, FRAME))
        granted = frame.granted + sum(one.amount for one in lines if (one.year, one.account) == (year, GRANTED))
        if granted > amount:
            raise Over(year, granted - amount, OVER if granted > frame.granted else TOO_LOW)
        if granted < 0:
            raise flow.Refused([Objection(Text(N_("Så mycket är inte beviljat {year}."), year=str(year)))])


# --- Reading ------------------------------------------------------------------------------------------------------


def frames_of(actor: Actor, programme: Programme) -> list[Frame]:
    """Return the frames of a programme, the earliest year first."""
    rows = select(Frame).where(Frame.programme_id == programme.id).order_by(Frame.year)
    return list(db.session().scalars(access.visible(rows, actor)))


def of_matter(matter: UUID) -> dict[int, dict[str, int]]:
    """Return what the book says of a matter: kronor by year and account, what is nothing left out.

    For the room whose matter it is, which has asked whether the actor may see it.
    """
    rows = select(Frame.year, Entry.account, func.sum(Entry.amount).label("kronor")).join(
        Frame, Frame.id == Entry.frame_id
    )
    rows = rows.where(Entry.matter == matter).group_by(Frame.year, Entry.account).order_by(Frame.year)
    found: dict[int, dict[str, int]] = {}
    for year, account, kronor in db.session().execute(rows):
        found.setdefault(year, {})[account] = int(kronor)
    return found
