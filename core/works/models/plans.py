"""Maintenance plans: what is done again and again, and makes its orders by itself."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Place, places_in
from core.upkeep.recurring import DONE, PLANNED
from core.works.models.contracts import Contract

BASES = {PLANNED: N_("Planens egna dagar"), DONE: N_("Dagen då det senast blev klart")}
"""What the next day is counted from: the plan, or the last time that it was done."""


class MaintenancePlan(Identified, Versioned, Once, Base):
    """A maintenance plan (skötselplan): what is done where, by which recurrence (RFC 5545), in which season.

    An order is made `lead_days` before each day, once; `next_on` is the next day that has none, empty when there is
    none or, by the basis `gjord`, while the last order is not done. The season is from and to, as MM-DD, both days
    included, and may cross new year; outside it nothing is done. `reach_days` is how long it has then.
    """

    __tablename__ = "maintenance_plan"
    __table_args__ = (
        Index("ix_maintenance_plan_organisation_id", "organisation_id", "id"),
        Index("ix_maintenance_plan_contract_id", "contract_id"),
        Index("ix_maintenance_plan_next_on", "next_on"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(4000), default="")
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    contract_id: Mapped[int | None] = mapped_column(Key, ForeignKey("contract.id"))
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    category: Mapped[str] = mapped_column(String(80), default="")
    rrule: Mapped[str] = mapped_column(String(300))
    basis: Mapped[str] = mapped_column(String(10), default=PLANNED)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    season_from: Mapped[str] = mapped_column(String(5), default="")
    season_to: Mapped[str] = mapped_column(String(5), default="")
    lead_days: Mapped[int] = mapped_column(default=7)
    reach_days: Mapped[int] = mapped_column(default=7)
    next_on: Mapped[date | None]
    ended_why: Mapped[str] = mapped_column(String(1000), default="")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    contract: Mapped[Contract | None] = relationship(lazy="raise")
    place: Mapped[Place | None] = relationship(lazy="raise")


@access.visible_to(MaintenancePlan, "works:plan:read")
def _plans(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Who ordered it keeps it; the contractor reads what is coming."""

    def area(areas: frozenset[int]) -> ColumnElement[bool]:
        return MaintenancePlan.place_id.in_(places_in(areas))

    own = access.within(
        actor, permission, MaintenancePlan.organisation_id, area=area, category=MaintenancePlan.category
    )
    if permission != "works:plan:read":
        return own
    theirs = select(Contract.id).where(access.within(actor, permission, Contract.contractor_id))
    return own | MaintenancePlan.contract_id.in_(theirs)
