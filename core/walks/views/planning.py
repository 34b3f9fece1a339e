"""The pages on which a walk is planned: first the least that is needed, then a task list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import db
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, FormField, read_form, read_version
from core.http.texts import translate
from core.i18n import N_, Text
from core.people.models import KINDS
from core.places import services as places
from core.places.models import Place
from core.places.outline import CITY_S_OWN
from core.walks import services
from core.walks.models import Walk
from core.walks.schemas import PARTS, NewWalk
from core.walks.views.blueprint import pages

LEAD = "walks:walk:lead"
SYSTEM = CITY_S_OWN
"""In which coordinates a way is shown, whatever it was written in."""
TOLD_APART = ("places", "one_more", "route", "stops", "system")
"""What a form holds otherwise than the walk does."""


@pages.get("/vandringar/ny", needs=LEAD)
def new() -> flask.Response:
    """Ask for the least that a walk needs; from a place, or as the one that follows another up."""
    known: dict[str, Any] = {"theme": "allman"}
    if first := _uid(request.args.get("foljer")):
        walk = services.read_walk(actor(), first, LEAD)
        title = translate(Text(N_("Uppföljning: {title}"), title=walk.title))
        known = {"title": title[:200], "theme": walk.theme, "places": _told_of(walk.places), "follows": first}
        known |= {"purpose": walk.purpose, "organiser": walk.organiser.code}
    elif plats := _uid(request.args.get("plats")):
        known["places"] = _told_of([places.read_place(actor(), plats)])
    leading = services.led_by(actor())
    if len(leading) == 1:
        known = {"organiser": leading[0].code} | known
    return _new(Form(NewWalk, known, options=_choices()), first)


def _uid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _choices() -> dict[str, Any]:
    return {"organiser": [(row.code, row.name) for row in services.led_by(actor())]} | _to_choose()


def _to_choose() -> dict[str, Any]:
    """Return the places that can be chosen, each written as it is read."""
    return {"one_more": [(text, text) for text in services.places_to_choose(actor())]}


def _new(form: Form, first: UUID | None = None) -> flask.Response:
    walk = services.read_walk(actor(), first) if first else None
    days = services.follow_up_days(walk) if walk else None
    return page("walks/new.html", form=form, first=walk, days=days)


@pages.post("/vandringar/ny", needs=LEAD)
def add() -> flask.Response:
    """Plan the walk, and go on to the rest of the plan."""
    redraw_with(
        lambda problem: _new(Form(NewWalk, written=request.form, errors=problem.fields(NewWalk), options=_choices()))
    )
    known = NewWalk().load(read_form(NewWalk, request.form))
    known["places"] = _chosen(known)
    walk = services.add_walk(actor(), uid=db.new_uid(), **known)
    return see_other("walks.plan", uid=walk.uid)


@pages.get("/vandringar/<uuid:uid>/andra", needs=LEAD)
def plan(uid: UUID) -> flask.Response:
    """Show the parts of the plan, and what is written in each."""
    walk = services.read_walk(actor(), uid, LEAD)
    parts = [(key, title, is_filled(walk, key)) for key, (title, _) in PARTS.items()]
    route = services.route_of(walk)
    return page("walks/plan.html", walk=walk, parts=parts, route=route, warnings=services.warnings_about(walk, route))


def is_filled(walk: Walk, key: str) -> bool:
    """Whether anything has been written in a part."""
    if key == "rutt":
        return bool(walk.stops) or services.route_of(walk) is not None
    names = {"plan": ("title",), "manniskor": ("leader_id", "note_taker_id", "partners")}
    return any(getattr(walk, name) for name in names.get(key, ("steps", "rest", "language_support", "police", "risks")))


@pages.get("/vandringar/<uuid:uid>/andra/<any(plan, rutt, manniskor, tillganglighet):part>", needs=LEAD)
def part(uid: UUID, part: str) -> flask.Response:
    """Show one part of the plan, to be changed."""
    walk = services.read_walk(actor(), uid, LEAD)
    return _part(walk, part, _form(walk, part))


@pages.post("/vandringar/<uuid:uid>/andra/<any(plan, rutt, manniskor, tillganglighet):part>", needs=LEAD)
def change_plan(uid: UUID, part: str) -> flask.Response:
    """Save one part of the plan."""
    schema = PARTS[part][1]

    def again(problem: Any) -> flask.Response:
        walk = services.read_walk(actor(), uid, LEAD)
        form = Form(schema, written=request.form, errors=problem.fields(schema), options=_options(walk, part))
        return _part(walk, part, form)

    redraw_with(again, saved=lambda: _form(services.read_walk(actor(), uid, LEAD), part))
    known = _meant(part, schema().load(read_form(schema, request.form)))
    version = read_version(request.form)
    services.change_walk(actor(), uid, version=-1 if version is None else version, **known)
    return see_other("walks.plan", uid=uid)


def _part(walk: Walk, part: str, form: Form) -> flask.Response:
    template = {"rutt": "walks/way.html", "manniskor": "walks/people.html"}.get(part, "walks/part.html")
    known: dict[str, Any] = {}
    if part == "rutt":
        known["around"] = places.own_box(actor(), LEAD)
    elif part == "manniskor":
        known["groups"] = _by_kind(walk, form)
    return page(template, walk=walk, title=PARTS[part][0], form=form, **known)


def _by_kind(walk: Walk, form: Form) -> list[FormField]:
    """Return the question about co-organisers in parts: those near the walk or chosen, then others by kind."""
    asked, near, parts = form["partners"], services.nearest_to(walk), dict[str, list[tuple[str, str]]]()
    for row in services.organisations(actor()):
        if row.id != walk.organiser_id:
            first = row.id in near or str(row.uid) in asked.value
            parts.setdefault("" if first else row.kind, []).append((str(row.uid), row.name))
    kinds = [("", asked.label), *((key, translate(label)) for key, label in KINDS.items())]
    return [
        replace(asked, id=f"{asked.id}-{key}" if key else asked.id, label=label, options=parts[key])
        for key, label in kinds
        if key in parts
    ]


def _form(walk: Walk, part: str) -> Form:
    schema = PARTS[part][1]
    names = schema().fields
    known = {name: getattr(walk, name) for name in names if name not in TOLD_APART}
    known |= _told(walk, part)
    return Form(schema, known, version=walk.version, options=_options(walk, part))


def _told(walk: Walk, part: str) -> dict[str, Any]:
    """Return what is written otherwise than it is kept."""
    if part == "plan":
        return {"places": _told_of(walk.places)}
    if part == "rutt":
        stops = [services.written_stop(stop, SYSTEM) for stop in walk.stops]
        route = services.written_line(services.route_of(walk), SYSTEM)
        return {"system": SYSTEM, "route": route, "stops": "\n".join(stops)}
    if part == "manniskor":
        people = {name: getattr(walk, name) for name in ("leader", "note_taker", "photographer")}
        told = {name: person.uid if person else None for name, person in people.items()}
        return told | {"partners": [row.uid for row in walk.partners]}
    return {}


def _told_of(those: Iterable[Place]) -> str:
    """Return places as a form tells and reads them, one on each line."""
    return "\n".join(f"{place.number} {place.name}" for place in those)


def _chosen(known: dict[str, Any]) -> list[UUID]:
    """Return the places that were written, and the one more that was chosen in the list."""
    written = services.places_written(actor(), known["places"])
    return list(dict.fromkeys(written + services.places_written(actor(), known.pop("one_more"), "one_more")))


def _meant(part: str, known: dict[str, Any]) -> dict[str, Any]:
    """Return what was written as the service takes it."""
    if part == "plan":
        known["places"] = _chosen(known)
    elif part == "rutt":
        system = known.pop("system")
        known = {
            "route": services.line_of(known["route"], system),
            "stops": services.stops_of(known["stops"], system),
        }
    return known


def _options(walk: Walk, part: str) -> dict[str, Any]:
    if part == "plan":
        return _to_choose()
    if part != "manniskor":
        return {}
    people = [(str(row.uid), row.name) for row in services.people_for(actor(), walk)]
    own = str(walk.organiser.uid)
    partners = [(str(row.uid), row.name) for row in services.organisations(actor()) if str(row.uid) != own]
    return {"partners": partners, "leader": people, "note_taker": people, "photographer": people}
