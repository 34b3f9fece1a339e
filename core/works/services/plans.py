"""Maintenance plans: laid up, ended, and the nightly job that makes their orders, each once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.dated import is_valid, valid_on
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.people.services import organisation_called
from core.places.models import Place
from core.schema import Invalid
from core.upkeep.recurring import DONE, PLANNED, RuleUnreadable, next_of, read_rule
from core.works.models import Contract, MaintenancePlan, WorkOrder
from core.works.services.contracts import chosen_contract
from core.works.services.orders import Wanted, make_order
from core.works.states import APPROVED

log = logging.getLogger(__name__)
EDIT, READ = "works:plan:edit", "works:plan:read"
HOUSE = access.system("works")
MOST = 500
"""Plans on one page, and plans looked at in one run of the job."""
ONE_DAY = timedelta(days=1)
TODOS = 20
DAYS = 400
"""Days of a plan outside its season that are passed over to find one within it."""
PRIORITY = "p4"
"""How urgent what is planned is: its day says when (domain.md 10.4)."""


# --- Laid up ------------------------------------------------------------------------------------------------------


def list_plans(actor: Actor, *, ended: bool = False) -> list[MaintenancePlan]:
    """Return the plans that the actor reaches, what comes first at the top."""
    access.require(actor, READ)
    rows = select(MaintenancePlan).options(
        joinedload(MaintenancePlan.place),
        joinedload(MaintenancePlan.contract),
        joinedload(MaintenancePlan.organisation),
    )
    past = MaintenancePlan.ends_on < clock.today()
    rows = access.visible(rows.where(past if ended else or_(MaintenancePlan.ends_on.is_(None), ~past)), actor)
    order = (MaintenancePlan.next_on.asc().nulls_last(), MaintenancePlan.id)
    return list(db.session().scalars(rows.order_by(*order).limit(MOST)))


def read_plan(actor: Actor, uid: UUID) -> MaintenancePlan:
    """Return a plan with its place and contract; Missing when the actor does not reach it."""
    access.require(actor, READ)
    rows = select(MaintenancePlan).options(
        joinedload(MaintenancePlan.place),
        joinedload(MaintenancePlan.contract),
        joinedload(MaintenancePlan.organisation),
    )
    row = db.session().scalar(rows.where(MaintenancePlan.uid == uid, access.rule_of(MaintenancePlan, actor)))
    if row is None:
        raise access.Missing("maintenance_plan", uid)
    return row


def add_plan(
    actor: Actor,
    *,
    uid: UUID,
    contract: UUID | None,
    organisation: str,
    place: UUID | None,
    rrule: str,
    basis: str,
    starts_on: date,
    **facts: Any,
) -> MaintenancePlan:
    """Lay up a plan under a contract (uid), or of an organisation's own people (code), once.

    Raises Denied, Missing, Invalid, Conflict.
    """
    access.require(actor, EDIT)
    told = {"contract": contract, "organisation": organisation, "place": place, "rrule": rrule, "basis": basis}
    content = db.fingerprint(starts_on=starts_on, **told, **facts)
    known = db.session().scalar(select(MaintenancePlan).where(MaintenancePlan.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("maintenance_plan", uid)
        access.require(actor, READ, known)
        return known
    _refuse(rrule, facts)
    ordered = chosen_contract(actor, contract, EDIT)
    if ordered is None and not organisation:
        raise Invalid({"organisation": [N_("Välj vems personal som ska göra det, eller ett avtal.")]})
    spot = access.find(Place, place, actor, "places:place:read") if place else None
    row = MaintenancePlan(
        uid=uid,
        content=content,
        number=f"SP-{db.next_number('SP'):04d}",
        organisation_id=ordered.organisation_id if ordered else organisation_called(organisation, "organisation").id,
        contract_id=ordered.id if ordered else None,
        place_id=spot.id if spot else None,
        rrule=rrule,
        basis=basis,
        starts_on=starts_on,
        **facts,
    )
    row.next_on = _first(row)
    if row.next_on is None:
        raise Invalid({"rrule": [N_("Regeln ger ingen dag. Ändra den, första dagen eller säsongen.")]})
    db.session().add(row)
    db.session().flush()
    access.require(actor, EDIT, row)
    journal.write(actor, "plan:add", "maintenance_plan", uid, number=row.number, rrule=rrule)
    return row


def _refuse(rrule: str, facts: dict[str, Any]) -> None:
    try:
        read_rule(rrule)
    except RuleUnreadable:
        words = N_("Skriv en regel som RFC 5545 har den, till exempel FREQ=WEEKLY;BYDAY=MO.")
        raise Invalid({"rrule": [words]}) from None
    if bool(facts["season_from"]) != bool(facts["season_to"]):
        raise Invalid({"season_to": [N_("Skriv både första och sista dagen på säsongen, eller ingen av dem.")]})


def change_plan(actor: Actor, uid: UUID, *, version: int | None, **changes: Any) -> MaintenancePlan:
    """Change what a plan says from its next day on; orders that are made stand, and what stood before is journalled.

    Under which contract, where and from which day it is stays. Raises Missing, Denied, Stale, Invalid, Refused.
    """
    row = access.find(MaintenancePlan, uid, actor, EDIT, lock=True)
    db.refuse_stale("maintenance_plan", uid, row.version, version)
    if row.ended_why:
        raise flow.Refused([Objection(N_("Planen är avslutad. Lägg upp en ny."))])
    stands = {name: changes.get(name, getattr(row, name)) for name in ("rrule", "season_from", "season_to")}
    _refuse(stands["rrule"], stands)
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    last = db.session().scalar(select(func.max(WorkOrder.plan_on)).where(WorkOrder.plan_id == row.id))
    if row.basis == DONE and last is not None:
        row.next_on = None  # the job counts on from when that order is done
    else:
        row.next_on = _next(row, planned=max(last, clock.today() - ONE_DAY)) if last else _first(row)
        if row.next_on is None and last is None:
            raise Invalid({"rrule": [N_("Regeln ger ingen dag. Ändra den, första dagen eller säsongen.")]})
    db.session().flush()
    journal.write(actor, "plan:change", "maintenance_plan", uid, before=before)
    return row


def end_plan(actor: Actor, uid: UUID, *, reason: str, version: int | None = None) -> MaintenancePlan:
    """Let a plan end today, with the reason; orders that are made stand. Raises Missing, Denied, Stale."""
    row = access.find(MaintenancePlan, uid, actor, EDIT, lock=True)
    db.refuse_stale("maintenance_plan", uid, row.version, version)
    row.ends_on, row.next_on, row.ended_why = clock.today() - timedelta(days=1), None, reason
    db.session().flush()
    journal.write(actor, "plan:end", "maintenance_plan", uid, reason=reason)
    return row


# --- Its days -----------------------------------------------------------------------------------------------------


def _first(row: MaintenancePlan) -> date | None:
    """Return the first day of a plan that is today or later: what was to be before it was laid up is not ordered."""
    yesterday = clock.today() - ONE_DAY
    if row.basis == DONE:
        day = _next(row)
        return day if day is None or day > yesterday else _opening(clock.today(), row)
    return _next(row, planned=yesterday if row.starts_on <= yesterday else None)


def _next(row: MaintenancePlan, planned: date | None = None, done: date | None = None) -> date | None:
    """Return the next day of a plan within its season and before its end; None when there is none."""
    base = row.basis
    for _ in range(DAYS):
        day = next_of(row.rrule, base, first=row.starts_on, planned=planned, done=done)
        if day is None or (row.ends_on is not None and day > row.ends_on):
            return None
        if in_season(day, row.season_from, row.season_to):
            return day
        planned = day
        if base == DONE:
            return _opening(day, row)
    return None


def _opening(day: date, row: MaintenancePlan) -> date | None:
    """Return the first day of the season on or after `day`: what was to come outside it waits for it."""
    for offset in range(DAYS):
        later = day + timedelta(days=offset)
        if in_season(later, row.season_from, row.season_to):
            return later if row.ends_on is None or later <= row.ends_on else None
    return None


def in_season(day: date, first: str, last: str) -> bool:
    """Whether a day is within a season (MM-DD, both days included; it may cross new year); without one, always."""
    if not first:
        return True
    now = f"{day:%m-%d}"
    return first <= now <= last if first <= last else now >= first or now <= last


# --- Its orders ---------------------------------------------------------------------------------------------------


def make_planned_orders() -> None:
    """Make the orders of the plans whose day is near, each once: the same job again, or two at once, makes no other."""
    today = clock.today()
    _count_on_from_what_is_done()
    due = select(MaintenancePlan).where(MaintenancePlan.next_on.is_not(None))
    due = due.where(or_(MaintenancePlan.ends_on.is_(None), MaintenancePlan.ends_on >= today))
    for plan in db.session().scalars(due.order_by(MaintenancePlan.next_on).limit(MOST).with_for_update()).all():
        try:
            _order_what_is_near(plan, today)
        except (access.Denied, access.Missing, db.Conflict, flow.Refused, Invalid) as refused:
            log.warning("plan %s orders nothing for %s: %r", plan.number, plan.next_on, refused)


def _order_what_is_near(plan: MaintenancePlan, today: date) -> None:
    """Order each day of a plan that is near; a day that cannot be ordered stays its next one, and waits."""
    while plan.next_on is not None and plan.next_on <= today + timedelta(days=plan.lead_days):
        if why_waiting(plan):
            return
        day, following = plan.next_on, _next(plan, planned=plan.next_on) if plan.basis == PLANNED else None
        with db.savepoint():
            if following is not None and following <= today and day + timedelta(days=plan.reach_days) < today:
                journal.write(HOUSE, "plan:skip", "maintenance_plan", plan.uid, day=day.isoformat())
            else:
                _order(plan, day)
            plan.next_on = following


def why_waiting(plan: MaintenancePlan) -> Text | None:
    """Return why the order of a plan's next day is not made although the day is near; None when nothing hinders it."""
    today = clock.today()
    if plan.next_on is None or plan.next_on > today + timedelta(days=plan.lead_days):
        return None
    contract = db.session().get(Contract, plan.contract_id) if plan.contract_id else None
    place = db.session().get(Place, plan.place_id) if plan.place_id else None
    if place is not None and place.level >= PROTECTED:
        return Text(N_("{day} är inte beställd: platsen är skyddad."), day=plan.next_on.isoformat())
    if contract is not None and not (is_valid(contract, today) and plan.next_on <= contract.valid_to):
        words = N_("{day} är inte beställd: avtalet {number} gäller från {first} till {last}.")
        said = {"first": contract.valid_from.isoformat(), "last": contract.valid_to.isoformat()}
        return Text(words, day=plan.next_on.isoformat(), number=contract.number, **said)
    return None


def waiting_plans(actor: Actor) -> list[tuple[MaintenancePlan, Text]]:
    """Return the plans that the actor edits and that order nothing although their next day is near, with why."""
    if not actor.may(EDIT):
        return []
    today = clock.today()
    rows = select(MaintenancePlan).outerjoin(MaintenancePlan.contract).outerjoin(MaintenancePlan.place)
    rows = rows.options(contains_eager(MaintenancePlan.contract), contains_eager(MaintenancePlan.place))
    hindered = or_(~valid_on(Contract, today), Contract.valid_to < MaintenancePlan.next_on, Place.level >= PROTECTED)
    rows = rows.where(MaintenancePlan.next_on.is_not(None), hindered, access.rule_of(MaintenancePlan, actor, EDIT))
    found: Iterable[MaintenancePlan] = db.session().scalars(rows.order_by(MaintenancePlan.next_on).limit(TODOS)).all()
    return [(plan, why) for plan in found if (why := why_waiting(plan)) is not None]


def _order(plan: MaintenancePlan, day: date) -> None:
    contract = db.session().get(Contract, plan.contract_id) if plan.contract_id else None
    made = select(WorkOrder.id).where(WorkOrder.plan_id == plan.id, WorkOrder.plan_on == day)
    if db.session().scalar(made) is not None:
        return
    due_on = max(day + timedelta(days=plan.reach_days), clock.today())
    wanted = Wanted(
        title=plan.title,
        priority=PRIORITY,
        description=plan.description,
        category=plan.category,
        place=db.session().get(Place, plan.place_id) if plan.place_id else None,
        contract=contract,
        source="plan",
        due_on=due_on,
        due_source=Text(N_("Skötselplan {number}, {day}"), number=plan.number, day=day.isoformat()),
        plan=(plan.id, day),
    )
    uid = db.uid_of(f"plan {plan.uid} {day.isoformat()}")
    make_order(HOUSE, uid=uid, organisation=plan.organisation_id, wanted=wanted)


def _count_on_from_what_is_done() -> None:
    """Find the next day of plans that are counted from when the last order was done, once that is approved."""
    made = aliased(WorkOrder)
    last = select(func.max(made.plan_on)).where(made.plan_id == MaintenancePlan.id).scalar_subquery()
    rows = select(MaintenancePlan, WorkOrder).join(WorkOrder, WorkOrder.plan_id == MaintenancePlan.id)
    rows = rows.where(MaintenancePlan.basis == DONE, MaintenancePlan.next_on.is_(None), WorkOrder.plan_on == last)
    rows = rows.where(or_(MaintenancePlan.ends_on.is_(None), MaintenancePlan.ends_on >= clock.today()))
    is_done = and_(WorkOrder.state.in_(APPROVED), WorkOrder.done_at.is_not(None))
    rows = rows.where(MaintenancePlan.ended_why == "", or_(is_done, WorkOrder.state == "aterkallad"))
    rows = rows.order_by(MaintenancePlan.id).limit(MOST).with_for_update(of=MaintenancePlan)
    for plan, order in db.session().execute(rows).all():
        done = clock.local(order.done_at).date() if order.done_at and order.state in APPROVED else order.plan_on
        plan.next_on = _next(plan, done=done)
    db.session().flush()
