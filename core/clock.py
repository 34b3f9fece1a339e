"""The one source of time. Everything else asks `now()`, so that a test or the demo can give the time.

Times are aware and in UTC; what people see and what day rules count is Europe/Stockholm (design.md 4.8).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")

_offset = timedelta(0)
_frozen: datetime | None = None


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _frozen or datetime.now(UTC) + _offset


def real_now() -> datetime:
    """Return what this machine's own clock says, to compare it with another; every rule asks `now`."""
    return datetime.now(UTC)


def today() -> date:
    """Return the date in Stockholm: at 23.30 UTC in winter it is already tomorrow there."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """Return the aware `moment` as Stockholm's wall clock."""
    return moment.astimezone(STOCKHOLM)


def first_moment(day: date) -> datetime:
    """Return the moment when a day begins in Stockholm."""
    return datetime(day.year, day.month, day.day, tzinfo=STOCKHOLM)


def last_day(moment: datetime) -> date:
    """Return the last date in Stockholm before the aware `moment`: what ends at midnight ends the day before."""
    return local(moment - timedelta(microseconds=1)).date()


def monotonic() -> float:
    """Return seconds of a clock that never jumps, for waiting and for measuring."""
    return time.monotonic()


def start_at(moment: datetime | None) -> None:
    """Let this process's clock run on from `moment` (a setting of demo and test); None is the real time."""
    global _offset  # noqa: PLW0603 - one process, one clock
    _offset = moment.astimezone(UTC) - datetime.now(UTC) if moment else timedelta(0)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Stop the clock at the aware `moment`, for tests of rules that hang on a date."""
    global _frozen  # noqa: PLW0603 - as above
    before, _frozen = _frozen, moment.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before
