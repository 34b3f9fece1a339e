"""Places as people write them in a form, and the list that they choose from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from core import access, db
from core.access import Actor
from core.i18n import N_, Text
from core.places.models import Place
from core.schema import Invalid

MOST_TO_CHOOSE = 300
"""Places in the list that one chooses from; the others are found by what is written."""
_NUMBER = re.compile(r"PL-[0-9]+")


def places_written(actor: Actor, text: str, field: str = "places") -> list[UUID]:
    """Return the uids of places as people write them: a number or a whole name on each line, or several numbers.

    What follows a number is for whoever reads it. Raises Invalid at `field` for a place that is not there, and for a
    name that several have.
    """
    asked = [part for line in text.split("\n") for part in _asked_on(line)]
    numbers, names = [part for part in asked if _NUMBER.fullmatch(part)], [part.lower() for part in asked]
    named = and_(func.lower(Place.name).in_(names), Place.state == "oppen")
    rows = select(Place.number, Place.name, Place.uid).where(access.rule_of(Place, actor))
    found = db.session().execute(rows.where(or_(Place.number.in_(numbers), named)).order_by(Place.number)).all()
    return list(dict.fromkeys(_meant(part, found, field) for part in asked))


def _asked_on(line: str) -> list[str]:
    """Return the numbers of a line that begins with one, else the name that it is; nothing for a blank one."""
    words = line.replace(",", " ").replace(";", " ").upper().split()
    if words and _NUMBER.fullmatch(words[0]):
        return [word for word in words if _NUMBER.fullmatch(word)]
    return [" ".join(line.split())] if words else []


def _meant(part: str, found: Iterable[Any], field: str) -> UUID:
    """Return the one place among those found that a number or a name means."""
    if _NUMBER.fullmatch(part):
        told = Text(N_("Platsen {number} finns inte, eller så har du inte rätt att se den."), number=part)
        rows = [row for row in found if row.number == part]
    else:
        words = N_("Ingen plats som du får se heter ”{name}”. Skriv hela namnet, eller numret, till exempel PL-00001.")
        told, rows = Text(words, name=part), [row for row in found if row.name.lower() == part.lower()]
    if len(rows) > 1:
        words = N_("Flera platser heter ”{name}”: {numbers}. Skriv numret på den du menar.")
        told = Text(words, name=part, numbers=", ".join(row.number for row in rows))
    if len(rows) != 1:
        raise Invalid({field: [told]})
    return cast("UUID", rows[0].uid)


def places_to_choose(actor: Actor) -> list[str]:
    """Return the open places that the actor reaches, as `places_written` reads them, by name, at most 300."""
    rows = select(Place.number, Place.name).where(access.rule_of(Place, actor), Place.state == "oppen")
    found = db.session().execute(rows.order_by(Place.name, Place.id).limit(MOST_TO_CHOOSE))
    return [f"{row.number} {row.name}" for row in found]
