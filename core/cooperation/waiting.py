"""What of consultation, lifts and weekly reports waits for whom, for Att göra, and what their frister are called.

An open frist tells of its thing by itself to who may close frister; to the others of the organisation it is told here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, journal
from core.access import Actor
from core.cooperation.limits import CONSULTED, WEEK_ACTION, WEEK_REPORT
from core.cooperation.models import (
    ASK_ANSWER,
    ASK_READ,
    LIFT_READ,
    Consultation,
    Lift,
    Measure,
    WeeklyAction,
    WeeklyGroup,
    WeeklyReport,
    WeeklyReview,
)
from core.cooperation.services import consulting, lifts, weeks_shown
from core.cooperation.states import CONSULTATION, LIFT
from core.cooperation.weeks import Week
from core.db import session
from core.hookspecs import Change, Todo
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.people.models import Organisation
from core.upkeep.naming import About
from core.upkeep.news import stands

CLOSES = "upkeep:deadline:close"


def consultations_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    """Name consultations by the measure that they are about."""
    rows = select(Consultation.uid, Measure.text).join(Measure, Measure.id == Consultation.measure_id)
    rows = rows.where(Consultation.uid.in_(uids), access.rule_of(Consultation, actor))
    called = N_("Samråd: {title}")
    return {
        row.uid: About(Text(called, title=row.text), f"/samverkan/samrad/{row.uid}") for row in session().execute(rows)
    }


def lifts_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    """Name lifts by what they are about, to who reaches them."""
    rows = select(Lift.uid, Lift.title, Lift.number).where(Lift.uid.in_(uids), access.rule_of(Lift, actor))
    return {row.uid: About(row.title, f"/samverkan/lyft/{row.uid}", row.number) for row in session().execute(rows)}


def todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """Return what of it waits for the actor."""
    yield from _consultations(actor, limit)
    yield from _lifts(actor, limit)
    yield from _weeks(actor, limit)


def weeks_named(actor: Actor, kind: str, uids: Collection[UUID]) -> dict[UUID, About]:
    """Name what is to be done about a week by its group and its week; never by what is written."""
    model: Any = {"weekly_report": WeeklyReport, "weekly_review": WeeklyReview, "weekly_action": WeeklyAction}[kind]
    rows = select(model.uid, model.iso_year, model.iso_week, WeeklyGroup.name, WeeklyGroup.uid.label("group"))
    rows = rows.join(WeeklyGroup, WeeklyGroup.id == model.group_id)
    rows = rows.where(model.uid.in_(uids), access.rule_of(model, actor))
    called = N_("{name}, vecka {week}")
    return {
        row.uid: About(
            Text(called, name=row.name, week=row.iso_week),
            f"/samverkan/veckorapporter/{row.uid}" if kind == "weekly_report" else _week_link(row.group, row),
        )
        for row in session().execute(rows)
    }


def _week_link(group: UUID, row: Any) -> str:
    return f"/samverkan/veckor/{group}?vecka={Week(row.iso_year, row.iso_week)}"


def _weeks(actor: Actor, limit: int) -> Iterator[Todo]:
    if actor.may(CLOSES):
        return
    reports = weeks_shown.to_report(actor, limit)
    stand = stands([report.uid for report in reports], WEEK_REPORT)
    for report in reports:
        week = Week(report.iso_year, report.iso_week)
        yield Todo(
            key=f"cooperation:week:{report.uid}",
            title=Text(N_("Lämna in veckorapporten: vecka {week}"), week=week.number),
            link=f"/samverkan/veckorapporter/{report.uid}",
            context=report.group.name,
            level=report.level,
            **stand.get(report.uid, {}) | {"due_at": week.reported_by, "latest": spoken(week.reported_by)},
        )
    decided = weeks_shown.to_do(actor, limit)
    stand = stands([action.uid for action in decided], WEEK_ACTION)
    for action in decided:
        yield Todo(
            key=f"cooperation:week:{action.uid}",
            title=N_("Gör det gruppen har bestämt"),
            link=_week_link(action.group.uid, action),
            context=action.group.name,
            level=action.level,
            **stand.get(action.uid, {}),
        )


def spoken(at: datetime) -> str:
    """Return a moment as lists write it."""
    return f"{clock.local(at):%Y-%m-%d %H.%M}"


def _lifts(actor: Actor, limit: int) -> Iterator[Todo]:
    for one in lifts.to_answer(actor, limit):
        yield _lift(one, N_("Svara på det som är lyft: {title}"))
    for one in lifts.to_complete(actor, limit):
        yield _lift(one, N_("Komplettera det ni har lyft: {title}"))


def _lift(one: lifts.Line, words: str) -> Todo:
    row, state = one.lift, LIFT.states[one.lift.state]
    answering = row.state != "komplettering"
    return Todo(
        key=f"cooperation:lift:{row.uid}",
        title=Text(words, title=row.title),
        link=f"/samverkan/lyft/{row.uid}",
        context=row.place.name if row.place else row.cycle.title if row.cycle else "",
        detail=f"{row.number}, {row.organisation.name}",
        due_at=one.due_at if answering else None,
        latest=one.due_on.isoformat() if answering and one.due_on else "",
        tone=state.tone,
        shape=state.shape,
        state=state.label,
        level=row.level,
    )


TOLD = {
    "lift:ta_emot": N_("Handläggs nu på central nivå"),
    "lift:begar_mer": N_("Central nivå ber om mer"),
    "lift:besvara": N_("Besvarat"),
    "lift:komplettera": N_("Kompletterat"),
    "lift:oppna_igen": N_("Svaret räckte inte"),
    "lift:aterkalla": N_("Återkallat"),
    "consultation:svara": N_("Har svarat på samrådet"),
}
"""What is told of what others have done."""


def changes(actor: Actor, since: datetime, limit: int) -> list[Change]:
    """Return what others have done to lifts and consultations that the actor reaches, the newest first."""
    told: list[Change] = []
    about: tuple[tuple[str, Any, Any, str, str], ...] = (
        ("lift", Lift, Lift.title, LIFT_READ, "/samverkan/lyft/"),
        ("consultation", Consultation, Measure.text, ASK_READ, "/samverkan/samrad/"),
    )
    for kind, model, title, needs, link in about:
        if not actor.may(needs):
            continue
        done = journal.by_others(actor, kind, since)
        rows = select(done.c.at, done.c.action, model.uid, title.label("title"), model.level, Organisation.name)
        rows = rows.select_from(done).join(model, model.uid == done.c.subject_uid)
        rows = rows.outerjoin(Organisation, Organisation.id == done.c.organisation_id)
        if model is Consultation:
            rows = rows.join(Measure, Measure.id == Consultation.measure_id)
        rows = rows.where(done.c.action.in_(TOLD), model.level < PROTECTED, access.rule_of(model, actor))
        found = session().execute(rows.order_by(done.c.at.desc(), done.c.seq.desc()).limit(limit))
        told += [Change(row.at, row.title, TOLD[row.action], f"{link}{row.uid}", row.name or "") for row in found]
    return sorted(told, key=lambda change: change.at, reverse=True)[:limit]


def _consultations(actor: Actor, limit: int) -> Iterator[Todo]:
    if actor.may(ASK_ANSWER) and not actor.may(CLOSES):
        asked = consulting.waiting_for(actor, limit)
        stand = stands([row.uid for row in asked], CONSULTED)
        for row in asked:
            yield _consultation(row, N_("Svara på samråd: {title}"), **stand.get(row.uid, {}))
    if actor.may(ASK_READ):
        for row in consulting.to_consider(actor, limit):
            yield _consultation(row, N_("Skriv hur svaret beaktades: {title}"))


def _consultation(row: Consultation, words: str, **stand: Any) -> Todo:
    state = CONSULTATION.states[row.state]
    shown = {"tone": state.tone, "shape": state.shape, "state": state.label} | stand
    return Todo(
        key=f"cooperation:consultation:{row.uid}",
        title=Text(words, title=row.measure.text),
        link=f"/samverkan/samrad/{row.uid}",
        context=row.cycle.title,
        detail=row.organisation.name if row.state == "besvarat" else row.asker.name,
        level=row.level,
        **shown,
    )
