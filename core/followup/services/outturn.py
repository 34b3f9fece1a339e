"""What is bound, used and foreseen of a grant: by the applicant, and as the finance system tells.

A forecast is a new figure for the year; the book keeps the difference, so that each one that was made can be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.models import Application
from core.followup.models import FORECAST as MAY_FORECAST
from core.followup.models import OUTTURN, OutturnRow
from core.followup.services.booked import foreseen_at
from core.followup.services.money import lock_granted, of_year, post
from core.hookspecs import Objection
from core.i18n import N_
from core.reserve.models import BOOKED, COMMITTED, FORECAST, GRANTED, Booking, BookingLine, Entry, Frame
from core.reserve.services.book import Line
from core.schema import Invalid

CODES = "project_codes"


@dataclass(frozen=True)
class Voucher:
    """A row of the finance system: kronor of a project in a month ("2027-03")."""

    project_code: str
    period: str
    voucher: str
    amount: int
    text: str = ""

    @property
    def name(self) -> str:
        """What the row is known by."""
        return f"{self.project_code} {self.period} {self.voucher}"


def bind(actor: Actor, application: UUID, *, uid: UUID, year: int, amount: int, what: str) -> Booking:
    """Tell that `amount` kronor of a year are bound by a contract (`what`); negative when one was changed.

    Raises Missing, Denied, Invalid, Refused, Conflict.
    """
    about = lock_granted(actor, application, MAY_FORECAST)
    if amount == 0:
        raise Invalid({"amount": [N_("Beloppet är noll. Skriv hur mycket som är bundet.")]})
    has = of_year(about, year)
    known = db.session().scalar(select(Booking.id).where(Booking.uid == uid))
    if known is None and has.committed + amount < 0:
        raise flow.Refused([Objection(N_("Så mycket är inte bundet det året."), "amount")])
    booking = post(actor, about, uid=uid, kind="bindning", lines=[Line(year, COMMITTED, amount)], reason=what)
    journal.write(actor, "application:bind", "application", about.uid, level=about.level, booking=booking.number)
    return booking


def foresee(actor: Actor, application: UUID, *, uid: UUID, year: int, amount: int, period: str, why: str) -> Booking:
    """Write what a year is foreseen to cost in all, in kronor, as seen in a `period`. Raises as `bind`.

    The same figure again is no new booking.
    """
    about = lock_granted(actor, application, MAY_FORECAST)
    known = db.session().scalar(select(Booking).where(Booking.uid == uid, Booking.matter == about.uid))
    said = f"{period} {year}"
    if known is not None:
        if (known.decision, _foreseen(known)) != (said, amount):
            raise db.Conflict("booking", uid)
        return known
    has = of_year(about, year)
    change = amount - (has.forecast or 0)
    if change == 0 and has.forecast is not None:
        raise flow.Refused([Objection(N_("Prognosen är redan den summan."), "amount")])
    lines = [Line(year, FORECAST, change)]
    booking = post(actor, about, uid=uid, kind="prognos", lines=lines, decision=said, reason=why)
    journal.write(actor, "application:foresee", "application", about.uid, level=about.level, booking=booking.number)
    return booking


def _foreseen(booking: Booking) -> int:
    """Return what a forecast said that its year would cost."""
    rows = select(foreseen_at()).select_from(Booking).join(BookingLine, BookingLine.booking_id == Booking.id)
    return int(db.session().scalar(rows.where(Booking.id == booking.id)) or 0)


# --- From the finance system --------------------------------------------------------------------------------------


def project_called(code: str) -> Application | None:
    """Return the granted application that has a project code; None where none has it."""
    return db.session().scalar(select(Application).where(Application.project_code == code)) if code else None


def project_codes() -> dict[str, set[int]]:
    """Return every project code that an application has, with the years in which it has been granted money.

    For a file of many rows: asked once in a transaction.
    """
    found: dict[str, set[int]] | None = db.session().info.get(CODES)
    if found is None:
        rows = select(Application.project_code, Frame.year).where(Application.project_code != "").distinct()
        rows = rows.outerjoin(Entry, (Entry.matter == Application.uid) & (Entry.account == GRANTED))
        found = db.session().info[CODES] = {}
        for code, year in db.session().execute(rows.outerjoin(Frame, Frame.id == Entry.frame_id)):
            found.setdefault(code, set()).add(year)
    return found


def forget_codes() -> None:
    """Ask anew: an application has got another code."""
    db.session().info.pop(CODES, None)


def rows_here(names: Sequence[str]) -> set[str]:
    """Return which rows, by what they are known by, are in the book."""
    codes = {name[:at] for name in names for at, sign in enumerate(name) if sign == " "}  # a code may have spaces
    rows = select(OutturnRow.project_code, OutturnRow.period, OutturnRow.voucher)
    rows = rows.where(OutturnRow.project_code.in_(codes), OutturnRow.undone_at.is_(None))
    return {" ".join(row) for row in db.session().execute(rows)} & set(names)


def take_in(actor: Actor, *, uid: UUID, source: str, row: Voucher) -> OutturnRow:
    """Book a row of the finance system on the project that has its code. Raises Denied, Refused.

    A row that is in the book is not booked again.
    """
    access.require(actor, OUTTURN)
    about = project_called(row.project_code)
    if about is None:
        raise flow.Refused([Objection(N_("Ingen beviljad ansökan har projektkoden."), "project_code")])
    db.session().scalars(select(Application.id).where(Application.id == about.id).with_for_update()).one()
    known = select(OutturnRow).filter_by(project_code=row.project_code, period=row.period, voucher=row.voucher)
    found = db.session().scalar(known.where(OutturnRow.undone_at.is_(None)))
    if found is not None:
        return found
    year = int(row.period[:4])
    lines = [Line(year, BOOKED, row.amount)]
    booking = post(actor, about, uid=db.new_uid(), kind="utfall", lines=lines, decision=source, reason=row.name)
    facts = {"project_code": row.project_code, "period": row.period, "voucher": row.voucher, "amount": row.amount}
    kept = OutturnRow(
        uid=uid,
        text=row.text,
        source=source,
        application_id=about.id,
        booking_id=booking.id,
        read_at=clock.now(),
        **facts,
    )
    db.session().add(kept)
    db.session().flush()
    return kept


def undo_row(actor: Actor, uid: UUID, reason: str) -> None:
    """Meet a row that should not have been read in with a counter-entry. Raises Missing, Denied."""
    access.require(actor, OUTTURN)
    row = db.session().scalar(select(OutturnRow).where(OutturnRow.uid == uid).with_for_update())
    if row is None:
        raise access.Missing("outturn_row", uid)
    if row.undone_at is not None:
        return
    about = db.session().get_one(Application, row.application_id, with_for_update=True)
    lines = [Line(int(row.period[:4]), BOOKED, -row.amount)]
    post(actor, about, uid=db.new_uid(), kind="utfall", lines=lines, decision=row.source, reason=reason)
    row.undone_at = clock.now()
    db.session().flush()


def used_rows(records: Any) -> Select[UUID]:
    """Select none: what is booked is never worked on."""
    return select(OutturnRow.uid).where(OutturnRow.uid.in_(records), OutturnRow.id.is_(None))


def rows_of(application: Application) -> list[OutturnRow]:
    """Return the rows of the finance system about an application that the actor reaches, the newest first."""
    rows = select(OutturnRow).where(OutturnRow.application_id == application.id, OutturnRow.undone_at.is_(None))
    return list(db.session().scalars(rows.order_by(OutturnRow.period.desc(), OutturnRow.id.desc()).limit(200)))
