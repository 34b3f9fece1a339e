"""The time that a report is about: days in Stockholm, the moments and months in it, and the city's thirds of a year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from core.upkeep.calendar import local_end_of_day

DAY = timedelta(days=1)
TERTIALS = ((1, 4), (5, 8), (9, 12))
"""First and last month of each third of a year, as the city reports."""


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both of them included."""

    first: date
    last: date

    def holds(self, moment: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Return the conditions that a column of moments (UTC) lies in the period."""
        return moment >= local_end_of_day(self.first - DAY), moment < local_end_of_day(self.last)

    def months(self, valid_from: date, valid_to: date) -> int:
        """Return in how many months of the period something is valid; each that it touches counts as a whole one."""
        first, last = max(self.first, valid_from), min(self.last, valid_to)
        return max(0, 12 * (last.year - first.year) + last.month - first.month + 1) if first <= last else 0

    def until(self, day: date) -> Period:
        """Return what of the period has been by `day`; of one that is all to come, its first day."""
        return Period(self.first, max(self.first, min(self.last, day)))


def per_cent(part: int, whole: int) -> int | None:
    """Return a share in whole per cent; None of nothing."""
    return round(100 * part / whole) if whole else None


def tertials(today: date) -> Iterator[tuple[int, Period]]:
    """Yield the tertial of `today` and the two before it, the oldest first: its number, and its days."""
    now = 3 * today.year + (today.month - 1) // 4
    for one in range(now - 2, now + 1):
        year, nth = divmod(one, 3)
        begins, ends = TERTIALS[nth]
        after = date(year + ends // 12, ends % 12 + 1, 1)
        yield nth + 1, Period(date(year, begins, 1), after - DAY)
