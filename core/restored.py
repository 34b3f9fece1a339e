"""A restored copy: whether this is one, and what it may not do until somebody has released it.

It may stand beside the installation that it is a copy of, in a drill, and then a letter from it would be one too many.
So it sends nothing, and says so on every page of those who run it, until they decide that it is the one that counts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core import access, clock, db, journal, outbox
from core.access import Actor
from core.db import Base, Key
from core.i18n import N_

HELD = N_("Det här är en återläst kopia: inget skickas förrän den är frisläppt.")
"""Why a task waits that leaves the house."""

RELEASE = "release"
"""The key of what it waits for."""

_acts: list[Callable[[Actor], None]] = []


class Restoration(Base):
    """Once that this installation was made from a backup. `released_at` is when it began to count."""

    __tablename__ = "restoration"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    backup: Mapped[UUID]
    made_at: Mapped[datetime]
    restored_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")


access.for_nobody(Restoration)


def when_restored(act: Callable[[Actor], None]) -> Callable[[Actor], None]:
    """Register what is done in the transaction that fills an installation, such as ending every log-in."""
    _acts.append(act)
    return act


def mark(actor: Actor, *, backup: UUID, made_at: datetime) -> None:
    """Note that this installation is a copy, and do what goes with it."""
    row = Restoration(backup=backup, made_at=made_at, restored_at=clock.now())
    db.session().add(row)
    db.session().flush()
    for act in _acts:
        act(actor)
    journal.write(actor, "backup:restore", "backup", backup, made_at=made_at.isoformat())


def held() -> Restoration | None:
    """Return how this copy came to be, None for an installation that counts."""
    rows = select(Restoration).where(Restoration.released_at.is_(None)).order_by(Restoration.id.desc())
    return db.session().scalar(rows.limit(1))


def release(actor: Actor, *, reason: str) -> bool:
    """Let this copy count: from now on it sends what waits. Return whether it was held."""
    copy = held()
    if copy is None:
        return False
    held_ones = update(Restoration).where(Restoration.released_at.is_(None))
    db.session().execute(held_ones.values(released_at=clock.now(), reason=reason))
    outbox.hurry(RELEASE)
    journal.write(actor, "backup:release", "backup", copy.backup, reason=reason)
    return True
