"""How a frist stands, in words, shape and tone (ux: state = shape + word + colour)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core import clock
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.upkeep.engine import lateness

HOUR = 3600


@dataclass(frozen=True)
class Standing:
    """A state to draw."""

    tone: str
    shape: str
    label: str
    group: str


GROUPS = {
    "fara": N_("Fara, går alltid först"),
    "kraftigt": N_("Kraftigt försenade, mer än tre gånger tiden"),
    "forsenad": N_("Försenade"),
    "idag": N_("Idag"),
    "snart": N_("Denna vecka"),
    "i_tid": N_("Senare"),
}
"""Headings of the list, in its order."""


def title_of(deadline: Any) -> str:
    """Return the title that may be shown: a protected frist says only that it is one (design.md 9)."""
    if deadline.level >= PROTECTED:
        return N_("Skyddat ärende")
    title: str = deadline.rule["kind_title"]
    return title


def latest(deadline: Any) -> str:
    """Return when it must be done: a moment where hours count, else the day, whose midnight is the end."""
    if deadline.rule["clock"] == "clock_hours":
        return clock.local(deadline.due_at).strftime("%Y-%m-%d %H.%M")
    day: str = deadline.due_on.isoformat()
    return day


def standing(deadline: Any) -> Standing:
    """Return how a frist stands now."""
    now = clock.now()
    if getattr(deadline, "state", "oppen") == "klar":
        return Standing("success", "done", N_("Klar"), "klar")
    state = lateness(deadline.due_at, deadline.starts_at, now)
    gap = abs(deadline.due_at - now)
    if state in ("kraftigt", "forsenad"):
        tone, shape = ("worst", "worst") if state == "kraftigt" else ("danger", "late")
        return Standing(tone, shape, _late(gap), state)
    if state == "idag":
        return Standing("warning", "today", _soon(gap), state)
    if state == "snart":
        days = (deadline.due_on - clock.today()).days
        return Standing("warning", "soon", Text(N_("Om {n} dagar"), n=days) if days > 1 else N_("I morgon"), state)
    return Standing("plain", "open", N_("I tid"), state)


def _late(gap: timedelta) -> str:
    hours = int(gap.total_seconds()) // HOUR
    if gap.days:
        return Text(N_("{n} dygn sent"), n=gap.days)
    return Text(N_("{n} timmar sent"), n=hours) if hours else Text(N_("{n} minuter sent"), n=gap.seconds // 60)


def _soon(gap: timedelta) -> str:
    hours, minutes = gap.seconds // HOUR, gap.seconds // 60 % 60
    if gap.days:
        return N_("Om ett dygn")
    return Text(N_("Om {h} tim {m} min"), h=hours, m=minutes) if hours else Text(N_("Om {m} min"), m=minutes)
