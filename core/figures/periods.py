"""Periods as files write them, as days, and as people read them: year, quarter, month, week, several years, a day."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from core.i18n import N_, Text

Days = tuple[date, date]

_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ENGLISH = {"may": 5, "oct": 10}
_BLANKS = re.compile(r"[\s\u00a0\u2009\u202f]+")
_YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0)?")
_YEARS = re.compile(r"((?:19|20)\d\d) ?[-–/] ?((?:19|20)\d\d|\d\d(?=\Z))")
_QUARTER = re.compile(
    r"((?:19|20)\d\d)[ -]?(?:kvartal|kv|k|q) ?([1-4])|(?:kvartal|kv|k|q) ?([1-4])[ ,/-]*((?:19|20)\d\d)"
)
_WEEK = re.compile(r"((?:19|20)\d\d)[ -]?(?:vecka|v\.?|w) ?(\d{1,2})|(?:vecka|v\.?|w) ?(\d{1,2})[ ,/-]*((?:19|20)\d\d)")
_MONTH = re.compile(r"((?:19|20)\d\d)(?:-|m|/)?(\d\d)")
_NAMED = re.compile(r"([a-zåäö]{3,9})\.?[ -]((?:19|20)\d\d)|((?:19|20)\d\d)[ -]([a-zåäö]{3,9})\.?")
_DAY = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)(?:[t ]00:00(?::00(?:\.0+)?)?)?")
_SPAN = re.compile(r"((?:19|20)\d\d-\d\d-\d\d) ?(?:--|–|/) ?((?:19|20)\d\d-\d\d-\d\d)")
LONGEST = 20
"""Years of a period."""
LONGER = 1.25
"""How much longer one of two periods may be: months and rounds of a survey are not of the same days."""


def read(said: str) -> Days | None:
    """Return the first and the last day of a period as a file writes it, None for what is no period.

    "2024", "2024 kv 2", "Q2 2024", "2024-03", "2024M03", "mars 2024", "2024 v. 5", "2024-W05", "2024-2025", "2024/25",
    a day, "2024-03-15", and two days with all between, "2024-03-15--2024-04-02". "2010-11" is a month.
    """
    text = _BLANKS.sub(" ", said.strip()).lower()
    try:
        for pattern, days in _READERS:
            if found := pattern.fullmatch(text):
                return days(found)
    except ValueError:
        return None  # a month or a week that there is not
    return None


def _year(found: re.Match[str]) -> Days:
    year = int(found[1])
    return date(year, 1, 1), date(year, 12, 31)


def _years(found: re.Match[str]) -> Days | None:
    """Return two years and those between. "2024-03" is a month, not the years until 2003; "2024-25" are two years."""
    first, second = int(found[1]), found[2]
    last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)  # noqa: PLR2004 - a year whole
    if not first < last <= first + LONGEST:
        return None
    return date(first, 1, 1), date(last, 12, 31)


def _quarter(found: re.Match[str]) -> Days:
    year, number = int(found[1] or found[4]), int(found[2] or found[3])
    return date(year, 3 * number - 2, 1), _end_of(year, 3 * number)


def _week(found: re.Match[str]) -> Days:
    monday = date.fromisocalendar(int(found[1] or found[4]), int(found[2] or found[3]), 1)
    return monday, monday + timedelta(days=6)


def _month(found: re.Match[str]) -> Days:
    year, month = int(found[1]), int(found[2])
    return date(year, month, 1), _end_of(year, month)


def _named(found: re.Match[str]) -> Days | None:
    name, year = (found[1], found[2]) if found[1] else (found[4], found[3])
    month = _ENGLISH.get(name[:3]) or (_MONTHS.index(name[:3]) + 1 if name[:3] in _MONTHS else 0)
    return (date(int(year), month, 1), _end_of(int(year), month)) if month else None


def _day(found: re.Match[str]) -> Days:
    day = date(int(found[1]), int(found[2]), int(found[3]))
    return day, day


def _span(found: re.Match[str]) -> Days | None:
    first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
    return (first, last) if first <= last else None


def _months_or_years(found: re.Match[str]) -> Days | None:
    return _month(found) if 1 <= int(found[2]) <= 12 else _years(found)  # noqa: PLR2004 - months


_READERS = (
    (_YEAR, _year),
    (_DAY, _day),
    (_QUARTER, _quarter),
    (_WEEK, _week),
    (_MONTH, _months_or_years),
    (_YEARS, _years),
    (_NAMED, _named),
    (_SPAN, _span),
)


def follows(now: Days, before: Days) -> bool:
    """Whether a period comes after another about as long: a year is held against no quarter, least of all its own."""
    long, short = sorted(((last - first).days + 1 for first, last in (now, before)), reverse=True)
    return before[1] < now[0] and long <= LONGER * short


def _end_of(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def told(first: date, last: date) -> str:
    """Return a period as people read it: "2024", "2024 kvartal 2", "2024-03", "2024 v. 5", "2024–2025"."""
    whole_months = first.day == 1 and last == _end_of(last.year, last.month)
    if whole_months and (first.month, last.month) == (1, 12):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if whole_months and (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    if whole_months and first.year == last.year and first.month % 3 == 1 and last.month == first.month + 2:
        return Text(N_("{year} kvartal {n}"), year=first.year, n=last.month // 3)
    if first.isoweekday() == 1 and last - first == timedelta(days=6):
        year, week, _ = first.isocalendar()
        return Text(N_("{year} v. {n}"), year=year, n=week)
    return first.isoformat() if first == last else f"{first.isoformat()}–{last.isoformat()}"
