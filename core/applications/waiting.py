"""What of questions and promises waits for whom, for Att göra and the letters, and what their frister are called.

An open frist tells of its thing by itself to who may close frister; to the others of the organisation it is told here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access
from core.access import Actor
from core.applications.models import ASK_ANSWER, WRITE, Application, ApplicationAsk, ApplicationParty, Promise
from core.applications.services import asking, promising, writing_together
from core.applications.services.writing_together import TOGETHER
from core.applications.states import ASKED
from core.db import session
from core.hookspecs import Todo
from core.i18n import N_, Text
from core.upkeep.naming import About, names

CLOSES = "upkeep:deadline:close"
ANSWER = {"samrad": N_("Svara på samråd: {title}"), "medgivande": N_("Svara om medgivande: {title}")}


TOGETHER_ASKED = N_("Svara om ni söker tillsammans: {title}")


@names(asking.SUBJECT)
def asks_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    """Name questions by the application that they are about."""
    rows = select(ApplicationAsk.uid, ApplicationAsk.asked_for, Application.title, Application.number)
    rows = rows.join(Application, Application.id == ApplicationAsk.application_id)
    rows = rows.where(ApplicationAsk.uid.in_(uids), access.rule_of(ApplicationAsk, actor))
    return {
        row.uid: About(Text(ANSWER[row.asked_for], title=row.title), f"/ansokningar/fragor/{row.uid}", row.number)
        for row in session().execute(rows)
    }


@names(promising.ASKED)
def promises_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    """Name maintenance promises by the application that they are about."""
    rows = select(Promise.uid, Application.title, Application.number)
    rows = rows.join(Application, Application.id == Promise.application_id)
    rows = rows.where(Promise.uid.in_(uids), access.rule_of(Promise, actor))
    called = N_("Svara om skötsellöfte: {title}")
    return {
        row.uid: About(Text(called, title=row.title), f"/ansokningar/loften/{row.uid}", row.number)
        for row in session().execute(rows)
    }


@names(TOGETHER)
def together_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    """Name applications to boards that have been asked to apply together."""
    rows = select(Application.uid, Application.title, Application.number)
    rows = rows.where(Application.uid.in_(uids), access.rule_of(Application, actor))
    return {
        row.uid: About(Text(TOGETHER_ASKED, title=row.title), f"/ansokningar/{row.uid}/tillsammans", row.number)
        for row in session().execute(rows)
    }


def todos(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield what waits for the actor: to answer, to promise, to consider, to find another who promises."""
    if actor.may(ASK_ANSWER):
        if not actor.may(CLOSES):
            for row in asking.waiting_for(actor, limit):
                yield _ask(row, ANSWER[row.asked_for], row.application.organisation.name)
        for promise, measure, application in promising.promises_for(actor, limit=limit):
            words = Text(N_("Svara om skötsellöfte: {title}"), title=measure.text)
            yield _promise(promise, words, f"/ansokningar/loften/{promise.uid}", application)
    if actor.may(WRITE):
        for party, about in writing_together.asked_of(actor, limit):
            yield _together(party, about)
        for row in asking.to_consider(actor, limit):
            yield _ask(row, N_("Skriv hur svaret beaktades: {title}"), row.organisation.name)
        for promise, measure, application in promising.declined(actor, limit):
            words = Text(N_("Ordna skötseln på annat sätt: {title}"), title=measure.text)
            yield _promise(promise, words, f"/ansokningar/{application.uid}/skotsel", application)


def _ask(row: ApplicationAsk, words: str, who: str) -> Todo:
    state = ASKED.states[row.state]
    return Todo(
        key=f"applications:ask:{row.uid}",
        title=Text(words, title=row.application.title),
        link=f"/ansokningar/fragor/{row.uid}",
        context=row.application.number,
        detail=who,
        tone=state.tone,
        shape=state.shape,
        state=state.label,
        level=row.level,
    )


def _together(party: ApplicationParty, about: Application) -> Todo:
    return Todo(
        key=f"applications:together:{party.uid}",
        title=Text(TOGETHER_ASKED, title=about.title),
        link=f"/ansokningar/{about.uid}/tillsammans",
        context=about.number,
        detail=about.organisation.name,
        tone="wait",
        shape="waiting",
        state=N_("Väntar på svar"),
        level=about.level,
    )


def _promise(promise: Promise, words: Any, link: str, application: Application) -> Todo:
    return Todo(
        key=f"applications:promise:{promise.uid}",
        title=words,
        link=link,
        context=f"{application.number} {application.title}",
        detail=application.organisation.name,
        tone="warning" if promise.declined else "wait",
        shape="missing" if promise.declined else "waiting",
        state=N_("Ägaren sa nej") if promise.declined else N_("Väntar på svar"),
        level=application.level,
    )
