"""What may pay for the same thing twice: an application to another programme, or money from elsewhere (domain.md 1.5).

Looked for on the same place and within 200 metres, for the same kinds of measure, three years back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, case, or_, select

from core import access, clock, db, geo
from core.access import Actor
from core.applications.coach import Other
from core.applications.models import (
    INSIDE,
    READ,
    Application,
    ApplicationMeasure,
    ApplicationPlace,
)
from core.journal import PROTECTED
from core.places.models import Place
from core.places.services import rows_of
from core.reserve.models import Programme

NEAR = 200
"""Metres within which what was done is beside the place."""
BACK = timedelta(days=3 * 365)
GONE = ("aterkallad", "avslag", "utgar", "avstadd", "avbruten")
MOST, MOST_PLACES = 5, 20


def others(
    actor: Actor, application: Application, places: Sequence[Place], kinds: Sequence[str], funding: Iterable[str]
) -> tuple[Other, ...]:
    """Return what may pay for the same as an application with these places, kinds of measure and other funding."""
    found = [Other(name) for name in _named(funding)]
    if not places or not kinds:
        return tuple(found)
    rows = db.session().execute(same_elsewhere(actor, application, places, kinds).limit(MOST))
    told = [Other(f"{row.number} {row.title}", f"/ansokningar/{row.uid}" if row.reached else "") for row in rows]
    return (*told, *found)


def same_elsewhere(
    actor: Actor, application: Application, places: Sequence[Place], kinds: Sequence[str]
) -> Select[Any]:
    """Return the query for applications to other programmes for the same on the places or beside them.

    What a board has not handed in is told to nobody else.
    """
    reached = access.rule_of(Application, actor, READ)
    rows = select(
        Application.uid, Application.number, Application.title, case((reached, 1), else_=0).label("reached")
    ).join(Programme, Programme.id == Application.programme_id)
    rows = rows.where(
        Application.programme_id != application.programme_id,
        Application.id.in_(at_places(places)),
        Application.id.in_(of_kinds(kinds)),
        Application.state.not_in(GONE),
        Application.level < PROTECTED,
        Application.begun_at > clock.now() - BACK,
        or_(Application.state.not_in(INSIDE), reached),
    )
    return rows.order_by(Application.id.desc())


def at_places(places: Sequence[Place]) -> Select[Any]:
    """Return the keys of the applications on any of these places, or beside them."""
    rows = select(ApplicationPlace.application_id).join(Place, Place.id == ApplicationPlace.place_id)
    return rows.where(beside(places), Place.level < PROTECTED)


def beside(places: Sequence[Place]) -> ColumnElement[bool]:
    """Return the condition that a place is one of these or lies within 200 metres of one."""
    return or_(*(geo.near(Place.geom, place.geom, NEAR) for place in places[:MOST_PLACES]))


def of_kinds(kinds: Sequence[str]) -> Select[Any]:
    """Return the keys of the applications with a measure of one of these kinds."""
    return select(ApplicationMeasure.application_id).where(ApplicationMeasure.kind.in_(kinds))


def _named(funding: Iterable[str]) -> list[str]:
    words = _words(db.settings().city)
    texts = [text.casefold() for text in funding]
    return list(dict.fromkeys(name for word, name in words if any(word in text for text in texts)))


@cache
def _words(_city: str) -> tuple[tuple[str, str], ...]:
    return tuple((row["word"].casefold(), row["name"]) for row in rows_of("other_funding_words.csv"))
