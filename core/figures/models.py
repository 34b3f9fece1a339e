"""Indicators, the deliveries that their figures come with, and the figures."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Double,
    ForeignKey,
    Index,
    String,
    and_,
    exists,
    or_,
    select,
    text,
    tuple_,
)  # fmt: skip
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from core import access
from core.access import Actor
from core.db import Base, Identified, Key, Versioned
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Area
from core.places.services import rows_of

READ, RESTRICTED = "figures:figure:read", "figures:figure:restricted"
EDIT, IMPORT = "figures:indicator:edit", "figures:figure:import"

VALUE, MISSING, SUPPRESSED = "varde", "saknas", "undertryckt"
STATUSES = {VALUE: N_("Värde"), MISSING: N_("Saknas"), SUPPRESSED: N_("Redovisas inte")}

UNITS = {
    "procent": N_("procent"),
    "antal": N_("antal"),
    "per_1000": N_("per 1 000 invånare"),
    "per_10000": N_("per 10 000 invånare"),
    "index": N_("index"),
    "kronor": N_("kronor"),
}
COMPARABLE = ("procent", "per_1000", "per_10000", "index")
"""Units in which an area can be held against the whole city."""
SHORT = {"procent": "%", "antal": "", "per_1000": N_("per 1 000"), "per_10000": N_("per 10 000"), "index": "",
         "kronor": "kr"}  # fmt: skip
"""What follows a value in a unit."""

KINDS = {
    "enkat": N_("Enkät"),
    "brott": N_("Brott och ordning"),
    "befolkning": N_("Befolkning"),
    "ovrigt": N_("Övrigt"),
}
DIRECTIONS = {"upp": N_("Högre är bättre"), "ned": N_("Lägre är bättre"), "ingen": N_("Varken eller")}
EVERY = {
    "vecka": N_("Varje vecka"),
    "manad": N_("Varje månad"),
    "kvartal": N_("Varje kvartal"),
    "ar": N_("Varje år"),
    "tva_ar": N_("Vartannat år"),
    "tre_ar": N_("Vart tredje år"),
    "ibland": N_("Ibland"),
}
FEW, GAPS, MARKED = "farre_an_fem", "luckor", "markta"
SUPPRESSION = {
    FEW: N_("Färre än fem redovisas inte, och är märkta i filen (.., x eller <5)"),
    GAPS: N_("Färre än fem redovisas inte, och är luckor i filen (tomma eller NA)"),
    MARKED: N_("Det som är märkt redovisas inte, av andra skäl"),
}
LEVELS = {1: N_("Alla som är inloggade"), 2: N_("Nämnden, polisen i området och stadsledningskontoret")}

HOLDS = text("undone_at IS NULL")


class Indicator(Identified, Versioned, Base):
    """Something that is measured again and again (indikator). `key` is its name in files and layers.

    `suppression` says what a gap in a delivery means, `adds` whether its figures may be added up, over areas and over
    parts; percentages may not. `every` is how often its source comes, `level` who may see its figures.
    """

    __tablename__ = "indicator"
    key: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(2000), default="")
    direction: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(200))
    every: Mapped[str] = mapped_column(String(20))
    suppression: Mapped[str] = mapped_column(String(20))
    adds: Mapped[bool] = mapped_column(default=False)
    level: Mapped[int] = mapped_column(default=1)

    @property
    def few(self) -> bool:
        """Whether what is suppressed is fewer than five, and may be told so: of what is counted, of no share."""
        return self.unit == "antal" and self.suppression in (FEW, GAPS)


class Delivery(Identified, Base):
    """What came at one time from one source: its `uid` is that of the import that it was read in with."""

    __tablename__ = "figure_delivery"
    source: Mapped[str] = mapped_column(String(80))
    organisation_id: Mapped[int] = mapped_column(Key, ForeignKey("organisation.id"))
    received_at: Mapped[datetime]
    organisation: Mapped[Organisation] = relationship(lazy="raise")


class Figure(Identified, Base):
    """A figure (siffra) of an indicator in an area, from `first_on` to `last_on`; `part` is a part, empty = all.

    `value` is there only with the status VALUE. `n` is how many it rests on, `low` and `high` its uncertainty, `note`
    what stood in the file where there was no value. The area is known by kind and code, whichever of its drawings is
    loaded. `record` is the row of the file that it came with, `row_key` what that row was about. One that is undone
    stays for those who have cited it.
    """

    __tablename__ = "figure"
    __table_args__ = (
        CheckConstraint("(status = 'varde') = (value IS NOT NULL)", name="value"),
        Index(
            "uq_figure_holds", "indicator_id", "area_kind", "area_code", "part", "first_on", "last_on",
            unique=True, sqlite_where=HOLDS, postgresql_where=HOLDS,
        ),
        Index("ix_figure_newest", "indicator_id", "area_kind", "last_on"),
        Index("ix_figure_area", "area_kind", "area_code"),
        Index("ix_figure_record", "record"),
        Index("ix_figure_row_key", "row_key"),
        Index("ix_figure_delivery_id", "delivery_id"),
    )  # fmt: skip
    indicator_id: Mapped[int] = mapped_column(Key, ForeignKey("indicator.id"))
    delivery_id: Mapped[int] = mapped_column(Key, ForeignKey("figure_delivery.id"))
    record: Mapped[UUID]
    row_key: Mapped[str] = mapped_column(String(200))
    area_kind: Mapped[str] = mapped_column(String(40))
    area_code: Mapped[str] = mapped_column(String(80))
    area_name: Mapped[str] = mapped_column(String(120))
    part: Mapped[str] = mapped_column(String(80), default="")
    first_on: Mapped[date]
    last_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(12))
    value: Mapped[float | None] = mapped_column(Double)
    n: Mapped[int | None]
    low: Mapped[float | None] = mapped_column(Double)
    high: Mapped[float | None] = mapped_column(Double)
    note: Mapped[str] = mapped_column(String(80), default="")
    level: Mapped[int] = mapped_column(default=1)
    undone_at: Mapped[datetime | None]
    undone_why: Mapped[str] = mapped_column(String(500), default="")
    indicator: Mapped[Indicator] = relationship(lazy="raise")
    delivery: Mapped[Delivery] = relationship(lazy="raise")


access.for_everybody(Indicator, Delivery)


def boards_of(organisations: frozenset[int]) -> ColumnElement[int]:
    """Return the selection of these organisations, and of the boards whose area surely is that of one of them.

    Which stadsdelsnämnd and which lokalpolisområde have the same area is the city's data (`police_areas.csv`).
    """
    board, police = aliased(Organisation), aliased(Organisation)
    pairs = [(row["district"], row["police"]) for row in rows_of("police_areas.csv")]
    same = select(board.id).join(police, tuple_(board.code, police.code).in_(pairs))
    same = same.where(police.id.in_(organisations))
    own = select(Organisation.id).where(Organisation.id.in_(organisations))
    return own.union(same)  # type: ignore[return-value]


@access.visible_to(Figure, READ)
def _figures(actor: Actor, permission: str) -> ColumnElement[bool]:
    """What is open inside is everybody's; of what is restricted each has the areas of its own board or police area."""
    if not actor.may(permission):
        return access.rule_of(Area, access.NOBODY)
    rules: list[ColumnElement[bool]] = [Figure.level < 2]  # noqa: PLR2004 - restricted (domain.md 11.4)
    for reach in actor.reaches(RESTRICTED):
        if reach.categories is not None:
            continue
        there = [Area.kind == Figure.area_kind, Area.code == Figure.area_code]
        if reach.organisations is not None:
            there.append(Area.organisation_id.in_(boards_of(reach.organisations)))
        if reach.areas is not None:
            there.append(Area.id.in_(reach.areas))
        whole = reach.organisations is None and reach.areas is None
        rules.append(Figure.level == 2 if whole else exists(select(Area.id).where(and_(*there))))  # noqa: PLR2004
    return or_(*rules)
