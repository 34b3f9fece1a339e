"""The page of how orders went: a period's charts and tables, and what can be fetched of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import flask
from flask import request
from flask_babel import format_date

from core import clock
from core.http import actor, page
from core.http.forms import Form, read_filter
from core.http.texts import translate
from core.i18n import N_
from core.people import services as people
from core.upkeep.period import Period, tertials
from core.works import services
from core.works.documents import BARS, PAPER, SERIES, TABLE, parts_of
from core.works.schemas.reports import BREAKDOWNS, OrderPeriod, TableChoice
from core.works.states import READ
from core.works.telling import NOTES, called, days_since, names_of, sentences, spans
from core.works.views.blueprint import pages, room_tabs


@pages.get("/arbeten/rapport", needs=READ)
def report() -> flask.Response:
    """Show how the orders of a period went: the worst kept first."""
    asked, wrong = read_filter(OrderPeriod, request.args)
    today = clock.today()
    first, last = asked.get("fran") or date(today.year, 1, 1), asked.get("till") or today
    period, per = Period(first, max(first, last)), asked["per"]
    found = services.order_report(actor(), period, per)
    named = {key: translate(words) for key, words in names_of(found).items()}
    wanted = {"subject": actor().uid, "fran": period.first, "till": period.last, "per": per}
    return page(
        "works/report.html",
        status=422 if wrong else 200,
        report=found,
        named=named,
        said=[translate(words) for words in sentences(found)],
        filter=Form(
            OrderPeriod, asked | {"fran": first, "till": last}, written=request.args if wrong else None, errors=wrong
        ),
        tabs=_tabs(period, per),
        doors=room_tabs("rapport"),
        head=translate(BREAKDOWNS[per]),
        series=[translate(words) for words in SERIES],
        bars=[{"label": named[one.key], "parts": parts_of(one)} for one in found.groups[:BARS]],
        months=[{"label": _month(*one.key), "parts": parts_of(one)} for one in found.months[-BARS:]],
        control=[
            {"label": one.title, "parts": [one.minutes, max(0, one.minutes_planned - one.minutes)]}
            for one in found.controlled[:BARS]
            if one.minutes_planned
        ],
        spans=spans(),
        notes=NOTES,
        days_since=days_since,
        kinds={key: translate(title) for key, title in people.categories().items()},
        paper_wanted={"kind": PAPER} | wanted,
        table_wanted={"kind": TABLE} | wanted,
        choice=Form(TableChoice),
    )


def _tabs(period: Period, per: str) -> list[dict[str, Any]]:
    """Return the times that are asked for most: this year, and the last three tertials."""
    today = clock.today()
    times = [(N_("I år"), Period(date(today.year, 1, 1), today))]
    times += [(called(one), one) for _, one in tertials(today)]
    return [
        {
            "text": _capital(translate(words)),
            "href": flask.url_for("works.report", fran=one.first, till=one.last, per=per),
            "current": one == period,
        }
        for words, one in times
    ]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _month(year: int, month: int) -> str:
    named: str = format_date(date(year, month, 1), "LLLL y")
    return named
