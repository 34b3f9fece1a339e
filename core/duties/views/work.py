"""Vårt arbete här: one page for whoever works in an organisation."""

from __future__ import annotations

import flask
from flask import request

from core.cooperation.states import CYCLE, MEASURE
from core.duties.models import PERIODS
from core.duties.schemas.work import WorkFilter
from core.duties.services import our_work
from core.duties.services.our_work import READ
from core.duties.states import ILS_REPORT
from core.duties.views.blueprint import chosen
from core.http import Pages, actor, page, section_parts
from core.http.forms import Form, read_filter
from core.refs import Subject

pages = Pages("our_work", "core.duties.views.work")
"""By itself: the page has a place of its own in the menu."""


@pages.get("/vart-arbete", needs=READ)
def our_work_page() -> flask.Response:
    """Show what one's own organisation does, and what is asked of it."""
    asked, wrong = read_filter(WorkFilter, request.args)
    homes = our_work.own_organisations(actor())
    if not homes:
        return page("duties/work.html", work=None, parts=[], filter=None)
    found = our_work.work_of(actor(), asked["organisation"])
    home = found.organisation
    form = Form(WorkFilter, {"organisation": home.uid}, errors=wrong, options={"organisation": chosen(homes)})
    here = flask.url_for("our_work.our_work_page", organisation=home.uid)
    return page(
        "duties/work.html",
        status=422 if wrong else 200,
        work=found,
        steps=CYCLE.states,
        states=MEASURE.states,
        ils_states=ILS_REPORT.states,
        periods=PERIODS,
        filter=form if len(homes) > 1 else None,
        parts=section_parts("organisation", Subject("organisation", home.uid, home.name), actor(), here=here),
    )
