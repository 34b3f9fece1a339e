"""The clocks of 24 months: begun by a decision, met by the next one, and warned of 9, 6 and 3 months before (Z10).

Every date is the engine's: the last day is that of the frist, and a warning comes as many months after the decision as
are left then.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from core import access, clock, db
from core.access import Actor
from core.duties.law import MONTHS, WARNED_BEFORE
from core.duties.limits import ONLY, months_after
from core.duties.models import ActionPlan, CityReport
from core.duties.models.reports import APPROVED
from core.duties.states import DECIDED, FOLLOWED
from core.hookspecs import Rule
from core.refs import Subject
from core.upkeep import engine
from core.upkeep import services as upkeep
from core.upkeep.counting import after_months

HOUSE = access.system("duties")
NOON = time(12)
Clocked = CityReport | ActionPlan


def about(row: Any, title: str) -> Subject:
    """Return a row of this room as what a frist is about."""
    return Subject(row.__tablename__, row.uid, title, level=1)


def at(day: date) -> datetime:
    """Return the moment from which a term that begins with a decision on a day is counted."""
    return datetime.combine(day, NOON, clock.STOCKHOLM)


def begin(row: Clocked, kind: str, decided_on: date) -> date:
    """Plan the frist of a decision, or begin it anew, and return its last day."""
    known: dict[str, Any] = {"rule": ONLY, "subject": about(row, row.title), "starts_at": at(decided_on)}
    frist = upkeep.plan_deadline(HOUSE, kind, owner=row.organisation_id, **known)
    if frist.starts_at != at(decided_on) or frist.state != "oppen":
        known["terms"] = months_after(MONTHS)
        upkeep.restart_deadline(HOUSE, kind, reason=row.decision or row.number, **known)
    return frist.due_on


def moved_from(row: Clocked) -> date | None:
    """Return the day of the same number, when what holds for 24 months ends on a weekday after it; else None."""
    if row.decided_on is None or row.valid_until is None:
        return None
    full = after_months(row.decided_on, MONTHS)
    return full if full < row.valid_until else None


def meet(row: Any, kind: str, reason: str) -> None:
    """Let a frist be met by what has been decided or followed up."""
    upkeep.meet_deadline(HOUSE, kind, about(row, ""), reason=reason)


def stop(row: Any, kind: str, reason: str) -> None:
    """Let a frist lapse with the decision that it hung on."""
    upkeep.drop_deadline(HOUSE, kind, about(row, ""), reason=reason)


def promise(row: Any, kind: str, *, title: str, on: date, owner: int, source: str) -> None:
    """Plan the frist of something that is to be done on a day which was decided elsewhere."""
    terms = Rule(0, "given_date", source, source=source, given=on)
    known: dict[str, Any] = {"rule": ONLY, "subject": about(row, title), "owner": owner, "terms": terms}
    upkeep.plan_deadline(HOUSE, kind, starts_at=clock.now(), **known)


def reopen(row: Any, kind: str, *, on: date, source: str, reason: str) -> None:
    """Open the frist of something that was done and is to be done again: on the same day as before."""
    terms = Rule(0, "given_date", source, source=source, given=on)
    known: dict[str, Any] = {"rule": ONLY, "terms": terms, "starts_at": clock.now(), "reason": reason}
    upkeep.restart_deadline(HOUSE, kind, about(row, ""), **known)


# --- Warnings -----------------------------------------------------------------------------------------------------


def warning_days(decided_on: date) -> dict[int, date]:
    """Return the day of each warning, by how many months are left then."""
    found = {}
    for left in WARNED_BEFORE:
        rule = engine.frozen("", ONLY, months_after(MONTHS - left), "")
        found[left] = engine.due(rule, at(decided_on)).on
    return found


def months_left(decided_on: date, day: date) -> int | None:
    """Return which warning holds on a day: 9, 6 or 3 months left; None before the first."""
    return min((left for left, on in warning_days(decided_on).items() if on <= day), default=None)


def ticking() -> Iterator[Clocked]:
    """Yield what is decided and runs out: the approved lägesbild, and the plan that holds."""
    yield from db.session().scalars(select(CityReport).where(CityReport.state == APPROVED))
    yield from db.session().scalars(select(ActionPlan).where(ActionPlan.state.in_((DECIDED, FOLLOWED))))


def warn_of_what_runs_out() -> None:
    """Put a line into tomorrow's letter 9, 6 and 3 months before the last day, once for each; a job of the worker."""
    for row in ticking():
        left = months_left(row.decided_on, clock.today()) if row.decided_on else None
        if left is not None and (row.warned is None or left < row.warned):
            upkeep.nudge_about(HOUSE, about(row, row.title), row.organisation_id)
            row.warned = left
    db.session().flush()


def running_out(actor: Actor) -> list[tuple[Clocked, int]]:
    """Return what runs out within nine months and the actor reaches, each with which warning holds now."""
    found = []
    for model in (CityReport, ActionPlan):
        rows: Any = select(model).where(model.state.in_((APPROVED, DECIDED, FOLLOWED)))
        for row in db.session().scalars(access.visible(rows, actor)):
            left = months_left(row.decided_on, clock.today()) if row.decided_on else None
            if left is not None:
                found.append((row, left))
    return found
