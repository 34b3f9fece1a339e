"""The pages of how the law is met, and of who coordinates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.duties.law import BOARDS, LACKING, LATE, MET, STANDINGS
from core.duties.models.coordination import APPOINT, EDIT, READ
from core.duties.schemas.law import (
    BoardFilter,
    CoordinatorChange,
    CoordinatorForm,
    EndForm,
    FunctionChange,
    FunctionForm,
)
from core.duties.services import clocks, compliance, coordination
from core.duties.views.blueprint import chosen, pages, tabs, with_standing
from core.flow import State
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, read_filter, read_version, refused, said
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_
from core.people import services as people
from core.schema import Schema

LOOKS = {
    MET: State(STANDINGS[MET], "success", "done"),
    LATE: State(STANDINGS[LATE], "danger", "late"),
    LACKING: State(STANDINGS[LACKING], "warning", "missing"),
}
GAPS = 8
"""Boards without a samordnare that are named above the list."""
ASKED = {
    "funktion": N_("Skriv in vem som har samordningsfunktionen."),
    "lagesbild": N_("Skriv lägesbilden och skriv in beslutet."),
    "innehall": N_("Skriv de delar som saknas i lägesbilden."),
    "plan": N_("Bygg en åtgärdsplan på lägesbilden och skriv in beslutet."),
    "uppdatering": N_("Uppdatera lägesbilden och åtgärdsplanen."),
    "uppfoljning": N_("Skriv resultatet av åtgärderna och följ upp planen."),
    "samordnare": N_("Utse de samordnare som saknas."),
}
"""What comes next for a duty that is not met."""


@pages.get("/lagkrav", needs=READ)
def statement() -> flask.Response:
    """Show how each duty of the law stands: what is late or lacking first in words, then all in a table."""
    found = compliance.statement(actor())
    open_ones = [one for one in found if one.state != MET]
    return page(
        "duties/statement.html",
        tabs=tabs("duties.statement"),
        rows=[(one, LOOKS[one.state]) for one in found],
        open_ones=open_ones,
        asked=ASKED[open_ones[0].key] if open_ones else None,
        ahead=clocks.running_out(actor()),
        may_edit=actor().may(EDIT),
        today=clock.today(),
        wanted={"kind": "duties:lagkrav", "subject": actor().uid},
    )


@pages.get("/lagkrav/samordnare", needs=READ)
def list_boards() -> flask.Response:
    """List the boards and companies with their samordnare, and show who has the coordination function."""
    return _boards()


def _boards(told: Forms | None = None) -> flask.Response:
    told = told or {}
    asked, wrong = read_filter(BoardFilter, request.args)
    day = asked["dag"] or clock.today()
    after: Any = place(asked.get("efter"), str, int)
    found = coordination.list_boards(actor(), day=day, lacking=asked["visa"] == "saknas", after=after)
    whole, lacking = coordination.count_boards(actor(), day=day)
    forms: Forms = {}
    if actor().may(EDIT):
        known = FunctionForm().load_draft({}) | {"uid": db.new_uid(), "valid_from": clock.today()}
        forms["funktion"] = Form(FunctionForm, known, ids="funktion", options=_homes())
    if actor().may(APPOINT):
        known = CoordinatorForm().load_draft({}) | {"uid": db.new_uid(), "valid_from": clock.today()}
        forms["samordnare"] = Form(CoordinatorForm, known, ids="samordnare", options=_appointed_by())
    ends = {
        one.uid: told.get(f"slut-{one.uid}")
        or Form(EndForm, {"on": clock.today()}, version=one.version, ids=f"slut-{one.uid}")
        for board in found.rows
        for one in board.now
        if one.valid_to is None and coordination.may_end(actor(), one)
    }
    holder = coordination.function_on(actor(), day)
    if holder is not None and actor().may(EDIT) and holder.valid_to is None:
        forms["slut"] = Form(EndForm, {"on": clock.today()}, version=holder.version, ids="slut")
    more = {"visa": asked["visa"] or None, "dag": asked["dag"], "efter": mark(found.after)}
    return page(
        "duties/boards.html",
        status=422 if wrong else 200,
        tabs=tabs("duties.list_boards"),
        views=_views(asked["visa"], whole, lacking, asked["dag"]),
        rows=found.rows,
        gaps=coordination.list_boards(actor(), day=day, lacking=True, limit=GAPS).rows if not asked["visa"] else [],
        lacking=lacking,
        whole=whole,
        day=day,
        is_today=day == clock.today(),
        holder=holder,
        may_edit=actor().may(EDIT),
        ends=ends,
        changed={one.uid for board in found.rows for one in board.now if coordination.may_end(actor(), one)},
        filter=Form(BoardFilter, asked, written=request.args if wrong else None, errors=wrong),
        more=flask.url_for("duties.list_boards", **more) if found.after else None,
        forms=forms | told,
        form=next(iter(told.values()), None),
    )


def _views(visa: str, whole: int, lacking: int, day: Any) -> list[dict[str, Any]]:
    counts = {"": whole, "saknas": lacking}
    named = {"": N_("Alla"), "saknas": N_("Saknar samordnare")}
    return [
        {
            "text": translate(text),
            "href": flask.url_for("duties.list_boards", visa=key or None, dag=day),
            "current": key == visa,
            "count": counts[key],
        }
        for key, text in named.items()
    ]


def _homes() -> dict[str, Any]:
    kinds = ("kommunstyrelse", *BOARDS)
    return {"organisation": chosen(row for row in people.every_organisation(actor()) if row.kind in kinds)}


def _appointed_by() -> dict[str, Any]:
    return {"organisation": coordination.appointing(actor())}


@pages.post("/lagkrav/samordningsfunktion", needs=EDIT)
def decide_function() -> flask.Response:
    """Write down which function coordinates for the municipality."""
    options = _homes()
    redraw_with(lambda problem: _boards(refused("funktion", FunctionForm, problem, options)))
    coordination.decide_function(actor(), **said(FunctionForm))
    return see_other("duties.list_boards")


@pages.get("/lagkrav/samordningsfunktion/<uuid:uid>", needs=EDIT)
def edit_function(uid: UUID) -> flask.Response:
    """Show the form by which a coordination function is corrected."""
    return _correcting(N_("Ändra samordningsfunktionen"), _function(uid))


@pages.post("/lagkrav/samordningsfunktion/<uuid:uid>", needs=EDIT)
def change_function(uid: UUID) -> flask.Response:
    """Save a coordination function."""

    def again(problem: Any) -> flask.Response:
        return _correcting(N_("Ändra samordningsfunktionen"), _function(uid, problem))

    redraw_with(again, lambda: _function(uid))
    coordination.change_function(actor(), uid, version=read_version(request.form), **said(FunctionChange))
    return see_other("duties.list_boards")


def _function(uid: UUID, problem: Any = None) -> Form:
    row = coordination.read_function(actor(), uid)
    return _correction(FunctionChange, row, with_standing(_homes(), row.organisation), problem)


def _correction(schema: type[Schema], row: Any, options: dict[str, Any], problem: Any) -> Form:
    if problem is not None:
        return Form(schema, written=request.form, errors=problem.fields(schema), options=options)
    known = {name: getattr(row, name) for name in schema().fields} | {"organisation": row.organisation.uid}
    return Form(schema, known, version=row.version, options=options)


def _correcting(title: str, form: Form) -> flask.Response:
    return page("duties/coordination.html", title=title, form=form)


@pages.post("/lagkrav/samordningsfunktion/<uuid:uid>/avsluta", needs=EDIT)
def end_function(uid: UUID) -> flask.Response:
    """Let the coordination function end."""
    redraw_with(lambda problem: _boards(refused("slut", EndForm, problem)))
    known = said(EndForm)
    coordination.end_function(actor(), uid, version=read_version(request.form), **known)
    return see_other("duties.list_boards")


@pages.post("/lagkrav/samordnare", needs=APPOINT)
def appoint() -> flask.Response:
    """Write down a samordnare."""
    options = _appointed_by()
    redraw_with(lambda problem: _boards(refused("samordnare", CoordinatorForm, problem, options)))
    coordination.appoint(actor(), **said(CoordinatorForm))
    return see_other("duties.list_boards")


@pages.get("/lagkrav/samordnare/<uuid:uid>", needs=APPOINT)
def edit_coordinator(uid: UUID) -> flask.Response:
    """Show the form by which a samordnare is corrected."""
    return _correcting(N_("Ändra samordnaren"), _coordinator(uid))


@pages.post("/lagkrav/samordnare/<uuid:uid>", needs=APPOINT)
def change_coordinator(uid: UUID) -> flask.Response:
    """Save a samordnare."""

    def again(problem: Any) -> flask.Response:
        return _correcting(N_("Ändra samordnaren"), _coordinator(uid, problem))

    redraw_with(again, lambda: _coordinator(uid))
    coordination.change_coordinator(actor(), uid, version=read_version(request.form), **said(CoordinatorChange))
    return see_other("duties.list_boards")


def _coordinator(uid: UUID, problem: Any = None) -> Form:
    row = coordination.read_coordinator(actor(), uid)
    return _correction(CoordinatorChange, row, with_standing(_appointed_by(), row.organisation), problem)


@pages.post("/lagkrav/samordnare/<uuid:uid>/avsluta", needs=APPOINT)
def end_coordinator(uid: UUID) -> flask.Response:
    """Let a samordnare end."""
    redraw_with(lambda problem: _boards(refused(f"slut-{uid}", EndForm, problem)))
    known = said(EndForm)
    coordination.end_coordinator(actor(), uid, version=read_version(request.form), **known)
    return see_other("duties.list_boards")
