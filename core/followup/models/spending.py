"""How a grant is spent: claims, rows from the finance system, and money moved by decisions of their own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.applications.models import READ as APPLICATIONS
from core.applications.models import Application, ApplicationMeasure, is_reached
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation
from core.reserve.models import Booking

READ, CLAIM, CHECK, PAY = (
    "followup:money:read",
    "followup:claim:write",
    "followup:claim:check",
    "followup:claim:pay",
)
ASK, DECIDE, OUTTURN, FORECAST = (
    "followup:move:ask",
    "followup:move:decide",
    "followup:outturn:import",
    "followup:forecast:write",
)

FORECASTS = {"t1": N_("Tertial 1"), "t2": N_("Tertial 2"), "manad_10": N_("Månad 10"), "bokslut": N_("Bokslut")}
"""When it is foreseen what a year will cost (domain.md 1.4)."""

CARRY_CAUSES = {
    "leverans": N_("Försenad leverans"),
    "overklagad_upphandling": N_("Överklagad upphandling"),
    "tillstand": N_("Tillstånd dröjer"),
    "samordning": N_("Samordning med andra arbeten"),
    "vader_sasong": N_("Väder eller säsong"),
    "resursbrist": N_("Resursbrist"),
}
"""Why money is asked to follow to another year (domain.md 1.2)."""


class Claim(Flowing, Identified, Versioned, Once, Base):
    """A claim for payment (rekvisition) of a granted year's money: written, checked by another, paid (F3).

    `invoice` is what it is built on, `amount` kronor.
    """

    __tablename__ = "claim"
    __table_args__ = (
        Index("ix_claim_application_id", "application_id", "id"),
        Index("ix_claim_state", "state", "id", "application_id"),
        CheckConstraint("amount > 0 AND amount <= 10000000000", name="amount"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    year: Mapped[int]
    amount: Mapped[int] = mapped_column(Key)
    what: Mapped[str] = mapped_column(String(500))
    invoice: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(20))
    written_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    checked_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    paid_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    paid_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    level: Mapped[int] = mapped_column(default=1)
    application: Mapped[Application] = relationship(lazy="raise")


class OutturnRow(Identified, Base):
    """A row from the finance system: a voucher of a project in a month; read in once, whatever file it comes in.

    One that should not have been read in is met by a counter-entry, and may come again.
    """

    __tablename__ = "outturn_row"
    __table_args__ = (
        Index(
            "uq_outturn_row_voucher",
            "project_code",
            "period",
            "voucher",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_outturn_row_application_id", "application_id", "period"),
    )
    project_code: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(7))
    voucher: Mapped[str] = mapped_column(String(60))
    amount: Mapped[int] = mapped_column(Key)
    text: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(120), default="")
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    booking_id: Mapped[int] = mapped_column(Key, ForeignKey("booking.id"))
    read_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    booking: Mapped[Booking] = relationship(lazy="raise")
    application: Mapped[Application] = relationship(lazy="raise")


class CarryOver(Flowing, Identified, Versioned, Once, Base):
    """Money asked to follow to another year (ombudgetering): never by itself, always a decision of its own (0.5).

    `opinion` is what stadsledningskontoret says before, `new_completion` when it is finished instead.
    """

    __tablename__ = "carry_over"
    __table_args__ = (
        Index("ix_carry_over_application_id", "application_id", "id"),
        Index("ix_carry_over_state", "state", "id"),
        CheckConstraint("amount > 0 AND from_year < to_year", name="amount"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    from_year: Mapped[int]
    to_year: Mapped[int]
    amount: Mapped[int] = mapped_column(Key)
    cause: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(String(2000))
    new_completion: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    opinion: Mapped[str] = mapped_column(String(2000), default="")
    opinion_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    granted: Mapped[bool | None]
    body_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    decided_on: Mapped[date | None]
    paragraph: Mapped[str] = mapped_column(String(20), default="")
    motive: Mapped[str] = mapped_column(String(2000), default="")
    decided_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    booking_id: Mapped[int | None] = mapped_column(Key, ForeignKey("booking.id"))
    level: Mapped[int] = mapped_column(default=1)
    application: Mapped[Application] = relationship(lazy="raise")
    body: Mapped[Organisation | None] = relationship(lazy="raise")


class Reallocation(Flowing, Identified, Versioned, Once, Base):
    """Money asked to be used for something else (omdisponering): another of the same board's matters, or another
    measure of the same, in the same year.
    """

    __tablename__ = "reallocation"
    __table_args__ = (
        Index("ix_reallocation_application_id", "application_id", "id"),
        Index("ix_reallocation_to_id", "to_id"),
        CheckConstraint("amount > 0", name="amount"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    to_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    from_measure_id: Mapped[int | None] = mapped_column(Key, ForeignKey("application_measure.id"))
    to_measure_id: Mapped[int | None] = mapped_column(Key, ForeignKey("application_measure.id"))
    year: Mapped[int]
    amount: Mapped[int] = mapped_column(Key)
    reason: Mapped[str] = mapped_column(String(2000))
    state: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    decided_on: Mapped[date | None]
    paragraph: Mapped[str] = mapped_column(String(20), default="")
    motive: Mapped[str] = mapped_column(String(2000), default="")
    decided_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    booking_id: Mapped[int | None] = mapped_column(Key, ForeignKey("booking.id"))
    level: Mapped[int] = mapped_column(default=1)
    application: Mapped[Application] = relationship(lazy="raise", foreign_keys=[application_id])
    to: Mapped[Application] = relationship(lazy="raise", foreign_keys=[to_id])
    from_measure: Mapped[ApplicationMeasure | None] = relationship(lazy="raise", foreign_keys=[from_measure_id])
    to_measure: Mapped[ApplicationMeasure | None] = relationship(lazy="raise", foreign_keys=[to_measure_id])


def money_of(model: Any) -> None:
    """Let rows of `model` be reached by those who reach their application with the right to see its money."""

    @access.visible_to(model, READ)
    def rule(actor: Actor, permission: str) -> ColumnElement[bool]:
        return is_reached(model, actor, permission, APPLICATIONS)


for _model in (Claim, OutturnRow, CarryOver, Reallocation):
    money_of(_model)
