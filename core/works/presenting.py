"""How an order stands, by its clock while somebody works on it, else by its state; times, and how often, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any

from core.i18n import N_, Text, counted
from core.upkeep.presenting import Standing, standing
from core.upkeep.recurring import read_rule
from core.works.states import ORDER, TABS

OFTEN = {
    ("DAILY", 1): N_("Varje dag"),
    ("DAILY", 2): N_("Varannan dag"),
    ("WEEKLY", 1): N_("Varje vecka"),
    ("WEEKLY", 2): N_("Varannan vecka"),
    ("MONTHLY", 1): N_("Varje månad"),
    ("MONTHLY", 2): N_("Varannan månad"),
    ("MONTHLY", 3): N_("Varje kvartal"),
    ("MONTHLY", 6): N_("Varje halvår"),
    ("YEARLY", 1): N_("Varje år"),
    ("YEARLY", 2): N_("Vartannat år"),
}
"""How often something is done, in words, by the unit of its rule and how many of them lie between."""
SELDOM = {
    "DAILY": N_("Var {n}:e dag"),
    "WEEKLY": N_("Var {n}:e vecka"),
    "MONTHLY": N_("Var {n}:e månad"),
    "YEARLY": N_("Vart {n}:e år"),
}
ON_DAYS = {
    "MO": N_("{often}, på måndagar"),
    "TU": N_("{often}, på tisdagar"),
    "WE": N_("{often}, på onsdagar"),
    "TH": N_("{often}, på torsdagar"),
    "FR": N_("{often}, på fredagar"),
    "SA": N_("{often}, på lördagar"),
    "SU": N_("{often}, på söndagar"),
}
CLOCK = ("due_at", "due_on", "badly_late_at", "paused_since", "reported_at")
"""What the list of orders tells of the frist to mend."""


def standing_of(row: Any) -> Standing:
    """Return how a line of the list of orders stands: what is open by its frist, the rest by its state."""
    now = ORDER.states[row.state]
    if row.due_at is None or row.state not in TABS["oppna"] or row.state == "pausad":
        return Standing(now.tone, now.shape, now.label, row.state)
    return standing(SimpleNamespace(**{name: getattr(row, name) for name in CLOCK}))


def often_said(rule: str) -> str:
    """Return how often a rule of a plan comes, in words; a rule that we have no words for as it is written."""
    known = read_rule(rule)
    often = OFTEN.get((known.unit, known.interval)) or Text(SELDOM[known.unit], n=known.interval)
    if known.times or known.until != date.max:
        return rule
    if not known.parts:
        return often
    name, _, day = known.parts.partition("=")
    return Text(ON_DAYS[day], often=often) if (known.unit, name) == ("WEEKLY", "BYDAY") and day in ON_DAYS else rule


TIMES: Mapping[str, tuple[str, str]] = {
    "clock_minutes": (N_("1 minut"), N_("{n} minuter")),
    "clock_hours": (N_("1 timme"), N_("{n} timmar")),
    "working_days": (N_("1 arbetsdag"), N_("{n} arbetsdagar")),
    "calendar_days": (N_("1 dag"), N_("{n} dagar")),
    "months": (N_("1 månad"), N_("{n} månader")),
}
"""One or several of what a time is counted in."""


def in_words(number: int, clock: str) -> Text:
    """Return a time as people say it: 1 timme, 15 minuter, 2 arbetsdagar."""
    return counted(number, *TIMES[clock])
