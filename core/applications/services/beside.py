"""What stands beside the order of a round and is not in it: what is not assessed yet, and what the same money is
proposed for in other rounds of the programme.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.applications.models import Application, Proposal, Round
from core.applications.services.proposed import frozen_amounts
from core.applications.states import NOT_IN_ORDER

PROPOSED_IN = ("forslag", "bordlagd")
"""States of applications that are proposed and not decided."""
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
    frozen order what it proposes. Two queries at most, by year.
    """
    rows = select(Application.id, Application.uid, Round).join(Round, Round.id == Application.round_id)
    rows = rows.where(Round.programme_id == round_.programme_id, Round.id != round_.id)
    found = db.session().execute(rows.where(Application.state.in_(PROPOSED_IN))).all()
    if not found:
        return []
    written: dict[int, dict[int, int]] = {}
    for one in db.session().scalars(select(Proposal).where(Proposal.application_id.in_([key for key, _, _ in found]))):
        written.setdefault(one.application_id, {})[one.year] = one.amount
    fixed = {other.id: frozen_amounts(other.frozen) for _, _, other in found}
    sums: dict[tuple[int, int, int], int] = {}
    for key, uid, other in found:
        kept = fixed[other.id]
        for year, kronor in (written.get(key, {}) if kept is None else kept.get(uid, {})).items():
            if year >= round_.year and kronor:
                about = (year, other.year, other.number)
                sums[about] = sums.get(about, 0) + kronor
    return [Elsewhere(*about, kronor) for about, kronor in sorted(sums.items())]
