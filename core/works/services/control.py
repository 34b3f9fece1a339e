"""Control of contracts: visits planned against done, deviations and their answers, warranties and their inspection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.hookspecs import Objection, Rule
from core.i18n import N_
from core.places.models import Place
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep
from core.upkeep.counting import after_months
from core.upkeep.period import Period, per_cent
from core.works.limits import ONLY, WARRANTY
from core.works.models import Contract, ControlVisit, Deviation, Warranty, WorkOrder
from core.works.services.interests import interest_in_contract
from core.works.states import DEVIATION

DO, READ = "works:control:do", "works:control:read"
HOUSE = access.system("works")
MOST = 200
AHEAD = 60
"""Days before the end of a warranty that it is looked over."""


@dataclass(frozen=True)
class Followed:
    """How the control plan of a contract is kept in a month: visits and minutes, planned by the contract and done."""

    month: date
    planned: int
    done: int
    minutes_planned: int
    minutes: int


@dataclass(frozen=True)
class Controlled:
    """How the control plan of a contract was kept in a period: what it says for its months, and what was done."""

    uid: UUID
    title: str
    planned: int
    done: int
    minutes_planned: int
    minutes: int

    @property
    def share(self) -> int | None:
        """Minutes done, in per cent of those planned; None where none were."""
        return per_cent(self.minutes, self.minutes_planned)


# --- Visits -------------------------------------------------------------------------------------------------------


def plan_visit(actor: Actor, contract: UUID, *, uid: UUID, planned_on: date) -> ControlVisit:
    """Plan an entreprenadkontroll for a day, once. Raises Missing, Denied, Conflict."""
    owner = access.find(Contract, contract, actor, DO, lock=True)
    content = db.fingerprint(contract=contract, planned_on=planned_on)
    known = db.session().scalar(select(ControlVisit).where(ControlVisit.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("control_visit", uid)
        return known
    row = ControlVisit(uid=uid, content=content, contract_id=owner.id, planned_on=planned_on)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "control:plan", "control_visit", uid, contract=owner.number, on=planned_on.isoformat())
    return row


def do_visit(
    actor: Actor, uid: UUID, *, done_on: date, minutes: int, result: str, note: str, version: int | None = None
) -> ControlVisit:
    """Say how an entreprenadkontroll went. Raises Missing, Denied, Stale, Invalid, Refused (jäv, or done already)."""
    row = access.find(ControlVisit, uid, actor, DO, lock=True)
    db.refuse_stale("control_visit", uid, row.version, version)
    contract = db.session().get_one(Contract, row.contract_id)
    if (interest := interest_in_contract(actor, contract)) is not None:
        raise flow.Refused([Objection(interest)])
    if row.done_on is not None:
        raise flow.Refused([Objection(N_("Kontrollen är redan gjord."))])
    if done_on > clock.today():
        raise Invalid({"done_on": [N_("Välj i dag eller en tidigare dag.")]})
    row.done_on, row.minutes, row.result, row.note, row.person_id = done_on, minutes, result, note, actor.id
    db.session().flush()
    journal.write(actor, "control:do", "control_visit", uid, result=result, minutes=minutes)
    return row


def visits_of(actor: Actor, contract: Contract) -> list[ControlVisit]:
    """Return the visits of a contract, those to do before those that are done."""
    rows = select(ControlVisit).options(joinedload(ControlVisit.contract))
    rows = rows.where(ControlVisit.contract_id == contract.id)
    rows = access.visible(rows, actor).order_by(ControlVisit.done_on.desc().nulls_first(), ControlVisit.planned_on)
    return list(db.session().scalars(rows.limit(MOST)))


def read_visit(actor: Actor, uid: UUID) -> ControlVisit:
    """Return a visit with its contract; Missing when the actor does not reach it."""
    found: ControlVisit = _read(actor, ControlVisit, uid, READ)
    return found


def _read(actor: Actor, model: Any, uid: UUID, permission: str) -> Any:
    access.require(actor, permission)
    rows = select(model).options(joinedload(model.contract)).where(model.uid == uid)
    found = db.session().scalar(rows.where(access.rule_of(model, actor, permission)))
    if found is None:
        raise access.Missing(model.__tablename__, uid)
    return found


def followed(actor: Actor, contract: Contract) -> Followed:
    """Return how the control plan is kept this month; a contract that does not hold in it has no plan."""
    first = clock.today().replace(day=1)
    rows = select(func.count().label("n"), func.coalesce(func.sum(ControlVisit.minutes), 0).label("minutes"))
    rows = rows.where(ControlVisit.contract_id == contract.id, ControlVisit.done_on >= first)
    done = db.session().execute(rows.where(access.rule_of(ControlVisit, actor))).one()
    months = Period(first, clock.today()).months(contract.valid_from, contract.valid_to)
    planned, minutes = months * contract.controls_per_month, months * contract.control_minutes
    return Followed(first, planned, done.n, minutes, int(done.minutes))


def controlled(actor: Actor, period: Period) -> list[Controlled]:
    """Return how the control plans of the contracts that the actor follows up were kept, the least kept first.

    A month that has begun counts as a whole one; what is still to come does not count. In one query.
    """
    if not actor.may(READ):
        return []
    past = period.until(clock.today())
    done = and_(ControlVisit.contract_id == Contract.id, ControlVisit.done_on.between(past.first, past.last))
    rows = select(
        Contract.uid,
        Contract.title,
        Contract.valid_from,
        Contract.valid_to,
        Contract.controls_per_month,
        Contract.control_minutes,
        func.count(ControlVisit.id).label("done"),
        func.coalesce(func.sum(ControlVisit.minutes), 0).label("minutes"),
    )
    rows = rows.outerjoin(ControlVisit, done).where(access.within(actor, READ, Contract.organisation_id))
    rows = rows.where(Contract.valid_from <= past.last, Contract.valid_to >= past.first)
    found = []
    for row in db.session().execute(rows.group_by(Contract.id).order_by(Contract.title, Contract.id)):
        months = past.months(row.valid_from, row.valid_to)
        planned, minutes = months * row.controls_per_month, months * row.control_minutes
        if planned or minutes or row.done:
            found.append(Controlled(row.uid, row.title, planned, row.done, minutes, int(row.minutes)))
    return sorted(found, key=lambda one: 101 if one.share is None else one.share)


# --- Deviations ---------------------------------------------------------------------------------------------------


def note_deviation(actor: Actor, contract: UUID, *, uid: UUID, what: str, found_on: date) -> Deviation:
    """Write down something that is not as the contract says, once. Raises Missing, Denied, Invalid, Conflict."""
    owner = access.find(Contract, contract, actor, "works:deviation:note", lock=True)
    content = db.fingerprint(contract=contract, what=what, found_on=found_on)
    known = db.session().scalar(select(Deviation).where(Deviation.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("deviation", uid)
        return known
    if found_on > clock.today():
        raise Invalid({"found_on": [N_("Välj i dag eller en tidigare dag.")]})
    facts = {"what": what, "found_on": found_on, "found_by_id": actor.id, "state": DEVIATION.start}
    row = Deviation(uid=uid, content=content, contract_id=owner.id, **facts)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "deviation:note", "deviation", uid, contract=owner.number)
    return row


def move_deviation(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Deviation:
    """Make a move of a deviation: the contractor answers, the orderer closes. Raises as `move_order` does."""
    row = access.find(Deviation, uid, actor, DEVIATION.move(key).needs, lock=True)
    db.refuse_stale("deviation", uid, row.version, version)
    flow.move(DEVIATION, row, key, actor, reason=reason)
    if key == "besvara":
        row.answer, row.answered_at = reason.strip(), clock.now()
    elif key == "stang":
        row.closed_why = reason.strip()
    db.session().flush()
    return row


def deviations_of(actor: Actor, contract: Contract) -> list[Deviation]:
    """Return the deviations of a contract, the latest first."""
    rows = select(Deviation).options(joinedload(Deviation.contract)).where(Deviation.contract_id == contract.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(Deviation.id.desc()).limit(MOST)))


def read_deviation(actor: Actor, uid: UUID) -> Deviation:
    """Return a deviation with its contract; Missing when the actor does not reach it."""
    found: Deviation = _read(actor, Deviation, uid, "works:deviation:read")
    return found


# --- Warranties ---------------------------------------------------------------------------------------------------


def begin_warranty(order: WorkOrder) -> None:
    """Let what was approved be guaranteed as its contract says, and its inspection be a frist before the end, once."""
    contract = db.session().get(Contract, order.contract_id) if order.contract_id else None
    known = select(Warranty.id).where(Warranty.order_id == order.id)
    if contract is None or not contract.warranty_months or db.session().scalar(known) is not None:
        return
    first = clock.today()
    last = after_months(first, contract.warranty_months)
    row = Warranty(
        contract_id=contract.id,
        order_id=order.id,
        place_id=order.place_id,
        title=order.title,
        starts_on=first,
        ends_on=last,
    )
    db.session().add(row)
    db.session().flush()
    rule = Rule(0, "given_date", N_("Före garantins slut"), source=contract.number, given=last)
    place = db.session().get(Place, order.place_id) if order.place_id else None
    at = place.uid if place else None
    about = Subject("warranty", row.uid, order.title, at, level=order.level, category=order.category)
    owner = order.organisation_id
    upkeep.plan_deadline(HOUSE, WARRANTY, rule=ONLY, subject=about, starts_at=clock.now(), owner=owner, terms=rule)


def inspect(
    actor: Actor, uid: UUID, *, inspected_on: date, result: str, note: str, version: int | None = None
) -> Warranty:
    """Say how the inspection of a warranty went; its frist is met. Raises Missing, Denied, Stale, Invalid, Refused."""
    row = access.find(Warranty, uid, actor, DO, lock=True)
    db.refuse_stale("warranty", uid, row.version, version)
    contract = db.session().get_one(Contract, row.contract_id)
    if (interest := interest_in_contract(actor, contract)) is not None:
        raise flow.Refused([Objection(interest)])
    if row.inspected_on is not None:
        raise flow.Refused([Objection(N_("Garantin är redan besiktad."))])
    if inspected_on > clock.today():
        raise Invalid({"inspected_on": [N_("Välj i dag eller en tidigare dag.")]})
    row.inspected_on, row.result, row.note = inspected_on, result, note
    db.session().flush()
    journal.write(actor, "warranty:inspect", "warranty", uid, result=result)
    upkeep.meet_deadline(HOUSE, WARRANTY, Subject("warranty", row.uid, row.title), reason=result)
    return row


def warranties_of(actor: Actor, contract: Contract) -> list[Warranty]:
    """Return the warranties of a contract that last, what ends first at the top."""
    rows = select(Warranty).where(Warranty.contract_id == contract.id, Warranty.ends_on >= clock.today())
    return list(db.session().scalars(access.visible(rows, actor).order_by(Warranty.ends_on).limit(MOST)))


def to_inspect(actor: Actor) -> list[tuple[Warranty, UUID, int]]:
    """Return the warranties that end soon and nobody has inspected, each with its contract's uid and its level."""
    if not actor.may(DO):
        return []
    soon = clock.today() + timedelta(days=AHEAD)
    rows: Any = select(Warranty, Contract.uid, func.coalesce(WorkOrder.level, 1))
    rows = rows.join(Contract, Contract.id == Warranty.contract_id)
    rows = rows.outerjoin(WorkOrder, WorkOrder.id == Warranty.order_id)
    rows = rows.where(Warranty.ends_on <= soon, Warranty.inspected_on.is_(None))
    rows = rows.where(Warranty.ends_on >= clock.today(), access.rule_of(Warranty, actor, DO))
    found = db.session().execute(rows.order_by(Warranty.ends_on).limit(20))
    return [(warranty, contract, level) for warranty, contract, level in found]


def contract_of(actor: Actor, model: Any, uid: UUID) -> UUID:
    """Return the contract that a visit, a deviation or a warranty belongs to; Missing when it is not reached."""
    rows = select(Contract.uid).join(model, model.contract_id == Contract.id)
    found = db.session().scalar(rows.where(model.uid == uid, access.rule_of(model, actor)))
    if found is None:
        raise access.Missing(model.__tablename__, uid)
    return found
