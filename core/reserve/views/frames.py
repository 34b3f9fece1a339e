"""The page of the reserve: does the money last, and is it used."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from core import clock
from core.http import actor, page
from core.http.forms import Form, read_filter
from core.reserve import words
from core.reserve.documents import BOOK
from core.reserve.models import ACCOUNTS, BOOKING_KINDS, DECIDES, PROPOSE, READ, SEE, Programme
from core.reserve.schemas import ReserveFilter
from core.reserve.services import standing
from core.reserve.services.programmes import bodies_on, programmes
from core.reserve.states import BOOKING
from core.reserve.views.blueprint import pages

LATEST = 8
"""How many of the latest bookings stand on the page."""


def chosen(found: list[Programme], uid: Any) -> Programme | None:
    """Return the programme that is asked for, else the first."""
    return next((one for one in found if one.uid == uid), next(iter(found), None))


def choices(found: list[Programme]) -> list[tuple[str, str]]:
    """Return programmes as choices."""
    return [(str(one.uid), one.name) for one in found]


@pages.get("/reserven", needs=SEE)
def show_reserve() -> flask.Response:
    """Show the frame of each year of a programme, what is granted, used and foreseen, and the latest bookings."""
    asked, wrong = read_filter(ReserveFilter, request.args)
    found = programmes()
    one = chosen(found, asked.get("satsning"))
    known = {"satsning": one.uid if one else None}
    reads = actor().may(READ) and one is not None
    this_year = clock.today().year
    lines = standing.years(actor(), one, foreseen=this_year if reads else None) if one else []
    wish = standing.Wish(programme=one.uid if one else None, year=this_year)
    latest = standing.list_bookings(actor(), wish, limit=LATEST).rows if reads else []
    bodies = bodies_on(one.id, clock.today()) if one else {}
    return page(
        "reserve/reserve.html",
        status=422 if wrong else 200,
        filter=Form(ReserveFilter, known, errors=wrong, options={"satsning": choices(found)}),
        programme=one,
        lines=lines,
        bars=_bars(lines),
        sentences=words.said(lines, this_year),
        this_year=this_year,
        bodies={what: bodies.get(what) for what in DECIDES} if one else {},
        shares=standing.shares(actor(), one, this_year) if one and reads else [],
        all_of_it=standing.sees_all(actor()),
        latest=[(row, BOOKING.states[row.booking.state]) for row in latest],
        kinds=BOOKING_KINDS,
        accounts=ACCOUNTS,
        waits=standing.waiting(actor(), LATEST),
        may_propose=actor().may(PROPOSE),
        reads=reads,
        wanted={"kind": BOOK, "subject": str(one.uid), "format": "xlsx"} if one and reads else None,
    )


def _bars(lines: list[standing.Year]) -> list[dict[str, Any]]:
    """Return the years as bars of what is used, granted and not used, and left to grant, in whole kronor."""
    return [{"label": str(one.year), "parts": [max(one.used, 0), max(one.unused, 0), one.left]} for one in lines]
