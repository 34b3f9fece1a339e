"""What those who write choose: a place or an area, an organisation, a time of the clock, days in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db
from core.access import Actor
from core.dated import valid_on
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import Area, Place
from core.schema import Invalid

PAGE = 50
TIME = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])")


@dataclass(frozen=True)
class Page:
    """A page of rows, and where the next one begins."""

    rows: list[Any]
    after: tuple[Any, ...] | None


def paged(rows: list[Any], limit: int, key: Any) -> Page:
    """Return the first `limit` of one row more, with the keys of the last where there are more."""
    more, rows = len(rows) > limit, rows[:limit]
    return Page(rows, key(rows[-1]) if more else None)


def place_chosen(actor: Actor, uid: UUID | None, field: str = "where") -> Place:
    """Return an open place that the actor reaches. Raises Invalid at `field`."""
    rows = select(Place).where(Place.uid == uid, Place.state == "oppen", access.rule_of(Place, actor))
    found = db.session().scalar(rows) if uid else None
    if found is None:
        raise Invalid({field: [N_("Välj en plats i listan.")]})
    return found


def where_chosen(actor: Actor, place: UUID | None, area: UUID | None) -> dict[str, int]:
    """Return the key of the place or the area: one of them. Raises Invalid."""
    if (place is None) == (area is None):
        raise Invalid({"where": [N_("Välj antingen en plats eller ett område.")]})
    if place is not None:
        return {"place_id": place_chosen(actor, place).id}
    rows = select(Area.id).where(Area.uid == area, valid_on(Area, clock.today()), access.rule_of(Area, actor))
    found = db.session().scalar(rows)
    if found is None:
        raise Invalid({"area": [N_("Välj ett område i listan.")]})
    return {"area_id": found}


def level_of(place: int | None) -> int:
    """Return how protected something is: as its place, by that one's key; areas are open."""
    return db.session().get_one(Place, place).level if place is not None else 1


def organisation_chosen(uid: UUID | None, field: str) -> int | None:
    """Return the key of an organisation that there is today; nothing for none. Raises Invalid at `field`."""
    if uid is None:
        return None
    rows = select(Organisation.id).where(Organisation.uid == uid, valid_on(Organisation, clock.today()))
    found = db.session().scalar(rows)
    if found is None:
        raise Invalid({field: [N_("En av organisationerna finns inte, eller så har den upphört.")]})
    return found


def own_organisation(actor: Actor, code: str, permission: str) -> Organisation:
    """Return the organisation with a code that the actor writes for with a permission. Raises Invalid."""
    rows = select(Organisation).where(Organisation.code == code, valid_on(Organisation, clock.today()))
    found = db.session().scalar(rows.where(access.within(actor, permission, Organisation.id)))
    if found is None:
        raise Invalid({"organisation": [N_("Välj en organisation som du arbetar för.")]})
    return found


def own_organisations(actor: Actor, permission: str) -> list[tuple[str, str]]:
    """Return the organisations of today that the actor writes for with a permission: code and name."""
    rows = select(Organisation.code, Organisation.name).where(valid_on(Organisation, clock.today()))
    rows = rows.where(access.within(actor, permission, Organisation.id)).order_by(Organisation.name)
    return [(code, name) for code, name in db.session().execute(rows.limit(200))]


def time_written(text: str, field: str) -> str:
    """Return a time of the clock as it is kept, "18:00"; nothing for none. Raises Invalid at `field`."""
    if not text:
        return ""
    found = TIME.fullmatch(text.strip())
    if found is None:
        raise Invalid({field: [N_("Skriv ett klockslag, till exempel 18.00.")]})
    return f"{int(found[1]):02}:{found[2]}"


def times_written(facts: dict[str, Any], first: str, last: str) -> dict[str, Any]:
    """Return the facts with both times as they are kept: both or none. Raises Invalid."""
    if first not in facts and last not in facts:
        return facts
    known = {name: time_written(facts.get(name, ""), name) for name in (first, last)}
    if bool(known[first]) != bool(known[last]):
        raise Invalid({first if not known[first] else last: [N_("Skriv båda klockslagen, eller inget av dem.")]})
    return facts | known


def in_order(first: date | None, last: date | None, field: str = "ends_on") -> None:
    """Refuse a last day before the first. Raises Invalid at `field`."""
    if first is not None and last is not None and last < first:
        raise Invalid({field: [N_("Sista dagen kan inte ligga före den första.")]})


def at(text: str) -> time:
    """Return a time as it is kept as a time of the clock."""
    return time.fromisoformat(text)


def falls_on(day: date, weekdays: Iterable[str]) -> bool:
    """Whether a day is one of some weekdays; of none in particular every day is."""
    chosen = set(weekdays)
    return not chosen or str(day.weekday()) in chosen


def reaches(actor: Actor, row: Any, permission: str) -> bool:
    """Whether the actor reaches a row with a permission."""
    model = type(row)
    rows = select(model.id).where(model.id == row.id, access.rule_of(model, actor, permission))
    return actor.may(permission) and db.session().scalar(rows) is not None
