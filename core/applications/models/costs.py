"""What an application costs: year by year, for how long it lasts, what it costs to run, who else pays (domain.md 1.2).

All amounts are whole kronor.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.applications.models.applications import READ, of_application, reads_all
from core.db import Base, Identified, Key, Versioned
from core.i18n import N_
from core.people.models import Organisation

COST_KINDS = {
    "projektering": N_("Projektering"),
    "entreprenad": N_("Entreprenad"),
    "inkop": N_("Inköp"),
    "byggherrekostnad": N_("Byggherrekostnad"),
    "oforutsett": N_("Oförutsett"),
}
RUNNING_YEARS = 5
"""For how many years after completion the running cost is told."""
FALLS = text("falls_in IS NOT NULL")


class CostLine(Identified, Versioned, Base):
    """What is sought in a year for a kind of cost; `capital` if it can be written off as an investment."""

    __tablename__ = "application_cost"
    __table_args__ = (
        Index("ix_application_cost_application_id", "application_id", "year"),
        CheckConstraint("amount > 0 AND amount <= 10000000000", name="amount"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(200), default="")
    amount: Mapped[int] = mapped_column(Key)
    capital: Mapped[bool] = mapped_column(default=True)


class AppliedFor(Base):
    """What was applied for in a year, of an application of which a part was granted: its cost lines are then a plan.

    Of an application without such rows, what it seeks is the sum of its cost lines.
    """

    __tablename__ = "application_applied"
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(Key)


class Component(Identified, Versioned, Base):
    """A part of the investment that is written off over its own number of years (komponentavskrivning)."""

    __tablename__ = "application_component"
    __table_args__ = (
        Index("ix_application_component_application_id", "application_id", "id"),
        CheckConstraint("years BETWEEN 1 AND 100", name="years"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    name: Mapped[str] = mapped_column(String(120))
    amount: Mapped[int] = mapped_column(Key)
    years: Mapped[int]


class RunningCost(Versioned, Base):
    """What it costs to run in the first to fifth year, and who pays it; none needs a reason (`why`).

    `falls_in` is the budget year that this is, once the work has money and a day when it is finished: kept by the
    database (`core.triggers.derived`), so that the whole city's costs are summed by an index.
    """

    __tablename__ = "application_running"
    __table_args__ = (
        Index(
            "ix_application_running_falls_in",
            "falls_in",
            "payer_id",
            "amount",
            sqlite_where=FALLS,
            postgresql_where=FALLS,
        ),
        CheckConstraint("year BETWEEN 1 AND 5", name="year"),
    )
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(Key)
    payer_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    why: Mapped[str] = mapped_column(String(1000), default="")
    falls_in: Mapped[int | None]
    payer: Mapped[Organisation | None] = relationship(lazy="raise")


class OtherFunding(Identified, Versioned, Base):
    """Money from elsewhere: whose, how much, decided or not; `programme` if it is one of the city's own."""

    __tablename__ = "application_funding"
    __table_args__ = (Index("ix_application_funding_application_id", "application_id", "id"),)
    application_id: Mapped[int] = mapped_column(Key, ForeignKey("application.id"))
    source: Mapped[str] = mapped_column(String(200))
    amount: Mapped[int] = mapped_column(Key)
    decided: Mapped[bool] = mapped_column(default=False)


of_application(CostLine, AppliedFor, Component, RunningCost, OtherFunding)


def costs_reached(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for running costs that fall in a budget year and that the actor reaches.

    Their applications have money: none of them is somebody's working paper, so who reads the whole city reaches all.
    """
    return true() if reads_all(actor, READ) else access.rule_of(RunningCost, actor)
