"""What has been sent and is not settled, for a person to read: on the desk, and in the phone that sent it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from core import access, bounded, db
from core.access import Actor
from core.sync.models import CHOOSE, READ, Change
from core.sync.records import Loose, recording, recordings
from core.sync.states import HELD, NEVER, REVIEW

PAGE = 50
COUNTED = 100
LOOSE = 50
"""Records without what they belong to that are listed, the latest."""

TO_CHOOSE, HOMELESS = "granska", "utan"
"""What a person chooses about; what lacks what it belongs to, and what still waits for it."""


@dataclass(frozen=True)
class Row:
    """Something that was sent, what it is about in words, and what the record holds now, as far as one may see it."""

    change: Change
    about: str = ""
    stands: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """A page of what was sent, and after which key the next one begins."""

    rows: list[Row]
    after: int | None


PARTS: Mapping[str, ColumnElement[bool]] = {
    "": Change.state == REVIEW,
    TO_CHOOSE: and_(Change.state == REVIEW, Change.reason.not_in(NEVER.values())),
    HOMELESS: or_(Change.state == HELD, and_(Change.state == REVIEW, Change.reason.in_(NEVER.values()))),
}
"""What waits for a person, all of it; and part by part, with what still waits for what it belongs to."""


def list_changes(
    actor: Actor, *, part: str = "", mine: bool = False, after: int | None = None, limit: int = PAGE
) -> Page:
    """Return what the actor reaches of what is not settled, the oldest first: a `part` of it, or all."""
    access.require(actor, READ)
    rows = select(Change).where(access.rule_of(Change, actor))
    rows = rows.where(PARTS[part])
    if mine:
        rows = rows.where(Change.sender_id == actor.id)
    if after is not None:
        rows = rows.where(Change.id > after)
    found = list(db.session().scalars(rows.order_by(Change.id).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(_told(actor, found), found[-1].id if more else None)


def read(actor: Actor, uid: UUID) -> Row:
    """Return something that was sent, whatever became of it. Raises Missing, Denied."""
    return _told(actor, [access.find(Change, uid, actor, READ)])[0]


def _told(actor: Actor, changes: Iterable[Change]) -> list[Row]:
    """Return what each is about: records of one kind are asked for together."""
    rows, of_kind = list(changes), defaultdict[str, set[UUID]](set)
    for change in rows:
        of_kind[change.record_kind].add(change.record_uid)
    seen = {kind: recording(kind).seen(actor, uids) for kind, uids in of_kind.items()}
    return [Row(change, *seen[change.record_kind].get(change.record_uid, ())) for change in rows]


def counts(actor: Actor) -> tuple[int, int]:
    """Return how many wait for a person, to choose or because what they belong to never came: at most 100 each."""
    if not actor.may(CHOOSE):
        return 0, 0
    mine = select(Change.id).where(Change.state == REVIEW, access.rule_of(Change, actor, CHOOSE))
    found = bounded.counted({part: mine.where(PARTS[part]) for part in (TO_CHOOSE, HOMELESS)}, COUNTED - 1)
    return found[TO_CHOOSE], found[HOMELESS]


def loose(actor: Actor) -> list[Loose]:
    """Return records that have come without what they belong to, the latest first."""
    access.require(actor, READ)
    found = [row for one in recordings().values() for row in one.loose(actor, LOOSE)]
    return sorted(found, key=lambda row: row.at, reverse=True)


def is_kept(actor: Actor, kind: str, uid: UUID) -> bool:
    """Whether the actor has sent a record that waits to be created."""
    own = select(Change.id).where(Change.uid == uid, Change.record_kind == kind, Change.sender_id == actor.id)
    waits = own.where(Change.creates, Change.state.in_((HELD, REVIEW)))
    return db.session().scalar(waits) is not None


def of_records(actor: Actor, kind: str, uids: Collection[UUID] | None = None, limit: int = 500) -> list[Change]:
    """Return what the actor has sent of records of a kind, the latest first: of these, or of all."""
    access.require(actor, READ)
    rows = select(Change).where(Change.sender_id == actor.id, Change.record_kind == kind)
    if uids is not None:
        rows = rows.where(Change.record_uid.in_(uids))
    return list(db.session().scalars(rows.order_by(Change.id.desc()).limit(limit)))
