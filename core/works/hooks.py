"""What works say through the contract: their clocks, what waits for whom, their part of a place's page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from core import access
from core.access import Actor
from core.db import session
from core.hookspecs import DeadlineKind, Job, Section, Todo, hookimpl
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.people.models import Organisation
from core.refs import Subject
from core.upkeep.models import Deadline
from core.upkeep.naming import About, names
from core.upkeep.narrowing import narrows
from core.upkeep.presenting import latest
from core.works import registers  # noqa: F401 - what can be read in
from core.works.limits import KINDS
from core.works.models import Contract, Warranty, WorkOrder
from core.works.presenting import standing_of
from core.works.services import (
    every_contract,
    make_planned_orders,
    open_on_place,
    penalties_to_weigh,
    propose_penalties,
    to_do,
    to_inspect,
    to_judge,
    waiting_plans,
)
from core.works.states import MAKE, ORDER, PENALTY, WITH_THE_EXECUTOR

WEIGHED = {
    "foreslagen": N_("Bekräfta vitet {number}"),
    "bekraftad": N_("Besluta om vitet {number}"),
    "bestridd": N_("Ta ställning till det bestridda vitet {number}"),
}
"""What there is to do with a penalty in each state that waits for somebody."""


@names("warranty")
def _warranties_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Warranty.uid, Warranty.title, Contract.uid.label("contract"), Contract.number)
    rows = rows.join(Contract, Contract.id == Warranty.contract_id)
    rows = rows.where(Warranty.uid.in_(uids), access.rule_of(Warranty, actor))
    return {row.uid: About(row.title, f"/avtal/{row.contract}/kontroll", row.number) for row in session().execute(rows)}


@hookimpl
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """The three clocks of an order."""
    return KINDS


@names("order")
def _orders_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    another = and_(Organisation.id == WorkOrder.executor_id, WorkOrder.executor_id != WorkOrder.organisation_id)
    reminds = and_(WorkOrder.state.in_(WITH_THE_EXECUTOR), access.rule_of(WorkOrder, actor, MAKE)).label("reminds")
    rows = select(WorkOrder.uid, WorkOrder.number, WorkOrder.title, Organisation.name, reminds)
    rows = rows.outerjoin(Organisation, another)
    rows = rows.where(WorkOrder.uid.in_(uids), access.rule_of(WorkOrder, actor))
    called = N_("{number}: {title}")
    return {
        row.uid: About(
            Text(called, number=row.number, title=row.title),
            f"/arbeten/{row.uid}",
            row.number,
            row.name or "",
            f"/arbeten/{row.uid}/paminn" if row.reminds else "",
        )
        for row in session().execute(rows)
    }


@narrows("avtal", parameter="contract", label=N_("Avtal"), choices=every_contract)
def _under_contract(actor: Actor, uid: UUID) -> ColumnElement[bool]:
    """A frist is under a contract that the actor reaches when the order that it is about is.

    Asked of each open frist, not as a list of the contract's orders: those that are done are never looked at. That it
    is about an order is asked within, or SQLite goes by that through all that ever was.
    """
    key = select(Contract.id).where(Contract.uid == uid, access.rule_of(Contract, actor)).scalar_subquery()
    order = select(WorkOrder.id).where(Deadline.subject_kind == "order", WorkOrder.uid == Deadline.subject_uid)
    return order.where(WorkOrder.contract_id == key, WorkOrder.level < PROTECTED).exists()


@hookimpl
def tryggplats_sections(page: str, subject: Subject, actor: Actor) -> Iterable[Section]:
    """On a place the orders that are open there."""
    if page == "place" and actor.may("works:order:read"):
        orders = open_on_place(actor, subject.uid)
        shown = {"orders": orders, "states": ORDER.states}
        if orders:
            yield Section("core:arbeten", N_("Arbetsordrar"), "works/on_place.html", shown, 20)


@hookimpl
def tryggplats_todo(actor: Actor) -> Iterable[Todo]:
    """What the actor has to do or to judge, the most urgent first; an open frist tells of its order by itself."""
    yield from _penalties_to_weigh(actor)
    if not actor.may("works:order:read"):
        return
    told = actor.may("upkeep:deadline:close")
    for row in to_do(actor):
        if row.due_at is None or not told:
            yield _todo(row, f"/arbeten/{row.uid}", row.title)
    for row in to_judge(actor):
        words = N_("Bedöm: {title}") if row.state == "klaranmald" else N_("Kom tillbaka: {title}")
        yield _todo(row, f"/arbeten/{row.uid}", Text(words, title=row.title))
    for plan, why in waiting_plans(actor):
        yield Todo(
            key=f"works:plan:{plan.uid}",
            title=plan.title,
            link=f"/skotselplaner/{plan.uid}",
            level=min(plan.place.level, PROTECTED - 1) if plan.place else 1,
            detail=why,
            tone="warning",
        )
    for warranty, contract, level in () if told else to_inspect(actor):
        yield Todo(
            key=f"works:garanti:{warranty.uid}",
            title=Text(N_("Besikta före garantins slut: {title}"), title=warranty.title),
            link=f"/avtal/{contract}/kontroll",
            latest=warranty.ends_on.isoformat(),
            level=level,
        )


def _penalties_to_weigh(actor: Actor) -> Iterable[Todo]:
    for row in penalties_to_weigh(actor):
        state = PENALTY.states[row.state]
        yield Todo(
            key=f"works:penalty:{row.uid}",
            title=Text(WEIGHED[row.state], number=row.number),
            link=f"/viten/{row.uid}",
            detail=row.order.title if row.order else row.contract.title,
            tone=state.tone,
            shape=state.shape,
            state=state.label,
            level=row.level,
        )


def _todo(row: Any, link: str, title: str) -> Todo:
    state = standing_of(row)
    return Todo(
        key=f"works:{row.uid}",
        title=title,
        link=link,
        context=row.place_name or "",
        detail=Text(N_("{number}, {state}"), number=row.number, state=ORDER.states[row.state].label),
        due_at=row.due_at,
        latest=latest(row) if row.due_at else "",
        tone=state.tone,
        shape=state.shape,
        state=state.label,
        before=row.urgency == 0,
        level=row.level,
    )


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Once an hour penalties are proposed for what is late; once a day the orders of plans are made."""
    return [
        Job("works:viten", N_("Föreslå viten för det som är försenat"), 3600, propose_penalties),
        Job("works:skotselplaner", N_("Beställ det som skötselplanerna säger"), 86_400, make_planned_orders),
    ]
