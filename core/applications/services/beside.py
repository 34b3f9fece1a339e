"""What stands beside the order of a round and is not in it: what is not assessed yet, and what the same money is
proposed for in other rounds of the programme.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.applications.models import Application, Round
from core.applications.services.amounts import proposed_by_year
from core.applications.services.proposed import frozen_amounts
from core.applications.states import NOT_IN_ORDER, PROPOSED_IN

MOST = 500


@dataclass(frozen=True)
class Elsewhere:
    """What is proposed of a budget year in another round (its year and number) and is not decided, in kronor."""

    year: int
    of_year: int
    number: int
    kronor: int


def outside(actor: Actor, round_: Round) -> list[Application]:
    """Return the applications that a round has taken in and that do not stand in its order, in one query."""
    rows = select(Application).options(joinedload(Application.organisation)).where(access.rule_of(Application, actor))
    rows = rows.where(Application.round_id == round_.id, Application.state.in_(NOT_IN_ORDER))
    return list(db.session().scalars(rows.order_by(Application.id).limit(MOST)))


def elsewhere(round_: Round) -> list[Elsewhere]:
    """Return what other rounds of the same programme propose and nobody has decided, from the round's year on; of a
    frozen order what it proposes. Three queries at most, by year.

    A frozen order is large: each is read once, however many of its applications wait.
    """
    rows = select(Application.id, Application.uid, Application.round_id, Round.year, Round.number)
    rows = rows.join(Round, Round.id == Application.round_id)
    rows = rows.where(Round.programme_id == round_.programme_id, Round.id != round_.id)
    found = db.session().execute(rows.where(Application.state.in_(PROPOSED_IN))).all()
    if not found:
        return []
    written = proposed_by_year([one.id for one in found])
    kept = select(Round.id, Round.frozen).where(Round.id.in_({one.round_id for one in found}))
    fixed = {one.id: frozen_amounts(one.frozen) for one in db.session().execute(kept)}
    sums: dict[tuple[int, int, int], int] = {}
    for one in found:
        order = fixed[one.round_id]
        proposed = written.get(one.id, {}) if order is None else order.get(one.uid, {})
        for year, kronor in proposed.items():
            if year >= round_.year and kronor:
                about = (year, one.year, one.number)
                sums[about] = sums.get(about, 0) + kronor
    return [Elsewhere(*about, kronor) for about, kronor in sorted(sums.items())]
