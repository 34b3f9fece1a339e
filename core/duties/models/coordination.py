"""Who coordinates: the municipality's coordination function, and a samordnare for each board and company (Z11)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.people.models import Organisation

READ, EDIT = "duties:law:read", "duties:law:edit"
APPOINT = "duties:coordinator:edit"
DAYS = "valid_to IS NULL OR valid_from <= valid_to"


class CoordinationFunction(Identified, Versioned, Once, Base):
    """The municipality's coordination function, both days included: a function with its mailbox, never a person.

    `decided_by` and `decision` are who decided it and under which paragraph or number.
    """

    __tablename__ = "coordination_function"
    __table_args__ = (CheckConstraint(DAYS, name="dates"),)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(120))
    mandate: Mapped[str] = mapped_column(String(1000))
    mailbox: Mapped[str] = mapped_column(String(200))
    decided_on: Mapped[date]
    decided_by: Mapped[str] = mapped_column(String(200))
    decision: Mapped[str] = mapped_column(String(120), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Coordinator(Identified, Versioned, Once, Base):
    """The samordnare of a board or company, both days included, as a function; `share` is percent of a full post."""

    __tablename__ = "coordinator"
    __table_args__ = (
        CheckConstraint(DAYS, name="dates"),
        Index("ix_coordinator_organisation_id", "organisation_id", "valid_from"),
    )
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    title: Mapped[str] = mapped_column(String(120))
    mandate: Mapped[str] = mapped_column(String(1000))
    mailbox: Mapped[str] = mapped_column(String(200), default="")
    share: Mapped[int | None]
    decision: Mapped[str] = mapped_column(String(120), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    organisation: Mapped[Organisation] = relationship(lazy="raise")


@access.visible_to(CoordinationFunction, READ)
def _functions(actor: Actor, permission: str) -> ColumnElement[bool]:
    return access.within(actor, permission, CoordinationFunction.organisation_id)


@access.visible_to(Coordinator, READ)
def _coordinators(actor: Actor, permission: str) -> ColumnElement[bool]:
    return access.within(actor, permission, Coordinator.organisation_id)
