"""What became of the promises: kept, late, still open and late (domain.md 10.7). The one place where a verdict is said.

Rooms above count their own things (orders, contracts): they join their tables to `COUNTS` and group by a column `key`,
and `kept` and `aged` read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, literal, or_, select

from core import access, clock, db
from core.access import Actor
from core.journal import PROTECTED
from core.people.models import Organisation
from core.upkeep.models import Deadline

IN_TIME, LATE, OPEN_LATE, OPEN = "i_tid", "sent", "oppen_sen", "oppen"
AGES = (10, 30, 90)
"""Days since it should have been done: columns of what is open and late."""
MOST = 200
"""Rows that a table has at most."""

HELD = func.coalesce(Deadline.organisation_id, Deadline.coordinator_id)
"""Whose frist it is to keep: who answers, where nobody does who coordinates."""

COUNTS = and_(Deadline.state != "utgar", Deadline.level < PROTECTED, or_(Deadline.state == "oppen", HELD.is_not(None)))
"""The condition that a report counts a frist: it has not lapsed, is not protected, and is somebody's to keep.

What is closed and was nobody's, such as history that was read in, says nothing of how promises are kept.
"""

GROUPINGS: Mapping[str, Any] = {
    "ansvarig": Organisation.name,
    "stadsdel": Organisation.name,
    "sort": Deadline.kind,
    "prioritet": Deadline.urgency,
}
"""What a report can be broken down by, and the column that it is."""


def verdict(now: Any) -> ColumnElement[str]:
    """Return what became of a frist, in SQL: met before its moment, met after, open and late, open. Lapsed: NULL.

    Its moment is the one that it missed, if it was moved afterwards.
    """
    return case(
        (and_(Deadline.state == "klar", Deadline.met_at < Deadline.owed_at()), literal(IN_TIME)),
        (Deadline.state == "klar", literal(LATE)),
        (and_(Deadline.state == "oppen", Deadline.is_late(now)), literal(OPEN_LATE)),
        (Deadline.state == "oppen", literal(OPEN)),
    )


@dataclass
class Kept:
    """How the promises of one group were kept, in numbers of frister."""

    key: Any
    counts: dict[str, int] = field(default_factory=dict)
    moved: int = 0
    """Those whose date was moved at least once."""

    def reckon(self, verdict: str, n: int, moved: int) -> None:
        """Count so many frister more, of which so many were moved."""
        self.counts[verdict] = self.counts.get(verdict, 0) + n
        self.moved += moved

    @property
    def in_time(self) -> int:
        """Met before its moment."""
        return self.counts.get(IN_TIME, 0)

    @property
    def late(self) -> int:
        """Met, but after its moment."""
        return self.counts.get(LATE, 0)

    @property
    def open_late(self) -> int:
        """Not met, and its moment has passed."""
        return self.counts.get(OPEN_LATE, 0)

    @property
    def owed(self) -> int:
        """What should have been met by now: what "in time" is a share of."""
        return self.in_time + self.late + self.open_late

    @property
    def share(self) -> int | None:
        """Per cent in time, whole; None where nothing was owed."""
        return round(100 * self.in_time / self.owed) if self.owed else None


@dataclass(frozen=True)
class Aged:
    """What one group has open and late, by age in days; `badly` has taken three times its time."""

    key: Any
    ages: list[int]
    badly: int


@dataclass(frozen=True)
class Report:
    """The tables of the page, filtered by what the actor sees; protected frister are in none of them."""

    groups: list[Kept]
    months: list[Kept]
    """By the month of the last day, as `(year, month)`."""
    aged: list[Aged]


def report(actor: Actor, *, first: date, last: date, per: str = "ansvarig", kind: str | None = None) -> Report:
    """Return how the frister were kept whose last day lies from `first` to `last`, in two queries.

    `per` is one of GROUPINGS, `kind` narrows it to frister of one kind. What is open and late is counted however old
    it is: it does not go away with the year.
    """
    access.require(actor, "upkeep:deadline:read")
    within = counted(actor, kind).where(Deadline.owed_between(first, last))
    late = _grouped(late_only(counted(actor, kind)), per)
    return Report(*kept(_grouped(within, per)), aged(late))


def counted(actor: Actor, kind: str | None = None) -> Select[Any]:
    """Return the query of the frister that a report counts: those that the actor sees, no lapsed or protected ones."""
    rows = select(Deadline.id).where(COUNTS)
    if kind:
        rows = rows.where(Deadline.kind == kind)
    return rows.where(access.rule_of(Deadline, actor))


def _grouped(rows: Select[Any], per: str) -> Select[Any]:
    owner = Deadline.coordinator_id if per == "stadsdel" else HELD
    if per in ("ansvarig", "stadsdel"):
        rows = rows.outerjoin(Organisation, Organisation.id == owner)
    return rows.with_only_columns(GROUPINGS[per].label("key")).group_by("key")


def kept(rows: Select[Any]) -> tuple[list[Kept], list[Kept]]:
    """Read verdicts by group (of the column `key`) and by the month of the last day, `(year, month)`, in one query.

    The worst kept group first, those where nothing was owed last; months as they come.
    """
    told = verdict(clock.now()).label("verdict")
    year, month = (extract(part, Deadline.owed_on()).label(part) for part in ("year", "month"))
    moved = func.sum(case((Deadline.moved_count > 0, 1), else_=0)).label("moved")
    groups: dict[Any, Kept] = {}
    months: dict[Any, Kept] = {}
    counted = rows.add_columns(year, month, told, func.count().label("n"), moved).group_by(year, month, told)
    for row in db.session().execute(counted):
        day = (int(row.year), int(row.month))
        for one in (groups.setdefault(row.key, Kept(row.key)), months.setdefault(day, Kept(day))):
            one.reckon(row.verdict, row.n, row.moved)
    return sorted(groups.values(), key=_worst)[:MOST], [months[day] for day in sorted(months)]


def _worst(one: Kept) -> tuple[int, int, str]:
    return (101 if one.share is None else one.share, -one.owed, str(one.key))


def late_only(rows: Select[Any]) -> Select[Any]:
    """Return those of the frister that are open and late now, however old."""
    return rows.where(Deadline.state == "oppen", Deadline.is_late(clock.now()))


def aged(rows: Select[Any]) -> list[Aged]:
    """Read groups (of the column `key`) of what is open and late, by age; where there is most first."""
    badly = func.sum(case((Deadline.badly_late_at < clock.now(), 1), else_=0))
    found = []
    for key, worst, *up_to in db.session().execute(rows.add_columns(badly, *by_age(Deadline.owed_at()))):
        found.append(Aged(key, apart(up_to), worst))
    return sorted(found, key=lambda one: (-sum(one.ages), str(one.key)))[:MOST]


def by_age(begun: Any) -> list[ColumnElement[int]]:
    """Return columns that count what began at most as many days ago as each of AGES says, and all of it."""
    starts = [clock.now() - timedelta(days=days + 1) for days in AGES]
    return [*(func.sum(case((begun > start, 1), else_=0)) for start in starts), func.count()]


def apart(up_to: Sequence[int]) -> list[int]:
    """Return what `by_age` has counted, each age by itself: up to each of AGES, and more than the last."""
    return [count - younger for younger, count in zip([0, *up_to], up_to, strict=False)]
