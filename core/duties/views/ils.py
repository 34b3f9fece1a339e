"""The pages of ILS: the tertials, one of them with its lines and its text, and the goals of a board."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.duties.models import ACTIVITY_STATES, GOAL_LEVELS, PERIODS, VERDICTS, IlsActivity, IlsIndicator, IlsLine
from core.duties.models.ils import READ, STEER, WRITE
from core.duties.schemas.ils import (
    ActivityFields,
    ActivityForm,
    ActivityLineForm,
    BoardGoalForm,
    GoalFields,
    GoalFilter,
    IlsFilter,
    IndicatorFields,
    IndicatorForm,
    IndicatorLineForm,
    OpenForm,
    VerdictForm,
)
from core.duties.services import ils, ils_goals, plans
from core.duties.services.ils_goals import Aim
from core.duties.states import ILS_REPORT, OPEN
from core.duties.views.blueprint import chosen, pages, tabs, with_standing
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, none, read_filter, read_version, refused, said
from core.http.paging import mark, place
from core.schema import ReasonForm, Schema


@pages.get("/ils", needs=READ)
def list_ils() -> flask.Response:
    """List the reports per tertial, and what waits for one's own boards."""
    return _list()


@pages.post("/ils", needs=STEER)
def open_ils() -> flask.Response:
    """Open a tertial for boards and companies."""
    options = _boards()
    redraw_with(lambda problem: _list(refused("oppna", OpenForm, problem, options)))
    ils.open_reports(actor(), **said(OpenForm))
    return see_other("duties.list_ils")


def _boards() -> dict[str, Any]:
    return {"organisations": chosen(ils_goals.steered(actor()))}


def _list(told: Forms | None = None) -> flask.Response:
    told = told or {}
    asked, wrong = read_filter(IlsFilter, request.args)
    after: Any = place(asked.get("efter"), int)
    rows, more = ils.list_reports(actor(), year=asked["ar"], after=after)
    forms: Forms = {}
    if actor().may(STEER):
        known: dict[str, Any] = {"year": clock.today().year, "period": None, "organisations": []}
        forms["oppna"] = Form(OpenForm, known, ids="oppna", options=_boards())
    return page(
        "duties/ils.html",
        status=422 if wrong else 200,
        tabs=tabs("duties.list_ils"),
        rows=[(row, ILS_REPORT.states[row.state]) for row in rows],
        waiting=ils.waiting_for(actor(), 20),
        periods=PERIODS,
        today=clock.today(),
        filter=Form(IlsFilter, asked, written=request.args if wrong else None, errors=wrong),
        more=flask.url_for("duties.list_ils", ar=asked["ar"], efter=mark(more)) if more else None,
        forms=forms | told,
        form=next(iter(told.values()), None),
    )


# --- One tertial of a board ---------------------------------------------------------------------------------------


@pages.get("/ils/<uuid:uid>", needs=READ)
def read_ils(uid: UUID) -> flask.Response:
    """Show a board's report for a tertial: what is not judged, its lines, and the text to copy."""
    return _report(uid)


def _report(uid: UUID, told: Forms | None = None) -> flask.Response:
    found, told = ils.read_report(actor(), uid), told or {}
    report = found.report
    moves = moves_for(ILS_REPORT, report, actor())
    writes = report.state == OPEN and bool(moves)
    forms: Forms = {one.key: Form(ReasonForm, version=report.version, ids=one.key) for one in moves if one.reason}
    for one in found.goals if writes else ():
        known = {"verdict": one.verdict.verdict or one.proposed or None}
        ids = f"mal-{one.verdict.id}"
        forms[ids] = Form(VerdictForm, known, version=one.verdict.version, ids=ids)
    return page(
        "duties/ils_report.html",
        found=found,
        report=report,
        stands=ILS_REPORT.states[report.state],
        term=ils.term(report.year, report.period),
        outcome_of=ils.outcome_of,
        is_met=ils.is_met,
        periods=PERIODS,
        verdicts=VERDICTS,
        statuses=ACTIVITY_STATES,
        moves=moves,
        writes=writes,
        is_late=report.state == OPEN and report.due_on < clock.today(),
        unjudged=sum(not one.verdict.verdict for one in found.goals),
        wanted={"kind": "duties:ils", "subject": report.uid},
        forms=forms | told,
        form=next(iter(told.values()), None),
    )


@pages.post("/ils/<uuid:uid>/steg/<key>", needs=WRITE)
def move_ils(uid: UUID, key: str) -> flask.Response:
    """Close a tertial, or open it again."""
    move = ILS_REPORT.move(key)
    redraw_with(lambda problem: _report(uid, refused(key, ReasonForm, problem)))
    known = said(ReasonForm if move.reason else Schema)
    ils.move_report(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("duties.read_ils", uid=uid)


@pages.post("/ils/bedomningar/<uuid:uid>", needs=WRITE)
def judge_ils(uid: UUID) -> flask.Response:
    """Say whether a goal is met."""
    found = ils.verdict_of(actor(), uid)
    redraw_with(lambda problem: _report(found.report.uid, refused(f"mal-{found.id}", VerdictForm, problem)))
    known = said(VerdictForm)
    ils.judge(actor(), uid, version=read_version(request.form), **known)
    return see_other("duties.read_ils", uid=found.report.uid)


@pages.get("/ils/rader/<uuid:uid>", needs=WRITE)
def edit_line(uid: UUID) -> flask.Response:
    """Show the form of a line: of an indicator or an activity."""
    found = ils.line_of(actor(), uid)
    return _line(found, _line_form(found))


@pages.post("/ils/rader/<uuid:uid>", needs=WRITE)
def write_line(uid: UUID) -> flask.Response:
    """Save a line."""
    found = ils.line_of(actor(), uid)
    schema = _asks(found)

    def again(problem: Any) -> flask.Response:
        return _line(ils.line_of(actor(), uid), Form(schema, written=request.form, errors=problem.fields(schema)))

    redraw_with(again, lambda: _line_form(ils.line_of(actor(), uid)))
    known, version = said(schema), read_version(request.form)
    if schema is IndicatorLineForm:
        ils.write_indicator(actor(), uid, version=version, **known)
    else:
        ils.write_activity(actor(), uid, version=version, **known)
    return see_other("duties.read_ils", uid=found.report.uid)


def _asks(found: IlsLine) -> type[Schema]:
    return IndicatorLineForm if found.indicator is not None else ActivityLineForm


def _line_form(found: IlsLine) -> Form:
    schema = _asks(found)
    return Form(schema, {name: getattr(found, name) for name in schema().fields}, version=found.version)


def _line(found: IlsLine, form: Form) -> flask.Response:
    return page("duties/ils_line.html", line=found, periods=PERIODS, form=form)


# --- The goals of a board -----------------------------------------------------------------------------------------


@pages.get("/ils/mal", needs=READ)
def list_ils_goals() -> flask.Response:
    """Show kommunfullmäktige's goals of a year and those of a board under them."""
    return _goals()


def _goals(told: Forms | None = None) -> flask.Response:
    told = told or {}
    asked, wrong = read_filter(GoalFilter, request.args)
    year = asked["ar"] or clock.today().year
    boards = ils_goals.readable(actor())
    board = next((one for one in boards if asked["organisation"] in (None, one.uid)), None)
    above = ils_goals.city_goals(actor(), year)
    form = Form(
        GoalFilter,
        {"ar": year, "organisation": board.uid if board else None},
        written=request.args if wrong else None,
        errors=wrong,
        options={"organisation": chosen(boards)},
    )
    forms: Forms = {}
    own = {one.id for one in ils_goals.steered(actor())}
    if board is not None and board.id in own:
        known = {"uid": db.new_uid(), "organisation": board.uid, "year": year, "nr": "", "text": "", "parent": None}
        forms["mal"] = Form(BoardGoalForm, known, ids="mal", options=_parents(year))
    aims = ils_goals.aims_of(actor(), board.id, year) if board else []
    return page(
        "duties/ils_goals.html",
        status=422 if wrong else 200,
        year=year,
        board=board,
        above=above,
        aims=aims,
        levels=GOAL_LEVELS,
        filter=form,
        may_read_in=actor().may(STEER),
        writes=board is not None and board.id in own,
        forms=forms | told,
        form=next(iter(told.values()), None),
    )


def _parents(year: int) -> dict[str, Any]:
    rows = (one for one in ils_goals.city_goals(actor(), year) if one.level_of_goal == "omrade")
    return {"parent": [(str(one.uid), f"{one.number} {one.text}") for one in rows]}


@pages.post("/ils/mal", needs=WRITE)
def add_ils_goal() -> flask.Response:
    """Write down a board's goal."""
    year = request.form.get("year", "")
    options = _parents(int(year) if year.isascii() and year.isdigit() and len(year) == 4 else clock.today().year)  # noqa: PLR2004
    redraw_with(lambda problem: _goals(refused("mal", BoardGoalForm, problem, options)))
    known = said(BoardGoalForm)
    made = ils_goals.add_board_goal(actor(), number=known.pop("nr"), **known)
    return see_other("duties.read_ils_goal", uid=made.uid)


@pages.get("/ils/mal/<uuid:uid>", needs=READ)
def read_ils_goal(uid: UUID) -> flask.Response:
    """Show a board's goal with its indicators and activities."""
    return _goal(uid)


def _goal(uid: UUID, told: Forms | None = None) -> flask.Response:
    found, told = ils_goals.read_aim(actor(), uid), told or {}
    forms: Forms = {}
    if found.goal.organisation_id in {one.id for one in ils_goals.steered(actor())}:
        indicator = IndicatorForm().load_draft({}) | {"uid": db.new_uid()}
        activity = ActivityForm().load_draft({}) | {"uid": db.new_uid()}
        forms["indikator"] = Form(IndicatorForm, indicator, ids="indikator", options=_measured())
        forms["aktivitet"] = Form(ActivityForm, activity, ids="aktivitet", options=_measures())
        forms |= _changing(found)
    return page(
        "duties/ils_goal.html", found=found, goal=found.goal, forms=forms | told, form=next(iter(told.values()), None)
    )


def _changing(found: Aim) -> Forms:
    """Return the forms by which a goal and its parts are changed; what they are linked to stays to choose."""
    goal, forms, measured, measures = found.goal, Forms(), _measured(), _measures()
    known = {"nr": goal.number, "text": goal.text}
    forms["mal"] = Form(GoalFields, known, version=goal.version, ids="mal")
    for one in found.indicators:
        facts = {name: getattr(one, name) for name in ("text", "unit", "target", "direction")}
        facts["measured_by"] = one.goal.uid if one.goal else None
        options, ids = with_standing(measured, one.goal), f"indikator-{one.uid}"
        forms[ids] = Form(IndicatorFields, facts, version=one.version, ids=ids, options=options)
    for act in found.activities:
        facts = {"text": act.text, "measure": act.measure.uid if act.measure else None}
        options, ids = with_standing(measures, act.measure), f"aktivitet-{act.uid}"
        forms[ids] = Form(ActivityFields, facts, version=act.version, ids=ids, options=options)
    return forms


@pages.post("/ils/mal/<uuid:uid>", needs=WRITE)
def change_ils_goal(uid: UUID) -> flask.Response:
    """Save a board's goal."""
    redraw_with(lambda problem: _goal(uid, refused("mal", GoalFields, problem)))
    known = said(GoalFields)
    ils_goals.change_goal(actor(), uid, number=known.pop("nr"), version=read_version(request.form), **known)
    return see_other("duties.read_ils_goal", uid=uid)


@pages.post("/ils/indikatorer/<uuid:uid>", needs=WRITE)
def change_indicator(uid: UUID) -> flask.Response:
    """Save an indicator."""
    above, ids, options = ils_goals.goal_of(actor(), IlsIndicator, uid), f"indikator-{uid}", _measured()
    redraw_with(lambda problem: _goal(above, refused(ids, IndicatorFields, problem, options)))
    ils_goals.change_indicator(actor(), uid, version=read_version(request.form), **said(IndicatorFields))
    return see_other("duties.read_ils_goal", uid=above)


@pages.post("/ils/aktiviteter/<uuid:uid>", needs=WRITE)
def change_activity(uid: UUID) -> flask.Response:
    """Save an activity."""
    above, ids, options = ils_goals.goal_of(actor(), IlsActivity, uid), f"aktivitet-{uid}", _measures()
    redraw_with(lambda problem: _goal(above, refused(ids, ActivityFields, problem, options)))
    ils_goals.change_activity(actor(), uid, version=read_version(request.form), **said(ActivityFields))
    return see_other("duties.read_ils_goal", uid=above)


def _measured() -> dict[str, Any]:
    return {"measured_by": [none(), *ils_goals.linkable_goals(actor())]}


def _measures() -> dict[str, Any]:
    return {"measure": [none(), *plans.linkable(actor())]}


@pages.post("/ils/mal/<uuid:uid>/indikatorer", needs=WRITE)
def add_indicator(uid: UUID) -> flask.Response:
    """Write down an indicator."""
    options = _measured()
    redraw_with(lambda problem: _goal(uid, refused("indikator", IndicatorForm, problem, options)))
    known = said(IndicatorForm)
    ils_goals.add_indicator(actor(), uid, uid=known.pop("uid"), **known)
    return see_other("duties.read_ils_goal", uid=uid)


@pages.post("/ils/mal/<uuid:uid>/aktiviteter", needs=WRITE)
def add_activity(uid: UUID) -> flask.Response:
    """Write down an activity."""
    options = _measures()
    redraw_with(lambda problem: _goal(uid, refused("aktivitet", ActivityForm, problem, options)))
    known = said(ActivityForm)
    ils_goals.add_activity(actor(), uid, uid=known.pop("uid"), **known)
    return see_other("duties.read_ils_goal", uid=uid)
