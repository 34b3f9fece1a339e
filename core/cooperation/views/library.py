"""The pages of the library of methods."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.cooperation.models import APPROACHES, EVIDENCE_GRADES
from core.cooperation.schemas.consulting import FITS, MethodFilter, MethodForm, NewMethodForm
from core.cooperation.services import library
from core.cooperation.services.library import METHOD_EDIT, METHOD_READ, NO_SOURCE, Known
from core.cooperation.views.blueprint import page_with, pages, sent
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, read_filter, read_version, said
from core.http.texts import translate


@pages.get("/samverkan/metoder", needs=METHOD_READ)
def list_methods() -> flask.Response:
    """List the methods of the library, with how well each is known to work and where that is said."""
    asked, wrong = read_filter(MethodFilter, request.args)
    ended = asked["visa"] == "slut"
    rows = library.list_methods(actor(), side=asked["sida"], approach=asked["sort"], ended=ended)
    return page(
        "cooperation/methods.html",
        status=422 if wrong else 200,
        rows=[(one, against(one)) for one in rows],
        unsourced=sum(one.method.source == NO_SOURCE for one in rows),
        filters=[one for one in Form(MethodFilter, asked).fields if one.name in ("sida", "sort", "visa")],
        filtered=any(asked[name] for name in ("sida", "sort", "visa")),
        approaches=APPROACHES,
        grades=EVIDENCE_GRADES,
        no_source=NO_SOURCE,
        may_edit=actor().may(METHOD_EDIT),
        may_read_in=actor().may("imports:import:run") and actor().may(METHOD_EDIT),
    )


def against(known: Known) -> list[str]:
    """Return against which causes a method is meant, in words."""
    return [str(translate(FITS[f"{side}:{level}" if level else side])) for side, level in known.fits]


@pages.get("/samverkan/metoder/ny", needs=METHOD_EDIT)
def new_method() -> flask.Response:
    """Ask about a new method."""
    fresh = NewMethodForm().load_draft({}) | {"uid": db.new_uid(), "valid_from": clock.today(), "source": NO_SOURCE}
    return page("cooperation/method_form.html", form=Form(NewMethodForm, fresh | {"grade": "oklar"}))


@pages.post("/samverkan/metoder/ny", needs=METHOD_EDIT)
def add_method() -> flask.Response:
    """Add it."""

    def again(problem: Any) -> flask.Response:
        form = Form(NewMethodForm, written=request.form, errors=problem.fields(NewMethodForm))
        return page("cooperation/method_form.html", form=form)

    redraw_with(again)
    made = library.add_method(actor(), **said(NewMethodForm))
    return see_other("cooperation.read_method", uid=made.uid)


@pages.get("/samverkan/metoder/<uuid:uid>", needs=METHOD_READ)
def read_method(uid: UUID) -> flask.Response:
    """Show a method; whoever keeps the library changes it here."""
    return _method_page(uid)


@pages.post("/samverkan/metoder/<uuid:uid>", needs=METHOD_EDIT)
def change_method(uid: UUID) -> flask.Response:
    """Change it."""
    known = sent(partial(_method_page, uid), "andra", MethodForm)
    library.change_method(actor(), uid, version=read_version(request.form), **known)
    return see_other("cooperation.read_method", uid=uid)


def _method_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    found = library.read_method(actor(), uid)
    method = found.method
    forms: Forms = {}
    if actor().may(METHOD_EDIT):
        known: dict[str, Any] = {name: getattr(method, name, None) for name in MethodForm().fields}
        known["fits"] = [f"{side}:{level}" if level else side for side, level in found.fits]
        forms["andra"] = Form(MethodForm, known, version=method.version, ids="andra")
    return page_with(
        "cooperation/method.html",
        forms,
        refused,
        method=method,
        against=against(found),
        approaches=APPROACHES,
        grades=EVIDENCE_GRADES,
        no_source=NO_SOURCE,
    )
