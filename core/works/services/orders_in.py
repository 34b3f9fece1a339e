"""Orders from another register: read in with their given dates and history; what has ended there asks nothing here.

They are never made of reports: a register of orders has been ordered from already, and somebody has decided on each.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import Select, or_, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.media import Photo
from core.places.models import Place
from core.places.services import holding
from core.refs import Subject
from core.works.models import OrderEvent, OrderOrigin, OrderSource, WorkOrder
from core.works.services import legs
from core.works.services.orders import NOT_FROM_HERE, note
from core.works.states import MAKE, ORDER, ORDERED, READ_IN

USED = N_("Någon har redan arbetat med arbetsordern.")
FROM = N_("{source}, nummer {number}")
CLOSED_THERE, CALLED_OFF_THERE = N_("Avslutad i {source}."), N_("Återkallad i {source}.")
GIVEN_WORDS = N_("Den tid som {source} har gett")
GIVEN, ENDED, CALLED_OFF = "tilldelad", "avslutad", "aterkallad"
"""What an order that is read in may be."""

Finder = Callable[[Actor, str, str], Subject | None]
"""Finds what a source knows by a number, if the actor reaches it."""
_finders: list[Finder] = []


def finds_reports(finder: Finder) -> Finder:
    """Register who finds the report that an order in a register says it is about: works know no reports."""
    _finders.append(finder)
    return finder


def report_called(actor: Actor, source: str, number: str) -> Subject | None:
    """Return what another register's order is about by the number that it gives, if the actor reaches that."""
    return next(filter(None, (find(actor, source, number) for find in _finders)), None)


@dataclass(frozen=True)
class Ordered:
    """An order as its register tells it; `report` is the number of what it was about, `point` in SWEREF 99 TM."""

    source: str
    number: str
    title: str
    opened_at: datetime
    target_at: datetime | None = None
    closed_at: datetime | None = None
    state: str = GIVEN
    priority: str = "p3"
    description: str = ""
    report: str = ""
    point: Point | None = None
    batch: UUID | None = None


def take_in(actor: Actor, *, uid: UUID, told: Ordered) -> WorkOrder:
    """Take in an order of the actor's organisation's own people, once under its uid, as it stands in its register.

    Its only frist is the date that was given there, past or to come: met when the register closed it. Nobody is told.
    Raises Denied, also for an actor without an organisation, and Refused for what is protected.
    """
    access.require(actor, MAKE)
    if (known := db.session().scalar(select(WorkOrder).where(WorkOrder.uid == uid))) is not None:
        return known
    if actor.organisation is None:
        raise access.Denied(MAKE)
    about = report_called(actor, told.source, told.report) if told.report else None
    order = _as_told(uid, actor.organisation, told, about)
    if order.level >= PROTECTED:
        raise flow.Refused([Objection(NOT_FROM_HERE)])
    db.session().add(order)
    db.session().flush()
    access.require(actor, MAKE, order)
    if about is not None:
        db.session().add(OrderSource(order_id=order.id, subject_kind=about.kind, subject_uid=about.uid))
    names = ("source", "number", "report", "target_at", "closed_at", "batch")
    kept = {name: getattr(told, name) for name in names}
    whose = {"organisation_id": order.organisation_id, "version": order.version}
    db.session().add(OrderOrigin(order_id=order.id, taken_in_at=clock.now(), **whose, **kept))
    _history(actor, order, told)
    _clock(order, told)
    journal.write(actor, "order:read_in", "order", uid, level=order.level, source=told.source, number=told.number)
    return order


def _as_told(uid: UUID, organisation: int, told: Ordered, about: Subject | None) -> WorkOrder:
    point = told.point or (Point(about.point) if about and about.point else None)
    place = next(iter(holding(told.point)), None) if told.point else None
    if place is None and about is not None and about.place is not None:
        place = db.session().scalar(select(Place).where(Place.uid == about.place))
    ended = told.state == ENDED
    return WorkOrder(
        uid=uid,
        content=db.fingerprint(source=told.source, number=told.number),
        number=f"AO-{db.next_number('AO'):05d}",
        title=told.title,
        description=told.description,
        source=READ_IN,
        category=about.category if about else "",
        place_id=place.id if place else None,
        point=point,
        organisation_id=organisation,
        coordinator_id=place.district_id if place else None,
        executor_id=organisation,
        priority=told.priority,
        terms=_terms(told),
        starts_at=told.opened_at,
        state=told.state,
        done_at=told.closed_at if ended else None,
        approved_at=told.closed_at if ended else None,
        level=max(about.level if about else 1, place.level if place else 1),
    )


def _terms(told: Ordered) -> dict[str, Any]:
    """Return what the register promised as a Tidskrav: its own moment to mend, and no other time.

    What is done in the very second that was promised is in time: a frist is the moment before which.
    """
    due = legs.just_after(told.target_at) if told.target_at else None
    fix = {"fix": {"clock": "given_date", "on": due.isoformat(), "n": 0}} if due else {}
    terms = {"schema": 1, "priority": told.priority, "edition": 0, "pauses": [], "legs": fix}
    return terms | {"source": told.source}


def _history(actor: Actor, order: WorkOrder, told: Ordered) -> None:
    """Keep what the register tells of the order at its own times, and that it was read in now."""
    rows = [(told.opened_at, ORDERED, GIVEN, Text(FROM, source=told.source, number=told.number))]
    if told.state != GIVEN:
        words = CLOSED_THERE if told.state == ENDED else CALLED_OFF_THERE
        move = "avsluta" if told.state == ENDED else "aterkalla"
        rows.append((told.closed_at or told.opened_at, move, told.state, Text(words, source=told.source)))
    for at, kind, state, words in rows:
        db.session().add(OrderEvent(order_id=order.id, at=at, kind=kind, state=state, reason=words))
    db.session().flush()
    note(actor, order, READ_IN, reason=Text(FROM, source=told.source, number=told.number))


def _clock(order: WorkOrder, told: Ordered) -> None:
    """Plan the frist that was given, and let what the register has ended stop it."""
    if told.state == CALLED_OFF:
        return  # nothing is owed of what was called off
    legs.begin(order)
    if told.state == ENDED and told.closed_at is not None:
        legs.ended(order, told.closed_at, Text(GIVEN_WORDS, source=told.source))


def numbers_taken_in(actor: Actor, source: str, numbers: Collection[str]) -> set[str]:
    """Return which of a source's numbers the actor's organisation has taken in already."""
    access.require(actor, MAKE)
    rows = select(OrderOrigin.number).where(OrderOrigin.organisation_id == actor.organisation)
    rows = rows.where(OrderOrigin.source == source, OrderOrigin.number.in_(numbers), OrderOrigin.undone_at.is_(None))
    return set(db.session().scalars(rows))


def used_orders(records: Any) -> Select[UUID]:
    """Select those of the orders that somebody has changed, moved, joined, divided, reminded of or photographed since.

    What the register told has nobody's name to it.
    """
    touched = select(OrderEvent.order_id).where(OrderEvent.person_id.is_not(None), OrderEvent.kind != READ_IN)
    shown = select(Photo.record_uid).where(Photo.record_kind == "order", Photo.record_uid.in_(records))
    rows = select(WorkOrder.uid).join(OrderOrigin, OrderOrigin.order_id == WorkOrder.id)
    changed = WorkOrder.version != OrderOrigin.version
    worked_on = or_(changed, WorkOrder.id.in_(touched), WorkOrder.uid.in_(shown))
    return rows.where(WorkOrder.uid.in_(records), worked_on)


def undo_order(actor: Actor, uid: UUID, reason: str) -> None:
    """Call an order off that should not have come; its number may come again. Nothing is deleted.

    Raises Refused when somebody has worked on it.
    """
    order = access.find(WorkOrder, uid, actor, ORDER.move("aterkalla").needs, lock=True)
    if db.session().scalar(used_orders(select(WorkOrder.uid).where(WorkOrder.uid == uid))) is not None:
        raise flow.Refused([Objection(USED)])
    legs.taken_back(order, reason)
    if order.state != CALLED_OFF:
        if order.state == ENDED:
            flow.move(ORDER, order, "ogora", legs.HOUSE, reason=reason)
        order.done_at = order.approved_at = None
        flow.move(ORDER, order, "aterkalla", actor, reason=reason)
        note(actor, order, "aterkalla", reason=reason)
    db.session().get_one(OrderOrigin, order.id).undone_at = clock.now()
    db.session().flush()


@ORDER.guard("ogora")
def _ended_there(order: WorkOrder, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001
    """What a register has ended is undone with its order; what somebody here has ended stands."""
    origin = db.session().get(OrderOrigin, order.id)
    if origin is None or origin.closed_at is None or origin.version != order.version:
        yield Objection(USED)


def origin_of(actor: Actor, order: WorkOrder) -> OrderOrigin | None:
    """Return what an order was in the register that it was read in from, if it was."""
    rows = select(OrderOrigin).where(OrderOrigin.order_id == order.id)
    return db.session().scalar(access.visible(rows, actor))
