"""Orders: made, joined, divided, given another priority, read and listed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, geo, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.people.models import Organisation
from core.people.services import organisation_called
from core.places.models import Place, places_in
from core.refs import Subject
from core.schema import Invalid
from core.upkeep import services as upkeep
from core.upkeep.counting import after_months
from core.works.models import PRIORITIES, Contract, OrderEvent, OrderSource, WorkOrder
from core.works.services import legs
from core.works.services.contracts import chosen_contract, is_running
from core.works.services.tidskrav import terms_for
from core.works.states import (
    DIVIDED,
    JOINED,
    MAKE,
    ORDER,
    ORDERED,
    READ,
    READ_IN,
    REMINDED,
    REPRIORITISED,
    SETTLED,
    UNDONE,
    WITH_THE_EXECUTOR,
)

NOT_FROM_HERE = N_("Det här är ett skyddat ärende. Det beställs inte härifrån.")

MONTHS_AHEAD = 60
"""Months ahead that a day may be given: what lies further off is most often a year that was mistyped."""


@dataclass(frozen=True)
class Wanted:
    """What is to be done: `contract` None is by one's own people, `due_on` a day that was given with its `due_source`.

    `parent` is the order that this is a part of; `plan` and `plan_on` the plan and its day that made it.
    """

    title: str
    priority: str
    description: str = ""
    category: str = ""
    place: Place | None = None
    point: Point | None = None
    contract: Contract | None = None
    source: str = "egen"
    due_on: date | None = None
    due_source: str = ""
    parent: WorkOrder | None = None
    plan: tuple[int, date] | None = None
    level: int = 1


def make_order(
    actor: Actor, *, uid: UUID, organisation: int, wanted: Wanted, about: Subject | None = None, reply: str = ""
) -> WorkOrder:
    """Order work for an organisation, and give it to who does it; its clocks begin now. Once for each `uid`.

    `about` is the thing of a room above that it is about. Raises Denied, Invalid, Conflict, and Refused for what is
    protected: such things are handled elsewhere.
    """
    access.require(actor, MAKE)
    content = db.fingerprint(organisation=organisation, wanted=_told(wanted))
    known = db.session().scalar(select(WorkOrder).where(WorkOrder.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("order", uid)
        access.require(actor, READ, known)
        return known
    _refuse(organisation, wanted)
    order = _drawn_up(actor, uid, content, organisation, wanted)
    order.reply = reply
    db.session().add(order)
    db.session().flush()
    access.require(actor, MAKE, order)
    if about is not None:
        db.session().add(OrderSource(order_id=order.id, subject_kind=about.kind, subject_uid=about.uid))
    note(actor, order, ORDERED, reply=reply)
    detail = {"number": order.number, "priority": order.priority, "contract": order.contract_id}
    journal.write(actor, "order:make", "order", uid, level=order.level, **detail)
    legs.begin(order)
    flow.move(ORDER, order, "tilldela", actor)
    return order


def _told(wanted: Wanted) -> dict[str, Any]:
    """Return what was asked for as it is compared with what comes under the same uid again."""
    plain = {name: getattr(wanted, name) for name in ("title", "priority", "description", "category", "source")}
    plain |= {"due_on": wanted.due_on, "due_source": wanted.due_source, "plan": wanted.plan}
    rows = {name: getattr(wanted, name) for name in ("place", "contract", "parent")}
    return (
        plain
        | {name: row.uid if row else None for name, row in rows.items()}
        | {"point": wanted.point.wkt if wanted.point else None}
    )


def _refuse(organisation: int, wanted: Wanted) -> None:
    level = max(wanted.level, wanted.place.level if wanted.place else 1)
    if level >= PROTECTED:
        raise flow.Refused([Objection(NOT_FROM_HERE)])
    contract = wanted.contract
    if contract is not None and (contract.organisation_id != organisation or not is_running(contract)):
        raise Invalid({"contract": [N_("Avtalet gäller inte i dag. Välj ett annat.")]})
    if wanted.due_on is not None and wanted.due_on < clock.today():
        raise Invalid({"due_on": [N_("Dagen har redan varit. Skriv en dag som kommer.")]})
    if wanted.due_on is not None and wanted.due_on > after_months(clock.today(), MONTHS_AHEAD):
        raise Invalid({"due_on": [N_("Dagen ligger mer än fem år fram. Kontrollera året.")]})


def _drawn_up(actor: Actor, uid: UUID, content: bytes, organisation: int, wanted: Wanted) -> WorkOrder:
    place, contract = wanted.place, wanted.contract
    return WorkOrder(
        uid=uid,
        content=content,
        number=f"AO-{db.next_number('AO'):05d}",
        title=wanted.title,
        description=wanted.description,
        source=wanted.source,
        category=wanted.category,
        place_id=place.id if place else None,
        point=wanted.point,
        organisation_id=organisation,
        coordinator_id=place.district_id if place else None,
        executor_id=contract.contractor_id if contract else organisation,
        contract_id=contract.id if contract else None,
        parent_id=wanted.parent.id if wanted.parent else None,
        plan_id=wanted.plan[0] if wanted.plan else None,
        plan_on=wanted.plan[1] if wanted.plan else None,
        priority=wanted.priority,
        terms=_given(_terms(wanted.priority, contract, wanted.category, place), wanted),
        starts_at=clock.now(),
        ordered_by_id=actor.id,
        state=ORDER.start,
        level=max(wanted.level, place.level if place else 1),
    )


def _terms(priority: str, contract: Contract | None, category: str, place: Place | None) -> dict[str, Any]:
    """Return the Tidskrav that holds today, frozen."""
    key, kind = contract.id if contract else None, place.kind if place else ""
    return terms_for(priority, contract=key, kind=category, place_kind=kind)


def _given(terms: dict[str, Any], wanted: Wanted) -> dict[str, Any]:
    """Let a day that was given take the place of the time to mend."""
    if wanted.due_on is not None:
        terms["legs"]["fix"] = {"clock": "given_date", "on": wanted.due_on.isoformat(), "n": 0}
        terms["source"] = wanted.due_source or terms["source"]
    return terms


def draw_terms(order: WorkOrder) -> None:
    """Let an order go by the Tidskrav that holds today for its priority and contract."""
    contract = db.session().get(Contract, order.contract_id) if order.contract_id else None
    place = db.session().get(Place, order.place_id) if order.place_id else None
    order.terms = _with_its_day(order, _terms(order.priority, contract, order.category, place))


def _with_its_day(order: WorkOrder, terms: dict[str, Any]) -> dict[str, Any]:
    """Let a day that was given stand whatever the priority becomes.

    What was read in has no other time until it is given to a contractor: it began long ago.
    """
    before = order.terms
    if order.source == READ_IN and order.contract_id is None:
        return terms | {"legs": before["legs"], "source": before["source"]}
    given = before["legs"].get("fix")
    if given is not None and given["clock"] == "given_date":
        terms["legs"]["fix"], terms["source"] = given, before["source"]
    return terms


def note(actor: Actor, order: WorkOrder, kind: str, *, pause: str = "", reason: str = "", reply: str = "") -> None:
    """Keep what happened to an order."""
    access.require(actor, READ)
    db.session().add(
        OrderEvent(
            order_id=order.id,
            at=clock.now(),
            kind=kind,
            state=order.state,
            person_id=actor.id,
            organisation_id=actor.organisation,
            pause=pause,
            reason=reason.strip()[:1000],
            reply=reply.strip(),
        )
    )
    db.session().flush()


def order_directly(
    actor: Actor,
    uid: UUID,
    *,
    title: str,
    description: str,
    priority: str,
    contract: UUID | None,
    organisation: str,
    place: UUID | None,
    due_on: date | None,
) -> WorkOrder:
    """Order work that nothing else asks for: under a contract (uid), else of an organisation's own people (code).

    Raises Denied, Missing, Invalid, Conflict, Refused.
    """
    access.require(actor, MAKE)
    chosen = chosen_contract(actor, contract, MAKE)
    if chosen is None and not organisation:
        raise Invalid({"organisation": [N_("Välj vems personal som ska göra det, eller ett avtal.")]})
    spot = access.find(Place, place, actor, "places:place:read") if place else None
    wanted = Wanted(
        title=title,
        priority=priority,
        description=description,
        place=spot,
        contract=chosen,
        due_on=due_on,
        due_source=N_("Dagen som beställaren har satt") if due_on else "",
    )
    owner = chosen.organisation_id if chosen else organisation_called(organisation, "organisation").id
    return make_order(actor, uid=uid, organisation=owner, wanted=wanted)


# --- Joined and divided -------------------------------------------------------------------------------------------


def open_near(actor: Actor, *, category: str, point: Point | None, place: Place | None, metres: int) -> list[WorkOrder]:
    """Return the open orders about the same sort of thing within so many metres; without a spot, those on the place.

    The nearest come first; only those that the actor orders for.
    """
    if not actor.may(MAKE):
        return []
    rows = select(WorkOrder).options(joinedload(WorkOrder.executor))
    rows = rows.where(WorkOrder.category == category, WorkOrder.state.in_(UNDONE), WorkOrder.parent_id.is_(None))
    rows = rows.where(access.rule_of(WorkOrder, actor, MAKE))
    if point is not None:
        near = geo.near(WorkOrder.point, point, metres)
        return list(db.session().scalars(rows.where(near).order_by(geo.distance(WorkOrder.point, point)).limit(5)))
    if place is None:
        return []
    here = rows.where(WorkOrder.place_id == place.id, WorkOrder.point.is_(None))
    return list(db.session().scalars(here.order_by(WorkOrder.id).limit(5)))


def join_order(actor: Actor, uid: UUID, about: Subject, *, words: str = "") -> WorkOrder:
    """Let an open order be about one thing more. Raises Missing, Denied, Refused."""
    order = access.find(WorkOrder, uid, actor, MAKE, lock=True)
    if order.state not in UNDONE:
        raise flow.Refused([Objection(N_("Arbetsordern är redan utförd. Beställ en ny."))])
    known = select(OrderSource).where(OrderSource.order_id == order.id, OrderSource.subject_uid == about.uid)
    if db.session().scalar(known.where(OrderSource.subject_kind == about.kind)) is None:
        db.session().add(OrderSource(order_id=order.id, subject_kind=about.kind, subject_uid=about.uid))
        note(actor, order, JOINED, reason=words)
        journal.write(actor, "order:join", "order", uid, level=order.level, subject=about.uid)
    return order


def divide_order(
    actor: Actor, uid: UUID, *, part: UUID, title: str, description: str, contract: UUID | None, priority: str
) -> WorkOrder:
    """Let somebody else do a part: an order of its own under this one, with clocks of its own.

    Raises Missing, Denied, Invalid, Refused.
    """
    whole = access.find(WorkOrder, uid, actor, MAKE, lock=True)
    if whole.parent_id is not None:
        raise flow.Refused([Objection(N_("Det här är redan en del av en arbetsorder. Dela den hela i stället."))])
    if whole.state not in UNDONE:
        raise flow.Refused([Objection(N_("Arbetsordern är redan utförd. Beställ en ny."))])
    known = db.session().scalar(select(WorkOrder.id).where(WorkOrder.uid == part)) is not None
    chosen = chosen_contract(actor, contract, MAKE)
    wanted = Wanted(
        title=title,
        priority=priority,
        description=description,
        category=whole.category,
        place=db.session().get(Place, whole.place_id) if whole.place_id else None,
        point=whole.point if isinstance(whole.point, Point) else None,
        contract=chosen,
        source=whole.source,
        parent=whole,
        level=whole.level,
    )
    made = make_order(actor, uid=part, organisation=whole.organisation_id, wanted=wanted)
    if not known:
        note(actor, whole, DIVIDED, reason=Text(N_("{number} {title}"), number=made.number, title=made.title))
    return made


def parts_of(actor: Actor, order: WorkOrder) -> list[WorkOrder]:
    """Return the parts of an order that the actor reaches."""
    rows = select(WorkOrder).options(joinedload(WorkOrder.executor)).where(WorkOrder.parent_id == order.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(WorkOrder.id)))


def open_parts(order: WorkOrder) -> int:
    """Return how many parts of an order nobody has approved yet."""
    rows = select(WorkOrder.id).where(WorkOrder.parent_id == order.id)
    return len(db.session().scalars(rows.where(WorkOrder.state.not_in(SETTLED))).all())


def reprioritise(actor: Actor, uid: UUID, *, priority: str, reason: str, version: int | None = None) -> WorkOrder:
    """Let an order be more or less urgent: its frister are counted anew from the same start, around the same pauses.

    Raises Missing, Denied, Stale, Refused.
    """
    order = access.find(WorkOrder, uid, actor, MAKE, lock=True)
    db.refuse_stale("order", uid, order.version, version)
    if order.state not in UNDONE:
        raise flow.Refused([Objection(N_("Arbetsordern är redan utförd."))])
    if priority == order.priority:
        raise flow.Refused([Objection(N_("Arbetsordern har redan den prioriteten."), "priority")])
    before, order.priority = order.priority, priority
    draw_terms(order)
    db.session().flush()
    told = Text(
        N_("Från {before} till {after}. {reason}"), before=before.upper(), after=priority.upper(), reason=reason
    )
    note(actor, order, REPRIORITISED, reason=told)
    journal.write(actor, "order:reprioritise", "order", uid, level=order.level, before=before, after=priority)
    legs.retime(order, PRIORITIES[priority])
    return order


def remind(actor: Actor, uid: UUID) -> WorkOrder:
    """Remind whom an order waits for, at most once a day: a line in the next letter to their mailbox.

    Raises Missing, Refused.
    """
    order = access.find(WorkOrder, uid, actor, MAKE, lock=True)
    if order.state not in WITH_THE_EXECUTOR:
        raise flow.Refused([Objection(N_("Arbetsordern väntar inte på den som ska göra den."))])
    last = select(OrderEvent.at).where(OrderEvent.order_id == order.id, OrderEvent.kind == REMINDED)
    before = db.session().scalars(last.order_by(OrderEvent.id.desc()).limit(1)).first()
    if before is not None and clock.local(before).date() == clock.today():
        raise flow.Refused([Objection(N_("Ni har redan påmint i dag."))])
    upkeep.nudge_about(legs.HOUSE, order.about(None), order.executor_id)
    note(actor, order, REMINDED)
    journal.write(actor, "order:remind", "order", uid, level=order.level)
    return order


@dataclass(frozen=True)
class Happened:
    """What happened to an order, as somebody reads it."""

    at: datetime
    kind: str
    state: str
    organisation: Organisation | None
    pause: str
    reason: str
    reply: str


def events_of(actor: Actor, orders: Iterable[WorkOrder]) -> list[Happened]:
    """Return what has happened to orders, the newest first.

    Of one that was divided who does it reads no more than that: the part may be another contractor's.
    """
    keys = [order.id for order in orders]
    area = lambda areas: WorkOrder.place_id.in_(places_in(areas))  # noqa: E731
    owners = (WorkOrder.organisation_id, WorkOrder.coordinator_id)
    theirs = access.within(actor, READ, *owners, area=area, category=WorkOrder.category)
    rows = select(OrderEvent).options(joinedload(OrderEvent.organisation)).where(OrderEvent.order_id.in_(keys))
    rows = access.visible(rows, actor).order_by(OrderEvent.id.desc())
    told = set(db.session().scalars(select(WorkOrder.id).where(WorkOrder.id.in_(keys), theirs)))
    return [
        Happened(row.at, row.kind, row.state, row.organisation, row.pause, _why(row, told), row.reply)
        for row in db.session().scalars(rows)
    ]


def _why(event: OrderEvent, told: set[int]) -> str:
    return event.reason if event.kind != DIVIDED or event.order_id in told else ""
