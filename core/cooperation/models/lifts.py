"""What is lifted to the central level: an obstacle, or that cooperation does not give what it should (Z12, Z46)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.cooperation.models.cycles import READ, WRITE, Cycle, homes, reached
from core.cooperation.models.plan import Goal, Measure
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Place

LIFT_READ, LIFT_MAKE, LIFT_ANSWER = (f"cooperation:lift:{act}" for act in ("read", "make", "answer"))

OBSTACLE, NO_EFFECT = "hinder", "effekt"
LIFT_KINDS = {
    OBSTACLE: N_("Hinder som vi inte rår över"),
    NO_EFFECT: N_("Samverkan ger inte önskad effekt"),
}
"""HINDER_LYFT and SIGNAL_EFFEKT (domain.md 4.3)."""
DECISIONS = {
    "ja": N_("Ja"),
    "delvis": N_("Delvis"),
    "nej": N_("Nej"),
    "vidare": N_("Tas vidare till kommunstyrelsen"),
}
"""What the central level decides about what is asked for."""


class Lift(Flowing, Identified, Versioned, Once, Base):
    """Something lifted to the central level (lyft): what, since when, what has been tried, what is asked for.

    It comes from a cycle, with the goal or the measure that it is about, or from a place; `organisation_id` is whose
    it is. The answer says what is decided, and why.
    """

    __tablename__ = "lift"
    __table_args__ = (
        Index("ix_lift_organisation_id", "organisation_id", "id"),
        Index("ix_lift_state", "state", "id"),
        Index("ix_lift_cycle_id", "cycle_id"),
        Index("ix_lift_place_id", "place_id"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    cycle_id: Mapped[int | None] = mapped_column(Key, ForeignKey("cycle.id"))
    goal_id: Mapped[int | None] = mapped_column(Key, ForeignKey("goal.id"))
    measure_id: Mapped[int | None] = mapped_column(Key, ForeignKey("measure.id"))
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    title: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(4000))
    since_on: Mapped[date]
    tried: Mapped[str] = mapped_column(String(4000))
    asked: Mapped[str] = mapped_column(String(2000))
    lifted_at: Mapped[datetime]
    lifted_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(2000), default="")
    decision: Mapped[str] = mapped_column(String(20), default="")
    answer: Mapped[str] = mapped_column(String(4000), default="")
    answered_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    level: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    cycle: Mapped[Cycle | None] = relationship(lazy="raise")
    goal: Mapped[Goal | None] = relationship(lazy="raise")
    measure: Mapped[Measure | None] = relationship(lazy="raise")
    place: Mapped[Place | None] = relationship(lazy="raise")


class LiftEvent(Base):
    """What happened to a lift: which step, when, by which organisation, with which words."""

    __tablename__ = "lift_event"
    __table_args__ = (Index("ix_lift_event_lift_id", "lift_id", "id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    lift_id: Mapped[int] = mapped_column(Key, ForeignKey("lift.id"))
    at: Mapped[datetime]
    move: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    text: Mapped[str] = mapped_column(String(4000), default="")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


@access.visible_to(Lift, LIFT_READ)
def _lifts(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Who has lifted it changes it, the central level answers it, and the parties of its cycle read it."""
    if permission == LIFT_ANSWER:
        return access.within(actor, LIFT_ANSWER, Lift.organisation_id)
    own = Lift.organisation_id.in_(homes(actor))
    if permission in (LIFT_MAKE, WRITE):
        return own
    return or_(own, access.within(actor, LIFT_READ, Lift.organisation_id), Lift.cycle_id.in_(reached(actor, READ)))


@access.visible_to(LiftEvent, LIFT_READ)
def _lift_events(actor: Actor, permission: str) -> ColumnElement[bool]:
    rows: Any = select(Lift.id).where(access.rule_of(Lift, actor, permission))
    return LiftEvent.lift_id.in_(rows)
