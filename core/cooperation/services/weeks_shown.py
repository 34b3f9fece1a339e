"""How the weeks of an area look: who has reported, what there is by kind and place, what became of what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from core import access, clock, db
from core.access import Actor
from core.cooperation.few import Counted, shown
from core.cooperation.models import (
    EST_LEAD,
    EST_READ,
    EST_WRITE,
    RUMOUR,
    WeeklyAction,
    WeeklyGroup,
    WeeklyItem,
    WeeklyMember,
    WeeklyReport,
    WeeklyReview,
)
from core.cooperation.models.cycles import homes
from core.cooperation.states import WEEKLY_ACTION, WEEKLY_REPORT
from core.cooperation.weeks import Quarter, Week, this_week
from core.people.models import Organisation
from core.places.models import Place

LOOKS_BACK = 6
"""Weeks of the picture over time."""
PAGE = 100


@dataclass(frozen=True)
class Standing:
    """A member of a group, and its report of a week: None where none was asked for."""

    member: WeeklyMember
    report: WeeklyReport | None
    late: bool


@dataclass(frozen=True)
class Row:
    """How much there has been of something, or somewhere: how many lines in each of the weeks, the last one last.

    None for a week in which nobody has reported: of that nothing is known.
    """

    name: str
    weeks: list[int | None]


@dataclass(frozen=True)
class Shown:
    """A week of a group, whole."""

    group: WeeklyGroup
    week: Week
    standings: list[Standing]
    review: WeeklyReview | None
    items: list[WeeklyItem]
    by_category: list[tuple[str, list[int]]]
    """Of the week: lines of each kind at severity 1, 2 and 3."""
    weeks: list[Week]
    categories: list[Row]
    places: list[Row]
    decided: list[WeeklyAction]
    before: list[WeeklyAction]
    """What was decided about the week before, and what is still open from earlier."""

    @property
    def missing(self) -> list[Standing]:
        """Who has not handed in."""
        return [one for one in self.standings if one.report is None or one.report.state == WEEKLY_REPORT.start]


def list_groups(actor: Actor) -> list[tuple[WeeklyGroup, int, int]]:
    """Return the groups that the actor reaches, with how many reports of the week before are in, and of how many."""
    access.require(actor, EST_READ)
    rows = select(WeeklyGroup).options(joinedload(WeeklyGroup.organisation), joinedload(WeeklyGroup.area))
    rows = rows.order_by(WeeklyGroup.name).limit(PAGE)
    groups = list(db.session().scalars(access.visible(rows, actor)))
    week = this_week().after(-1)
    counted = select(WeeklyReport.group_id, WeeklyReport.state, func.count().label("n"))
    counted = counted.where(WeeklyReport.group_id.in_([group.id for group in groups]), _in_weeks([week]))
    found = db.session().execute(counted.group_by(WeeklyReport.group_id, WeeklyReport.state)).all()
    return [
        (
            group,
            sum(row.n for row in found if row.group_id == group.id and row.state != WEEKLY_REPORT.start),
            sum(row.n for row in found if row.group_id == group.id),
        )
        for group in groups
    ]


def _in_weeks(weeks: Iterable[Week], model: Any = WeeklyReport) -> ColumnElement[bool]:
    return or_(*(and_(model.iso_year == week.year, model.iso_week == week.number) for week in weeks))


@dataclass(frozen=True)
class Wish:
    """Which reports or decided things to list: of a group, an organisation or a week, in a state; else all of them."""

    group: UUID | None = None
    organisation: UUID | None = None
    week: Week | None = None
    state: str = ""


def list_reports(
    actor: Actor, wish: Wish, *, after: tuple[int] | None = None, limit: int = PAGE
) -> tuple[list[WeeklyReport], tuple[int] | None]:
    """Return reports of the groups that the actor reaches, the newest first, and where the next page begins."""
    return _page_of(WeeklyReport, actor, wish, after, limit)


def list_actions(
    actor: Actor, wish: Wish, *, after: tuple[int] | None = None, limit: int = PAGE
) -> tuple[list[WeeklyAction], tuple[int] | None]:
    """Return what the groups that the actor reaches have decided to do, the newest first, and where the next begins."""
    return _page_of(WeeklyAction, actor, wish, after, limit)


def _page_of(
    model: Any, actor: Actor, wish: Wish, after: tuple[int] | None, limit: int
) -> tuple[list[Any], tuple[int] | None]:
    access.require(actor, EST_READ)
    rows = select(model).options(joinedload(model.organisation), joinedload(model.group))
    if wish.group is not None:
        rows = rows.where(model.group_id.in_(select(WeeklyGroup.id).filter_by(uid=wish.group)))
    if wish.organisation is not None:
        rows = rows.where(model.organisation_id.in_(select(Organisation.id).filter_by(uid=wish.organisation)))
    if wish.week is not None:
        rows = rows.where(_in_weeks([wish.week], model))
    if wish.state:
        rows = rows.where(model.state == wish.state)
    if after is not None:
        rows = rows.where(model.id < after[0])
    rows = access.visible(rows, actor).order_by(model.id.desc()).limit(limit + 1)
    found = list(db.session().scalars(rows))
    more, found = len(found) > limit, found[:limit]
    return found, (found[-1].id,) if more else None


def read_group(actor: Actor, uid: UUID) -> WeeklyGroup:
    """Return a group; Missing when the actor does not reach it."""
    access.require(actor, EST_READ)
    rows = select(WeeklyGroup).options(joinedload(WeeklyGroup.organisation), joinedload(WeeklyGroup.area))
    group = db.session().scalar(rows.where(WeeklyGroup.uid == uid, access.rule_of(WeeklyGroup, actor)))
    if group is None:
        raise access.Missing("weekly_group", uid)
    return group


def leads(actor: Actor, group: WeeklyGroup) -> bool:
    """Whether the actor leads a group."""
    rows = select(WeeklyGroup.id).where(WeeklyGroup.id == group.id, access.rule_of(WeeklyGroup, actor, EST_LEAD))
    return actor.may(EST_LEAD) and db.session().scalar(rows) is not None


def takes_part(actor: Actor, group: WeeklyGroup) -> bool:
    """Whether one of the actor's own organisations is in a group: rumours are told to those only."""
    rows = select(WeeklyMember.id).where(WeeklyMember.group_id == group.id, WeeklyMember.left_on.is_(None))
    return db.session().scalar(rows.where(WeeklyMember.organisation_id.in_(homes(actor))).limit(1)) is not None


def written_for(actor: Actor) -> frozenset[int]:
    """Return the keys of the organisations whose reports and tasks the actor writes, also those merged into its own."""
    return frozenset(db.session().scalars(homes(actor))) if actor.may(EST_WRITE) else frozenset()


def members_of(actor: Actor, group: WeeklyGroup) -> list[WeeklyMember]:
    """Return the members of a group by name."""
    rows = select(WeeklyMember).options(joinedload(WeeklyMember.organisation)).join(WeeklyMember.organisation)
    rows = rows.where(WeeklyMember.group_id == group.id, WeeklyMember.left_on.is_(None))
    return list(db.session().scalars(access.visible(rows, actor).order_by(Organisation.name)))


def show_week(actor: Actor, group: WeeklyGroup, week: Week, names: dict[str, str]) -> Shown:
    """Return a week of a group as the actor may read it, in eight queries; `names` are those of the kinds."""
    weeks = [week.after(-back) for back in range(LOOKS_BACK - 1, -1, -1)]
    items = _items(actor, group, weeks)
    now = [item for at, item in items if at == week]
    known = {"group_id": group.id, "iso_year": week.year, "iso_week": week.number}
    review = db.session().scalar(access.visible(select(WeeklyReview).filter_by(**known), actor))
    actions = _actions(actor, group, week)
    before, told = week.after(-1), _reported(actor, group, weeks)
    return Shown(
        group=group,
        week=week,
        standings=_standings(actor, group, week),
        review=review,
        items=sorted(now, key=lambda item: (-item.severity, item.category, item.id)),
        by_category=_by_category(now, names),
        weeks=weeks,
        categories=_rows([(at, names.get(item.category, item.category)) for at, item in items], weeks, told),
        places=_rows([(at, item.place.name) for at, item in items if item.place is not None], weeks, told),
        decided=[row for row in actions if _week_of(row) == week],
        before=[row for row in actions if _week_of(row) == before or (_week_of(row) < before and _is_open(row))],
    )


def _week_of(row: Any) -> Week:
    return Week(row.iso_year, row.iso_week)


def _is_open(row: WeeklyAction) -> bool:
    return row.state == WEEKLY_ACTION.start


def _standings(actor: Actor, group: WeeklyGroup, week: Week) -> list[Standing]:
    rows = select(WeeklyReport).where(WeeklyReport.group_id == group.id, _in_weeks([week]))
    reports = {row.organisation_id: row for row in db.session().scalars(access.visible(rows, actor))}
    told = []
    for member in members_of(actor, group):
        report = reports.get(member.organisation_id)
        late = report is not None and (report.handed_in_at or clock.now()) > week.reported_by
        told.append(Standing(member, report, late))
    return told


def _items(actor: Actor, group: WeeklyGroup, weeks: list[Week]) -> list[tuple[Week, WeeklyItem]]:
    """Return the lines of some weeks with their week: the row rule says which the actor may read."""
    rows = select(WeeklyItem, WeeklyReport.iso_year, WeeklyReport.iso_week).options(joinedload(WeeklyItem.place))
    rows = rows.join(WeeklyReport, WeeklyReport.id == WeeklyItem.report_id)
    rows = rows.where(WeeklyReport.group_id == group.id, WeeklyReport.handed_in_at.is_not(None), _in_weeks(weeks))
    rows = rows.where(access.rule_of(WeeklyItem, actor)).order_by(WeeklyItem.id)
    return [(Week(year, number), item) for item, year, number in db.session().execute(rows)]


def _by_category(items: list[WeeklyItem], names: dict[str, str]) -> list[tuple[str, list[int]]]:
    counts: dict[str, list[int]] = {}
    for item in items:
        if item.severity:
            counts.setdefault(item.category, [0, 0, 0])[item.severity - 1] += 1
    order = sorted(counts.items(), key=lambda pair: (-sum(pair[1]), names.get(pair[0], pair[0])))
    return [(names.get(key, key), parts) for key, parts in order]


def _reported(actor: Actor, group: WeeklyGroup, weeks: list[Week]) -> set[Week]:
    """Return the weeks of which somebody has reported, if only that there was nothing to tell."""
    rows = select(WeeklyReport.iso_year, WeeklyReport.iso_week).where(WeeklyReport.group_id == group.id)
    rows = rows.where(WeeklyReport.handed_in_at.is_not(None), _in_weeks(weeks), access.rule_of(WeeklyReport, actor))
    return {Week(year, number) for year, number in db.session().execute(rows.distinct())}


def _rows(seen: list[tuple[Week, str]], weeks: list[Week], told: set[Week]) -> list[Row]:
    counts: dict[str, Counter[Week]] = {}
    for at, name in seen:
        counts.setdefault(name, Counter())[at] += 1
    order = sorted(counts.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    return [Row(name, [count[week] if week in told else None for week in weeks]) for name, count in order]


def _actions(actor: Actor, group: WeeklyGroup, week: Week) -> list[WeeklyAction]:
    rows = select(WeeklyAction).options(joinedload(WeeklyAction.organisation))
    near = or_(_in_weeks([week, week.after(-1)], WeeklyAction), WeeklyAction.state == WEEKLY_ACTION.start)
    rows = rows.where(WeeklyAction.group_id == group.id, near)
    rows = access.visible(rows, actor).order_by(WeeklyAction.due_on, WeeklyAction.id)
    return list(db.session().scalars(rows.limit(PAGE)))


def quarter(actor: Actor, group: WeeklyGroup, asked: Quarter) -> Counted:
    """Return how many lines there were of each kind in a quarter, as they may leave the group: no rumours, no few."""
    access.require(actor, EST_READ)
    rows = select(WeeklyItem.category, func.count().label("n"))
    rows = rows.join(WeeklyReport, WeeklyReport.id == WeeklyItem.report_id)
    rows = rows.where(WeeklyReport.group_id == group.id, WeeklyReport.handed_in_at.is_not(None))
    rows = rows.where(_in_weeks(asked.weeks), WeeklyItem.certainty != RUMOUR, WeeklyItem.severity > 0)
    rows = rows.where(access.rule_of(WeeklyItem, actor)).group_by(WeeklyItem.category)
    return shown({row.category: row.n for row in db.session().execute(rows)})


def places_near(group: WeeklyGroup, actor: Actor) -> list[Place]:
    """Return the places of the group's board that the actor reaches, by name, for a line to be about."""
    rows = select(Place).where(Place.district_id == group.area.organisation_id, access.rule_of(Place, actor))
    return list(db.session().scalars(rows.order_by(Place.name).limit(300)))


# --- What waits ---------------------------------------------------------------------------------------------------


def to_report(actor: Actor, limit: int) -> list[WeeklyReport]:
    """Return the reports of the actor's own organisations that are not in, the oldest first."""
    if not actor.may(EST_WRITE):
        return []
    rows = select(WeeklyReport).options(joinedload(WeeklyReport.group)).where(WeeklyReport.state == WEEKLY_REPORT.start)
    going_on = select(WeeklyGroup.id).where(WeeklyGroup.ended_on.is_(None))
    rows = rows.where(access.rule_of(WeeklyReport, actor, EST_WRITE), WeeklyReport.group_id.in_(going_on))
    rows = rows.order_by(WeeklyReport.iso_year, WeeklyReport.iso_week, WeeklyReport.id)
    return list(db.session().scalars(rows.limit(limit)))


def to_do(actor: Actor, limit: int) -> list[WeeklyAction]:
    """Return what the actor's own organisations have to do for a group, the most urgent first."""
    if not actor.may(EST_WRITE):
        return []
    rows = select(WeeklyAction).options(joinedload(WeeklyAction.group)).where(WeeklyAction.state == WEEKLY_ACTION.start)
    rows = rows.where(WeeklyAction.organisation_id.in_(homes(actor)), access.rule_of(WeeklyAction, actor))
    return list(db.session().scalars(rows.order_by(WeeklyAction.due_on, WeeklyAction.id).limit(limit)))
