"""Places, who answers for what on them, and the areas of the city."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import access, geo
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.hookspecs import PlaceRef
from core.i18n import N_
from core.people.models import Organisation

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

AREA_KINDS = {
    "stadsdelsnamndsomrade": N_("Stadsdelsnämndsområde"),
    "stadsdel": N_("Stadsdel"),
    "basomrade": N_("Basområde"),
}


class Area(Identified, Base):
    """An area of the city while it was valid; `approximate` ones are the demo's own drawing."""

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


class Place(Identified, Versioned, Once, Base):
    """A place (plats). `district_id` is the stadsdelsnämnd of the area it lies in, found from the shape."""

    __tablename__ = "place"
    __table_args__ = (Index("ix_place_name_id", "name", "id"), Index("ix_place_district_id", "district_id"))
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    geom: Mapped[BaseGeometry] = mapped_column(geo.Geom("MULTIPOLYGON"))
    district_id: Mapped[int | None] = mapped_column(Key, ForeignKey("organisation.id"))
    area_id: Mapped[int | None] = mapped_column(Key, ForeignKey("area.id"))
    public_access: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(String(4000), default="")
    level: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    district: Mapped[Organisation | None] = relationship(lazy="raise")
    area: Mapped[Area | None] = relationship(lazy="raise")

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
    organisation: Mapped[Organisation] = relationship(lazy="raise")


access.for_everybody(Area)
access.for_nobody(PlaceArea)


def places_in(areas: frozenset[int]) -> Select[int]:
    """Return the selection of keys of the places that lie in one of these areas, for the row rules of limited roles."""
    return select(PlaceArea.place_id).where(PlaceArea.area_id.in_(areas))


@access.visible_to(Place, "places:place:read")
def _places(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Within reach are the places of one's district, and those where one's organisation answers for something."""
    controlled = [
        exists(select(PlaceControl.id).where(PlaceControl.place_id == Place.id, _held_by(reach.organisations)))
        for reach in actor.reaches(permission)
        if reach.organisations is not None and reach.areas is None and reach.categories is None
    ]
    rule = access.within(actor, permission, Place.district_id, area=lambda areas: Place.id.in_(places_in(areas)))
    for held in controlled:
        rule = rule | held
    return rule


def _held_by(organisations: frozenset[int]) -> ColumnElement[bool]:
    return PlaceControl.organisation_id.in_(organisations)


@access.visible_to(PlaceControl, "places:place:read")
def _controls(actor: Actor, permission: str) -> Any:
    return PlaceControl.place_id.in_(select(Place.id).where(access.rule_of(Place, actor, permission)))
