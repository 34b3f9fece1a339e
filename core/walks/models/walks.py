"""Walks: their plan, who was there, and who has adjusted the protocol."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access, geo
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.flow import Flowing
from core.i18n import N_
from core.people.models import Organisation, Person
from core.places.models import Place, places_around

THEMES = {
    "allman": N_("Allmän"),
    "belysning": N_("Belysning"),
    "klotter": N_("Klotter"),
    "lek": N_("Lek"),
    "skola": N_("Skola"),
    "kollektivtrafik": N_("Kollektivtrafik"),
    "kvinnors_trygghet": N_("Kvinnors trygghet"),
    "barn": N_("Barn"),
    "aldre": N_("Äldre"),
}

LIGHTS = {"dag": N_("Dagsljus"), "skymning": N_("Skymning"), "morker": N_("Mörker")}

CATEGORIES = {
    "boende": N_("Boende"),
    "barn_unga": N_("Barn och unga"),
    "forening": N_("Föreningar"),
    "politiker": N_("Politiker"),
    "tjansteperson": N_("Tjänstepersoner"),
    "polis": N_("Polis"),
    "fastighetsagare": N_("Fastighetsägare"),
    "naringsidkare": N_("Näringsidkare"),
}
AGES = {
    "": N_("Ej angivet"),
    "0_12": N_("0–12 år"),
    "13_25": N_("13–25 år"),
    "26_64": N_("26–64 år"),
    "65": N_("65 år eller äldre"),
}
GENDERS = {"": N_("Ej angivet"), "kvinnor": N_("Kvinnor"), "man": N_("Män"), "annat": N_("Annat")}
"""Who took part, as counts only: names and addresses of residents are not stored."""


class WalkPlace(Base):
    """A place that a walk goes through; `seq` counts in the order in which it comes to them."""

    __tablename__ = "walk_place"
    walk_id: Mapped[int] = mapped_column(Key, ForeignKey("walk.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)


class Walk(Flowing, Identified, Versioned, Once, Base):
    """A safety walk (trygghetsvandring). `light` overrides what the sun says; `reason` is that of the last move."""

    __tablename__ = "walk"
    __table_args__ = (
        Index("ix_walk_planned_at_id", "planned_at", "id"),
        Index("ix_walk_organiser_id", "organiser_id"),
        Index("ix_walk_follows_id", "follows_id"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    theme: Mapped[str] = mapped_column(String(40))
    planned_at: Mapped[datetime]
    organiser_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    purpose: Mapped[str] = mapped_column(String(2000), default="")
    pre_meeting_at: Mapped[datetime | None]
    feedback_meeting_at: Mapped[datetime | None]
    invitation: Mapped[str] = mapped_column(String(4000), default="")
    steps: Mapped[str] = mapped_column(String(500), default="")
    rest: Mapped[str] = mapped_column(String(500), default="")
    language_support: Mapped[str] = mapped_column(String(500), default="")
    lone_worker: Mapped[bool] = mapped_column(default=False)
    police: Mapped[str] = mapped_column(String(500), default="")
    risks: Mapped[str] = mapped_column(String(2000), default="")
    weather: Mapped[str] = mapped_column(String(200), default="")
    light: Mapped[str] = mapped_column(String(20), default="")
    light_reason: Mapped[str] = mapped_column(String(500), default="")
    groups: Mapped[int] = mapped_column(default=1)
    leader_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    note_taker_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    photographer_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    follows_id: Mapped[int | None] = mapped_column(Key, ForeignKey("walk.id"))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(30))
    level: Mapped[int] = mapped_column(default=1)
    organiser: Mapped[Organisation] = relationship(lazy="raise")
    partners: Mapped[list[Organisation]] = relationship(
        secondary="walk_partner", lazy="raise", order_by="Organisation.name"
    )
    stops: Mapped[list[WalkStop]] = relationship(lazy="raise", order_by="WalkStop.seq")
    leader: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[leader_id])
    note_taker: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[note_taker_id])
    photographer: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[photographer_id])
    follows: Mapped[Walk | None] = relationship(lazy="raise", remote_side="Walk.id")
    places: Mapped[list[Place]] = relationship(secondary="walk_place", lazy="raise", order_by="WalkPlace.seq")


class WalkPartner(Base):
    """An organisation that holds the walk together with the organiser: it reads and logs, and adjusts the protocol."""

    __tablename__ = "walk_partner"
    __table_args__ = (Index("ix_walk_partner_organisation_id", "organisation_id"),)
    walk_id: Mapped[int] = mapped_column(Key, ForeignKey("walk.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"), primary_key=True)


class WalkRoute(Base):
    """The way that a walk takes."""

    __tablename__ = "walk_route"
    walk_id: Mapped[int] = mapped_column(Key, ForeignKey("walk.id"), primary_key=True, autoincrement=False)
    line: Mapped[BaseGeometry] = mapped_column(geo.Geom("LINESTRING"))


class WalkStop(Base):
    """A stop on the way, with the questions to ask there."""

    __tablename__ = "walk_stop"
    __table_args__ = (UniqueConstraint("walk_id", "seq"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    walk_id: Mapped[int] = mapped_column(Key, ForeignKey("walk.id"))
    seq: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    point: Mapped[BaseGeometry | None] = mapped_column(geo.Geom("POINT"))
    questions: Mapped[list[str]] = mapped_column(JSON, default=list)


class WalkTrack(Identified, Base):
    """The way that was gone, as the phone of who leads the walk told it, if they turned that on.

    `points` are [longitude, latitude, accuracy in metres or None, time], WGS 84; more may come until it has `ended`.
    """

    __tablename__ = "walk_track"
    __table_args__ = (Index("ix_walk_track_walk_id", "walk_id"),)
    walk_id: Mapped[int] = mapped_column(Key, ForeignKey("walk.id"))
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    points: Mapped[list[list[Any]]] = mapped_column(JSON)
    ended: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]


class ParticipantCount(Base):
    """How many of a category, age and gender took part."""

    __tablename__ = "participant_count"
    walk_id: Mapped[int] = mapped_column(Key, ForeignKey("walk.id"), primary_key=True)
    category: Mapped[str] = mapped_column(String(30), primary_key=True)
    age: Mapped[str] = mapped_column(String(10), primary_key=True)
    gender: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int]


class Adjustment(Base):
    """That somebody has adjusted a walk's protocol, and as what."""

    __tablename__ = "protocol_adjustment"
    __table_args__ = (UniqueConstraint("walk_id", "person_id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    walk_id: Mapped[int] = mapped_column(Key, ForeignKey("walk.id"))
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    part: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


SHARED_WALK = frozenset({"walks:walk:read", "walks:observation:log", "walks:walk:adjust"})
"""What co-organisers do with a walk, beside reading what was seen on it."""


def shared_by(reach: access.Reach) -> ColumnElement[bool] | None:
    """Return the condition that a walk is held together with an organisation of an unlimited reach."""
    if reach.organisations is None or reach.areas is not None or reach.categories is not None:
        return None
    return WalkPartner.organisation_id.in_(reach.organisations)


@access.visible_to(Walk, "walks:walk:read")
def _walks(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Within reach are walks that one's organisation leads or helps to lead; to read also those in one's district."""
    rule = access.within(actor, permission, Walk.organiser_id)
    for reach in actor.reaches(permission):
        shared = shared_by(reach)
        if shared is None:
            continue
        if permission in SHARED_WALK:
            rule = or_(rule, Walk.id.in_(select(WalkPartner.walk_id).where(shared)))
        if permission == "walks:walk:read":
            nearby = select(WalkPlace.walk_id).join(Place, Place.id == WalkPlace.place_id)
            mine = reach.organisations or frozenset()
            there = or_(Place.district_id.in_(mine), Place.id.in_(places_around(mine)))
            rule = or_(rule, Walk.id.in_(nearby.where(there)))
    return rule


def _of_walks(model: Any) -> None:
    """Let rows of `model` be seen with their walk."""

    @access.visible_to(model, "walks:walk:read")
    def _with_its_walk(actor: Actor, permission: str) -> ColumnElement[bool]:
        seen: ColumnElement[bool] = model.walk_id.in_(select(Walk.id).where(access.rule_of(Walk, actor, permission)))
        return seen


for part in (WalkPlace, WalkPartner, WalkRoute, WalkStop, WalkTrack, ParticipantCount, Adjustment):
    _of_walks(part)
