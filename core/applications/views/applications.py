"""The pages of applications: the list, a new one, and one of them as a list of its parts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core.applications.models import READ
from core.applications.parts import GROUPS, PARTS
from core.applications.schemas import ApplicationFilter
from core.applications.services import applications
from core.applications.states import APPLICATION
from core.applications.views.blueprint import pages
from core.http import actor, page
from core.http.forms import read_filter
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_


@pages.get("/ansokningar", needs=READ)
def list_applications() -> flask.Response:
    """List the applications that one reaches, the newest first, all or those in one state."""
    asked, wrong = read_filter(ApplicationFilter, request.args)
    after: Any = place(asked.get("efter"), int)
    found = applications.list_applications(actor(), applications.Wish(asked["visa"]), after=after)
    counts = applications.count_applications(actor())
    named = {"": N_("Alla")} | {key: APPLICATION.states[key].label for key in counts}
    tabs = [
        {
            "text": translate(label),
            "href": flask.url_for("applications.list_applications", visa=key or None),
            "current": key == asked["visa"],
            "count": counts.get(key) if key else sum(counts.values()),
        }
        for key, label in named.items()
    ]
    return page(
        "applications/applications.html",
        status=422 if wrong else 200,
        rows=[(row, APPLICATION.states[row.state]) for row in found.rows],
        tabs=tabs,
        filtered=bool(asked["visa"]),
        more=flask.url_for("applications.list_applications", visa=asked["visa"] or None, efter=mark(found.after))
        if found.after
        else None,
    )


@pages.get("/ansokningar/<uuid:uid>", needs=READ)
def read_application(uid: UUID) -> flask.Response:
    """Show an application as the list of its parts."""
    found = applications.read_application(actor(), uid)
    parts = applications.parts_of(found)
    return page(
        "applications/application.html",
        application=found,
        stands=APPLICATION.states[found.state],
        groups=[
            (label, [(PARTS[key], row) for key, row in parts.items() if PARTS[key].group == group])
            for group, label in GROUPS.items()
        ],
    )
