"""What an application costs: year by year, what is written off over how long, what it costs to run, who else pays.

All amounts are whole kronor. What is sought is the sum of the cost lines, until a part is granted: then they become a
plan, and what was applied for is kept by itself (domain.md 1.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import joinedload

from core import access, db, journal
from core.access import Actor
from core.applications.models import (
    COST_KINDS,
    RUNNING_YEARS,
    WRITE,
    Application,
    ApplicationPart,
    AppliedFor,
    Component,
    CostLine,
    OtherFunding,
    RunningCost,
)
from core.applications.services import applications, parts
from core.i18n import N_
from core.schema import Invalid
from core.walks.services.reaching import organisation_keys

COSTS, RUNNING = "utgifter", "drift"
PLANS = "delvis_beviljad"
"""The state in which the costs are written anew as a plan."""
MOST = 10_000_000_000
"""Kronor in one amount: more than the city invests in a year."""
MOST_ROWS = 200
YEAR, YEARS = "ar", tuple(range(1, RUNNING_YEARS + 1))
"""What the part of running costs says of the first to fifth year, by name: ar1 … ar5."""
NOT_YET: dict[str, Any] = {"amount": None, "payer": None, "why": ""}
SORTS: dict[str, Any] = {"rad": CostLine, "komponent": Component, "finansiering": OtherFunding}
"""What the part of costs holds rows of, by the word in its addresses."""
SCALE = 100_000
"""Thousandths of a percent in a whole."""


@dataclass(frozen=True)
class Year:
    """What is sought in a year, by kind of cost."""

    year: int
    by_kind: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_kind.values())


@dataclass(frozen=True)
class Capital:
    """The capital cost of a year of use: what is written off of it, the interest on the average book value."""

    year: int
    written_off: int
    book_value: int
    interest: int

    @property
    def total(self) -> int:
        return self.written_off + self.interest


# --- Rows of the part ---------------------------------------------------------------------------------------------


def add_row(actor: Actor, application: UUID, sort: str, *, uid: UUID, **facts: Any) -> Any:
    """Add a cost line, a component or other funding, once for each `uid`.

    Raises Missing, Denied, Conflict, Refused (locked), Invalid (too many, too much).
    """
    found, part = applications.part_to_write(actor, application, COSTS, version=None)
    model = model_of(sort)
    known = db.session().scalar(select(model).where(model.uid == uid))
    if known is not None:
        if known.application_id != found.id or any(getattr(known, name) != value for name, value in facts.items()):
            raise db.Conflict(model.__tablename__, uid)
        return known
    if (
        db.session().scalar(select(func.count()).select_from(model).filter_by(application_id=found.id)) or 0
    ) >= MOST_ROWS:
        raise Invalid({"": [N_("Det får inte plats fler rader. Slå ihop några.")]})
    row = model(uid=uid, application_id=found.id, **facts)
    db.session().add(row)
    _changed(actor, found, part, f"{sort}:add", uid)
    return row


def change_row(actor: Actor, sort: str, uid: UUID, *, version: int | None, **facts: Any) -> Any:
    """Change a row. Raises Missing, Denied, Stale, Refused, Invalid."""
    row, found, part = _own(actor, sort, uid, version)
    for name, value in facts.items():
        setattr(row, name, value)
    _changed(actor, found, part, f"{sort}:change", uid)
    return row


def remove_row(actor: Actor, sort: str, uid: UUID, *, version: int | None) -> Application:
    """Remove a row. Raises Missing, Denied, Stale, Refused."""
    row, found, part = _own(actor, sort, uid, version)
    db.session().delete(row)
    _changed(actor, found, part, f"{sort}:remove", uid)
    return found


def model_of(sort: str) -> Any:
    """Return the table of a sort of row; Missing for none."""
    if sort not in SORTS:
        raise access.Missing("application_cost", sort)
    return SORTS[sort]


def read_row(actor: Actor, application: Application, sort: str, uid: UUID) -> Any:
    """Return a row of an application that the actor reaches."""
    model = model_of(sort)
    rows = select(model).where(model.uid == uid, model.application_id == application.id)
    row = db.session().scalar(rows.where(access.rule_of(model, actor)))
    if row is None:
        raise access.Missing(model.__tablename__, uid)
    return row


def _own(actor: Actor, sort: str, uid: UUID, version: int | None) -> tuple[Any, Application, ApplicationPart]:
    model = model_of(sort)
    row = access.find(model, uid, actor, WRITE, lock=True)
    about = db.session().get_one(Application, row.application_id)
    found, part = applications.part_to_write(actor, about.uid, COSTS, version=None)
    db.refuse_stale(model.__tablename__, uid, row.version, version)
    return row, found, part


def _changed(actor: Actor, application: Application, part: ApplicationPart, what: str, uid: UUID) -> None:
    """Keep the sum with its lines, in the same step; whoever writes in the part holds its lock."""
    db.session().flush()
    total = db.session().scalar(select(func.sum(CostLine.amount)).filter_by(application_id=application.id)) or 0
    if total > MOST:
        raise Invalid({"amount": [N_("Summan blir för stor. Kontrollera beloppen.")]})
    if application.state != PLANS:
        application.sought = int(total)
    applications.touch_rows(actor, part)
    journal.write(actor, f"application_{what}", "application", application.uid, level=application.level, row=str(uid))


@applications.follows("bevilja_delvis")
def _keep_applied(_actor: Actor, application: Application, _facts: dict[str, Any]) -> None:
    """Keep what was applied for each year, before the costs become a plan; once, however often it is decided."""
    mine = select(AppliedFor.year).filter_by(application_id=application.id)
    if db.session().scalar(mine.limit(1)) is not None:
        return
    lines = select(CostLine.application_id, CostLine.year, func.sum(CostLine.amount))
    lines = lines.where(CostLine.application_id == application.id).group_by(CostLine.application_id, CostLine.year)
    db.session().execute(insert(AppliedFor).from_select(["application_id", "year", "amount"], lines))


@applications.follows("skriv_om")
def _apply_anew(_actor: Actor, application: Application, _facts: dict[str, Any]) -> None:
    """What is written anew applies for what its costs are, whatever was granted and corrected before."""
    db.session().execute(delete(AppliedFor).where(AppliedFor.application_id == application.id))
    total = select(func.coalesce(func.sum(CostLine.amount), 0)).where(CostLine.application_id == application.id)
    application.sought = int(db.session().scalar(total) or 0)


def rows_of(application: Application, sort: str) -> list[Any]:
    """Return the rows of a sort of an application that the actor reaches, cost lines by year."""
    model = model_of(sort)
    order = (CostLine.year, CostLine.id) if model is CostLine else (model.id,)
    return list(db.session().scalars(select(model).filter_by(application_id=application.id).order_by(*order)))


def by_year(lines: Sequence[CostLine]) -> list[Year]:
    """Return what is sought each year, the kinds in their order."""
    found: dict[int, dict[str, int]] = {}
    for line in lines:
        kinds = found.setdefault(line.year, dict.fromkeys(COST_KINDS, 0))
        kinds[line.kind] = kinds.get(line.kind, 0) + line.amount
    return [Year(year, kinds) for year, kinds in sorted(found.items())]


# --- Capital cost -------------------------------------------------------------------------------------------------


def capital_cost(components: Sequence[Component], rate: int, years: int = RUNNING_YEARS) -> list[Capital]:
    """Return what the investment costs in capital each of its first years of use (domain.md 1.2).

    Each component is written off in equal parts over its own years, and costs interest at `rate` (thousandths of a
    percent) on the average of what it is worth in the books at the beginning and at the end of the year. Halves of a
    krona are rounded up, for each component by itself.
    """
    return [_of_year(components, rate, year) for year in range(1, years + 1)]


def _of_year(components: Sequence[Component], rate: int, year: int) -> Capital:
    written_off = book = interest = 0
    for one in components:
        if year > one.years:
            continue
        left = 2 * (one.years - year) + 1  # half years of it that are left in the middle of the year
        written_off += _half_up(one.amount, one.years)
        book += _half_up(one.amount * left, 2 * one.years)
        interest += _half_up(one.amount * left * rate, 2 * one.years * SCALE)
    return Capital(year, written_off, book, interest)


def _half_up(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)


# --- Running cost -------------------------------------------------------------------------------------------------


def running_of(application: Application) -> dict[int, RunningCost]:
    """Return what it costs to run, by year after it is finished, with who pays."""
    rows = select(RunningCost).options(joinedload(RunningCost.payer)).filter_by(application_id=application.id)
    return {row.year: row for row in db.session().scalars(rows.order_by(RunningCost.year))}


@parts.writes(RUNNING)
def _write_running(actor: Actor, application: Application, facts: dict[str, Any]) -> None:
    """Keep what is said of each of the five years: amount, payer (its uid), why; no amount: not known yet.

    Nothing to pay needs a reason. Raises Invalid.
    """
    named = {year: facts.pop(f"{YEAR}{year}") for year in YEARS if f"{YEAR}{year}" in facts}
    years = {year: NOT_YET | known for year, known in named.items()}
    wrong = {
        f"{YEAR}{year}.why": [N_("Skriv varför det inte kostar något.")]
        for year, known in years.items()
        if known["amount"] == 0 and not known["why"].strip()
    }
    if wrong:
        raise Invalid(wrong)
    stand = running_of(application)
    for year, known in years.items():
        row = stand.get(year)
        if known["amount"] is None:
            if row is not None:
                db.session().delete(row)
            continue
        payer = known["payer"]
        keys = organisation_keys(actor, [payer], f"{YEAR}{year}.payer") if payer else [None]
        if row is None:
            row = RunningCost(application_id=application.id, year=year)
            db.session().add(row)
        row.amount, row.payer_id, row.why = known["amount"], keys[0], known["why"]
    db.session().flush()


def running_held(application: Application) -> dict[str, dict[str, Any]]:
    """Return what the part's form says of each year as it stands."""
    rows = running_of(application)
    return {
        f"{YEAR}{year}": {"amount": row.amount, "payer": row.payer.uid if row.payer else None, "why": row.why}
        if (row := rows.get(year))
        else dict(NOT_YET)
        for year in YEARS
    }


def lacks_of_running(found: dict[int, RunningCost]) -> list[int]:
    """Return the years that nobody has written the running cost of, or who pays it."""
    return [year for year in YEARS if year not in found or (found[year].amount > 0 and found[year].payer_id is None)]
