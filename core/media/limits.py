"""What is not taken in for its size, its number or its day; and the refusal that says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union_all

from core import clock, db
from core.access import Actor
from core.i18n import N_, Text
from core.media.models import Photo, Upload
from core.media.states import WITHDRAWN

DAY = timedelta(hours=24)


class PhotoRefused(Exception):
    """A photo is not taken in. `message` is for the sender, `facts` for programs.

    `journalled` is done after the rollback, in a transaction of its own.
    """

    def __init__(self, status: int, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.status, self.message, self.facts = status, message, facts
        self.headers: dict[str, str] = {}
        self.journalled: Any = None


def refuse_too_large(length: int) -> None:
    """Refuse a photo over the size that a setting gives."""
    most = db.settings().photo_bytes
    if length > most:
        raise PhotoRefused(413, Text(N_("Fotot är för stort. Högst {largest} MB tas emot."), largest=most // 1_000_000))


def refuse_withdrawn(photo: Photo) -> None:
    """Refuse the bytes of a photo that its sender has taken back."""
    if photo.state == WITHDRAWN:
        raise PhotoRefused(409, N_("Fotot är borttaget av den som tog det. Det tas inte emot."))


def refuse_too_many(kind: str, record: UUID) -> None:
    """Refuse what makes a record have more photos than a setting gives."""
    most = db.settings().photos_per_record
    rows = select(func.count()).where(Photo.record_kind == kind, Photo.record_uid == record, Photo.state != WITHDRAWN)
    if (db.session().scalar(rows) or 0) > most:
        words = N_("Här får det finnas högst {most} foton. Skriv in en iakttagelse till för resten.")
        raise PhotoRefused(413, Text(words, most=most), most=most)


def refuse_too_much(actor: Actor, uid: UUID, length: int) -> None:
    """Refuse a photo over the person's quota of a day, and say when there is room; what lies here unfinished counts."""
    since, most = clock.now() - DAY, db.settings().quota_bytes
    sent = select(func.coalesce(func.sum(Photo.bytes), 0))
    sent = sent.where(Photo.sender_id == actor.id, Photo.received_at > since)
    begun = select(func.coalesce(func.sum(Upload.offset), 0))
    begun = begun.where(Upload.sender_id == actor.id, Upload.touched_at > since, Upload.uid != uid)
    so_far = db.session().execute(select(sent.scalar_subquery() + begun.scalar_subquery())).scalar_one()
    if so_far + length <= most:
        return
    again = _room_for(actor, uid, so_far + length - most)
    words = Text(
        N_("Du har skickat så mycket som går på ett dygn. Det går att skicka igen {when}."),
        when=clock.local(again).strftime("%Y-%m-%d %H.%M"),
    )
    refusal = PhotoRefused(429, words, again_at=again.isoformat(timespec="seconds"))
    refusal.headers = {"Retry-After": str(max(1, round((again - clock.now()).total_seconds())))}
    raise refusal


def _room_for(actor: Actor, uid: UUID, wanted: int) -> datetime:
    """Return when `wanted` bytes of what the actor has sent will be older than a day."""
    since = clock.now() - DAY
    sent = select(Photo.received_at.label("at"), Photo.bytes.label("bytes"))
    begun = select(Upload.touched_at, Upload.offset).where(Upload.sender_id == actor.id, Upload.uid != uid)
    both = union_all(
        sent.where(Photo.sender_id == actor.id, Photo.received_at > since), begun.where(Upload.touched_at > since)
    ).subquery()
    last = clock.now()
    for at, size in db.session().execute(select(both.c.at, both.c.bytes).order_by(both.c.at)):
        wanted, last = wanted - size, at
        if wanted <= 0:
            break
    return last + DAY
