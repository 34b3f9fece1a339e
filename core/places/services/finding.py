"""Finding places: the list with its filters, the same rows as GeoJSON, and one place whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from core import access, clock, db, geo
from core.access import Actor
from core.dated import valid_on
from core.people import services as people
from core.people.models import Organisation
from core.places.models import DISTRICT, Area, Asset, Place, PlaceArea, PlaceLabel

PAGE = 50
COUNTED = 1000
"""So far places are counted; of more a page says that there are more."""
LIKELY = 2_000
"""Metres within which a place is likely the same as another one."""
NEAR = 500
"""Metres around a spot, unless said otherwise."""


@dataclass(frozen=True)
class Wanted:
    """Which places to list: all of these must hold. `near` and `box` are in SWEREF 99 TM.

    `day` lists them under the stadsdelsnämnd of that day; `district` is the code of one, with those it took over from.
    """

    text: str = ""
    kind: str = ""
    district: str = ""
    label: str = ""
    state: str = "oppen"
    near: Point | None = None
    within_m: float = NEAR
    box: geo.Bounds | None = None
    day: date | None = None


OPEN = Wanted()


@dataclass(frozen=True)
class Page:
    """A page of places by name, where the next one begins, and how many there are, counted to a limit."""

    rows: list[Any]
    after: tuple[str, int] | None
    count: int
    standings: Mapping[int, Standing]


@dataclass(frozen=True)
class Standing:
    """How many open frister a place has, and how many of them are late."""

    open: int = 0
    late: int = 0

    @property
    def key(self) -> str:
        """What a map draws: forsenad (triangle), oppen (rhomb), ingen (circle)."""
        return "forsenad" if self.late else "oppen" if self.open else "ingen"


TellStandings = Callable[[Actor, Iterable[int]], Mapping[int, Standing]]
_standings: list[TellStandings] = []


def tells_standings(tell: TellStandings) -> TellStandings:
    """Register what knows how the frister of places stand: upkeep does, which stands above this room."""
    _standings.append(tell)
    return tell


def list_places(
    actor: Actor,
    wanted: Wanted = OPEN,
    *,
    after: tuple[str, int] | None = None,
    limit: int = PAGE,
    shapes: bool = False,
) -> Page:
    """Return the places that the actor reaches, by name; `after` is where the page before ended.

    `shapes` gives each row its `geom`.
    """
    access.require(actor, "places:place:read")
    rows = list_query(actor, wanted, shapes=shapes)
    bounded = select(func.count()).select_from(rows.with_only_columns(Place.id).limit(COUNTED + 1).subquery())
    if after:
        rows = rows.where(tuple_(Place.name, Place.id) > after)
    found = list(db.session().execute(rows.order_by(Place.name, Place.id).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    count = db.session().scalars(bounded).one() if more or after else len(found)
    standings: dict[int, Standing] = {}
    for tell in _standings:
        standings |= tell(actor, [row.id for row in found])
    return Page(found, (found[-1].name, found[-1].id) if more else None, count, standings)


def list_query(actor: Actor, wanted: Wanted, *, shapes: bool = False) -> Select[Any]:
    """Return the query of `list_places`, also for the test that asks the database how it would run it."""
    board = _board_on(wanted.day) if wanted.day else Place.district_id
    columns = [
        Place.id, Place.uid, Place.number, Place.name, Place.kind, Place.public_access, Place.state,
        Organisation.name.label("district"), *([Place.geom] if shapes else []),
    ]  # fmt: skip
    rows = select(*columns).outerjoin(Organisation, Organisation.id == board).where(access.rule_of(Place, actor))
    return rows.where(*_conditions(wanted, board))


def _conditions(wanted: Wanted, board: Any) -> Iterable[ColumnElement[bool]]:
    if wanted.text:
        is_number = Place.number == wanted.text.strip().upper()
        named = Place.name.icontains(wanted.text, autoescape=True)
        yield or_(is_number, and_(named, Place.state == wanted.state) if wanted.state else named)
    elif wanted.state:
        yield Place.state == wanted.state
    if wanted.kind:
        yield Place.kind == wanted.kind
    if wanted.district:
        yield board.in_(_line_of(wanted.district))
    if wanted.label:
        marked = and_(PlaceLabel.place_id == Place.id, PlaceLabel.kind == wanted.label)
        yield exists(select(PlaceLabel.id).where(marked, valid_on(PlaceLabel, wanted.day or clock.today())))
    if wanted.near is not None:
        yield geo.near(Place.geom, wanted.near, wanted.within_m)
    if wanted.box is not None:
        yield geo.in_box(Place.geom, wanted.box)


def _board_on(day: date) -> Any:
    """Return the key of the stadsdelsnämnd that a place had on a day; where no area tells, the one it has today.

    The city draws its areas again some time after a merger: until then an area is whoever's carried on that day.
    """
    heirs = {key: heir for key, heir in people.carrying_on(day).items() if heir != key}
    holder = case(heirs, value=Area.organisation_id, else_=Area.organisation_id) if heirs else Area.organisation_id
    then = (
        select(holder)
        .join(PlaceArea, PlaceArea.area_id == Area.id)
        .where(PlaceArea.place_id == Place.id, Area.kind == DISTRICT, valid_on(Area, day))
        .order_by(Area.approximate, Area.id)
        .limit(1)
        .correlate(Place)
        .scalar_subquery()
    )
    return func.coalesce(then, Place.district_id)


def _line_of(code: str) -> set[int]:
    """Return the keys of an organisation and of all that it has taken over from."""
    rows = list(db.session().execute(select(Organisation.id, Organisation.code, Organisation.successor_id)))
    found = {row.id for row in rows if row.code == code}
    while new := {row.id for row in rows if row.successor_id in found} - found:
        found |= new
    return found


def sees_whole_city(actor: Actor) -> bool:
    """Whether the actor reaches places wherever they lie."""
    return any(reach.organisations is None and reach.areas is None for reach in actor.reaches("places:place:read"))


@dataclass(frozen=True)
class Board:
    """A stadsdelsnämnd to choose; one that has ended has a last day before today."""

    code: str
    name: str
    valid_to: date | None
    ended: bool


def districts(actor: Actor, chosen: str = "") -> list[Board]:
    """Return the stadsdelsnämnder of today whose places the actor reaches, then those that they took over from.

    One that is `chosen` already is among them, so that the choice can be seen and undone.
    """
    columns = select(Organisation.id, Organisation.code, Organisation.name, Organisation.valid_to)
    boards = columns.where(Organisation.kind == "stadsdelsnamnd", access.rule_of(Organisation, actor))
    rows, heirs, today = list(db.session().execute(boards)), people.carrying_on(), clock.today()
    if not sees_whole_city(actor):
        theirs = select(Place.district_id).where(access.rule_of(Place, actor)).distinct()
        reached = set(db.session().scalars(theirs))
        rows = [row for row in rows if heirs[row.id] in reached or row.code == chosen]
    found = [Board(row.code, row.name, row.valid_to, bool(row.valid_to and row.valid_to < today)) for row in rows]
    return sorted(found, key=lambda board: (board.ended, board.name))


def nearest_places(actor: Actor, spot: Point, *, within_m: float, limit: int = PAGE) -> list[Any]:
    """Return the open places near a point in SWEREF 99 TM, with `geom`, the nearest first."""
    access.require(actor, "places:place:read")
    rows = list_query(actor, Wanted(near=spot, within_m=within_m), shapes=True)
    return list(db.session().execute(rows.order_by(geo.distance(Place.geom, spot), Place.id).limit(limit)))


def holding(spot: Point) -> list[Place]:
    """Return the open places that hold a point in SWEREF 99 TM, whoever asks, the smallest first."""
    rows = select(Place).where(geo.point_in(Place.geom, spot), Place.state == "oppen").order_by(Place.id)
    return sorted(db.session().scalars(rows), key=lambda place: geo.area_m2(place.geom))


def likely_heirs(actor: Actor, place: Place) -> list[tuple[str, str, int]]:
    """Return number, name and distance in metres of the open places near `place`, the nearest first."""
    found = nearest_places(actor, place.geom.representative_point(), within_m=LIKELY)
    others = [(row.number, row.name, round(row.geom.distance(place.geom))) for row in found if row.id != place.id]
    return sorted(others, key=lambda other: other[2])


def read_place(actor: Actor, uid: UUID, permission: str = "places:place:read") -> Place:
    """Return the place with its district, area, ways in and what it is today; Missing when the actor does not reach it.

    With another `permission`, only one that it reaches; Denied if it may only be seen.
    """
    access.require(actor, permission)
    if permission != "places:place:read":
        access.find(Place, uid, actor, permission)
    with_all = (joinedload(Place.district), joinedload(Place.area), joinedload(Place.merged_into))
    whole = select(Place).options(*with_all, selectinload(Place.entries))
    row = db.session().scalar(whole.where(Place.uid == uid, access.rule_of(Place, actor)))
    if row is None:
        raise access.Missing("place", uid)
    return row


@dataclass(frozen=True)
class Start:
    """Something of the city's that the outline of a new place can start from."""

    uid: UUID
    title: str
    kind: str
    geom: Any


def starts(actor: Actor, text: str, *, limit: int = 12) -> list[Start]:
    """Return places, areas and assets whose name or number is like `text`, to draw a new place from."""
    access.require(actor, "places:place:edit")
    found = [Start(row.uid, row.name, "place", None) for row in list_places(actor, Wanted(text=text), limit=limit).rows]
    named = select(Area.uid, Area.name, Area.kind).where(
        Area.name.icontains(text, autoescape=True), valid_on(Area, clock.today()), access.rule_of(Area, actor)
    )
    rows = db.session().execute(named.order_by(Area.kind.desc(), Area.name).limit(limit))
    found += [Start(row.uid, row.name, row.kind, None) for row in rows]
    numbered = select(Asset.uid, Asset.number, Asset.kind).where(Asset.number == text, access.rule_of(Asset, actor))
    rows = db.session().execute(numbered.order_by(Asset.kind).limit(limit))
    return found + [Start(row.uid, row.number, row.kind, None) for row in rows]


def start_at(actor: Actor, uid: UUID) -> Start | None:
    """Return the place, area or asset with this uid, with its shape; None when there is none for the actor."""
    access.require(actor, "places:place:edit")
    named = ((Place, Place.name, Place.geom), (Area, Area.name, Area.geom), (Asset, Asset.number, Asset.point))
    for model, name, shape in named:
        table: Any = model
        rows = select(table.uid, name.label("name"), table.kind, shape.label("geom"))
        row = db.session().execute(rows.where(table.uid == uid, access.rule_of(model, actor))).first()
        if row is not None:
            return Start(row.uid, row.name, row.kind, row.geom)
    return None
