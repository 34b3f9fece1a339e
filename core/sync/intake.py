"""The way in: a creation that may be kept, and a change, each once under the phone's own uid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db, outbox
from core.access import Actor
from core.i18n import N_
from core.schema import Invalid
from core.sync.models import Change
from core.sync.records import CREATION, Kept, recording
from core.sync.settling import TASK, apply, keep, turn
from core.sync.states import HELD, REVIEW, RIGHT


def create(actor: Actor, kind: str, uid: UUID, body: Mapping[str, Any]) -> Change | None:
    """Create a record from the body that a phone sent; what cannot be applied is kept. Return what is kept, or None.

    Raises what the room raises for a body that is wrong: the phone is there to mend it.
    """
    content = db.fingerprint(kind=kind, body=body)
    turn(uid)
    known = _known(actor, uid, content, kind)
    if known is not None and not known.here:
        return known
    try:
        with db.savepoint():
            recording(kind).create(actor, uid, body)
    except Kept as why:
        kept = why
    except access.Denied:
        kept = Kept(RIGHT)
    else:
        return None
    change = _new(actor, uid, kind, uid, content=content, creates=True, fields=dict(body), open=[CREATION])
    keep(change, kept)
    return change


def receive(
    actor: Actor,
    kind: str,
    uid: UUID,
    record: UUID,
    *,
    base_version: int | None,
    after: UUID | None,
    made_at: datetime | None,
    before: Mapping[str, Any],
    fields: Mapping[str, Any],
) -> Change:
    """Take in a change of a record that a phone made, and apply it field by field as far as that goes.

    `before` is what the phone held of the same fields, `after` the change of the same phone that it follows on.
    The same again is the first one. Raises Denied, Invalid, and Conflict for other content under the uid.
    """
    access.require(actor, recording(kind).edit)
    if not fields or before.keys() != fields.keys():
        raise Invalid({"before": [N_("Skriv vad varje fält hade innan det ändrades: samma fält som i fields.")]})
    said = {"before": dict(before), "fields": dict(fields)}
    content = db.fingerprint(record=record, after=after, made_at=made_at, base_version=base_version, **said)
    turn(record)
    known = _known(actor, uid, content, kind)
    if known is not None:
        return known
    told = {"after_uid": after, "made_at": made_at, "base_version": base_version, "open": list(fields)}
    change = _new(actor, uid, kind, record, content=content, **told, **said)
    apply(change, actor)
    if change.waits_for is None:
        arrived(uid)
    return change


def arrived(uid: UUID) -> None:
    """Let the worker try what waits for `uid`: a record, what records belong to, or a change."""
    turn(uid)
    waiting = select(Change.id).where(Change.waits_for == uid, Change.state.in_((HELD, REVIEW)))
    if db.session().scalars(waiting.limit(1)).first() is not None:
        outbox.put(TASK, {"for": str(uid)})


def _known(actor: Actor, uid: UUID, content: bytes, kind: str) -> Change | None:
    """Return what has come under this uid already. Raises Conflict when it was something else, or somebody else's."""
    known = db.session().scalar(select(Change).where(Change.uid == uid))
    if known is not None and (known.content != content or known.sender_id != actor.id):
        raise db.Conflict(kind, uid)
    return known


def _new(actor: Actor, uid: UUID, kind: str, record: UUID, **told: Any) -> Change:
    sender = {"sender_id": actor.id, "organisation_id": actor.organisation}
    change = Change(uid=uid, record_kind=kind, record_uid=record, received_at=clock.now(), **sender, **told)
    db.session().add(change)
    db.session().flush()
    return change
