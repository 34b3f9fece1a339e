"""The stored files against their rows: removing what nobody refers to, and finding what is missing or altered."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from core import clock, db, lease, outbox
from core.i18n import N_
from core.media.bucket import store
from core.media.models import Photo
from core.media.states import READY, RECEIVED
from core.media.store import PIECE, Stored

YOUNG = timedelta(days=1)
"""How long a file may lie without a row: its request may still be running."""
PREFIXES = tuple(f"{number:02x}" for number in range(256))
HOURS = 24
HASHES = (Photo.stored_sha256, Photo.large, Photo.small, Photo.small_webp)
"""Where a photo's row names files: its own, then the pictures made of it."""
BATCH = 200
_others: list[Any] = []
"""Columns of tables above this one that name files too."""
LATER = N_("En säkerhetskopia görs: filen tas bort efter den.")
REMOVING = "removing files"
"""What a backup waits for that begins: removals under way whose commit has not come."""


def named() -> dict[str, list[str]]:
    """Return the columns that name files, by table."""
    found: dict[str, list[str]] = {}
    for column in (*HASHES, *_others):
        found.setdefault(column.class_.__tablename__, []).append(column.key)
    return found


@dataclass(frozen=True)
class FileFault:
    """A file that is not what its row says: `reason` is missing, altered or extra (a file without a row)."""

    reason: str
    sha256: str
    photo: UUID | None = None
    picture: bool = False
    """It is a picture made of the photo, which can be made again."""


def refers(*columns: Any) -> None:
    """Say that columns of another table name files of the store by their hash: they are kept, and verified too."""
    _others.extend(columns)


def forget(sha256: str) -> bool:
    """Remove a file unless a row refers to it; return whether it did. Nobody can begin to refer to it meanwhile.

    While a backup is being made nothing is removed: its rows may be older than the row that let go of the file. What
    is left so has no row, and is removed as such within two days.
    """
    db.together(REMOVING)
    db.alone(f"file {sha256}")
    if lease.is_held(lease.BACKUP) or _referred([sha256]):
        return False
    store().whole.delete(sha256)
    return True


def extra(prefixes: Iterable[str] = PREFIXES) -> Iterator[Stored]:
    """Yield the stored files older than a day that no row refers to."""
    before = (clock.now() - YOUNG).timestamp()
    for prefix in prefixes:
        old = [found for found in store().whole.listed(prefix) if found.changed < before]
        for start in range(0, len(old), BATCH):
            batch = old[start : start + BATCH]
            known = _referred([found.sha256 for found in batch])
            yield from (found for found in batch if found.sha256 not in known)


def remove(found: Stored) -> bool:
    """Remove a file that `extra` found, unless it has just come once more; return whether it did."""
    again = store().whole.stored(found.sha256)
    return again is not None and again.changed == found.changed and forget(found.sha256)


def sweep_files() -> None:
    """Remove files without a row: an hour looks through a twenty-fourth of the store, a day through all of it."""
    hour = clock.now().hour
    for found in list(extra(PREFIXES[hour::HOURS])):
        remove(found)


def verify(*, sample: int | None = None) -> Iterator[FileFault]:
    """Compare every stored file with its row, and its content with its hash: of about `sample` files, if told.

    Which files are there is asked of all of them.
    """
    rows = select(Photo.uid, *HASHES).where(Photo.received_at.is_not(None))
    total = db.session().scalar(select(func.count()).select_from(rows.subquery())) or 0
    share = 1.0 if sample is None else sample / max(total * len(HASHES), 1)
    for row in db.session().execute(rows.order_by(Photo.id).execution_options(yield_per=BATCH)):
        for number, sha256 in enumerate(row[1:]):
            if sha256 and (reason := _fault(sha256, looked=random.random() < share)):  # noqa: S311 - a sample, no secret
                yield FileFault(reason, sha256, row.uid, picture=number > 0)
    for column in _others:
        for sha256 in db.session().scalars(select(column).where(column.is_not(None)).distinct()):
            if reason := _fault(sha256, looked=random.random() < share):  # noqa: S311 - a sample, no secret
                yield FileFault(reason, sha256)
    for found in extra():
        yield FileFault("extra", found.sha256)


def repair(faults: Iterable[FileFault]) -> int:
    """Let pictures that are missing or altered be made again from their photos; return how many photos.

    A photo whose own file is missing or altered cannot be repaired: that takes a backup.
    """
    told = list(faults)
    lost = {fault.photo for fault in told if not fault.picture}
    uids = {fault.photo for fault in told if fault.picture} - lost
    rows = select(Photo).where(Photo.uid.in_(uids), Photo.state == READY).with_for_update()
    photos = list(db.session().scalars(rows)) if uids else []
    for photo in photos:
        photo.state = RECEIVED
        outbox.put("pictures", {"photo": str(photo.uid), "old": photo.forget_pictures()})
    return len(photos)


def _fault(sha256: str, *, looked: bool) -> str:
    if store().whole.stored(sha256) is None:
        return "missing"
    return "altered" if looked and _content(sha256) != sha256 else ""


def _content(sha256: str) -> str:
    file, _ = store().whole.open(sha256)
    counted = hashlib.sha256()
    with file:
        while piece := file.read(PIECE):
            counted.update(piece)
    return counted.hexdigest()


def _referred(hashes: list[str]) -> set[str]:
    """Return those of `hashes` that a photo, or a row of another table, refers to."""
    rows = select(*HASHES).where(or_(*(column.in_(hashes) for column in HASHES)))
    found = {sha256 for row in db.session().execute(rows) for sha256 in row if sha256}
    for column in _others:
        found.update(db.session().scalars(select(column).where(column.in_(hashes))))
    return found
