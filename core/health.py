"""Whether the installation is well: the facts behind /readyz, and behind the page for those who run it."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text

from core import clock, db, plugins, restored
from core.lease import worker_seen

ROOM = 500_000_000
"""Bytes that must be free on the disk."""
DRIFT_SECONDS = 5
"""How far the clocks of the database and of this machine may be apart."""


def checks() -> dict[str, bool]:
    """Return what only the database knows, inside an open transaction."""
    running = all(plugins.state(name) not in ("refused", "parked") for name in plugins.house().plugins)
    released = restored.held() is None
    return {"database": db.answers(), "worker": worker_seen(), "plugins": running, "released": released}


def has_room(data_dir: Path) -> bool:
    """Whether 500 MB are free, so that photos can come in and the database can tidy up (reliability.md 3)."""
    return free_bytes(data_dir) > ROOM


def free_bytes(data_dir: Path) -> int:
    """Return how much is free where the data lies."""
    return shutil.disk_usage(data_dir).free


def can_store(data_dir: Path) -> bool:
    """Whether photos can be written."""
    folder = data_dir / "photos"
    return os.access(folder if folder.is_dir() else data_dir, os.W_OK)


def database_version() -> str:
    """Return which database this is, as people say it."""
    if db.session().get_bind().dialect.name == "sqlite":
        return f"SQLite {db.session().execute(text('SELECT sqlite_version()')).scalar_one()}"
    return f"PostgreSQL {db.session().execute(text('SHOW server_version')).scalar_one().partition(' ')[0]}"


def clock_is_off() -> int:
    """Return by how many seconds the database's clock goes before this machine's; an embedded one shares it."""
    if db.session().get_bind().dialect.name == "sqlite":
        return 0
    theirs: datetime = db.session().execute(select(func.clock_timestamp())).scalar_one()
    return round((theirs - clock.real_now()).total_seconds())
