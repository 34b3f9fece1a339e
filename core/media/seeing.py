"""Which picture of a photo somebody gets: the one rule for pages, API and thumbnails alike (design.md 9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from core import access, db, journal
from core.access import Actor
from core.i18n import N_
from core.media import formats
from core.media.keepers import keeps
from core.media.models import FETCH, Photo
from core.media.states import PUBLIC, READY, RECEIVED, UNREADABLE

Size = Literal["stor", "liten"]
ORIGINAL = "media:photo:original"
FOR_KEEPERS = N_("Bilden är maskad. Originalet är för den som har fått tillgång till det, för en tid och av ett skäl.")


def pictures_for(actor: Actor, photos: Iterable[Photo]) -> Mapping[UUID, str]:
    """Return, by uid, those `photos` whose pictures the actor may see, each with how it looks in a page.

    "ready" is shown, "waiting" is being made, "unreadable" and "missing" say so.
    """
    known = {photo.id: photo for photo in photos}
    seen = select(Photo.id).where(Photo.id.in_(known), access.rule_of(Photo, actor))
    return {known[key].uid: _look(known[key]) for key in db.session().scalars(seen)} if known else {}


def _look(photo: Photo) -> str:
    if photo.state == READY:
        return "ready"
    return {UNREADABLE: "unreadable", RECEIVED: "waiting"}.get(photo.state, "missing")


def is_for_everybody(photo: Photo) -> bool:
    """Whether somebody has reviewed the photo, so that its picture may leave the city: to others, or in a phone."""
    return photo.review in PUBLIC and photo.state == READY and photo.hidden_at is None


def picture_of(actor: Actor, uid: UUID, size: Size, *, webp: bool = False) -> tuple[str, str]:
    """Return the hash of the picture that the actor gets, and its media type; Missing when there is none for them.

    The small one is WebP for who reads that (`webp`) and JPEG for others. A mask that was released has replaced the
    picture without it for everybody.
    """
    photo = access.find(Photo, uid, actor, FETCH)
    if photo.state == READY and size == "liten" and webp and photo.small_webp is not None:
        return photo.small_webp, "image/webp"
    sha256 = photo.large if size == "stor" else photo.small
    if sha256 is None or photo.state != READY:
        raise access.Missing("picture", uid)
    return sha256, "image/jpeg"


def original_of(actor: Actor, uid: UUID) -> Photo:
    """Return the photo whose stored file the actor may have, by itself without metadata.

    Once a mask has been released only a keeper has it. Not before its pictures are made: until then the file may be
    the one that was sent, with all its metadata. Raises Denied or Missing.
    """
    photo = access.find(Photo, uid, actor, ORIGINAL)
    access.find(Photo, uid, actor, FETCH)  # hidden is hidden
    if photo.stored_sha256 is None or (photo.state != READY and photo.mask_id is None):
        raise access.Missing("picture", uid)
    if photo.mask_id is not None and not keeps(actor, photo):
        raise access.Denied(ORIGINAL, FOR_KEEPERS)
    return photo


def gets_original(actor: Actor, uid: UUID) -> bool:
    """Whether `original_of` gives the actor this photo, for a link to it."""
    try:
        return bool(original_of(actor, uid))
    except (access.Denied, access.Missing):
        return False


def type_of_original(photo: Photo) -> str:
    """Return the media type of the file of `original_of`: what came sealed has been made a JPEG."""
    kind = photo.media_type or ""
    return "image/jpeg" if formats.is_sealed(kind) else kind


def handed_out(actor: Actor, uid: UUID) -> None:
    """Journal that a keeper was handed the original of a masked photo."""
    journal.write(actor, "photo:hand-out", "photo", uid)
