"""The pages of places: the list, and the place with everything that has happened on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from heapq import nlargest
from itertools import chain
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, plugins
from core.hookspecs import Event
from core.http import Pages, actor, page, section_parts
from core.http.forms import Form, read_query
from core.http.paging import mark, moment, place
from core.places import services
from core.places.models import CONTROL_ROLES, PLACE_KINDS, PUBLIC_ACCESS, Place
from core.places.schemas import Search

pages = Pages("places", __name__)
EVENTS = 30
AHEAD = timedelta(days=1)


@pages.get("/platser", needs="places:place:read")
def list_places() -> flask.Response:
    """List the places that the person reaches."""
    asked = read_query(Search, request.args)
    after: Any = place(asked.get("efter"), str, int)
    found = services.list_places(actor(), after=after, text=asked.get("q", ""))
    more = flask.url_for("places.list_places", q=asked.get("q"), efter=mark(found.after)) if found.after else None
    return page(
        "places/list.html", rows=found.rows, kinds=PLACE_KINDS, more=more, filter=Form(Search, asked), asked=asked
    )


@pages.get("/platser/<uuid:uid>", needs="places:place:read")
def read_place(uid: UUID) -> flask.Response:
    """Show a place: facts, the parts of rooms and plugins, and its timeline."""
    found = services.read_place(actor(), uid)
    before: Any = place(request.args.get("fore"), moment)
    events, failed, more = timeline(found, before[0] if before else clock.now() + AHEAD)
    older = mark((events[-1].at,)) if more else None
    return page(
        "places/place.html",
        place=found,
        kinds=PLACE_KINDS,
        public_access=PUBLIC_ACCESS,
        roles=CONTROL_ROLES,
        controls=services.controls_of(actor(), found),
        parts=section_parts("place", found.ref().ref, actor(), here=flask.url_for("places.read_place", uid=uid)),
        events=events,
        failed=failed,
        older=flask.url_for("places.read_place", uid=uid, fore=older, _anchor="handelser") if older else None,
    )


def timeline(found: Place, before: datetime) -> tuple[list[Event], list[str], bool]:
    """Return what happened on the place, newest first, from every room and plugin; who could not answer; and if more.

    The next page begins before the last moment of this one, so a page never ends among happenings of one moment.
    """
    limit = EVENTS + 1
    while True:
        answers = plugins.collected("events", place=found.ref(), actor=actor(), before=before, limit=limit)
        events = nlargest(limit, chain.from_iterable(answer.values for answer in answers), key=lambda event: event.at)
        failed = [plugins.title(answer.plugin) for answer in answers if answer.failure]
        if len(events) < limit:
            return events, failed, False
        if whole := [event for event in events if event.at > events[-1].at]:
            return whole, failed, True
        limit *= 2
