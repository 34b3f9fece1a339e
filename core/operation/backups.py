"""The backups of an installation as its administrator sees them: which there are, whether they hold, one more now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from core import access, backup, clock, db, journal, outbox, restored
from core.access import Actor
from core.backup import Backup
from core.flow import Refused
from core.hookspecs import Objection
from core.i18n import N_
from core.outbox import Task

READ, MAKE = "operation:installation:read", "operation:backup:make"
SHOWN = 30
FRESH = timedelta(days=1)
"""How old the latest that was verified may be before the page warns."""

NO_FOLDER = N_("TRYGGPLATS_BACKUP_DIR är inte satt: ange mappen där säkerhetskopior ska ligga, på en annan disk.")
A_COPY = N_("Det här är en återläst kopia som inte är släppt. Säkerhetskopiera originalet.")
VERIFIED, MADE, CUT, AWAY = "kontrollerad", "gjord", "inte_hel", "borta"
STATES = {
    VERIFIED: (N_("Kontrollerad"), "done"),
    MADE: (N_("Gjord, inte kontrollerad"), "waiting"),
    CUT: (N_("Inte hel: filen har fel längd"), "missing"),
    AWAY: (N_("Ligger inte i mappen"), "off"),
}
"""How a backup stands, in words and shape."""


@dataclass(frozen=True)
class Standing:
    """The backups there are with how each stands, the latest that holds, and the task that makes another now."""

    rows: list[tuple[Backup, str]]
    verified: Backup | None
    fresh: bool
    nightly: bool
    encrypted: bool
    making: UUID | None


def standing(actor: Actor) -> Standing:
    """Return how the backups stand. What has been begun and not finished is none of them."""
    access.require(actor, READ)
    settings = db.settings()
    rows = [(row, _state(row, settings.backup_dir)) for row in backup.latest_backups(SHOWN)]
    holds = (VERIFIED,) if settings.backup_dir is not None else (VERIFIED, AWAY)
    verified = next((row for row, state in rows if row.verified_at and state in holds), None)
    making = db.session().scalar(
        select(Task.uid).where(Task.kind == backup.TASK, Task.state == outbox.WAITING).limit(1)
    )
    return Standing(
        rows=rows,
        verified=verified,
        fresh=verified is not None and verified.made_at > clock.now() - FRESH,
        nightly=settings.backup_dir is not None,
        encrypted=bool(settings.backup_key),
        making=making,
    )


def _state(row: Backup, folder: Path | None) -> str:
    """Return how a backup stands: a file of another length than was written does not hold, whatever was read once."""
    try:
        size = (folder / row.file).stat().st_size if folder is not None else None
    except OSError:
        size = None
    if size is None:
        return AWAY
    if size != row.bytes:
        return CUT
    return VERIFIED if row.verified_at else MADE


def make_now(actor: Actor) -> UUID:
    """Ask for a backup now, and return the task that makes it: the one that is waiting, if there is one.

    Raises Denied, Refused without a folder for it, or in a copy that is not released.
    """
    access.require(actor, MAKE)
    if restored.held():
        raise Refused([Objection(A_COPY)])
    if db.settings().backup_dir is None:
        raise Refused([Objection(NO_FOLDER)])
    task = backup.ask()
    journal.write(actor, "backup:ask", "task", task)
    return task
