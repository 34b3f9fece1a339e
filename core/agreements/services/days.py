"""The days of a commitment: a single one, or those of its rule (RFC 5545) from its first day to its last."""

from __future__ import annotations

from datetime import date, timedelta

from core import clock
from core.agreements.models import Commitment
from core.i18n import N_
from core.schema import Invalid
from core.upkeep.recurring import PLANNED, RuleUnreadable, read_rule
from core.upkeep.recurring import next_of as next_day


def refuse_rule(rrule: str) -> None:
    """Refuse a rule that cannot be read. Raises Invalid."""
    try:
        if rrule:
            read_rule(rrule)
    except RuleUnreadable:
        words = N_("Skriv en regel som RFC 5545 har den, till exempel FREQ=WEEKLY;BYDAY=MO.")
        raise Invalid({"rrule": [words]}) from None


def first_day(row: Commitment) -> date | None:
    """Return the first day of a commitment that is today or later; a single one keeps its day, whenever that was."""
    return coming(row.rrule, row.starts_on, row.due_on) if row.rrule else row.due_on


def coming(rrule: str, starts_on: date, due_on: date | None) -> date | None:
    """Return the first day of a rule that is today or later; None when none comes before the last day."""
    yesterday = clock.today() - timedelta(days=1)
    return _after(rrule, starts_on, due_on, yesterday if starts_on <= yesterday else None)


def _after(rrule: str, starts_on: date, due_on: date | None, planned: date | None) -> date | None:
    day = next_day(rrule, PLANNED, first=starts_on, planned=planned)
    return day if day is not None and (due_on is None or day <= due_on) else None


def following(row: Commitment, day: date) -> date | None:
    """Return the day of a commitment after `day`; None for a single one."""
    return _after(row.rrule, row.starts_on, row.due_on, day) if row.rrule else None
