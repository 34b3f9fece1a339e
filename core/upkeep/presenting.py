"""How a frist stands, in words, shape and tone (ux: state = shape + word + colour)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from core import clock, plugins
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.upkeep.engine import ends_at_a_moment, lateness
from core.upkeep.states import DEADLINE

HOUR = 3600


def closing_themselves() -> frozenset[str]:
    """Return the kinds of frister that are met by what happens, of which their own room tells."""
    return frozenset(key for key, kind in plugins.house().deadline_kinds.items() if kind.closes_itself)


@dataclass(frozen=True)
class Standing:
    """A state to draw."""

    tone: str
    shape: str
    label: str
    group: str


FIRST = {0: N_("Går alltid först"), 1: N_("Går före andra")}
"""Headings of what goes before the rest whenever it is due, by urgency."""

GROUPS = {
    "kraftigt": N_("Försenade"),
    "forsenad": N_("Försenade"),
    "idag": N_("I dag"),
    "i_morgon": N_("I morgon"),
    "snart": N_("Inom en vecka"),
    "i_tid": N_("Senare"),
}
"""Headings of the rest by how things stand. What falls due first stands first, so that each heading comes once."""

LATE = ("kraftigt", "forsenad")
MOVED_LATE = N_("Flyttad efter sista dagen")
"""How a frist stands that was late already when it was moved: it is not in time for that."""

CHANGES = {
    "klarmarkera": (N_("Frist klar"), "done"),
    "oppna_igen": (N_("Frist öppnad igen"), "missing"),
    "korta": (N_("Frist kortad"), "soon"),
    "ga_fore": (N_("Frist går före"), "soon"),
    "byta_ansvarig": (N_("Frist bytte ansvarig"), "soon"),
    "omprioritera": (N_("Frist omprioriterad"), "soon"),
    "flytta": (N_("Frist flyttad"), "soon"),
    "pausa": (N_("Frist pausad"), "soon"),
    "ateruppta": (N_("Frist löper igen"), "soon"),
    "anmala_klar": (N_("Anmäld klar"), "soon"),
    "underkanna": (N_("Underkänd"), "missing"),
    "lata_utga": (N_("Frist utgår"), "refused"),
    "galla_igen": (N_("Frist gäller igen"), "soon"),
    "borja_om": (N_("Frist börjar om"), "soon"),
}
"""What has happened to a frist, in words and shape."""

OF_A_RULE = frozenset({"korta", "ga_fore", "galla_igen"})
"""Changes whose reason is the title of a rule, which is ours to translate; other reasons are people's own words."""


def title_of(deadline: Any) -> str:
    """Return the title that may be shown: a protected frist says only that it is one (design.md 9)."""
    if deadline.level >= PROTECTED:
        return N_("Skyddat ärende")
    title: str = deadline.rule["kind_title"]
    return title


def latest(deadline: Any) -> str:
    """Return when it must be done: a moment where hours count, else the day, whose midnight is the end."""
    if ends_at_a_moment(deadline.rule):
        return clock.local(deadline.due_at).strftime("%Y-%m-%d %H.%M")
    day: str = deadline.due_on.isoformat()
    return day


def standing(deadline: Any) -> Standing:
    """Return how a frist stands: what has ended or does not run says so, else by the days that are left or over."""
    key = getattr(deadline, "state", "oppen")
    if key != "oppen":
        ended = DEADLINE.states[key]
        return Standing(ended.tone, ended.shape, ended.label, key)
    if deadline.paused_since is not None:
        return Standing("neutral", "soon", N_("Pausad"), "pausad")
    state = lateness(deadline.due_at, deadline.badly_late_at, deadline.reported_at or clock.now())
    if deadline.reported_at is not None and state not in LATE and not getattr(deadline, "missed_at", None):
        return Standing("info", "done", N_("Anmäld klar"), "anmald")
    return _running(deadline, state)


def _running(deadline: Any, state: str) -> Standing:
    now, missed = deadline.reported_at or clock.now(), getattr(deadline, "missed_at", None)
    owed = missed if state in LATE and missed else deadline.due_at
    gap = abs(owed - now)
    if missed and state not in LATE:
        badly = now > deadline.badly_late_at
        return Standing("worst" if badly else "danger", "worst" if badly else "late", MOVED_LATE, state)
    if state in LATE:
        tone, shape = ("worst", "worst") if state == "kraftigt" else ("danger", "late")
        return Standing(tone, shape, _late(owed, now), state)
    if state == "idag":
        return Standing("warning", "today", _soon(gap), state)
    if state == "i_morgon":
        return Standing("warning", "soon", N_("I morgon"), state)
    if state == "snart":
        days = (deadline.due_on - clock.today()).days
        return Standing("warning", "soon", Text(N_("Om {n} dagar"), n=days), state)
    return Standing("plain", "open", N_("I tid"), state)


def _late(owed: datetime, now: datetime) -> str:
    """Say how late, in short forms that are right for one and for many: by the days that people count, or by hours."""
    gap, days = now - owed, (clock.local(now).date() - clock.last_day(owed)).days
    if gap.days or (days and clock.local(owed).time() == time()):
        return Text(N_("{n} dygn sent"), n=days)
    hours, minutes = gap.seconds // HOUR, gap.seconds // 60
    return Text(N_("{n} tim sent"), n=hours) if hours else Text(N_("{n} min sent"), n=minutes)


def _soon(gap: timedelta) -> str:
    hours, minutes = gap.seconds // HOUR, gap.seconds // 60 % 60
    return Text(N_("Om {h} tim {m} min"), h=hours, m=minutes) if hours else Text(N_("Om {m} min"), m=minutes)


def words_of(per: str, key: Any) -> str:
    """Return what a group of a report is called, that is broken down so."""
    if per == "sort":
        kind = plugins.house().deadline_kinds.get(key)
        return kind.title if kind else str(key)
    if per == "prioritet":
        return FIRST.get(key, N_("I vanlig ordning"))
    return str(key) if key else N_("Ingen")
