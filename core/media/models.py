"""Photos, their bytes on the way in, and what is masked in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Select,
    String,
    and_,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from core import access
from core.access import Actor
from core.db import Base, Identified, Key
from core.media.states import NOT_REVIEWED, PROPOSED, PUBLIC, WAITING

MOST_SAID = 80
"""Characters that are kept of a camera's own words for the time; a hostile file has more than a hundred."""


FETCH = "media:photo:fetch"
"""What it takes to get pictures at all: one's own, those that have been reviewed, or all of those that READ reaches."""
READ = "media:photo:read"
"""What the city's own people have: pictures that nobody has reviewed yet (design.md 9)."""
HIDE = "media:photo:hide"


class Photo(Identified, Base):
    """A photo of a record: what the phone said of it, what arrived, and the pictures made of it (domain.md 2.4).

    `record_uid` is empty while the bytes have come before their record. `latitude` and `longitude` are WGS 84
    degrees as the phone or the photo itself told them; `accuracy_m` is metres. `direction` is degrees from north,
    `pairs_with` the uid of the earlier photo from whose spot it was taken again.
    """

    __tablename__ = "photo"
    __table_args__ = (
        Index("ix_photo_record", "record_kind", "record_uid"),
        Index("ix_photo_review", "review", "state", "id"),
        Index("ix_photo_stored_sha256", "stored_sha256"),
        Index("ix_photo_large", "large"),
        Index("ix_photo_small", "small"),
        Index("ix_photo_small_webp", "small_webp"),
    )
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
    pairs_with: Mapped[UUID | None]
    large: Mapped[str | None] = mapped_column(String(64))
    small: Mapped[str | None] = mapped_column(String(64))
    small_webp: Mapped[str | None] = mapped_column(String(64))
    picture_width: Mapped[int | None]
    picture_height: Mapped[int | None]
    review: Mapped[str] = mapped_column(String(20), default=NOT_REVIEWED)
    review_version: Mapped[int] = mapped_column(default=1)
    """Counts what was proposed and decided about the picture, so that no decision is about another proposal."""
    mask_id: Mapped[int | None] = mapped_column(Key)
    """The mask that `large` and `small` are made with, or are being made with: from then on there are no others."""
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(Key)
    hidden_reason: Mapped[str | None] = mapped_column(String(500))

    def forget_pictures(self) -> list[str]:
        """Let go of the pictures made of the photo; return their hashes, for the files are still there."""
        old = sorted({sha256 for sha256 in (self.large, self.small, self.small_webp) if sha256})
        self.large = self.small = self.small_webp = None
        return old


class Mask(Identified, Base):
    """What somebody proposes to cover in a picture, and what another person decided (domain.md 2.4).

    `boxes` is a list of {kind, left, top, width, height} in percent of the picture; empty: nothing needs covering.
    """

    __tablename__ = "media_mask"
    __table_args__ = (Index("ix_media_mask_photo_id", "photo_id", "id"),)
    photo_id: Mapped[int] = mapped_column(Key, ForeignKey("photo.id"))
    state: Mapped[str] = mapped_column(String(20), default=PROPOSED)
    boxes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    proposed_by_id: Mapped[int] = mapped_column(Key)
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(Key)
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(500))


class Keeper(Identified, Base):
    """Who may be handed the original of a masked photo, from a day to a day: a person, or whoever has a role.

    `photo_id` is empty for every photo that they reach otherwise.
    """

    __tablename__ = "media_keeper"
    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (role IS NULL)", name="somebody"),)
    person_id: Mapped[int | None] = mapped_column(Key, index=True)
    role: Mapped[str | None] = mapped_column(String(40), index=True)
    photo_id: Mapped[int | None] = mapped_column(Key, ForeignKey("photo.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    granted_by_id: Mapped[int | None] = mapped_column(Key)
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(Key)
    """When and by whom it was ended before its day; empty when that day simply came."""


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
Called = Callable[[Actor, Collection[UUID]], Mapping[UUID, str]]
_records: dict[str, Reachable] = {}
_called: dict[str, Called] = {}
_pages: dict[str, tuple[str, str]] = {}


def record(
    kind: str, *, page: str = "", title: str = "", called: Called | None = None
) -> Callable[[Reachable], Reachable]:
    """Register how to select the uids of records of `kind` whose photos an actor reaches with a permission.

    `page` is the address of the record's page, with {uid} in it, and `title` what the page is called. `called` tells
    what each record is about, in a few words and in one query.
    """

    def register(reachable: Reachable) -> Reachable:
        _records[kind] = reachable
        if called:
            _called[kind] = called
        if page:
            _pages[kind] = page, title
        return reachable

    return register


def record_page(photo: Photo) -> tuple[str, str] | None:
    """Return title and address of the page that the photo belongs to, None before its record has come."""
    address, title = _pages.get(photo.record_kind or "", ("", ""))
    return (title, address.format(uid=photo.record_uid)) if address else None


def about(actor: Actor, photos: Iterable[Photo]) -> dict[UUID, str]:
    """Return, by the photo's uid, what the record of each is about, where the actor may know it."""
    of_kind: dict[str, dict[UUID, UUID]] = defaultdict(dict)
    for photo in photos:
        if photo.record_kind in _called and photo.record_uid:
            of_kind[photo.record_kind][photo.uid] = photo.record_uid
    found: dict[UUID, str] = {}
    for kind, records in of_kind.items():
        known = _called[kind](actor, set(records.values()))
        found |= {uid: known[record] for uid, record in records.items() if record in known}
    return found


@access.visible_to(Photo, FETCH)
def _photos(actor: Actor, permission: str) -> ColumnElement[bool]:
    """A photo is reached through its record, and by its sender: before the record has come, and to be seen again.

    Outside organisations get only what somebody has reviewed, beside what they sent (design.md 9). What has been
    hidden is there for those alone who may hide.
    """
    if actor.kind == "system":
        return true()
    if not actor.may(permission):
        return false()
    mine = Photo.sender_id == actor.id
    if permission != FETCH:
        return or_(and_(mine, Photo.record_uid.is_(None)), _through(actor, permission))
    reviewed = and_(Photo.review.in_(PUBLIC), _through(actor, FETCH))
    shown = or_(Photo.hidden_at.is_(None), _through(actor, HIDE))
    return and_(or_(mine, reviewed, _through(actor, READ)), shown)


def _through(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Photos of the records that the actor reaches with the permission."""
    if not actor.may(permission):
        return false()
    kinds = [
        and_(Photo.record_kind == kind, Photo.record_uid.in_(reachable(actor, permission)))
        for kind, reachable in _records.items()
    ]
    return or_(false(), *kinds)


@access.visible_to(Mask, READ)
def _masks(actor: Actor, permission: str) -> ColumnElement[bool]:
    return Mask.photo_id.in_(select(Photo.id).where(access.rule_of(Photo, actor, permission)))


@access.visible_to(Keeper, "media:keeper:read")
def _keepers(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Keepers are the whole city's business."""
    return true() if any(reach.organisations is None for reach in actor.reaches(permission)) else false()
