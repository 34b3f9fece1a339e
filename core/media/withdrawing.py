"""A photo taken back by who took it: before it has come it never does, and one that is here is hidden at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core import access, db, journal
from core.access import Actor
from core.i18n import N_
from core.media import review
from core.media.bucket import store
from core.media.intake import own_photo
from core.media.models import HIDE, Photo, Upload
from core.media.states import WITHDRAWN

TAKEN_BACK = N_("Den som tog fotot har tagit bort det.")
HERE = N_("Fotot är redan hos staden. Be den som samordnar vandringen att dölja det.")


def withdraw(actor: Actor, uid: UUID) -> None:
    """Take back a photo that the actor has sent, or was about to send; taken back twice it is so once.

    Of a photo that nobody has spoken of yet it is remembered, for its record may come later and list it. Raises Missing
    for somebody else's, and Denied for one that is here when the actor may not hide it.
    """
    access.require(actor, "media:photo:add")
    begun = db.session().scalar(select(Upload).where(Upload.uid == uid).with_for_update())
    known = db.session().execute(select(Photo.sender_id).where(Photo.uid == uid)).first()
    if any(row is not None and row.sender_id != actor.id for row in (begun, known)):
        raise access.Missing("photo", uid)
    photo = own_photo(actor, uid)
    if photo.received_sha256:
        if not review.may(actor, photo, HIDE):
            raise access.Denied(HIDE, HERE)
        review.hide(actor, uid, reason=TAKEN_BACK)
        return
    if photo.state == WITHDRAWN:
        return
    photo.state = WITHDRAWN
    if begun is not None:
        db.session().delete(begun)
    parts = store()
    db.after_commit(lambda: parts.forget_part(uid))
    journal.write(actor, "photo:take-back", "photo", uid, level=photo.level)
