"""The pages of money that is asked to follow to another year, or to be used for something else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock
from core.flow import moves_for
from core.followup.models import CARRY_CAUSES, DECIDE, READ
from core.followup.schemas.money import (
    CarryDecisionForm,
    CarryFilter,
    OpinionForm,
    ReallocationDecisionForm,
)
from core.followup.services import carrying_over, moving_money
from core.followup.services.money import years_of
from core.followup.states import CARRY_OVER, REALLOCATION
from core.followup.views.blueprint import pages
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, read_filter, read_version, refused, said
from core.http.paging import mark, place
from core.schema import ReasonForm, Schema


@pages.get("/uppfoljning/ombudgetering", needs=READ)
def list_carry_overs() -> flask.Response:
    """List what is asked to follow to another year, with how long it has waited."""
    asked, wrong = read_filter(CarryFilter, request.args)
    after: Any = place(asked.get("efter"), int)
    found = carrying_over.list_asked(actor(), asked["visa"], after=after)
    return page(
        "followup/carry_overs.html",
        status=422 if wrong else 200,
        filter=Form(CarryFilter, asked, errors=wrong),
        rows=[(row, CARRY_OVER.states[row.state], _days_since(row.asked_at)) for row in found.rows],
        causes=CARRY_CAUSES,
        filtered=bool(asked["visa"]),
        more=flask.url_for("followup.list_carry_overs", visa=asked["visa"] or None, efter=mark(found.after))
        if found.after
        else None,
    )


def _days_since(at: datetime) -> int:
    """Return how many days ago something was, as the calendar in Stockholm counts them."""
    return (clock.today() - clock.local(at).date()).days


@pages.get("/ombudgetering/<uuid:uid>", needs=READ)
def read_carry_over(uid: UUID) -> flask.Response:
    """Show what is asked, what is said of it and what was decided."""
    return _carry_page(uid)


@pages.post("/ombudgetering/<uuid:uid>/yttrande", needs=DECIDE)
def give_opinion(uid: UUID) -> flask.Response:
    """Say what stadsledningskontoret thinks."""
    redraw_with(lambda problem: _carry_page(uid, refused("yttra", OpinionForm, problem)))
    carrying_over.give_opinion(actor(), uid, version=read_version(request.form), **said(OpinionForm))
    return see_other("followup.read_carry_over", uid=uid)


@pages.post("/ombudgetering/<uuid:uid>/beslut", needs=DECIDE)
def record(uid: UUID) -> flask.Response:
    """Record what was decided."""
    redraw_with(lambda problem: _carry_page(uid, refused("registrera", CarryDecisionForm, problem)))
    known = said(CarryDecisionForm) | {"version": read_version(request.form)}
    known["granted"] = known["granted"] == "ja"
    carrying_over.record(actor(), uid, **known)
    return see_other("followup.read_carry_over", uid=uid)


@pages.post("/ombudgetering/<uuid:uid>/bekrafta", needs=DECIDE)
def confirm(uid: UUID) -> flask.Response:
    """Confirm what another person has recorded."""
    redraw_with(lambda problem: _carry_page(uid, refused("bekrafta", Schema, problem)))
    said()
    carrying_over.confirm(actor(), uid, version=read_version(request.form))
    return see_other("followup.read_carry_over", uid=uid)


@pages.post("/ombudgetering/<uuid:uid>/steg/<key>", needs=READ)
def move_carry_over(uid: UUID, key: str) -> flask.Response:
    """Take back what was asked, or what was recorded."""
    redraw_with(lambda problem: _carry_page(uid, refused(key, ReasonForm, problem)))
    carrying_over.move(actor(), uid, key, version=read_version(request.form), **said(ReasonForm))
    return see_other("followup.read_carry_over", uid=uid)


def _carry_page(uid: UUID, told: Forms | None = None) -> flask.Response:
    row = carrying_over.read(actor(), uid)
    open_moves = {one.key: one for one in moves_for(CARRY_OVER, row, actor())}
    shown: Forms = {}
    if "yttra" in open_moves:
        shown["yttra"] = Form(OpinionForm, version=row.version, ids="yttra")
    if "registrera" in open_moves:
        shown["registrera"] = Form(CarryDecisionForm, version=row.version, ids="registrera")
    for key in ("aterkalla", "ta_tillbaka"):
        if key in open_moves:
            shown[key] = Form(ReasonForm, version=row.version, ids=key)
    told = told or {}
    years = years_of(actor(), row.application)
    return page(
        "followup/carry_over.html",
        row=row,
        stands=CARRY_OVER.states[row.state],
        causes=CARRY_CAUSES,
        moves=open_moves,
        confirms="bevilja" in open_moves and row.decided_by_id != actor().id,
        waits_for_another=row.state == "registrerad" and row.decided_by_id == actor().id,
        year=next((one for one in years if one.year == row.from_year), None),
        forms=shown | told,
        form=next(iter(told.values()), None),
    )


# --- Used for something else --------------------------------------------------------------------------------------


@pages.get("/uppfoljning/omdisponering", needs=READ)
def list_reallocations() -> flask.Response:
    """List what is asked to be used for something else."""
    after: Any = place(request.args.get("efter"), int)
    found = moving_money.list_reallocations(actor(), after=after)
    return page(
        "followup/reallocations.html",
        rows=[(row, REALLOCATION.states[row.state]) for row in found.rows],
        more=flask.url_for("followup.list_reallocations", efter=mark(found.after)) if found.after else None,
    )


@pages.get("/omdisponering/<uuid:uid>", needs=READ)
def read_reallocation(uid: UUID) -> flask.Response:
    """Show what is asked and what was decided."""
    return _reallocation_page(uid)


@pages.post("/omdisponering/<uuid:uid>/steg/<key>", needs=READ)
def move_reallocation(uid: UUID, key: str) -> flask.Response:
    """Grant it, refuse it, or take it back."""
    asked = ReasonForm if key == "aterkalla" else ReallocationDecisionForm
    redraw_with(lambda problem: _reallocation_page(uid, refused(key, asked, problem)))
    known = said(asked) | {"version": read_version(request.form)}
    if key == "aterkalla":
        moving_money.withdraw(actor(), uid, **known)
    else:
        moving_money.decide(actor(), uid, key, **known)
    return see_other("followup.read_reallocation", uid=uid)


def _reallocation_page(uid: UUID, told: Forms | None = None) -> flask.Response:
    row = moving_money.read_reallocation(actor(), uid)
    moves = moves_for(REALLOCATION, row, actor())
    shown: Forms = {
        one.key: Form(ReasonForm, version=row.version, ids=one.key)
        if one.key == "aterkalla"
        else Form(ReallocationDecisionForm, {"decided_on": clock.today()}, version=row.version, ids=one.key)
        for one in moves
    }
    told = told or {}
    return page(
        "followup/reallocation.html",
        row=row,
        stands=REALLOCATION.states[row.state],
        moves=moves,
        forms=shown | told,
        form=next(iter(told.values()), None),
    )
