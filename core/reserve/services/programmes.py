"""Programmes as data: taken in from the seed pack, found by the day, and who decides for them then."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db
from core.access import Actor
from core.dated import valid_on
from core.people.services import organisation
from core.places.services import rows_of
from core.reserve.models import SEE, DecidingBody, Programme

EDIT = "reserve:programme:edit"


def load_programmes(actor: Actor) -> int:
    """Take in the programmes of the seed pack with who decides for them, where there are none; return how many."""
    access.require(actor, EDIT)
    rows = rows_of("programmes.csv")
    if db.session().scalar(select(Programme.id).limit(1)) is not None:
        return 0
    for row in rows:
        numbers = {name: int(row[name]) for name in ("rate", "large", "late_years")}
        words = {name: row[name] for name in ("code", "name", "series", "reserve_code", "legal_basis", "access")}
        days = {"active_from": date.fromisoformat(row["active_from"]), "active_to": _day(row["active_to"])}
        owner = organisation(row["owner"]).id
        db.session().add(
            Programme(uid=db.uid_of("programme " + row["code"]), owner_id=owner, **words, **numbers, **days)
        )
    db.session().flush()
    keys = {programme.code: programme.id for programme in db.session().scalars(select(Programme))}
    for row in rows_of("deciding_bodies.csv"):
        days = {"valid_from": date.fromisoformat(row["valid_from"]), "valid_to": _day(row["valid_to"])}
        facts = {
            "decides": row["decides"],
            "source": row["source"],
            "organisation_id": organisation(row["organisation"]).id,
        }
        db.session().add(DecidingBody(programme_id=keys[row["programme"]], **facts, **days))
    db.session().flush()
    return len(rows)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def programmes(on: date | None = None) -> list[Programme]:
    """Return the programmes that money can be applied for from on a day, today if none is given."""
    day = on or clock.today()
    rows = select(Programme).where(Programme.active_from <= day)
    rows = rows.where(Programme.active_to.is_(None) | (Programme.active_to >= day))
    return list(db.session().scalars(rows.order_by(Programme.id)))


def programme(actor: Actor, uid: UUID) -> Programme:
    """Return a programme; Missing when there is none."""
    return access.find(Programme, uid, actor, SEE)


def body_on(programme_id: int, decides: str, day: date) -> DecidingBody | None:
    """Return which body decides something for a programme on a day; None when no one is said to."""
    return bodies_on(programme_id, day).get(decides)


def bodies_on(programme_id: int, day: date) -> dict[str, DecidingBody]:
    """Return which bodies decide for a programme on a day, by what they decide, in one query."""
    rows = select(DecidingBody).options(joinedload(DecidingBody.organisation))
    rows = rows.where(DecidingBody.programme_id == programme_id, valid_on(DecidingBody, day))
    return {row.decides: row for row in db.session().scalars(rows.order_by(DecidingBody.valid_from))}
