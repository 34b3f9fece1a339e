"""The pages of maintenance plans."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form, read_query, read_version
from core.http.texts import translate
from core.i18n import N_
from core.works import services
from core.works.models import BASES
from core.works.presenting import in_words, often_said
from core.works.schemas import Where
from core.works.schemas.plans import OFTEN, OWN_RULE, EndForm, PlanFields, PlanForm
from core.works.views.blueprint import contract_choices, pages, place_called, place_choices, room_tabs, with_place

EDIT, READ = "works:plan:edit", "works:plan:read"


@pages.get("/skotselplaner", needs=READ)
def list_plans() -> flask.Response:
    """List the plans, what comes first at the top."""
    ended = request.args.get("visa") == "avslutade"
    tabs = [
        {"text": translate(N_("Gällande")), "href": "/skotselplaner", "current": not ended},
        {"text": translate(N_("Avslutade")), "href": "/skotselplaner?visa=avslutade", "current": ended},
    ]
    rows = [(row, services.why_waiting(row)) for row in services.list_plans(actor(), ended=ended)]
    doors, may_add = room_tabs("skotselplaner"), actor().may(EDIT)
    return page("works/plans.html", rows=rows, tabs=tabs, doors=doors, may_add=may_add, often_said=often_said)


@pages.get("/skotselplaner/ny", needs=EDIT)
def new_plan() -> flask.Response:
    """Ask about a new plan, on the place that the address names (`plats`)."""
    asked = read_query(Where, request.args)
    known = PlanForm().load_draft({}) | {"uid": db.new_uid(), "starts_on": clock.today()}
    return _new(Form(PlanForm, known | {"where": place_called(asked["plats"])}, options=_options()))


@pages.post("/skotselplaner/ny", needs=EDIT)
def add_plan() -> flask.Response:
    """Lay it up."""

    def again(problem: Any) -> flask.Response:
        errors = problem.fields(PlanForm)
        return _new(Form(PlanForm, written=request.form, errors=errors, options=_options()))

    redraw_with(again)
    known = with_place(_with_its_rule(PlanForm().load(read_form(PlanForm, request.form))))
    made = services.add_plan(actor(), **known)
    return see_other("works.read_plan", uid=made.uid)


def _options() -> dict[str, list[tuple[str, str]]]:
    own = services.orderers(actor(), EDIT)
    return {
        "where": place_choices(),
        "contract": [("", translate(N_("Egen personal"))), *contract_choices()],
        "organisation": own if len(own) == 1 else [("", translate(N_("Välj"))), *own],
    }


def _new(form: Form) -> flask.Response:
    return page("works/plan_form.html", form=form, plan=None)


@pages.get("/skotselplaner/<uuid:uid>", needs=READ)
def read_plan(uid: UUID) -> flask.Response:
    """Show a plan: when it comes, who does it."""
    return _plan_page(uid)


@pages.get("/skotselplaner/<uuid:uid>/andra", needs=EDIT)
def edit_plan(uid: UUID) -> flask.Response:
    """Show the form of a plan."""
    return _edit(uid, _form_of(uid))


@pages.post("/skotselplaner/<uuid:uid>/andra", needs=EDIT)
def change_plan(uid: UUID) -> flask.Response:
    """Let a plan say something else from its next day on."""

    def again(problem: Any) -> flask.Response:
        version = services.read_plan(actor(), uid).version
        return _edit(uid, Form(PlanFields, written=request.form, errors=problem.fields(PlanFields), version=version))

    redraw_with(again, lambda: _form_of(uid))
    known = _with_its_rule(PlanFields().load(read_form(PlanFields, request.form)))
    services.change_plan(actor(), uid, version=read_version(request.form), **known)
    return see_other("works.read_plan", uid=uid)


def _form_of(uid: UUID) -> Form:
    found = services.read_plan(actor(), uid)
    known = {name: getattr(found, name) for name in PlanFields().fields if name != "often"}
    known["often"] = found.rrule if found.rrule in OFTEN else OWN_RULE
    return Form(PlanFields, known, version=found.version)


def _edit(uid: UUID, form: Form) -> flask.Response:
    return page("works/plan_form.html", form=form, plan=services.read_plan(actor(), uid))


def _with_its_rule(known: dict[str, Any]) -> dict[str, Any]:
    """Return what a form says, with how often as a rule."""
    often = known.pop("often")
    return known if often == OWN_RULE else known | {"rrule": often}


@pages.post("/skotselplaner/<uuid:uid>/avsluta", needs=EDIT)
def end_plan(uid: UUID) -> flask.Response:
    """Let a plan end, with the reason."""
    redraw_with(lambda problem: _plan_page(uid, Form(EndForm, written=request.form, errors=problem.fields(EndForm))))
    known = EndForm().load(read_form(EndForm, request.form))
    services.end_plan(actor(), uid, **known, version=read_version(request.form))
    return see_other("works.read_plan", uid=uid)


def _plan_page(uid: UUID, form: Form | None = None) -> flask.Response:
    found = services.read_plan(actor(), uid)
    ends = actor().may(EDIT) and not found.ended_why
    return page(
        "works/plan.html",
        plan=found,
        waits=services.why_waiting(found),
        often=often_said(found.rrule),
        basis=BASES[found.basis],
        lead=in_words(found.lead_days, "calendar_days"),
        reach=in_words(found.reach_days, "calendar_days"),
        form=form or (Form(EndForm, version=found.version) if ends else None),
    )
