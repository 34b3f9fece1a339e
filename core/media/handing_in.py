"""A photo that somebody else brings to the city, whole: from a file that the phone made of what waits in it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core import access, db
from core.access import Actor
from core.media.bucket import store
from core.media.intake import Progress, follow_on
from core.media.models import Upload
from core.media.store import Source, size_of


def hand_in(actor: Actor, sender: Actor, uid: UUID, source: Source, *, sha256: str) -> Progress:
    """Take in a whole photo that `actor` brings from `sender`, whatever that person may do today.

    It is the sender's, as if her phone had sent it; what that had sent of it counts no more. Raises what
    `append` raises.
    """
    access.require(actor, "media:photo:add")
    begun = db.session().scalar(select(Upload).where(Upload.uid == uid).with_for_update())
    if begun is not None and begun.sender_id == sender.id:
        db.session().delete(begun)
        db.session().flush()
        parts = store()
        db.after_commit(lambda: parts.forget_part(uid))
    return follow_on(sender, uid, source, offset=0, length=size_of(source), sha256=sha256)
