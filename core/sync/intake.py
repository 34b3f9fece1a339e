"""The way in: a creation that may be kept, and a change, each once under the phone's own uid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db
from core.access import Actor
from core.i18n import N_
from core.schema import Invalid
from core.sync.models import Change
from core.sync.records import CREATION, Kept, recording
from core.sync.settling import apply, follow, keep, turn
from core.sync.states import RIGHT


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


@dataclass(frozen=True)
class Told:
    """A change as a phone tells it: `before` is what it held of the same `fields`, as the API writes them.

    `base_version` is of the record, `after` the change of the same phone that this one follows on, `made_at` its clock.
    """

    before: Mapping[str, Any]
    fields: Mapping[str, Any]
    base_version: int | None = None
    after: UUID | None = None
    made_at: datetime | None = None


def receive(actor: Actor, kind: str, uid: UUID, record: UUID, **told: Any) -> Change:
    """Take in a change of a record that a phone made, `told` as `Told` is, and apply it field by field.

    The same again is the first one. Raises Denied, Invalid, and Conflict for other content under the uid.
    """
    access.require(actor, recording(kind).edit)
    return _receive(actor, kind, uid, record, Told(**told))


def hand_in(actor: Actor, sender: Actor, kind: str, uid: UUID, *, record: UUID, body: Mapping[str, Any]) -> Change:
    """Take in a change that `actor` brings from `sender`: of who may not change it any more it is left to a person.

    Raises Invalid for a body that is none, and what `receive` raises.
    """
    access.require(actor, recording(kind).edit)
    known = recording(kind).change().load(dict(body))
    return _receive(sender, kind, uid, record, Told(**as_written(kind, known)))


def as_written(kind: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return a change that `Recording.change` has read as `Told` is: its values as the API writes them."""
    fields = recording(kind).fields()
    values = {"before": fields.dump(known["before"]), "fields": fields.dump(known["fields_"])}
    return values | {name: known[name] for name in ("base_version", "after", "made_at")}


def _receive(actor: Actor, kind: str, uid: UUID, record: UUID, told: Told) -> Change:
    if not told.fields or told.before.keys() != told.fields.keys():
        raise Invalid({"before": [N_("Skriv vad varje fält hade innan det ändrades: samma fält som i fields.")]})
    said = {"before": dict(told.before), "fields": dict(told.fields), "base_version": told.base_version}
    content = db.fingerprint(record=record, after=told.after, made_at=told.made_at, **said)
    turn(record)
    known = _known(actor, uid, content, kind)
    if known is not None:
        return known
    more = {"after_uid": told.after, "made_at": told.made_at, "open": list(told.fields)}
    change = _new(actor, uid, kind, record, content=content, **more, **said)
    apply(change, actor)
    if change.waits_for is None:
        arrived(uid)
    return change


def arrived(uid: UUID) -> None:
    """Let the worker try what waits for `uid`: a record, what records belong to, or a change."""
    turn(uid)
    follow(uid)


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
