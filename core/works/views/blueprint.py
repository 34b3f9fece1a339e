"""The blueprint of the pages of works, the doors of the room, and choices that several pages offer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.http import Pages, actor
from core.http.texts import translate
from core.i18n import N_
from core.places import services as places
from core.schema import Invalid
from core.works import services

pages = Pages("works", "core.works.views")
PHOTO_FORM = 60_000_000
"""Bytes of a form with a photo; how large the photo may be is a setting."""

DOORS = (
    ("arbeten", N_("Arbetsordrar"), "/arbeten", "works:order:read"),
    ("skotselplaner", N_("Skötselplaner"), "/skotselplaner", "works:plan:read"),
    ("avtal", N_("Avtal"), "/avtal", "works:contract:read"),
    ("viten", N_("Viten"), "/viten", "works:penalty:read"),
    ("tidskrav", N_("Tidskrav"), "/tidskrav", "works:terms:read"),
    ("rapport", N_("Rapport"), "/arbeten/rapport", "works:order:read"),
)


def room_tabs(current: str) -> list[dict[str, Any]]:
    """Return the doors of the room beside each other, those that the person may open."""
    doors = [door for door in DOORS if actor().may(door[3])]
    return [
        {"text": translate(label), "href": href, "current": key == current}
        for key, label, href, _ in doors
        if len(doors) > 1
    ]


def place_choices() -> list[tuple[str, str]]:
    """Return the places that can be chosen, each written as it is read."""
    return [(text, text) for text in places.places_to_choose(actor())]


def place_called(uid: UUID | None) -> str:
    """Return a place as a form tells and reads it; nothing for none. Raises Missing."""
    found = places.read_place(actor(), uid) if uid else None
    return f"{found.number} {found.name}" if found else ""


def with_place(known: dict[str, Any]) -> dict[str, Any]:
    """Return what a form says, with the place that is written in it by its uid. Raises Invalid."""
    written = places.places_written(actor(), known.pop("where"), "where")
    if len(written) > 1:
        raise Invalid({"where": [N_("Skriv bara en plats. Beställ en gång för var och en.")]})
    return known | {"place": written[0] if written else None}


def contract_choices(organisation: int | None = None) -> list[tuple[str, str]]:
    """Return the contracts under which the person orders today, of one organisation or all."""
    rows = services.list_contracts(actor()) if actor().may("works:order:make") else []
    return [
        (str(row.uid), f"{row.title}, {row.contractor.name}")
        for row in rows
        if services.is_running(row) and organisation in (None, row.organisation_id)
    ]
