"""What was seen on walks, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import JSON, ColumnElement, Float, ForeignKey, Index, String, UniqueConstraint, or_, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access, geo, plugins
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.i18n import N_
from core.media import FORBIDDEN
from core.people.models import Organisation
from core.places.models import Asset, Place, places_in
from core.places.protecting import protected_with_place
from core.refs import ObservationRef
from core.walks.models.walks import Walk, WalkPartner, shared_by
from core.works.models import OrderSource, WorkOrder

NATURES = {
    "brist": N_("Brist"),
    "otrygg_upplevelse": N_("Otrygg upplevelse"),
    "forslag": N_("Förslag"),
    "positivt": N_("Positivt"),
}

SEVERITIES = {1: N_("Trivsel"), 2: N_("Otrygghet"), 3: N_("Påtaglig otrygghet"), 4: N_("Fara")}
"""How grave an observation is (domain.md 2.2)."""
DANGER = 4
"""The severity that somebody calls about within the hour."""

TIMES_OF_DAY = {"morgon": N_("Morgon"), "dag": N_("Dag"), "kvall": N_("Kväll"), "natt": N_("Natt")}
WEEKDAYS = {"vardagar": N_("Vardagar"), "helger": N_("Helger")}
SEASONS = {"var": N_("Vår"), "sommar": N_("Sommar"), "host": N_("Höst"), "vinter": N_("Vinter")}
AFFECTED = {
    "alla": N_("Alla"),
    "barn": N_("Barn"),
    "unga": N_("Unga"),
    "kvinnor": N_("Kvinnor"),
    "man": N_("Män"),
    "aldre": N_("Äldre"),
    "funktionsnedsattning": N_("Personer med funktionsnedsättning"),
}
"""When and for whom an observation matters (domain.md 2.2)."""

POSITION_SOURCES = {
    "gps": N_("Gps"),
    "karta": N_("Karta"),
    "adress": N_("Adress"),
    "exif": N_("Fotot"),
    "plats": N_("Platsen"),
}


class Observation(Identified, Versioned, Once, Base):
    """Something that was seen (iakttagelse). `number` counts within the walk, or among those without one.

    Without a walk it belongs to the organisation of who saw it (`home_id`) until somebody says on which walk it was.

    `seen_at` is the phone's time, `received_at` the server's. `point` is in SWEREF 99 TM, `accuracy_m` metres.
    `details` is what the kind's own questions were answered with, frozen with their labels (`schema` 1).
    `asset_ref` is the number that somebody read on the thing, `asset_id` the one in the register that it is.
    `answer` and `done_on` are the receiver's words to residents and their day. `proposed_id` is who a wrong receiver
    says should have it, `kept_id` the observation that a duplicate went into.
    `heading` is degrees from north, `torch` whether the phone's lamp was on, `steps` how it was written down, where the
    person wanted that kept: {step, at, position}. `sun_elevation` is degrees above the horizon when and where it was
    seen, `after_sunset_min` minutes since the sun went down, None while it was up or had not been for a day.
    """

    __tablename__ = "observation"
    __table_args__ = (
        UniqueConstraint("walk_id", "number"),
        Index("ix_observation_place_seen", "place_id", "seen_at", "id"),
        Index("ix_observation_kind", "kind", "id"),
        Index("ix_observation_organisation_id_id", "organisation_id", "id"),
        Index("ix_observation_coordinator_id", "coordinator_id"),
        Index("ix_observation_home_id", "home_id"),
        Index("ix_observation_kept_id", "kept_id"),
        Index("ix_observation_asset_id", "asset_id"),
    )
    walk_id: Mapped[int | None] = mapped_column(Key, ForeignKey("walk.id"))
    home_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
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
    time_of_day: Mapped[str] = mapped_column(String(20), default="")
    weekday: Mapped[str] = mapped_column(String(20), default="")
    season: Mapped[str] = mapped_column(String(20), default="")
    affected: Mapped[list[str]] = mapped_column(JSON, default=list)
    asset_ref: Mapped[str] = mapped_column(String(80), default="")
    asset_id: Mapped[int | None] = mapped_column(Key, ForeignKey("asset.id"))
    proposed_measure: Mapped[str] = mapped_column(String(1000), default="")
    answer: Mapped[str] = mapped_column(String(2000), default="")
    done_on: Mapped[date | None]
    heading: Mapped[float | None] = mapped_column(Float(53))
    torch: Mapped[bool] = mapped_column(default=False)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    sun_elevation: Mapped[float | None] = mapped_column(Float(53))
    after_sunset_min: Mapped[int | None]
    proposed_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    kept_id: Mapped[int | None] = mapped_column(Key, ForeignKey("observation.id"))
    state: Mapped[str] = mapped_column(String(30))
    level: Mapped[int] = mapped_column(default=1)
    walk: Mapped[Walk | None] = relationship(lazy="raise")
    place: Mapped[Place | None] = relationship(lazy="joined")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[organisation_id])
    coordinator: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[coordinator_id])
    proposed: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[proposed_id])
    asset: Mapped[Asset | None] = relationship(lazy="raise")
    kept: Mapped[Observation | None] = relationship(lazy="raise", remote_side="Observation.id")

    def plugin_keys(self) -> Iterable[str]:
        """An observation hangs on the plugin whose kind it is."""
        return (self.kind,)

    @hybrid_property
    def is_danger(self) -> bool:
        """Whether somebody is to be called at once; of a row and in a query."""
        return self.severity == DANGER

    @property
    def camera_off(self) -> bool:
        """Whether nobody may photograph at its place, a protected object (domain.md 0b)."""
        return self.place is not None and self.place.photo_policy == FORBIDDEN

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


class ObservationEvent(Base):
    """What happened to an observation after it was logged: a move, an answer, a call; by whom and why."""

    __tablename__ = "observation_event"
    __table_args__ = (Index("ix_observation_event_observation_id", "observation_id", "id"),)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    observation_id: Mapped[int] = mapped_column(Key, ForeignKey("observation.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    receiver_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    answer: Mapped[str] = mapped_column(String(2000), default="")
    done_on: Mapped[date | None]
    called: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[organisation_id])
    receiver: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[receiver_id])


class ObservationPair(Base):
    """That somebody has looked at two observations that might be one, and decided to keep both."""

    __tablename__ = "observation_pair"
    first_id: Mapped[int] = mapped_column(Key, ForeignKey("observation.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(Key, ForeignKey("observation.id"), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    at: Mapped[datetime]


class _Leading:
    """Who leads the walk, as an owner of `access.within`: the walks are found once, not one for each observation."""

    @staticmethod
    def in_(organisations: frozenset[int]) -> ColumnElement[bool]:
        return Observation.walk_id.in_(select(Walk.id).where(Walk.organiser_id.in_(organisations)))


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
    """Who answers for the spot reaches it to answer; who leads the walk or coordinates the district, for the rest.

    Without a walk it is those who work where the one who saw it does, instead of who leads. Co-organisers of the walk
    read it and its photos.
    """
    owners: tuple[Any, ...] = (Observation.coordinator_id, Observation.home_id, _Leading)
    if permission == "walks:observation:answer":
        owners = (Observation.organisation_id,)
    elif permission in SHARED or plugins.owner(permission) in plugins.house().plugins:
        owners = (Observation.organisation_id, *owners)
    rule = access.within(actor, permission, *owners, area=_in_areas, category=Observation.kind)
    for shared in map(shared_by, actor.reaches(permission) if permission in SHARED else ()):
        if shared is not None:
            rule = or_(rule, Observation.walk_id.in_(select(WalkPartner.walk_id).where(shared)))
    if permission == "media:photo:fetch" and any(grant.role == "entreprenor" for grant in actor.grants):
        rule = or_(rule, Observation.uid.in_(_ordered_of(actor, permission)))
    return rule


def _ordered_of(actor: Actor, permission: str) -> Any:
    """Return what the actor's organisation has been ordered to mend: it gets the pictures that are reviewed."""
    rows = select(OrderSource.subject_uid).join(WorkOrder, WorkOrder.id == OrderSource.order_id)
    rows = rows.where(OrderSource.subject_kind == "observation")
    return rows.where(access.within(actor, permission, WorkOrder.executor_id))


@access.visible_to(ObservationEvent, "walks:observation:read")
def _changes(actor: Actor, permission: str) -> ColumnElement[bool]:
    seen = select(Observation.id).where(access.rule_of(Observation, actor, permission))
    return ObservationEvent.observation_id.in_(seen)


@access.visible_to(ObservationPair, "walks:observation:read")
def _pairs(actor: Actor, permission: str) -> ColumnElement[bool]:
    seen = select(Observation.id).where(access.rule_of(Observation, actor, permission))
    return ObservationPair.first_id.in_(seen)


protected_with_place(Observation)
