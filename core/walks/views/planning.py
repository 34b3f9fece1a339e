"""The pages on which a walk is planned: first the least that is needed, then a task list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import db
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form, read_version
from core.http.texts import translate
from core.i18n import N_, Text
from core.people.models import KINDS, Organisation
from core.places import services as places
from core.places.models import Place
from core.places.outline import CITY_S_OWN
from core.schema import Schema
from core.walks import services
from core.walks.models import Walk
from core.walks.schemas import NewWalkForm, PeopleForm, PlanForm, SafetyForm, WayForm
from core.walks.views.blueprint import pages

LEAD = "walks:walk:lead"
SYSTEM = CITY_S_OWN
"""In which coordinates a way is shown, whatever it was written in."""
PEOPLE = ("leader", "note_taker", "photographer")


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
    return _new(Form(NewWalkForm, known, options=_choices()), first)


def _uid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _choices() -> dict[str, Any]:
    return {"organiser": [(row.code, row.name) for row in services.led_by(actor())]} | _to_choose()


def _to_choose() -> dict[str, Any]:
    """Return the places that can be chosen, each written as it is read."""
    return {"one_more": [(text, text) for text in places.places_to_choose(actor())]}


def _new(form: Form, first: UUID | None = None) -> flask.Response:
    walk = services.read_walk(actor(), first) if first else None
    days = services.follow_up_days(walk) if walk else None
    evenings = services.evenings(walk) if walk else []
    return page("walks/new.html", form=form, first=walk, days=days, evenings=evenings)


@pages.post("/vandringar/ny", needs=LEAD)
def add() -> flask.Response:
    """Plan the walk, and go on to the rest of the plan."""

    def refused(problem: Any) -> flask.Response:
        errors = problem.fields(NewWalkForm)
        return _new(Form(NewWalkForm, written=request.form, errors=errors, options=_choices()))

    redraw_with(refused)
    known = NewWalkForm().load(read_form(NewWalkForm, request.form))
    known["places"] = _chosen(known)
    walk = services.add_walk(actor(), uid=db.new_uid(), **known)
    return see_other("walks.plan", uid=walk.uid)


@dataclass(frozen=True)
class Part:
    """A part of the plan: a task of its own, with its questions.

    `told` returns what a walk keeps otherwise than the questions tell it, `options` the choices that only the walk
    knows, `meant` what was written as the service takes it, `shown` what the part's own page draws beside the form.
    """

    title: str
    schema: type[Schema]
    is_filled: Callable[[Walk], bool]
    told: Callable[[Walk], dict[str, Any]] = lambda _walk: {}
    options: Callable[[Walk], dict[str, Any]] = lambda _walk: {}
    meant: Callable[[dict[str, Any]], dict[str, Any]] = lambda known: known
    template: str = "walks/part.html"
    shown: Callable[[Walk, Form], dict[str, Any]] = lambda _walk, _form: {}


def _has_any(*names: str) -> Callable[[Walk], bool]:
    return lambda walk: any(getattr(walk, name) for name in names)


def _plan_meant(known: dict[str, Any]) -> dict[str, Any]:
    return known | {"places": _chosen(known)}


def _has_way(walk: Walk) -> bool:
    return bool(walk.stops) or services.route_of(walk) is not None


def _way_told(walk: Walk) -> dict[str, Any]:
    stops = [services.written_stop(stop, SYSTEM) for stop in walk.stops]
    route = services.written_line(services.route_of(walk), SYSTEM)
    return {"system": SYSTEM, "route": route, "stops": "\n".join(stops)}


def _way_meant(known: dict[str, Any]) -> dict[str, Any]:
    system = known["system"]
    return {"route": services.line_of(known["route"], system), "stops": services.stops_of(known["stops"], system)}


def _people_told(walk: Walk) -> dict[str, Any]:
    told = {name: person.uid if (person := getattr(walk, name)) else None for name in PEOPLE}
    return told | {"partners": [row.uid for row in walk.partners]}


def _people_options(walk: Walk) -> dict[str, Any]:
    people = [(str(row.uid), row.name) for row in services.people_for(actor(), walk)]
    partners = [(str(row.uid), row.name) for row in _others(walk)]
    return {"partners": partners, **dict.fromkeys(PEOPLE, people)}


def _others(walk: Walk) -> list[Organisation]:
    return [row for row in services.organisations(actor()) if row.id != walk.organiser_id]


def _by_kind(walk: Walk, form: Form) -> dict[str, Any]:
    """Return the question about co-organisers in parts: those `near` the walk or chosen, and the `rest` by kind."""
    asked, near, parts = form["partners"], services.nearest_to(walk), dict[str, list[tuple[str, str]]]()
    for row in _others(walk):
        is_first = row.id in near or str(row.uid) in asked.value
        parts.setdefault("" if is_first else row.kind, []).append((str(row.uid), row.name))
    first = replace(asked, options=parts[""]) if "" in parts else None
    rest = [
        replace(asked, id=f"{asked.id}-{key}", label=translate(label), options=parts[key])
        for key, label in KINDS.items()
        if key in parts
    ]
    return {"near": first, "rest": rest}


PARTS = {
    "plan": Part(
        N_("Plan"),
        PlanForm,
        _has_any("title"),
        told=lambda walk: {"places": _told_of(walk.places), "one_more": ""},
        options=lambda _walk: _to_choose(),
        meant=_plan_meant,
    ),
    "rutt": Part(
        N_("Rutt och stopp"),
        WayForm,
        _has_way,
        told=_way_told,
        meant=_way_meant,
        template="walks/way.html",
        shown=lambda _walk, _form: {"around": places.own_box(actor(), LEAD)},
    ),
    "manniskor": Part(
        N_("Människor"),
        PeopleForm,
        _has_any("leader_id", "note_taker_id", "partners"),
        told=_people_told,
        options=_people_options,
        template="walks/people.html",
        shown=_by_kind,
    ),
    "tillganglighet": Part(
        N_("Tillgänglighet och risk"),
        SafetyForm,
        _has_any("steps", "rest", "language_support", "police", "risks"),
    ),
}
"""The parts of the task list, by their address."""
PAGE = f"/vandringar/<uuid:uid>/andra/<any({', '.join(PARTS)}):part>"


@pages.get("/vandringar/<uuid:uid>/andra", needs=LEAD)
def plan(uid: UUID) -> flask.Response:
    """Show the parts of the plan, and what is written in each."""
    walk = services.read_walk(actor(), uid, LEAD)
    parts = [(key, part.title, part.is_filled(walk)) for key, part in PARTS.items()]
    route = services.route_of(walk)
    return page("walks/plan.html", walk=walk, parts=parts, route=route, warnings=services.warnings_about(walk, route))


def unfilled(walk: Walk) -> list[str]:
    """Return the titles of the parts in which nothing has been written."""
    return [part.title for part in PARTS.values() if not part.is_filled(walk)]


@pages.get(PAGE, needs=LEAD)
def part(uid: UUID, part: str) -> flask.Response:
    """Show one part of the plan, to be changed."""
    walk = services.read_walk(actor(), uid, LEAD)
    return _part(walk, PARTS[part], _form(walk, PARTS[part]))


@pages.post(PAGE, needs=LEAD)
def change_plan(uid: UUID, part: str) -> flask.Response:
    """Save one part of the plan."""
    changed = PARTS[part]

    def refused(problem: Any) -> flask.Response:
        walk = services.read_walk(actor(), uid, LEAD)
        errors = problem.fields(changed.schema)
        form = Form(changed.schema, written=request.form, errors=errors, options=changed.options(walk))
        return _part(walk, changed, form)

    redraw_with(refused, saved=lambda: _form(services.read_walk(actor(), uid, LEAD), changed))
    known = changed.meant(changed.schema().load(read_form(changed.schema, request.form)))
    services.change_walk(actor(), uid, version=read_version(request.form), **known)
    return see_other("walks.plan", uid=uid)


def _part(walk: Walk, part: Part, form: Form) -> flask.Response:
    return page(part.template, walk=walk, title=part.title, form=form, **part.shown(walk, form))


def _form(walk: Walk, part: Part) -> Form:
    told = part.told(walk)
    kept = {name: getattr(walk, name) for name in part.schema().fields if name not in told}
    return Form(part.schema, kept | told, version=walk.version, options=part.options(walk))


def _told_of(those: Iterable[Place]) -> str:
    """Return places as a form tells and reads them, one on each line."""
    return "\n".join(f"{place.number} {place.name}" for place in those)


def _chosen(known: dict[str, Any]) -> list[UUID]:
    """Return the places that were written, and the one more that was chosen in the list."""
    written = places.places_written(actor(), known["places"])
    return list(dict.fromkeys(written + places.places_written(actor(), known.pop("one_more"), "one_more")))
