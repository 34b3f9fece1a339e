"""What becomes of something that a phone sent: applied, held for what it needs, or left to a person.

The worker tries again what is held, each in a transaction of its own, so that one that fails keeps no other.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select

from core import access, clock, db, outbox
from core.access import Actor
from core.geo import GeometryRefused
from core.outbox import Claimed, Task
from core.schema import Invalid
from core.sync.merging import merge
from core.sync.models import Change
from core.sync.records import Kept, recording, sender_of
from core.sync.states import AFTER, APPLIED, HELD, MERGED, NEVER, OVERLAP, RECORD, REVIEW, RIGHT, UNFIT

TASK = "sync"
FIVE_DAYS = timedelta(days=5)
"""How long something is held for what it needs (design.md 5)."""


def turn(uid: UUID) -> None:
    """Let one at a time create, change or wait for what has this uid."""
    db.alone(f"sync {uid}")


def keep(change: Change, why: Kept) -> None:
    """Hold something for what it needs, or leave it to a person."""
    change.state, change.reason = HELD if why.waits_for else REVIEW, why.reason
    change.waits_for = why.waits_for
    db.session().flush()


def apply(change: Change, actor: Actor) -> None:
    """Apply a change field by field as its sender; what it lacks is waited for, and where two meet a person chooses."""
    one = recording(change.record_kind)
    try:
        versions = _known_versions(change)
        row = one.find(actor, change.record_uid)
        change.here = True
        change.open = [name for name, value in change.fields.items() if not one.holds(row, name, value)]
        if change.open:
            one.refuse(row)
        taken, met = merge(change.before, change.fields, lambda name, value: one.holds(row, name, value))
        beside = row.version not in versions
        if taken:
            with db.savepoint():
                one.write(actor, row, taken)
    except access.Missing:
        keep(change, Kept(RECORD, change.record_uid))
    except access.Denied:
        keep(change, Kept(RIGHT))
    except Kept as why:
        keep(change, why)
    else:
        change.state, change.reason = (REVIEW, OVERLAP) if met else (MERGED if beside else APPLIED, "")
        change.open, change.record_version, change.waits_for = met, row.version, None
        db.session().flush()


def _known_versions(change: Change) -> set[int | None]:
    """Return the versions that its sender knew of. Raises Kept for one that follows on a change that still waits."""
    if change.after_uid is None:
        return {change.base_version}
    earlier = select(Change).where(Change.uid == change.after_uid, Change.record_uid == change.record_uid)
    found = db.session().scalar(earlier)
    if found is None or found.waits_for is not None:
        raise Kept(AFTER, change.after_uid)
    return {change.base_version, found.record_version}


def try_again(uid: UUID) -> None:
    """Apply something that was held, in its sender's name, with what the sender may do today.

    After five days a record goes without what it belongs to, and a change is left to a person.
    """
    record = db.session().scalars(select(Change.record_uid).where(Change.uid == uid)).one()
    turn(record)
    change = db.session().scalars(select(Change).where(Change.uid == uid).with_for_update()).one()
    if change.state != HELD and not (change.state == REVIEW and change.waits_for):
        return
    late = change.received_at + FIVE_DAYS <= clock.now()
    sender = sender_of(change.sender_id)
    if change.creates:
        _create(change, sender, late=late)
    else:
        apply(change, sender)
        if change.state == HELD and late:
            change.state, change.reason = REVIEW, NEVER[change.reason]
    db.session().flush()
    if change.waits_for is None:
        follow(change.uid)


def _create(change: Change, sender: Actor, *, late: bool) -> None:
    try:
        with db.savepoint():
            version = recording(change.record_kind).create(sender, change.uid, change.fields, late=late)
    except Kept as why:
        keep(change, why)
    except access.Denied:
        keep(change, Kept(RIGHT))
    except (Invalid, GeometryRefused, db.Conflict):
        keep(change, Kept(UNFIT))
    else:
        created(change, version)


def created(change: Change, version: int) -> None:
    """Note that a record has come of a creation that was kept."""
    change.state, change.reason, change.waits_for, change.here = APPLIED, "", None, True
    change.record_version = version
    db.session().flush()


def follow(uid: UUID) -> None:
    """Ask the worker to try what waits for this, if anything does."""
    if db.session().scalars(_waiting(str(uid)).limit(1)).first() is not None:
        outbox.put(TASK, {"for": str(uid)})


def sweep() -> None:
    """Ask the worker to try what is held: what it waits for may have come by itself, or never come."""
    held = select(Change.id).where(Change.state == HELD)
    asked = select(Task.id).where(Task.kind == TASK, Task.state == outbox.WAITING)
    if db.session().scalars(held.limit(1)).first() is not None and db.session().scalars(asked.limit(1)).first() is None:
        outbox.put(TASK, {})


@outbox.handler(TASK, inside=True)
def _work(task: Claimed, database: db.Database) -> None:
    """Try what waits for the task's uid, or all that is held; one that fails keeps no other, and is tried again."""
    with database.transaction(write=False) as session:
        uids = list(session.scalars(_waiting(task.payload.get("for"))))
    failed: list[Exception] = []
    for uid in uids:
        try:
            with database.transaction():
                try_again(uid)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next may go well
            failed.append(error)
    if failed:
        raise failed[0]


def _waiting(uid: str | None) -> Select[UUID]:
    rows = select(Change.uid).order_by(Change.id)
    if uid is None:
        return rows.where(Change.state == HELD)
    return rows.where(Change.waits_for == UUID(uid), Change.state.in_((HELD, REVIEW)))
