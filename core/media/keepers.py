"""Who keeps the originals: of a masked photo they are for named keepers alone, for a time and a reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from core import access, clock, db, journal
from core.access import Actor
from core.i18n import N_
from core.media.models import Keeper, Photo
from core.schema import Invalid

LONGEST = timedelta(days=366)
GRANT, READ = "media:keeper:grant", "media:keeper:read"


def keeps(actor: Actor, photo: Photo) -> bool:
    """Whether the actor is a keeper of this photo today."""
    today = clock.today()
    roles = [grant.role for grant in actor.grants]
    mine = or_(Keeper.person_id == actor.id, Keeper.role.in_(roles))
    of_it = or_(Keeper.photo_id.is_(None), Keeper.photo_id == photo.id)
    found = select(Keeper.id).where(mine, of_it, Keeper.valid_from <= today, Keeper.valid_to >= today)
    return actor.signed_in and db.session().scalar(found.limit(1)) is not None


def grant(
    actor: Actor,
    *,
    valid_to: date,
    reason: str,
    person: int | None = None,
    role: str | None = None,
    photo: UUID | None = None,
) -> Keeper:
    """Make a person, or whoever has a role, keeper from today through `valid_to`, of one photo or of all they reach.

    Nobody makes themselves a keeper, by name or by a role of their own. Raises Denied, Missing and Invalid.
    """
    access.require(actor, GRANT)
    if actor.signed_in and (person == actor.id or role in {held.role for held in actor.grants}):
        raise Invalid({"email" if person else "role": [N_("Någon annan än du själv ger dig tillgång till original.")]})
    if not clock.today() <= valid_to <= clock.today() + LONGEST:
        raise Invalid({"valid_to": [N_("Välj en dag från i dag till ett år framåt.")]})
    key = access.find(Photo, photo, actor, "media:photo:read").id if photo else None
    row = Keeper(
        person_id=person,
        role=role,
        photo_id=key,
        valid_from=clock.today(),
        valid_to=valid_to,
        reason=reason,
        granted_by_id=actor.id,
    )
    db.session().add(row)
    db.session().flush()
    detail: dict[str, Any] = {"person": person, "role": role, "photo": photo, "until": valid_to, "reason": reason}
    journal.write(actor, "keeper:grant", "keeper", row.uid, **detail)
    return row


def end(actor: Actor, uid: UUID) -> None:
    """Take a keeper's right away at once; what was handed out stands in the journal. Ended twice it is ended once."""
    row = access.find(Keeper, uid, actor, GRANT, lock=True)
    if row.valid_to < clock.today():
        return
    row.valid_to = clock.today() - timedelta(days=1)
    row.ended_at, row.ended_by_id = clock.now(), actor.id
    journal.write(actor, "keeper:end", "keeper", uid)


def current(actor: Actor) -> list[Keeper]:
    """Return who keeps something today, the one whose time ends first at the top."""
    access.require(actor, READ)
    rows = select(Keeper).where(Keeper.valid_to >= clock.today(), access.rule_of(Keeper, actor))
    return list(db.session().scalars(rows.order_by(Keeper.valid_to, Keeper.id).limit(200)))


def former(actor: Actor, *, limit: int = 50) -> list[Keeper]:
    """Return who has kept something before, the latest at the top."""
    access.require(actor, READ)
    rows = select(Keeper).where(Keeper.valid_to < clock.today(), access.rule_of(Keeper, actor))
    return list(db.session().scalars(rows.order_by(Keeper.valid_to.desc(), Keeper.id.desc()).limit(limit)))
