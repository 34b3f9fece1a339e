"""The control of what was ordered: deviations, penalties, visits, warranties."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation, Person
from core.works.models.contracts import Contract
from core.works.models.orders import WorkOrder

RESULTS = {"utan_anmarkning": N_("Utan anmärkning"), "anmarkning": N_("Anmärkning"), "underkand": N_("Underkänd")}
"""How an entreprenadkontroll ended."""


CLAIMED = ("kravd", "bestridd", "fakturerad")
"""States of a penalty that is demanded: what a month's and a contract's caps are filled with, beside those to come.

The contractor knows of these: before, it is the city's own to weigh.
"""


class Deviation(Flowing, Identified, Versioned, Once, Base):
    """Something that is not as the contract says (avvikelse), answered by the contractor."""

    __tablename__ = "deviation"
    __table_args__ = (Index("ix_deviation_contract_id", "contract_id", "id"),)
    contract_id: Mapped[int] = mapped_column(Key, ForeignKey("contract.id"))
    what: Mapped[str] = mapped_column(String(2000))
    found_on: Mapped[date]
    found_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(String(2000), default="")
    answered_at: Mapped[datetime | None]
    closed_why: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(default=1)
    contract: Mapped[Contract] = relationship(lazy="raise")


class Penalty(Flowing, Identified, Versioned, Base):
    """A penalty (vite) for being late with one leg of an order, or for a deviation (domain.md 10.6).

    `leg` is one of PENALISED; of a deviation, which has one at most, `late_since` and `late_until` are the day when it
    was seen. `rule` is frozen with `schema`. `count` are started units, `possible` kronor before the caps of the
    contract, `amount` after. The contract is the one that had the order then, from `begun_at` on: it may get the order
    back later, with new time and another penalty. `month` is the first day of the month whose cap it is counted in:
    that of the day when it was late.
    """

    __tablename__ = "penalty"
    __table_args__ = (
        UniqueConstraint("order_id", "leg", "contract_id", "begun_at"),
        Index("ix_penalty_contract_id", "contract_id", "month"),
        Index("ix_penalty_state", "state", "id"),
        Index("ix_penalty_deviation_id", "deviation_id", unique=True),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    contract_id: Mapped[int] = mapped_column(Key, ForeignKey("contract.id"))
    order_id: Mapped[int | None] = mapped_column(Key, ForeignKey("work_order.id"))
    deviation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("deviation.id"))
    leg: Mapped[str] = mapped_column(String(20))
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    begun_at: Mapped[datetime]
    late_since: Mapped[datetime]
    late_until: Mapped[datetime]
    month: Mapped[date]
    count: Mapped[int]
    possible: Mapped[int] = mapped_column(Key)
    amount: Mapped[int] = mapped_column(Key)
    state: Mapped[str] = mapped_column(String(20))
    proposed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    approved_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None]
    invoice: Mapped[str] = mapped_column(String(60), default="")
    level: Mapped[int] = mapped_column(default=1)
    contract: Mapped[Contract] = relationship(lazy="raise")
    order: Mapped[WorkOrder | None] = relationship(lazy="raise")
    deviation: Mapped[Deviation | None] = relationship(lazy="raise")


class PenaltyEvent(Base):
    """What happened to a penalty: proposed, confirmed, approved, contested, waived; by whom, and why."""

    __tablename__ = "penalty_event"
    __table_args__ = (Index("ix_penalty_event_penalty_id", "penalty_id", "id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    penalty_id: Mapped[int] = mapped_column(Key, ForeignKey("penalty.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")


class ControlVisit(Identified, Versioned, Once, Base):
    """An entreprenadkontroll: planned for a day, then done by somebody, in so many minutes, with a result."""

    __tablename__ = "control_visit"
    __table_args__ = (Index("ix_control_visit_contract_id", "contract_id", "planned_on"),)
    contract_id: Mapped[int] = mapped_column(Key, ForeignKey("contract.id"))
    planned_on: Mapped[date]
    done_on: Mapped[date | None]
    minutes: Mapped[int | None]
    result: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(String(2000), default="")
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    contract: Mapped[Contract] = relationship(lazy="raise")


class Warranty(Identified, Versioned, Base):
    """That what was done is guaranteed until a day (garanti), looked over before that: garantibesiktning."""

    __tablename__ = "warranty"
    __table_args__ = (Index("ix_warranty_contract_id", "contract_id", "ends_on"),)
    contract_id: Mapped[int] = mapped_column(Key, ForeignKey("contract.id"))
    order_id: Mapped[int | None] = mapped_column(Key, ForeignKey("work_order.id"), unique=True)
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    inspected_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(String(2000), default="")


CONTESTING = "works:penalty:contest"


@access.visible_to(Penalty, "works:penalty:read")
def _penalties(actor: Actor, permission: str) -> ColumnElement[bool]:
    """The city's own weigh it; the contractor knows of one when it is claimed, and may then contest it."""
    ordered = select(Contract.id).where(access.within(actor, permission, Contract.organisation_id))
    own = Penalty.contract_id.in_(ordered)
    if permission not in ("works:penalty:read", CONTESTING):
        return own
    theirs = select(Contract.id).where(access.within(actor, permission, Contract.contractor_id))
    told = Penalty.contract_id.in_(theirs) & Penalty.state.in_(CLAIMED)
    return told if permission == CONTESTING else own | told


@access.visible_to(PenaltyEvent, "works:penalty:read")
def _penalty_events(actor: Actor, permission: str) -> ColumnElement[bool]:
    """What was weighed before a penalty was claimed is the city's own."""
    ordered = select(Contract.id).where(access.within(actor, permission, Contract.organisation_id))
    return PenaltyEvent.penalty_id.in_(select(Penalty.id).where(Penalty.contract_id.in_(ordered)))


@access.visible_to(Deviation, "works:deviation:read")
def _deviations(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Both sides read it; the contractor answers."""
    owners: dict[str, tuple[Any, ...]] = {
        "works:deviation:read": (Contract.organisation_id, Contract.contractor_id),
        "works:deviation:answer": (Contract.contractor_id,),
    }
    reached = access.within(actor, permission, *owners.get(permission, (Contract.organisation_id,)))
    return Deviation.contract_id.in_(select(Contract.id).where(reached))


def _of_the_city(model: Any) -> None:
    """Let rows of `model` be seen by those who ordered the work."""

    @access.visible_to(model, "works:control:read")
    def _with_its_contract(actor: Actor, permission: str) -> ColumnElement[bool]:
        ordered = select(Contract.id).where(access.within(actor, permission, Contract.organisation_id))
        found: ColumnElement[bool] = model.contract_id.in_(ordered)
        return found


for part in (ControlVisit, Warranty):
    _of_the_city(part)
