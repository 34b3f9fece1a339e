"""What applications seek, are proposed and cost to run, by year, for many at once; and what a proposal comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CompoundSelect, Select, cast, func, literal, null, select, union_all

from core import clock, db
from core.applications.models import Application, AppliedFor, CostLine, Proposal, RunningCost
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


def sought_by_year(applications: Iterable[int]) -> dict[int, dict[int, int]]:
    """Return what applications (their keys) seek in each year, the earliest first, in kronor.

    What was applied for stays so when a part is granted and the costs become a plan of it.
    """
    return _by_year(union_all(*_sought(list(applications))))


def planned_by_year(applications: Iterable[int]) -> dict[int, dict[int, int]]:
    """Return what the costs of applications (their keys) are now in each year, the earliest first, in kronor."""
    return _by_year(_planned(list(applications)))


def proposed_by_year(applications: Iterable[int]) -> dict[int, dict[int, int]]:
    """Return what is proposed for applications (their keys) in each year; nothing where nothing is proposed yet."""
    return _by_year(_proposed(applications))


def outcome(sought: Mapping[int, int], proposed: Mapping[int, int] | None) -> str:
    """Return what a proposal comes to, by the key of the outcome; nothing where nothing is proposed."""
    if proposed is None:
        return ""
    total = sum(proposed.values())
    if not total:
        return "avslag"
    return "beviljad" if total >= sum(sought.values()) else "delvis_beviljad"


def _planned(applications: list[int]) -> Select[int, int, int]:
    rows = select(CostLine.application_id, CostLine.year, func.sum(CostLine.amount).label("kronor"))
    return rows.where(CostLine.application_id.in_(applications)).group_by(CostLine.application_id, CostLine.year)


def _sought(applications: list[int]) -> tuple[Select[int, int, int], Select[int, int, int]]:
    """Return what is sought by cost lines, and what was applied for where the lines are a plan."""
    kept = select(AppliedFor.application_id, AppliedFor.year, AppliedFor.amount.label("kronor"))
    planned = select(AppliedFor.application_id).where(AppliedFor.application_id == CostLine.application_id).exists()
    return _planned(applications).where(~planned), kept.where(AppliedFor.application_id.in_(applications))


def _proposed(applications: Iterable[int]) -> Select[int, int, int]:
    rows = select(Proposal.application_id, Proposal.year, Proposal.amount.label("kronor"))
    return rows.where(Proposal.application_id.in_(list(applications)))


def _by_year(rows: Select[int, int, int] | CompoundSelect[int, int, int]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    for key, year, kronor in db.session().execute(rows.order_by("application_id", "year")):
        found.setdefault(key, {})[year] = int(kronor)
    return found


def amounts_of(keys: list[int]) -> Amounts:
    """Return the money of applications, in one query."""
    nobody = cast(null(), Organisation.name.type)
    runs = select(RunningCost.application_id, RunningCost.year, RunningCost.amount, literal("running"))
    runs = runs.add_columns(Organisation.name).outerjoin(Organisation, Organisation.id == RunningCost.payer_id)
    rows = union_all(
        *(one.add_columns(literal("sought"), nobody) for one in _sought(keys)),
        _proposed(keys).add_columns(literal("proposed"), nobody),
        runs.where(RunningCost.application_id.in_(keys)),
    )
    found = Amounts()
    for key, year, kronor, what, payer in db.session().execute(rows):
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
