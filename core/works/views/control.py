"""The page of the control of a contract: visits, deviations, warranties."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form, read_version
from core.http.texts import number
from core.works import services
from core.works.models import DEVIATION as DEVIATION_RULE
from core.works.models import RESULTS, Contract, ControlVisit, Deviation, Warranty
from core.works.schemas import WhyForm
from core.works.schemas.penalties import DeviationPenaltyForm
from core.works.schemas.plans import DeviationForm, InspectedForm, VisitedForm, VisitForm
from core.works.states import DEVIATION, PENALTY
from core.works.views.blueprint import pages

DO, READ = "works:control:do", "works:control:read"
NOTE = "works:deviation:note"
Forms = dict[str, Form]


@pages.get("/avtal/<uuid:uid>/kontroll", needs="works:deviation:read")
def control(uid: UUID) -> flask.Response:
    """Show how a contract is controlled: plan against done, deviations, warranties."""
    return _control_page(uid)


@pages.post("/avtal/<uuid:uid>/kontroll", needs=DO)
def plan_visit(uid: UUID) -> flask.Response:
    """Plan an entreprenadkontroll."""
    redraw_with(lambda problem: _control_page(uid, _refused("ny", VisitForm, problem)))
    known = VisitForm().load(read_form(VisitForm, request.form))
    services.plan_visit(actor(), uid, **known)
    return see_other("works.control", uid=uid)


@pages.post("/kontroller/<uuid:uid>", needs=DO)
def do_visit(uid: UUID) -> flask.Response:
    """Say how an entreprenadkontroll went."""

    def again(problem: Any) -> flask.Response:
        return _control_page(services.contract_of(actor(), ControlVisit, uid), _refused(str(uid), VisitedForm, problem))

    redraw_with(again)
    known = VisitedForm().load(read_form(VisitedForm, request.form))
    services.do_visit(actor(), uid, **known, version=read_version(request.form))
    return see_other("works.control", uid=services.contract_of(actor(), ControlVisit, uid))


@pages.post("/avtal/<uuid:uid>/avvikelser", needs=NOTE)
def note_deviation(uid: UUID) -> flask.Response:
    """Write down a deviation."""
    redraw_with(lambda problem: _control_page(uid, _refused("avvikelse", DeviationForm, problem)))
    known = DeviationForm().load(read_form(DeviationForm, request.form))
    services.note_deviation(actor(), uid, **known)
    return see_other("works.control", uid=uid)


@pages.post("/avvikelser/<uuid:uid>/steg/<key>", needs="works:deviation:read")
def move_deviation(uid: UUID, key: str) -> flask.Response:
    """Answer a deviation, or close it."""
    DEVIATION.move(key)

    def again(problem: Any) -> flask.Response:
        refused = _refused(f"{key}-{uid}", WhyForm, problem)
        return _control_page(services.contract_of(actor(), Deviation, uid), refused)

    redraw_with(again)
    known = WhyForm().load(read_form(WhyForm, request.form))
    services.move_deviation(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("works.control", uid=services.contract_of(actor(), Deviation, uid))


@pages.post("/avvikelser/<uuid:uid>/vite", needs=NOTE)
def propose_penalty(uid: UUID) -> flask.Response:
    """Propose what a deviation costs by its contract."""

    def again(problem: Any) -> flask.Response:
        owner, key = services.contract_of(actor(), Deviation, uid), f"vite-{uid}"
        errors, options = problem.fields(DeviationPenaltyForm), _penalty_options(services.read_contract(actor(), owner))
        form = Form(DeviationPenaltyForm, written=request.form, errors=errors, options=options, ids=f"f{key}")
        return _control_page(owner, {key: form})

    redraw_with(again)
    known = DeviationPenaltyForm().load(read_form(DeviationPenaltyForm, request.form))
    made = services.propose_for_deviation(actor(), uid, **known)
    return see_other("works.read_penalty", uid=made.uid)


def _penalty_options(contract: Contract) -> dict[str, list[tuple[str, str]]]:
    rules = [row for row in services.penalty_rules_of(actor(), contract) if row.leg == DEVIATION_RULE]
    return {"rule": [(str(row.uid), f"{number(row.amount)} kr, {row.source}") for row in rules]}


@pages.post("/garantier/<uuid:uid>", needs=DO)
def inspect(uid: UUID) -> flask.Response:
    """Say how the inspection of a warranty went."""

    def again(problem: Any) -> flask.Response:
        return _control_page(services.contract_of(actor(), Warranty, uid), _refused(str(uid), InspectedForm, problem))

    redraw_with(again)
    known = InspectedForm().load(read_form(InspectedForm, request.form))
    services.inspect(actor(), uid, **known, version=read_version(request.form))
    return see_other("works.control", uid=services.contract_of(actor(), Warranty, uid))


def _refused(ids: str, schema: Any, problem: Any) -> Forms:
    return {ids: Form(schema, written=request.form, errors=problem.fields(schema), ids=f"f{ids}")}


def _control_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    found, refused = services.read_contract(actor(), uid), refused or {}
    reads, today = actor().may(READ), clock.today()
    does = actor().may(DO) and services.edits_contract(actor(), found)
    visits = services.visits_of(actor(), found) if reads else []
    warranties = services.warranties_of(actor(), found) if reads else []
    deviations = services.deviations_of(actor(), found)
    forms: Forms = {}
    if does:
        forms["ny"] = Form(VisitForm, {"uid": db.new_uid(), "planned_on": today}, ids="fny")
        forms["avvikelse"] = Form(DeviationForm, {"uid": db.new_uid(), "found_on": today, "what": ""}, ids="favvikelse")
        forms |= _each(VisitedForm, [row for row in visits if row.done_on is None])
        forms |= _each(InspectedForm, [row for row in warranties if row.inspected_on is None])
    moves = {row.uid: moves_for(DEVIATION, row, actor()) for row in deviations}
    penalties, costs = services.penalties_of(actor(), deviations), _penalty_options(found)
    if does and actor().may(NOTE) and costs["rule"]:
        for row in deviations:
            if row.id not in penalties:
                forms[f"vite-{row.uid}"] = Form(DeviationPenaltyForm, options=costs, ids=f"fvite-{row.uid}")
    for row in deviations:
        for move in moves[row.uid]:
            key = f"{move.key}-{row.uid}"
            forms[key] = Form(WhyForm, version=row.version, ids=f"f{key}")
    return page(
        "works/control.html",
        contract=found,
        followed=services.followed(actor(), found) if reads else None,
        visits=visits,
        warranties=warranties,
        deviations=[(row, DEVIATION.states[row.state], moves[row.uid], penalties.get(row.id)) for row in deviations],
        costs=bool(costs["rule"] or penalties),
        penalty_states=PENALTY.states,
        results=RESULTS,
        forms=forms | refused,
        form=next(iter(refused.values()), None),
        interest=services.interest_in_contract(actor(), found) if does else None,
    )


def _each(schema: Any, rows: Any) -> Forms:
    return {str(row.uid): Form(schema, version=row.version, ids=f"f{row.uid}") for row in rows}
