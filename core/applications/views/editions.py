"""The pages of editions: which there are, what one holds, and how two of them differ."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import access
from core.applications.compared import HOW, WHOLE, differences
from core.applications.models import INSIDE, READ, ApplicationEdition
from core.applications.services import applications, editions
from core.applications.states import APPLICATION
from core.applications.views.blueprint import pages
from core.http import actor, page
from core.http.forms import Form, read_filter
from core.http.texts import moment, translate
from core.i18n import N_, Text
from core.schema import Schema, fields

NOW = 0
"""The number that stands for the application as it is now."""


class CompareFilter(Schema):
    """Which two editions to compare."""

    fran = fields.Integer(load_default=None, allow_none=True, min=0, max=100_000, widget="select", label=N_("Från"))
    till = fields.Integer(load_default=None, allow_none=True, min=0, max=100_000, widget="select", label=N_("Till"))


def _whys() -> dict[str, str]:
    return {key: APPLICATION.move(key).happened for key in editions.MOVES}


@pages.get("/ansokningar/<uuid:uid>/utgavor", needs=READ)
def list_editions(uid: UUID) -> flask.Response:
    """List the editions of an application."""
    found = applications.read_application(actor(), uid)
    rows = editions.editions_of(actor(), found)
    judged = None if found.state in INSIDE else found.edition
    return page("applications/editions.html", application=found, rows=rows, whys=_whys(), judged=judged)


@pages.get("/ansokningar/<uuid:uid>/utgavor/<int:number>", needs=READ)
def read_edition(uid: UUID, number: int) -> flask.Response:
    """Show all that an edition holds."""
    row = editions.read_edition(actor(), uid, number)
    found = applications.read_application(actor(), uid)
    parts = differences({WHOLE: {}}, row.content)
    return page("applications/edition.html", application=found, row=row, parts=parts, whys=_whys())


@pages.get("/ansokningar/<uuid:uid>/jamfor", needs=READ)
def compare_editions(uid: UUID) -> flask.Response:
    """Show what differs between two editions, or between one of them and the application as it is now."""
    asked, wrong = read_filter(CompareFilter, request.args)
    found = applications.read_application(actor(), uid)
    rows = editions.editions_of(actor(), found)
    known = {row.number: row for row in rows}
    later = asked["till"] if asked["till"] is not None else max(known, default=NOW)
    earlier = asked["fran"] if asked["fran"] is not None else max((n for n in known if n < later), default=later)
    if (later, earlier) != (NOW, NOW) and not {later, earlier} <= {NOW, *known}:
        raise access.Missing("application_edition", f"{earlier} {later}")
    names = [(str(row.number), _called(row)) for row in rows]
    chosen = {"fran": earlier, "till": later}
    options = {"fran": names, "till": [*names, (str(NOW), translate(N_("Som den är nu")))]}
    one, other = (_content(known, number, found) for number in (earlier, later))
    return page(
        "applications/compare.html",
        status=422 if wrong else 200,
        application=found,
        rows=rows,
        filter=Form(CompareFilter, chosen, options=options, ids="jamfor"),
        parts=differences(one, other) if rows else [],
        before=_label(known, earlier),
        after=_label(known, later),
        how=HOW,
    )


def _called(row: ApplicationEdition) -> str:
    return f"{row.number}, {moment(row.at)}"


def _label(known: dict[int, ApplicationEdition], number: int) -> str:
    if number not in known:
        return translate(N_("Som den är nu"))
    return translate(Text(N_("Utgåva {number}"), number=number))


def _content(known: dict[int, ApplicationEdition], number: int, application: Any) -> Any:
    return known[number].content if number in known else editions.content_of(application)
