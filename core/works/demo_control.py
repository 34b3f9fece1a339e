"""The demo's control of contracts: visits, deviations and jäv; and its maintenance plans with the orders they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import clock, db
from core.people.services import organisation
from core.places.models import Place
from core.places.services import rows_of
from core.upkeep.demo import Story, on, somebody
from core.works import services
from core.works.models import MaintenancePlan, WorkOrder

FIRST = -63
"""Days from today since when the plans have made orders; each week the job has run."""
LAST = -5
"""Day from today since when nobody has begun with what the plans ordered."""
INTEREST = ("fack_handlaggare", "trafik", "demo-renhallning", "En nära anhörig arbetsleder hos entreprenören.")


def plan(story: Story) -> None:
    """Let contracts be controlled and plans make their orders."""
    for row in rows_of("demo_visits.csv"):
        _visit(story, row)
    for row in rows_of("demo_deviations.csv"):
        _deviation(story, row)
    story.add(on(-200), _declare)
    for days in range(-420, -50, 30):
        story.add(on(days, time(11)), partial(_inspect, "trafik", "tk_drift"))
    for row in rows_of("demo_plans.csv"):
        story.add(on(int(row["days"])), partial(_plan, row))
        if row["ended"]:
            story.add(on(int(row["days"]) + 120), partial(_end, row))


def work_off(story: Story, sides_of: Callable[..., Any], finish: Callable[[Any, UUID], None]) -> None:
    """Let the job order what the plans say, week by week, and let it be done but for the last."""
    for days in range(FIRST, 1, 7):
        story.add(on(days, time(5)), services.make_planned_orders)
        if days <= LAST:
            story.add(on(days + 3, time(14)), partial(_finish_planned, sides_of, finish))


def _inspect(code: str, role: str) -> None:
    """Let what soon is guaranteed no longer have been looked over."""
    keeper = somebody(role, code)
    for warranty, _, _ in services.to_inspect(keeper):
        result, note = "utan_anmarkning", "Besiktad på plats."
        services.inspect(keeper, warranty.uid, inspected_on=clock.today(), result=result, note=note)


def _declare() -> None:
    role, code, contractor, reason = INTEREST
    firm = organisation(contractor).uid
    services.declare(somebody(role, code), contractor=firm, valid_to=None, reason=reason)


# --- Control --------------------------------------------------------------------------------------------------------


def _contract(title: str) -> tuple[Any, UUID]:
    """Return who looks after the contract called so, and its uid."""
    row = next(row for row in rows_of("demo_contracts.csv") if row["title"] == title)
    return somebody(row["role"], row["organisation"]), db.uid_of(f"demo avtal {title}")


def _visit(story: Story, row: Mapping[str, str]) -> None:
    uid, planned = db.uid_of(f"demo kontroll {row['contract']} {row['planned']}"), int(row["planned"])
    day = clock.today() + timedelta(days=planned)

    def add() -> None:
        keeper, contract = _contract(row["contract"])
        services.plan_visit(keeper, contract, uid=uid, planned_on=day)

    def do() -> None:
        keeper, _ = _contract(row["contract"])
        minutes, result, note = int(row["minutes"]), row["result"], row["note"]
        services.do_visit(keeper, uid, done_on=clock.today(), minutes=minutes, result=result, note=note)

    story.add(on(min(planned, 0) - 20, time(9)), add)
    if row["done"]:
        story.add(on(int(row["done"]), time(15)), do)


def _deviation(story: Story, row: Mapping[str, str]) -> None:
    uid, days = db.uid_of(f"demo avvikelse {row['what']}"), -int(row["days"])

    def note() -> None:
        keeper, contract = _contract(row["contract"])
        services.note_deviation(keeper, contract, uid=uid, what=row["what"], found_on=clock.today())

    def answer() -> None:
        contract = next(one for one in rows_of("demo_contracts.csv") if one["title"] == row["contract"])
        services.move_deviation(somebody("entreprenor", contract["contractor"]), uid, "besvara", reason=row["answer"])

    def close() -> None:
        keeper, _ = _contract(row["contract"])
        services.move_deviation(keeper, uid, "stang", reason=row["closed"])

    story.add(on(days, time(13)), note)
    if row["answer"]:
        story.add(on(days + 3, time(13)), answer)
    if row["closed"]:
        story.add(on(days + 8, time(13)), close)


# --- Plans ----------------------------------------------------------------------------------------------------------


def _plan(row: Mapping[str, str]) -> None:
    ordered = row["contract"]
    keeper, contract = _contract(ordered) if ordered else (somebody(row["role"], row["organisation"]), None)
    services.add_plan(
        keeper,
        uid=_uid(row),
        contract=contract,
        organisation=row["organisation"],
        place=db.session().scalars(select(Place.uid).where(Place.name == row["place"])).one(),
        rrule=row["rrule"],
        basis=row["basis"],
        starts_on=clock.today(),
        title=row["title"],
        description=row["description"],
        category=row["category"],
        ends_on=None,
        season_from=row["season_from"],
        season_to=row["season_to"],
        lead_days=int(row["lead"]),
        reach_days=int(row["reach"]),
    )


def _uid(row: Mapping[str, str]) -> UUID:
    return db.uid_of(f"demo skötselplan {row['title']}")


def _end(row: Mapping[str, str]) -> None:
    keeper, _ = _contract(row["contract"])
    services.end_plan(keeper, _uid(row), reason=row["ended"])


def _finish_planned(sides_of: Callable[..., Any], finish: Callable[[Any, UUID], None]) -> None:
    """Let what the plans ordered be done, but for what they have ordered lately."""
    rows = select(WorkOrder.uid, MaintenancePlan.uid).join(MaintenancePlan, MaintenancePlan.id == WorkOrder.plan_id)
    rows = rows.where(WorkOrder.state == "tilldelad", WorkOrder.starts_at <= clock.now() - timedelta(days=2))
    known = {_uid(row): row for row in rows_of("demo_plans.csv")}
    for order, plan in db.session().execute(rows.order_by(WorkOrder.id)).all():
        row = known[plan]
        finish(sides_of(row["contract"], board=row["organisation"], role=row["role"]), order)
