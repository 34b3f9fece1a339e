"""Places, who answers for what on them, and the areas of the city."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, UniqueConstraint, exists, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access, clock, geo
from core.access import Actor
from core.dated import valid_on
from core.db import Base, Identified, Key, Once, Versioned
from core.i18n import N_
from core.journal import PROTECTED
from core.people.models import Organisation
from core.refs import PlaceRef

PLACE_KINDS = {
    "torg": N_("Torg"),
    "gata": N_("Gata"),
    "gangtunnel": N_("Gångtunnel"),
    "gang_cykelstrak": N_("Gång- och cykelstråk"),
    "park": N_("Park"),
    "parklek": N_("Parklek"),
    "lekplats": N_("Lekplats"),
    "naturmark": N_("Naturmark"),
    "strandpromenad": N_("Strandpromenad"),
    "centrum": N_("Centrum"),
    "kollektivtrafiknod": N_("Kollektivtrafiknod"),
    "skolgard": N_("Skolgård"),
    "forskolegard": N_("Förskolegård"),
    "idrottsplats": N_("Idrottsplats"),
    "parkering": N_("Parkering"),
    "garage": N_("Garage"),
    "bostadsgard": N_("Bostadsgård"),
    "foretagsomrade": N_("Företagsområde"),
    "bro": N_("Bro"),
    "trappa": N_("Trappa"),
    "kaj": N_("Kaj"),
    "bibliotek_kulturhus": N_("Bibliotek eller kulturhus"),
    "ovrig": N_("Övrig"),
}
"""Kinds of place (domain.md 0b)."""

PUBLIC_ACCESS = {
    "allman_plats": N_("Allmän plats"),
    "kvartersmark_oppen": N_("Kvartersmark, öppen"),
    "kvartersmark_begransad": N_("Kvartersmark, begränsat tillträde"),
    "inomhus_publik": N_("Inomhus, öppet för allmänheten"),
    "ej_tilltrade": N_("Inget tillträde"),
}

CONTROL_ROLES = {
    "markagare": N_("Markägare"),
    "vaghallare": N_("Väghållare"),
    "driftansvar_gata": N_("Drift av gata"),
    "driftansvar_park": N_("Drift av park"),
    "renhallning": N_("Renhållning"),
    "vinter": N_("Vinter"),
    "belysning_agare": N_("Belysning"),
    "elskap_agare": N_("Elskåp"),
    "byggnadsagare": N_("Byggnad"),
    "skolgard": N_("Skolgård"),
    "kollektivtrafik": N_("Kollektivtrafik"),
    "upplatelse_innehavare": N_("Upplåtelse"),
    "samfallighet": N_("Samfällighet"),
}
"""What one can answer for on a place: rådighet (domain.md 0b)."""

PHOTO_POLICIES = {
    "fri": N_("Det går bra att fotografera"),
    "forsiktig": N_("Fotografera försiktigt, utan människor"),
    "forbjuden_skyddsobjekt": N_("Fotografera inte, skyddsobjekt"),
}

CONFIDENTIALITY = {"oppen": N_("Öppen"), "intern": N_("Intern"), "begransad": N_("Begränsad")}
"""Levels 0, 1 and 2 (domain.md 11.4). What is marked secret, level 3 and up, is never written in here by hand."""

LABELS = {
    "prioriterad_plats": N_("Prioriterad plats"),
    "platssamverkan": N_("Platssamverkan"),
    "oppen_drogscen": N_("Öppen drogscen"),
    "levande_stockholm": N_("Levande Stockholm"),
    "utsatt_omrade": N_("Utsatt område"),
    "sarskilt_utsatt_omrade": N_("Särskilt utsatt område"),
}
"""What a place can be marked as by somebody, from a day to a day: märkning (domain.md 0b)."""

DISTRICT = "stadsdelsnamndsomrade"
POLICE = "polisomrade"
ASSOCIATION = "foreningsomrade"
MUNICIPALITY = "kommun"
AREA_KINDS = {
    DISTRICT: N_("Stadsdelsnämndsområde"),
    "stadsdel": N_("Stadsdel"),
    "basomrade": N_("Basområde"),
    POLICE: N_("Lokalpolisområde"),
    ASSOCIATION: N_("Fastighetsägarförenings område"),
    MUNICIPALITY: N_("Kommun"),
}

ASSET_KINDS = {
    "belysning": N_("Belysningsstolpe"),
    "bank": N_("Bänk"),
    "elskap": N_("Elskåp"),
    "lekredskap": N_("Lekredskap"),
    "papperskorg": N_("Papperskorg"),
    "skylt": N_("Skylt"),
    "toalett": N_("Toalett"),
    "trad": N_("Träd"),
}
"""Kinds of asset. Cameras and vehicle barriers are not among them: they are protected, in tables of their plugins."""


class Area(Identified, Base):
    """An area of the city while it was valid; `approximate` ones are our own drawing.

    `successor_id` is the area of the same kind that took over most of it the day after its last. A stadsdel or a
    basområde has the codes of what it is a part of, `in_district` and `in_stadsdel`, where its file said so.
    """

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("kind", "code", "valid_from"),)
    kind: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    geom: Mapped[BaseGeometry] = mapped_column(geo.Geom("MULTIPOLYGON"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300), default="")
    approximate: Mapped[bool] = mapped_column(default=False)
    successor_id: Mapped[int | None] = mapped_column(Key, ForeignKey("area.id"))
    in_district: Mapped[str] = mapped_column(String(80), default="")
    in_stadsdel: Mapped[str] = mapped_column(String(80), default="")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


class Place(Identified, Versioned, Once, Base):
    """A place (plats). `district_id` is the stadsdelsnämnd of the area it lies in, found from the shape.

    It is never deleted, only closed or merged; `merged_into_id` is the place that it is today, however many steps away.
    `oncall` is the number to ring there when something is dangerous (jour).
    """

    __tablename__ = "place"
    __table_args__ = (
        Index("ix_place_name_id", "name", "id"),
        Index("ix_place_district_id", "district_id"),
        Index("ix_place_merged_into_id", "merged_into_id"),
    )
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    geom: Mapped[BaseGeometry] = mapped_column(geo.Geom("MULTIPOLYGON"))
    district_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    area_id: Mapped[int | None] = mapped_column(Key, ForeignKey("area.id"))
    public_access: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(String(4000), default="")
    level: Mapped[int] = mapped_column(default=1)
    photo_policy: Mapped[str] = mapped_column(String(30), default="fri")
    oncall: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(20), default="oppen")
    merged_into_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))
    created_at: Mapped[datetime]
    district: Mapped[Organisation | None] = relationship(lazy="raise")
    area: Mapped[Area | None] = relationship(lazy="raise")
    merged_into: Mapped[Place | None] = relationship(lazy="raise", remote_side="Place.id")
    entries: Mapped[list[PlaceEntry]] = relationship(lazy="raise", order_by="PlaceEntry.id")

    @property
    def confidentiality(self) -> str:
        """The level as people choose it."""
        return list(CONFIDENTIALITY)[min(self.level, len(CONFIDENTIALITY) - 1)]

    def plugin_keys(self) -> tuple[str, ...]:
        """A place is no plugin's."""
        return ()

    def ref(self) -> PlaceRef:
        """Return the place as hooks see it."""
        return PlaceRef(uid=self.uid, number=self.number, name=self.name, kind=self.kind, level=self.level)


class PlaceArea(Base):
    """That a place lies in an area, of whatever kind and time: what answers for roles that are limited to areas."""

    __tablename__ = "place_area"
    __table_args__ = (Index("ix_place_area_area_id", "area_id"),)
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(Key, ForeignKey("area.id"), primary_key=True)


class PlaceControl(Identified, Base):
    """Who answers for what on a place or a part of it, from a day to a day: rådighet."""

    __tablename__ = "place_control"
    __table_args__ = (Index("ix_place_control_place_id", "place_id"), Index("ix_place_control_org", "organisation_id"))
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(String(40))
    geom: Mapped[BaseGeometry | None] = mapped_column(geo.Geom("MULTIPOLYGON"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300), default="")
    ended_why: Mapped[str] = mapped_column(String(1000), default="")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    place: Mapped[Place] = relationship(lazy="raise")


class PlaceLabel(Identified, Base):
    """What somebody has marked a place as, from a day to a day, and where that was said: märkning."""

    __tablename__ = "place_label"
    __table_args__ = (
        Index("ix_place_label_place_id", "place_id"),
        Index("ix_place_label_kind", "kind", "place_id"),
    )
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"))
    kind: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    ended_why: Mapped[str] = mapped_column(String(1000), default="")
    place: Mapped[Place] = relationship(lazy="raise")


class PlaceEntry(Identified, Base):
    """A way in to a place, by name: where one meets, where a vehicle gets in."""

    __tablename__ = "place_entry"
    __table_args__ = (Index("ix_place_entry_place_id", "place_id"),)
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"))
    name: Mapped[str] = mapped_column(String(80))
    point: Mapped[BaseGeometry] = mapped_column(geo.Geom("POINT"))


class PlaceChange(Identified, Base):
    """That a place was closed, merged or opened again, with the reason; nobody takes such a row away."""

    __tablename__ = "place_change"
    __table_args__ = (Index("ix_place_change_place_id", "place_id", "at"),)
    place_id: Mapped[int] = mapped_column(Key, ForeignKey("place.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(String(1000))
    into_id: Mapped[int | None] = mapped_column(Key, ForeignKey("place.id"))


class ResponsibilityRule(Identified, Base):
    """Who answers for a role where nobody has rådighet: ansvarsregel.

    `kind` is that of what was seen, empty for any. The lowest `priority` that fits counts. Where `organisation_id` is
    none, or has ended, the fallback answers; where that is none too, the board that coordinates.
    """

    __tablename__ = "responsibility_rule"
    __table_args__ = (UniqueConstraint("kind", "control_role", "priority"),)
    kind: Mapped[str] = mapped_column(String(80), default="")
    control_role: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    priority: Mapped[int]
    fallback_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    source: Mapped[str] = mapped_column(String(300), default="")


class Asset(Identified, Base):
    """A thing of the city with a number: a lamp post, a bench (anläggning). Plugins may point a foreign key at `id`."""

    __tablename__ = "asset"
    __table_args__ = (UniqueConstraint("kind", "number"), Index("ix_asset_number", "number"))
    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(60))
    point: Mapped[BaseGeometry] = mapped_column(geo.Geom("POINT"))
    organisation_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    source: Mapped[str] = mapped_column(String(300), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


access.for_everybody(Area, ResponsibilityRule)
access.for_nobody(PlaceArea)


def places_in(areas: frozenset[int]) -> Select[int]:
    """Return the selection of keys of the places that lie in one of these areas, for the row rules of limited roles."""
    return select(PlaceArea.place_id).where(PlaceArea.area_id.in_(areas))


def places_around(organisations: frozenset[int]) -> Select[int]:
    """Return the selection of keys of the places in the areas that the police or an association have there today.

    For the row rules of rooms that stand above: walks are reached where their places are.
    """
    theirs = select(Area.id).where(
        Area.kind.in_((POLICE, ASSOCIATION)), Area.organisation_id.in_(organisations), valid_on(Area, clock.today())
    )
    return select(PlaceArea.place_id).where(PlaceArea.area_id.in_(theirs))


def places_behind(uid: UUID) -> Select[int]:
    """Return the selection of the keys of a place and of those that were merged into it: all that happened on it."""
    itself = select(Place.id).where(Place.uid == uid).scalar_subquery()
    return select(Place.id).where(or_(Place.uid == uid, Place.merged_into_id == itself))


@access.visible_to(Place, "places:place:read")
def _places(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Within reach are the places of one's district, where one's organisation answers for something, or has its area.

    A place that is marked secret is reached by nobody, until there is a room for such things.
    """
    rule = access.within(actor, permission, Place.district_id, area=lambda areas: Place.id.in_(places_in(areas)))
    for reach in actor.reaches(permission):
        if reach.organisations is not None and reach.areas is None and reach.categories is None:
            held = PlaceControl.organisation_id.in_(reach.organisations)
            rule = rule | exists(select(PlaceControl.id).where(PlaceControl.place_id == Place.id, held))
            rule = rule | Place.id.in_(places_around(reach.organisations))
    return rule if actor.kind == "system" else rule & (Place.level < PROTECTED)


def _of_places(model: Any) -> None:
    """Let rows of `model` be seen with their place."""

    @access.visible_to(model, "places:place:read")
    def _with_its_place(actor: Actor, permission: str) -> ColumnElement[bool]:
        seen: ColumnElement[bool] = model.place_id.in_(select(Place.id).where(access.rule_of(Place, actor, permission)))
        return seen


for part in (PlaceControl, PlaceLabel, PlaceEntry, PlaceChange):
    _of_places(part)


@access.visible_to(Asset, "places:asset:read")
def _assets(actor: Actor, permission: str) -> Any:
    return access.within(actor, permission, Asset.organisation_id)
