"""The table of working days."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from core import clock, db
from core.upkeep import engine
from core.upkeep.calendar import days
from core.upkeep.models import Workday

YEARS_BACK, YEARS_AHEAD = 10, 15
"""How far the calendar reaches around today; a job keeps it so (reliability.md T7)."""


def fill_calendar(today: date | None = None) -> None:
    """Let the table of working days reach from ten years back to fifteen years ahead; more than once does no harm."""
    today = today or clock.today()
    ends = select(Workday).where(Workday.calendar == engine.SWEDEN).order_by(Workday.day.desc()).limit(1)
    last = db.session().scalar(ends)
    first = last.day + timedelta(days=1) if last else date(today.year - YEARS_BACK, 1, 1)
    before = last.wd if last else 0
    rows = days(first, date(today.year + YEARS_AHEAD, 12, 31), before=before)
    table = [
        {"calendar": engine.SWEDEN, "day": row.day, "is_wd": row.is_working, "wd": row.number, "name": row.name}
        for row in rows
    ]
    if table:
        db.session().execute(Workday.__table__.insert(), table)  # type: ignore[attr-defined]
