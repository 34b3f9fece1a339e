"""ISO weeks, in which areas report: from Monday, and the year that a week belongs to is that of its Thursday."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core import clock
from core.upkeep.counting import next_weekday

WRITTEN = re.compile(r"(20\d{2})-W(\d{2})")
"""Of this century: the weeks before and after it are days too."""
NOON = time(12)


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week. Its year is not always that of its days: 1 January 2027 lies in week 53 of 2026."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Week:
        """Return the week of a day."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def read(cls, text: str) -> Week | None:
        """Return the week written as 2026-W53; None for what is none."""
        found = WRITTEN.fullmatch(text)
        if found is None:
            return None
        try:
            return cls.of(date.fromisocalendar(int(found[1]), int(found[2]), 1))
        except ValueError:
            return None

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    def after(self, weeks: int) -> Week:
        """Return the week so many weeks later, or before."""
        return Week.of(self.monday + timedelta(weeks=weeks))

    @property
    def reported_by(self) -> datetime:
        """When its reports are to be in: at noon on the Monday after it (domain.md 5.4), or the next weekday."""
        return datetime.combine(next_weekday(self.after(1).monday), NOON, clock.STOCKHOLM)

    @property
    def reviewed_by(self) -> date:
        """When the group is to have met about it: on the Tuesday after it, or the next weekday."""
        return next_weekday(self.after(1).monday + timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"


def this_week() -> Week:
    """Return the week of today, in Stockholm."""
    return Week.of(clock.today())


def to_report() -> Week:
    """Return the week that is reported now: the one before until its group has had its Tuesday, then this one."""
    before = this_week().after(-1)
    return before if clock.today() <= before.reviewed_by else this_week()


@dataclass(frozen=True)
class Quarter:
    """A quarter of the year by its weeks: those whose Thursday lies in it."""

    year: int
    number: int

    @classmethod
    def of(cls, week: Week) -> Quarter:
        """Return the quarter of a week."""
        thursday = week.monday + timedelta(days=3)
        return cls(thursday.year, (thursday.month - 1) // 3 + 1)

    @classmethod
    def read(cls, text: str) -> Quarter | None:
        """Return the quarter written as 2026-4; None for what is none."""
        found = re.fullmatch(r"(20\d{2})-([1-4])", text)
        return cls(int(found[1]), int(found[2])) if found else None

    @property
    def weeks(self) -> list[Week]:
        """Its weeks, in order."""
        week = Week.of(date(self.year, 3 * self.number - 2, 1))
        week = week if Quarter.of(week) == self else week.after(1)
        found = []
        while Quarter.of(week) == self:
            found.append(week)
            week = week.after(1)
        return found

    def after(self, quarters: int) -> Quarter:
        """Return the quarter so many quarters later, or before."""
        index = self.year * 4 + self.number - 1 + quarters
        return Quarter(index // 4, index % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"
