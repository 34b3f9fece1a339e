"""The pages one reads: the list, the place with everything that has happened on it, the areas of the city."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import chain
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import flask
from flask import request
from shapely import Point

from core import clock, plugins
from core.dated import is_valid
from core.flow import moves_for
from core.hookspecs import Event
from core.http import actor, page, section_parts
from core.http.forms import Form, read_filter
from core.http.paging import mark, moment, place
from core.http.texts import translate
from core.i18n import N_, Text
from core.places import services
from core.places.models import (
    AREA_KINDS,
    CONTROL_ROLES,
    LABELS,
    PHOTO_POLICIES,
    PLACE_KINDS,
    POLICE,
    PUBLIC_ACCESS,
    Area,
    Place,
)
from core.places.outline import SYSTEMS, TITLES, read_spot, told_spot
from core.places.schemas import AreaList, Search
from core.places.states import PLACE
from core.places.views.blueprint import pages
from core.schema import Invalid

EVENTS = 30
AHEAD = timedelta(days=1)
IN_API = {
    "q": "q", "sort": "kind", "namnd": "district", "markning": "label", "lage": "state", "nara": "near",
    "inom": "within_m", "dag": "day",
}  # fmt: skip
"""What the fields of the list's filter are called in the API, where the map finds the same places."""


@pages.get("/platser", needs="places:place:read")
def list_places() -> flask.Response:
    """List the places that the person reaches, those that the filter lets through."""
    asked, wrong = read_filter(Search, request.args)
    try:
        near = read_spot(asked["nara"], field="nara") if asked.get("nara") else None
    except Invalid as refused:
        near, wrong = None, Invalid(refused.errors | (wrong.errors if wrong else {}))
    found = services.list_places(actor(), _wanted(asked, near), after=_after(asked))
    whole = services.sees_whole_city(actor())
    options = {
        "sort": _all(PLACE_KINDS),
        "markning": _all(LABELS),
        "namnd": [("", translate(N_("Hela staden") if whole else N_("Alla du får se"))), *_boards(asked.get("namnd"))],
    }
    here: dict[str, Any] = {name: request.args[name] for name in asked if name in request.args and name != "efter"}
    more = flask.url_for("places.list_places", **here, efter=mark(found.after)) if found.after else None
    other = flask.url_for("places.list_places", **here | {"karta": None if "karta" in here else "ja"})
    return page(
        "places/list.html",
        status=422 if wrong else 200,
        found=found,
        kinds=PLACE_KINDS,
        states=PLACE.states,
        more=more,
        filter=Form(Search, asked, written=request.args if wrong else None, errors=wrong, options=options),
        whole=whole,
        asked=asked,
        unfiltered=not any(value for name, value in asked.items() if name != "lage"),
        calm=services.Standing(),
        other_view=other,
        drawn=f"/api/v1/places.geojson?{urlencode({IN_API[name]: asked[name] for name in asked if name in IN_API})}",
    )


def _boards(chosen: str | None) -> list[tuple[str, str]]:
    """Return the choices of a stadsdelsnämnd: those of today, then those before them, each with its last day."""
    said = N_("{name} (till {day})")
    return [
        (row.code, translate(Text(said, name=row.name, day=row.valid_to)) if row.ended else row.name)
        for row in services.districts(actor(), chosen or "")
    ]


def _all(choices: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("", translate(N_("Alla"))), *((key, translate(label)) for key, label in choices.items())]


def _after(asked: Mapping[str, Any]) -> Any:
    return place(asked.get("efter"), str, int)


def _wanted(asked: Mapping[str, Any], near: Point | None) -> services.Wanted:
    state = asked.get("lage", "oppen")
    return services.Wanted(
        text=asked.get("q", ""),
        kind=asked.get("sort", ""),
        district=asked.get("namnd", ""),
        label=asked.get("markning", ""),
        state="" if state == "alla" else state,
        near=near,
        within_m=asked.get("inom", 500),
        day=asked.get("dag"),
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
        policies=PHOTO_POLICIES,
        roles=CONTROL_ROLES,
        labels=LABELS,
        controls=services.controls_of(actor(), found),
        marked=services.labels_of(actor(), found),
        state=PLACE.states[found.state],
        moves=moves_for(PLACE, found, actor()),
        changes=[(row, PLACE.move(row.kind)) for row in services.changes_of(actor(), found)],
        earlier=services.merged_into(actor(), found),
        parts=section_parts("place", found.ref().ref, actor(), here=flask.url_for("places.read_place", uid=uid)),
        events=events,
        failed=failed,
        older=flask.url_for("places.read_place", uid=uid, fore=older, _anchor="handelser") if older else None,
        **_situation(found),
    )


def _situation(found: Place) -> dict[str, Any]:
    """Return where a place lies: its areas of today by kind, the boards before, and its middle in our systems."""
    today = clock.today()
    areas = services.areas_of(found)
    now: dict[str, Area] = {}
    for area in areas:
        if is_valid(area, today):
            now.setdefault(area.kind, area)
    boards = [area for area in areas if area.kind == services.DISTRICT and area.valid_to and area.valid_to < today]
    middle = found.geom.representative_point()
    spots = [(system, TITLES[system].partition(",")[0], told_spot(middle, system)) for system in SYSTEMS]
    return {"area_now": now, "police": now.get(POLICE), "boards_before": boards, "spots": spots}


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


@pages.get("/omraden", needs="areas:area:read")
def list_areas() -> flask.Response:
    """List the areas of the city of one kind, with their days, source and what took over."""
    asked, wrong = read_filter(AreaList, request.args)
    kind = asked.get("slag", services.DISTRICT)
    rows: Iterable[Any] = services.list_areas(actor(), kind=kind)
    form = Form(AreaList, {"slag": kind}, written=request.args if wrong else None, errors=wrong)
    status = 422 if wrong else 200
    return page("places/areas.html", status=status, rows=rows, kinds=AREA_KINDS, kind=kind, filter=form)
