"""What has come in from other registers and apps, in one list."""

from __future__ import annotations

from datetime import date
from typing import Any

import flask
from flask import request

from core import clock
from core.http import actor, page
from core.http.forms import Form, read_filter
from core.http.paging import mark, moment, place
from core.http.texts import translate
from core.upkeep.period import Period
from core.walks import services
from core.walks.schemas import REPORT_TABS, ReportsQuery
from core.walks.states import DONE, LEFT_OUT, OBSERVATION, WAITING
from core.walks.views.blueprint import pages

SENT = ("fordelad", "mottagen", "atgardas", "planerad")
STATES = {"att_fordela": WAITING, "skickade": SENT, "klara": ("atgardas_ej", *DONE, *LEFT_OUT)}
"""States of what each tab shows."""


@pages.get("/inkomna-rapporter", needs="walks:observation:read")
def list_reports() -> flask.Response:
    """List the reports that the person reaches, the latest first, and tell how those of a time are answered."""
    asked, wrong = read_filter(ReportsQuery, request.args)
    today = clock.today()
    first, last = asked.get("fran") or date(today.year, 1, 1), asked.get("till") or today
    days = {"fran": asked.get("fran"), "till": asked.get("till")}
    tab, after = asked["visa"], place(asked.get("efter"), moment, int)
    keys: Any = after
    found = services.list_reports(actor(), states=STATES.get(tab, ()), after=keys)
    return page(
        "walks/reports_in.html",
        status=422 if wrong else 200,
        rates=services.answer_rates(actor(), Period(first, max(first, last))),
        filter=Form(
            ReportsQuery, asked | {"fran": first, "till": last}, written=request.args if wrong else None, errors=wrong
        ),
        rows=found.rows,
        states=OBSERVATION.states,
        tabs=[
            {
                "text": translate(text),
                "href": flask.url_for("walks.list_reports", visa=key or None, **days),
                "current": key == tab,
            }
            for key, text in REPORT_TABS.items()
        ],
        may_read_in=actor().may("imports:import:run"),
        more=flask.url_for("walks.list_reports", visa=tab or None, **days, efter=mark(found.after))
        if found.after
        else None,
    )
