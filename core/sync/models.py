"""What a phone has sent of a record: a change, or a creation that could not be done at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Index, String, and_, false, or_, true
from sqlalchemy.orm import Mapped, mapped_column

from core import access
from core.access import Actor
from core.db import Base, Identified, Key, Once, Versioned
from core.sync.records import recordings
from core.sync.states import HELD

READ, CHOOSE = "sync:change:read", "sync:change:choose"


class Change(Identified, Versioned, Once, Base):
    """Something that a phone sent, kept as it came. A creation has the uid of its record.

    `before` and `fields` are values by field, as the API writes them; of a creation `fields` is the whole body.
    `made_at` is the phone's clock, as it was told; `received_at` the server's. `base_version` is what the phone built
    on, `record_version` what came of it. `waits_for` is the uid that it is held for. `open` names the fields that a
    person decides. `here` says that the record is known: before that the sender's organisation sees to it.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_record", "record_kind", "record_uid"),
        Index("ix_change_waits_for", "waits_for"),
        Index("ix_change_state", "state", "id"),
        Index("ix_change_sender_id", "sender_id"),
    )
    record_kind: Mapped[str] = mapped_column(String(40))
    record_uid: Mapped[UUID]
    creates: Mapped[bool] = mapped_column(default=False)
    sender_id: Mapped[int | None] = mapped_column(Key)
    organisation_id: Mapped[int | None] = mapped_column(Key)
    after_uid: Mapped[UUID | None]
    base_version: Mapped[int | None]
    made_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20), default=HELD)
    reason: Mapped[str] = mapped_column(String(40), default="")
    waits_for: Mapped[UUID | None]
    here: Mapped[bool] = mapped_column(default=False)
    open: Mapped[list[str]] = mapped_column(JSON, default=list)
    record_version: Mapped[int | None]
    chosen: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(Key)


@access.visible_to(Change, READ)
def _changes(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Who sent it reaches it, who may change the record, and, while there is none, who sees to it where they work."""
    if actor.kind == "system":
        return true()
    if not actor.may(permission):
        return false()
    through = [
        and_(Change.record_kind == kind, Change.here, Change.record_uid.in_(one.reachable(actor, one.edit)))
        for kind, one in recordings().items()
    ]
    homeless = and_(Change.here.is_(False), access.within(actor, permission, Change.organisation_id))
    return or_(Change.sender_id == actor.id, homeless, *through)
