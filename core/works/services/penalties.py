"""Penalties weighed: confirmed by one, decided by another, waived by a jurist (domain.md 10.6); how they are proposed
stands in `proposing`, which leaves one as it is once somebody has confirmed it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.schema import Invalid
from core.upkeep.period import Period
from core.works.models import (
    CLAIMED,
    Contract,
    Deviation,
    Penalty,
    PenaltyEvent,
)
from core.works.services.interests import interest_in_contract
from core.works.states import PENALTY, WITHDRAWN

INVOICE = 60
"""Characters of the number of an invoice."""

READ = "works:penalty:read"
WHOLE = (joinedload(Penalty.contract), joinedload(Penalty.order), joinedload(Penalty.deviation))


@dataclass(frozen=True)
class Tally:
    """What a contract's penalties come to, in kronor: possible, claimed, waived (domain.md 10.6)."""

    contract: str
    uid: UUID
    number: int
    possible: int
    claimed: int
    waived: int


def move_penalty(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Penalty:
    """Make a move of a penalty, with its reason; that of `fakturera` is the number of the invoice.

    Raises Missing, Denied, Stale, Refused, and Invalid for a number that is too long.
    """
    if key == "fakturera" and (now := len(reason.strip())) > INVOICE:
        told = Text(N_("Korta texten till högst {max} tecken. Nu är den {now}."), max=INVOICE, now=now)
        raise Invalid({"reason": [told]})
    if key == "ta_upp_igen":
        _lock_caps(uid)
    row = access.find(Penalty, uid, actor, PENALTY.move(key).needs, lock=True)
    db.refuse_stale("penalty", uid, row.version, version)
    flow.move(PENALTY, row, key, actor, reason=reason)
    if key == "bekrafta":
        row.confirmed_by_id = actor.id
    elif key == "krava":
        row.approved_by_id, row.claimed_at = actor.id, clock.now()
    elif key == "fakturera":
        row.invoice = reason.strip()
    elif key == "ta_upp_igen":
        row.invoice = ""
        row.confirmed_by_id = row.approved_by_id = row.claimed_at = None
    db.session().flush()
    note_penalty(actor, row, key, reason)
    if key == "ta_upp_igen":
        _count_under_caps(actor, row)
    return row


def _lock_caps(uid: UUID) -> None:
    """Lock the contract whose caps a penalty is counted under before the penalty, as who proposes does."""
    rows = select(Contract.id).join(Penalty, Penalty.contract_id == Contract.id).where(Penalty.uid == uid)
    db.session().scalar(rows.with_for_update(of=Contract))


def _count_under_caps(actor: Actor, row: Penalty) -> None:
    """Count what a penalty that was taken up again comes to: others may have filled the caps meanwhile."""
    contract, before = db.session().get_one(Contract, row.contract_id), row.amount
    caps = (
        cap_left(contract.penalty_cap_month, contract, row, Penalty.month == row.month),
        cap_left(contract.penalty_cap, contract, row),
    )
    row.amount = min([row.possible, *(left for left in caps if left is not None)])
    db.session().flush()
    note_recounted(actor, row, before, amount=row.amount)


def cap_left(cap: int | None, contract: Contract, row: Penalty | None, *which: Any) -> int | None:
    """Return the kronor under a cap that other penalties of the contract leave; those that are waived leave all."""
    if cap is None:
        return None
    used = select(func.coalesce(func.sum(Penalty.amount), 0)).where(
        Penalty.contract_id == contract.id, Penalty.state.not_in(("eftergiven", WITHDRAWN)), *which
    )
    if row is not None:
        used = used.where(Penalty.id != row.id)
    return max(0, cap - int(db.session().scalars(used).one()))


def note_recounted(actor: Actor, row: Penalty, before: int, **facts: Any) -> None:
    """Keep that a penalty comes to another amount than `before`, if it does."""
    if row.amount != before:
        told = Text(N_("Från {before} till {after} kr"), before=before, after=row.amount)
        note_penalty(actor, row, "raknat_om", told)
        journal.write(actor, "penalty:recount", "penalty", row.uid, level=row.level, number=row.number, **facts)


def note_penalty(actor: Actor, row: Penalty, kind: str, reason: str = "") -> None:
    """Keep what happened to a penalty; called by services, once they have let the actor do it."""
    said = {"person_id": actor.id, "organisation_id": actor.organisation, "reason": reason.strip()[:1000]}
    db.session().add(PenaltyEvent(penalty_id=row.id, at=clock.now(), kind=kind, **said))
    db.session().flush()


@PENALTY.guard("krava", "vidhall")
def _two_people(row: Penalty, actor: Actor) -> Iterable[Objection]:
    if (why := _confirmed_it(actor, row)) is not None:
        yield Objection(why)


@PENALTY.guard("bekrafta", "krava", "vidhall", "efterge")
def _without_interest(row: Penalty, actor: Actor) -> Iterable[Objection]:
    if (interest := _interest(actor, row)) is not None:
        yield Objection(interest)


def why_not_taking(actor: Actor, row: Penalty, key: str) -> str | None:
    """Return why the actor is not one to take a step with a penalty; None when nothing stands in the way."""
    decides = key in ("krava", "vidhall")
    weighs = decides or key in ("bekrafta", "efterge")
    return (_confirmed_it(actor, row) if decides else None) or (_interest(actor, row) if weighs else None)


def _confirmed_it(actor: Actor, row: Penalty) -> str | None:
    """Four eyes (domain.md 0b): who confirmed it does not decide."""
    mine = row.confirmed_by_id is not None and row.confirmed_by_id == actor.id
    return N_("Du har bekräftat vitet. Någon annan beslutar om det.") if mine else None


def _interest(actor: Actor, row: Penalty) -> str | None:
    return interest_in_contract(actor, db.session().get_one(Contract, row.contract_id))


# --- Read ---------------------------------------------------------------------------------------------------------


def read_penalty(actor: Actor, uid: UUID) -> Penalty:
    """Return a penalty with its contract and order; Missing when the actor does not reach it."""
    access.require(actor, READ)
    rows = select(Penalty).options(*WHOLE)
    row = db.session().scalar(rows.where(Penalty.uid == uid, access.rule_of(Penalty, actor)))
    if row is None:
        raise access.Missing("penalty", uid)
    return row


def penalty_events(actor: Actor, row: Penalty) -> list[PenaltyEvent]:
    """Return what has happened to a penalty, the newest first; of what was weighed the contractor reads nothing."""
    rows = select(PenaltyEvent).options(joinedload(PenaltyEvent.organisation), joinedload(PenaltyEvent.person))
    rows = rows.where(PenaltyEvent.penalty_id == row.id).order_by(PenaltyEvent.id.desc())
    return list(db.session().scalars(access.visible(rows, actor)))


def tallies(actor: Actor, period: Period | None = None) -> list[Tally]:
    """Return what the penalties of each contract come to: possible, claimed, waived; by the contract's title.

    Those of a `period` are for what became late in it, whenever somebody weighed them.
    """
    access.require(actor, READ)

    def summed(condition: Any, amount: Any) -> Any:
        return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)

    rows = select(
        Contract.title,
        Contract.uid,
        func.count().label("number"),
        func.coalesce(func.sum(Penalty.possible), 0).label("possible"),
        summed(Penalty.state.in_(CLAIMED), Penalty.amount).label("claimed"),
        summed(Penalty.state == "eftergiven", Penalty.amount).label("waived"),
    ).join(Penalty, Penalty.contract_id == Contract.id)
    rows = rows.where(access.rule_of(Penalty, actor), Penalty.state != WITHDRAWN)
    if period is not None:
        rows = rows.where(*period.holds(Penalty.late_since))
    rows = rows.group_by(Contract.id, Contract.title, Contract.uid).order_by(Contract.title)
    return [
        Tally(row.title, row.uid, row.number, int(row.possible), int(row.claimed), int(row.waived))
        for row in db.session().execute(rows)
    ]


def penalties_of(actor: Actor, deviations: Iterable[Deviation]) -> dict[int, Penalty]:
    """Return the penalties for deviations that the actor reaches, by key of deviation."""
    if not actor.may(READ):
        return {}
    rows = select(Penalty).where(Penalty.deviation_id.in_([row.id for row in deviations]))
    return {row.deviation_id or 0: row for row in db.session().scalars(access.visible(rows, actor))}
