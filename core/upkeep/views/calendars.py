"""The page of the calendar that an organisation's frister are counted in, with its own days."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, read_form
from core.upkeep import services
from core.upkeep.schemas import WHOLE_DAY, OwnDay, Press, closing
from core.upkeep.views.blueprint import pages


@pages.get("/skotsel/kalender", needs="upkeep:deadline:read")
def calendar() -> flask.Response:
    """Show the holidays of the next year and the organisation's own days."""
    return _page(Form(OwnDay, {"closes": WHOLE_DAY}))


def _page(form: Form) -> flask.Response:
    return page(
        "upkeep/calendar.html",
        own=services.own_days(actor()),
        holidays=services.coming_holidays(actor()),
        form=form,
        may=actor().may("upkeep:calendar:edit"),
    )


@pages.post("/skotsel/kalender", needs="upkeep:calendar:edit")
def add_own_day() -> flask.Response:
    """Add a day of the organisation's own."""

    def again(problem: Any) -> flask.Response:
        return _page(Form(OwnDay, written=request.form, errors=problem.fields(OwnDay)))

    redraw_with(again)
    known = OwnDay().load(read_form(OwnDay, request.form))
    services.add_own_day(actor(), day=known["day"], name=known["name"], closes=closing(known["closes"]))
    return see_other("upkeep.calendar")


@pages.post("/skotsel/kalender/<uuid:uid>/ta-bort", needs="upkeep:calendar:edit")
def remove_own_day(uid: UUID) -> flask.Response:
    """Let a day be a working day again."""
    Press().load(read_form(Press, request.form))
    services.remove_own_day(actor(), uid)
    return see_other("upkeep.calendar")
