"""The one place where a date is computed, and explained (design.md 10; domain.md 10.5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from core import clock, db
from core.hookspecs import Rule
from core.i18n import N_, Text
from core.upkeep.calendar import Calendar, Day, add_clock_hours, local_end_of_day
from core.upkeep.models import Workday

SWEDEN = "sverige"


class RuleUnknown(Exception):
    """A rule counts by a clock that the engine does not have."""


@dataclass(frozen=True)
class Due:
    """When something falls due: the moment (UTC) and the Stockholm date that people read."""

    at: datetime
    on: date


@dataclass(frozen=True)
class ExplainedDay:
    """A day between start and end: counted as the nth, or skipped for the reason in `note`."""

    day: date
    counted: int | None
    note: str = ""
    last: bool = False


@dataclass(frozen=True)
class Explanation:
    """Why a frist ends when it does: one sentence, and for day rules each day."""

    sentence: str
    days: list[ExplainedDay] = field(default_factory=list)


def frozen(kind_title: str, key: str, rule: Rule, version: str) -> dict[str, Any]:
    """Return the rule as it is kept with the frist: later changes of the rule leave it alone."""
    return {
        "schema": 1,
        "key": key,
        "kind_title": kind_title,
        "title": rule.title,
        "fix": rule.fix,
        "clock": rule.clock,
        "urgency": rule.urgency,
        "source": rule.source,
        "version": version,
    }


def due(rule: dict[str, Any], starts_at: datetime, *, paused_seconds: int = 0, calendar: str = SWEDEN) -> Due:
    """Return when a frist under the frozen `rule` that starts at `starts_at` (UTC) falls due.

    Clock hours run in UTC through the change of clocks; days are Stockholm dates, the day of the start does not
    count, and the last day lasts until midnight. Raises OutsideCalendar beyond the table, RuleUnknown.
    """
    if rule["clock"] == "clock_hours":
        at = add_clock_hours(starts_at, rule["fix"]) + timedelta(seconds=paused_seconds)
        return Due(at, clock.local(at).date())
    first = clock.local(starts_at + timedelta(seconds=paused_seconds)).date()
    if rule["clock"] == "calendar_days":
        on = first + timedelta(days=rule["fix"])
    elif rule["clock"] == "working_days":
        on = read_calendar(calendar, first, rule["fix"]).add_working_days(first, rule["fix"])
    else:
        raise RuleUnknown(rule["clock"])
    return Due(local_end_of_day(on), on)


def read_calendar(calendar: str, first: date, working_days: int) -> Calendar:
    """Return the part of a calendar that surely holds `working_days` after `first`."""
    last = first + timedelta(days=working_days * 2 + 30)
    rows = select(Workday.day, Workday.is_wd, Workday.wd, Workday.name)
    rows = rows.where(Workday.calendar == calendar, Workday.day.between(first - timedelta(days=7), last))
    return Calendar(Day(*row) for row in db.session().execute(rows.order_by(Workday.day)))


def explain(rule: dict[str, Any], starts_at: datetime, *, calendar: str = SWEDEN) -> Explanation:
    """Say why a frist under `rule` ends when it does: every day named, every skipped day with its reason."""
    ends = due(rule, starts_at, calendar=calendar)
    start = clock.local(starts_at)
    if rule["clock"] == "clock_hours":
        return Explanation(_hours(rule["fix"], start, clock.local(ends.at)))
    if rule["clock"] == "calendar_days":
        words = N_("Anmält {start}. Regeln ger {n} dagar. Dagen för anmälan räknas inte.")
        return Explanation(Text(words, start=_written(start), n=rule["fix"]))
    words = N_("Anmält {start}. Regeln ger {n} arbetsdagar. Dagen för anmälan räknas inte.")
    return Explanation(Text(words, start=_written(start), n=rule["fix"]), _each_day(start.date(), ends.on, calendar))


def _hours(hours: int, start: datetime, end: datetime) -> Text:
    words = N_("Anmält {start}. Regeln ger {n} timmar, dygnet runt.")
    if start.utcoffset() != end.utcoffset():
        words = N_("Anmält {start}. Regeln ger {n} timmar, dygnet runt. Klockan ställs om under tiden.")
    return Text(words, start=_written(start), n=hours)


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H.%M")


def _each_day(first: date, last: date, calendar: str) -> list[ExplainedDay]:
    rows = select(Workday).where(Workday.calendar == calendar, Workday.day.between(first, last)).order_by(Workday.day)
    explained, count = [], 0
    for row in db.session().scalars(rows):
        if row.day == first:
            explained.append(ExplainedDay(row.day, None, N_("anmält")))
        elif row.is_wd:
            count += 1
            explained.append(ExplainedDay(row.day, count, last=row.day == last))
        else:
            explained.append(ExplainedDay(row.day, None, row.name or N_("helg")))
    return explained


def lateness(due_at: datetime, starts_at: datetime, now: datetime) -> str:
    """Return how things stand: kraftigt, forsenad, idag, i_morgon, snart or i_tid, by the days of Stockholm."""
    if now >= due_at:
        return "kraftigt" if now - due_at > 2 * (due_at - starts_at) else "forsenad"
    last = clock.local(due_at - timedelta(microseconds=1)).date()  # midnight ends the day before
    days = (last - clock.local(now).date()).days
    if days <= 1:
        return "i_morgon" if days else "idag"
    return "snart" if days <= 7 else "i_tid"  # noqa: PLR2004 - within a week
