"""The blueprint of the pages of cooperation, and the row of the five steps that stands on many of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import flask
from flask import request

from core import clock
from core.cooperation import services
from core.cooperation.models import Cycle
from core.cooperation.states import CYCLE, ENDED, STEPS
from core.flow import Move, State
from core.http import Pages, page, redraw_with
from core.http.forms import Form, Forms, Options, said
from core.http.texts import translate
from core.i18n import N_
from core.schema import ReasonForm, Schema

pages = Pages("cooperation", "core.cooperation.views")

DOORS = {
    "lagesbild": "cooperation.list_pictures",
    "prioritera": "cooperation.list_problems",
    "mal": "cooperation.list_goals",
    "genomfora": "cooperation.follow_up",
}
"""The page of each step that has one of its own."""
DONE, GOES_ON, NOT_YET = (
    State(N_("Klart"), "success", "done"),
    State(N_("Pågår"), "info", "ongoing"),
    State(N_("Ej påbörjat"), "plain", "open"),
)


def step_row(cycle: Cycle) -> list[dict[str, Any]]:
    """Return the five steps with how each stands, for the macro `step_row` of cooperation/steps.html."""
    here = STEPS.index(cycle.state) if cycle.state in STEPS else len(STEPS) if cycle.state == ENDED else -1
    return [
        {
            "text": CYCLE.states[key].label,
            "href": flask.url_for(DOORS[key], uid=cycle.uid) if key in DOORS and number <= here else None,
            "stands": DONE if number < here else GOES_ON if number == here else NOT_YET,
            "current": number == here,
        }
        for number, key in enumerate(STEPS)
    ]


def opening(cycle: Cycle) -> str:
    """Return when the pictures open, or that they are open."""
    opened = services.cycles.opened_since(cycle)
    if opened is not None:
        return translate(N_("Öppnade {at}")).format(at=spoken(opened))
    if cycle.opens_at is None:
        return ""
    return translate(N_("Öppnas {at}, eller när alla har lämnat in")).format(at=spoken(cycle.opens_at))


def spoken(at: Any) -> str:
    """Return a moment as pages write it."""
    return clock.local(at).strftime("%Y-%m-%d %H.%M")


def sent(
    draw: Callable[[Forms], flask.Response],
    ids: str,
    schema: type[Schema],
    options: Callable[[], Mapping[str, Options]] | None = None,
) -> dict[str, Any]:
    """Return what one of the forms of a page says. Raises Invalid.

    If that or what follows is refused, `draw` gets the form as it was sent, to draw the page again with it.
    """

    def again(problem: Any) -> flask.Response:
        errors, chosen = problem.fields(schema), options() if options else None
        return draw({ids: Form(schema, written=request.form, errors=errors, options=chosen, ids=ids)})

    redraw_with(again)
    return said(schema)


def asking(moves: Iterable[Move], row: Any) -> Forms:
    """Return a form for each of the moves of a row that ask why, by its key."""
    return {move.key: Form(ReasonForm, version=row.version, ids=move.key) for move in moves if move.reason}


def asked_by(move: Move) -> type[Schema]:
    """Return what a move asks: why, or nothing."""
    return ReasonForm if move.reason else Schema


def saved(endpoint: str, part: str, **values: Any) -> flask.Response:
    """Go back to the part of a page where something was saved, which says so once: focus goes on from there."""
    flask.session["saved"] = part
    return flask.make_response(flask.redirect(flask.url_for(endpoint, **values, _anchor=part), 303))


def page_with(template: str, forms: Forms, refused: Forms | None, **context: Any) -> flask.Response:
    """Render a page of several forms: the one that was refused, as it was sent, in place of the fresh one."""
    told = refused or {}
    done = flask.session.pop("saved", "")
    return page(template, forms=forms | told, form=next(iter(told.values()), None), saved=done, **context)
