"""What the reserve hands out: its book as a table, every entry with the booking that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.documents import About, Column, Content, kind, sheet
from core.i18n import N_, Text
from core.reserve.models import ACCOUNTS, BOOKING_KINDS, READ, Booking, Entry, Frame, Programme
from core.reserve.services import programmes

BOOK = "reserve:bok"
COLUMNS = (
    Column(N_("Bokförd"), "moment"),
    Column(N_("Bokning")),
    Column(N_("Händelse")),
    Column(N_("Budgetår"), "number"),
    Column(N_("Konto")),
    Column(N_("Belopp, kr"), "kronor"),
    Column(N_("Ärende")),
    Column(N_("Nämnd"), width=40),
    Column(N_("Beslut"), width=40),
    Column(N_("Skäl"), width=40),
)


def _about(actor: Actor, uid: UUID) -> About:
    return About(programmes.programme(actor, uid).name, "/reserven")


@kind(BOOK, title=N_("Reservens bok, som tabell"), needs=READ, about=_about)
def book_as_table(actor: Actor, uid: UUID, **_: Any) -> Content:
    """Gather every entry that the actor reaches, the first one first, a row at a time."""
    found = programmes.programme(actor, uid)
    title = Text(N_("Reservens bok, {name}"), name=found.name)
    return Content(title=title, filename=f"reservens bok {found.code}", sheet=sheet(COLUMNS, _rows(actor, found)))


def _rows(actor: Actor, found: Programme) -> Iterator[tuple[Any, ...]]:
    whole = joinedload(Entry.booking).joinedload(Booking.organisation)
    rows = select(Entry).options(whole, joinedload(Entry.frame)).join(Frame, Frame.id == Entry.frame_id)
    rows = rows.where(Frame.programme_id == found.id, access.rule_of(Entry, actor)).order_by(Entry.id)
    for entry in db.session().scalars(rows.execution_options(yield_per=500)):
        booking = entry.booking
        board = booking.organisation.name if booking.organisation else ""
        yield (
            entry.at,
            booking.number,
            BOOKING_KINDS[booking.kind],
            entry.frame.year,
            ACCOUNTS[entry.account],
            entry.amount,
            booking.matter_number,
            board,
            booking.decision,
            booking.reason,
        )
