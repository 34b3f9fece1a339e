"""The page where an applicant reads what was decided, and answers when a part was granted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core.applications.models import DECISION_READ, MOTIVES, OUTCOMES, SUBMIT, WRITE
from core.applications.parts import PARTS, REVISED
from core.applications.schemas.deciding import AcceptForm
from core.applications.services import answering, applications, by_measure, decisions, granting
from core.applications.states import APPLICATION, DECISION
from core.applications.views.blueprint import pages, taken_at
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, Options, read_version, said
from core.schema import ReasonForm, Schema

taken_at("/beslut", "acceptera", "avsta")


@pages.get("/ansokningar/<uuid:uid>/beslut", needs=DECISION_READ)
def read_decisions(uid: UUID) -> flask.Response:
    """Show what was decided of an application; where a part was granted, how the plan fits and the two answers."""
    return _answer_page(uid)


@pages.post("/ansokningar/<uuid:uid>/beslut/acceptera", needs=SUBMIT)
def accept(uid: UUID) -> flask.Response:
    """Accept a part, with the plan as it is written now."""
    redraw_with(lambda problem: _answer_page(uid, "acceptera", AcceptForm, problem))
    known = said(AcceptForm)
    answering.accept(actor(), uid, version=read_version(request.form), **known)
    return see_other("applications.read_decisions", uid=uid)


@pages.post("/ansokningar/<uuid:uid>/beslut/avsta", needs=SUBMIT)
def decline(uid: UUID) -> flask.Response:
    """Decline the money."""
    redraw_with(lambda problem: _answer_page(uid, "avsta", ReasonForm, problem))
    answering.decline(actor(), uid, version=read_version(request.form), **said(ReasonForm))
    return see_other("applications.read_decisions", uid=uid)


def _answer_page(uid: UUID, key: str = "", schema: type[Schema] = Schema, problem: Any = None) -> flask.Response:
    found = applications.read_application(actor(), uid)
    rows = decisions.list_decisions(actor(), decisions.Wish(application=uid)).rows
    amounts = decisions.amounts_of(rows)
    moves = {move.key for move in moves_for(APPLICATION, found, actor())}
    options: dict[str, Options] = {
        "dropped": [(str(one.uid), one.text) for one in answering.kept_measures(found)],
        "struck": [(str(one.uid), f"{one.title}, {one.due_on}") for one in answering.steps_of(found)],
    }
    asks = AcceptForm() if options["struck"] else AcceptForm(exclude=("struck", "all_hold"))
    forms: Forms = {}
    current = answering.decision_in_force(found) if rows else None
    if "acceptera" in moves:
        gone = {"dropped": [one.uid for one in by_measure.must_go(current, found)]}
        forms["acceptera"] = Form(asks, gone, version=found.version, options=options, ids="acceptera")
    if "avsta" in moves:
        forms["avsta"] = Form(ReasonForm, version=found.version, ids="avsta")
    if problem is not None:
        errors = problem.fields(schema)
        asked = asks if key == "acceptera" else schema
        forms[key] = Form(asked, written=request.form, errors=errors, options=options, ids=key)
    granted, planned = granting.granted_now(found), answering.planned(found)
    years = [(year, granted.get(year, 0), planned.get(year, 0)) for year in sorted({*granted, *planned})]
    rewrites = found.state == "delvis_beviljad" and applications.reaches(actor(), found, WRITE)
    gaps = answering.in_the_plan(actor(), found) if found.state == "delvis_beviljad" else []
    is_given = all(given == now for _, given, now in years)
    return page(
        "applications/decisions.html",
        application=found,
        stands=APPLICATION.states[found.state],
        rows=[(row, DECISION.states[row.state], sum(amounts[row.id].values())) for row in rows],
        current=current,
        measures=by_measure.lines_of(current, found) if current else [],
        outcomes=OUTCOMES,
        motives=MOTIVES,
        years=years,
        fits=is_given and not gaps,
        gaps=gaps if is_given else [],
        rewrites=rewrites,
        parts=[PARTS[part] for part in REVISED],
        forms=forms,
        form=forms.get(key) if problem is not None else None,
    )
