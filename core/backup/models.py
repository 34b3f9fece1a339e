"""Which backups there are, as far as this installation has made them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from core import access, clock, db, journal
from core.access import Actor
from core.db import Base, Identified, Key

LATE = timedelta(hours=50)
"""How old the latest may be where one is made every night: two nights, and a little."""


class Backup(Identified, Base):
    """A backup that was made. `file` is its name alone; `lost` counts files that were gone or altered before it.

    `verified_at` is when all of it was read again and compared; an encrypted one needs the secret key for that.
    """

    __tablename__ = "backup"
    made_at: Mapped[datetime]
    file: Mapped[str] = mapped_column(String(255))
    bytes: Mapped[int] = mapped_column(Key)
    rows: Mapped[int] = mapped_column(Key)
    files: Mapped[int] = mapped_column(Key)
    lost: Mapped[int]
    encrypted: Mapped[bool]
    verified_at: Mapped[datetime | None]


access.for_nobody(Backup)


def note_verified(actor: Actor, uid: UUID) -> bool:
    """Remember that all of a backup was read and is as it was written; return whether it is one of ours."""
    row = db.session().scalar(select(Backup).where(Backup.uid == uid))
    if row is None:
        return False
    row.verified_at = clock.now()
    journal.write(actor, "backup:verify", "backup", uid)
    return True


def latest_backups(limit: int) -> list[Backup]:
    """Return the latest backups, the newest first."""
    return list(db.session().scalars(select(Backup).order_by(Backup.made_at.desc(), Backup.id.desc()).limit(limit)))


def last_backup() -> Backup | None:
    """Return the latest backup, None before the first."""
    return db.session().scalar(select(Backup).order_by(Backup.made_at.desc(), Backup.id.desc()).limit(1))
