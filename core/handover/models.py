"""A file that somebody has carried to the city: whose it is, and what came of it in numbers, never what is in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ColumnElement, Index, String, false, or_, true
from sqlalchemy.orm import Mapped, mapped_column

from core import access
from core.access import Actor
from core.db import Base, Identified, Key
from core.i18n import N_

CARRY = "handover:file:carry"

OPENING, DONE, FAILED = "opening", "done", "failed"
STATES = {OPENING: N_("Öppnas"), DONE: N_("Öppnad"), FAILED: N_("Gick inte att öppna")}
SENT = "sent"
HERE, HELD, REVIEW, REFUSED = OUTCOMES = "here", "held", "review", "refused"
"""What may become of a thing in a file: it is taken in, waits for what it needs or for a person, or is refused."""

Counts = dict[str, dict[str, int]]


class Handover(Identified, Base):
    """A file by its content and by who carried it: carried again by the same person it is the same row.

    `sender_id` is whose phone signed it, `role` and `organisation` what that person is or was. `made_at` is the phone's
    clock. `counts` says, by kind of thing, how many were sent and, once it is opened, what became of how many.
    """

    __tablename__ = "handover"
    __table_args__ = (
        Index("ix_handover_carrier_id", "carrier_id", "id"),
        Index("ix_handover_sender_id", "sender_id", "id"),
    )
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(Key)
    carrier_id: Mapped[int | None] = mapped_column(Key)
    sender_id: Mapped[int] = mapped_column(Key)
    role: Mapped[str] = mapped_column(String(40), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), default=OPENING)
    finished_at: Mapped[datetime | None]
    counts: Mapped[Counts] = mapped_column(JSON, default=dict)


@access.visible_to(Handover, CARRY)
def _handovers(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Who carried it reaches it, and whose it is."""
    if actor.kind == "system":
        return true()
    if not actor.may(permission):
        return false()
    return or_(Handover.carrier_id == actor.id, Handover.sender_id == actor.id)
