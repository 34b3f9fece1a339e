"""The pages of who answers for what on a place, and of what it is marked as: rows are added, and end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form
from core.places import services
from core.places.models import CONTROL_ROLES, LABELS, PlaceControl, PlaceLabel
from core.places.outline import CITY_S_OWN, Outline
from core.places.schemas import ControlForm, EndIn, LabelForm
from core.places.views.blueprint import pages

LISTS = {PlaceControl: "places.controls", PlaceLabel: "places.labels"}
"""The pages on which the rows of a place stand."""


@pages.get("/platser/<uuid:uid>/radighet", needs="places:place:read")
def controls(uid: UUID) -> flask.Response:
    """Show every row of rådighet that the place has and has had, and the form of a new one."""
    return _controls(uid, Form(ControlForm, _fresh() | {"system": CITY_S_OWN}, options=_holders()))


@pages.post("/platser/<uuid:uid>/radighet", needs="places:control:edit")
def add_control(uid: UUID) -> flask.Response:
    """Add a row."""

    def again(problem: Any) -> flask.Response:
        told = problem.fields(ControlForm)
        return _controls(uid, Form(ControlForm, written=request.form, errors=told, options=_holders()))

    redraw_with(again)
    known = ControlForm().load(read_form(ControlForm, request.form))
    part = Outline(known.pop("system"), known.pop("outline"))
    services.add_control(actor(), place=uid, part=part, **known)
    return see_other("places.controls", uid=uid)


def _controls(uid: UUID, form: Form) -> flask.Response:
    found = services.read_place(actor(), uid)
    rows = services.all_controls(actor(), found)
    may = actor().may("places:control:edit")
    return page(
        "places/controls.html", place=found, rows=rows, roles=CONTROL_ROLES, form=form, may=may, today=clock.today()
    )


@pages.get("/platser/<uuid:uid>/markning", needs="places:place:read")
def labels(uid: UUID) -> flask.Response:
    """Show what the place is and has been marked as, and the form of a new märkning."""
    return _labels(uid, Form(LabelForm, _fresh()))


@pages.post("/platser/<uuid:uid>/markning", needs="places:label:edit")
def add_label(uid: UUID) -> flask.Response:
    """Add a märkning."""
    redraw_with(lambda problem: _labels(uid, Form(LabelForm, written=request.form, errors=problem.fields(LabelForm))))
    known = LabelForm().load(read_form(LabelForm, request.form))
    services.add_label(actor(), place=uid, **known)
    return see_other("places.labels", uid=uid)


def _labels(uid: UUID, form: Form) -> flask.Response:
    found = services.read_place(actor(), uid)
    rows = services.labels_of(actor(), found, past=True)
    may = actor().may("places:label:edit")
    return page("places/labels.html", place=found, rows=rows, labels=LABELS, form=form, may=may, today=clock.today())


@pages.get("/radighet/<uuid:uid>/avsluta", needs="places:control:edit")
def end_control_page(uid: UUID) -> flask.Response:
    """Ask for the last day of a row of rådighet, and why."""
    return _end_page(PlaceControl, uid)


@pages.post("/radighet/<uuid:uid>/avsluta", needs="places:control:edit")
def end_control(uid: UUID) -> flask.Response:
    """Let the row end."""
    return _end(PlaceControl, uid)


@pages.get("/markning/<uuid:uid>/avsluta", needs="places:label:edit")
def end_label_page(uid: UUID) -> flask.Response:
    """Ask for the last day of a märkning, and why."""
    return _end_page(PlaceLabel, uid)


@pages.post("/markning/<uuid:uid>/avsluta", needs="places:label:edit")
def end_label(uid: UUID) -> flask.Response:
    """Let the märkning end."""
    return _end(PlaceLabel, uid)


def _end_page(model: type[PlaceControl | PlaceLabel], uid: UUID, form: Form | None = None) -> flask.Response:
    row = services.read_row(actor(), model, uid)
    return page(
        "places/end.html",
        row=row,
        what=CONTROL_ROLES[row.role] if isinstance(row, PlaceControl) else LABELS[row.kind],
        form=form or Form(EndIn, {"valid_to": clock.today()}),
        back=flask.url_for(LISTS[model], uid=row.place.uid),
        control=model is PlaceControl,
    )


def _end(model: type[PlaceControl | PlaceLabel], uid: UUID) -> flask.Response:
    redraw_with(lambda problem: _end_page(model, uid, Form(EndIn, written=request.form, errors=problem.fields(EndIn))))
    known = EndIn().load(read_form(EndIn, request.form))
    services.end_row(actor(), model, uid, **known)
    return see_other(LISTS[model], uid=services.read_row(actor(), model, uid).place.uid)


def _fresh() -> dict[str, Any]:
    return {"uid": db.new_uid(), "valid_from": clock.today()}


def _holders() -> dict[str, list[tuple[str, str]]]:
    return {"organisation": services.holders(actor())}
