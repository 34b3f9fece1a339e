"""The blueprint of the pages of duties, its tabs, and how its forms are read and drawn again."""

from __future__ import annotations

from typing import Any

import flask

from core.duties.models.coordination import READ as LAW_READ
from core.duties.models.ils import READ as ILS_READ
from core.http import Pages, actor
from core.http.texts import translate
from core.i18n import N_

pages = Pages("duties", "core.duties.views")

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


def chosen(rows: Any) -> list[tuple[str, str]]:
    """Return rows with a uid and a name as choices."""
    return [(str(row.uid), row.name) for row in rows]


def with_standing(options: dict[str, Any], standing: Any) -> dict[str, Any]:
    """Return choices with the one that stands, which may not be among the others: ended, or not reached."""
    if standing is None:
        return options
    own = (str(standing.uid), getattr(standing, "name", None) or standing.text)
    return {name: [*rows, *([own] if own[0] not in dict(rows) else [])] for name, rows in options.items()}
