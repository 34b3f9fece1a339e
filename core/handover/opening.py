"""The worker opens what has been carried: each thing is taken in as if its phone had sent it.

A file may hold hundreds of photos, so that no request waits for it. Each thing has a transaction of its own, and one
photo at a time lies in memory. Whatever breaks off begins again at the beginning: what is here already is known by its
uid, and nothing comes twice.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db, media, outbox, sync
from core.access import Actor
from core.geo import GeometryRefused
from core.handover.carrying import NAMES, TASK, sent
from core.handover.contents import Change, Item, Photo, Record
from core.handover.models import DONE, FAILED, HELD, HERE, OPENING, REFUSED, REVIEW, Handover
from core.handover.sealed import UNREADABLE, HandoverRefused, Opened, open_file
from core.media import PhotoRefused, store_of
from core.outbox import Claimed
from core.schema import Invalid
from core.settings import Settings

SEAL_BYTES = 16
"""What a sealed part has more than the photo in it."""
REFUSALS = (Invalid, GeometryRefused, db.Conflict, access.Denied, access.Missing, HandoverRefused)
"""What a phone would have been told of one thing, and what it then keeps."""
HOUSE = access.system("handover")


@outbox.handler(TASK, inside=True)
def _work(task: Claimed, database: db.Database) -> None:
    uid, path = UUID(task.payload["handover"]), store_of(database.settings).held(task.payload["file"])
    try:
        _open(task, database, uid, path)
    except outbox.WaitLonger:
        raise
    except Exception:
        if task.is_last:
            _give_up(database, uid)
        raise


def _give_up(database: db.Database, uid: UUID) -> None:
    with database.transaction() as session:
        lost = session.scalars(select(Handover).where(Handover.uid == uid).with_for_update()).one()
        lost.state = FAILED if lost.state == OPENING else lost.state


def _open(task: Claimed, database: db.Database, uid: UUID, path: Path) -> None:
    """Take in all that is in the file, and say so. Raises the first fault of a thing, when the others have come."""
    with database.transaction(write=False) as session:
        sender = session.scalars(select(Handover.sender_id).where(Handover.uid == uid)).one()
    try:
        opened = open_file(path, database.settings)
    except (FileNotFoundError, HandoverRefused):
        _give_up(database, uid)
        return
    counts, failed, told = sent(opened), [], 0
    became: dict[str, Counter[str]] = {kind: Counter() for kind in counts}
    for number, item in enumerate(opened.manifest.items, 1):
        try:
            became[NAMES[type(item)]][_take_in(database, sender, opened, item)] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, the next may go well
            failed.append(error)
        percent = 100 * number // len(opened.manifest.items)
        if percent > told:
            with database.transaction():
                outbox.progress(task, told := percent)
    if failed:
        raise failed[0]
    with database.transaction() as session:
        done = session.scalars(select(Handover).where(Handover.uid == uid).with_for_update()).one()
        done.state, done.finished_at = DONE, clock.now()
        done.counts = {kind: count | became[kind] for kind, count in counts.items()}
        db.after_commit(lambda: path.unlink(missing_ok=True))


def _take_in(database: db.Database, sender: int, opened: Opened, item: Item) -> str:
    """Take in one thing, and return what became of it. What was refused leaves what its phone would have left."""
    try:
        photo = _read(opened, item, database.settings) if isinstance(item, Photo) else b""  # while nobody waits for us
        with database.transaction():
            return _taken(sync.sender_of(sender), item, photo)
    except PhotoRefused as refusal:
        if refusal.journalled is not None:
            with database.transaction():
                refusal.journalled(sync.sender_of(sender))
        return REFUSED
    except REFUSALS:
        return REFUSED


def _read(opened: Opened, item: Photo, settings: Settings) -> bytes:
    """Return a photo. Raises HandoverRefused for one that is too large, not as long as it says, or not whole."""
    if opened.manifest.parts[item.part].bytes != item.bytes + SEAL_BYTES or item.bytes > settings.photo_bytes:
        raise HandoverRefused(UNREADABLE)
    return opened.read(item.part)


def _taken(sender: Actor, item: Item, photo: bytes) -> str:
    if isinstance(item, Photo):
        return _photo(sender, item, photo)
    if item.of not in sync.recordings():
        return REFUSED
    kept = _record(sender, item) if isinstance(item, Record) else _change(sender, item)
    return kept.state if kept is not None and kept.state in (HELD, REVIEW) else HERE


def _record(sender: Actor, item: Record) -> sync.Change | None:
    return sync.create(sender, item.of, item.uid, item.body)


def _change(sender: Actor, item: Change) -> sync.Change:
    return sync.hand_in(HOUSE, sender, item.of, item.uid, record=item.record, body=item.body)


def _photo(sender: Actor, item: Photo, photo: bytes) -> str:
    """Take in a photo as that of its sender, whatever she may do today: it is wanted as soon as its record is."""
    if item.listed is not None and item.of in sync.recordings():
        sync.recording(item.of).add_photo(sender, item.record, item.uid, item.listed)
    media.hand_in(HOUSE, sender, item.uid, photo, sha256=item.sha256)
    return HERE
