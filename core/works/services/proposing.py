"""Penalties proposed: what is late and what a deviation costs, counted anew until somebody has confirmed it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.dated import local_day, valid_on
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.schema import Invalid
from core.upkeep import services as upkeep
from core.upkeep.calendar import ONE_DAY, local_end_of_day
from core.upkeep.models import Deadline
from core.works.limits import KIND_OF
from core.works.models import DEVIATION, Contract, Deviation, OrderOrigin, Penalty, PenaltyRule, WorkOrder
from core.works.penal import penalty
from core.works.services.interests import interest_in_contract
from core.works.services.penalties import cap_left, note_penalty, note_recounted
from core.works.states import PENALTY, WITHDRAWN

HOUSE = access.system("works")
PROPOSING = 500
"""Late legs looked at in one run of the job; the next goes on."""
LEG_OF = {kind: leg for leg, kind in KIND_OF.items()}
LEG = case(*((Deadline.kind == kind, name) for kind, name in LEG_OF.items()), else_="")
OWED = and_(Deadline.state.in_(("oppen", "klar")), Deadline.due_at > Deadline.starts_at)
"""The condition that the lateness of a frist counts: what has lapsed was not to be done, and a given day that had
passed when the order came to who has it was not theirs to keep.
"""
ONE_OCCASION = timedelta(seconds=1)
"""What a deviation is counted as: it has no length."""


def propose_penalties() -> None:
    """Propose what the late legs of orders under contracts cost; counted anew as long as nobody has confirmed it.

    What is no longer late, such as when a wrong priority is put right, is withdrawn.
    """
    now = clock.now()
    for order, frist in db.session().execute(_late_query(now).limit(PROPOSING)).all():
        _propose(order, frist, now)
    for row in db.session().scalars(_unfounded_query(now).limit(PROPOSING)).all():
        _withdraw(row)


def settle_penalties(order: WorkOrder, at: datetime) -> None:
    """Count what the contract that an order leaves `at` a moment was late; what comes after is another's."""
    rows = select(Deadline).join(WorkOrder, WorkOrder.uid == Deadline.subject_uid)
    rows = rows.where(Deadline.subject_kind == "order", WorkOrder.id == order.id, ~_settled_elsewhere())
    if order.contract_id is not None:
        for frist in db.session().scalars(rows.where(Deadline.kind.in_(LEG_OF), OWED)).all():
            _propose(order, frist, at)


def _late_query(now: datetime) -> Any:
    """Return the legs that were or are late and not counted to their end yet, what has waited longest first.

    Those that stand still are counted when they run on, those of what was handed back when it is given again.
    """
    stopped = _stopped(now)
    known = and_(Penalty.order_id == WorkOrder.id, Penalty.leg == LEG, _of_who_has_it())
    rows = select(WorkOrder, Deadline).join(Deadline, Deadline.subject_uid == WorkOrder.uid).outerjoin(Penalty, known)
    rows = rows.where(_is_late(now), Deadline.paused_since.is_(None), WorkOrder.state != "overlamnad")
    changed = or_(Penalty.late_until != stopped, Penalty.late_since != Deadline.due_at, Penalty.state == WITHDRAWN)
    unsettled = and_(Penalty.state.in_((PENALTY.start, WITHDRAWN)), changed)
    waited = func.coalesce(Penalty.late_until, Deadline.due_at)
    return rows.where(or_(Penalty.id.is_(None), unsettled)).order_by(waited, Deadline.id)


def _unfounded_query(now: datetime) -> Any:
    """Return what is proposed of orders that their contract has still, and that are no longer late."""
    late = select(Deadline.id).where(Deadline.subject_uid == WorkOrder.uid, Penalty.leg == LEG, _is_late(now))
    rows = select(Penalty).join(WorkOrder, WorkOrder.id == Penalty.order_id)
    rows = rows.where(Penalty.state == PENALTY.start, _of_who_has_it())
    return rows.where(~late.correlate(WorkOrder, Penalty).exists()).order_by(Penalty.id)


def _of_who_has_it() -> Any:
    """Return the condition that a penalty is for the time that its contract has had the order by now."""
    return and_(Penalty.contract_id == WorkOrder.contract_id, Penalty.begun_at == WorkOrder.starts_at)


def _stopped(now: datetime) -> Any:
    return func.coalesce(Deadline.met_at, Deadline.reported_at, now)


def _is_late(now: datetime) -> Any:
    """Return the condition that a leg was or is late on days when its contract has a penalty for that."""
    priced = select(PenaltyRule.id).where(
        PenaltyRule.contract_id == WorkOrder.contract_id,
        PenaltyRule.leg == LEG,
        PenaltyRule.priority.in_(("", WorkOrder.priority)),
        PenaltyRule.valid_from <= local_day(_stopped(now)),
        or_(PenaltyRule.valid_to.is_(None), PenaltyRule.valid_to >= local_day(Deadline.due_at)),
    )
    is_leg = and_(Deadline.subject_kind == "order", Deadline.kind.in_(LEG_OF), OWED)
    late = and_(is_leg, _stopped(now) > Deadline.due_at, ~_settled_elsewhere())
    return and_(late, priced.correlate(WorkOrder, Deadline).exists())


def _settled_elsewhere() -> Any:
    """Whether the leg had fallen due before the order was read in: the register that it came from has settled that."""
    rows = select(OrderOrigin.order_id).where(OrderOrigin.order_id == WorkOrder.id)
    return rows.where(OrderOrigin.taken_in_at >= Deadline.due_at).correlate(WorkOrder, Deadline).exists()


def _propose(order: WorkOrder, frist: Deadline, now: datetime) -> None:
    """Propose what a leg costs, or count it anew; what somebody has confirmed meanwhile stands."""
    contract = db.session().get_one(Contract, order.contract_id, with_for_update=True)
    leg, until = LEG_OF[frist.kind], frist.met_at or frist.reported_at or now
    same = {"order_id": order.id, "leg": leg, "contract_id": contract.id, "begun_at": order.starts_at}
    rows = select(Penalty).filter_by(**same).with_for_update()
    row = db.session().scalar(rows.execution_options(populate_existing=True))
    if row is not None and row.state not in (PENALTY.start, WITHDRAWN):
        return
    late, rule = _late_by_rule(order, frist, until, row)
    if rule is None:
        if row is not None:
            _withdraw(row)
        return
    month = clock.local(frist.due_at).date().replace(day=1)
    found = penalty(
        late,
        rule["per"],
        rule["amount"],
        month_left=cap_left(contract.penalty_cap_month, contract, row, Penalty.month == month),
        contract_left=cap_left(contract.penalty_cap, contract, row),
    )
    facts = {"late_until": until, "count": found.count, "possible": found.possible, "amount": found.amount}
    _keep(order, row, facts | {"rule": rule, "late_since": frist.due_at, "month": month}, contract, leg)


def _late_by_rule(
    order: WorkOrder, frist: Deadline, until: datetime, row: Penalty | None
) -> tuple[timedelta, dict[str, Any] | None]:
    """Return how long a leg was late within the days of a rule of its contract, and the rule, frozen.

    The one that the penalty was counted by goes first, then one for just this priority, then the first to hold.
    """
    rows = select(PenaltyRule).where(PenaltyRule.contract_id == order.contract_id)
    rows = rows.where(PenaltyRule.leg == LEG_OF[frist.kind], PenaltyRule.priority.in_(("", order.priority)))
    frozen = row.rule.get("uid") if row is not None else None
    fits = sorted(
        db.session().scalars(rows.order_by(PenaltyRule.valid_from, PenaltyRule.id)),
        key=lambda rule: (str(rule.uid) != frozen, rule.priority == ""),
    )
    for rule in fits:
        since = max(frist.due_at, clock.first_moment(rule.valid_from))
        ends = clock.first_moment(rule.valid_to + timedelta(days=1)) if rule.valid_to else until
        late = upkeep.ran_between(frist, since, min(until, ends))
        if late > timedelta():
            return late, row.rule if row is not None and str(rule.uid) == frozen else _frozen(rule)
    return timedelta(), None


def _keep(order: WorkOrder, row: Penalty | None, facts: dict[str, Any], contract: Contract, leg: str) -> None:
    if row is None:
        row = Penalty(
            contract_id=contract.id,
            order_id=order.id,
            leg=leg,
            begun_at=order.starts_at,
            level=order.level,
            **_fresh(),
            **facts,
        )
        _begin(HOUSE, row)
        return
    if row.state == WITHDRAWN:
        flow.move(PENALTY, row, "foresla", HOUSE, reason=N_("Det är försenat igen"))
        note_penalty(HOUSE, row, "foresla")
    before = row.amount
    for name, value in facts.items():
        setattr(row, name, value)
    db.session().flush()
    note_recounted(HOUSE, row, before, **facts)


def _withdraw(row: Penalty) -> None:
    """Withdraw what was proposed, unless somebody has confirmed it meanwhile."""
    db.session().refresh(row, with_for_update=True)
    if row.state == PENALTY.start:
        why = N_("Det är inte längre försenat")
        flow.move(PENALTY, row, "aterta", HOUSE, reason=why)
        note_penalty(HOUSE, row, "aterta", why)


def propose_for_deviation(actor: Actor, uid: UUID, *, rule: UUID) -> Penalty:
    """Propose what a deviation costs by a rule of its contract for deviations, once, under the contract's caps.

    From there it is weighed as any other. Raises Missing, Denied, Invalid, Refused (jäv, or there is one).
    """
    deviation = access.find(Deviation, uid, actor, "works:deviation:note", lock=True)
    contract = db.session().get_one(Contract, deviation.contract_id, with_for_update=True)
    if (interest := interest_in_contract(actor, contract)) is not None:
        raise flow.Refused([Objection(interest)])
    known = db.session().scalar(select(Penalty.number).where(Penalty.deviation_id == deviation.id))
    if known is not None:
        raise flow.Refused([Objection(Text(N_("Avvikelsen har redan ett vite: {number}."), number=known))])
    chosen = select(PenaltyRule).where(PenaltyRule.contract_id == contract.id, PenaltyRule.leg == DEVIATION)
    holds = or_(*(valid_on(PenaltyRule, day) for day in (deviation.found_on, clock.today())))  # a person chooses it
    found = db.session().scalar(chosen.where(PenaltyRule.uid == rule, holds))
    if found is None:
        raise Invalid({"rule": [N_("Välj ett av avtalets viten för avvikelser.")]})
    month, seen = deviation.found_on.replace(day=1), local_end_of_day(deviation.found_on - ONE_DAY)
    cost = penalty(
        ONE_OCCASION,
        found.per,
        found.amount,
        month_left=cap_left(contract.penalty_cap_month, contract, None, Penalty.month == month),
        contract_left=cap_left(contract.penalty_cap, contract, None),
    )
    row = Penalty(
        contract_id=contract.id,
        deviation_id=deviation.id,
        leg=DEVIATION,
        begun_at=seen,
        late_since=seen,
        late_until=seen,
        month=month,
        level=deviation.level,
        count=cost.count,
        possible=cost.possible,
        amount=cost.amount,
        rule=_frozen(found),
        **_fresh(),
    )
    return _begin(actor, row)


def _fresh() -> dict[str, Any]:
    """Return what every proposal begins with: its number, its state, and when."""
    return {"number": f"VI-{db.next_number('VI'):05d}", "state": PENALTY.start, "proposed_at": clock.now()}


def _frozen(rule: PenaltyRule) -> dict[str, Any]:
    """Return a rule as it is now, as a penalty keeps it."""
    return {"schema": 1, "uid": str(rule.uid), "per": rule.per, "amount": rule.amount, "source": rule.source}


def _begin(actor: Actor, row: Penalty) -> Penalty:
    db.session().add(row)
    db.session().flush()
    note_penalty(actor, row, "foresla")
    facts = {name: getattr(row, name) for name in ("number", "count", "possible", "amount")}
    journal.write(actor, "penalty:propose", "penalty", row.uid, level=row.level, **facts)
    return row
