"""What an application seeks and what is proposed for it, year by year, beside what remains of the frames.

Whole kronor. The proposal is that of the order as it was frozen; before that, what stands in it now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import access, db
from core.access import Actor
from core.applications.models import Allocation, Application, GrantDecision, Ranked, Round
from core.applications.services.amounts import outcome, proposed_by_year, sought_by_year
from core.reserve.models import Frame

Amounts = Mapping[int, int]
"""Kronor by budget year."""


@dataclass(frozen=True)
class Offer:
    """What an application seeks and what is proposed for it; `fixed` when the proposal is that of a frozen order."""

    sought: Amounts
    proposed: Amounts = field(default_factory=dict)
    known: bool = False
    fixed: bool = False

    @property
    def outcome(self) -> str:
        """The outcome that is proposed; empty while nothing is."""
        return outcome(self.sought, self.proposed if self.known else None)

    @property
    def years(self) -> list[int]:
        """The years that either is about, the earliest first."""
        return sorted({*self.sought, *self.proposed})

    def departs(self, outcome: str, amounts: Amounts) -> bool:
        """Whether a decision is another than the frozen order proposes."""
        given = {year: kronor for year, kronor in amounts.items() if kronor}
        return self.fixed and (outcome != self.outcome or given != dict(self.proposed))


def offers(applications: Iterable[Application], frozen: Mapping[str, Any] | None) -> dict[int, Offer]:
    """Return what is sought and proposed for each of some applications of a round, by key, in two queries."""
    rows = list(applications)
    keys = [row.id for row in rows]
    sought, proposed = sought_by_year(keys), proposed_by_year(keys)
    fixed = frozen_amounts(frozen)
    found = {}
    for row in rows:
        mine = fixed.get(row.uid) if fixed is not None else proposed.get(row.id)
        given = {year: kronor for year, kronor in sorted((mine or {}).items()) if kronor}
        found[row.id] = Offer(sought.get(row.id, {}), given, mine is not None, fixed is not None)
    return found


def offer_of(application: Application) -> Offer:
    """Return what is sought and proposed for one application."""
    frozen = None
    if application.round_id is not None:
        frozen = db.session().scalar(select(Round.frozen).where(Round.id == application.round_id))
    return offers([application], frozen)[application.id]


def frozen_amounts(frozen: Mapping[str, Any] | None) -> dict[UUID, dict[int, int]] | None:
    """Return what a frozen order proposes for each application; nothing for one below its line."""
    if not frozen:
        return None
    return {
        UUID(row["application"]): {int(year): int(kronor) for year, kronor in row["proposed"].items()}
        for row in frozen["rows"]
    }


def frozen_order(frozen: Mapping[str, Any] | None) -> dict[UUID, int]:
    """Return where each application stands in a frozen order, from 1."""
    return {UUID(row["application"]): place for place, row in enumerate((frozen or {}).get("rows", ()), 1)}


def positions(applications: Iterable[Application]) -> dict[int, int]:
    """Return where applications stand in the order that is not frozen yet, by key."""
    rows = select(Ranked.application_id, Ranked.position)
    keys = [one.id for one in applications]
    found = db.session().execute(rows.where(Ranked.application_id.in_(keys)))
    return {one.application_id: one.position for one in found}


def waiting_in(programme_id: int) -> dict[int, int]:
    """Return what decisions that wait for a second person would take of each year's frame, in kronor."""
    rows = select(Allocation.year, func.sum(Allocation.amount).label("kronor"))
    rows = rows.join(GrantDecision, GrantDecision.id == Allocation.decision_id)
    rows = rows.join(Application, Application.id == GrantDecision.application_id)
    rows = rows.where(GrantDecision.state == "registrerad", Application.programme_id == programme_id)
    return {one.year: int(one.kronor) for one in db.session().execute(rows.group_by(Allocation.year))}


def left_in_frames(actor: Actor, programme_id: int) -> dict[int, int]:
    """Return what remains to grant of each year's frame of a programme, in kronor."""
    rows = select(Frame).where(Frame.programme_id == programme_id).order_by(Frame.year)
    return {one.year: one.amount - one.granted for one in db.session().scalars(access.visible(rows, actor))}
