"""Whose turn it is with an application on its way to the committee, for Att göra and the letters, and what others did
with it, for the start page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from textwrap import shorten
from typing import Any

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import joinedload

from core import access, clock, journal
from core.access import Actor
from core.applications.models import (
    DECIDE,
    HANDLE,
    READ,
    RESOLVE,
    REVIEW,
    SUBMIT,
    WRITE,
    Application,
    ApplicationComment,
    ApplicationEvent,
    aside_from,
)
from core.applications.services import meetings
from core.applications.states import APPLICATION, AT_CITY, MEETING
from core.db import session
from core.hookspecs import Change, Todo
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.people.models import Organisation


@dataclass(frozen=True)
class Turn:
    """Something that waits for who has a permission, in some states; `page` of the application is where it is done."""

    key: str
    permission: str
    states: tuple[str, ...]
    title: str
    page: str = ""


TURNS = (
    Turn("granska", REVIEW, ("intern_granskning",), N_("Granska ansökan")),
    Turn(
        "namndbeslut",
        RESOLVE,
        ("klar_for_namnd",),
        N_("Skriv in nämndens beslut om ansökan"),
        "/steg/registrera_namndbeslut",
    ),
    Turn("efterat", RESOLVE, AT_CITY, N_("Skriv in nämndens beslut om den inskickade ansökan"), "/namndbeslut"),
    Turn("skicka", SUBMIT, ("namndbeslutad",), N_("Skicka in ansökan"), "/steg/skicka_in"),
    Turn("prova", HANDLE, ("inskickad",), N_("Pröva om ansökan är komplett, och börja bedöma den")),
    Turn("starta", WRITE, ("beviljad",), N_("Starta genomförandet"), "/genomforande"),
)
RECORD = Turn("besluta", DECIDE, ("forslag",), N_("Skriv in beslutet om ansökan"))
LONGEST = 120
"""Characters of a reason in a line of Att göra; the page has all of it."""
DONE = {f"application:{move.key}": move.happened for move in APPLICATION.moves} | {
    "application:join": N_("En medsökande tackade ja"),
    "application:decline": N_("En medsökande tackade nej"),
}
"""What is told of others, by what the journal calls it."""


def todos(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield what waits for the actor. What is to be completed is told by its frist."""
    yield from to_mend(actor, limit)
    yield from to_decide(actor, limit)
    for turn in TURNS:
        if not actor.may(turn.permission):
            continue
        rows = select(Application).options(joinedload(Application.round), joinedload(Application.organisation))
        rows = rows.where(Application.state.in_(turn.states), access.rule_of(Application, actor, turn.permission))
        if (narrower := _narrower(turn, actor)) is not None:
            rows = rows.where(narrower)
        for row in session().scalars(rows.order_by(Application.id).limit(limit)):
            yield _told(turn, row)


def to_mend(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield the drafts that somebody else gave back, with why; the last move of a draft is what made it one again."""
    if not actor.may(WRITE):
        return
    moved = ApplicationEvent
    last = select(func.max(moved.id)).where(moved.application_id == Application.id, moved.source != "")
    rows = select(Application, moved).join(moved, moved.id == last.correlate(Application).scalar_subquery())
    rows = rows.options(joinedload(Application.organisation))
    rows = rows.where(Application.state == APPLICATION.start, access.rule_of(Application, actor, WRITE))
    rows = rows.where(moved.person_id.is_distinct_from(actor.id))
    for row, back in session().execute(rows.order_by(moved.id).limit(limit)):
        yield Todo(
            key=f"applications:ratta:{row.uid}",
            title=Text(N_("Rätta ansökan: {reason}"), reason=shorten(back.reason, LONGEST, placeholder=" …")),
            link=f"/ansokningar/{row.uid}",
            context=f"{row.number} {row.title}",
            detail=row.organisation.name,
            tone="warning",
            shape="missing",
            state=APPLICATION.move(back.kind).happened,
            level=row.level,
        )


def to_decide(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield what a meeting has had on its list, each led to where it is recorded: first that the meeting was held."""
    if not actor.may(DECIDE):
        return
    for row, meeting in meetings.to_decide(actor, limit):
        there = f"/sammantraden/{meeting.uid}"
        link = there if meeting.state == MEETING.start else f"{there}/beslut/{row.uid}"
        yield replace(_told(RECORD, row), link=link)


def changes_since(actor: Actor, since: datetime, limit: int) -> list[Change]:
    """Return what others did with applications that the actor reaches, and said of them, the newest first."""
    if not actor.may(READ):
        return []
    told = [*_moved(actor, since, limit), *_said(actor, since, limit)]
    return sorted(told, key=lambda change: change.at, reverse=True)[:limit]


def _moved(actor: Actor, since: datetime, limit: int) -> Iterator[Change]:
    done = journal.by_others(actor, "application", since)
    rows = select(done.c.at, done.c.action, Organisation.name.label("by"), Application)
    rows = rows.select_from(done).join(Application, Application.uid == done.c.subject_uid)
    rows = rows.outerjoin(Organisation, Organisation.id == done.c.organisation_id)
    rows = rows.where(done.c.action.in_(DONE), Application.level < PROTECTED, access.rule_of(Application, actor))
    for row in session().execute(rows.order_by(done.c.at.desc(), done.c.seq.desc()).limit(limit)):
        yield _change(row.at, row.Application, DONE[row.action], row.by or "")


def _said(actor: Actor, since: datetime, limit: int) -> Iterator[Change]:
    rows = select(ApplicationComment, Application, Organisation.name)
    rows = rows.join(Application, Application.id == ApplicationComment.application_id)
    rows = rows.join(Organisation, Organisation.id == ApplicationComment.organisation_id)
    rows = rows.where(ApplicationComment.at > since, ApplicationComment.person_id.is_distinct_from(actor.id))
    rows = rows.where(Application.level < PROTECTED, access.rule_of(ApplicationComment, actor))
    for row, about, by in session().execute(rows.order_by(ApplicationComment.at.desc()).limit(limit)):
        yield _change(row.at, about, N_("Ny kommentar"), by)


def _change(at: datetime, row: Application, text: str, by: str) -> Change:
    return Change(at, f"{row.number} {row.title}", text, f"/ansokningar/{row.uid}", by, row.level)


def _narrower(turn: Turn, actor: Actor) -> ColumnElement[bool] | None:
    """Return what else is asked.

    Who begun it does not review it, nobody tries what they have declared jäv in, and what is decided afterwards is not
    there yet.
    """
    if turn.key == "granska":
        return Application.begun_by_id.is_distinct_from(actor.id)
    if turn.key == "efterat":
        return Application.conditional & Application.decided_on.is_(None)
    if turn.key == "prova":
        return not_(aside_from(actor.id))
    return None


def _told(turn: Turn, row: Application) -> Todo:
    due: Any = row.round.closes_at if turn.key == "skicka" and row.round else None
    late = due is not None and due <= clock.now()
    return Todo(
        key=f"applications:{turn.key}:{row.uid}",
        title=turn.title,
        link=f"/ansokningar/{row.uid}{turn.page}",
        context=f"{row.number} {row.title}",
        detail=row.organisation.name,
        due_at=due,
        latest=clock.last_day(due).isoformat() if due is not None else "",
        tone="danger" if late else "plain",
        shape="late" if late else "open",
        state=N_("Försenat") if late else "",
        level=row.level,
    )
