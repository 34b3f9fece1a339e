"""How what was ordered went (domain.md 10.7): promises kept, what came again, control, penalties, what places cost.

Whether a promise was kept is said in one place, `core.upkeep.services.reports`; here it is joined to the orders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, select

from core import access, db
from core.access import Actor
from core.dated import seconds
from core.journal import PROTECTED
from core.people.models import Organisation
from core.places.models import Place
from core.upkeep.models import Deadline
from core.upkeep.services.reports import COUNTS, Aged, Kept, aged, by_month, kept, late_only
from core.works.models import Contract, WorkOrder
from core.works.period import Period, per_cent
from core.works.services.control import Controlled, controlled
from core.works.services.penalties import READ as READ_PENALTIES
from core.works.services.penalties import Tally, tallies
from core.works.states import READ

AGAIN = timedelta(days=30)
"""Within which the same thing on the same place has come again."""
PLACES, LISTED = 50, 100
"""Places whose cost is told, and orders that are listed as having come again, at most."""
OWN_PEOPLE, UNSEEN = 0, -1
"""Keys of what was ordered of one's own people, and under a contract that the actor does not reach."""

PER = ("avtal", "stadsdel", "prioritet", "sort")
"""What the report can be broken down by."""


@dataclass(frozen=True)
class Again:
    """Orders about what had been approved as mended at most AGAIN before: the same kind on the same place."""

    of: int
    """Orders that could have been: begun in the period, on a place, of a kind, neither of a plan nor a part."""
    count: int
    rows: Sequence[Any]
    """The latest first, LISTED at most, each with the number, uid and approval of the one before."""

    @property
    def share(self) -> int | None:
        """In whole per cent."""
        return per_cent(self.count, self.of)


@dataclass(frozen=True)
class Costs:
    """What the work that was reported as done in the period cost, in kronor, by place; and in all."""

    rows: Sequence[Any]
    total: int


@dataclass(frozen=True)
class OrderReport:
    """The tables of the page, of what the actor reaches; protected orders and frister are in none of them."""

    period: Period
    per: str
    groups: list[Kept]
    months: list[Kept]
    aged: list[Aged]
    contracts: Mapping[int, tuple[UUID, str]]
    """Uid and title of the contracts that are keys of groups."""
    again: Again
    controlled: list[Controlled]
    penalties: list[Tally]
    costs: Costs

    @property
    def whole(self) -> Kept:
        """All groups together."""
        whole = Kept(None)
        for one in self.groups:
            whole.moved += one.moved
            for verdict, count in one.counts.items():
                whole.counts[verdict] = whole.counts.get(verdict, 0) + count
        return whole


def order_report(actor: Actor, period: Period, per: str = "avtal") -> OrderReport:
    """Return the report of a period, in as many queries however much there is.

    A frist belongs to the period in which its last day is; what is open and late is counted however old it is.
    """
    access.require(actor, READ)
    within = _promises(actor).where(Deadline.due_on.between(period.first, period.last))
    return OrderReport(
        period=period,
        per=per,
        groups=kept(_grouped(within, per, actor)),
        months=by_month(within),
        aged=aged(_grouped(late_only(_promises(actor)), per, actor)),
        contracts=_contracts(actor) if per == "avtal" else {},
        again=came_again(actor, period),
        controlled=controlled(actor, period),
        penalties=tallies(actor, period) if actor.may(READ_PENALTIES) else [],
        costs=costs(actor, period),
    )


def _promises(actor: Actor) -> Select[Any]:
    """Return the query of the frister of the orders that the actor reaches, whoever answers for them."""
    about = and_(Deadline.subject_kind == "order", Deadline.subject_uid == WorkOrder.uid)
    rows = select(Deadline.id).join(WorkOrder, about).where(COUNTS, WorkOrder.level < PROTECTED)
    return rows.where(access.rule_of(WorkOrder, actor))


def _grouped(rows: Select[Any], per: str, actor: Actor) -> Select[Any]:
    keys: dict[str, Any] = {
        "avtal": _contract_key(actor),
        "stadsdel": Organisation.name,
        "prioritet": WorkOrder.priority,
        "sort": WorkOrder.category,
    }
    if per == "stadsdel":
        rows = rows.outerjoin(Organisation, Organisation.id == WorkOrder.coordinator_id)
    return rows.with_only_columns(keys[per].label("key")).group_by("key")


def _contract_key(actor: Actor) -> Any:
    reached = select(Contract.id).where(access.rule_of(Contract, actor))
    return case(
        (WorkOrder.contract_id.is_(None), OWN_PEOPLE),
        (WorkOrder.contract_id.in_(reached), WorkOrder.contract_id),
        else_=UNSEEN,
    )


def _contracts(actor: Actor) -> dict[int, tuple[UUID, str]]:
    rows = select(Contract.id, Contract.uid, Contract.title).where(access.rule_of(Contract, actor))
    return {row.id: (row.uid, row.title) for row in db.session().execute(rows)}


# --- What came again ----------------------------------------------------------------------------------------------


def came_again(actor: Actor, period: Period, *, limit: int = LISTED) -> Again:
    """Return which of the orders that began in the period were about what had been mended shortly before.

    Both orders are such that the actor reaches. What a plan orders comes again because it shall, and parts belong to
    their whole: neither is counted, nor what was recalled.
    """
    newer = _once(actor).where(*period.holds(WorkOrder.starts_at)).subquery("newer")
    older = _once(actor).where(WorkOrder.approved_at.is_not(None)).subquery("older")
    since = seconds(newer.c.starts_at) - seconds(older.c.approved_at)
    same = and_(
        older.c.place_id == newer.c.place_id,
        older.c.category == newer.c.category,
        older.c.approved_at <= newer.c.starts_at,
        since <= int(AGAIN.total_seconds()),
    )
    latest = func.row_number().over(partition_by=newer.c.id, order_by=(older.c.approved_at.desc(), older.c.id.desc()))
    named = ("uid", "number", "approved_at")
    before = [older.c[name].label(f"before_{name}") for name in named]
    pairs = select(*newer.c, *before, latest.label("nth")).join_from(newer, older, same).subquery("pairs")
    rows = select(
        *pairs.c, Place.name.label("place_name"), Place.uid.label("place_uid"), func.count().over().label("n")
    )
    rows = rows.outerjoin(Place, and_(Place.id == pairs.c.place_id, Place.level < PROTECTED)).where(pairs.c.nth == 1)
    found = db.session().execute(rows.order_by(pairs.c.starts_at.desc(), pairs.c.id.desc()).limit(limit)).all()
    of = db.session().scalars(select(func.count()).select_from(newer)).one()
    return Again(of, found[0].n if found else 0, found)


def _once(actor: Actor) -> Any:
    rows: Any = select(
        WorkOrder.id,
        WorkOrder.uid,
        WorkOrder.number,
        WorkOrder.title,
        WorkOrder.category,
        WorkOrder.place_id,
        WorkOrder.starts_at,
        WorkOrder.approved_at,
    )
    rows = rows.where(WorkOrder.place_id.is_not(None), WorkOrder.category != "", WorkOrder.level < PROTECTED)
    rows = rows.where(WorkOrder.source != "plan", WorkOrder.parent_id.is_(None), WorkOrder.state != "aterkallad")
    return rows.where(access.rule_of(WorkOrder, actor))


# --- What it cost -------------------------------------------------------------------------------------------------


def costs(actor: Actor, period: Period, *, limit: int = PLACES) -> Costs:
    """Return what was reported as done in the period cost by place, the dearest first."""
    cost = func.sum(WorkOrder.cost)
    rows = select(
        Place.name.label("place_name"),
        Place.uid.label("place_uid"),
        func.count().label("orders"),
        cost.label("cost"),
        func.sum(cost).over().label("total"),
    )
    rows = rows.select_from(WorkOrder).outerjoin(Place, and_(Place.id == WorkOrder.place_id, Place.level < PROTECTED))
    rows = rows.where(WorkOrder.cost.is_not(None), WorkOrder.level < PROTECTED, *period.holds(WorkOrder.done_at))
    rows = rows.where(access.rule_of(WorkOrder, actor)).group_by(Place.id, Place.name, Place.uid)
    found = db.session().execute(rows.order_by(cost.desc(), Place.name).limit(limit)).all()
    return Costs(found, int(found[0].total) if found else 0)
