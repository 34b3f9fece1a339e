"""Cycles: a place or an area, who takes part with which mandate, in which step, and what has been said about it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.hours import Hours
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Area, Place, places_in

PARTY_ROLES = {
    "drivande": N_("Drivande"),
    "ansvarig": N_("Ansvarig"),
    "medverkande": N_("Medverkande"),
    "referens": N_("Referens"),
}
"""What a party is in a cycle (domain.md 4.2)."""

AUDIENCES = {"intern": N_("Bara vi"), "alla": N_("Alla parter")}
"""Who reads a comment: one's own organisation, or all parties (H7)."""

READ, LEAD, WRITE = "cooperation:cycle:read", "cooperation:cycle:lead", "cooperation:cycle:write"


class Cycle(Flowing, Identified, Versioned, Once, Base):
    """A cycle (samverkanscykel) about a place or an area, driven by a board; `turn` is which one it is there.

    `decision` is the decision to begin, as its protocol or diary names it, `decided_on` its day. The parties' own
    pictures are read by the others from `opens_at` on, or from `opened_at`, when the last of them came in.
    `previous_id` is the cycle that this one carries on from.
    """

    __tablename__ = "cycle"
    __table_args__ = (
        CheckConstraint("(place_id IS NULL) <> (area_id IS NULL)", name="where"),
        Index("ix_cycle_organisation_id", "organisation_id", "id"),
        Index("ix_cycle_place_id", "place_id"),
        Index("ix_cycle_area_id", "area_id"),
        Index("ix_cycle_opens_at", "opens_at"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(2000), default="")
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    area_id: Mapped[int | None] = mapped_column(Key, ForeignKey("area.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    turn: Mapped[int] = mapped_column(default=1)
    previous_id: Mapped[int | None] = mapped_column(Key, ForeignKey("cycle.id"), unique=True)
    started_on: Mapped[date]
    decision: Mapped[str] = mapped_column(String(200), default="")
    decided_on: Mapped[date | None]
    opens_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    ended_on: Mapped[date | None]
    follow_up: Mapped[str] = mapped_column(String(8000), default="")
    state: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(default=1)
    place: Mapped[Place | None] = relationship(lazy="raise")
    area: Mapped[Area | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    previous: Mapped[Cycle | None] = relationship(lazy="raise", remote_side="Cycle.id")


class CycleParty(Identified, Versioned, Base):
    """A party (part) of a cycle, with its mandate and substitute as functions, never names, and what it puts in.

    `hours` are hours a week, `budget` kronor a year. A party that has left keeps what it wrote.
    """

    __tablename__ = "cycle_party"
    __table_args__ = (
        UniqueConstraint("cycle_id", "organisation_id"),
        Index("ix_cycle_party_organisation_id", "organisation_id", "cycle_id"),
    )
    cycle_id: Mapped[int] = mapped_column(Key, ForeignKey("cycle.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(20))
    mandate: Mapped[str] = mapped_column(String(120))
    substitute: Mapped[str] = mapped_column(String(120), default="")
    hours: Mapped[Decimal | None] = mapped_column(Hours())
    budget: Mapped[int | None] = mapped_column(Key)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    left_why: Mapped[str] = mapped_column(String(500), default="")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class CycleEvent(Base):
    """What happened to a cycle: a step taken or taken back, a party joined or left; by whom, why."""

    __tablename__ = "cycle_event"
    __table_args__ = (Index("ix_cycle_event_cycle_id", "cycle_id", "id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    cycle_id: Mapped[int] = mapped_column(Key, ForeignKey("cycle.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(30))
    source: Mapped[str] = mapped_column(String(20), default="")
    target: Mapped[str] = mapped_column(String(20), default="")
    about_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    about: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[about_id])
    organisation: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[organisation_id])


class CycleComment(Identified, Base):
    """Something said about a cycle, in one of its steps: inside one organisation, or to all parties (H7)."""

    __tablename__ = "cycle_comment"
    __table_args__ = (Index("ix_cycle_comment_cycle_id", "cycle_id", "id"),)
    cycle_id: Mapped[int] = mapped_column(Key, ForeignKey("cycle.id"))
    step: Mapped[str] = mapped_column(String(20))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    at: Mapped[datetime]
    audience: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(2000))
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class _Parties:
    """The organisations that take part in a cycle, as an owner of it."""

    def in_(self, organisations: Any) -> ColumnElement[bool]:
        taking = select(CycleParty.cycle_id).where(
            CycleParty.organisation_id.in_(organisations), CycleParty.left_on.is_(None)
        )
        return Cycle.id.in_(taking)


PARTIES = _Parties()


def homes(actor: Actor) -> Any:
    """Return the keys of the organisations that the actor writes for: its own, and those that were merged into them.

    None that lie below: who works for the owner of a company does not write for the company, nor read what it seals.
    """
    own = select(Organisation.id).where(Organisation.id.in_(actor.homes(WRITE))).cte(recursive=True)
    own = own.union(select(Organisation.id).where(Organisation.successor_id == own.c.id))
    return select(own.c.id)


@access.visible_to(Cycle, READ)
def _cycles(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Who drives it leads it; its parties read it and write their own part, whatever their role (design.md 4.5)."""
    if permission == WRITE:
        return PARTIES.in_(homes(actor))
    owners: tuple[Any, ...] = (Cycle.organisation_id,) if permission == LEAD else (Cycle.organisation_id, PARTIES)

    def area(areas: frozenset[int]) -> ColumnElement[bool]:
        return Cycle.place_id.in_(places_in(areas)) | Cycle.area_id.in_(areas)

    return access.within(actor, permission, *owners, area=area)


def reached(actor: Actor, permission: str = READ) -> Any:
    """Return the keys of the cycles that the actor reaches with a permission."""
    return select(Cycle.id).where(access.rule_of(Cycle, actor, permission))


def of_cycle(model: Any) -> None:
    """Let rows of `model` be reached with their cycle."""

    @access.visible_to(model, READ)
    def _with_its_cycle(actor: Actor, permission: str) -> ColumnElement[bool]:
        found: ColumnElement[bool] = model.cycle_id.in_(reached(actor, permission))
        return found


for part in (CycleParty, CycleEvent):
    of_cycle(part)


@access.visible_to(CycleComment, READ)
def _comments(actor: Actor, permission: str) -> ColumnElement[bool]:
    """What is said inside an organisation stays there, also for those who read for the whole city (H7)."""
    told = (CycleComment.audience == "alla") & CycleComment.cycle_id.in_(reached(actor, permission))
    return told | CycleComment.organisation_id.in_(homes(actor))
