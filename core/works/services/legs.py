"""The clocks of an order: three frister about it, planned from its frozen Tidskrav, met by what happens to it.

The clock stops when the work is said to be done, if that is later approved; else it runs on from its start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db
from core.access import Actor
from core.hookspecs import Objection, Rule
from core.i18n import N_, Text
from core.places.models import Place
from core.refs import Subject
from core.upkeep import services as upkeep
from core.upkeep.models import Deadline
from core.upkeep.states import DEADLINE
from core.works.limits import FIX, KIND_OF, MAKE_SAFE, ONLY, OWN, RESPOND, URGENCY
from core.works.models import LEGS, PRIORITIES, WorkOrder
from core.works.states import WITH_THE_EXECUTOR

HOUSE = access.system("works")
SECOND = timedelta(seconds=1)
WORK = (MAKE_SAFE, FIX)
"""The kinds of frist that a pause stops: one acknowledges whatever the weather."""


def begin(order: WorkOrder) -> None:
    """Plan what the Tidskrav of an order asks for, or let the open frister follow it.

    What was handed back is nobody's to do: who had it is reminded of it no more.
    """
    about, doer = _about(order), None if order.state == "overlamnad" else order.executor_id
    for leg, kind in KIND_OF.items():
        rule = _rule(order, leg)
        if rule is not None:
            upkeep.plan_deadline(
                HOUSE,
                kind,
                rule=ONLY,
                subject=about,
                starts_at=order.starts_at,
                owner=order.organisation_id,
                executor=doer,
                terms=rule,
            )


def just_after(moment: datetime) -> datetime:
    """Return the frist of what may be done in the very second of `moment`: it must be met before its own."""
    return moment + SECOND


def ended(order: WorkOrder, at: datetime, why: str) -> None:
    """Let the frister of an order be met `at` a moment when it was done elsewhere, and judged there."""
    about = _about(order)
    for kind in WORK:
        upkeep.report_met(HOUSE, kind, about, at=at)
        upkeep.confirm_met(HOUSE, kind, about, reason=why)


def taken_back(order: WorkOrder, why: str) -> None:
    """Let nothing be left of what was promised of an order that should not have come, whether it was met or not."""
    about = _about(order)
    for kind in WORK:
        upkeep.renew_deadline(HOUSE, kind, about, starts_at=order.starts_at, reason=why)
    _dropped(order, about, why)


def moved(order: WorkOrder, move: str, why: str) -> None:
    """Let the frister of an order follow its move; `why` is its reason, or else its label."""
    about = _about(order)
    if order.state not in WITH_THE_EXECUTOR:
        upkeep.forget_nudges(HOUSE, about)
    if move in ("overlamna", "tilldela"):
        begin(order)
    if move in ("kvittera", "fardiganmal"):
        upkeep.meet_deadline(HOUSE, RESPOND, about, reason=why)
    if move in FOLLOWING:
        FOLLOWING[move](order, about, why)


def _secured(order: WorkOrder, about: Subject, why: str) -> None:  # noqa: ARG001
    upkeep.meet_deadline(HOUSE, MAKE_SAFE, about, reason=why)


def _reported(order: WorkOrder, about: Subject, why: str) -> None:  # noqa: ARG001
    for kind in WORK:
        upkeep.report_met(HOUSE, kind, about, at=order.done_at or clock.now())


def _approved(order: WorkOrder, about: Subject, why: str) -> None:  # noqa: ARG001
    for kind in WORK:
        upkeep.confirm_met(HOUSE, kind, about, reason=why)


def _rejected(order: WorkOrder, about: Subject, why: str) -> None:  # noqa: ARG001
    for kind in WORK:
        upkeep.deny_met(HOUSE, kind, about, reason=why)


def _reopened(order: WorkOrder, about: Subject, why: str) -> None:
    """What was met by the approval alone runs on; what was made safe meanwhile was so in its own time."""
    by_approval = [kind for kind in WORK if (leg := _frist(order, kind)) is not None and leg.met_at == order.done_at]
    for kind in by_approval:
        upkeep.renew_deadline(HOUSE, kind, about, starts_at=order.starts_at, reason=why)


def _paused(order: WorkOrder, about: Subject, why: str) -> None:  # noqa: ARG001
    upkeep.pause_deadlines(HOUSE, about, kinds=WORK, reason=why)


def _resumed(order: WorkOrder, about: Subject, why: str) -> None:  # noqa: ARG001
    upkeep.resume_deadlines(HOUSE, about, kinds=WORK)


def _dropped(order: WorkOrder, about: Subject, why: str) -> None:  # noqa: ARG001
    for kind in KIND_OF.values():
        upkeep.drop_deadline(HOUSE, kind, about, reason=why)


def _begun_anew(order: WorkOrder, about: Subject, why: str) -> None:  # noqa: ARG001
    begin_anew(order, why)


def begin_anew(order: WorkOrder, why: str) -> None:
    """Let every leg that the terms have begin when the order does: taken up again, or given to somebody else."""
    about, begins = _about(order), order.starts_at
    for leg, kind in KIND_OF.items():
        rule = _rule(order, leg)
        if rule is None:
            upkeep.drop_deadline(HOUSE, kind, about, reason=why)
        elif _frist(order, kind) is not None:
            upkeep.restart_deadline(HOUSE, kind, about, rule=ONLY, terms=rule, starts_at=begins, reason=why)
    begin(order)


FOLLOWING: Mapping[str, Callable[[WorkOrder, Subject, str], None]] = {
    "sakra": _secured,
    "fardiganmal": _reported,
    "godkann": _approved,
    "underkann": _rejected,
    "oppna_igen": _reopened,
    "pausa": _paused,
    "ateruppta": _resumed,
    "aterkalla": _dropped,
    "ta_upp_igen": _begun_anew,
}
"""What a move of an order does to its clocks."""


def retime(order: WorkOrder, reason: str) -> None:
    """Let the open frister of an order be counted by its new terms, from the same start and around the same pauses."""
    about = _about(order)
    for leg, kind in KIND_OF.items():
        rule = _rule(order, leg)
        if rule is None:
            upkeep.drop_deadline(HOUSE, kind, about, reason=reason)
        elif _frist(order, kind) is None:
            begin(order)
        else:
            upkeep.retime_deadline(HOUSE, kind, about, rule=ONLY, terms=rule, reason=reason)


def _frist(order: WorkOrder, kind: str) -> Deadline | None:
    rows = select(Deadline).where(Deadline.subject_kind == "order", Deadline.subject_uid == order.uid)
    return db.session().scalar(rows.where(Deadline.kind == kind))


def _about(order: WorkOrder) -> Subject:
    return order.about(db.session().get(Place, order.place_id) if order.place_id else None)


def _rule(order: WorkOrder, leg: str) -> Rule | None:
    """Return the time that an order's terms give for a leg; what was given elsewhere goes before the rule's count."""
    terms: dict[str, Any] = order.terms
    time = terms["legs"].get(leg)
    if time is None:
        return None
    urgency = URGENCY.get(order.priority, 2)
    said = {"urgency": urgency, "source": terms["source"], "version": str(terms["edition"])}
    words = Text(N_("{priority}, {leg}"), priority=PRIORITIES[order.priority], leg=LEGS[leg].lower())
    if time["clock"] == "given_date":
        return Rule(0, "given_date", words, given=_given(time["on"]), **said)
    return Rule(time["n"], time["clock"], words, **said)


def _given(written: str) -> date | datetime:
    """Return the day, or the moment, that an order was given elsewhere."""
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)


def legs_of(actor: Actor, orders: Iterable[WorkOrder]) -> dict[UUID, list[Deadline]]:
    """Return the frister about each order that the actor reaches, whoever answers for them: first that to respond."""
    uids = [order.uid for order in orders]
    reached = select(WorkOrder.uid).where(WorkOrder.uid.in_(uids), access.rule_of(WorkOrder, actor))
    rows = select(Deadline).where(Deadline.subject_kind == "order", Deadline.subject_uid.in_(reached))
    found: dict[UUID, list[Deadline]] = {uid: [] for uid in uids}
    for row in db.session().scalars(rows.where(Deadline.kind.in_(KIND_OF.values())).order_by(Deadline.id)):
        found[row.subject_uid].append(row)
    return found


@DEADLINE.guard("klarmarkera", "oppna_igen")
def _follows_the_order(deadline: Deadline, actor: Actor) -> Iterable[Objection]:
    """What an order promises is met by what is done with the order."""
    if deadline.kind in OWN and actor.kind != "system":
        yield Objection(N_("Fristen följer arbetsordern. Den blir klar när det som den gäller är gjort."))
