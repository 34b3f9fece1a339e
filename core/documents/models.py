"""Documents that somebody has asked for: whose, about what, how far it has come, and until when the file is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, Index, String, false, true
from sqlalchemy.orm import Mapped, mapped_column

from core import access, media
from core.access import Actor
from core.db import Base, Identified, Key

READ = "documents:document:read"


class Document(Identified, Base):
    """A document and, once it is made, its file; the row goes with the file on the day that `ends_at` says.

    `subject` is the uid of what it is about, `about` and `link` its name and page when it was asked for. `options` are
    as they were sent. `roles` are those with which a table of what its asker reaches was asked for. `task` is the
    outbox task that makes it. `failure` is a key of `FAILURES`.
    """

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_asked_by_id", "asked_by_id", "id"),
        Index("ix_document_ends_at", "ends_at"),
        Index("ix_document_sha256", "sha256"),
    )
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[UUID]
    about: Mapped[str] = mapped_column(String(300))
    link: Mapped[str] = mapped_column(String(300))
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    level: Mapped[int] = mapped_column(default=1)
    asked_by_id: Mapped[int | None] = mapped_column(Key)
    organisation_id: Mapped[int | None] = mapped_column(Key)
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    task: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(20))
    failure: Mapped[str] = mapped_column(String(20), default="")
    finished_at: Mapped[datetime | None]
    filename: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    sha256: Mapped[str | None] = mapped_column(String(64))
    bytes: Mapped[int | None] = mapped_column(Key)


@access.visible_to(Document, READ)
def _documents(actor: Actor, permission: str) -> ColumnElement[bool]:
    """A document is its asker's: a colleague who wants it asks with her own rights."""
    if actor.kind == "system":
        return true()
    return Document.asked_by_id == actor.id if actor.may(permission) else false()


media.refers(Document.sha256)
