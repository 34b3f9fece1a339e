"""How what was ordered went (domain.md 10.7): promises kept, what came again, control, penalties, what places cost.

Whether a promise was kept is said in one place, `core.upkeep.services.reports`; here it is joined to the orders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, null, select, union_all
from sqlalchemy.orm import aliased

from core import access, db
from core.access import Actor
from core.dated import seconds
from core.journal import PROTECTED
from core.people.models import Organisation
from core.places.models import Place
from core.upkeep.models import Deadline
from core.upkeep.period import Period, per_cent
from core.upkeep.services.reports import COUNTS, Aged, Kept, aged, kept, late_only
from core.works.models import Contract, WorkOrder
from core.works.services.control import Controlled, controlled
from core.works.services.penalties import READ as READ_PENALTIES
from core.works.services.penalties import Tally, tallies
from core.works.states import READ

DAY, AGAIN = timedelta(days=1), timedelta(days=30)
SECONDS = int(AGAIN.total_seconds())
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
    """The latest first, LISTED at most: begun `at`; the one before was approved `latest`, and has a number and uid."""

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
    within = _promises(actor).where(Deadline.owed_between(period.first, period.last))
    groups, months = kept(_grouped(within, per, actor))
    return OrderReport(
        period=period,
        per=per,
        groups=groups,
        months=months,
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
    since = Period(period.first - AGAIN - DAY, period.last)
    older = _once(actor).where(*since.holds(WorkOrder.approved_at)).subquery("older")
    came = _soon_after(newer, older).limit(limit).subquery("came")
    same = (older.c.place_id == came.c.place_id, older.c.category == came.c.category)
    nearest = select(func.max(older.c.id)).where(*same, older.c.approved_at == came.c.latest).scalar_subquery()
    before = aliased(WorkOrder)
    rows = select(
        *came.c,
        WorkOrder.uid,
        WorkOrder.number,
        WorkOrder.title,
        before.uid.label("before_uid"),
        before.number.label("before_number"),
        Place.name.label("place_name"),
        Place.uid.label("place_uid"),
    )
    rows = rows.join(WorkOrder, WorkOrder.id == came.c.id).join(before, before.id == nearest)
    rows = rows.outerjoin(Place, and_(Place.id == came.c.place_id, Place.level < PROTECTED))
    found = db.session().execute(rows.order_by(came.c.at.desc(), came.c.id.desc())).all()
    of = db.session().scalars(select(func.count()).select_from(newer)).one()
    return Again(of, found[0].n if found else 0, found)


def _soon_after(newer: Any, older: Any) -> Any:
    """Return those of `newer` that began soon after the latest approval of their sort on their place, and that moment.

    Beginnings and approvals are laid in one row by time, so that each is looked at once however many a place has.
    """
    at, where = older.c.approved_at, ("place_id", "category")
    done = select(null().label("id"), *(older.c[name] for name in where), at.label("at"), at.label("done"))
    begun = select(newer.c.id, *(newer.c[name] for name in where), newer.c.starts_at, null())
    moments = union_all(done, begun).subquery("moments")
    so_far = func.max(moments.c.done).over(
        partition_by=(moments.c.place_id, moments.c.category), order_by=moments.c.at, range_=(None, 0)
    )
    told = select(*moments.c, so_far.label("latest")).subquery("told")
    rows = select(told.c.id, told.c.place_id, told.c.category, told.c.at, told.c.latest, func.count().over().label("n"))
    rows = rows.where(told.c.id.is_not(None), seconds(told.c.at) - seconds(told.c.latest) <= SECONDS)
    return rows.order_by(told.c.at.desc(), told.c.id.desc())


def _once(actor: Actor) -> Any:
    names = ("id", "place_id", "category", "starts_at", "approved_at")
    rows: Any = select(*(getattr(WorkOrder, name) for name in names))
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
