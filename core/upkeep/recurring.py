"""When something comes again: from the day that was planned, or from the day that it was done. Pure.

A rule is an RRULE of iCalendar in days, weeks, months or years. Months and years from 31 January or 29 February end on
the last of a month that has no such day, where RRULE itself would leave the month out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import count, islice, takewhile

from dateutil.rrule import rrulestr

from core.upkeep.counting import MONTHS, after_months

PLANNED, DONE = "planerad", "gjord"
"""The bases: the next one is counted from the plan, whatever is late, or from when the last one was done."""

YEARS = 50
"""A rule that gives no day so far ahead gives none."""
ALL = frozenset({"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "WKST"})
UNITS = {"DAILY": {"BYMONTH"}, "WEEKLY": {"BYDAY", "BYMONTH", "WKST"}, "MONTHLY": ALL, "YEARLY": ALL}
"""Units, and the parts that go with each. By days and weeks only those that surely give a day: RRULE looks for one to
the end of time, and a page waits for it.
"""
MOST = 1000
"""Units between two days at most."""
WHOLE = {"MONTHLY": 1, "YEARLY": MONTHS}


class RuleUnreadable(ValueError):
    """A text is no rule in whole days, or one that never gives any."""


@dataclass(frozen=True)
class Recurrence:
    """An RRULE taken apart: how often, the parts that RRULE itself reads, how many times, and until which day."""

    unit: str
    interval: int
    parts: str
    times: int | None
    until: date


def next_of(rule: str, base: str, *, first: date, planned: date | None = None, done: date | None = None) -> date | None:
    """Return the next day of a `rule` that begins on `first`; None where it has ended.

    Counted from the plan it is the first day of the rule after the one that was last `planned`; counted from what was
    `done` the rule begins anew that day, and its COUNT says nothing. Before there is any, it is the first. Raises
    RuleUnreadable.
    """
    known, after = read_rule(rule), planned if base == PLANNED else done
    start = first if base == PLANNED else done or first
    last = min(known.until, date(max(start, after or start).year + YEARS, 12, 31))
    times = known.times if base == PLANNED else None
    days = islice(takewhile(lambda day: day <= last, _days(known, start)), times)
    return next((day for day in days if after is None or day > after), None)


def read_rule(text: str) -> Recurrence:
    """Return a rule taken apart. Raises RuleUnreadable."""
    given = dict(part.partition("=")[::2] for part in text.strip().upper().split(";"))
    try:
        unit, until = given.pop("FREQ"), given.pop("UNTIL", "")
        interval, times = int(given.pop("INTERVAL", "1")), int(given.pop("COUNT", "0"))
        last = datetime.strptime(until[:8], "%Y%m%d").date() if until else date.max  # noqa: DTZ007 - a day
        parts = ";".join(f"{name}={value}" for name, value in given.items())
        if not 1 <= interval <= MOST or times < 0 or not given.keys() <= UNITS[unit]:
            raise RuleUnreadable(text)
        known = Recurrence(unit, interval, parts, times or None, last)
        next(_days(known, date(2000, 1, 1)))
    except (KeyError, ValueError, TypeError, StopIteration) as unreadable:
        raise RuleUnreadable(text) from unreadable
    return known


def _days(known: Recurrence, start: date) -> Iterator[date]:
    """Yield the days of a rule from `start` on, for ever."""
    if known.unit in WHOLE and not known.parts:
        step = known.interval * WHOLE[known.unit]
        return (after_months(start, step * n) for n in count())
    rule = ";".join(filter(None, (f"FREQ={known.unit}", f"INTERVAL={known.interval}", known.parts)))
    return (moment.date() for moment in rrulestr(rule, dtstart=datetime.combine(start, time())))
