"""What cooperation says through the contract: its frister, what waits for whom, its part of a place's page.

What is sealed is in none of it: here is only who has handed in, and when.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access
from core.access import Actor
from core.cooperation import documents, lifted_table, news, registers, waiting  # noqa: F401 - documents, rows read in
from core.cooperation.limits import KINDS
from core.cooperation.models import LIFT_MAKE, LIFT_READ, Cycle, Goal, Measure, SituationReport
from core.cooperation.models.cycles import LEAD
from core.cooperation.services import cycles_at, open_when_time_is_out
from core.cooperation.services.lifts import lifts_about
from core.cooperation.services.promises import OPENING
from core.cooperation.services.weekly import plan_weeks
from core.cooperation.states import CYCLE, LIFT
from core.db import session
from core.hookspecs import Change, Dated, DeadlineKind, Event, Job, Section, Todo, hookimpl
from core.i18n import N_, Text
from core.refs import PlaceRef, Subject
from core.upkeep import demo as upkeep_demo
from core.upkeep.naming import About, names


@hookimpl
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """The time to hand in an own picture, to do a measure, to follow up."""
    return KINDS


@names("situation_report")
def _pictures_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    """Name own pictures by their cycle, nothing else."""
    rows = select(SituationReport.uid, Cycle.title, Cycle.number).join(Cycle, Cycle.id == SituationReport.cycle_id)
    rows = rows.where(SituationReport.uid.in_(uids), access.rule_of(Cycle, actor))
    return {row.uid: About(row.title, f"/lagesbilder/{row.uid}", row.number) for row in _all(rows)}


@names("cycle")
def _cycles_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Cycle.uid, Cycle.title, Cycle.number).where(Cycle.uid.in_(uids), access.rule_of(Cycle, actor))
    return {row.uid: About(row.title, f"/samverkan/{row.uid}/uppfoljning", row.number) for row in _all(rows)}


@names(OPENING)
def _openings_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Cycle.uid, Cycle.title, Cycle.number).where(Cycle.uid.in_(uids), access.rule_of(Cycle, actor))
    called = N_("Läs lägesbilderna, de är öppnade: {title}")
    return {
        row.uid: About(Text(called, title=row.title), f"/samverkan/{row.uid}/lagesbilder", row.number)
        for row in _all(rows)
    }


@names("goal")
def _goals_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Goal.uid, Goal.text).where(Goal.uid.in_(uids), access.rule_of(Goal, actor))
    called = N_("Ta ställning till målet: {text}")
    return {row.uid: About(Text(called, text=row.text), f"/samverkan/mal/{row.uid}") for row in _all(rows)}


@names("measure")
def _measures_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Measure.uid, Measure.text).where(Measure.uid.in_(uids), access.rule_of(Measure, actor))
    return {row.uid: About(row.text, f"/samverkan/atgarder/{row.uid}") for row in _all(rows)}


def _all(rows: Any) -> Any:
    return session().execute(rows)


@hookimpl
def tryggplats_sections(page: str, subject: Subject, actor: Actor) -> Iterable[Section]:
    """On a place the cycles about it."""
    if page == "place" and actor.may("cooperation:cycle:read"):
        found = cycles_at(actor, subject.uid)
        shown = {"cycles": [(one, CYCLE.states[one.state]) for one in found]}
        if found:
            yield Section("core:samverkan", N_("Samverkan"), "cooperation/on_place.html", shown, 15)
    if page == "place" and actor.may(LIFT_READ):
        lifted = [(one, LIFT.states[one.lift.state]) for one in lifts_about(actor, place=subject.uid)]
        if lifted or actor.may(LEAD):
            told = {"lifted": lifted, "place": subject.uid, "may_lift": actor.may(LIFT_MAKE)}
            yield Section("core:lyft", N_("Lyft till central nivå"), "cooperation/lifted.html", told, 60)


@names("consultation")
def _consultations_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    return waiting.consultations_named(actor, uids)


@names("lift")
def _lifts_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    return waiting.lifts_named(actor, uids)


@names("weekly_report")
def _reports_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    return waiting.weeks_named(actor, "weekly_report", uids)


@names("weekly_review")
def _reviews_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    return waiting.weeks_named(actor, "weekly_review", uids)


@names("weekly_action")
def _actions_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    return waiting.weeks_named(actor, "weekly_action", uids)


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """What waits for a party, for who drives a cycle, for who is asked or answers, and in an area's group."""
    yield from news.todos(actor, limit)
    yield from waiting.todo(actor, limit)


@hookimpl
def tryggplats_events(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    """The steps of cycles on the place."""
    return news.events_on(place, actor, before, limit)


@hookimpl
def tryggplats_changes(actor: Actor, since: datetime, limit: int) -> Iterable[Change]:
    """Steps that others took in cycles, and what they answered."""
    told = [*news.changes_since(actor, since, limit), *waiting.changes(actor, since, limit)]
    return sorted(told, key=lambda change: change.at, reverse=True)[:limit]


@hookimpl
def tryggplats_dates(actor: Actor, after: datetime, limit: int) -> Iterable[Dated]:
    """When own pictures open."""
    return news.dates_after(actor, after, limit)


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Every minute the opening of pictures whose time is out is noted; every hour groups get their week."""
    return [
        Job("cooperation:oppna", N_("Öppna lägesbilder när tiden är ute"), 60, open_when_time_is_out),
        Job("cooperation:veckor", N_("Be om veckans rapporter"), 3600, plan_weeks),
    ]


@upkeep_demo.tells
def tell_demo(story: upkeep_demo.Story) -> None:
    """Add the cycles of the demo city to its story, what is lifted from them, and its weekly reports."""
    from core.cooperation import demo, demo_weekly

    demo.plan(story)
    demo_weekly.plan(story)
