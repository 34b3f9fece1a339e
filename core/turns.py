"""Taking turns at writing. On SQLite one writes at a time, and who waits for ten seconds is refused.

So long work lets others in between its transactions, and what must not fail because others write tries again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from core import clock
from core.db import Database

BREATH = 0.12
"""Seconds; SQLite looks every tenth of a second whether the lock that somebody waits for is free."""
PATIENCE = 300.0
"""Seconds for which what must not fail tries again."""
TAKEN = ("database is locked", "database is busy")

Answer = TypeVar("Answer")


def breathe(database: Database) -> None:
    """Let others write between two transactions of long work."""
    if database.embedded:
        time.sleep(BREATH)


def patiently(database: Database, act: Callable[[], Answer]) -> Answer:
    """Do `act`, which opens a transaction of its own, again and again while others write. Raises what it raises."""
    latest = clock.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except OperationalError as error:
            busy = database.embedded and str(error.orig) in TAKEN
            if not busy or clock.monotonic() > latest:
                raise
        time.sleep(BREATH)
