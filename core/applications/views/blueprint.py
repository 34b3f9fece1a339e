"""The blueprint of the pages of applications, and the frame that every part of an application is drawn in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import flask
from flask import request
from werkzeug.datastructures import MultiDict

from core.applications.models import ASSESSED, DECISION_READ, INSIDE, Application
from core.applications.parts import PARTS
from core.applications.services.parts import Read
from core.applications.services.summary import Summary, parts_summary
from core.applications.states import APPLICATION, FOR_APPLICANTS
from core.flow import Move, State
from core.http import Pages, actor, page, redraw_with
from core.http.forms import Form, Forms, Options, said
from core.http.texts import translate
from core.i18n import N_
from core.schema import ReasonForm, Schema

pages = Pages("applications", "core.applications.views")

PART = "del"
"""The name of a part's own form, beside those of its rows."""
UNDECIDED = ("inskickad", "komplettering", "under_bedomning", "forslag")
"""States at the city in which nothing has been decided."""

Beside = Callable[[Application, str | None], dict[str, Any]]
_beside: list[Beside] = []


def beside(context: Beside) -> Beside:
    """Register what stands beside an application (None) or one of its parts, by the name that templates know.

    What is called `coach` is drawn by applications/coach.html. If it tells `left` ({part: how many things are left}),
    the task list does too.
    """
    _beside.append(context)
    return context


TAKEN_AT: dict[str, str] = {}
"""The page on which a step is taken, under the application's own address, by the step's key.

A step that follows something else, as a decision at a meeting, has none and no button.
"""


def taken_at(address: str, *keys: str) -> None:
    """Say on which page under an application's address steps are taken."""
    TAKEN_AT.update(dict.fromkeys(keys, address))


Way = Callable[[Application], Iterable[tuple[str, str]]]
_ways: list[Way] = []


def leads(way: Way) -> Way:
    """Register where an application's page leads to beside its parts: titles and addresses that the reader reaches."""
    _ways.append(way)
    return way


def ways_from(application: Application) -> list[dict[str, str]]:
    """Return where an application's page leads to for who reads it, in the order of its life."""
    return [{"text": translate(text), "href": href} for way in _ways for text, href in way(application)]


@leads
def _own_ways(application: Application) -> Iterable[tuple[str, str]]:
    """Lead to how it is assessed, the order of its round and what was decided, once it has come to that."""
    if application.state in INSIDE:
        return
    if actor().may(ASSESSED):
        yield N_("Bedömningar"), flask.url_for("applications.prepare", uid=application.uid)
        if application.round is not None:
            yield N_("Omgångens ordning"), flask.url_for("applications.show_order", uid=application.round.uid)
    if actor().may(DECISION_READ) and application.state not in UNDECIDED:
        yield N_("Beslut"), flask.url_for("applications.read_decisions", uid=application.uid)


def stands(application: Application) -> State:
    """Return how an application stands, in the words of who reads it: applicants read where it lies now (E4)."""
    state = APPLICATION.states[application.state]
    city = any(reach.organisations is None for reach in actor().reaches("applications:application:read"))
    words = state.label if city else FOR_APPLICANTS.get(application.state, state.label)
    return State(words, state.tone, state.shape, closed=state.closed)


def sent(
    draw: Callable[[Forms], flask.Response],
    ids: str,
    schema: type[Schema],
    options: Callable[[], Mapping[str, Options]] | None = None,
    saved: Callable[[], Form] | None = None,
) -> dict[str, Any]:
    """Return what one of the forms of a page says. Raises Invalid.

    If that or what follows is refused, `draw` gets the form as it was sent; if somebody else was before, both versions
    are shown with the form as it stands now (`saved`).
    """

    def again(problem: Any) -> flask.Response:
        chosen = options() if options else None
        return draw({ids: Form(schema, written=request.form, errors=problem.fields(schema), options=chosen, ids=ids)})

    redraw_with(again, saved, options)
    return said(schema)


def asked_by(move: Move) -> type[Schema]:
    """Return what a move asks: why, or nothing."""
    return ReasonForm if move.reason else Schema


def context_of(application: Application, part: str | None = None) -> dict[str, Any]:
    """Return what the page of an application, or of one of its parts, knows beside its own."""
    found: dict[str, Any] = {"application": application, "stands": stands(application), "coach": None}
    for one in _beside:
        found |= one(application, part)
    return found | {"summary": _counted(parts_summary(application), found["coach"])}


def _counted(told: dict[str, Summary], coach: Any) -> dict[str, Summary]:
    """Return the parts with how many things are left in each, where the coach has counted them."""
    left = coach.get("left", {}) if isinstance(coach, Mapping) else getattr(coach, "left", {})
    return {key: one.with_left(left.get(key, 0)) for key, one in told.items()}


def part_page(template: str, found: Read, forms: Forms, refused: Forms | None = None, **context: Any) -> flask.Response:
    """Draw the page of a part in its frame; a form that was refused stands in place of the fresh one.

    The template extends applications/part.html. The part's own form is called PART; there is none where it may not be
    written.
    """
    told = refused or {}
    key = found.part.part
    told_beside = context_of(found.application, key)
    return page(
        template,
        **{"intro": "", "answers": None, "used_draft": False, "undone": False, **told_beside, **context},
        read=found,
        part=PARTS[key],
        titles=PARTS,
        forms=forms | told,
        form=next(iter(told.values()), None),
    )


def drafted(found: Read, schema: type[Schema], options: Mapping[str, Options] | None = None) -> Form | None:
    """Return a part's form as its writer left it unsaved, with the version that it was written from."""
    if found.draft is None:
        return None
    kept = found.draft.written
    written = MultiDict([(name, text) for name, texts in kept["values"].items() for text in texts])
    written["version"] = str(kept["version"])
    return Form(schema, written=written, options=options, ids=PART)
