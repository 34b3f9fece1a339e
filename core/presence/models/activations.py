"""What is arranged on places (platsaktivering), with its permits."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.people.models import Organisation
from core.places.models import Place
from core.presence.models.reach import on_place, with_its

READ, EDIT, REPORT = "presence:activation:read", "presence:activation:edit", "presence:activation:report"


class Activation(Flowing, Identified, Versioned, Once, Base):
    """Something arranged on a place: what, which days and hours, by whom, at what cost, and what came of it.

    `weekdays` are numbers from Monday; none means every day. `opens` and `closes` are times of Stockholm's clock, as
    "18:00"; what closes at or before it opens does so the next day. `cost` is in kronor. What is `yearly` is proposed
    for the next year, as `copied_from_id` then says. `why` is the reason of the last step that needed one.
    """

    __tablename__ = "activation"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="dates"),
        CheckConstraint("visitors >= 0", name="visitors"),
        Index("ix_activation_organisation_id", "organisation_id"),
        Index("ix_activation_host_id", "host_id"),
        Index("ix_activation_place_id", "place_id", "starts_on"),
        Index("ix_activation_starts_on", "starts_on", "id"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    host_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    weekdays: Mapped[list[str]] = mapped_column(JSON, default=list)
    opens: Mapped[str] = mapped_column(String(5), default="")
    closes: Mapped[str] = mapped_column(String(5), default="")
    purpose: Mapped[str] = mapped_column(String(2000), default="")
    cost: Mapped[int | None] = mapped_column(Key)
    yearly: Mapped[bool] = mapped_column(default=False)
    copied_from_id: Mapped[int | None] = mapped_column(Key, ForeignKey("activation.id"), unique=True)
    visitors: Mapped[int | None]
    visitors_how: Mapped[str] = mapped_column(String(300), default="")
    outcome: Mapped[str] = mapped_column(String(2000), default="")
    state: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(String(1000), default="")
    level: Mapped[int] = mapped_column(default=1)
    place: Mapped[Place] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[organisation_id])
    host: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[host_id])


class ActivationPermit(Flowing, Identified, Versioned, Base):
    """A permit that something arranged needs: asked for, given or refused, under which number, until when."""

    __tablename__ = "activation_permit"
    __table_args__ = (Index("ix_activation_permit_activation_id", "activation_id"),)
    activation_id: Mapped[int] = mapped_column(Key, ForeignKey("activation.id"))
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(60), default="")
    applied_on: Mapped[date | None]
    granted_on: Mapped[date | None]
    valid_to: Mapped[date | None]
    why: Mapped[str] = mapped_column(String(1000), default="")
    level: Mapped[int] = mapped_column(default=1)


on_place(
    Activation,
    READ,
    readers=(Activation.host_id,),
    parts={REPORT: (Activation.organisation_id, Activation.host_id)},
)
with_its(ActivationPermit, ActivationPermit.activation_id, Activation, READ)
