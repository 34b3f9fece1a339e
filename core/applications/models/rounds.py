"""Rounds: when a programme is open for applications, what is asked and by what they are judged, frozen as it opens."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.people.models import Organisation
from core.reserve.models import Programme

EDIT = "applications:round:edit"


class Round(Flowing, Identified, Versioned, Once, Base):
    """A round (ansökningsomgång): open from a moment to a moment; two of a programme never overlap (E1).

    `closes_at` is the end of its last day; by the database's clock, without grace. With `conditional` an application
    may be handed in on condition that the board decides. `board_ceiling` and `max_amount` are kronor for a board and
    for an application. `terms` are frozen as it opens: {"schema": 1, "criteria": […], "rules": […]}. `frozen` is the
    order of the applications with the line, as it became the basis for the decision.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("programme_id", "year", "number"),
        CheckConstraint("opens_at < closes_at", name="dates"),
        Index("ix_round_closes_at", "closes_at"),
    )
    programme_id: Mapped[int] = mapped_column(Key, ForeignKey("programme.id"))
    year: Mapped[int]
    number: Mapped[int]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    meets_on: Mapped[date | None]
    instructions: Mapped[str] = mapped_column(String(8000), default="")
    max_amount: Mapped[int | None] = mapped_column(Key)
    board_ceiling: Mapped[int | None] = mapped_column(Key)
    conditional: Mapped[bool] = mapped_column(default=False)
    terms: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))
    frozen: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    frozen_at: Mapped[datetime | None]
    frozen_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    level: Mapped[int] = mapped_column(default=1)
    programme: Mapped[Programme] = relationship(lazy="raise")


class RoundCeiling(Base):
    """What one board may apply for in a round, in kronor, where it is not what goes for all (F1)."""

    __tablename__ = "round_ceiling"
    round_id: Mapped[int] = mapped_column(Key, ForeignKey("round.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"), primary_key=True)
    amount: Mapped[int] = mapped_column(Key)
    organisation: Mapped[Organisation] = relationship(lazy="raise")


access.for_everybody(Round, RoundCeiling)
