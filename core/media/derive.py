"""The worker's part of a photo's life: pictures for the pages, and the sweep of what nobody finished."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import delete, select

from core import access, clock, db, journal, lease, outbox, restored
from core.media import decoder, formats, pictures
from core.media.bucket import store
from core.media.files import LATER, forget
from core.media.models import Mask, Photo, Upload
from core.media.outline import MOST_PIXELS, MOST_SIDE
from core.media.states import READY, UNREADABLE
from core.media.store import Store, copied

KEPT = timedelta(days=7)
"""How long half a photo waits for the rest."""


@outbox.handler("pictures", inside=True)
def make_pictures(task: outbox.Claimed, database: db.Database) -> None:
    """Make the pictures of a photo, outside any transaction; made twice, they are the same files.

    What the released mask covers is painted over before they are written. A mask that was released meanwhile has
    a task of its own, and this one's pictures are not used.
    """
    uid = UUID(task.payload["photo"])
    with database.transaction(write=False) as session:
        photo = session.scalar(select(Photo).where(Photo.uid == uid))
        if photo is None or photo.stored_sha256 is None or photo.state == READY:
            return
        mask = session.get(Mask, photo.mask_id) if photo.mask_id is not None else None
        stored, files = photo.stored_sha256, store()
    with tempfile.TemporaryDirectory() as folder, files.whole.local(stored) as source:
        try:
            made = pictures.make(
                source, formats.inspect(source).media_type, Path(folder), boxes=mask.boxes if mask else ()
            )
        except pictures.CannotRead as error:
            _cannot_read(database, uid, str(error))
            return
        written = [copied(made.large), copied(made.small), copied(made.small_webp)]
        if (whole := _without_metadata(source, made)) is not None:
            written.append(whole)
        kept = [files.keep(write)[0] for write in written]
        with database.transaction() as session:
            photo = session.scalars(select(Photo).where(Photo.uid == uid).with_for_update()).one()
            for old in task.payload.get("old", ()):
                outbox.put("forget file", {"sha256": old})
            if (photo.mask_id, photo.stored_sha256) != (mask.id if mask else None, stored):
                return
            _claim(files, dict(zip(kept, written, strict=True)))
            photo.large, photo.small, photo.small_webp, *rest = kept
            photo.picture_width, photo.picture_height, photo.state = made.width, made.height, READY
            if rest and rest[0] != photo.stored_sha256:
                outbox.put("forget file", {"sha256": photo.stored_sha256})
                photo.stored_sha256 = rest[0]


def _claim(files: Store, kept: Mapping[str, Callable[[BinaryIO], None]]) -> None:
    """Let nobody remove what was stored before its row is there, and store what is gone once more.

    It was no row's yet, so whoever let go of another photo with the same picture has removed it.
    """
    for sha256 in sorted(kept):
        db.alone(f"file {sha256}")
        if files.whole.stored(sha256) is None:
            files.keep(kept[sha256])


def make_here(uid: UUID) -> None:
    """Make the pictures of a photo in this process and transaction: for what the house has drawn itself.

    Bytes that somebody sent are decoded in a child process with limits, by the worker.
    """
    photo = db.session().scalars(select(Photo).where(Photo.uid == uid)).one()
    stored, files = photo.stored_sha256 or "", store()
    same = select(Photo).where(Photo.stored_sha256 == stored, Photo.state == READY, Photo.mask_id.is_(None))
    if twin := db.session().scalars(same.limit(1).with_for_update()).first():
        photo.large, photo.small, photo.small_webp = twin.large, twin.small, twin.small_webp
        photo.picture_width, photo.picture_height = twin.picture_width, twin.picture_height
    else:
        with tempfile.TemporaryDirectory() as folder, files.whole.local(stored) as source:
            job = {"source": str(source), "media_type": "image/jpeg", "out_dir": folder, "boxes": ()}
            made = decoder.make(job | {"pixels": MOST_PIXELS, "side": MOST_SIDE})
            names = ("large.jpg", "small.jpg", "small.webp")
            written = [copied(Path(folder, name)) for name in names]
            kept = [files.keep(write, claim=lambda sha256: db.alone(f"file {sha256}"))[0] for write in written]
        photo.large, photo.small, photo.small_webp = kept
        photo.picture_width, photo.picture_height = made["width"], made["height"]
    photo.state = READY
    db.session().flush()


@outbox.handler("forget file", inside=True)
def forget_file(task: outbox.Claimed, database: db.Database) -> None:
    """Remove a file that a photo had: as it was sent, with its metadata, or a picture without its mask."""
    with database.transaction():
        if lease.is_held(lease.BACKUP):
            raise outbox.WaitLonger(LATER)
        forget(task.payload["sha256"])


@outbox.handler("forget sent", inside=True)
def forget_sent(task: outbox.Claimed, database: db.Database) -> None:
    """Do what was put in the outbox before there were masks."""
    forget_file(task, database)


def _without_metadata(source: Path, made: pictures.Made) -> Callable[[BinaryIO], None] | None:
    """Return who writes the photo again without its metadata, where that could not be done when it came.

    A sealed photo becomes the JPEG made of it; one whose structure had looked broken is stripped after all.
    """
    if made.jpeg:
        return copied(made.jpeg)
    picture = formats.inspect(source)
    return partial(_strip, source, picture) if picture.broken else None


def _strip(source: Path, picture: formats.Picture, target: BinaryIO) -> None:
    formats.strip(source, target, picture)


def _cannot_read(database: db.Database, uid: UUID, reason: str) -> None:
    with database.transaction() as session:
        photo = session.scalars(select(Photo).where(Photo.uid == uid)).one()
        photo.state = UNREADABLE
        journal.write(access.system("core"), "photo:unreadable", "photo", uid, level=photo.level, reason=reason)


@restored.when_restored
def forget_parts(_actor: access.Actor) -> None:
    """Let phones begin again with what had come in part: the parts are not in a backup, and they have kept it all."""
    db.session().execute(delete(Upload))


def sweep() -> None:
    """Remove parts that have waited a week for the rest, and bytes that no row speaks of."""
    before = clock.now() - KEPT
    for upload in db.session().scalars(select(Upload).where(Upload.touched_at < before)):
        db.session().delete(upload)
    db.session().flush()
    known = {str(uid) for uid in db.session().scalars(select(Upload.uid))}
    files, moment = store(), before.timestamp()
    db.after_commit(partial(files.sweep, known=known, before=moment))
