"""Files to the finance system (F10): what was granted and what was paid, each line in one file and never in two.

What has not gone over is what no file has: never what has a higher key than the last, for whoever books first may be
the last to be done. Who makes a file holds the counter of files until the commit, so that no two look at once.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, select, union_all
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.models import Application
from core.cells import harmless
from core.followup.models import Claim
from core.followup.models.files import BUDGET, PAYMENT, SEND, FinanceFile, FinanceLine
from core.hookspecs import Objection
from core.i18n import N_
from core.people.models import Organisation
from core.reserve.models import GRANTED, Booking, Entry, Frame, Programme

SERIES = "EF"
PAGE = 50
MOST = 5_000
"""Lines of one file; what is more goes with the next."""
PAID = "betald"
NOTHING = N_("Inget nytt är beviljat eller betalt sedan den förra filen.")
EVENTS = {"betalning": N_("Betald rekvisition"), "aterforing": N_("Rekvisition som inte är betald")}
"""What has happened to a claim, as the file says it and as people read it."""
PAYING, TAKING_BACK = EVENTS
COLUMNS = (
    "fil", "rad", "typ", "handelse", "dag", "ar", "reservkod", "satsning", "namnd", "namndens_namn", "projektkod",
    "ansokan", "budgetreferens", "underlag", "beslut", "faktura", "belopp",
)  # fmt: skip
"""The headings, as a program reads them: docs/reference/finance-file.md."""


@dataclass(frozen=True)
class Line:
    """What goes over: an entry of the book, or what has changed in a claim; kronor, negative takes away."""

    kind: str
    event: str
    day: date
    year: int
    amount: int
    reserve_code: str
    programme: str
    board: str
    board_name: str
    project: str
    application: str
    reference: str
    basis: str
    decision: str = ""
    invoice: str = ""
    entry: int | None = None
    claim: int | None = None

    def cells(self) -> list[str | int]:
        """Return the cells of a row, but for the file's number and the line's."""
        return [
            self.kind, self.event, self.day.isoformat(), self.year, self.reserve_code, self.programme, self.board,
            self.board_name, self.project, self.application, self.reference, self.basis, self.decision, self.invoice,
            self.amount,
        ]  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A page of files, and where the next one begins."""

    rows: list[FinanceFile]
    after: tuple[int] | None


def make_file(actor: Actor, *, uid: UUID) -> FinanceFile:
    """Make the file of all that has not gone over, at most `MOST` lines; once for each `uid`.

    Raises Denied, Conflict, and Refused when there is nothing.
    """
    access.require(actor, SEND)
    number = f"{SERIES}-{db.next_number(SERIES):05d}"
    content = db.fingerprint(file="finance")
    known = access.made_before(actor, FinanceFile, uid, content)
    if known is not None:
        return known
    found = _waiting(MOST)
    if not found:
        raise flow.Refused([Objection(NOTHING)])
    made = FinanceFile(
        uid=uid,
        content=content,
        number=number,
        made_at=clock.now(),
        made_by_id=actor.id,
        lines=len(found),
        granted=sum(one.amount for one in found if one.kind == BUDGET),
        paid=sum(one.amount for one in found if one.kind == PAYMENT),
        file=_written(number, found),
    )
    db.session().add(made)
    db.session().flush()
    keys: list[dict[str, Any]] = [
        {"entry_id": one.entry, "claim_id": one.claim, "year": one.year, "amount": one.amount} for one in found
    ]
    rows = [{"file_id": made.id, "place": place} | row for place, row in enumerate(keys, 1)]
    db.session().execute(db.insert(FinanceLine), rows)
    journal.write(actor, "finance_file:make", "finance_file", uid, level=1, number=number, lines=made.lines)
    return made


def _written(number: str, found: Sequence[Line]) -> bytes:
    """Return the file as Swedish spreadsheets and the finance system open it: semicolons, UTF-8 with a mark."""
    told = io.StringIO()
    writer = csv.writer(told, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for place, one in enumerate(found, 1):
        cells = (harmless(cell) if isinstance(cell, str) else cell for cell in one.cells())
        writer.writerow([number, place, *cells])
    return told.getvalue().encode("utf-8-sig")


# --- What has not gone over ---------------------------------------------------------------------------------------


def waiting(actor: Actor, limit: int = MOST) -> list[Line]:
    """Return what goes with the next file, what was granted first, in two queries. Raises Denied."""
    access.require(actor, SEND)
    return _waiting(limit)


def _waiting(limit: int) -> list[Line]:
    granted = _granted(limit)
    return granted + _payments(limit - len(granted))


def _of_matter(rows: Any) -> Any:
    """Add what both kinds of lines say of the application, its board and its programme."""
    return rows.add_columns(
        Programme.reserve_code,
        Programme.code.label("programme"),
        Organisation.code.label("board"),
        Organisation.name.label("board_name"),
        Application.project_code,
        Application.number.label("application"),
        Application.budget_reference,
    )


def _granted(limit: int) -> list[Line]:
    """Return what is granted, moved, handed back or corrected in the book and in no file, as it was booked."""
    rows = _of_matter(select(Entry, Booking, Frame.year).join(Booking, Booking.id == Entry.booking_id))
    rows = rows.join(Frame, Frame.id == Entry.frame_id).join(Programme, Programme.id == Frame.programme_id)
    rows = rows.outerjoin(Organisation, Organisation.id == Entry.organisation_id)
    rows = rows.outerjoin(Application, Application.uid == Entry.matter)
    gone = select(FinanceLine.entry_id).where(FinanceLine.entry_id == Entry.id).exists()
    rows = rows.where(Entry.account == GRANTED, ~gone).order_by(Entry.id).limit(limit)
    return [
        Line(
            BUDGET,
            row.Booking.kind,
            clock.local(row.Entry.at).date(),
            row.year,
            row.Entry.amount,
            application=row.application or row.Booking.matter_number,
            basis=row.Booking.number,
            decision=row.Booking.decision,
            entry=row.Entry.id,
            **_shared(row),
        )
        for row in db.session().execute(rows)
    ]


def _shared(row: Any) -> dict[str, Any]:
    names = {"reserve_code": row.reserve_code, "programme": row.programme, "board": row.board}
    names |= {"board_name": row.board_name, "project": row.project_code, "reference": row.budget_reference}
    return {name: value or "" for name, value in names.items()}


def _payments(limit: int) -> list[Line]:
    """Return what is paid of a claim and has not gone over, or has gone over and is not paid, claim by claim."""
    if limit <= 0:
        return []
    gone = select(FinanceLine.claim_id, FinanceLine.year, func.sum(FinanceLine.amount).label("kronor"))
    sent = gone.where(FinanceLine.claim_id.is_not(None)).group_by(FinanceLine.claim_id, FinanceLine.year).subquery()
    known = func.coalesce(sent.c.kronor, 0)
    paid = select(Claim.id, Claim.year, (Claim.amount - known).label("change"))
    paid = paid.outerjoin(sent, and_(sent.c.claim_id == Claim.id, sent.c.year == Claim.year))
    paid = paid.where(Claim.state == PAID, Claim.amount != known)
    back = select(Claim.id, sent.c.year, (-sent.c.kronor).label("change")).join(sent, sent.c.claim_id == Claim.id)
    back = back.where(sent.c.kronor != 0, (Claim.state != PAID) | (Claim.year != sent.c.year))
    each = union_all(paid, back).subquery()
    first = case((each.c.change < 0, 0), else_=1)
    rows = _of_matter(select(Claim, each.c.year, each.c.change).join(each, each.c.id == Claim.id))
    rows = rows.join(Application, Application.id == Claim.application_id)
    rows = rows.join(Programme, Programme.id == Application.programme_id)
    rows = rows.join(Organisation, Organisation.id == Application.organisation_id)
    rows = rows.order_by(Claim.id, first, each.c.year).limit(limit)
    return [_payment(row) for row in db.session().execute(rows)]


def _payment(row: Any) -> Line:
    claim, today = row.Claim, clock.today()
    return Line(
        PAYMENT,
        PAYING if row.change > 0 else TAKING_BACK,
        (claim.paid_on or today) if row.change > 0 else today,
        row.year,
        int(row.change),
        application=row.application,
        basis=claim.number,
        invoice=claim.invoice,
        claim=claim.id,
        **_shared(row),
    )


# --- Reading ------------------------------------------------------------------------------------------------------


def list_files(actor: Actor, *, after: tuple[int] | None = None, limit: int = PAGE) -> Page:
    """Return the files, the newest first, in one query."""
    access.require(actor, SEND)
    rows = access.visible(select(FinanceFile).options(joinedload(FinanceFile.made_by)), actor)
    if after is not None:
        rows = rows.where(FinanceFile.id < after[0])
    found = list(db.session().scalars(rows.order_by(FinanceFile.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(found, (found[-1].id,) if more else None)


def read_file(actor: Actor, uid: UUID) -> FinanceFile:
    """Return a file, as it was made; Missing when there is none. Raises Denied."""
    return access.find(FinanceFile, uid, actor, SEND)
