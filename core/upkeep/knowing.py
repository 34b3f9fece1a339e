"""What is known of a calendar, and what was known of it when a promise was made (the tables workday, calendar_day).

An organisation with days of its own has a calendar of its own; all others go by Sweden's.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import and_, or_, select

from core import db
from core.upkeep.calendar import Calendar, Day, holidays_of, is_working_day
from core.upkeep.models import CalendarDay, Workday

SWEDEN = "sverige"
OWN = "org-"


def key_of(organisation: int) -> str:
    """Return the key of an organisation's own calendar, whether it has one or not."""
    return f"{OWN}{organisation}"


def whose(calendar: str) -> int | None:
    """Return the key of the organisation whose own calendar it is; None for Sweden's."""
    return int(calendar.removeprefix(OWN)) if calendar.startswith(OWN) else None


def calendar_of(organisation: int | None) -> str:
    """Return the key of the calendar that an organisation goes by."""
    if organisation is None:
        return SWEDEN
    has_own = select(Workday.day).where(Workday.calendar == key_of(organisation)).limit(1)
    return key_of(organisation) if db.session().scalar(has_own) else SWEDEN


def read_calendar(calendar: str, first: date, last: date, *, known_at: datetime) -> Calendar:
    """Return a calendar from `first` to `last` as it was known at `known_at`: a promise is not made longer afterwards.

    Nor shorter: a day of one's own that was taken away since is still free for what was promised while it stood.
    """
    rows = select(Workday.day, Workday.is_wd, Workday.wd, Workday.name, Workday.closes)
    rows = rows.where(Workday.calendar == calendar, Workday.day.between(first, last))
    known = {row.day: Day(*row) for row in db.session().execute(rows.order_by(Workday.day))}
    owner = whose(calendar)
    if owner is not None:
        known |= {day.day: day for day in _changed_since(owner, first, last, known_at) if day.day in known}
    return Calendar(known.values())


def _changed_since(owner: int, first: date, last: date, known_at: datetime) -> list[Day]:
    """Return the days that were otherwise then; of the same day first what came later, then what stood."""
    later = CalendarDay.added_at > known_at
    stood = and_(CalendarDay.added_at <= known_at, CalendarDay.removed_at > known_at)
    rows = select(CalendarDay).where(CalendarDay.organisation_id == owner, CalendarDay.day.between(first, last))
    found = []
    for row in db.session().scalars(rows.where(or_(later, stood)).order_by(CalendarDay.added_at.desc())):
        usual, name = is_working_day(row.day), holidays_of(row.day.year).get(row.day)
        if row.added_at > known_at:
            since = row.name if row.removed_at is None and usual else ""
            found.append(Day(row.day, usual, 0, name, since=since))
        else:
            found.append(Day(row.day, usual and row.closes is not None, 0, name or row.name, row.closes))
    return found
