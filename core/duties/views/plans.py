"""The pages of the municipality's åtgärdsplan: the list, one of them, and each measure."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.cooperation.models import MEASURE_RESULTS
from core.duties.law import SECTIONS
from core.duties.models.coordination import EDIT, READ
from core.duties.models.plans import FOLLOW
from core.duties.models.reports import DRAFT
from core.duties.schemas.law import DecisionForm, FollowUpForm, PlanForm, PlanMeasureForm, ResultForm
from core.duties.services import clocks, plans, reports
from core.duties.states import ACTION_PLAN, DECIDE, DECIDED, FOLLOW_UP
from core.duties.views.blueprint import chosen, pages, tabs
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, none, read_version, refused, said
from core.http.texts import translate
from core.i18n import N_
from core.people import services as people
from core.schema import ReasonForm, Schema

NEXT = {
    "utkast": N_("Skriv åtgärderna. Skriv sedan in beslutet."),
    "beslutad": N_("Skriv resultatet av varje åtgärd. Följ sedan upp planen."),
}
ASKS: dict[str, type[Schema]] = {DECIDE: DecisionForm, FOLLOW_UP: FollowUpForm}


@pages.get("/lagkrav/atgardsplaner", needs=READ)
def list_plans() -> flask.Response:
    """List the plans of the municipality, the newest first."""
    return _list()


@pages.post("/lagkrav/atgardsplaner", needs=EDIT)
def begin_plan() -> flask.Response:
    """Begin a plan."""
    options = _reports()
    redraw_with(lambda problem: _list(refused("ny", PlanForm, problem, options)))
    known = said(PlanForm)
    made = plans.begin_plan(actor(), known.pop("report"), **known)
    return see_other("duties.read_plan", uid=made.uid)


def _reports() -> dict[str, Any]:
    usable = (row for row in reports.list_reports(actor()) if row.state not in (DRAFT, "ersatt"))
    return {"report": [(str(row.uid), f"{row.number} {row.title}") for row in usable]}


def _list(told: Forms | None = None) -> flask.Response:
    told = told or {}
    forms: Forms = {}
    if actor().may(EDIT):
        known = {"uid": db.new_uid(), "report": None, "title": translate(N_("Åtgärdsplan mot brott"))}
        forms["ny"] = Form(PlanForm, known, ids="ny", options=_reports())
    return page(
        "duties/plans.html",
        tabs=tabs("duties.list_plans"),
        rows=[(row, ACTION_PLAN.states[row.state]) for row in plans.list_plans(actor())],
        today=clock.today(),
        forms=forms | told,
        form=next(iter(told.values()), None),
    )


@pages.get("/lagkrav/atgardsplaner/<uuid:uid>", needs=READ)
def read_plan(uid: UUID) -> flask.Response:
    """Show a plan with its measures and what they gave."""
    return _plan(uid)


def _measure_options() -> dict[str, Any]:
    return {"organisation": chosen(people.every_organisation(actor())), "measure": [none(), *plans.linkable(actor())]}


def _plan(uid: UUID, told: Forms | None = None) -> flask.Response:
    found, told = plans.read_plan(actor(), uid), told or {}
    plan = found.plan
    moves = moves_for(ACTION_PLAN, plan, actor())
    forms: Forms = {one.key: Form(ReasonForm, version=plan.version, ids=one.key) for one in moves if one.reason}
    for one in moves:
        if one.key == DECIDE:
            forms[DECIDE] = Form(DecisionForm, {"decided_on": clock.today()}, version=plan.version, ids=DECIDE)
        elif one.key == FOLLOW_UP:
            forms[FOLLOW_UP] = Form(FollowUpForm, {"text": plan.follow_up}, version=plan.version, ids=FOLLOW_UP)
    if plan.state == DRAFT and moves:
        known = PlanMeasureForm().load_draft({}) | {"uid": db.new_uid()}
        forms["atgard"] = Form(PlanMeasureForm, known, ids="atgard", options=_measure_options())
    return page(
        "duties/plan.html",
        found=found,
        plan=plan,
        stands=ACTION_PLAN.states[plan.state],
        kinds=SECTIONS,
        results=MEASURE_RESULTS,
        moves=moves,
        writes=plan.state == DRAFT and bool(moves),
        next_step=NEXT.get(plan.state) if moves else None,
        today=clock.today(),
        moved_from=clocks.moved_from(plan),
        is_late=plan.valid_until is not None and plan.valid_until < clock.today(),
        wanted={"kind": "duties:atgardsplan", "subject": plan.uid},
        forms=forms | told,
        form=next(iter(told.values()), None),
    )


@pages.post("/lagkrav/atgardsplaner/<uuid:uid>/atgarder", needs=EDIT)
def add_plan_measure(uid: UUID) -> flask.Response:
    """Write down a measure."""
    options = _measure_options()
    redraw_with(lambda problem: _plan(uid, refused("atgard", PlanMeasureForm, problem, options)))
    known = said(PlanMeasureForm)
    plans.add_measure(actor(), uid, uid=known.pop("uid"), **known)
    return see_other("duties.read_plan", uid=uid)


@pages.post("/lagkrav/atgardsplaner/<uuid:uid>/steg/<key>", needs=EDIT)
def move_plan(uid: UUID, key: str) -> flask.Response:
    """Write down the decision or the follow-up, or take a step back."""
    move = ACTION_PLAN.move(key)
    schema: Any = ASKS.get(key) or (ReasonForm if move.reason else Schema)
    redraw_with(lambda problem: _plan(uid, refused(key, ReasonForm if schema is Schema else schema, problem)))
    known, version = said(schema), read_version(request.form)
    if key == DECIDE:
        plans.decide_plan(actor(), uid, version=version, **known)
    elif key == FOLLOW_UP:
        plans.follow_up_plan(actor(), uid, version=version, **known)
    else:
        plans.move_plan(actor(), uid, key, version=version, **known)
    return see_other("duties.read_plan", uid=uid)


@pages.post("/lagkrav/atgarder/<uuid:uid>/ta-bort", needs=EDIT)
def take_plan_measure_away(uid: UUID) -> flask.Response:
    """Take a measure out."""
    said()
    return see_other("duties.read_plan", uid=plans.take_measure_away(actor(), uid).uid)


@pages.get("/lagkrav/atgarder/<uuid:uid>", needs=READ)
def read_plan_measure(uid: UUID) -> flask.Response:
    """Show a measure of the plan."""
    return _measure(uid)


@pages.post("/lagkrav/atgarder/<uuid:uid>", needs=FOLLOW)
def give_plan_result(uid: UUID) -> flask.Response:
    """Say what a measure gave."""
    redraw_with(lambda problem: _measure(uid, refused("resultat", ResultForm, problem)))
    known = said(ResultForm)
    plans.give_result(actor(), uid, version=read_version(request.form), **known)
    return see_other("duties.read_plan_measure", uid=uid)


def _measure(uid: UUID, told: Forms | None = None) -> flask.Response:
    (found, plan), told = plans.read_measure(actor(), uid), told or {}
    forms: Forms = {}
    if plan.state == DECIDED and plans.may_follow(actor(), found):
        came = {"result": found.result or None, "why": found.result_why}
        forms["resultat"] = Form(ResultForm, came, version=found.version, ids="resultat")
    return page(
        "duties/plan_measure.html",
        measure=found,
        plan=plan,
        section=SECTIONS[found.section].title,
        results=MEASURE_RESULTS,
        is_late=not found.result and found.ends_on < clock.today(),
        forms=forms | told,
        form=next(iter(told.values()), None),
    )
