"""The pages of claims for payment: the list, and one with what one may do with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core.flow import moves_for
from core.followup.models import CLAIM, READ, SEND
from core.followup.schemas.money import ClaimFields, ClaimFilter
from core.followup.services import claims
from core.followup.services.money import years_of
from core.followup.states import CLAIMS
from core.followup.views.blueprint import pages
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, Options, read_filter, read_version, refused, said
from core.http.paging import mark, place, state_tabs
from core.schema import ReasonForm, Schema


@pages.get("/rekvisitioner", needs=READ)
def list_claims() -> flask.Response:
    """List the claims, the newest first, all or those in one state."""
    asked, wrong = read_filter(ClaimFilter, request.args)
    after: Any = place(asked.get("efter"), int)
    found = claims.list_claims(actor(), asked["visa"], after=after)
    counts = claims.count_claims(actor())
    named = {key: state.label for key, state in CLAIMS.states.items()}
    return page(
        "followup/claims.html",
        status=422 if wrong else 200,
        rows=[(row, CLAIMS.states[row.state]) for row in found.rows],
        tabs=state_tabs("followup.list_claims", named, counts, asked["visa"], claims.COUNTED),
        filtered=bool(asked["visa"]),
        may_send=actor().may(SEND),
        more=flask.url_for("followup.list_claims", visa=asked["visa"] or None, efter=mark(found.after))
        if found.after
        else None,
    )


@pages.get("/rekvisitioner/<uuid:uid>", needs=READ)
def read_claim(uid: UUID) -> flask.Response:
    """Show a claim."""
    return _page(uid)


@pages.post("/rekvisitioner/<uuid:uid>", needs=CLAIM)
def change_claim(uid: UUID) -> flask.Response:
    """Write it anew."""
    redraw_with(lambda problem: _page(uid, refused("andra", ClaimFields, problem, _years(uid))))
    claims.change_claim(actor(), uid, version=read_version(request.form), **said(ClaimFields))
    return see_other("followup.read_claim", uid=uid)


@pages.post("/rekvisitioner/<uuid:uid>/steg/<key>", needs=READ)
def move_claim(uid: UUID, key: str) -> flask.Response:
    """Send it, check it, pay it, or give it back."""
    asked = ReasonForm if CLAIMS.move(key).reason else Schema
    redraw_with(lambda problem: _page(uid, refused(key, asked, problem)))
    claims.move_claim(actor(), uid, key, version=read_version(request.form), **said(asked))
    return see_other("followup.read_claim", uid=uid)


def _years(uid: UUID) -> dict[str, Options]:
    found = claims.read_claim(actor(), uid)
    years = {one.year for one in years_of(actor(), found.application) if one.granted} | {found.year}
    return {"year": [(str(year), str(year)) for year in sorted(years)]}


def _page(uid: UUID, told: Forms | None = None) -> flask.Response:
    claim = claims.read_claim(actor(), uid)
    moves = moves_for(CLAIMS, claim, actor())
    shown: Forms = {one.key: Form(ReasonForm, version=claim.version, ids=one.key) for one in moves if one.reason}
    if any(one.key == "skicka" for one in moves):
        known = {name: getattr(claim, name) for name in ClaimFields().fields}
        shown["andra"] = Form(ClaimFields, known, version=claim.version, ids="andra", options=_years(uid))
    told = told or {}
    years = years_of(actor(), claim.application)
    return page(
        "followup/claim.html",
        claim=claim,
        stands=CLAIMS.states[claim.state],
        moves=moves,
        year=next((one for one in years if one.year == claim.year), None),
        forms=shown | told,
        form=next(iter(told.values()), None),
    )
