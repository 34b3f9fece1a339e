"""Work orders: what is to be done, by whom, for whom; what it is about, and what has happened to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access, geo
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Place, places_in
from core.places.protecting import protected_with_place
from core.refs import OrderRef, Subject
from core.works.models.contracts import Contract

SOURCES = {
    "iakttagelse": N_("Iakttagelse"),
    "plan": N_("Skötselplan"),
    "egen": N_("Beställd direkt"),
    "inlast": N_("Inläst från ett annat register"),
}
"""Where an order comes from."""

OPEN = text("state NOT IN ('avslutad', 'aterkallad')")
STANDS = text("undone_at IS NULL")


class WorkOrder(Identified, Versioned, Once, Base):
    """A work order (arbetsorder) of the organisation that answers for the work, done by the executor.

    The executor is the contractor of `contract_id`, or the organisation itself. `terms` are the Tidskrav as it was when
    it was ordered, frozen with `schema`. `point` is in SWEREF 99 TM. The clocks are frister of upkeep about it, from
    `starts_at` on. `done_at` is when it was last said to be done, `done_by_id` by whom; `on_site` whether it is in the
    sample that somebody looks at where it is. `cost` is kronor. `plan_on` is the day of the plan that made it.
    """

    __tablename__ = "work_order"
    __table_args__ = (
        UniqueConstraint("plan_id", "plan_on"),
        Index("ix_work_order_organisation_id", "organisation_id", "id"),
        Index("ix_work_order_executor_id", "executor_id", "id"),
        Index("ix_work_order_coordinator_id", "coordinator_id", "id"),
        Index("ix_work_order_contract_id", "contract_id", "id"),
        Index("ix_work_order_place_id", "place_id"),
        Index("ix_work_order_parent_id", "parent_id"),
        Index("ix_work_order_open", "category", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(4000), default="")
    source: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(80), default="")
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    point: Mapped[BaseGeometry | None] = mapped_column(geo.Geom("POINT"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    coordinator_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    executor_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    contract_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contract.id"))
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("work_order.id"))
    plan_id: Mapped[int | None] = mapped_column(Key, ForeignKey("maintenance_plan.id"))
    plan_on: Mapped[date | None]
    priority: Mapped[str] = mapped_column(String(10))
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    starts_at: Mapped[datetime]
    ordered_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(30))
    acknowledged_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    on_site: Mapped[bool] = mapped_column(default=False)
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    rejected_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(String(2000), default="")
    cost: Mapped[int | None] = mapped_column(Key)
    level: Mapped[int] = mapped_column(default=1)
    place: Mapped[Place | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[organisation_id])
    executor: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[executor_id])
    contract: Mapped[Contract | None] = relationship(lazy="raise")
    parent: Mapped[WorkOrder | None] = relationship(lazy="raise", remote_side="WorkOrder.id")

    def plugin_keys(self) -> Iterable[str]:
        """An order hangs on the plugin whose kind of thing it is about."""
        return (self.category,) if self.category else ()

    def ref(self) -> None:
        """No plugin is asked about an order; rooms and plugins are told by `after_order`."""

    def told(self) -> OrderRef:
        """Return the order as hooks see it."""
        return OrderRef(self.uid, self.number, self.title, self.state, self.priority, self.reply, self.level)

    def about(self, place: Place | None) -> Subject:
        """Return the order as what a frist is about."""
        where = self.point if isinstance(self.point, Point) else None
        spot = (where.x, where.y) if where else None
        at = place.uid if place else None
        return Subject("order", self.uid, self.title, at, spot, self.level, category=self.category)


class OrderSource(Base):
    """What an order is about: a thing of a room above, such as an observation. Several things may share an order."""

    __tablename__ = "order_source"
    __table_args__ = (Index("ix_order_source_subject", "subject_kind", "subject_uid"),)
    order_id: Mapped[int] = mapped_column(Key, ForeignKey("work_order.id"), primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject_uid: Mapped[UUID] = mapped_column(primary_key=True)


class OrderOrigin(Base):
    """What an order was in the register that it was read in from: `source` knew it by `number`.

    `target_at` and `closed_at` are the source's own, `report` the number of what it was about there. `version` is the
    order's when it had just come in. `batch` is the import that it came with. Once `undone_at`, its number may come
    again. What had fallen due by `taken_in_at` is settled in the source: no penalty is proposed for it here.
    """

    __tablename__ = "order_origin"
    __table_args__ = (
        Index(
            "uq_order_origin_number",
            "organisation_id", "source", "number",
            unique=True, sqlite_where=STANDS, postgresql_where=STANDS,
        ),
    )  # fmt: skip
    order_id: Mapped[int] = mapped_column(Key, ForeignKey("work_order.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    source: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(String(120))
    report: Mapped[str] = mapped_column(String(120), default="")
    target_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    taken_in_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    batch: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)


class OrderEvent(Base):
    """What happened to an order: a move, another priority, a reminder; by whom, why, and what the reporter is told.

    `pause` is for what it stands still, a key of PAUSES, where it does.
    """

    __tablename__ = "order_event"
    __table_args__ = (Index("ix_order_event_order_id", "order_id", "id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    order_id: Mapped[int] = mapped_column(Key, ForeignKey("work_order.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    pause: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(String(1000), default="")
    reply: Mapped[str] = mapped_column(String(2000), default="")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


DOING = "works:order:do"
READING = ("works:order:read", "media:photo:fetch", "media:photo:read", "media:photo:add")


@access.visible_to(WorkOrder, "works:order:read")
def _orders(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Who does it reports on it, who ordered it judges; both read, and so does the board that coordinates the spot."""
    owners: tuple[Any, ...] = (WorkOrder.organisation_id,)
    if permission == DOING:
        owners = (WorkOrder.executor_id,)
    elif permission in READING:
        owners = (WorkOrder.organisation_id, WorkOrder.executor_id, WorkOrder.coordinator_id)
    area = lambda areas: WorkOrder.place_id.in_(places_in(areas))  # noqa: E731
    return access.within(actor, permission, *owners, area=area, category=WorkOrder.category)


def _of_orders(model: Any) -> None:
    @access.visible_to(model, "works:order:read")
    def _with_its_order(actor: Actor, permission: str) -> ColumnElement[bool]:
        reached = select(WorkOrder.id).where(access.rule_of(WorkOrder, actor, permission))
        found: ColumnElement[bool] = model.order_id.in_(reached)
        return found


for part in (OrderSource, OrderOrigin, OrderEvent):
    _of_orders(part)

protected_with_place(WorkOrder)
