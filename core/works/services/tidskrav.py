"""Tidskrav as versioned data: how soon one responds, makes safe and mends; of a contract, else the city's own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from core import access, clock, db, journal
from core.access import Actor
from core.dated import valid_on
from core.i18n import N_
from core.places.services import rows_of
from core.schema import Invalid
from core.works.models import LEGS, Contract, SlaRule

TERMS = "works:terms:edit"
EDIT = "works:contract:edit"


def terms_for(priority: str, *, contract: int | None = None, kind: str = "", place_kind: str = "") -> dict[str, Any]:
    """Return the Tidskrav of today for an order, frozen: the contract's before the city's, the nearest fit first.

    Without any row nothing has a time, and the order no frist.
    """
    rows = select(SlaRule).where(SlaRule.priority == priority, valid_on(SlaRule, clock.today()))
    rows = rows.where(or_(SlaRule.contract_id.is_(None), SlaRule.contract_id == contract))
    rows = rows.where(SlaRule.kind.in_(("", kind)), SlaRule.place_kind.in_(("", place_kind)))
    nearest = (
        SlaRule.contract_id.is_(None),
        func.length(SlaRule.kind).desc(),
        func.length(SlaRule.place_kind).desc(),
        SlaRule.id.desc(),
    )
    return frozen(priority, db.session().scalars(rows.order_by(*nearest).limit(1)).first())


def frozen(priority: str, row: SlaRule | None) -> dict[str, Any]:
    """Return a row as it is kept with an order."""
    if row is None:
        return {"schema": 1, "priority": priority, "edition": 0, "source": "", "pauses": [], "legs": {}}
    legs = {
        leg: {"n": getattr(row, leg), "clock": getattr(row, f"{leg}_clock")}
        for leg in LEGS
        if getattr(row, leg) is not None
    }
    own = {"schema": 1, "priority": priority, "edition": row.edition, "source": row.source}
    return own | {"pauses": list(row.pauses), "legs": legs}


def terms_of(actor: Actor, contract: Contract | None) -> list[SlaRule]:
    """Return the Tidskrav of today, of a contract or the city's own, the most urgent first."""
    own = SlaRule.contract_id.is_(None) if contract is None else SlaRule.contract_id == contract.id
    rows = select(SlaRule).where(own, valid_on(SlaRule, clock.today()))
    order = (SlaRule.priority, SlaRule.kind, SlaRule.place_kind, SlaRule.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(*order)))


def change_terms(
    actor: Actor,
    *,
    contract: UUID | None,
    priority: str,
    kind: str = "",
    place_kind: str = "",
    legs: dict[str, tuple[int, str] | None],
    pauses: list[str],
    source: str,
    reason: str = "",
) -> SlaRule:
    """Let other times hold from today on; the row before ends yesterday, or goes if it began today.

    What is ordered already keeps what it was ordered under. Raises Missing, Denied, Invalid.
    """
    owner = access.find(Contract, contract, actor, EDIT, lock=True) if contract else None
    if owner is None:
        access.require(actor, TERMS)
        db.alone("tidskrav")
    if not any(legs.values()):
        raise Invalid({"fix": [N_("Skriv minst en tid.")]})
    mine = SlaRule.contract_id == owner.id if owner else SlaRule.contract_id.is_(None)
    same = select(SlaRule).where(
        mine, SlaRule.priority == priority, SlaRule.kind == kind, SlaRule.place_kind == place_kind
    )
    edition = _end_former(same, reason)
    new = SlaRule(
        contract_id=owner.id if owner else None,
        kind=kind,
        place_kind=place_kind,
        priority=priority,
        pauses=pauses,
        source=source,
        edition=edition,
        valid_from=clock.today(),
    )
    for leg, time in legs.items():
        setattr(new, leg, time[0] if time else None)
        setattr(new, f"{leg}_clock", time[1] if time else "")
    db.session().add(new)
    db.session().flush()
    detail: dict[str, Any] = {"priority": priority, "edition": edition, "legs": legs, "reason": reason}
    journal.write(actor, "terms:change", "sla_rule", new.uid, contract=owner.number if owner else "", **detail)
    return new


def _end_former(same: Any, reason: str) -> int:
    """End the row that holds today, and return the edition of the one that follows it."""
    edition, today = 1, clock.today()
    for row in db.session().scalars(same.where(valid_on(SlaRule, today)).with_for_update()).all():
        edition = row.edition + 1
        if row.valid_from == today:
            db.session().delete(row)
        else:
            row.valid_to, row.ended_why = today - timedelta(days=1), reason
    return edition


def load_terms(actor: Actor) -> int:
    """Take in the city's own Tidskrav from the seed pack, where there are none; return how many there are."""
    access.require(actor, TERMS)
    if db.session().scalar(select(SlaRule.id).where(SlaRule.contract_id.is_(None)).limit(1)) is not None:
        return 0
    rows = rows_of("sla_rules.csv")
    for row in rows:
        legs = {leg: int(row[leg]) if row[leg] else None for leg in LEGS}
        clocks = {f"{leg}_clock": row[f"{leg}_clock"] for leg in LEGS}
        about = {name: row[name] for name in ("kind", "place_kind", "priority", "source")}
        db.session().add(SlaRule(valid_from=date(2020, 1, 1), pauses=row["pauses"].split(), **about, **legs, **clocks))
    db.session().flush()
    return len(rows)
