"""Platssamverkan: the places, the parties with their mandates, the groups."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import geo
from core.agreements.models.together import shared, with_its
from core.cooperation.models import Cycle
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.hours import Hours
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Place, places_in

GROUP_KINDS = {"styrgrupp": N_("Styrgrupp"), "projektgrupp": N_("Projektgrupp"), "arbetsgrupp": N_("Arbetsgrupp")}
EVERY_WEEKS = 4
"""Weeks between two meetings at most, unless the parties say otherwise (domain.md 4.4)."""


class Collaboration(Flowing, Identified, Versioned, Once, Base):
    """A platssamverkan: what several organisations do together about a place, led by its stadsdelsnämnd.

    `state` is its phase. `boundary` is what it is about, where that is another shape than its places. `agreed_on` is
    the day from which its evaluations are counted. `meeting_weeks` is how long there may be between two meetings.
    """

    __tablename__ = "collaboration"
    __table_args__ = (Index("ix_collaboration_organisation_id", "organisation_id", "id"),)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    vision: Mapped[str] = mapped_column(String(2000), default="")
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    cycle_id: Mapped[int | None] = mapped_column(Key, ForeignKey("cycle.id"))
    boundary: Mapped[BaseGeometry | None] = mapped_column(geo.Geom("MULTIPOLYGON"))
    premises: Mapped[str] = mapped_column(String(500), default="")
    communication: Mapped[str] = mapped_column(String(2000), default="")
    meeting_weeks: Mapped[int] = mapped_column(default=EVERY_WEEKS)
    started_on: Mapped[date]
    agreed_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    cycle: Mapped[Cycle | None] = relationship(lazy="raise")


class CollaborationPlace(Base):
    """That a platssamverkan is about a place."""

    __tablename__ = "collaboration_place"
    __table_args__ = (Index("ix_collaboration_place_place_id", "place_id"),)
    collaboration_id: Mapped[int] = mapped_column(Key, ForeignKey("collaboration.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"), primary_key=True)
    place: Mapped[Place] = relationship(lazy="raise")


class CollaborationParty(Identified, Versioned, Base):
    """A party (part), with its mandate and substitute as functions, and what it puts in.

    `hours` are hours a week, `budget` kronor a year. `fee_share` is per cent of a fee for an area
    (domain.md 4.5): asked for only where the installation has that turned on.
    """

    __tablename__ = "collaboration_party"
    __table_args__ = (
        UniqueConstraint("collaboration_id", "organisation_id"),
        Index("ix_collaboration_party_organisation_id", "organisation_id", "collaboration_id"),
    )
    collaboration_id: Mapped[int] = mapped_column(Key, ForeignKey("collaboration.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(20))
    mandate: Mapped[str] = mapped_column(String(120))
    substitute: Mapped[str] = mapped_column(String(120), default="")
    hours: Mapped[Decimal | None] = mapped_column(Hours())
    budget: Mapped[int | None] = mapped_column(Key)
    fee_share: Mapped[int | None]
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    left_why: Mapped[str] = mapped_column(String(500), default="")
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class CollaborationGroup(Identified, Versioned, Base):
    """A group (styrgrupp, projektgrupp, arbetsgrupp) of a platssamverkan; `convener` is a function."""

    __tablename__ = "collaboration_group"
    __table_args__ = (Index("ix_collaboration_group_collaboration_id", "collaboration_id"),)
    collaboration_id: Mapped[int] = mapped_column(Key, ForeignKey("collaboration.id"))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    task: Mapped[str] = mapped_column(String(1000), default="")
    convener: Mapped[str] = mapped_column(String(120), default="")


class GroupMember(Base):
    """That a party sits in a group."""

    __tablename__ = "group_member"
    group_id: Mapped[int] = mapped_column(Key, ForeignKey("collaboration_group.id"), primary_key=True)
    party_id: Mapped[int] = mapped_column(Key, ForeignKey("collaboration_party.id"), primary_key=True)


def _in_areas(areas: frozenset[int]) -> ColumnElement[bool]:
    about = select(CollaborationPlace.collaboration_id).where(CollaborationPlace.place_id.in_(places_in(areas)))
    return Collaboration.id.in_(about)


shared(Collaboration, CollaborationParty, CollaborationParty.collaboration_id, _in_areas)
for part in (CollaborationPlace, CollaborationParty, CollaborationGroup):
    with_its(part, (part.collaboration_id, Collaboration))
with_its(GroupMember, (GroupMember.party_id, CollaborationParty))
