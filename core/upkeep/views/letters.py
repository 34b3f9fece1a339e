"""The pages about letters: when reminders come and whom they reach; reminding whoever one waits for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form
from core.upkeep import services
from core.upkeep.models.letters import RECEIVERS
from core.upkeep.schemas import BEFORE, Press, StepEnd, StepIn
from core.upkeep.views.blueprint import pages


@pages.get("/admin/paminnelser", needs="upkeep:reminder:read")
def reminders() -> flask.Response:
    """Show when reminders come, and who can not be reached."""
    return _reminders(Form(StepIn))


@pages.post("/admin/paminnelser", needs="upkeep:reminder:set")
def add_step() -> flask.Response:
    """Add a step to the reminders."""
    redraw_with(lambda problem: _reminders(Form(StepIn, written=request.form, errors=problem.fields(StepIn))))
    known = StepIn().load(read_form(StepIn, request.form))
    days = -known["days"] if known["side"] == BEFORE else known["days"]
    services.add_step(actor(), days=days, receiver=known["receiver"])
    return see_other("upkeep.reminders")


@pages.post("/admin/paminnelser/ta-bort", needs="upkeep:reminder:set")
def remove_step() -> flask.Response:
    """Take a step away."""
    redraw_with(lambda problem: _reminders(Form(StepIn, errors=problem.fields(StepEnd))))
    services.remove_step(actor(), StepEnd().load(read_form(StepEnd, request.form))["step"])
    return see_other("upkeep.reminders")


@pages.post("/skotsel/frister/<uuid:uid>/paminn", needs="upkeep:deadline:remind")
def nudge(uid: UUID) -> flask.Response:
    """Remind who answers for a frist, in the next letter to their mailbox."""
    redraw_with(_refused)
    Press().load(read_form(Press, request.form))
    services.nudge(actor(), uid)
    return see_other("upkeep.read_deadline", uid=uid, _anchor="core-paminn")


@pages.post("/skotsel/paminn/<uuid:uid>", needs="upkeep:deadline:remind")
def nudge_organisation(uid: UUID) -> flask.Response:
    """Remind an organisation of all that is late with it, in the next letter to its mailbox."""
    redraw_with(_refused)
    Press().load(read_form(Press, request.form))
    services.nudge_organisation(actor(), uid)
    return see_other("people.todo", visa="andra")


def _reminders(form: Form) -> flask.Response:
    return page(
        "upkeep/reminders.html",
        form=form,
        steps=services.list_steps(actor()),
        receivers=RECEIVERS,
        unreached=services.unreached(actor()),
        may_set=actor().may("upkeep:reminder:set"),
    )


def _refused(problem: Any) -> flask.Response:
    return page("upkeep/not_reminded.html", form=Form(Press, errors=problem.fields(Press)))
