"""Photos and their bytes on the way in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Float, Index, Select, String, and_, false, or_, true
from sqlalchemy.orm import Mapped, mapped_column

from core import access
from core.access import Actor
from core.db import Base, Identified, Key

WAITING, RECEIVED, READY, UNREADABLE, REFUSED = "saknas", "mottagen", "klar", "olaslig", "nekad"
"""States of a photo: listed but without bytes; received; pictures made; cannot be decoded; not taken in."""
MOST_SAID = 80
"""Characters that are kept of a camera's own words for the time; a hostile file has more than a hundred."""


FETCH = "media:photo:fetch"
"""What it takes to get the pictures of a photo, and its receipt: one's own, or those that one's role may see."""


class Photo(Identified, Base):
    """A photo of a record: what the phone said of it, what arrived, and the pictures made of it (domain.md 2.4).

    `record_uid` is empty while the bytes have come before their record. `latitude` and `longitude` are WGS 84
    degrees as the phone or the photo itself told them; `accuracy_m` is metres.
    """

    __tablename__ = "photo"
    __table_args__ = (Index("ix_photo_record", "record_kind", "record_uid"),)
    record_kind: Mapped[str | None] = mapped_column(String(40))
    record_uid: Mapped[UUID | None]
    role: Mapped[str] = mapped_column(String(20), default="iakttagelse")
    state: Mapped[str] = mapped_column(String(20), default=WAITING)
    refusal: Mapped[str | None] = mapped_column(String(300))
    sender_id: Mapped[int | None] = mapped_column(Key)
    level: Mapped[int] = mapped_column(default=1)
    listed_at: Mapped[datetime | None]
    listed_sha256: Mapped[str | None] = mapped_column(String(64))
    listed_bytes: Mapped[int | None]
    received_at: Mapped[datetime | None]
    received_sha256: Mapped[str | None] = mapped_column(String(64))
    stored_sha256: Mapped[str | None] = mapped_column(String(64))
    bytes: Mapped[int | None]
    media_type: Mapped[str | None] = mapped_column(String(20))
    width: Mapped[int | None]
    height: Mapped[int | None]
    taken_at: Mapped[datetime | None]
    taken_raw: Mapped[str | None] = mapped_column(String(MOST_SAID))
    taken_ambiguous: Mapped[bool] = mapped_column(default=False)
    latitude: Mapped[float | None] = mapped_column(Float(53))
    longitude: Mapped[float | None] = mapped_column(Float(53))
    accuracy_m: Mapped[float | None] = mapped_column(Float(53))
    position_source: Mapped[str | None] = mapped_column(String(20))
    position_note: Mapped[str | None] = mapped_column(String(40))
    direction: Mapped[float | None] = mapped_column(Float(53))
    large: Mapped[str | None] = mapped_column(String(64))
    small: Mapped[str | None] = mapped_column(String(64))
    picture_width: Mapped[int | None]
    picture_height: Mapped[int | None]


class Upload(Base):
    """The bytes of a photo that have come so far; the lock on this row lets one request at a time append."""

    __tablename__ = "upload"
    uid: Mapped[UUID] = mapped_column(primary_key=True)
    sender_id: Mapped[int | None] = mapped_column(Key)
    offset: Mapped[int] = mapped_column(default=0)
    length: Mapped[int]
    sha256: Mapped[str | None] = mapped_column(String(64))
    started_at: Mapped[datetime]
    touched_at: Mapped[datetime]


access.for_nobody(Upload)

Reachable = Callable[[Actor, str], Select[tuple[UUID]]]
_records: dict[str, Reachable] = {}


def record(kind: str) -> Callable[[Reachable], Reachable]:
    """Register how to select the uids of records of `kind` whose photos an actor reaches with a permission."""

    def register(reachable: Reachable) -> Reachable:
        _records[kind] = reachable
        return reachable

    return register


@access.visible_to(Photo, FETCH)
def _photos(actor: Actor, permission: str) -> ColumnElement[bool]:
    """A photo is reached through its record, and by its sender: before the record has come, and to be seen again.

    So whoever sends photos for an outside organisation sees those, and no others (design.md 9).
    """
    if actor.kind == "system":
        return true()
    if not actor.may(permission):
        return false()
    mine = Photo.sender_id == actor.id
    if permission != FETCH:
        mine = and_(mine, Photo.record_uid.is_(None))
    reading = "media:photo:read" if permission == FETCH else permission
    through: list[Any] = [
        and_(Photo.record_kind == kind, Photo.record_uid.in_(reachable(actor, reading)))
        for kind, reachable in _records.items()
    ]
    return or_(mine, *through)
