"""The start page: what waits for the person, what others have done since, where to begin. No room is named here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import flask
from flask import request
from flask_babel import format_date

from core import access, clock, plugins
from core.hookspecs import Todo
from core.http import actor, page
from core.i18n import N_
from core.journal import PROTECTED
from core.people import visits
from core.people.views.blueprint import pages

NEWS = 20
"""Changes that each room and plugin is asked for, and that are shown together."""
DATES = 5
LATEST = datetime.max.replace(tzinfo=UTC)
GROUPS = (N_("Pågår nu"), N_("Försenat"), N_("I dag"), N_("Denna vecka"), N_("Senare"))
"""What waits is grouped by when it must be done; the later, the further down. First stands what is going on."""
LATE = 1


@pages.get("/", needs="people:start:read")
def start() -> flask.Response:
    """Answer three questions: what waits for me, what has changed, where do I begin?"""
    me, failed = actor(), set[str]()
    visit = visits.last_visit(me)
    since = visits.news_from(visit)
    todos = sorted(_hear(failed, "todo", actor=me), key=_urgency)
    changes = _hear(failed, "changes", actor=me, since=since, limit=NEWS)
    dates = _hear(failed, "dates", actor=me, after=clock.now(), limit=DATES)
    waiting = [todo for todo in todos if not todo.whose]
    return page(
        "people/start.html",
        today=_written(format_date(clock.today(), "EEEE d MMMM y")),
        week=clock.today().isocalendar().week,
        roles=[access.ROLES[role] for role in dict.fromkeys(grant.role for grant in me.grants)],
        visit=visit,
        since=since,
        waiting=waiting,
        late=bool(waiting) and _when(waiting[0]) == LATE,
        groups=[(GROUPS[when], list(rows)) for when, rows in groupby(waiting, _when)],
        others=[todo for todo in todos if todo.whose],
        changes=sorted(changes, key=lambda change: change.at, reverse=True)[:NEWS],
        dates=sorted(dates, key=lambda dated: dated.at)[:DATES],
        beginnings=_beginnings(),
        failed=sorted(failed),
    )


def _hear(failed: set[str], hook: str, **asked: Any) -> list[Any]:
    """Return what rooms and plugins say; protected matters stand on no start page, who failed is noted in `failed`."""
    heard = []
    for called in plugins.collected(hook, **asked):
        if called.failure:
            failed.add(plugins.title(called.plugin))
        heard += [value for value in called.values if getattr(value, "level", 1) < PROTECTED]
    return heard


def _written(day: str) -> str:
    """Return the day as a heading: Swedish writes måndag in the middle of a sentence."""
    return day[0].upper() + day[1:]


def _urgency(todo: Todo) -> tuple[object, ...]:
    return (not todo.ongoing, todo.due_at or LATEST, todo.title)


def _when(todo: Todo) -> int:
    """Return which of the groups it belongs to, by the days of Stockholm; a week ends with its Sunday."""
    if todo.ongoing:
        return 0
    if todo.due_at is None:
        return 4
    if todo.due_at <= clock.now():
        return LATE
    today, last = clock.today(), clock.last_day(todo.due_at)
    if last <= today:
        return 2
    return 3 if last <= today + timedelta(days=7 - today.isoweekday()) else 4


def _beginnings() -> list[dict[str, str]]:
    """Return what the person may begin with, as far as there is a page for it."""
    application: Any = flask.current_app
    pages_here = application.create_url_adapter(request)
    return [
        {"text": title, "href": href}
        for title, href, right in application.beginnings
        if actor().may(right) and pages_here.test(href, method="GET")
    ]
