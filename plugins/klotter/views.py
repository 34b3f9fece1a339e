"""The page of a graffiti case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core.kit import Form, Pages, actor, back_to, observation, page, read_form, read_version, redraw_with, see_other
from plugins.klotter import services
from plugins.klotter.models import Incident
from plugins.klotter.schemas import CONTENT, SURFACES, Answered, Case, Waiting

pages = Pages("klotter", __name__, template_folder="templates")


@pages.get("/<uuid:uid>", needs="klotter:incident:read")
def incident(uid: UUID) -> flask.Response:
    """Show the case of an observation, with its form for those who handle it."""
    found = services.read_incident(actor(), uid)
    return _page(found, _form(found))


@pages.post("/<uuid:uid>", needs="klotter:incident:edit")
def change(uid: UUID) -> flask.Response:
    """Save what the handler knows."""

    def again(problem: Any) -> flask.Response:
        found = services.read_incident(actor(), uid)
        return _page(found, Form(Case, written=request.form, errors=problem.fields(Case), version=found.version))

    redraw_with(again, lambda: _form(services.read_incident(actor(), uid)))
    known = Case().load(read_form(Case, request.form))
    services.change_incident(actor(), uid, version=read_version(request.form), **known)
    return flask.make_response(flask.redirect(back_to(request.args.get("till"), f"/iakttagelser/{uid}"), 303))


@pages.post("/<uuid:uid>/vanta", needs="klotter:incident:edit")
def wait(uid: UUID) -> flask.Response:
    """Let the frist stand still until the property's owner has answered."""

    def again(problem: Any) -> flask.Response:
        found = services.read_incident(actor(), uid)
        asked = Form(Waiting, written=request.form, errors=problem.fields(Waiting), version=found.version, ids="vanta")
        return _page(found, _form(found), asked)

    redraw_with(again)
    known = Waiting().load(read_form(Waiting, request.form))
    services.wait_for_owner(actor(), uid, version=read_version(request.form), **known)
    return see_other("klotter.incident", uid=uid)


@pages.post("/<uuid:uid>/svar", needs="klotter:incident:edit")
def answered(uid: UUID) -> flask.Response:
    """Let the frist run on."""

    def again(problem: Any) -> flask.Response:
        found = services.read_incident(actor(), uid)
        return _page(found, _form(found), Form(Waiting, errors=problem.fields(Waiting), ids="vanta"))

    redraw_with(again)
    Answered().load(read_form(Answered, request.form))
    services.owner_answered(actor(), uid, version=read_version(request.form))
    return see_other("klotter.incident", uid=uid)


def _form(found: Incident) -> Form:
    return Form(Case, found, version=found.version)


def case(found: Incident) -> dict[str, Any]:
    """Return what the case's template shows, on its own page and as a part of others'."""
    return {"incident": found, "content": CONTENT, "surfaces": SURFACES}


def _page(found: Incident, form: Form, waiting: Form | None = None) -> flask.Response:
    seen = observation(actor(), found.observation_uid)
    asked = waiting or Form(Waiting, version=found.version, ids="vanta")
    may_wait = actor().may("klotter:incident:edit") and not (found.hateful or found.cleaned_at or found.written_off_at)
    return page(
        "klotter/incident.html", observation=seen, form=form, waiting=asked, refused=waiting, may_wait=may_wait,
        **case(found),
    )  # fmt: skip
