"""Working days, and moments counted in them. Pure: the table `workday` is filled from here and read back into here.

Swedish holidays are the public ones and the three eves that everybody has off (domain.md 10.5). Working days have a
running number, so that "five working days later" is an addition (performance.md 0.6).
Hours are counted in UTC, days as dates in Stockholm (design.md 4.8).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from types import MappingProxyType

import holidays

from core.clock import STOCKHOLM

NO_DAYS: Mapping[date, str] = MappingProxyType({})
NO_HALVES: Mapping[date, tuple[str, time]] = MappingProxyType({})
SATURDAY = 5
ONE_DAY = timedelta(days=1)


class OutsideCalendar(Exception):
    """A day that the calendar does not reach; `day` says which. Fill the table further, never guess."""

    def __init__(self, day: date) -> None:
        super().__init__(f"the calendar does not reach {day.isoformat()}")
        self.day = day


@dataclass(frozen=True)
class Day:
    """A row of the table `workday`; `number` counts the working days up to and with this day.

    `closes` is when a half day ends, in Stockholm's time; `since` names a free day that it has become since a promise
    was made, which does not go by it.
    """

    day: date
    is_working: bool
    number: int
    name: str | None
    closes: time | None = None
    since: str = ""


@cache
def holidays_of(year: int) -> Mapping[date, str]:
    """Return the days of `year` that are no working days whatever the weekday, with Swedish names.

    The library's default lacks midsommarafton, julafton and nyårsafton, which are its "de facto" holidays.
    """
    found = holidays.country_holidays(
        "SE", years=year, categories=("public", "de_facto"), language="sv", include_sundays=False
    )
    return MappingProxyType(dict(sorted(found.items())))


def is_working_day(day: date, closed: Mapping[date, str] = NO_DAYS) -> bool:
    """Whether people are at work: Monday to Friday, no holiday, none of the city's own `closed` days."""
    return day.weekday() < SATURDAY and day not in holidays_of(day.year) and day not in closed


def days(
    first: date,
    last: date,
    *,
    before: int = 0,
    closed: Mapping[date, str] = NO_DAYS,
    halves: Mapping[date, tuple[str, time]] = NO_HALVES,
) -> Iterator[Day]:
    """Return the rows of the table `workday` from `first` to `last`.

    `before` is the number of the day before `first`, so that a calendar can be continued; `closed` are an
    organisation's own days with their names, `halves` those that only end sooner.
    """
    number = before
    for offset in range((last - first).days + 1):
        day = first + offset * ONE_DAY
        is_working = is_working_day(day, closed)
        number += is_working
        half, closes = halves.get(day, (None, None)) if is_working else (None, None)
        yield Day(day, is_working, number, holidays_of(day.year).get(day) or closed.get(day) or half, closes)


class Calendar:
    """The working days of one calendar, as unbroken rows of the table say. Raises OutsideCalendar past their ends."""

    def __init__(self, rows: Iterable[Day]) -> None:
        self._days = {row.day: row for row in rows}
        self._working = sorted(row.day for row in self._days.values() if row.is_working)

    def number(self, day: date) -> int:
        """Return how many working days have come up to and with `day`; the difference of two is a distance."""
        return self._row(day).number

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is a working day in this calendar."""
        return self._row(day).is_working

    def told(self, day: date) -> Day:
        """Return all that is known of a day."""
        return self._row(day)

    def closes(self, day: date) -> time | None:
        """Return when a half day ends, in Stockholm's time; None for a day as others."""
        return self._row(day).closes

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day that is `count` (at least 1) after `day`, which itself never counts.

        From a Saturday one working day is Monday.
        """
        if count < 1:
            raise ValueError("a term in working days has at least one")
        self._row(day)
        index = bisect_left(self._working, day + ONE_DAY) + count - 1
        if index >= len(self._working):
            raise OutsideCalendar(day + count * ONE_DAY)
        return self._working[index]

    def _row(self, day: date) -> Day:
        row = self._days.get(day)
        if row is None:
            raise OutsideCalendar(day)
        return row


def local_end_of_day(day: date) -> datetime:
    """Return 24.00 of `day` in Stockholm, in UTC: what is due that day is in time before this moment."""
    return datetime.combine(day + ONE_DAY, time(), STOCKHOLM).astimezone(UTC)
