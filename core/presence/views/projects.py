"""The pages of planning projects: the list, one of them with its goals and whom it has asked."""

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
from core.presence.models import KINDS, RESULTS
from core.presence.models.projects import ANSWER, EDIT, READ
from core.presence.schemas import AskForm, GoalForm, ProjectFilter, ProjectForm, ReplyForm, ResultForm
from core.presence.schemas.projects import PARTS
from core.presence.states import PROJECT
from core.presence.views.blueprint import (
    other_choices,
    own_choices,
    pages,
    part_tabs,
    place_asked,
    place_choices,
    room_tabs,
    with_place,
)
from core.schema import ReasonForm, Schema


@pages.get("/planprojekt", needs=READ)
def list_projects() -> flask.Response:
    """List the projects that go on, or those that are over."""
    asked, wrong = read_filter(ProjectFilter, request.args)
    after: Any = place(asked.get("efter"), int)
    found = services.list_projects(actor(), over=asked["visa"] == "avslutade", after=after)
    here = flask.url_for("presence.list_projects", visa=asked["visa"], efter=mark(found.after))
    return page(
        "presence/projects.html",
        status=422 if wrong else 200,
        doors=room_tabs("planprojekt"),
        tabs=part_tabs(PARTS, asked["visa"], "/planprojekt"),
        rows=[(row, PROJECT.states[row.state]) for row in found.rows],
        kinds=KINDS,
        may_add=actor().may(EDIT),
        more=here if found.after else None,
    )


def _options() -> dict[str, Options]:
    return {"where": place_choices(), "organisation": own_choices(EDIT)}


@pages.get("/planprojekt/ny", needs=EDIT)
def new_project() -> flask.Response:
    """Ask about a project."""
    known = {"uid": db.new_uid(), "where": place_asked(), "starts_on": clock.today()}
    return _new(Form(ProjectForm, ProjectForm().load_draft({}) | known, options=_options()))


@pages.post("/planprojekt/ny", needs=EDIT)
def add_project() -> flask.Response:
    """Lay it up."""

    def again(problem: Any) -> flask.Response:
        return _new(Form(ProjectForm, written=request.form, errors=problem.fields(ProjectForm), options=_options()))

    redraw_with(again)
    made = services.add_project(actor(), **with_place(said(ProjectForm)))
    return see_other("presence.read_project", uid=made.uid)


def _new(form: Form) -> flask.Response:
    return page("presence/project_form.html", form=form)


@pages.get("/planprojekt/<uuid:uid>", needs=READ)
def read_project(uid: UUID) -> flask.Response:
    """Show a project: its phase, its goals, whom it has asked."""
    return _project_page(uid)


@pages.post("/planprojekt/<uuid:uid>/steg/<key>", needs=EDIT)
def move_project(uid: UUID, key: str) -> flask.Response:
    """Take it to its next phase."""
    move = PROJECT.move(key)
    redraw_with(lambda told: _project_page(uid, refused(key, ReasonForm, told)))
    known = said(ReasonForm if move.reason else Schema)
    services.move_project(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("presence.read_project", uid=uid)


@pages.post("/planprojekt/<uuid:uid>/mal", needs=EDIT)
def add_goal(uid: UUID) -> flask.Response:
    """Set a goal of social value."""
    options = {"responsible": _others()}
    redraw_with(lambda told: _project_page(uid, refused("mal", GoalForm, told, options)))
    services.add_goal(actor(), uid, **said(GoalForm))
    return see_other("presence.read_project", uid=uid)


@pages.post("/planprojekt/mal/<uuid:uid>", needs=ANSWER)
def follow_up_goal(uid: UUID) -> flask.Response:
    """Say what came of a goal."""
    project = services.part_of_goal(actor(), uid).uid
    redraw_with(lambda told: _project_page(project, refused(f"mal-{uid}", ResultForm, told)))
    services.follow_up_goal(actor(), uid, version=read_version(request.form), **said(ResultForm))
    return see_other("presence.read_project", uid=project)


@pages.post("/planprojekt/<uuid:uid>/fragor", needs=EDIT)
def ask(uid: UUID) -> flask.Response:
    """Ask the safety side of an organisation."""
    options = {"asked": _others()}
    redraw_with(lambda told: _project_page(uid, refused("fraga", AskForm, told, options)))
    services.ask(actor(), uid, **said(AskForm))
    return see_other("presence.read_project", uid=uid)


@pages.post("/planprojekt/fragor/<uuid:uid>", needs=ANSWER)
def answer(uid: UUID) -> flask.Response:
    """Answer for the organisation that was asked."""
    project = services.part_of_consultation(actor(), uid).uid
    redraw_with(lambda told: _project_page(project, refused(f"svar-{uid}", ReplyForm, told)))
    services.answer(actor(), uid, version=read_version(request.form), **said(ReplyForm))
    return see_other("presence.read_project", uid=project)


def _others() -> Options:
    return other_choices(N_("Välj"))


def _project_page(uid: UUID, told: Forms | None = None) -> flask.Response:
    found, told = services.read_project(actor(), uid), told or {}
    goals, asked = services.goals_of(actor(), found), services.consultations_of(actor(), found)
    edits, may_answer = services.reaches(actor(), found, EDIT), actor().may(ANSWER)
    is_open = not PROJECT.states[found.state].closed
    moves = moves_for(PROJECT, found, actor()) if edits else []
    forms: Forms = {move.key: Form(ReasonForm, version=found.version, ids=move.key) for move in moves if move.reason}
    if edits and is_open:
        forms["mal"] = Form(GoalForm, ids="mal", options={"responsible": _others()})
        forms["fraga"] = Form(AskForm, ids="fraga", options={"asked": _others()})
    for goal in goals:
        if may_answer and (edits or services.is_of(actor(), goal.responsible_id)):
            known = {"result": goal.result or None, "why": goal.result_why}
            forms[f"mal-{goal.uid}"] = Form(ResultForm, known, version=goal.version, ids=f"mal-{goal.uid}")
    for one in asked:
        if may_answer and services.is_of(actor(), one.asked_id):
            forms[f"svar-{one.uid}"] = Form(ReplyForm, {"text": one.answer}, version=one.version, ids=f"svar-{one.uid}")
    return page(
        "presence/project.html",
        project=found,
        stands=PROJECT.states[found.state],
        kind=translate(KINDS[found.kind]),
        goals=goals,
        asked_rows=asked,
        results=RESULTS,
        today=clock.today(),
        moves=moves,
        forms=forms | told,
        form=next(iter(told.values()), None),
    )
