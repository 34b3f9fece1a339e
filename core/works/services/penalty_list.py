"""Lists of penalties: in parts, page by page, and those that wait for somebody's step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select

from core import access, bounded, db
from core.access import Actor
from core.works.models import Contract, Penalty
from core.works.services.interests import interest_in_contract
from core.works.services.penalties import READ, WHOLE
from core.works.states import CONFIRM, DECIDE, PENALTY_TABS, WAIVE

PAGE = 50
COUNTED = 1000
"""Penalties that are counted in each part; beyond it is "fler än"."""
TODOS = 20


@dataclass(frozen=True)
class PenaltyPage:
    """A page of penalties, and where the next one begins."""

    rows: list[Penalty]
    after: tuple[int] | None


def list_penalties(actor: Actor, tab: str = "att_gora", *, after: tuple[int] | None = None) -> PenaltyPage:
    """Return the penalties that the actor reaches in a part of the list, the oldest first, a page at a time."""
    access.require(actor, READ)
    rows = select(Penalty).options(*WHOLE).where(Penalty.state.in_(PENALTY_TABS[tab]))
    rows = rows if after is None else rows.where(Penalty.id > after[0])
    found = db.session().scalars(access.visible(rows, actor).order_by(Penalty.id).limit(PAGE + 1)).all()
    shown = list(found[:PAGE])
    return PenaltyPage(shown, (shown[-1].id,) if len(found) > PAGE else None)


def count_penalties(actor: Actor) -> dict[str, int]:
    """Return how many penalties there are in each part of the list, counted no further than COUNTED + 1."""
    access.require(actor, READ)
    mine = select(Penalty.id).where(access.rule_of(Penalty, actor))
    return bounded.counted(
        {tab: mine.where(Penalty.state.in_(states)) for tab, states in PENALTY_TABS.items()}, COUNTED
    )


def penalties_to_weigh(actor: Actor) -> list[Penalty]:
    """Return the penalties whose next step the actor may take, the oldest first.

    Who confirmed one does not decide about it, and nobody weighs those of whom she has an interest in.
    """
    another = or_(Penalty.confirmed_by_id.is_(None), Penalty.confirmed_by_id != actor.id)
    steps: list[Any] = [
        and_(Penalty.state == "foreslagen", access.rule_of(Penalty, actor, CONFIRM)),
        and_(Penalty.state.in_(("bekraftad", "bestridd")), another, access.rule_of(Penalty, actor, DECIDE)),
        and_(Penalty.state == "bestridd", access.rule_of(Penalty, actor, WAIVE)),
    ]
    if not any(map(actor.may, (CONFIRM, DECIDE, WAIVE))):
        return []
    waiting = or_(*steps)
    contracts = select(Contract).where(Contract.id.in_(select(Penalty.contract_id).where(waiting)))
    found = db.session().scalars(contracts).all()
    if not found:
        return []
    barred = [contract.id for contract in found if interest_in_contract(actor, contract) is not None]
    rows = select(Penalty).options(*WHOLE).where(waiting, Penalty.contract_id.not_in(barred))
    return list(db.session().scalars(rows.order_by(Penalty.id).limit(TODOS)))
