"""The pages of patrols of ordningsvakter: the list with the year's hours, one request with its answer and outcome."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, Options, read_filter, read_version, refused, said
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_
from core.presence import services
from core.presence.bands import EVENTS, kinds_of
from core.presence.models import PatrolRequest
from core.presence.models.patrols import ASK, DECIDE, READ, REPORT
from core.presence.schemas import (
    AnswerForm,
    CallOffForm,
    FrameChange,
    FrameForm,
    PartlyForm,
    RequestFields,
    RequestFilter,
    RequestForm,
)
from core.presence.schemas.plans import COUNTED, REQUESTS, outcome_form
from core.presence.states import PATROL
from core.presence.views.blueprint import (
    area_choices,
    days_said,
    hours_said,
    own_choices,
    pages,
    part_tabs,
    place_asked,
    place_choices,
    room_tabs,
    with_place,
)
from core.schema import ReasonForm, Schema

FORMS: dict[str, type[Schema]] = {
    "bevilja": AnswerForm,
    "bevilja_delvis": PartlyForm,
    "avsla": AnswerForm,
    "avropa": CallOffForm,
}
"""What a step asks for beside a reason."""


def form_of(key: str) -> type[Schema]:
    """Return the form of a step; one that asks nothing has an empty one."""
    return FORMS.get(key) or (ReasonForm if PATROL.move(key).reason else Schema)


@pages.get("/ordningsvakter", needs=READ)
def list_requests() -> flask.Response:
    """List the requests, with the hours of the year."""
    return _list_page()


@pages.post("/ordningsvakter/ram", needs=DECIDE)
def set_frame() -> flask.Response:
    """Write the hours of a year."""

    def stands() -> Form:
        return _frame_form(FrameForm, services.frame_of(actor(), known["year"]))

    redraw_with(lambda told: _list_page(refused("ram", FrameForm, told)), stands)
    known = said(FrameForm)
    services.set_frame(actor(), version=read_version(request.form), **known)
    return see_other("presence.list_requests")


def _frame_form(schema: type[FrameForm], frame: services.Frame, ids: str = "ram") -> Form:
    return Form(schema, frame.row or {"year": frame.year}, version=frame.row.version if frame.row else 0, ids=ids)


def _list_page(told: Forms | None = None) -> flask.Response:
    told = told or {}
    asked, wrong = read_filter(RequestFilter, request.args)
    after: Any = place(asked.get("efter"), int)
    found = services.list_requests(actor(), asked["visa"], after=after)
    frame, forms = services.frame_of(actor(), clock.today().year), Forms()
    if actor().may(DECIDE):
        forms["ram"] = Form(FrameForm, {"year": frame.year + bool(frame.row)}, version=0, ids="ram")
        forms |= {"ram-andra": _frame_form(FrameChange, frame, "ram-andra")} if frame.row else {}
    return page(
        "presence/patrols.html",
        status=422 if wrong else 200,
        doors=room_tabs("ordningsvakter"),
        tabs=part_tabs(REQUESTS, asked["visa"], "/ordningsvakter"),
        rows=[(row, PATROL.states[row.state]) for row in found.rows],
        frame=frame,
        where_named=services.where_named,
        filtered=bool(asked["visa"]),
        may_ask=actor().may(ASK),
        forms=forms | told,
        form=next(iter(told.values()), None),
        subject=actor().uid,
        more=flask.url_for("presence.list_requests", visa=asked["visa"] or None, efter=mark(found.after))
        if found.after
        else None,
    )


def _options() -> dict[str, Options]:
    return {"organisation": own_choices(ASK), "where": place_choices(), "area": area_choices()}


@pages.get("/ordningsvakter/ny", needs=ASK)
def new_request() -> flask.Response:
    """Ask about a request."""
    known = {"uid": db.new_uid(), "where": place_asked()}
    return _new(Form(RequestForm, RequestForm().load_draft({}) | known, options=_options()))


@pages.post("/ordningsvakter/ny", needs=ASK)
def add_request() -> flask.Response:
    """Write it down, as a draft."""

    def again(problem: Any) -> flask.Response:
        return _new(Form(RequestForm, written=request.form, errors=problem.fields(RequestForm), options=_options()))

    redraw_with(again)
    made = services.ask_for_patrols(actor(), **with_place(said(RequestForm)))
    return see_other("presence.read_request", uid=made.uid)


def _new(form: Form) -> flask.Response:
    return page("presence/patrol_form.html", form=form)


@pages.get("/ordningsvakter/<uuid:uid>", needs=READ)
def read_request(uid: UUID) -> flask.Response:
    """Show a request with its answer, and what was done."""
    return _request_page(uid)


@pages.post("/ordningsvakter/<uuid:uid>", needs=ASK)
def change_request(uid: UUID) -> flask.Response:
    """Save what has been changed in a draft."""
    redraw_with(
        lambda told: _request_page(uid, refused("andra", RequestFields, told)),
        lambda: _form_of(services.read_request(actor(), uid, ASK)),
    )
    known = said(RequestFields)
    services.change_request(actor(), uid, version=read_version(request.form), **known)
    return see_other("presence.read_request", uid=uid)


def _form_of(found: PatrolRequest) -> Form:
    return Form(RequestFields, found, version=found.version, ids="andra")


@pages.post("/ordningsvakter/<uuid:uid>/steg/<key>", needs=READ)
def move_request(uid: UUID, key: str) -> flask.Response:
    """Send a request, answer it, call off, end or withdraw it."""
    schema, options = form_of(key), _step_options()
    redraw_with(lambda told: _request_page(uid, refused(key, schema, told, options)))
    known = said(schema)
    services.move_request(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("presence.read_request", uid=uid)


@pages.post("/ordningsvakter/<uuid:uid>/utfall", needs=REPORT)
def report_patrol(uid: UUID) -> flask.Response:
    """Write what was done."""
    schema = outcome_form()
    redraw_with(lambda told: _request_page(uid, refused("utfall", schema, told)))
    known = said(schema)
    events = {key.removeprefix(COUNTED): known.pop(key) for key in list(known) if key.startswith(COUNTED)}
    services.report_patrol(actor(), uid, **known, events=events)
    return see_other("presence.read_request", uid=uid)


def _step_options() -> dict[str, Options]:
    firms = services.firms(actor()) if actor().may(DECIDE) else []
    return {"executor": [("", translate(N_("Välj"))), *firms]}


def _request_page(uid: UUID, told: Forms | None = None) -> flask.Response:
    found, told = services.read_request(actor(), uid), told or {}
    outcomes, events = services.outcomes_of(actor(), found)
    moves = moves_for(PATROL, found, actor())
    options = _step_options()
    forms: Forms = {
        move.key: Form(form_of(move.key), version=found.version, ids=move.key, options=options)
        for move in moves
        if form_of(move.key) is not Schema
    }
    if found.state == PATROL.start and services.reaches(actor(), found, ASK):
        forms["andra"] = _form_of(found)
    if found.state == "avropad" and services.reaches(actor(), found, REPORT):
        schema = outcome_form()
        draft = schema().load_draft({}) | {"outcome": db.new_uid(), "day": clock.today()}
        forms["utfall"] = Form(schema, draft, ids="utfall")
    return page(
        "presence/patrol.html",
        request_row=found,
        stands=PATROL.states[found.state],
        where=services.where_named(found),
        days=days_said(found.weekdays),
        hours=hours_said(found.begins, found.ends),
        outcomes=outcomes,
        events=[(kinds_of(EVENTS)[key], count) for key, count in events.items()],
        frame=services.frame_of(actor(), found.starts_on.year) if actor().may(DECIDE) else None,
        moves=moves,
        forms=forms | told,
        form=next(iter(told.values()), None),
    )
