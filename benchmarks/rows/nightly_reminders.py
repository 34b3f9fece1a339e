"""Row 10: the reminders of a night, written once, over frister of ten organisations in three calendars.

Ours is what the worker does before it writes the letters: one statement that finds the last days of four lead times by
addition in the numbers of each calendar, fetches what is open from the index and writes a row for each. The peer is the
quick way in Python: every open frist fetched and `numpy.busday_count` over all of them; it writes nothing. The floor is
one look at every row. Each round is another night, after those before it; written again it must write nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta

import numpy as np
import psycopg
from sqlalchemy import select

from benchmarks import ours
from benchmarks.client import WrongAnswer
from benchmarks.runner import Asked, Goal, Race, Round, Row
from benchmarks.seeds import deadlines
from benchmarks.seeds.places import conninfo
from core import clock
from core.app import house
from core.db import Database
from core.settings import Settings
from core.testing.scratch import Scratch
from core.upkeep.models import Workday
from core.upkeep.services import write_reminders

SIZES = {"1M": 1_000_000}
LONG_SIZES = {"5M": 5_000_000}
EMBEDDED = "100k, SQLite"
OURS, NUMPY, FLOOR = "Tryggplats", "numpy", "count(*)"
NIGHTS = 60
BEGAN = np.datetime64("2018-01-01")
"""Days are counted from here: counted backwards numpy leaves out the other end."""


def prepare(stack: ExitStack, asked: Asked) -> Race:
    """Plant the frister of each size, write what the nights before have missed, and see that both find the same."""
    sizes = {**SIZES, **(LONG_SIZES if asked.long else {})}
    scratch, contestants = ours.ground(stack), dict[str, Round]()
    for size, many in sizes.items():
        contestants |= _contestants(stack, scratch, size, many, asked.say)
    contestants[f"{OURS} {EMBEDDED}"] = _embedded(stack, scratch, asked.say)
    goals = [Goal(f"{NUMPY} {size}", f"{OURS} {size}", least=10) for size in sizes]
    goals += [Goal(f"{OURS} {size}", f"{OURS} 1M", most=6) for size in sizes if size != "1M"]
    goals += [Goal(f"{OURS} {size}", f"{FLOOR} {size}") for size in sizes]
    return Race("ms per night", contestants, goals)


def _contestants(
    stack: ExitStack, scratch: Scratch, size: str, many: int, say: Callable[[str], None]
) -> dict[str, Round]:
    started = time.monotonic()
    settings = ours.settings_for(scratch, f"ours-{size}")
    ours.in_transaction(settings, deadlines.template)
    deadlines.plant(settings.database_url, many)
    database, nights = _opened(stack, settings)
    say(f"{size} frister in {time.monotonic() - started:.0f} s")
    tonight = next(nights)
    mine, theirs = write(database, tonight), counted(settings.database_url, tonight)
    if mine != theirs:
        raise WrongAnswer(f"{mine} reminders on {tonight}, and numpy found {theirs}")
    say(f"{size}: {mine} reminders of {tonight}")
    return {
        f"{OURS} {size}": writing(database, nights),
        f"{NUMPY} {size}": timed(lambda: counted(settings.database_url, tonight)),
        f"{FLOOR} {size}": timed(lambda: looked_at(settings.database_url)),
    }


def _embedded(stack: ExitStack, scratch: Scratch, say: Callable[[str], None]) -> Round:
    settings = ours.embedded(scratch, "ours-sqlite")
    ours.in_transaction(settings, deadlines.template)
    opened = house(settings)
    with opened.transaction() as session:
        deadlines.add(session, 100_000)
    opened.dispose()
    database, nights = _opened(stack, settings)
    say(f"{EMBEDDED}: {write(database, next(nights))} reminders")
    return writing(database, nights)


def _opened(stack: ExitStack, settings: Settings) -> tuple[Database, Iterator[date]]:
    """Return the database and the nights to come, when those before them are written."""
    database = house(settings)
    stack.callback(database.dispose)
    with database.transaction(write=False) as session:
        days = select(Workday.day).where(Workday.calendar == "sverige", Workday.is_wd, Workday.day >= clock.today())
        first, *nights = session.scalars(days.order_by(Workday.day).limit(NIGHTS))
    write(database, first)
    return database, iter(nights)


def write(database: Database, night: date) -> int:
    """Write the reminders of a night, and commit; return how many."""
    with database.transaction():
        return write_reminders(night)


def writing(database: Database, nights: Iterator[date]) -> Round:
    """Return a round of the next night; written a second time it must write nothing."""

    def round_() -> float:
        night = next(nights)
        started = time.perf_counter()
        many = write(database, night)
        took = (time.perf_counter() - started) * 1000
        if not many or write(database, night):
            raise WrongAnswer(f"{many} reminders on {night}, and more the second time")
        return took

    return round_


def timed(work: Callable[[], object]) -> Round:
    """Return a round of `work`."""

    def round_() -> float:
        started = time.perf_counter()
        work()
        return (time.perf_counter() - started) * 1000

    return round_


def counted(address: str, night: date) -> int:
    """Return how many reminders the four lead times ask for tonight, with everything fetched into Python."""
    found = 0
    with psycopg.connect(conninfo(address)) as database:
        for calendar in deadlines.CALENDARS:
            rows = database.execute(
                "SELECT due_on FROM deadline WHERE state = 'oppen' AND calendar = %s", [calendar]
            ).fetchall()
            free = database.execute("SELECT day FROM workday WHERE NOT is_wd AND calendar = %s", [calendar]).fetchall()
            off = np.array([day for (day,) in free], dtype="datetime64[D]")
            due = np.array([day for (day,) in rows], dtype="datetime64[D]")
            if night in {day for (day,) in free}:
                continue
            until = np.busday_count(BEGAN, due + np.timedelta64(1, "D"), holidays=off)
            now = np.busday_count(BEGAN, np.datetime64(night + timedelta(days=1)), holidays=off)
            found += int(np.isin(now - until, deadlines.LEADS).sum())
    return found


def looked_at(address: str) -> int:
    """Return how many frister there are: one look at each row."""
    with psycopg.connect(conninfo(address)) as database:
        database.execute("SET max_parallel_workers_per_gather = 0")
        database.execute("SET enable_indexonlyscan = off")
        (many,) = database.execute("SELECT count(*) FROM deadline").fetchone() or (0,)
    return int(many)


ROW = Row(10, "the reminders of a night, over frister of ten organisations in three calendars", prepare)
