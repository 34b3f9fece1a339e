"""The blueprint of the pages of duties, its tabs, and how its forms are read and drawn again."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from core.duties.models.coordination import READ as LAW_READ
from core.duties.models.ils import READ as ILS_READ
from core.http import Pages, actor
from core.http.forms import Form, Options, read_form
from core.http.texts import translate
from core.i18n import N_
from core.schema import Schema

pages = Pages("duties", "core.duties.views")
Forms = dict[str, Form]

TABS = (
    (N_("Lagkraven"), "duties.statement", LAW_READ),
    (N_("Samordnare"), "duties.list_boards", LAW_READ),
    (N_("Lägesbild"), "duties.list_reports", LAW_READ),
    (N_("Åtgärdsplan"), "duties.list_plans", LAW_READ),
    (N_("ILS"), "duties.list_ils", ILS_READ),
)


def tabs(here: str) -> list[dict[str, Any]]:
    """Return the pages of duties as tabs, as far as the actor may see them."""
    return [
        {"text": translate(text), "href": flask.url_for(endpoint), "current": endpoint == here}
        for text, endpoint, right in TABS
        if actor().may(right)
    ]


def said(schema: type[Schema] = Schema) -> dict[str, Any]:
    """Return what the form of this request says; one that asks nothing takes nothing. Raises Invalid."""
    known: dict[str, Any] = schema().load(read_form(schema, request.form))
    return known


def refused(ids: str, schema: type[Schema], problem: Any, options: dict[str, Options] | None = None) -> Forms:
    """Return the form that was refused, under its name, with what was written and what is wrong."""
    errors = problem.fields(schema)
    return {ids: Form(schema, written=request.form, errors=errors, ids=ids, options=options)}


def chosen(rows: Any) -> list[tuple[str, str]]:
    """Return rows with a uid and a name as choices."""
    return [(str(row.uid), row.name) for row in rows]


def none(text: str = N_("Ingen")) -> tuple[str, str]:
    """Return the choice of nothing."""
    return "", translate(text)
