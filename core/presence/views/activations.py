"""The pages of what is arranged: the calendar, the list, one of them with its permits."""

from __future__ import annotations

from datetime import date
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
from core.presence.bands import ACTIVATIONS, DAY, kinds_of, permit_kinds
from core.presence.models import Activation
from core.presence.models.activations import EDIT, READ, REPORT
from core.presence.schemas import (
    ActivationChange,
    ActivationFilter,
    ActivationForm,
    ActivationReport,
    CalendarFilter,
    PermitForm,
    PermitStep,
)
from core.presence.states import ACTIVATION, PARTS, PERMIT
from core.presence.views.blueprint import (
    days_said,
    hours_said,
    kind_choices,
    other_choices,
    own_choices,
    pages,
    part_tabs,
    place_asked,
    place_choices,
    places_named,
    room_tabs,
    with_place,
)
from core.schema import ReasonForm, Schema

SORTS = {
    "aktivering": N_("Aktivering"),
    "narvaro": N_("Närvaro"),
    "ordningsvakter": N_("Ordningsvakter"),
}
"""What a line of the calendar is about."""


@pages.get("/aktivering", needs=READ)
def calendar() -> flask.Response:
    """Show what happens on the places, a week or a month at a time."""
    asked, wrong = read_filter(CalendarFilter, request.args)
    day, month = asked["dag"] or clock.today(), asked["visa"] == "manad"
    period = services.month_of(day) if month else services.week_of(day)
    found = services.happenings(actor(), period)
    here = {"visa": asked["visa"]}
    views = {"vecka": N_("Vecka"), "manad": N_("Månad")}
    tabs = [
        {
            "text": translate(label),
            "href": flask.url_for("presence.calendar", visa=key, dag=day.isoformat()),
            "current": key == asked["visa"],
        }
        for key, label in views.items()
    ]
    form = Form(CalendarFilter, asked if not wrong else None, written=request.args if wrong else None, errors=wrong)
    return page(
        "presence/calendar.html",
        status=422 if wrong else 200,
        doors=room_tabs("kalender"),
        tabs=tabs,
        filter=form,
        period=period,
        found=found,
        days=[] if month else list(services.by_day(found, period)),
        sorts=SORTS,
        today=clock.today(),
        days_said=days_said,
        hours_said=hours_said,
        before=flask.url_for("presence.calendar", dag=(period.first - DAY).isoformat(), **here),
        after=flask.url_for("presence.calendar", dag=(period.last + DAY).isoformat(), **here),
        may_add=actor().may(EDIT),
    )


@pages.get("/aktivering/lista", needs=READ)
def list_activations() -> flask.Response:
    """List what is arranged: ahead, over, or cancelled."""
    asked, wrong = read_filter(ActivationFilter, request.args)
    after: Any = place(asked.get("efter"), date.fromisoformat, int)
    found = services.list_activations(actor(), services.Wish(asked["visa"], asked["sort"]), after=after)
    here = {"visa": asked["visa"], "sort": asked["sort"] or None}
    kinds = kinds_of(ACTIVATIONS)
    options: dict[str, Options] = {
        "sort": [("", translate(N_("Alla"))), *((key, translate(title)) for key, title in kinds.items())]
    }
    return page(
        "presence/activations.html",
        status=422 if wrong else 200,
        doors=room_tabs("aktiveringar"),
        tabs=part_tabs(PARTS, asked["visa"], "/aktivering/lista"),
        filter=Form(ActivationFilter, asked, options=options),
        rows=[(row, services.standing_of(row)) for row in found.rows],
        kinds=kinds,
        filtered=bool(asked["sort"]),
        part=asked["visa"],
        may_add=actor().may(EDIT),
        subject=actor().uid,
        more=flask.url_for("presence.list_activations", **here, efter=mark(found.after)) if found.after else None,
    )


# --- A new one, and changes ---------------------------------------------------------------------------------------


def _options() -> dict[str, Options]:
    return {
        "where": place_choices(),
        "kind": kind_choices(kinds_of(ACTIVATIONS)),
        "organisation": own_choices(EDIT),
        "host": other_choices(),
        "permits": [(key, translate(kind.title)) for key, kind in permit_kinds().items()],
    }


@pages.get("/aktivering/ny", needs=EDIT)
def new_activation() -> flask.Response:
    """Ask about something to arrange."""
    known = ActivationForm().load_draft({}) | {"uid": db.new_uid(), "where": place_asked()}
    return _new(Form(ActivationForm, known, options=_options()))


@pages.post("/aktivering/ny", needs=EDIT)
def add_activation() -> flask.Response:
    """Arrange it."""

    def again(problem: Any) -> flask.Response:
        errors = problem.fields(ActivationForm)
        return _new(Form(ActivationForm, written=request.form, errors=errors, options=_options()))

    redraw_with(again)
    made = services.add_activation(actor(), **with_place(said(ActivationForm)))
    return see_other("presence.read_activation", uid=made.uid)


def _new(form: Form, found: Activation | None = None) -> flask.Response:
    return page("presence/activation_form.html", form=form, activation=found)


@pages.get("/aktivering/<uuid:uid>/andra", needs=EDIT)
def edit_activation(uid: UUID) -> flask.Response:
    """Show the form of something arranged."""
    found = services.read_activation(actor(), uid, EDIT)
    return _new(_form_of(found), found)


def _form_of(found: Activation) -> Form:
    known = {name: getattr(found, name, None) for name in ActivationChange().fields}
    known |= {"where": places_named([found.place.uid])[0], "host": found.host.uid if found.host else None}
    return Form(ActivationChange, known, version=found.version, options=_options())


@pages.post("/aktivering/<uuid:uid>/andra", needs=EDIT)
def change_activation(uid: UUID) -> flask.Response:
    """Save what has been changed."""

    def again(problem: Any) -> flask.Response:
        found = services.read_activation(actor(), uid, EDIT)
        errors = problem.fields(ActivationChange)
        form = Form(ActivationChange, written=request.form, errors=errors, version=found.version, options=_options())
        return _new(form, found)

    redraw_with(again, lambda: _form_of(services.read_activation(actor(), uid, EDIT)))
    services.read_activation(actor(), uid, EDIT)
    known = with_place(said(ActivationChange))
    services.change_activation(actor(), uid, version=read_version(request.form), **known)
    return see_other("presence.read_activation", uid=uid)


# --- One of them --------------------------------------------------------------------------------------------------


@pages.get("/aktivering/<uuid:uid>", needs=READ)
def read_activation(uid: UUID) -> flask.Response:
    """Show something arranged: when, by whom, its permits, and what came of it."""
    return _activation_page(uid)


@pages.post("/aktivering/<uuid:uid>/steg/<key>", needs=EDIT)
def move_activation(uid: UUID, key: str) -> flask.Response:
    """Take it a step on."""
    move = ACTIVATION.move(key)
    redraw_with(lambda told: _activation_page(uid, refused(key, ReasonForm, told)))
    known = said(ReasonForm if move.reason else Schema)
    services.move_activation(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("presence.read_activation", uid=uid)


@pages.post("/aktivering/<uuid:uid>/utfall", needs=REPORT)
def report_activation(uid: UUID) -> flask.Response:
    """Write how it went."""
    redraw_with(lambda told: _activation_page(uid, refused("utfall", ActivationReport, told)))
    known = said(ActivationReport)
    services.report_activation(actor(), uid, version=read_version(request.form), **known)
    return see_other("presence.read_activation", uid=uid)


@pages.post("/aktivering/<uuid:uid>/nasta", needs=EDIT)
def next_year(uid: UUID) -> flask.Response:
    """Plan next year's."""
    redraw_with(lambda told: _activation_page(uid, refused("nasta", Schema, told)))
    said()
    made = services.next_year(actor(), uid)
    return see_other("presence.read_activation", uid=made.uid)


@pages.post("/aktivering/<uuid:uid>/tillstand", needs=EDIT)
def add_permit(uid: UUID) -> flask.Response:
    """Write down that a permit is needed."""
    options = _permit_options()
    redraw_with(lambda told: _activation_page(uid, refused("tillstand", PermitForm, told, options)))
    services.add_permit(actor(), uid, **said(PermitForm))
    return see_other("presence.read_activation", uid=uid)


@pages.post("/aktivering/tillstand/<uuid:uid>", needs=EDIT)
def move_permit(uid: UUID) -> flask.Response:
    """Write what has happened to a permit."""
    activation = services.activation_of_permit(actor(), uid)
    redraw_with(lambda told: _activation_page(activation, refused(f"steg-{uid}", PermitStep, told)))
    known = said(PermitStep)
    services.move_permit(actor(), uid, known.pop("move"), version=read_version(request.form), **known)
    return see_other("presence.read_activation", uid=activation)


def _permit_options() -> dict[str, Options]:
    return {"kind": kind_choices({key: kind.title for key, kind in permit_kinds().items()})}


def _activation_page(uid: UUID, told: Forms | None = None) -> flask.Response:
    found, told = services.read_activation(actor(), uid), told or {}
    permits = services.permits_of(found)
    edits, reports = services.reaches(actor(), found, EDIT), services.reaches(actor(), found, REPORT)
    moves = moves_for(ACTIVATION, found, actor()) if edits else []
    forms: Forms = {move.key: Form(ReasonForm, version=found.version, ids=move.key) for move in moves if move.reason}
    if edits and not services.standing_of(found).closed:
        forms["tillstand"] = Form(PermitForm, options=_permit_options(), ids="tillstand")
        for permit in permits:
            known = {"day": clock.today(), "reference": permit.number}
            steps = [move for move in PERMIT.moves if permit.state in move.sources]
            options: dict[str, Options] = {"move": [(move.key, translate(move.label)) for move in steps]}
            ids = f"steg-{permit.uid}"
            draft = PermitStep().load_draft({}) | known | {"move": steps[0].key}
            forms[ids] = Form(PermitStep, draft, version=permit.version, ids=ids, options=options)
    if reports and found.state in ("klar", "pagar", "genomford") and found.starts_on <= clock.today():
        forms["utfall"] = Form(ActivationReport, found, version=found.version, ids="utfall")
    return page(
        "presence/activation.html",
        activation=found,
        stands=services.standing_of(found),
        kind=kinds_of(ACTIVATIONS).get(found.kind, found.kind),
        permits=[(one, permit_kinds()[one.kind], PERMIT.states[one.state]) for one in permits],
        late=[one for one in permits if services.permit_late(found, one)],
        apply_by=services.apply_days(found, permits),
        next_one=services.followed_by(found),
        days=days_said(found.weekdays),
        hours=hours_said(found.opens, found.closes),
        moves=moves,
        may_edit=edits and not services.standing_of(found).closed,
        may_plan_next=edits,
        forms=forms | told,
        form=next(iter(told.values()), None),
    )
