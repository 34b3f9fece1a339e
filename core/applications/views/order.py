"""The order of a round with its line, live and as it was frozen; and the steps of a round."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core.applications.models import ASSESSED, HANDLE, OUTCOMES, RANK
from core.applications.schemas.rounds import MoveRow
from core.applications.services import ranking, rounds
from core.applications.services.ranking import Order
from core.applications.states import APPLICATION, ROUND
from core.applications.told_of_rounds import called
from core.applications.views.blueprint import asked_by, pages
from core.applications.views.rounds import round_page
from core.flow import moves_for
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Forms, read_version, refused, said
from core.schema import ReasonForm, Schema


@pages.post("/omgangar/<uuid:uid>/steg/<key>", needs=rounds.SEE)
def move_round(uid: UUID, key: str) -> flask.Response:
    """Take a round on: open it, prepare it, call it off, end it; freeze its order, or open that again."""
    step = ROUND.move(key)
    schema = asked_by(step)
    of_order = step.needs == RANK
    draw = partial(order_page if of_order else round_page, uid)
    redraw_with(lambda problem: draw(refused(key, schema, problem)))
    known = said(schema)
    move = ranking.move_order if of_order else rounds.move_round
    move(actor(), uid, key, version=read_version(request.form), **known)
    return see_other("applications.show_order" if of_order else "applications.read_round", uid=uid)


@pages.get("/omgangar/<uuid:uid>/ordning", needs=ASSESSED)
def show_order(uid: UUID) -> flask.Response:
    """Show the order of a round and where the money of each year ends."""
    return order_page(uid)


@pages.post("/omgangar/<uuid:uid>/ordning/flytta", needs=RANK)
def move_row(uid: UUID) -> flask.Response:
    """Put an application at another place; the page then offers to undo it."""
    redraw_with(lambda problem: order_page(uid, refused("flytta", MoveRow, problem)))
    known = said(MoveRow)
    before = [one.uid for one in ranking.places_in(rounds.read_round(actor(), uid))]
    ranking.move_row(actor(), uid, known["application"], to=known["to"], version=read_version(request.form))
    was = before.index(known["application"]) + 1
    return see_other("applications.show_order", uid=uid, flyttad=known["application"], fran=was)


@pages.post("/omgangar/<uuid:uid>/ordning/poang", needs=RANK)
def rank_by_points(uid: UUID) -> flask.Response:
    """Put the order by points."""
    redraw_with(lambda problem: order_page(uid, refused("poang", Schema, problem)))
    said()
    ranking.rank_by_points(actor(), uid, version=read_version(request.form))
    return see_other("applications.show_order", uid=uid)


def order_page(uid: UUID, told: Forms | None = None) -> flask.Response:
    """Draw the order of a round, with the form that was refused."""
    round_ = rounds.read_round(actor(), uid)
    moves = [move for move in moves_for(ROUND, round_, actor()) if move.needs == RANK]
    shown: dict[str, Any] = {
        "form": next(iter((told or {}).values()), None),
        "forms": {move.key: Form(ReasonForm, version=round_.version, ids=move.key) for move in moves if move.reason},
        "round": round_,
        "title": called(round_),
        "stands": rounds.stands(round_),
        "moves": moves,
        "outcomes": OUTCOMES,
    }
    shown["forms"] |= told or {}
    if round_.frozen is not None:
        return page(
            "applications/order_frozen.html",
            kept=round_.frozen,
            years=ranking.years_of(round_.frozen) or [str(round_.year)],
            hidden=ranking.hidden_in(actor(), round_),
            outside=[_outside(**one) for one in round_.frozen.get("outside", ())],
            elsewhere=round_.frozen.get("elsewhere", []),
            **shown,
        )
    order = ranking.order_in(actor(), round_)
    ranks = round_.state == "bereds" and actor().may(RANK)
    return page("applications/order.html", ranks=ranks, undo=_undo(order) if ranks else None, **shown, **_live(order))


def _live(order: Order) -> dict[str, Any]:
    """Return the order as its template draws it, each line of a year before the row where its money ends."""
    by_year, carried = ranking.running_costs(order)
    lines: dict[int, list[int]] = {}
    for year, at in order.cut.lines.items():
        lines.setdefault(at, []).append(year)
    noteless = [line for line, _ in order.rows if line.verdict and line.verdict.lacks_note]
    unready = [line for line, _ in order.rows if line not in noteless and line.application.state != "forslag"]
    given = ranking.shares(order)
    return {
        "order": order,
        "texted": ranking.texted,
        "years": order.years,
        "frames": {year: order.cut.frames.get(year, 0) for year in order.years},
        "lines": lines,
        "lacks_note": next(iter(noteless), None),
        "unready": next(iter(unready), None),
        "unready_count": len(noteless) + len(unready),
        "shares": given,
        "shared": sum(kronor for _, kronor in given),
        "running": by_year,
        "carried": carried,
        "drift": sum(max(one.running.values(), default=0) for one, placed in order.rows if placed.fits),
        "mine": [line.application.number for line in order.lines if line.aside],
        "handles": actor().may(HANDLE),
        "outside": [_outside(one.uid, one.number, one.organisation.name, one.state) for one in order.outside],
        "elsewhere": order.elsewhere,
    }


def _outside(application: object, number: str, organisation: str, state: str) -> tuple[Any, ...]:
    """Return an application of the round that is not in its order: its uid, number, board, and how it stood."""
    return application, number, organisation, APPLICATION.states[state].label


def _undo(order: Order) -> dict[str, Any] | None:
    """Return the move that takes the last one back, as the address names it."""
    found = next((one for one in order.lines if str(one.application.uid) == request.args.get("flyttad")), None)
    was = request.args.get("fran", "")
    if found is None or found.aside or not (was.isascii() and was.isdecimal() and 0 < int(was) <= len(order.lines)):
        return None
    return {"application": str(found.application.uid), "to": was}
