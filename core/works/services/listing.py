"""Orders read: one, a list of them, those of a place, and what waits for whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from core import access, bounded, db
from core.access import Actor
from core.journal import PROTECTED
from core.people.models import Organisation
from core.places.models import Place, places_behind
from core.upkeep.models import Deadline
from core.works.limits import FIX
from core.works.models import Contract, OrderSource, WorkOrder
from core.works.states import APPROVE, AT_HAND, DO, READ, TABS, TO_JUDGE

PAGE = 50
COUNTED = 1000
"""Orders that are counted in each part; beyond it is "fler än"."""
TODOS = 20

TO_FIX = and_(Deadline.subject_kind == "order", Deadline.subject_uid == WorkOrder.uid, Deadline.kind == FIX)
"""The condition that a frist is the one to mend what an order is about, for queries that tell of both."""


@dataclass(frozen=True)
class Page:
    """A page of orders, and where the next one begins."""

    rows: list[Any]
    after: tuple[int, datetime, int] | None


@dataclass(frozen=True)
class Wish:
    """Which orders: in which part of the list or which `states`, under which contract, of which priority."""

    tab: str = "oppna"
    contract: UUID | None = None
    priority: str = ""
    states: tuple[str, ...] = ()


EVERY = Wish()


def list_orders(actor: Actor, wish: Wish, *, after: tuple[int, datetime, int] | None = None, limit: int = PAGE) -> Page:
    """Return the orders that the actor reaches, danger first, then what must be mended first; ended ones last first."""
    access.require(actor, READ)
    found = db.session().execute(orders_query(actor, wish, after).limit(limit + 1)).all()
    more, found = len(found) > limit, found[:limit]
    return Page(list(found), (found[-1].urgency, found[-1].due, found[-1].id) if more else None)


def orders_query(actor: Actor, wish: Wish, after: tuple[int, datetime, int] | None = None) -> Any:
    """Return the query of `list_orders`, in one go with place, executor and the frist to mend it."""
    executor = aliased(Organisation)
    due, urgency = func.coalesce(Deadline.due_at, WorkOrder.starts_at), func.coalesce(Deadline.urgency, 2)
    rows = select(
        WorkOrder.id,
        WorkOrder.uid,
        WorkOrder.number,
        WorkOrder.title,
        WorkOrder.priority,
        WorkOrder.state,
        WorkOrder.starts_at.label("ordered_at"),
        WorkOrder.done_at,
        WorkOrder.version,
        WorkOrder.level,
        Place.name.label("place_name"),
        executor.name.label("executor_name"),
        Deadline.due_at,
        Deadline.due_on,
        Deadline.badly_late_at,
        Deadline.paused_since,
        Deadline.reported_at,
        Deadline.rule,
        urgency.label("urgency"),
        due.label("due"),
    )
    rows = rows.outerjoin(Place, and_(Place.id == WorkOrder.place_id, Place.level < PROTECTED))
    rows = rows.join(executor, executor.id == WorkOrder.executor_id).outerjoin(Deadline, TO_FIX)
    rows = rows.where(WorkOrder.state.in_(wish.states or TABS[wish.tab]), access.rule_of(WorkOrder, actor))
    rows = _narrowed(rows, wish)
    if wish.tab == "avslutade":
        rows = rows.where(WorkOrder.id < after[2]) if after is not None else rows
        return rows.order_by(WorkOrder.id.desc())
    if after is not None:
        rows = rows.where(tuple_(urgency, due, WorkOrder.id) > after)
    return rows.order_by(urgency, due, WorkOrder.id)


def _narrowed(rows: Any, wish: Wish) -> Any:
    """Return those of the orders that are under the contract and of the priority that is wished for."""
    if wish.contract is not None:
        key = select(Contract.id).where(Contract.uid == wish.contract).scalar_subquery()
        rows = rows.where(WorkOrder.contract_id == key)
    return rows.where(WorkOrder.priority == wish.priority) if wish.priority else rows


def count_orders(actor: Actor, wish: Wish = EVERY) -> dict[str, int]:
    """Return how many of the orders there are in each part of the list, counted no further than COUNTED + 1."""
    access.require(actor, READ)
    mine = _narrowed(select(WorkOrder.id).where(access.rule_of(WorkOrder, actor)), wish)
    return bounded.counted({tab: mine.where(WorkOrder.state.in_(states)) for tab, states in TABS.items()}, COUNTED)


def read_order(actor: Actor, uid: UUID) -> WorkOrder:
    """Return an order with its place, contract and who does it; Missing when the actor does not reach it."""
    access.require(actor, READ)
    whole = select(WorkOrder).options(
        joinedload(WorkOrder.place),
        joinedload(WorkOrder.organisation),
        joinedload(WorkOrder.executor),
        joinedload(WorkOrder.contract),
        joinedload(WorkOrder.parent),
    )
    row = db.session().scalar(whole.where(WorkOrder.uid == uid, access.rule_of(WorkOrder, actor)))
    if row is None:
        raise access.Missing("order", uid)
    return row


def open_on_place(actor: Actor, place: UUID) -> list[WorkOrder]:
    """Return the open orders of a place, the latest first."""
    rows = select(WorkOrder).options(joinedload(WorkOrder.executor))
    rows = rows.where(WorkOrder.place_id.in_(places_behind(place)), WorkOrder.state.not_in(TABS["avslutade"]))
    return list(db.session().scalars(access.visible(rows, actor).order_by(WorkOrder.id.desc()).limit(PAGE)))


def orders_about(kind: str, uids: Collection[UUID]) -> Mapping[UUID, list[WorkOrder]]:
    """Return the orders about each of these things, the first first. Who asks shows them to who reaches the thing."""
    rows = select(OrderSource.subject_uid, WorkOrder).join(WorkOrder, WorkOrder.id == OrderSource.order_id)
    rows = rows.options(joinedload(WorkOrder.executor))
    rows = rows.where(OrderSource.subject_kind == kind, OrderSource.subject_uid.in_(uids)).order_by(WorkOrder.id)
    found: dict[UUID, list[WorkOrder]] = {uid: [] for uid in uids}
    for uid, order in db.session().execute(rows):
        found[uid].append(order)
    return found


def things_of(actor: Actor, order: UUID, kind: str) -> list[UUID]:
    """Return the uids of the things of a kind that an order is about, for the room whose they are."""
    rows = select(OrderSource.subject_uid).join(WorkOrder, WorkOrder.id == OrderSource.order_id)
    rows = rows.where(WorkOrder.uid == order, OrderSource.subject_kind == kind, access.rule_of(OrderSource, actor))
    return list(db.session().scalars(rows.order_by(OrderSource.subject_uid)))


def to_do(actor: Actor) -> list[Any]:
    """Return what waits for the actor's organisations as those who do it, what must be mended first at the top."""
    return _waiting(actor, DO, AT_HAND)


def to_judge(actor: Actor) -> list[Any]:
    """Return what has been said to be done, or was handed back, and waits for who ordered it."""
    return _waiting(actor, APPROVE, TO_JUDGE)


def _waiting(actor: Actor, permission: str, states: tuple[str, ...]) -> list[Any]:
    if not actor.may(permission):
        return []
    rows = orders_query(actor, Wish(states=states)).where(access.rule_of(WorkOrder, actor, permission))
    return list(db.session().execute(rows.limit(TODOS)).all())


def reaches(actor: Actor, order: WorkOrder, permission: str) -> bool:
    """Whether the actor reaches an order with a permission."""
    rows = select(WorkOrder.id).where(WorkOrder.id == order.id, access.rule_of(WorkOrder, actor, permission))
    return db.session().scalar(rows) is not None
