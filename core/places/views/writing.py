"""The form of a place, new or old, and the page on which one is closed, merged or opened again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request
from werkzeug.datastructures import MultiDict

from core import db, geo
from core.http import actor, page, redraw_with, see_other
from core.http.forms import BUTTON, Form, read_form, read_query, read_version
from core.places import services
from core.places.models import AREA_KINDS, ASSET_KINDS, Place
from core.places.outline import CITY_S_OWN, TITLES, Outline, entries_written, read_entries, written
from core.places.schemas import Find, MergeForm, NewPlaceForm, PlaceForm, StepForm
from core.places.states import PLACE
from core.places.views.blueprint import pages

MEND = "laga"
"""Value of the button that proposes a shape that does not cross itself."""
STEPS = {"stang": "stang", "sla-ihop": "sla_ihop", "oppna-igen": "oppna_igen", "skilj-at": "skilj_at"}
"""The last part of the address of each move's page."""


@pages.get("/platser/ny", needs="places:place:edit")
def new_place() -> flask.Response:
    """Show an empty form, or one that begins with the shape of another place or an area (`fran`)."""
    asked = read_query(Find, request.args)
    start = services.start_at(actor(), asked["fran"]) if "fran" in asked else None
    data = {"uid": db.new_uid(), "system": CITY_S_OWN, "photo_policy": "fri", "confidentiality": "intern"}
    data |= {"outline": written(start.geom, CITY_S_OWN)} if start else {}
    return _new(Form(NewPlaceForm, data), asked, start)


@pages.post("/platser/ny", needs="places:place:edit")
def add_place() -> flask.Response:
    """Add the place."""
    redraw_with(lambda problem: _new(Form(NewPlaceForm, written=request.form, errors=problem.fields(NewPlaceForm)), {}))
    if request.form.get(BUTTON) == MEND:
        return _new(Form(NewPlaceForm, written=_with_mended_shape()), {})
    known = _loaded(NewPlaceForm())
    place = services.add_place(actor(), uid=known.pop("uid") or db.new_uid(), **known)
    return see_other("places.read_place", uid=place.uid)


def _new(form: Form, asked: dict[str, Any], start: services.Start | None = None) -> flask.Response:
    text = asked.get("sok", "")
    found = services.starts(actor(), text) if text else []
    search = Form(Find, asked, ids="sok")
    return page("places/form.html", form=form, place=None, search=search, found=found, start=start, text=text,
                sorts=AREA_KINDS | ASSET_KINDS, around=_around(), **_mending())  # fmt: skip


@pages.get("/platser/<uuid:uid>/andra", needs="places:place:edit")
def edit_place(uid: UUID) -> flask.Response:
    """Show the form of a place, its shape as text in the system that the address names (`system`)."""
    found = services.read_place(actor(), uid, "places:place:edit")
    if found.state == "sammanslagen":
        return see_other("places.read_place", uid=uid)  # which leads on to the place that it is a part of
    system = request.args.get("system", CITY_S_OWN)
    return _edit(found, _form_of(found, system if system in TITLES else CITY_S_OWN))


@pages.post("/platser/<uuid:uid>/andra", needs="places:place:edit")
def change_place(uid: UUID) -> flask.Response:
    """Save what has been changed about the place."""

    def again(problem: Any) -> flask.Response:
        found = services.read_place(actor(), uid, "places:place:edit")
        fields = problem.fields(PlaceForm)
        return _edit(found, Form(PlaceForm, written=request.form, errors=fields, version=found.version))

    system = request.form.get("system", "")
    shown = system if system in TITLES else CITY_S_OWN
    redraw_with(again, lambda: _form_of(services.read_place(actor(), uid, "places:place:edit"), shown))
    if request.form.get(BUTTON) == MEND:
        found = services.read_place(actor(), uid, "places:place:edit")
        return _edit(found, Form(PlaceForm, written=_with_mended_shape()))
    known = _loaded(PlaceForm())
    known.pop("uid")
    services.change_place(actor(), uid, version=read_version(request.form), **known)
    return see_other("places.read_place", uid=uid)


def _mended() -> str:
    """Return how the shape that was sent would read if it did not cross itself; empty where it does not."""
    system = request.form.get("system", "")
    return Outline(system, request.form.get("outline", "")).mended() if system in TITLES else ""


def _mending() -> dict[str, Any]:
    """Return the value of the button that proposes a shape, where it could, and whether this is the proposal."""
    return {"mend": MEND if _mended() else None, "proposed": request.form.get(BUTTON) == MEND}


def _around() -> geo.Bounds | None:
    return services.own_box(actor(), "places:place:edit")


def _with_mended_shape() -> MultiDict[str, str]:
    """Return what was sent with its shape mended, to be looked at: nothing is saved before somebody has."""
    written = MultiDict(request.form.items(multi=True))
    written["outline"] = _mended() or written.get("outline", "")
    return written


def _loaded(schema: PlaceForm) -> dict[str, Any]:
    """Return what the form holds, its shape and ways in read from their texts."""
    known: dict[str, Any] = schema.load(read_form(schema, request.form))
    system = known.pop("system")
    known["geometry"] = Outline(system, known.pop("outline"), known.pop("radius_m"))
    known["entries"] = read_entries(known["entries"], system)
    return known


def _form_of(found: Place, system: str) -> Form:
    names = ("name", "kind", "public_access", "description", "photo_policy", "confidentiality", "oncall")
    data: dict[str, Any] = {name: getattr(found, name) for name in names}
    shape = {"outline": written(found.geom, system), "entries": entries_written(found.entries, system)}
    return Form(PlaceForm, data | {"system": system} | shape, version=found.version)


def _edit(found: Place, form: Form) -> flask.Response:
    return page("places/form.html", form=form, place=found, systems=TITLES, around=_around(), **_mending())


@pages.get("/platser/<uuid:uid>/<any(stang, 'sla-ihop', 'oppna-igen', 'skilj-at'):step>", needs="places:place:close")
def step_page(uid: UUID, step: str) -> flask.Response:
    """Ask for the reason, and for the other place where there is one."""
    found = services.read_place(actor(), uid, "places:place:close")
    return _step(found, step, Form(_asked(step), version=found.version, options=_heirs(found, step)))


@pages.post("/platser/<uuid:uid>/<any(stang, 'sla-ihop', 'oppna-igen', 'skilj-at'):step>", needs="places:place:close")
def move_place(uid: UUID, step: str) -> flask.Response:
    """Close the place, merge it, or open it again."""
    schema = _asked(step)

    def again(problem: Any) -> flask.Response:
        found = services.read_place(actor(), uid, "places:place:close")
        form = Form(schema, written=request.form, errors=problem.fields(schema), options=_heirs(found, step))
        return _step(found, step, form)

    redraw_with(again)
    known = schema().load(read_form(schema, request.form))
    services.move_place(actor(), uid, STEPS[step], version=read_version(request.form), **known)
    return see_other("places.read_place", uid=uid)


def _asked(step: str) -> Any:
    return MergeForm if step == "sla-ihop" else StepForm


def _step(found: Place, step: str, form: Form) -> flask.Response:
    return page("places/step.html", place=found, move=PLACE.move(STEPS[step]), form=form)


def _heirs(found: Place, step: str) -> dict[str, Any]:
    """Return the places that it may be merged into, each written as it is read, with how far away it lies."""
    if step != "sla-ihop":
        return {}
    near = services.likely_heirs(actor(), found)
    return {"into": [(f"{number} {name}", f"{metres} m") for number, name, metres in near]}
