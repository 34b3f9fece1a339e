"""Walks and what was seen on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import JSON, ColumnElement, Float, ForeignKey, Index, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access, geo, plugins
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.hookspecs import ObservationRef
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Place, places_around, places_in

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

NATURES = {
    "brist": N_("Brist"),
    "otrygg_upplevelse": N_("Otrygg upplevelse"),
    "forslag": N_("Förslag"),
    "positivt": N_("Positivt"),
}

SEVERITIES = {1: N_("Trivsel"), 2: N_("Otrygghet"), 3: N_("Påtaglig otrygghet"), 4: N_("Fara")}
"""How grave an observation is (domain.md 2.2); 4 is acute danger."""

POSITION_SOURCES = {
    "gps": N_("Gps"),
    "karta": N_("Karta"),
    "adress": N_("Adress"),
    "exif": N_("Fotot"),
    "plats": N_("Platsen"),
}


class WalkPlace(Base):
    """A place that a walk goes through."""

    __tablename__ = "walk_place"
    walk_id: Mapped[int] = mapped_column(Key, ForeignKey("walk.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"), primary_key=True)


class Walk(Identified, Versioned, Once, Base):
    """A safety walk (trygghetsvandring)."""

    __tablename__ = "walk"
    __table_args__ = (Index("ix_walk_planned_at_id", "planned_at", "id"), Index("ix_walk_organiser_id", "organiser_id"))
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    theme: Mapped[str] = mapped_column(String(40))
    planned_at: Mapped[datetime]
    organiser_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    purpose: Mapped[str] = mapped_column(String(2000), default="")
    state: Mapped[str] = mapped_column(String(30))
    level: Mapped[int] = mapped_column(default=1)
    organiser: Mapped[Organisation] = relationship(lazy="raise")
    places: Mapped[list[Place]] = relationship(secondary="walk_place", lazy="raise", order_by="Place.id")

    def plugin_keys(self) -> Iterable[str]:
        """No plugin has a say in a walk."""
        return ()

    def ref(self) -> None:
        """Hooks are not asked about walks."""


class Observation(Identified, Versioned, Once, Base):
    """Something that was seen on a walk (iakttagelse). `number` counts within the walk.

    `seen_at` is the phone's time, `received_at` the server's. `point` is in SWEREF 99 TM, `accuracy_m` metres.
    `details` is what the kind's own questions were answered with, frozen with their labels (`schema` 1).
    """

    __tablename__ = "observation"
    __table_args__ = (
        UniqueConstraint("walk_id", "number"),
        Index("ix_observation_place_seen", "place_id", "seen_at", "id"),
        Index("ix_observation_kind", "kind", "id"),
        Index("ix_observation_organisation_id", "organisation_id"),
        Index("ix_observation_coordinator_id", "coordinator_id"),
    )
    walk_id: Mapped[int] = mapped_column(Key, ForeignKey("walk.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(80))
    kind_title: Mapped[str] = mapped_column(String(120))
    nature: Mapped[str] = mapped_column(String(30))
    severity: Mapped[int]
    seen_at: Mapped[datetime]
    received_at: Mapped[datetime]
    place_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    coordinator_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    reporter_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    done_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    point: Mapped[BaseGeometry | None] = mapped_column(geo.Geom("POINT"))
    accuracy_m: Mapped[float | None] = mapped_column(Float(53))
    position_source: Mapped[str] = mapped_column(String(20), default="")
    description: Mapped[str] = mapped_column(String(4000), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(30))
    level: Mapped[int] = mapped_column(default=1)
    walk: Mapped[Walk] = relationship(lazy="raise")
    place: Mapped[Place | None] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[organisation_id])
    coordinator: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[coordinator_id])

    def plugin_keys(self) -> Iterable[str]:
        """An observation hangs on the plugin whose kind it is."""
        return (self.kind,)

    def ref(self) -> ObservationRef:
        """Return the observation as hooks see it."""
        where = self.point if isinstance(self.point, Point) else None
        return ObservationRef(
            uid=self.uid,
            number=self.number,
            kind=self.kind,
            title=self.kind_title,
            state=self.state,
            severity=self.severity,
            seen_at=self.seen_at,
            place=self.place.ref() if self.place else None,
            point=(where.x, where.y) if where else None,
            details=self.details.get("values", {}),
            level=self.level,
        )


@access.visible_to(Walk, "walks:walk:read")
def _walks(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Within reach are walks that one's organisation leads; for reading, also those on places in one's district."""
    rule = access.within(actor, permission, Walk.organiser_id)
    if permission == "walks:walk:read":
        for reach in actor.reaches(permission):
            if reach.organisations is not None and reach.areas is None and reach.categories is None:
                nearby = select(WalkPlace.walk_id).join(Place, Place.id == WalkPlace.place_id)
                there = or_(
                    Place.district_id.in_(reach.organisations), Place.id.in_(places_around(reach.organisations))
                )
                rule = or_(rule, Walk.id.in_(nearby.where(there)))
    return rule


@access.visible_to(WalkPlace, "walks:walk:read")
def _walk_places(actor: Actor, permission: str) -> ColumnElement[bool]:
    return WalkPlace.walk_id.in_(select(Walk.id).where(access.rule_of(Walk, actor, permission)))


def _in_areas(areas: frozenset[int]) -> ColumnElement[bool]:
    return Observation.place_id.in_(places_in(areas))


SHARED = frozenset(
    {
        "media:mask:propose",
        "media:mask:release",
        "media:photo:add",
        "media:photo:fetch",
        "media:photo:hide",
        "media:photo:read",
        "walks:observation:read",
    }
)
"""What those do too who answer for the spot, beside those who lead the walk or coordinate the district."""


@access.visible_to(Observation, "walks:observation:read")
def _observations(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Who answers for the spot reaches it to answer; who leads the walk or coordinates the district, for the rest."""
    leads = select(Walk.organiser_id).where(Walk.id == Observation.walk_id).scalar_subquery()
    owners: tuple[Any, ...] = (Observation.coordinator_id, leads)
    if permission == "walks:observation:answer":
        owners = (Observation.organisation_id,)
    elif permission in SHARED or plugins.owner(permission) in plugins.house().plugins:
        owners = (Observation.organisation_id, *owners)
    return access.within(actor, permission, *owners, area=_in_areas, category=Observation.kind)
