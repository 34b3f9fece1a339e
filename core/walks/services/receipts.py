"""What the city has of what somebody has sent: the phone checks its own list against it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, db, media, sync
from core.access import Actor
from core.walks.models import Observation, Walk
from core.walks.states import LOG

PAGE = 200


def receipts(
    actor: Actor, *, walk: UUID | None = None, after: int | None = None
) -> tuple[list[tuple[Any, list[media.Photo]]], int | None]:
    """Return what the actor has sent, on one walk or on all, with its photos; and where the next page begins."""
    access.require(actor, LOG)
    columns = (Observation.id, Observation.uid, Observation.state, Observation.version, Observation.number)
    rows = select(*columns).where(Observation.reporter_id == actor.id)
    if walk is not None:
        rows = rows.join(Walk, Walk.id == Observation.walk_id).where(Walk.uid == walk)
    if after is not None:
        rows = rows.where(Observation.id < after)
    found = db.session().execute(rows.order_by(Observation.id.desc()).limit(PAGE + 1)).all()
    more, found = len(found) > PAGE, found[:PAGE]
    photos = media.photos_of("observation", [row.uid for row in found])
    return [(row, photos[row.uid]) for row in found], found[-1].id if more else None


def changes_sent(actor: Actor) -> list[sync.Change]:
    """Return the latest that the actor has sent of changes, and of observations that were kept."""
    return sync.of_records(actor, "observation") if actor.may(sync.READ) else []
