"""The forms of indicators: a new one, and what stands about one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import db
from core.figures import services
from core.figures.models import EDIT, Indicator
from core.figures.schemas import IndicatorFields, NewIndicator
from core.figures.views.blueprint import pages
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form, read_version


@pages.get("/statistik/ny", needs=EDIT)
def new_indicator() -> flask.Response:
    """Show the form of a new indicator."""
    return _form(Form(NewIndicator, {"uid": db.new_uid()}))


@pages.post("/statistik/ny", needs=EDIT)
def add_indicator() -> flask.Response:
    """Add an indicator."""
    redraw_with(lambda problem: _form(Form(NewIndicator, written=request.form, errors=problem.fields(NewIndicator))))
    known: dict[str, Any] = NewIndicator().load(read_form(NewIndicator, request.form))
    made = services.add_indicator(actor(), **known)
    return see_other("figures.read_indicator", uid=made.uid)


@pages.get("/statistik/<uuid:uid>/andra", needs=EDIT)
def edit_indicator(uid: UUID) -> flask.Response:
    """Show the form of an indicator."""
    found = services.read_indicator(actor(), uid, EDIT)
    return _form(_form_of(found), found)


@pages.post("/statistik/<uuid:uid>/andra", needs=EDIT)
def change_indicator(uid: UUID) -> flask.Response:
    """Save what has been changed about an indicator."""

    def again(problem: Any) -> flask.Response:
        found = services.read_indicator(actor(), uid, EDIT)
        errors = problem.fields(IndicatorFields)
        return _form(Form(IndicatorFields, written=request.form, errors=errors, version=found.version), found)

    redraw_with(again, lambda: _form_of(services.read_indicator(actor(), uid, EDIT)))
    known: dict[str, Any] = IndicatorFields().load(read_form(IndicatorFields, request.form))
    services.change_indicator(actor(), uid, version=read_version(request.form), **known)
    return see_other("figures.read_indicator", uid=uid)


def _form_of(found: Indicator) -> Form:
    known = {name: getattr(found, name) for name in IndicatorFields().fields} | {"level": str(found.level)}
    return Form(IndicatorFields, known, version=found.version)


def _form(form: Form, found: Indicator | None = None) -> flask.Response:
    return page("figures/form.html", form=form, indicator=found)
