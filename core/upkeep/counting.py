"""How a term is counted: from a start, by a clock, around pauses, day by day; what is explained is what was counted.

A pause is time in which a frist does not run. By hours it moves the end by as long as it lasts; by days a day counts
that ends while nothing is paused, so that a pause within a day costs nothing and each midnight in one costs a day.
Months and years end on the day with the same number, or the last of the month (lag 1930:173, 1 §).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.clock import STOCKHOLM
from core.upkeep.calendar import ONE_DAY, SATURDAY, Calendar, holidays_of, local_end_of_day

MONTHS = 12


@dataclass(frozen=True)
class Pause:
    """Time in which a frist did not run, both in UTC, and why."""

    since: datetime
    until: datetime
    reason: str = ""


@dataclass(frozen=True)
class CountedDay:
    """A day of a term: counted as the nth, or not, for what stands in `pause` (its reason), else as no working day."""

    day: date
    number: int | None
    pause: Pause | None = None


@dataclass(frozen=True)
class Window:
    """The hours of a working day in which a service runs, in Stockholm's time; a half day ends it sooner."""

    opens: time
    closes: time


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Return pauses in order, those that meet or overlap as one (with the reason of the first), empty ones left out."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: (one.since, one.until)):
        if pause.until <= pause.since:
            continue
        if found and pause.since <= found[-1].until:
            last = found[-1]
            found[-1] = Pause(last.since, max(last.until, pause.until), last.reason)
        else:
            found.append(pause)
    return found


def after_hours(start: datetime, length: timedelta, pauses: Iterable[Pause] = ()) -> datetime:
    """Return the moment (UTC) when `length` of real time has run since an aware `start`, outside the pauses."""
    end = start.astimezone(UTC) + length
    for pause in merged(pauses):
        if pause.since >= end:
            break
        end += max(timedelta(), pause.until - max(pause.since, start))
    return end


def after_open_hours(
    start: datetime, length: timedelta, window: Window, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> datetime:
    """Return the moment (UTC) when `length` has run within the window of working days, outside the pauses.

    Raises OutsideCalendar beyond the table, ValueError for a window in which nothing runs.
    """
    if window.closes <= window.opens:
        raise ValueError("a window in which nothing runs")
    left, standing = length, merged(pauses)
    day = start.astimezone(STOCKHOLM).date()
    while True:
        if calendar.is_working_day(day):
            closes = min(window.closes, calendar.closes(day) or window.closes)
            opened = [datetime.combine(day, at, STOCKHOLM).astimezone(UTC) for at in (window.opens, closes)]
            for since, until in _outside(max(opened[0], start), opened[1], standing):
                if until - since >= left:
                    return since + left
                left -= until - since
        day += ONE_DAY


def _outside(since: datetime, until: datetime, pauses: Sequence[Pause]) -> Iterator[tuple[datetime, datetime]]:
    """Yield what is left of a stretch of time outside the pauses, which are in order and apart."""
    for pause in pauses:
        if pause.until <= since or pause.since >= until:
            continue
        if pause.since > since:
            yield since, pause.since
        since = pause.until
    if since < until:
        yield since, until


def count_days(
    start: datetime, count: int, pauses: Iterable[Pause] = (), *, calendar: Calendar | None = None
) -> list[CountedDay]:
    """Return each day after that of an aware `start` until `count` (at least 1) have counted.

    Those that count are the working days of a calendar, without one all; the day of the start never does. Raises
    OutsideCalendar beyond the table.
    """
    if count < 1:
        raise ValueError("a term in days has at least one")
    standing, found, number = merged(pauses), [], 0
    day = start.astimezone(STOCKHOLM).date()
    while number < count:
        day += ONE_DAY
        midnight = local_end_of_day(day)
        pause = next((one for one in standing if one.since < midnight <= one.until), None)
        counts = pause is None and (calendar is None or calendar.is_working_day(day))
        number += counts
        found.append(CountedDay(day, number if counts else None, pause))
    return found


def after_months(first: date, months: int) -> date:
    """Return the day `months` after `first`: the one with the same number, or the last of a month that has none."""
    year, month = divmod(first.month - 1 + months, MONTHS)
    year, month = first.year + year, month + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))


def next_weekday(day: date) -> date:
    """Return the day itself, or the next that is none on which a statutory term may end (lag 1930:173, 2 §).

    Those are Saturdays, Sundays, holidays, midsommarafton, julafton and nyårsafton; a city's own days change no law.
    """
    while day.weekday() >= SATURDAY or day in holidays_of(day.year):
        day += ONE_DAY
    return day


def next_season(first: date, opens: tuple[int, int], closes: tuple[int, int]) -> tuple[date, date]:
    """Return the first and last day of the next season that begins after `first`; it may cross new year."""
    year = first.year
    while _day_of(year, opens) <= first:
        year += 1
    return _day_of(year, opens), _day_of(year + (closes < opens), closes)


def _day_of(year: int, known: tuple[int, int]) -> date:
    """Return a day of a year; 29 February is the 28th where there is none."""
    month, day = known
    return date(year, month, min(day, monthrange(year, month)[1]))
