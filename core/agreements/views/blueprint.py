"""The blueprint of the pages of agreements, and what they share: the room's tabs, forms, choices, what has happened."""

from __future__ import annotations

from typing import Any

import flask

from core import clock
from core.agreements import services
from core.agreements.models import AgreementEvent
from core.agreements.models.checks import READ_CHECK
from core.agreements.models.together import READ
from core.agreements.services.coverage import READ_COVERAGE
from core.agreements.states import AGREEMENT, COLLABORATION, COUNCIL, HAPPENED
from core.cooperation import services as cooperation
from core.http import Pages, actor
from core.http.forms import none
from core.http.texts import translate
from core.i18n import N_
from core.places import services as places
from core.walks.services.reaching import organisations

pages = Pages("agreements", "core.agreements.views")
Options = list[tuple[str, str]]
DOORS = (
    ("platssamverkan", N_("Platssamverkan"), "agreements.list_collaborations", READ),
    ("overenskommelser", N_("Överenskommelser"), "agreements.list_agreements", READ),
    ("rad", N_("Lokala råd"), "agreements.list_councils", READ),
    ("tackning", N_("Vilka saknar?"), "agreements.coverage", READ_COVERAGE),
    ("villkor", N_("Demokrativillkor"), "agreements.list_checks", READ_CHECK),
)
"""The pages of the room, in the order of its tabs."""
FLOWS = {"collaboration_id": COLLABORATION, "agreement_id": AGREEMENT, "council_id": COUNCIL}


def doors(here: str) -> list[dict[str, Any]]:
    """Return the tabs of the room, as far as the actor may see them."""
    return [
        {"text": translate(text), "href": flask.url_for(to), "current": key == here}
        for key, text, to, needs in DOORS
        if actor().may(needs)
    ]


def spoken(at: Any) -> str:
    """Return a moment as pages write it."""
    return clock.local(at).strftime("%Y-%m-%d %H.%M")


def told(event: AgreementEvent) -> dict[str, Any]:
    """Return a line about what happened: what, by whom, and why."""
    flow = next(flow for column, flow in FLOWS.items() if getattr(event, column) is not None)
    target = translate(flow.states[event.target].label) if event.target else ""
    about = event.about.name if event.about else ""
    what = translate(HAPPENED[event.kind]).format(about=about, text=event.text, target=target)
    who = event.organisation.name if event.organisation else ""
    line = {"text": what, "sub": ", ".join(filter(None, (spoken(event.at), who)))}
    return line | ({"after": event.reason} if event.reason else {})


# --- Choices ------------------------------------------------------------------------------------------------------


def organisation_options() -> Options:
    """Return the organisations that can take part."""
    return [(str(row.uid), row.name) for row in organisations(actor())]


def place_options() -> Options:
    """Return the places that the actor reaches and that others may know of."""
    if not actor().may("places:place:read"):
        return []
    found = places.list_places(actor(), places.Wanted(), limit=300).rows
    return [(str(row.uid), f"{row.name} ({row.number})") for row in found]


def area_options() -> Options:
    """Return the areas that hold today, by name."""
    today = clock.today()
    found = [area for area, _ in places.list_areas(actor(), kind=places.DISTRICT)]
    standing = [area for area in found if area.valid_to is None or area.valid_to >= today]
    return sorted(((str(area.uid), area.name) for area in standing), key=lambda pair: pair[1])


def cycle_options() -> Options:
    """Return the cycles that the actor reads, the newest first."""
    if not actor().may("cooperation:cycle:read"):
        return [none()]
    return [none(), *((str(row.uid), f"{row.title} ({row.number})") for row in cooperation.list_cycles(actor()).rows)]


def party_options(thing: Any) -> Options:
    """Return the parties of something, by the uid of their organisation."""
    return [(str(one.organisation.uid), one.organisation.name) for one in services.parties.parties_of(actor(), thing)]


def goal_options(cycle: Any) -> Options:
    """Return the goals of a linked cycle."""
    found = services.collaborations.goals_of(actor(), cycle)
    return [(str(one.goal.uid), f"{one.goal.number}. {one.goal.text}") for one in found]
