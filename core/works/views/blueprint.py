"""The blueprint of the pages of works, the doors of the room, and choices that several pages offer."""

from __future__ import annotations

from typing import Any

from core.http import Pages, actor
from core.http.texts import translate
from core.i18n import N_
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


def contract_choices(organisation: int | None = None) -> list[tuple[str, str]]:
    """Return the contracts under which the person orders today, of one organisation or all."""
    rows = services.list_contracts(actor()) if actor().may("works:order:make") else []
    return [
        (str(row.uid), f"{row.title}, {row.contractor.name}")
        for row in rows
        if services.is_running(row) and organisation in (None, row.organisation_id)
    ]
