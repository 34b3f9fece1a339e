"""What presence says through the contract: its frister, what waits for whom, its part of a place's page and time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, time
from heapq import nlargest
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock
from core.access import Actor
from core.db import session
from core.hookspecs import Dated, DeadlineKind, Event, Section, Todo, hookimpl
from core.i18n import N_, Text, counted
from core.journal import PROTECTED
from core.places.models import places_behind
from core.presence import documents, services  # noqa: F401 - the lists as files
from core.presence.bands import PRESENCE, WEEKDAYS, bands, between, kinds_of, permit_kinds
from core.presence.limits import CONSULTATION, GOAL, KINDS
from core.presence.models import (
    PHASES,
    Activation,
    ActivationPermit,
    ExperienceSurvey,
    FlowCount,
    PatrolRequest,
    PlanningConsultation,
    PlanningGoal,
    PlanningProject,
)
from core.presence.models import activations as of_activations
from core.presence.models import counts as of_counts
from core.presence.models import projects as of_projects
from core.presence.services.choosing import at
from core.presence.states import CANCELLED, PATROL, PROJECT
from core.refs import PlaceRef, Subject
from core.upkeep.naming import About, names
from core.upkeep.news import stands

SHOWN = 8


@hookimpl
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """To ask for permits, to answer requests and projects, to follow social goals up."""
    return KINDS


@names("activation_permit")
def _permits_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(ActivationPermit.uid, ActivationPermit.kind, Activation.uid.label("whole"), Activation.title)
    rows = rows.join(Activation, Activation.id == ActivationPermit.activation_id)
    rows = rows.where(ActivationPermit.uid.in_(uids), access.rule_of(Activation, actor))
    called, kinds = N_("{permit}: {title}"), permit_kinds()
    return {
        row.uid: About(
            Text(called, permit=kinds[row.kind].title, title=row.title), f"/aktivering/{row.whole}", row.title
        )
        for row in session().execute(rows)
    }


@names("patrol_request")
def _requests_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(PatrolRequest.uid, PatrolRequest.number)
    rows = rows.where(PatrolRequest.uid.in_(uids), access.rule_of(PatrolRequest, actor))
    called = N_("Begäran om ordningsvakter {number}")
    return {
        row.uid: About(Text(called, number=row.number), f"/ordningsvakter/{row.uid}", row.number)
        for row in session().execute(rows)
    }


def _of_project(model: Any, called: str) -> Any:
    def named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
        rows = select(model.uid, PlanningProject.uid.label("whole"), PlanningProject.title, PlanningProject.number)
        rows = rows.join(PlanningProject, PlanningProject.id == model.project_id)
        rows = rows.where(model.uid.in_(uids), access.rule_of(PlanningProject, actor))
        return {
            row.uid: About(Text(called, title=row.title), f"/planprojekt/{row.whole}", row.number)
            for row in session().execute(rows)
        }

    return named


names("planning_goal")(_of_project(PlanningGoal, N_("Socialt mål i {title}")))
names("planning_consultation")(_of_project(PlanningConsultation, N_("Fråga från {title}")))


# --- On a place ---------------------------------------------------------------------------------------------------


@hookimpl
def tryggplats_sections(page: str, subject: Subject, actor: Actor) -> Iterable[Section]:
    """On a place what happens there, who is there, how many are, and what is being planned."""
    if page != "place":
        return
    lines = [*_arranged(actor, subject.uid), *_present(actor, subject.uid)]
    may_add = actor.may(of_activations.EDIT)
    if lines or may_add:
        shown = {"lines": lines, "may_add": may_add, "place": subject.uid}
        yield Section("core:aktivering", N_("Aktivering och närvaro"), "presence/on_place.html", shown, 35)
    if counted_lines := list(_counted(actor, subject.uid)):
        shown = {"lines": counted_lines, "may_add": False, "place": subject.uid}
        yield Section("core:rakningar", N_("Räkningar och upplevelse"), "presence/on_place.html", shown, 36)
    projects = services.projects_at(actor, subject.uid)
    if projects:
        lines = [_line(one.title, f"/planprojekt/{one.uid}", PROJECT.states[one.state].label) for one in projects]
        shown = {"lines": lines, "may_add": False, "place": subject.uid}
        yield Section("core:planprojekt", N_("Planprojekt"), "presence/on_place.html", shown, 37)


def _line(text: str, link: str, below: str) -> dict[str, str]:
    return {"text": text, "href": link, "sub": below}


def _arranged(actor: Actor, place: UUID) -> Iterable[dict[str, str]]:
    said = N_("{first} till {last}, {state}")
    for one in services.activations_at(actor, place, limit=SHOWN):
        days = {"first": one.starts_on.isoformat(), "last": one.ends_on.isoformat()}
        label = services.standing_of(one).label
        yield _line(one.title, f"/aktivering/{one.uid}", Text(said, **days, state=Text(label)))


def _present(actor: Actor, place: UUID) -> Iterable[dict[str, str]]:
    kinds = kinds_of(PRESENCE)
    for one in services.plans_at(actor, place, limit=SHOWN):
        hours = f"{one.begins}–{one.ends}".replace(":", ".")
        yield _line(kinds.get(one.kind, one.kind), f"/narvaro/{one.uid}", f"{one.organisation.name}, {hours}")
    said = N_("{n} timmar beviljade, {state}")
    for asked in services.patrols_at(actor, place, limit=SHOWN):
        below = Text(said, n=services.hours_said(asked.granted), state=Text(PATROL.states[asked.state].label))
        title = Text(N_("Ordningsvakter {number}"), number=asked.number)
        yield _line(title, f"/ordningsvakter/{asked.uid}", below)


def _counted(actor: Actor, place: UUID) -> Iterable[dict[str, str]]:
    if not actor.may(of_counts.READ):
        return
    said = N_("{day}, {n} människor i timmen")
    for one in services.list_counts(actor, place, limit=3).rows:
        if one.per_hour is not None:
            below = Text(said, day=one.count.day.isoformat(), n=one.per_hour)
            yield _line(_band(one.count), f"/rakningar/plats/{place}", below)
    for one in services.list_surveys(actor, place, limit=3).rows:
        yield _line(one.title, f"/upplevelseindex/{one.uid}", PHASES[one.phase])


def _band(row: FlowCount) -> str:
    title = bands()[row.band].title if row.band in bands() else row.band
    return Text(N_("Räkning {weekday} {band}"), weekday=Text(WEEKDAYS[str(row.day.weekday())]), band=title)


@hookimpl
def tryggplats_events(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    """What was arranged on the place, what was counted and asked there, and which projects began."""
    events = chain(
        _activation_events(place, actor, before, limit),
        _count_events(place, actor, before, limit),
        _project_events(place, actor, before, limit),
    )
    return nlargest(limit, events, key=lambda event: event.at)


def _activation_events(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    if not actor.may(of_activations.READ):
        return
    rows = select(Activation).where(Activation.place_id.in_(places_behind(place.uid)), Activation.level < PROTECTED)
    rows = rows.where(Activation.starts_on <= clock.local(before).date(), Activation.state != CANCELLED)
    rows = access.visible(rows, actor).order_by(Activation.starts_on.desc(), Activation.id.desc())
    for row in session().scalars(rows.limit(limit)):
        begins = _begins(row)
        if begins < before:
            text = row.title
            if row.visitors:
                came = counted(row.visitors, N_("{title}, 1 besökare"), N_("{title}, {n} besökare"), title=row.title)
                text = came
            state = services.standing_of(row)
            yield Event(begins, N_("Aktivering"), text, f"/aktivering/{row.uid}", shape=state.shape, level=row.level)


def _begins(row: Activation) -> datetime:
    opens = at(row.opens) if row.opens else time.min
    return between(row.starts_on, opens, opens)[0]


def _count_events(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    if not actor.may(of_counts.READ):
        return
    day = clock.local(before).date()
    rows = select(FlowCount).where(FlowCount.place_id.in_(places_behind(place.uid)), FlowCount.day < day)
    rows = access.visible(rows, actor).order_by(FlowCount.day.desc(), FlowCount.id.desc())
    for row in session().scalars(rows.limit(limit)):
        told = services.told(actor, row)
        said = Text(N_("{band}, {n} människor i timmen"), band=_band(row), n=told.per_hour)
        text = _band(row) if told.per_hour is None else said
        yield Event(clock.first_moment(row.day), N_("Räkning"), text, f"/rakningar/plats/{place.uid}", shape="seen")
    surveys = select(ExperienceSurvey).where(ExperienceSurvey.place_id.in_(places_behind(place.uid)))
    surveys = access.visible(surveys.where(ExperienceSurvey.last_on < day), actor)
    surveys = surveys.order_by(ExperienceSurvey.last_on.desc(), ExperienceSurvey.id.desc())
    for one in session().scalars(surveys.limit(limit)):
        begins = clock.first_moment(one.last_on)
        yield Event(begins, N_("Upplevelse"), one.title, f"/upplevelseindex/{one.uid}", shape="seen")


def _project_events(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    if not actor.may(of_projects.READ):
        return
    rows = select(PlanningProject).where(PlanningProject.place_id.in_(places_behind(place.uid)))
    rows = rows.where(PlanningProject.starts_on < clock.local(before).date(), PlanningProject.level < PROTECTED)
    rows = access.visible(rows, actor).order_by(PlanningProject.starts_on.desc(), PlanningProject.id.desc())
    for row in session().scalars(rows.limit(limit)):
        shape, link = PROJECT.states[row.state].shape, f"/planprojekt/{row.uid}"
        yield Event(clock.first_moment(row.starts_on), N_("Planprojekt"), row.title, link, shape=shape, level=row.level)


# --- What waits, and what is to come --------------------------------------------------------------------------------


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """How something went, next year's, last month's presence, and requests; what has a frist is told by that."""
    titles = {"utfall": N_("Skriv hur det gick: {title}"), "nasta": N_("Planera nästa år: {title}")}
    for row, why in services.to_tell(actor, limit):
        state = services.standing_of(row)
        yield Todo(
            key=f"presence:{why}:{row.uid}",
            title=Text(titles[why], title=row.title),
            link=f"/aktivering/{row.uid}",
            context=row.place.name,
            tone="warning" if why == "utfall" else "info",
            shape=state.shape,
            state=state.label,
            level=row.level,
        )
    kinds = kinds_of(PRESENCE)
    for plan, month in services.unwritten(actor, limit):
        said = N_("Skriv in {month} för {kind}")
        yield Todo(
            key=f"presence:manad:{plan.uid}",
            title=Text(said, month=month.strftime("%Y-%m"), kind=kinds.get(plan.kind, plan.kind).lower()),
            link=f"/narvaro/{plan.uid}",
            context=services.where_named(plan),
            level=plan.place.level if plan.place else 1,
        )
    for asked in services.waiting_requests(actor, limit):
        state = PATROL.states[asked.state]
        yield Todo(
            key=f"presence:ordningsvakter:{asked.uid}",
            title=Text(WAITS[asked.state], number=asked.number),
            link=f"/ordningsvakter/{asked.uid}",
            context=services.where_named(asked),
            tone=state.tone,
            shape=state.shape,
            state=state.label,
            level=asked.level,
        )
    if not actor.may("upkeep:deadline:close"):
        yield from _of_projects(actor, limit)


def _of_projects(actor: Actor, limit: int) -> Iterable[Todo]:
    """Yield what projects wait for, to those who are not told of it by its frist."""
    asked, goals = services.to_answer(actor, limit), services.to_follow_up(actor, limit)
    waiting: list[tuple[Any, PlanningProject, str, str, str]] = [
        *((one, project, N_("Svara planprojektet"), "samrad", one.question) for one, project in asked),
        *((goal, project, N_("Följ upp socialt mål"), "mal", goal.text) for goal, project in goals),
    ]
    stand = stands([row.uid for row, *_ in waiting], CONSULTATION, GOAL)
    for row, project, title, part, detail in waiting:
        yield Todo(
            key=f"presence:projekt:{row.uid}",
            title=title,
            link=f"/planprojekt/{project.uid}#{part}",
            context=project.place.name,
            detail=Text(N_("{title}: {about}"), title=project.title, about=detail),
            level=row.level,
            **stand.get(row.uid, {}),
        )


WAITS = {
    "utkast": N_("Skicka begäran om ordningsvakter {number}"),
    "skickad": N_("Svara på begäran om ordningsvakter {number}"),
    "beviljad": N_("Avropa ordningsvakter {number}"),
    "delvis": N_("Avropa ordningsvakter {number}"),
}
"""What there is to do with a request in each state."""


@hookimpl
def tryggplats_dates(actor: Actor, after: datetime, limit: int) -> Iterable[Dated]:
    """What is arranged on places that the actor reaches, and begins later."""
    if not actor.may(of_activations.READ):
        return
    rows = select(Activation).where(Activation.starts_on >= clock.local(after).date(), Activation.level < PROTECTED)
    rows = access.visible(rows.where(Activation.state.in_(("planerad", "ansokt", "klar"))), actor)
    for row in session().scalars(rows.order_by(Activation.starts_on, Activation.id).limit(limit)):
        begins = _begins(row)
        if begins > after:
            yield Dated(begins, row.title, f"/aktivering/{row.uid}", row.level)


@hookimpl
def tryggplats_demo(city: str) -> None:  # noqa: ARG001 - the same wherever
    """Add what happens on the demo's places around today."""
    from core.presence.demo import fill

    fill()
