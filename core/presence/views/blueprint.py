"""The blueprint of the pages of presence, the doors of the room, and choices that several pages offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request

from core import clock
from core.http import Pages, actor
from core.http.texts import translate
from core.i18n import N_
from core.places import services as places
from core.presence.bands import WEEKDAYS, bands
from core.presence.services.choosing import own_organisations
from core.schema import Invalid
from core.walks.services.reaching import organisations

pages = Pages("presence", "core.presence.views")

DOORS = (
    ("kalender", N_("Vad händer på platserna"), "/aktivering", "presence:activation:read"),
    ("aktiveringar", N_("Aktiveringar"), "/aktivering/lista", "presence:activation:read"),
    ("narvaro", N_("Närvaro"), "/narvaro", "presence:plan:read"),
    ("ordningsvakter", N_("Ordningsvakter"), "/ordningsvakter", "presence:patrol:read"),
    ("rakningar", N_("Räkningar"), "/rakningar", "presence:count:read"),
    ("upplevelse", N_("Upplevelseindex"), "/upplevelseindex", "presence:count:read"),
    ("planprojekt", N_("Planprojekt"), "/planprojekt", "presence:project:read"),
)


def room_tabs(current: str) -> list[dict[str, Any]]:
    """Return the doors of the room beside each other, those that the person may open."""
    doors = [door for door in DOORS if actor().may(door[3])]
    return [{"text": translate(label), "href": href, "current": key == current} for key, label, href, _ in doors]


def part_tabs(parts: Mapping[str, str], current: str, address: str) -> list[dict[str, Any]]:
    """Return the parts of a list beside each other."""
    return [
        {"text": translate(label), "href": f"{address}?visa={key}" if key else address, "current": key == current}
        for key, label in parts.items()
    ]


# --- Places -------------------------------------------------------------------------------------------------------


def place_choices() -> list[tuple[str, str]]:
    """Return the places that can be chosen, each written as it is read."""
    return [(text, text) for text in places.places_to_choose(actor())]


def place_asked() -> str:
    """Return the place that the address asks for (`?plats=`), as a form tells it; nothing for none or a strange one."""
    try:
        uid = UUID(request.args.get("plats", ""))
    except ValueError:
        return ""
    rows = [row for row in places_named([uid]) if row]
    return rows[0] if rows else ""


def places_named(uids: list[UUID]) -> list[str]:
    """Return places as forms tell and read them. Raises Missing."""
    found = [places.read_place(actor(), uid) for uid in uids]
    return [f"{row.number} {row.name}" for row in found]


def with_place(known: dict[str, Any]) -> dict[str, Any]:
    """Return what a form says, with the place that is written in it by its uid. Raises Invalid."""
    written = places.places_written(actor(), known.pop("where"), "where")
    if len(written) > 1:
        raise Invalid({"where": [N_("Skriv bara en plats.")]})
    return known | {"place": written[0] if written else None}


def area_choices() -> list[tuple[str, str]]:
    """Return the city's areas of today that something can be about."""
    none = ("", translate(N_("Inget område")))
    today = clock.today()
    rows = [row for row, _ in places.list_areas(actor(), kind=places.DISTRICT)]
    named = [(str(row.uid), row.name) for row in rows if row.valid_to is None or row.valid_to >= today]
    return [none, *sorted(named, key=lambda pair: pair[1])]


# --- Organisations, kinds, days -----------------------------------------------------------------------------------


def other_choices(none: str = N_("Ingen annan")) -> list[tuple[str, str]]:
    """Return the organisations that can have a part in it."""
    return [("", translate(none)), *((str(row.uid), row.name) for row in organisations(actor()))]


def kind_choices(kinds: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return kinds that are the city's data, with nothing chosen."""
    return [("", translate(N_("Välj"))), *((key, translate(title)) for key, title in kinds.items())]


def own_choices(permission: str) -> list[tuple[str, str]]:
    """Return the organisations that the person writes for."""
    return own_organisations(actor(), permission)


def band_choices() -> list[tuple[str, str]]:
    """Return the bands of the day."""
    return [(band.key, band.title) for band in bands().values()]


def days_said(weekdays: list[str]) -> str:
    """Return weekdays in words; none are all of them."""
    if not weekdays or len(weekdays) == len(WEEKDAYS):
        return translate(N_("alla dagar"))
    return ", ".join(translate(WEEKDAYS[key]) for key in sorted(weekdays))


def hours_said(opens: str, closes: str) -> str:
    """Return two times of the clock as pages write them: 18.00–02.00."""
    return f"{opens}–{closes}".replace(":", ".") if opens else ""
