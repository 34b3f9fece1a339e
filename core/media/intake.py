"""A photo's way in: listed by its record, sent in pieces, taken in whole, receipted (design.md 5).

The receipt is given when file and row are safe: the file is fsynced and renamed before the row, the row before
COMMIT. Whoever has no receipt sends again, and nothing becomes double.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db, geo, journal, outbox
from core.access import Actor
from core.i18n import N_, Text
from core.media import formats
from core.media.bucket import store
from core.media.files import forget
from core.media.limits import PhotoRefused, refuse_too_large, refuse_too_many, refuse_too_much, refuse_withdrawn
from core.media.models import FETCH, MOST_SAID, Photo, Upload
from core.media.spots import FORBIDDEN, REFUSAL, Spot, policy_of
from core.media.states import RECEIVED, REFUSED, WITHDRAWN
from core.media.store import Source, copied, digest, size_of

Row = TypeVar("Row", bound=db.Base)


@dataclass(frozen=True)
class Listed:
    """A photo as its record lists it. Position is WGS 84 degrees, accuracy metres, direction degrees from north."""

    uid: UUID
    sha256: str | None = None
    bytes: int | None = None
    role: str = "iakttagelse"
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    source: str | None = None
    direction: float | None = None
    pairs_with: UUID | None = None


@dataclass(frozen=True)
class Receipt:
    """Proof that the city has the photo: of the bytes as they were sent."""

    uid: UUID
    sha256: str
    bytes: int
    received_at: datetime
    state: str


@dataclass(frozen=True)
class Progress:
    """How far the bytes of a photo have come; `receipt` once all of them are safe."""

    offset: int
    length: int | None
    receipt: Receipt | None = field(default=None)


@dataclass(frozen=True)
class _Piece:
    """Bytes of a photo from `offset` on. All of it is `length` bytes and has the hash `sha256`, if that is known."""

    source: Source
    offset: int
    length: int
    sha256: str | None

    @property
    def end(self) -> int:
        return self.offset + size_of(self.source)

    @property
    def whole(self) -> bool:
        return self.offset == 0 and self.end == self.length


def expect(actor: Actor, kind: str, record: UUID, photos: Iterable[Listed], *, level: int = 1) -> None:
    """Tie `photos` to their record: those that have come are joined, the others are now known to be missing.

    Raises Conflict for a uid that is another record's, another person's, or has come with other bytes; PhotoRefused
    where photos are forbidden or there are too many, and what had come of one that is forbidden is removed.
    """
    for listed in photos:
        photo = own_photo(actor, listed.uid)
        if _is_another(photo, listed, record):
            raise db.Conflict("photo", listed.uid)
        photo.record_kind, photo.record_uid, photo.role, photo.level = kind, record, listed.role, level
        photo.listed_at = photo.listed_at or clock.now()
        photo.listed_sha256, photo.listed_bytes = listed.sha256, listed.bytes
        _prefer(photo, listed)
        if policy_of(photo) == FORBIDDEN:
            raise _refusal(photo, 422, REFUSAL)
    db.session().flush()
    refuse_too_many(kind, record)


def expect_one(actor: Actor, kind: str, record: UUID, listed: Listed, *, level: int = 1) -> Photo:
    """Tie one more photo to a record, once: the same again is the first, and another under its uid a Conflict.

    Raises what `expect` raises.
    """
    known = db.session().scalar(select(Photo).where(Photo.uid == listed.uid, Photo.record_uid == record))
    if known is None or known.listed_at is None or known.sender_id != actor.id:
        expect(actor, kind, record, [listed], level=level)
        return own_photo(actor, listed.uid)
    said = (known.listed_sha256, known.listed_bytes, known.role, known.pairs_with)
    if said != (listed.sha256, listed.bytes, listed.role, listed.pairs_with):
        raise db.Conflict("photo", listed.uid)
    return known


def _is_another(photo: Photo, listed: Listed, record: UUID) -> bool:
    """Whether the photo that has this uid is of another record or has other bytes."""
    other_bytes = photo.received_sha256 and listed.sha256 not in (None, photo.received_sha256)
    return bool(photo.record_uid not in (None, record) or other_bytes)


def _prefer(photo: Photo, listed: Listed) -> None:
    """What the phone measured goes before what the file says of itself."""
    if listed.taken_at:
        photo.taken_at, photo.taken_ambiguous = listed.taken_at, False
    if listed.latitude is not None and listed.longitude is not None:
        photo.latitude, photo.longitude = listed.latitude, listed.longitude
        photo.accuracy_m, photo.position_source = listed.accuracy_m, listed.source or "gps"
        photo.position_note = None
    if listed.direction is not None:
        photo.direction = listed.direction
    photo.pairs_with = listed.pairs_with or photo.pairs_with


def progress_of(actor: Actor, uid: UUID) -> Progress:
    """Return how much of photo `uid` is here; Missing when nobody has spoken of it, or another person has."""
    photo = db.session().scalar(select(Photo).where(Photo.uid == uid))
    if photo is not None and photo.received_sha256:
        if photo.sender_id != actor.id:  # the sender has the receipt for ever, also of a picture that was hidden
            photo = access.find(Photo, uid, actor, FETCH)
        return Progress(photo.bytes or 0, photo.bytes, receipt(photo))
    upload = db.session().get(Upload, uid)
    if upload is not None and upload.sender_id == actor.id:
        return Progress(min(upload.offset, store().gathered(uid)), upload.length)
    if photo is None or photo.sender_id != actor.id:
        raise access.Missing("photo", uid)
    return Progress(0, photo.listed_bytes)


def append(actor: Actor, uid: UUID, source: Source, *, offset: int, length: int, sha256: str | None = None) -> Progress:
    """Let the bytes in `source` follow on `offset` of a photo of `length` bytes, whose hash is `sha256` if known.

    Raises PhotoRefused: 409 with the true offset when `offset` is not where the city is; 409 for other bytes
    under a uid that has come; 413, 415, 422, 429 for what is not taken in.
    """
    access.require(actor, "media:photo:add")
    return follow_on(actor, uid, source, offset=offset, length=length, sha256=sha256)


def follow_on(sender: Actor, uid: UUID, source: Source, *, offset: int, length: int, sha256: str | None) -> Progress:
    """Do as `append` does; whoever calls this has made sure that the photo may be added."""
    refuse_too_large(length)
    piece = _Piece(source, offset, length, sha256)
    if not piece.whole or _begun(uid):
        return _follow_on(sender, uid, piece)
    photo = own_photo(sender, uid)
    if photo.received_sha256:
        return _again(photo, piece)
    refuse_withdrawn(photo)
    refuse_too_much(sender, uid, length)
    return _complete(sender, photo, piece.source, {sha256})


def receive_file(actor: Actor, uid: UUID, spool: Path) -> Receipt:
    """Take in a photo that came whole, with a form; it must have been listed by its record before."""
    done = append(actor, uid, spool, offset=0, length=size_of(spool))
    if done.receipt is None:
        raise PhotoRefused(422, N_("Fotot kom inte fram helt. Skicka det igen."))
    return done.receipt


def look(spool: Path) -> formats.Picture | None:
    """Return what a file says of itself as a picture, None for what will be refused."""
    try:
        return formats.inspect(spool)
    except (formats.NotAPicture, formats.TooLarge):
        return None


def twin(uid: UUID) -> UUID:
    """Return the uid of the photo that a page sends together with the record `uid`: sent again it is the same."""
    return db.uid_of(f"photo of {uid}")


def receipt(photo: Photo) -> Receipt:
    """Return the receipt of a photo that has come: always the same, but for the state, which goes on."""
    assert photo.received_sha256 and photo.received_at  # noqa: S101, PT018 - what "has come" means
    return Receipt(photo.uid, photo.received_sha256, photo.bytes or 0, photo.received_at, photo.state)


def photos_of(kind: str, records: Iterable[UUID]) -> Mapping[UUID, list[Photo]]:
    """Return the photos of `records`, oldest first, without those that their senders have taken back.

    The caller has made sure that the records may be seen.
    """
    found: dict[UUID, list[Photo]] = {uid: [] for uid in records}
    statement = select(Photo).where(Photo.record_kind == kind, Photo.record_uid.in_(found)).order_by(Photo.id)
    statement = statement.where(Photo.state != WITHDRAWN)
    for photo in db.session().scalars(statement) if found else ():
        found[photo.record_uid].append(photo)  # type: ignore[index]
    return found


def _follow_on(actor: Actor, uid: UUID, piece: _Piece) -> Progress:
    """Let a piece follow on those that have come; the last one completes the photo."""
    upload = _locked_upload(actor, uid, piece)
    photo = db.session().scalar(select(Photo).where(Photo.uid == uid).with_for_update())
    if photo is not None and photo.sender_id != actor.id:
        raise db.Conflict("photo", uid)
    if photo is not None and photo.received_sha256:
        return _again(photo, piece)
    if photo is not None:
        refuse_withdrawn(photo)
    refuse_too_much(actor, uid, piece.length)
    here = min(upload.offset, store().gathered(uid))
    if piece.offset != here or upload.length != piece.length:
        raise _out_of_step(here, upload.length)
    if piece.end > piece.length:
        raise PhotoRefused(413, N_("Det kom fler byte än det skulle. Skicka fotot igen."), length=piece.length)
    if not piece.whole:  # what comes whole is durable by being taken in; a part would be written twice for nothing
        store().append(uid, piece.offset, piece.source)
    upload.offset, upload.touched_at = piece.end, clock.now()
    upload.sha256 = upload.sha256 or piece.sha256
    if piece.end < piece.length:
        return Progress(piece.end, piece.length)
    photo = own_photo(actor, uid)
    if photo.received_sha256:  # it came whole meanwhile, which asks for no row of an upload
        return _again(photo, piece)
    done = _complete(actor, photo, piece.source if piece.whole else store().part(uid), {piece.sha256, upload.sha256})
    db.session().delete(upload)
    parts = store()
    db.after_commit(lambda: parts.forget_part(uid))
    return done


def _complete(actor: Actor, photo: Photo, source: Source, promised: set[str | None]) -> Progress:
    _take_in(actor, photo, source, (promised | {photo.listed_sha256}) - {None})
    return Progress(photo.bytes or 0, photo.bytes, receipt(photo))


def own_photo(actor: Actor, uid: UUID) -> Photo:
    """Return the actor's row of photo `uid`, locked. Record and bytes may come at once: whichever is first makes it."""
    photo = _added(Photo, uid=uid, sender_id=actor.id)
    if photo is None:
        photo = db.session().scalars(select(Photo).where(Photo.uid == uid).with_for_update()).one()
    if photo.sender_id != actor.id:
        raise db.Conflict("photo", uid)
    return photo


def _begun(uid: UUID) -> bool:
    """Whether a part of the photo lies here; locked, so that its pieces and the whole come one after the other."""
    return db.session().scalar(select(Upload.uid).where(Upload.uid == uid).with_for_update()) is not None


def _locked_upload(actor: Actor, uid: UUID, piece: _Piece) -> Upload:
    now, upload = clock.now(), None
    facts = {"sender_id": actor.id, "length": piece.length, "sha256": piece.sha256}
    while upload is None:  # the request that we waited for may have completed the photo and removed the row
        upload = _added(Upload, uid=uid, offset=0, started_at=now, touched_at=now, **facts)
        upload = upload or db.session().scalar(select(Upload).where(Upload.uid == uid).with_for_update())
    if upload.sender_id != actor.id:
        raise db.Conflict("photo", uid)
    return upload


def _added(model: type[Row], **values: Any) -> Row | None:
    """Add a row unless there is one with its key; return the new one."""
    return db.session().scalar(db.insert(model).values(**values).on_conflict_do_nothing().returning(model))


def _again(photo: Photo, piece: _Piece) -> Progress:
    """Answer bytes of a photo that is here already: the same receipt for the same photo, 409 for another."""
    upload = db.session().get(Upload, photo.uid)
    if upload is not None:
        db.session().delete(upload)
    same_piece = _is_same_piece(photo, piece) if photo.stored_sha256 else None
    given = piece.sha256 or (digest(piece.source) if piece.whole else None)
    if piece.length != photo.bytes or given not in (None, photo.received_sha256) or same_piece is False:
        raise PhotoRefused(409, N_("Ett annat foto har redan kommit med samma uid."))
    return Progress(photo.bytes, photo.bytes, receipt(photo))


def _is_same_piece(photo: Photo, piece: _Piece) -> bool | None:
    """Whether the piece equals what was sent; None where the stored file is not byte for byte what came."""
    if photo.stored_sha256 != photo.received_sha256:
        return None
    file, _ = store().whole.open(photo.stored_sha256 or "")
    with file as kept:
        kept.seek(piece.offset)
        return hashlib.sha256(kept.read(size_of(piece.source))).hexdigest() == digest(piece.source)


def _out_of_step(here: int, length: int) -> PhotoRefused:
    refusal = PhotoRefused(409, N_("Fortsätt där staden är."), offset=here, length=length)
    refusal.headers = {"Upload-Offset": str(here), "Upload-Length": str(length)}
    return refusal


def _take_in(actor: Actor, photo: Photo, source: Source, promised: set[str | None]) -> None:
    received = digest(source)
    if promised - {received}:
        raise _refusal(photo, 422, N_("Fotot kom inte fram helt. Skicka det igen."), final=False)
    try:
        picture = formats.inspect(source)
    except formats.NotAPicture as error:
        raise _refusal(photo, 415, _why_not(error)) from error
    except formats.TooLarge as error:
        sentence = Text(N_("Fotot har för många bildpunkter ({w} × {h})."), w=error.width, h=error.height)
        raise _refusal(photo, 413, sentence) from error
    own, note = _own_spot(picture)
    if policy_of(photo, own) == FORBIDDEN:
        raise _refusal(photo, 422, REFUSAL)
    whole = picture.sealed or picture.broken
    write = copied(source) if whole else lambda target: formats.strip(source, target, picture)
    # The worker may just be removing the same file: as another photo's, or as one that no row refers to.
    photo.stored_sha256, _ = store().keep(write, claim=lambda sha256: db.alone(f"file {sha256}"))
    photo.received_sha256, photo.bytes = received, size_of(source)
    photo.received_at, photo.state, photo.refusal = clock.now(), RECEIVED, None
    photo.media_type, photo.width, photo.height = picture.media_type, picture.width, picture.height
    _learn(photo, picture, own, note)
    db.session().flush()
    outbox.put("pictures", {"photo": str(photo.uid)})
    journal.write(actor, "photo:receive", "photo", photo.uid, level=photo.level, sha256=received, bytes=photo.bytes)


def _own_spot(picture: formats.Picture) -> tuple[Spot | None, str | None]:
    """Return where the file says that it was taken; nothing, and why, when that is not in Sweden (reliability.md P5).

    A camera that is wrong about the place never costs the photo.
    """
    if picture.longitude is None or picture.latitude is None:
        return None, picture.position_note
    guess = geo.guess_grid(picture.longitude, picture.latitude)
    if guess is None or guess[1]:
        return None, "swapped" if guess else "outside"
    return (picture.longitude, picture.latitude), None


def _learn(photo: Photo, picture: formats.Picture, own: Spot | None, note: str | None) -> None:
    """Keep what the file says of time and place as data, before it is stripped (C3)."""
    said = f"{picture.taken_raw or ''} {picture.taken_offset or ''}".strip()
    photo.taken_raw = said[:MOST_SAID] or None
    photo.direction = picture.direction if photo.direction is None else photo.direction
    if photo.taken_at is None:
        photo.taken_at, photo.taken_ambiguous = picture.taken_at, picture.taken_ambiguous
    if photo.latitude is None:
        photo.longitude, photo.latitude = own or (None, None)
        photo.position_source = "exif" if own else None
        photo.position_note = note


def _why_not(error: formats.NotAPicture) -> Text:
    if error.looks_like:
        sentence = N_("Filen är inte en bild som går att ta emot ({kind}). Skicka JPEG, PNG, WebP, HEIC eller AVIF.")
        return Text(sentence, kind=error.looks_like)
    return Text(N_("Filen går inte att läsa som bild. Skicka JPEG, PNG, WebP, HEIC eller AVIF."))


def _refusal(photo: Photo, status: int, message: str, *, final: bool = True) -> PhotoRefused:
    """Refuse a photo, perhaps one that had come already: its bytes are removed, and the record's page says so."""
    uid, refusal = photo.uid, PhotoRefused(status, message)

    def journalled(actor: Actor) -> None:
        row = db.session().scalar(select(Photo).where(Photo.uid == uid))
        kept: list[str] = []
        if row is not None and final:
            kept = [*row.forget_pictures(), *([row.stored_sha256] if row.stored_sha256 else [])]
            row.state, row.refusal = REFUSED, str(message)
            row.stored_sha256 = row.received_sha256 = row.received_at = None
        upload = db.session().get(Upload, uid)
        if upload is not None:
            db.session().delete(upload)
        db.session().flush()
        for sha256 in kept:
            forget(sha256)
        store().forget_part(uid)
        journal.write(actor, "photo:refuse", "photo", uid, reason=str(message))

    refusal.journalled = journalled
    return refusal
