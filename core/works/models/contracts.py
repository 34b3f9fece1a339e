"""Contracts: with whom, on which terms, from a day to a day; and who may not judge the other side."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.i18n import N_
from core.people.models import Organisation

FORMS = {
    "ab04": N_("AB 04, utförandeentreprenad"),
    "abt06": N_("ABT 06, totalentreprenad"),
    "ramavtal": N_("Ramavtal"),
    "drift": N_("Driftavtal"),
}
"""Forms of contract (domain.md 10.2)."""

PRIORITIES = {
    "p0": N_("P0 Fara för liv eller egendom"),
    "p1": N_("P1 Akut"),
    "p2": N_("P2 Brådskande"),
    "p3": N_("P3 Normal"),
    "p4": N_("P4 Planeras"),
}
"""How urgent an order is (domain.md 10.4)."""

LEGS = {"respond": N_("Kvittera"), "make_safe": N_("Säkra"), "fix": N_("Åtgärda")}
"""What a Tidskrav has a time for, each a frist of its own."""

DEVIATION = "deviation"
PENALISED = {
    "respond": N_("För sent kvitterat"),
    "make_safe": N_("För sent säkrat"),
    "fix": N_("För sent åtgärdat"),
    DEVIATION: N_("Avvikelse"),
}
"""What a contract may have a penalty for: being late with a leg of a Tidskrav, or a deviation."""

CLOCKS = {
    "clock_minutes": N_("minuter, dygnet runt"),
    "clock_hours": N_("timmar, dygnet runt"),
    "working_days": N_("arbetsdagar"),
    "calendar_days": N_("dagar"),
}
"""What a time of a Tidskrav is counted in."""

PAUSES = {
    "vader": N_("Väder"),
    "tilltrade": N_("Väntar på tillträde"),
    "tillstand": N_("Väntar på tillstånd eller samordning"),
    "bestallaren": N_("Väntar på beställaren"),
}
"""Reasons for which an order may stand still."""

PENALTY_UNITS = {
    "tillfalle": N_("per tillfälle"),
    "timme": N_("per påbörjad timme"),
    "dygn": N_("per påbörjat dygn"),
}
"""What a penalty is counted by (domain.md 10.6)."""


class Contract(Identified, Versioned, Once, Base):
    """A contract (avtal) of the organisation that orders with the contractor that does the work; both days included.

    `roles` are what it is about, as rådighet names them, `areas` where ("stadsdel:farsta"; none: wherever the
    organisation answers). `controls_per_month` is how many entreprenadkontroller the control plan says,
    `control_minutes` how long they take together in a month. A former employee of the contractor judges none of its
    work for `interest_months` (domain.md 0b). Caps are kronor, for a month and for the whole contract; `warranty_months` counts from the approval of the work.
    """  # noqa: E501

    __tablename__ = "contract"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_to", name="dates"),
        Index("ix_contract_organisation_id", "organisation_id"),
        Index("ix_contract_contractor_id", "contractor_id"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    contractor_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    form: Mapped[str] = mapped_column(String(20))
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    option_to: Mapped[date | None]
    controls_per_month: Mapped[int] = mapped_column(default=0)
    control_minutes: Mapped[int] = mapped_column(default=0)
    interest_months: Mapped[int] = mapped_column(default=24)
    penalty_cap_month: Mapped[int | None] = mapped_column(Key)
    penalty_cap: Mapped[int | None] = mapped_column(Key)
    warranty_months: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(2000), default="")
    organisation: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[organisation_id])
    contractor: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[contractor_id])


class SlaRule(Identified, Base):
    """A row of a Tidskrav: how soon one responds, makes safe and mends, for a priority (domain.md 10.2, 10.4).

    Of a contract, or the city's own where `contract_id` is empty. `kind` is what was seen and `place_kind` where, both
    empty for any. Rows are never changed: one ends and the next `edition` begins. A leg without a number has no frist.
    `pauses` are the reasons for which the executor may stop the clock.
    """

    __tablename__ = "sla_rule"
    __table_args__ = (Index("ix_sla_rule_contract_id", "contract_id", "priority"),)
    contract_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contract.id"))
    kind: Mapped[str] = mapped_column(String(80), default="")
    place_kind: Mapped[str] = mapped_column(String(40), default="")
    priority: Mapped[str] = mapped_column(String(10))
    respond: Mapped[int | None]
    respond_clock: Mapped[str] = mapped_column(String(20), default="")
    make_safe: Mapped[int | None]
    make_safe_clock: Mapped[str] = mapped_column(String(20), default="")
    fix: Mapped[int | None]
    fix_clock: Mapped[str] = mapped_column(String(20), default="")
    pauses: Mapped[list[str]] = mapped_column(JSON, default=list)
    source: Mapped[str] = mapped_column(String(300), default="")
    edition: Mapped[int] = mapped_column(default=1)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    ended_why: Mapped[str] = mapped_column(String(1000), default="")


class PenaltyRule(Identified, Base):
    """What being late, or a deviation, costs by a contract: kronor for each started unit, of one priority or any.

    `leg` is one of PENALISED. A deviation is an occasion, and has no priority. Rows are never changed: one ends and the
    next begins. Only lateness within its days counts.
    """

    __tablename__ = "penalty_rule"
    __table_args__ = (Index("ix_penalty_rule_contract_id", "contract_id"),)
    contract_id: Mapped[int] = mapped_column(Key, ForeignKey("contract.id"))
    leg: Mapped[str] = mapped_column(String(20))
    priority: Mapped[str] = mapped_column(String(10), default="")
    per: Mapped[str] = mapped_column(String(20))
    amount: Mapped[int] = mapped_column(Key)
    source: Mapped[str] = mapped_column(String(300), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    ended_why: Mapped[str] = mapped_column(String(1000), default="")


class Subcontractor(Identified, Base):
    """Somebody who works for the contractor: approved by whom and when, and when taxes were looked at."""

    __tablename__ = "subcontractor"
    __table_args__ = (Index("ix_subcontractor_contract_id", "contract_id"),)
    contract_id: Mapped[int] = mapped_column(Key, ForeignKey("contract.id"))
    name: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(20))
    approved_on: Mapped[date]
    approved_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    tax_checked_on: Mapped[date | None]


class Interest(Identified, Base):
    """That somebody has an interest in a contractor (jäv), as she or another has said: she judges none of its work.

    Who has held a role with the contractor needs no such row: that is known (services/interests.py).
    """

    __tablename__ = "interest"
    __table_args__ = (Index("ix_interest_person_id", "person_id", "organisation_id"),)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(500))
    declared_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))


class RoutingRule(Identified, Base):
    """How urgent an order is and which contract it goes to, by what was seen and where: fördelningsregel.

    Each of `place_role` (what the organisation answers for there), `place_kind`, `kind` and `words` (one of them, comma
    between, in the text) is empty for any. The lowest `rank` that fits counts. Rows are never changed: one ends, with
    its reason, and another begins.
    """

    __tablename__ = "routing_rule"
    __table_args__ = (Index("ix_routing_rule_rank", "rank"),)
    rank: Mapped[int]
    place_role: Mapped[str] = mapped_column(String(40), default="")
    place_kind: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[str] = mapped_column(String(80), default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    priority: Mapped[str] = mapped_column(String(10))
    contract_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contract.id"))
    source: Mapped[str] = mapped_column(String(300), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    ended_why: Mapped[str] = mapped_column(String(1000), default="")
    contract: Mapped[Contract | None] = relationship(lazy="raise")


access.for_everybody(RoutingRule)


@access.visible_to(Contract, "works:contract:read")
def _contracts(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Both sides read it; only who orders changes it. A role for some areas or kinds of work knows no contract."""
    owners: tuple[Any, ...] = (Contract.organisation_id,)
    if permission == "works:contract:read":
        owners = (Contract.organisation_id, Contract.contractor_id)
    return access.within(actor, permission, *owners)


@access.visible_to(SlaRule, "works:terms:read")
def _sla_rules(actor: Actor, permission: str) -> ColumnElement[bool]:
    """The city's own Tidskrav is read by all who may read it; one of a contract by those who reach the contract."""
    reached = SlaRule.contract_id.in_(select(Contract.id).where(access.rule_of(Contract, actor)))
    return reached | SlaRule.contract_id.is_(None) if actor.may(permission) else reached


def _of_contracts(model: Any) -> None:
    """Let rows of `model` be seen with their contract."""

    @access.visible_to(model, "works:contract:read")
    def _with_its_contract(actor: Actor, permission: str) -> ColumnElement[bool]:
        reached = select(Contract.id).where(access.rule_of(Contract, actor, permission))
        found: ColumnElement[bool] = model.contract_id.in_(reached)
        return found


for part in (PenaltyRule, Subcontractor):
    _of_contracts(part)


@access.visible_to(Interest, "works:interest:read")
def _interests(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Everybody sees her own; those of others are seen by who looks into them for the city."""
    mine = Interest.person_id == actor.id
    return mine | access.within(actor, permission) if actor.kind != "system" else Interest.id.is_not(None)
