"""Who is handed the originals of masked photos: their names beside what core/media knows of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from core import access, db
from core.access import Actor
from core.media import Keeper, Photo, keepers
from core.people import services as people
from core.people.models import Person


@dataclass(frozen=True)
class Kept:
    """An access that somebody has or had. `photo` is empty for all photos that they reach."""

    row: Keeper
    who: str
    given_by: str
    ended_by: str
    photo: UUID | None


def list_keepers(actor: Actor) -> tuple[list[Kept], list[Kept]]:
    """Return who keeps something today, then who did before, the latest at the top."""
    now, before = keepers.current(actor), keepers.former(actor)
    names, photos = _names([*now, *before]), _photos([*now, *before])

    def named(row: Keeper) -> Kept:
        who = names.get(row.person_id or 0, "") if row.person_id else str(access.ROLES.get(row.role or "", row.role))
        by, ended = names.get(row.granted_by_id or 0, ""), names.get(row.ended_by_id or 0, "")
        return Kept(row, who, by, ended, photos.get(row.photo_id or 0))

    return [named(row) for row in now], [named(row) for row in before]


def grant(actor: Actor, *, email: str, valid_to: date, reason: str, photo: UUID | None = None) -> Keeper:
    """Make the person with this address keeper from today. Raises Denied, Missing and Invalid."""
    access.require(actor, keepers.GRANT)
    return keepers.grant(actor, person=people.account(email).id, valid_to=valid_to, reason=reason, photo=photo)


def end(actor: Actor, uid: UUID) -> None:
    """End an access today."""
    access.require(actor, keepers.GRANT)
    keepers.end(actor, uid)


def _names(rows: Iterable[Keeper]) -> dict[int, str]:
    keys = {key for row in rows for key in (row.person_id, row.granted_by_id, row.ended_by_id) if key}
    found = select(Person.id, Person.name).where(Person.id.in_(keys))
    return {row.id: row.name for row in db.session().execute(found)} if keys else {}


def _photos(rows: Iterable[Keeper]) -> dict[int, UUID]:
    keys = {row.photo_id for row in rows if row.photo_id}
    found = select(Photo.id, Photo.uid).where(Photo.id.in_(keys))
    return {row.id: row.uid for row in db.session().execute(found)} if keys else {}
