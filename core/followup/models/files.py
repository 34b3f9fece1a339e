"""What has gone over to the finance system: files, and which of our lines each of them took with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, LargeBinary, String, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.db import Base, Identified, Key, Once
from core.i18n import N_
from core.people.models import Person

SEND = "followup:file:make"


class FinanceFile(Identified, Once, Base):
    """A file to the finance system (ekonomifil): made once, never changed, and fetched again byte for byte.

    `granted` and `paid` are the sums of its `lines`, in kronor; `file` is what is handed out.
    """

    __tablename__ = "finance_file"
    number: Mapped[str] = mapped_column(String(20), unique=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    lines: Mapped[int]
    granted: Mapped[int] = mapped_column(Key)
    paid: Mapped[int] = mapped_column(Key)
    file: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_by: Mapped[Person | None] = relationship(lazy="raise")


class FinanceLine(Base):
    """A line of a file: an entry of the book, which is in one file only; or what has changed in a claim since the last.

    A claim that was paid, and then was not, has two lines that meet: their sum is what has gone over of it.
    """

    __tablename__ = "finance_line"
    __table_args__ = (
        CheckConstraint("(entry_id IS NULL) <> (claim_id IS NULL)", name="about"),
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_finance_line_claim_id", "claim_id", "year"),
    )
    file_id: Mapped[int] = mapped_column(Key, ForeignKey("finance_file.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int | None] = mapped_column(Key, ForeignKey("ledger_entry.id"), unique=True)
    claim_id: Mapped[int | None] = mapped_column(Key, ForeignKey("claim.id"))
    year: Mapped[int]
    amount: Mapped[int] = mapped_column(Key)


KINDS = {"BUDGET": N_("Beviljat"), "UTBETALNING": N_("Utbetalning")}
"""What a line is about, as the file says it and as people read it."""
BUDGET, PAYMENT = KINDS


@access.visible_to(FinanceFile, SEND)
def _files(actor: Actor, permission: str) -> ColumnElement[bool]:
    """A file is of the whole city's money: whoever sends it sees all of them."""
    return true() if actor.may(permission) else false()


@access.visible_to(FinanceLine, SEND)
def _lines(actor: Actor, permission: str) -> ColumnElement[bool]:
    return true() if actor.may(permission) else false()
