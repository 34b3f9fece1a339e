"""The pages of counts: the list, the form to count with on a phone, and how a place's counts compare."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import flask
from flask import request
from werkzeug.datastructures import MultiDict

from core import clock, db
from core.http import actor, page, redraw_with, see_other
from core.http.forms import BUTTON, Form, Options, read_filter, said
from core.http.paging import mark, place
from core.http.texts import translate
from core.presence import services
from core.presence.bands import WEEKDAYS, bands, evening_of
from core.presence.models.counts import READ, WRITE
from core.presence.schemas import CountFilter, CountForm
from core.presence.services.counts import NUMBERS
from core.presence.views.blueprint import (
    band_choices,
    own_choices,
    pages,
    place_asked,
    place_choices,
    room_tabs,
    with_place,
)

PLUS, MINUS = "plus:", "minus:"
"""What the button of a number says when it is pressed without script: one more, or one less."""


@pages.get("/rakningar", needs=READ)
def list_counts() -> flask.Response:
    """List the counts, the latest first."""
    asked, wrong = read_filter(CountFilter, request.args)
    after: Any = place(asked.get("efter"), date.fromisoformat, int)
    found = services.list_counts(actor(), after=after)
    return page(
        "presence/counts.html",
        status=422 if wrong else 200,
        doors=room_tabs("rakningar"),
        rows=found.rows,
        bands=bands(),
        weekdays=WEEKDAYS,
        may_count=actor().may(WRITE),
        subject=actor().uid,
        more=flask.url_for("presence.list_counts", efter=mark(found.after)) if found.after else None,
    )


def _options() -> dict[str, Options]:
    return {"where": place_choices(), "band": band_choices(), "organisation": own_choices(WRITE)}


@pages.get("/rakningar/ny", needs=WRITE)
def new_count() -> flask.Response:
    """Count people now: the day and the band are those of this moment."""
    day, band = evening_of(clock.now())
    own = own_choices(WRITE)
    known = {"uid": db.new_uid(), "where": place_asked(), "day": day, "band": band, "minutes": 10}
    known |= {"organisation": own[0][0] if own else ""}
    return _counting(Form(CountForm, CountForm().load_draft({}) | known, options=_options()))


@pages.post("/rakningar/ny", needs=WRITE)
def add_count() -> flask.Response:
    """Save a count; or, pressed on one of the big buttons without script, count one more or less and go on."""
    pressed = request.form.get(BUTTON, "")
    if pressed.startswith((PLUS, MINUS)):
        return _counting(Form(CountForm, written=_one_more(request.form, pressed), options=_options()))

    def again(problem: Any) -> flask.Response:
        errors = problem.fields(CountForm)
        return _counting(Form(CountForm, written=request.form, errors=errors, options=_options()))

    redraw_with(again)
    made = services.add_count(actor(), **with_place(said(CountForm)))
    return see_other("presence.compare", uid=services.place_uid(made))


def _one_more(sent: MultiDict[str, str], pressed: str) -> MultiDict[str, str]:
    """Return what was sent with the pressed number one higher or lower; what is no number begins at nothing."""
    sign, _, name = pressed.partition(":")
    written = MultiDict(sent.items(multi=True))
    if name in NUMBERS:
        digits = written.get(name, "")
        now = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 7 else 0  # noqa: PLR2004
        written[name] = str(max(0, now + (1 if f"{sign}:" == PLUS else -1)))
    return written


def _counting(form: Form) -> flask.Response:
    return page("presence/counting.html", form=form, numbers=[form[name] for name in NUMBERS], plus=PLUS, minus=MINUS)


@pages.get("/rakningar/plats/<uuid:uid>", needs=READ)
def compare(uid: UUID) -> flask.Response:
    """Show a place's counts over time: each weekday and band by itself."""
    found = services.counted_place(actor(), uid)
    lines = [
        (line, bands()[line.band], translate(WEEKDAYS[str(line.weekday)]), _points(line))
        for line in services.compared(actor(), uid)
        if line.band in bands()
    ]
    return page("presence/compare.html", place=found, lines=lines, may_count=actor().may(WRITE))


def _points(line: services.Line) -> list[dict[str, Any]]:
    """Return the points of a line's chart; what may not be told is no point."""
    return [
        {"label": one.count.day.isoformat(), "value": one.per_hour} for one in line.counts if one.per_hour is not None
    ]
