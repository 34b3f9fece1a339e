"""The blueprint of the pages of cooperation, and the row of the five steps that stands on many of them."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from core import clock
from core.cooperation import services
from core.cooperation.models import Cycle
from core.cooperation.states import CYCLE, STEPS
from core.flow import State
from core.http import Pages
from core.http.forms import read_form
from core.http.texts import translate
from core.i18n import N_
from core.schema import Schema

pages = Pages("cooperation", "core.cooperation.views")

DOORS = {
    "lagesbild": "cooperation.list_pictures",
    "prioritera": "cooperation.list_problems",
    "mal": "cooperation.list_goals",
    "genomfora": "cooperation.follow_up",
}
"""The page of each step that has one of its own."""
DONE, GOES_ON, NOT_YET = (
    State(N_("Klart"), "success", "done"),
    State(N_("Pågår"), "info", "ongoing"),
    State(N_("Ej påbörjat"), "plain", "open"),
)


def step_row(cycle: Cycle) -> list[dict[str, Any]]:
    """Return the five steps with how each stands, for the macro `step_row` of cooperation/steps.html."""
    here = STEPS.index(cycle.state) if cycle.state in STEPS else len(STEPS)
    return [
        {
            "text": CYCLE.states[key].label,
            "href": flask.url_for(DOORS[key], uid=cycle.uid) if key in DOORS and number <= here else None,
            "stands": DONE if number < here else GOES_ON if number == here else NOT_YET,
            "current": number == here,
        }
        for number, key in enumerate(STEPS)
    ]


def opening(cycle: Cycle) -> str:
    """Return when the pictures open, or that they are open."""
    if services.is_open(cycle):
        at = cycle.opened_at or cycle.opens_at
        return translate(N_("Öppnade {at}")).format(at=spoken(at))
    if cycle.opens_at is None:
        return ""
    return translate(N_("Öppnas {at}, eller när alla har lämnat in")).format(at=spoken(cycle.opens_at))


def spoken(at: Any) -> str:
    """Return a moment as pages write it."""
    return clock.local(at).strftime("%Y-%m-%d %H.%M")


def said(schema: type[Schema] = Schema) -> dict[str, Any]:
    """Return what the form of this request says; one that asks nothing takes nothing. Raises Invalid."""
    known: dict[str, Any] = schema().load(read_form(schema, request.form))
    return known
