"""The page on which many frister are changed at once: one sees what becomes of each before anything is saved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form, read_query
from core.upkeep import services
from core.upkeep.presenting import latest, standing, title_of
from core.upkeep.schemas import Many, Sure, Ticked
from core.upkeep.services.many import Wish
from core.upkeep.states import DEADLINE
from core.upkeep.views.blueprint import pages


@pages.get("/skotsel/flera", needs="upkeep:deadline:close")
def several() -> flask.Response:
    """Show what was ticked, and ask what is to be done to all of it."""
    known = read_query(Ticked, request.args) if "vald" in request.args else {"vald": []}
    return _several(known["vald"])


def _several(uids: list[UUID], form: Form | None = None) -> flask.Response:
    rows = services.chosen(actor(), uids) if uids else []
    picked = Many().load_draft({"vald": [str(row.uid) for row in rows]})
    shown = [(row, title_of(row), latest(row), standing(row)) for row in rows]
    return page("upkeep/several.html", rows=shown, form=form or Form(Many, picked))


def _again(problem: Any) -> flask.Response:
    """Draw the page again with what was written; what has changed since is told of the whole."""
    form = Form(Many, written=request.form, errors=problem.fields(Many), action=flask.url_for("upkeep.rehearse"))
    return _several(
        [UUID(text) for text in request.form.getlist("vald") if not Ticked().validate({"vald": [text]})], form
    )


@pages.post("/skotsel/flera", needs="upkeep:deadline:close")
def rehearse() -> flask.Response:
    """Show what would become of each frist; nothing is saved."""
    redraw_with(_again)
    known = Many().load(read_form(Many, request.form))
    seen = services.rehearse(actor(), known["vald"], Wish(known["act"], known["reason"], known["on"]))
    going = [one for one in seen if not one.objections]
    fields = {
        "vald": [one.uid for one in going],
        "versions": [one.version for one in going],
        "act": known["act"],
        "on": known["on"] or "",
        "reason": known["reason"],
    }
    words = {key: state.label for key, state in DEADLINE.states.items()}
    back = flask.url_for("upkeep.several", vald=known["vald"])
    return page("upkeep/rehearsed.html", seen=seen, going=len(going), fields=fields, states=words, back=back)


@pages.post("/skotsel/flera/spara", needs="upkeep:deadline:close")
def change_all() -> flask.Response:
    """Do it to all of them, or to none."""
    redraw_with(_again)
    known = Sure().load(read_form(Sure, request.form))
    versions = dict(zip(known["vald"], known["versions"], strict=True))
    services.change_all(actor(), versions, Wish(known["act"], known["reason"], known["on"]))
    return see_other("upkeep.list_open")
