"""The page of what is not answered: a table by who answers and age, a list and its map."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import flask
from flask import request

from core import clock
from core.http import actor, page
from core.http.forms import Form, read_filter
from core.http.paging import mark, moment, place
from core.http.texts import translate
from core.i18n import N_
from core.upkeep.presenting import standing
from core.upkeep.services.reports import AGES
from core.walks import services
from core.walks.schemas import DebtQuery
from core.walks.views.blueprint import pages, room_tabs


@pages.get("/vandringar/obesvarat", needs="walks:observation:read")
def unanswered() -> flask.Response:
    """Show what waits for an answer: how much each owes, and what, the oldest first."""
    asked, wrong = read_filter(DebtQuery, request.args)
    after: Any = place(asked.get("efter"), moment, int)
    chosen: dict[str, Any] = {"receiver": asked.get("mottagare"), "days": int(asked["alder"])}
    found = services.list_owed(actor(), **chosen, after=after)
    owed = services.owed(actor())
    choices = [("", translate(N_("Alla"))), *((str(one.uid), one.name) for one in sorted(owed, key=lambda o: o.name))]
    here = {"mottagare": asked.get("mottagare"), "alder": asked["alder"]}
    drawn = {name: value for name, value in chosen.items() if value}
    return page(
        "walks/debt.html",
        status=422 if wrong else 200,
        rows=[(row, standing(row), (clock.now() - row.starts_at).days) for row in found.rows],
        owed=owed,
        ages=AGES,
        filter=Form(
            DebtQuery, asked, written=request.args if wrong else None, errors=wrong, options={"mottagare": choices}
        ),
        narrowed=any(chosen.values()),
        drawn=f"/api/v1/observations/unanswered.geojson?{urlencode(drawn)}",
        more=flask.url_for("walks.unanswered", **here, efter=mark(found.after)) if found.after else None,
        doors=room_tabs("obesvarat"),
    )
