"""What applications seek, are proposed and cost to run, by year, for many at once: the money of an order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import cast, func, literal, null, select, union_all

from core import clock, db
from core.applications.models import Application, CostLine, Proposal, RunningCost
from core.people.models import Organisation


@dataclass
class Amounts:
    """What applications seek, are proposed and cost to run, by their keys: kronor by year; `payers` of each year's run.

    The years of running cost are the first to the fifth.
    """

    sought: dict[int, dict[int, int]] = field(default_factory=dict)
    proposed: dict[int, dict[int, int]] = field(default_factory=dict)
    running: dict[int, dict[int, int]] = field(default_factory=dict)
    payers: dict[int, dict[int, str | None]] = field(default_factory=dict)


def amounts_of(keys: list[int]) -> Amounts:
    """Return the money of applications, in one query."""
    nobody = cast(null(), Organisation.name.type)
    cost = select(
        literal("sought").label("what"), CostLine.application_id, CostLine.year, func.sum(CostLine.amount), nobody
    )
    cost = cost.where(CostLine.application_id.in_(keys)).group_by(CostLine.application_id, CostLine.year)
    given = select(literal("proposed"), Proposal.application_id, Proposal.year, Proposal.amount, nobody)
    runs = select(
        literal("running"), RunningCost.application_id, RunningCost.year, RunningCost.amount, Organisation.name
    )
    runs = runs.outerjoin(Organisation, Organisation.id == RunningCost.payer_id)
    rows = union_all(
        cost, given.where(Proposal.application_id.in_(keys)), runs.where(RunningCost.application_id.in_(keys))
    )
    found = Amounts()
    for what, key, year, kronor, payer in db.session().execute(rows):
        getattr(found, what).setdefault(key, {})[year] = int(kronor)
        if what == "running":
            found.payers.setdefault(key, {})[year] = payer
    return found


def running_of(
    applications: Iterable[Application], ready: Mapping[int, Any], amounts: Amounts
) -> tuple[dict[int, dict[int, int]], dict[int, dict[str, int]]]:
    """Return what follows in running cost: by calendar year from the year after completion (`ready`), and by who
    carries it in the dearest year, by name; without a payer the applicant.
    """
    by_year: dict[int, dict[int, int]] = {}
    by_payer: dict[int, dict[str, int]] = {}
    for one in applications:
        done, payers = ready.get(one.id), amounts.payers.get(one.id, {})
        first = done.year if done is not None else clock.today().year
        for year, kronor in sorted(amounts.running.get(one.id, {}).items()):
            by_year.setdefault(one.id, {})[first + year] = kronor
            carried = by_payer.setdefault(one.id, {})
            payer = payers[year] or one.organisation.name
            carried[payer] = max(carried.get(payer, 0), kronor)
    return by_year, by_payer
