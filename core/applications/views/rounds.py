"""The pages of rounds: the list, a new one, and one of them with its terms and what is applied for in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import db
from core.applications import rounds_table
from core.applications.models import ASSESSED, EDIT, READ
from core.applications.schemas.applications import ApplicationFilter
from core.applications.schemas.rounds import CeilingForm, NewRoundForm, RoundFilter, RoundForm, facts_of, form_of
from core.applications.services import applications, rounds
from core.applications.services.amounts import sought_by_year
from core.applications.states import APPLICATION, ROUND
from core.applications.told_of_rounds import called
from core.applications.views.blueprint import pages
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, none, read_filter, read_version, refused, said
from core.http.paging import mark, moment, place
from core.i18n import N_
from core.reserve.services.programmes import programmes
from core.schema import ReasonForm


@pages.get("/omgangar", needs=rounds.SEE)
def list_rounds() -> flask.Response:
    """List the rounds, the one that closes last first, with what is applied for in each."""
    asked, wrong = read_filter(RoundFilter, request.args)
    after: Any = place(asked.get("efter"), moment, int)
    found = rounds.list_rounds(actor(), after=after)
    applied = rounds.applied_in(actor(), found.rows)
    return page(
        "applications/rounds.html",
        status=422 if wrong else 200,
        rows=[(row, rounds.stands(row), *applied.get(row.id, (0, 0))) for row in found.rows],
        last_day=rounds.last_day,
        reads=actor().may(READ),
        edits=actor().may(EDIT),
        more=flask.url_for("applications.list_rounds", efter=mark(found.after)) if found.after else None,
    )


@pages.get("/omgangar/ny", needs=EDIT)
def new_round() -> flask.Response:
    """Ask when a new round is open, and on which terms."""
    known = NewRoundForm().load_draft({}) | {"uid": db.new_uid()}
    return _form(Form(NewRoundForm, known, options=_programmes()))


@pages.post("/omgangar/ny", needs=EDIT)
def plan_round() -> flask.Response:
    """Lay up a round."""

    def again(problem: Any) -> flask.Response:
        errors = problem.fields(NewRoundForm)
        return _form(Form(NewRoundForm, written=request.form, errors=errors, options=_programmes()))

    redraw_with(again)
    made = rounds.plan_round(actor(), **facts_of(said(NewRoundForm)))
    return see_other("applications.read_round", uid=made.uid)


@pages.get("/omgangar/<uuid:uid>/andra", needs=EDIT)
def edit_round(uid: UUID) -> flask.Response:
    """Ask what to change of a round that has not been opened."""
    return _form(_filled(uid), uid)


@pages.post("/omgangar/<uuid:uid>/andra", needs=EDIT)
def change_round(uid: UUID) -> flask.Response:
    """Change it."""

    def again(problem: Any) -> flask.Response:
        return _form(Form(RoundForm, written=request.form, errors=problem.fields(RoundForm)), uid)

    redraw_with(again, lambda: _filled(uid))
    rounds.change_round(actor(), uid, version=read_version(request.form), **facts_of(said(RoundForm)))
    return see_other("applications.read_round", uid=uid)


def _filled(uid: UUID) -> Form:
    row = rounds.read_round(actor(), uid)
    return Form(RoundForm, form_of(row), version=row.version)


def _programmes() -> dict[str, Any]:
    return {"programme": [none(N_("Välj")), *((str(one.uid), one.name) for one in programmes())]}


def _form(form: Form, uid: UUID | None = None) -> flask.Response:
    row = rounds.read_round(actor(), uid) if uid is not None else None
    return page("applications/round_form.html", form=form, round=row, title=called(row) if row else None)


@pages.get("/omgangar/<uuid:uid>", needs=rounds.SEE)
def read_round(uid: UUID) -> flask.Response:
    """Show a round: its days and terms, what is applied for in it each year and by whom."""
    return round_page(uid)


@pages.post("/omgangar/<uuid:uid>/tak", needs=EDIT)
def set_ceiling(uid: UUID) -> flask.Response:
    """Say what one board may apply for."""
    redraw_with(lambda problem: round_page(uid, refused("tak", CeilingForm, problem, _boards())))
    known = said(CeilingForm)
    rounds.set_ceiling(actor(), uid, version=read_version(request.form), **known)
    return see_other("applications.read_round", uid=uid)


def _boards() -> dict[str, Any]:
    return {"organisation": [none(N_("Välj")), *rounds.boards()]}


def round_page(uid: UUID, told: Forms | None = None) -> flask.Response:
    """Draw a round, with the form that was refused."""
    row = rounds.read_round(actor(), uid)
    moves = [move for move in moves_for(ROUND, row, actor()) if move.needs == EDIT]
    moves = [move for move in moves if move.key != rounds.other_way_back(row)]
    forms: Forms = {move.key: Form(ReasonForm, version=row.version, ids=move.key) for move in moves if move.reason}
    if row.state == ROUND.start and actor().may(EDIT):
        forms["tak"] = Form(CeilingForm, version=row.version, ids="tak", options=_boards())
    forms |= told or {}
    asked, _ = read_filter(ApplicationFilter, request.args) if request.method == "GET" else ({}, None)
    after: Any = place(asked.get("efter"), int)
    found = applications.Page([], None)
    if actor().may(READ):
        found = applications.list_applications(actor(), applications.Wish(round=uid), after=after)
    sought = sought_by_year([one.id for one in found.rows])
    return page(
        "applications/round.html",
        forms=forms,
        form=next(iter((told or {}).values()), None),
        round=row,
        title=called(row),
        stands=rounds.stands(row),
        last_day=rounds.last_day(row),
        closes=rounds.closes_words(row),
        moves=moves,
        takes_in=rounds.is_open(row),
        terms=row.terms,
        ceilings=rounds.ceilings_of(row),
        rows=[(one, APPLICATION.states[one.state], sought.get(one.id, {})) for one in found.rows],
        years=sorted({year for one in sought.values() for year in one}),
        sums=rounds_table.sums(actor(), row) if actor().may(READ) else ({}, []),
        assessed=actor().may(ASSESSED),
        ranks=actor().may(ASSESSED) and row.state in ("bereds", "fryst", "beslutad"),
        wanted={"kind": rounds_table.ROUND, "subject": str(row.uid), "format": "xlsx"},
        more=flask.url_for("applications.read_round", uid=uid, efter=mark(found.after)) if found.after else None,
    )
