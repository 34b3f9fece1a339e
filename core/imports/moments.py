"""Moments as registers write them, and what is odd about those of a row: whatever room the row goes to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from core import clock
from core.i18n import N_
from core.imports.kinds import Finding
from core.schema import fields

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WALL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.0+)?")

LONG = timedelta(days=5 * 365)
AHEAD = timedelta(minutes=10)
"""How far ahead a register's clock may go."""

FUTURE = N_("Tiden har inte varit än.")
CLOSED_FIRST = N_("Avslutad innan den kom in.")
TARGET_FIRST = N_("Skulle vara klart innan den kom in.")
FAR_TARGET = N_("Skulle vara klart mer än fem år efter att den kom in.")
TWICE = N_("Klockan går två gånger genom den timmen, när sommartiden slutar. Den första menas.")
NEVER = N_("Den timmen finns inte, för sommartiden börjar då. Tiden räknas som en timme senare.")


class Moment(fields.Instant):
    """A moment as registers write it: also a day alone, which is its first moment or, of an end, its last minute.

    A register's wall clock is believed also in the hour that the change of clocks repeats (its first time is meant) or
    skips (the clock had not been changed): its row is not left out for that.
    """

    def __init__(self, *, end: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.end = end

    def from_text(self, text: str) -> str:
        text = text.strip()
        if _DAY.fullmatch(text):
            text = f"{text} {'23:59:59' if self.end else '00:00'}"
        wall = _wall(text)
        return wall.isoformat() if wall else super().from_text(text)


def _wall(text: str) -> datetime | None:
    """Return what a register's clock showed in Stockholm; None for what says its zone, or is no time."""
    written = _WALL.fullmatch(text.strip())
    try:
        return datetime.fromisoformat("T".join(written.groups())).replace(tzinfo=clock.STOCKHOLM) if written else None
    except ValueError:
        return None  # a day or an hour that there is not: the strict reading says so


def about_the_times(known: Mapping[str, Any], *, came: str = "reported_at") -> Iterable[Finding]:
    """Yield what is odd about when a row came (the field `came`), was to be done and was closed."""
    began, target, closed, latest = known[came], known["target_at"], known["closed_at"], clock.now() + AHEAD
    for name, at in ((came, began), ("closed_at", closed)):
        if at is not None and at > latest:
            yield Finding(name, FUTURE, stops=True)
    if closed is not None and closed < began:
        yield Finding("closed_at", CLOSED_FIRST, stops=True)
    if target is not None and target < began:
        yield Finding("target_at", TARGET_FIRST)
    elif target is not None and target > began + LONG:
        yield Finding("target_at", FAR_TARGET)


def about_the_clock(texts: Mapping[str, str], names: Iterable[str]) -> Iterable[Finding]:
    """Yield which of the times that a row's texts give lie in the hour that a change of clocks repeats or skips."""
    for name in names:
        wall = _wall(texts.get(name, ""))
        if wall is not None and (offset := wall.utcoffset()) != (later := wall.replace(fold=1).utcoffset()):
            yield Finding(name, TWICE if offset and later and offset > later else NEVER)
