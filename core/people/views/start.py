"""The start page: what waits for the person, what others have done since, where to begin. No room is named here."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import flask
from flask import request
from flask_babel import format_date

from core import access, clock
from core.http import actor, page
from core.people import visits
from core.people.views.blueprint import pages
from core.people.waiting import FIRST, GROUPS, LATE, hear, todos, when

NEWS = 20
"""Changes that each room and plugin is asked for, and that are shown together."""
DATES = 5
SHOWN = 20
"""What is shown of what waits; all of it is counted, and stands at /att-gora."""


@pages.get("/", needs="people:start:read")
def start() -> flask.Response:
    """Answer three questions: what waits for me, what has changed, where do I begin?"""
    me, failed = actor(), set[str]()
    visit = visits.last_visit(me)
    since = visits.news_from(visit)
    waiting, others = todos(failed, me)
    changes = hear(failed, "changes", actor=me, since=since, limit=NEWS)
    dates = hear(failed, "dates", actor=me, after=clock.now(), limit=DATES)
    return page(
        "people/start.html",
        today=_written(format_date(clock.today(), "EEEE d MMMM y")),
        week=clock.today().isocalendar().week,
        roles=[access.ROLES[role] for role in dict.fromkeys(grant.role for grant in me.grants)],
        visit=visit,
        since=since,
        waiting=waiting,
        late=bool(waiting) and when(waiting[0]) in (FIRST, LATE),
        groups=[(GROUPS[key], list(rows)) for key, rows in groupby(waiting[:SHOWN], when)],
        others=others,
        changes=sorted(changes, key=lambda change: change.at, reverse=True)[:NEWS],
        dates=sorted(dates, key=lambda dated: dated.at)[:DATES],
        beginnings=_beginnings(),
        failed=sorted(failed),
    )


def _written(day: str) -> str:
    """Return the day as a heading: Swedish writes måndag in the middle of a sentence."""
    return day[0].upper() + day[1:]


def _beginnings() -> list[dict[str, str]]:
    """Return what the person may begin with, as far as there is a page for it."""
    application: Any = flask.current_app
    pages_here = application.create_url_adapter(request)
    return [
        {"text": title, "href": href}
        for title, href, right in application.beginnings
        if actor().may(right) and pages_here.test(href, method="GET")
    ]
