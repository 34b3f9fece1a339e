"""The pages of the fourth and the fifth step: goals, measures, what came of them, and the next cycle."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.cooperation import services
from core.cooperation.models import (
    APPROACHES,
    EVIDENCE_GRADES,
    HORIZONS,
    MEASURE_RESULTS,
    PERSPECTIVES,
    RESULTS,
    Cycle,
    Measure,
)
from core.cooperation.models.cycles import LEAD, READ, WRITE
from core.cooperation.schemas import (
    FollowUpForm,
    GoalForm,
    MeasureForm,
    MeasureResultForm,
    NewGoalForm,
    NewMeasureForm,
    ResultForm,
)
from core.cooperation.services import consulting
from core.cooperation.smart import LETTERS, sentence
from core.cooperation.states import ENDED, GOAL, MEASURE
from core.cooperation.views.blueprint import asked_by, asking, page_with, pages, sent, step_row
from core.cooperation.views.heard import area_names, extras, kind_options
from core.flow import moves_for
from core.http import actor, see_other
from core.http.forms import Form, Forms, read_version
from core.http.texts import translate
from core.i18n import N_
from core.schema import Schema

WORKED_ON = ("mal", "genomfora")


def _none(text: str) -> tuple[str, str]:
    return "", translate(text)


def _parties(cycle: Cycle) -> list[tuple[str, str]]:
    named = [(str(one.organisation.uid), one.organisation.name) for one in services.parties_of(actor(), cycle)]
    return [_none(N_("Inte bestämt")), *named]


def _goal_options(cycle: Cycle) -> dict[str, list[tuple[str, str]]]:
    chosen = [one.problem for one in services.problems_of(actor(), cycle) if one.problem.state == "prioriterad"]
    return {"problem": [(str(one.uid), one.what) for one in chosen], "owner": _parties(cycle)} | {
        name: options for name, options in kind_options().items() if name != "kind"
    }


def _measure_options(cycle: Cycle, measure: Measure | None = None) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen for a measure; the method that it has stays, whether others may choose it or not."""
    kept = services.kept_of(actor(), cycle)
    causes = [(str(cause.uid), f"{problem.number}.{cause.number} {cause.text}") for cause, problem in kept]
    goals = [(str(one.goal.uid), f"{one.goal.number}. {one.goal.text}") for one in services.goals_of(actor(), cycle)]
    methods = list(services.methods())
    if measure is not None and measure.method is not None and measure.method not in methods:
        methods.append(measure.method)
    known = [(str(row.uid), f"{row.name} ({translate(EVIDENCE_GRADES[row.grade])})") for row in methods]
    named = {"cause": causes, "goals": goals, "owner": _parties(cycle), "method": [_none(N_("Ingen")), *known]}
    return named | kind_options()


def _only(name: str, options: dict[str, list[tuple[str, str]]]) -> dict[str, str]:
    """Return what is chosen where there is nothing to choose between."""
    found = options[name]
    return {name: found[0][0]} if len(found) == 1 else {}


# --- Goals --------------------------------------------------------------------------------------------------------


@pages.get("/samverkan/<uuid:uid>/mal", needs=READ)
def list_goals(uid: UUID) -> flask.Response:
    """Show the goals of a cycle with what they lack, and its measures."""
    return _plan_page(uid)


@pages.post("/samverkan/<uuid:uid>/mal", needs=WRITE)
def add_goal(uid: UUID) -> flask.Response:
    """Write down a goal."""
    known = sent(partial(_plan_page, uid), "mal", NewGoalForm, lambda: _goal_options(services.read_cycle(actor(), uid)))
    made = services.add_goal(actor(), uid, **known)
    return see_other("cooperation.read_goal", uid=made.uid)


@pages.post("/samverkan/<uuid:uid>/atgarder", needs=WRITE)
def add_measure(uid: UUID) -> flask.Response:
    """Write down a measure."""
    known = sent(
        partial(_plan_page, uid), "atgard", NewMeasureForm, lambda: _measure_options(services.read_cycle(actor(), uid))
    )
    made = services.add_measure(actor(), uid, **known)
    return see_other("cooperation.read_measure", uid=made.uid)


def _plan_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    found = services.read_cycle(actor(), uid)
    forms: Forms = {}
    if services.own_party(actor(), found) is not None and found.state == "mal":
        asked, proposed = _goal_options(found), _measure_options(found)
        goal = NewGoalForm().load_draft({}) | {"uid": db.new_uid()} | _only("problem", asked)
        measure = NewMeasureForm().load_draft({}) | {"uid": db.new_uid()} | _only("cause", proposed)
        forms["mal"] = Form(NewGoalForm, goal, ids="mal", options=asked)
        forms["atgard"] = Form(NewMeasureForm, measure, ids="atgard", options=proposed)
    steps = services.measures_of(actor(), found)
    watched = consulting.watch(actor(), [one.measure for one in steps])
    return page_with(
        "cooperation/plan.html",
        forms,
        refused,
        cycle=found,
        steps=step_row(found),
        goals=[(one, GOAL.states[one.goal.state]) for one in services.goals_of(actor(), found)],
        measures=[(one, MEASURE.states[one.measure.state]) for one in steps],
        lacks=[
            (one.measure, [translate(words) for words in consulting.in_words(watched[one.measure.id])])
            for one in steps
            if not watched[one.measure.id].whole
        ],
        approaches=APPROACHES,
        today=clock.today(),
    )


@pages.get("/samverkan/mal/<uuid:uid>", needs=READ)
def read_goal(uid: UUID) -> flask.Response:
    """Show a goal with what it lacks to be SMART, and who accepts it."""
    return _goal_page(uid)


@pages.post("/samverkan/mal/<uuid:uid>", needs=WRITE)
def change_goal(uid: UUID) -> flask.Response:
    """Save a goal, however much of it is known."""
    known = sent(
        partial(_goal_page, uid),
        "andra",
        GoalForm,
        lambda: _goal_options(_cycle_of(services.read_goal(actor(), uid).goal)),
    )
    services.change_goal(actor(), uid, version=read_version(request.form), **known)
    return see_other("cooperation.read_goal", uid=uid)


@pages.post("/samverkan/mal/<uuid:uid>/godta", needs=WRITE)
def accept(uid: UUID) -> flask.Response:
    """Accept a goal for one's own party."""
    sent(partial(_goal_page, uid), "godta", Schema)
    services.accept(actor(), uid)
    return see_other("cooperation.read_goal", uid=uid)


@pages.post("/samverkan/mal/<uuid:uid>/steg/<key>", needs=WRITE)
def move_goal(uid: UUID, key: str) -> flask.Response:
    """Mark a goal as SMART, or open it to be changed."""
    move = GOAL.move(key)
    known = sent(partial(_goal_page, uid), key, asked_by(move))
    services.move_goal(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("cooperation.read_goal", uid=uid)


@pages.post("/samverkan/mal/<uuid:uid>/resultat", needs=WRITE)
def give_result(uid: UUID) -> flask.Response:
    """Say what came of a goal."""
    known = sent(partial(_goal_page, uid), "resultat", ResultForm)
    services.give_result(actor(), uid, version=read_version(request.form), **known)
    return see_other("cooperation.read_goal", uid=uid)


def _cycle_of(row: Any) -> Cycle:
    return services.read_cycle(actor(), services.cycle_of_row(row).uid)


def _goal_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    found = services.read_goal(actor(), uid)
    goal, cycle = found.goal, _cycle_of(found.goal)
    party = services.own_party(actor(), cycle)
    moves = moves_for(GOAL, goal, actor()) if party is not None and cycle.state == "mal" else []
    forms = asking(moves, goal)
    if moves and goal.state == GOAL.start:
        options = _goal_options(cycle)
        known: dict[str, Any] = {name: getattr(goal, name, None) for name in GoalForm().fields}
        known |= {"owner": goal.owner.uid if goal.owner else None, "problem": services.problem_of(goal).uid}
        forms["andra"] = Form(GoalForm, known, version=goal.version, ids="andra", options=options)
    if party is not None and cycle.state == "genomfora":
        came = {"result": goal.result or None, "value": goal.result_value, "on": goal.result_on, "why": goal.result_why}
        forms["resultat"] = Form(ResultForm, came, version=goal.version, ids="resultat")
    return page_with(
        "cooperation/goal.html",
        forms,
        refused,
        cycle=cycle,
        steps=step_row(cycle),
        found=found,
        goal=goal,
        stands=GOAL.states[goal.state],
        letters=[(key, label, [one for one in found.lacks if one.letter == key]) for key, label in LETTERS.items()],
        proposal=sentence(goal),
        results=RESULTS,
        horizons=HORIZONS,
        areas=area_names(),
        works=party is not None,
        moves=moves,
        may_accept=bool(moves)
        and party is not None
        and not any(row.organisation_id == party.organisation_id for row in found.accepted),
    )


# --- Measures -----------------------------------------------------------------------------------------------------


@pages.get("/samverkan/atgarder/<uuid:uid>", needs=READ)
def read_measure(uid: UUID) -> flask.Response:
    """Show a measure."""
    return measure_page(uid)


@pages.post("/samverkan/atgarder/<uuid:uid>", needs=WRITE)
def change_measure(uid: UUID) -> flask.Response:
    """Save a measure."""
    known = sent(
        partial(measure_page, uid),
        "andra",
        MeasureForm,
        partial(_options_of, uid),
    )
    services.change_measure(actor(), uid, version=read_version(request.form), **known)
    return see_other("cooperation.read_measure", uid=uid)


@pages.post("/samverkan/atgarder/<uuid:uid>/steg/<key>", needs=WRITE)
def move_measure(uid: UUID, key: str) -> flask.Response:
    """Assign a measure, begin it, end it or break it off."""
    move = MEASURE.move(key)
    known = sent(partial(measure_page, uid), key, asked_by(move))
    services.move_measure(actor(), uid, key, **known, version=read_version(request.form))
    return see_other("cooperation.read_measure", uid=uid)


@pages.post("/samverkan/atgarder/<uuid:uid>/resultat", needs=WRITE)
def give_measure_result(uid: UUID) -> flask.Response:
    """Say what came of a measure."""
    known = sent(partial(measure_page, uid), "resultat", MeasureResultForm)
    services.give_measure_result(actor(), uid, version=read_version(request.form), **known)
    return see_other("cooperation.read_measure", uid=uid)


def _options_of(uid: UUID) -> dict[str, list[tuple[str, str]]]:
    measure = services.read_measure(actor(), uid).measure
    return _measure_options(_cycle_of(measure), measure)


def measure_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    """Show a measure, with a form that was refused as it was sent."""
    found = services.read_measure(actor(), uid)
    measure, cycle = found.measure, _cycle_of(found.measure)
    works = services.own_party(actor(), cycle) is not None and cycle.state in WORKED_ON
    moves = moves_for(MEASURE, measure, actor()) if works else []
    forms = asking(moves, measure)
    if works and not MEASURE.states[measure.state].closed:
        known: dict[str, Any] = {name: getattr(measure, name, None) for name in MeasureForm().fields}
        known |= {"cause": found.cause.uid, "goals": [str(goal.uid) for goal in found.goals]}
        known |= {"owner": measure.owner.uid if measure.owner else None}
        known |= {"method": measure.method.uid if measure.method else None}
        forms["andra"] = Form(
            MeasureForm, known, version=measure.version, ids="andra", options=_measure_options(cycle, measure)
        )
    if works and cycle.state == "genomfora":
        came = {"result": measure.result or None, "why": measure.result_why}
        forms["resultat"] = Form(MeasureResultForm, came, version=measure.version, ids="resultat")
    shown, more = extras(found, cycle, works=works)
    return page_with(
        "cooperation/measure.html",
        forms | more,
        refused,
        cycle=cycle,
        steps=step_row(cycle),
        found=found,
        measure=measure,
        stands=MEASURE.states[measure.state],
        approaches=APPROACHES,
        today=clock.today(),
        horizons=HORIZONS,
        grades=EVIDENCE_GRADES,
        results=MEASURE_RESULTS,
        works=works,
        moves=moves,
        **shown,
    )


# --- The follow-up ------------------------------------------------------------------------------------------------


@pages.get("/samverkan/<uuid:uid>/uppfoljning", needs=READ)
def follow_up(uid: UUID) -> flask.Response:
    """Show what came of each goal and each measure, and what a later cycle has carried on."""
    return _follow_up_page(uid)


@pages.post("/samverkan/<uuid:uid>/uppfoljning", needs=WRITE)
def write_follow_up(uid: UUID) -> flask.Response:
    """Write the follow-up."""
    known = sent(partial(_follow_up_page, uid), "text", FollowUpForm)
    services.write_follow_up(actor(), uid, version=read_version(request.form), **known)
    return see_other("cooperation.follow_up", uid=uid)


@pages.post("/samverkan/<uuid:uid>/nasta", needs=LEAD)
def begin_next(uid: UUID) -> flask.Response:
    """Begin the next cycle with what is still open."""
    sent(partial(_follow_up_page, uid), "nasta", Schema)
    made = services.begin_next(actor(), uid, uid=db.new_uid())
    return see_other("cooperation.read_cycle", uid=made.uid)


def _follow_up_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    found = services.read_cycle(actor(), uid)
    forms: Forms = {}
    if services.own_party(actor(), found) is not None and found.state == "genomfora":
        forms["text"] = Form(FollowUpForm, {"text": found.follow_up}, version=found.version, ids="text")
    measures = services.measures_of(actor(), found)
    seen = consulting.perspectives_of(actor(), [one.measure for one in measures])
    return page_with(
        "cooperation/follow_up.html",
        forms,
        refused,
        cycle=found,
        steps=step_row(found),
        goals=services.goals_of(actor(), found),
        measures=measures,
        seen=[(one.measure, row) for one in measures for row in seen[one.measure.id].values()],
        perspectives=PERSPECTIVES,
        results=RESULTS,
        measure_results=MEASURE_RESULTS,
        carried=services.carried(actor(), found),
        following=services.next_of(actor(), found),
        may_go_on=found.state == ENDED and services.reaches(actor(), found, LEAD),
    )
