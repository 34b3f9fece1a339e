"""Figures as they are read: an indicator over areas and time, an area over indicators, sums that say what they lack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, distinct, func, or_, select, true, tuple_

from core import access, clock, db
from core.access import Actor
from core.dated import valid_on
from core.figures.models import (
    MISSING,
    READ,
    RESTRICTED,
    SUPPRESSED,
    VALUE,
    Delivery,
    Figure,
    Indicator,
    boards_of,
)  # fmt: skip
from core.figures.naming import whole_city
from core.figures.periods import follows
from core.places.models import MUNICIPALITY, Area

Days = tuple[date, date]
Key = tuple[str, str]
"""An area: its kind and its code."""

SHOWN_PERIODS, SHOWN_AREAS, SERIES, LACKING, MOST_PERIODS = 6, 100, 40, 60, 1000
EXPECTED = {"vecka": 7, "manad": 31, "kvartal": 92, "ar": 366, "tva_ar": 731, "tre_ar": 1096}
"""Days from one round of a source to the next. After twice as many a figure is old."""


@dataclass(frozen=True)
class Told:
    """A figure, or the sum of several: then `suppressed` and `missing` say how many parts it lacks.

    A sum of nothing but suppressed parts has no value, and is suppressed itself.
    """

    status: str
    value: float | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    uid: UUID | None = None
    note: str = ""
    suppressed: int = 0
    missing: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is lacking in it."""
        return self.status == VALUE and not self.suppressed and not self.missing


GONE = Told(MISSING)


@dataclass(frozen=True)
class Line:
    """An indicator in the list of all: its newest period, for the kind of area of which there is most."""

    indicator: Indicator
    area_kind: str = ""
    period: Days | None = None
    received_at: datetime | None = None
    areas: int = 0
    expected: int = 0
    suppressed: int = 0

    @property
    def lacking(self) -> int:
        """How many areas of today have nothing in the newest period."""
        return max(0, self.expected - self.areas)

    @property
    def old(self) -> bool:
        """Whether the source should have come again since."""
        days = EXPECTED.get(self.indicator.every)
        return bool(self.period and days and clock.today() - self.period[1] > timedelta(days=2 * days))


def holding(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the figures that hold and that the actor reaches."""
    return Figure.undone_at.is_(None), access.rule_of(Figure, actor)


def overview(actor: Actor) -> list[Line]:
    """Return every indicator with its newest figures: three queries, however much there is."""
    access.require(actor, READ)
    indicators = list(
        db.session().scalars(access.visible(select(Indicator), actor).order_by(Indicator.kind, Indicator.title))
    )
    stands = holding(actor)
    newest = select(Figure.indicator_id, Figure.area_kind, func.max(Figure.last_on).label("last_on")).where(*stands)
    last = newest.group_by(Figure.indicator_id, Figure.area_kind).subquery()
    same = and_(
        Figure.indicator_id == last.c.indicator_id, Figure.area_kind == last.c.area_kind,
        Figure.last_on == last.c.last_on,
    )  # fmt: skip
    there = func.count(distinct(case((Figure.status != MISSING, Figure.area_code))))
    hidden = func.count(distinct(case((Figure.status == SUPPRESSED, Figure.area_code))))
    rows = select(
        Figure.indicator_id, Figure.area_kind, func.min(Figure.first_on), func.max(Figure.last_on),
        func.max(Delivery.received_at), there, hidden,
    )  # fmt: skip
    rows = rows.join(last, same).join(Delivery, Delivery.id == Figure.delivery_id).where(*stands)
    expected = dict(_areas_today())
    best: dict[int, Line] = {}
    by_id = {one.id: one for one in indicators}
    for key, kind, first, end, came, areas, few in db.session().execute(
        rows.group_by(Figure.indicator_id, Figure.area_kind)
    ):
        line = Line(by_id[key], kind, (first, end), came, areas, expected.get(kind, 0), few)
        if key not in best or line.areas > best[key].areas:
            best[key] = line
    return [best.get(one.id) or Line(one) for one in indicators]


def _areas_today() -> Iterable[Any]:
    rows = select(Area.kind, func.count()).where(valid_on(Area, clock.today()), Area.kind != MUNICIPALITY)
    return db.session().execute(rows.group_by(Area.kind)).all()


@dataclass(frozen=True)
class Choice:
    """Which figures of an indicator are looked at: of which kind of area, and which part (None: all of it)."""

    indicator: Indicator
    area_kind: str
    part: str | None
    parts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def condition(self) -> ColumnElement[bool]:
        """Return which figures these are. Without a figure of the whole its parts are added up, if they may be."""
        narrowed = true() if self.part is None else Figure.part == self.part
        return and_(Figure.indicator_id == self.indicator.id, Figure.area_kind == self.area_kind, narrowed)


def choose(actor: Actor, indicator: Indicator, kind: str | None = None, part: str | None = None) -> Choice:
    """Return what is looked at when somebody asks for a kind of area and a part, or for neither."""
    access.require(actor, READ)
    rows = select(Figure.area_kind, Figure.part, func.count(distinct(Figure.area_code)))
    rows = rows.where(Figure.indicator_id == indicator.id, *holding(actor)).group_by(Figure.area_kind, Figure.part)
    found = db.session().execute(rows).all()
    areas: dict[str, int] = defaultdict(int)
    for one, _, number in found:
        areas[one] = max(areas[one], number)
    kinds = tuple(sorted(areas, key=lambda one: (one == MUNICIPALITY, areas[one])))
    chosen = kind if kind in areas or not kinds else kinds[0]
    parts = tuple(sorted(part for one, part, _ in found if one == chosen))
    if part is not None and part in parts:
        wanted: str | None = part
    else:
        wanted = "" if "" in parts or not parts else None if indicator.adds else parts[0]
    return Choice(indicator, chosen or kind or "", wanted, tuple(one for one in parts if one), kinds)


def periods(actor: Actor, choice: Choice, limit: int = SHOWN_PERIODS) -> list[Days]:
    """Return the periods of the figures, the newest first."""
    rows = select(Figure.first_on, Figure.last_on).where(choice.condition, *holding(actor)).distinct()
    return [(first, last) for first, last in db.session().execute(
        rows.order_by(Figure.last_on.desc(), Figure.first_on).limit(limit)
    )]  # fmt: skip


@dataclass(frozen=True)
class AreaRow:
    """An area with its figures by period."""

    code: str
    name: str
    own: bool
    told: Mapping[Days, Told]


@dataclass(frozen=True)
class Page:
    """A page of areas; `after` is where the next one begins."""

    rows: Sequence[AreaRow]
    after: tuple[Any, ...] | None = None


def own_codes(actor: Actor, area_kind: str) -> frozenset[str]:
    """Return the codes of the areas of a kind that are the actor's organisation's own."""
    homes = frozenset(grant.organisation for grant in actor.grants)
    rows = select(Area.code).where(Area.kind == area_kind, valid_on(Area, clock.today()))
    mine = rows.where(Area.organisation_id.in_(boards_of(homes)))
    return frozenset(db.session().scalars(mine)) if homes else frozenset()


def table(actor: Actor, choice: Choice, days: Sequence[Days], after: tuple[int, str, str] | None = None) -> Page:
    """Return areas with their figures in some periods, one's own first, then by name: three queries."""
    access.require(actor, READ)
    own = own_codes(actor, choice.area_kind)
    rank, name = case((Figure.area_code.in_(own), 0), else_=1), func.max(Figure.area_name)
    rows = select(rank.label("rank"), name.label("name"), Figure.area_code.label("code"))
    rows = rows.where(choice.condition, *holding(actor)).group_by(Figure.area_code)
    found = rows.subquery()
    order = (found.c.rank, found.c.name, found.c.code)
    asked = select(*order).order_by(*order).limit(SHOWN_AREAS + 1)
    if after is not None:
        asked = asked.where(tuple_(*order) > tuple_(*after))
    listed = db.session().execute(asked).all()
    shown, more = listed[:SHOWN_AREAS], len(listed) > SHOWN_AREAS
    told = _told(actor, choice, days, Figure.area_code.in_([code for *_, code in shown]))
    areas = [
        AreaRow(code, called, mine == 0, {one: told.get((code, one), GONE) for one in days})
        for mine, called, code in shown
    ]
    return Page(areas, tuple(shown[-1]) if more else None)


def _told(
    actor: Actor, choice: Choice, days: Sequence[Days], which: ColumnElement[bool]
) -> dict[tuple[str, Days], Told]:
    """Return figures by area and period, parts added up where all of them are looked at."""
    if not days:
        return {}
    rows = select(
        Figure.area_code, Figure.first_on, Figure.last_on, Figure.status, Figure.value, Figure.n, Figure.low,
        Figure.high, Figure.uid, Figure.note,
    )  # fmt: skip
    when = tuple_(Figure.first_on, Figure.last_on).in_(list(days))
    gathered: dict[tuple[str, Days], list[Any]] = defaultdict(list)
    for row in db.session().execute(rows.where(choice.condition, which, when, *holding(actor))):
        gathered[row.area_code, (row.first_on, row.last_on)].append(row)
    return {key: added(found) for key, found in gathered.items()}


def added(rows: Sequence[Any]) -> Told:
    """Return one figure as it is, several as their sum: what has no value is in no sum, and is counted beside it."""
    if len(rows) == 1:
        [row] = rows
        return Told(row.status, row.value, row.n, row.low, row.high, row.uid, row.note)
    values = [row.value for row in rows if row.status == VALUE]
    counts = {kind: sum(row.status == kind for row in rows) for kind in (SUPPRESSED, MISSING)}
    return summed(sum(values) if values else None, counts[SUPPRESSED], counts[MISSING])


def summed(value: float | None, suppressed: int, missing: int) -> Told:
    """Return a sum with how much it lacks; nothing but gaps is no value."""
    status = VALUE if value is not None else SUPPRESSED if suppressed else MISSING
    return Told(status, value, suppressed=suppressed, missing=missing)


def of_the_city(actor: Actor, choice: Choice, days: Sequence[Days]) -> dict[Days, Told]:
    """Return the figures of the whole city by period: its own, else the sum of the areas where that says something.

    It says nothing to who sees only some of the areas.
    """
    if choice.area_kind == MUNICIPALITY:
        return {}
    code, _ = whole_city()
    own = Choice(choice.indicator, MUNICIPALITY, choice.part)
    told = {period: one for (_, period), one in _told(actor, own, days, Figure.area_code == code).items()}
    days = [one for one in days if one not in told]
    if not choice.indicator.adds or not days or not _sees_all(actor, choice.indicator):
        return told
    rows = select(
        Figure.first_on, Figure.last_on, func.sum(Figure.value),
        func.sum(case((Figure.status == SUPPRESSED, 1), else_=0)),
        func.sum(case((Figure.status == MISSING, 1), else_=0)),
    )  # fmt: skip
    when = tuple_(Figure.first_on, Figure.last_on).in_(list(days))
    rows = rows.where(choice.condition, when, *holding(actor)).group_by(Figure.first_on, Figure.last_on)
    sums = {(first, last): summed(value, few, gone) for first, last, value, few, gone in db.session().execute(rows)}
    return told | sums


def _sees_all(actor: Actor, indicator: Indicator) -> bool:
    """Whether the actor sees the figures of an indicator in every area."""
    return indicator.level < 2 or any(  # noqa: PLR2004 - restricted (domain.md 11.4)
        reach.organisations is None and reach.areas is None and reach.categories is None
        for reach in actor.reaches(RESTRICTED)
    )


def series(actor: Actor, choice: Choice, code: str) -> list[tuple[Days, Told]]:
    """Return the figures of one area over time, the oldest first."""
    days = periods(actor, choice, SERIES)
    told = _told(actor, choice, days, Figure.area_code == code)
    return [(one, told.get((code, one), GONE)) for one in reversed(days)]


def by_area(actor: Actor, choice: Choice, period: Days) -> dict[str, Told]:
    """Return the figures of all areas in one period, by code."""
    access.require(actor, READ)
    return {code: one for (code, _), one in _told(actor, choice, [period], true()).items()}


def lacking(actor: Actor, choice: Choice, period: Days) -> list[str]:
    """Return the names of areas of today that have nothing in a period, some of them where they are many."""
    access.require(actor, READ)
    there = select(Figure.area_code).where(choice.condition, Figure.status != MISSING, *holding(actor))
    there = there.where(Figure.first_on == period[0], Figure.last_on == period[1])
    rows = select(Area.name).where(Area.kind == choice.area_kind, valid_on(Area, clock.today()))
    rows = rows.where(Area.code.not_in(there), Area.kind != MUNICIPALITY)
    return list(db.session().scalars(rows.order_by(Area.name).limit(LACKING)))


# --- An area ------------------------------------------------------------------------------------------------------


def area_called(actor: Actor, kind: str, code: str) -> str | None:
    """Return the latest name of an area by its code, or the one that its figures have; None where there is none."""
    access.require(actor, READ)
    rows = select(Area.name).where(Area.kind == kind, Area.code == code).order_by(Area.valid_from.desc()).limit(1)
    if (name := db.session().scalar(access.visible(rows, actor))) is not None:
        return name
    figures = select(Figure.area_name).where(Figure.area_kind == kind, Figure.area_code == code, *holding(actor))
    return db.session().scalar(figures.limit(1))


@dataclass(frozen=True)
class OfArea:
    """An indicator in an area: its newest figure, the one before it, and the whole city's in the same period."""

    indicator: Indicator
    area: Key
    area_name: str
    part: str
    period: Days
    told: Told
    before: tuple[Days, Told] | None = None
    city: Told | None = None


def of_areas(actor: Actor, areas: Collection[Key]) -> list[OfArea]:
    """Return the newest figures of areas, each with the one before and the city's: two queries."""
    access.require(actor, READ)
    city = (MUNICIPALITY, whole_city()[0])
    newest = func.dense_rank().over(
        partition_by=(Figure.indicator_id, Figure.area_kind, Figure.area_code), order_by=Figure.last_on.desc()
    )
    columns = [getattr(Figure, name) for name in (
        "indicator_id", "area_kind", "area_code", "area_name", "part", "first_on", "last_on", "status", "value", "n",
        "low", "high", "uid", "note",
    )]  # fmt: skip
    where = or_(*(and_(Figure.area_kind == kind, Figure.area_code == code) for kind, code in {*areas, city}))
    ranked = select(*columns, newest.label("place")).where(where, *holding(actor)).subquery()
    recent = select(ranked).where(or_(ranked.c.place <= 2, ranked.c.area_kind == MUNICIPALITY))  # noqa: PLR2004
    indicators = {one.id: one for one in db.session().scalars(access.visible(select(Indicator), actor))}
    told: dict[tuple[int, Key], dict[Days, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in db.session().execute(recent.order_by(ranked.c.last_on.desc(), ranked.c.first_on)):
        told[row.indicator_id, (row.area_kind, row.area_code)][row.first_on, row.last_on].append(row)
    found: list[OfArea] = []
    for (key, area), days in told.items():
        if area in areas:
            found += _lines(indicators[key], area, days, told.get((key, city), {}))
    return sorted(found, key=lambda one: (one.indicator.kind, one.indicator.title, one.part))


def _lines(
    indicator: Indicator, area: Key, days: Mapping[Days, list[Any]], city: Mapping[Days, list[Any]]
) -> Iterable[OfArea]:
    """Yield an indicator of an area: of the whole if there is such a figure, else the sum, else each of its parts."""
    parts = {row.part for rows in days.values() for row in rows}
    for part in [""] if "" in parts else [None] if indicator.adds else sorted(parts):
        picked = {when: [row for row in rows if part is None or row.part == part] for when, rows in days.items()}
        told = [(when, added(rows), rows[0].area_name) for when, rows in picked.items() if rows]
        if told:
            (period, one, name), *earlier = told
            same = [row for row in city.get(period, ()) if part is None or row.part == part]
            before = next(((when, then) for when, then, _ in earlier if follows(period, when)), None)
            yield OfArea(indicator, area, name, part or "", period, one, before, added(same) if same else None)
