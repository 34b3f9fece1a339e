"""Bands of the day (tidsband), by which counts are compared: the city's data, in the order of a day.

A day begins with its first band. What comes after midnight and before that belongs to the evening's date, as people
say it. Lengths are real time: the night when clocks are changed is an hour shorter or longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from core import clock, db
from core.i18n import N_
from core.places.services import rows_of
from core.schema import Invalid

DAY = timedelta(days=1)
WEEKDAYS = {
    "0": N_("måndag"),
    "1": N_("tisdag"),
    "2": N_("onsdag"),
    "3": N_("torsdag"),
    "4": N_("fredag"),
    "5": N_("lördag"),
    "6": N_("söndag"),
}
"""Days of the week by their number, from Monday."""


@dataclass(frozen=True)
class Band:
    """A part of the day on Stockholm's wall clock, from `starts` to `ends`, which may lie after midnight."""

    key: str
    title: str
    starts: time
    ends: time


def bands() -> Mapping[str, Band]:
    """Return the bands of the day, from morning to night."""
    return _bands(db.settings().city)


@cache
def _bands(_city: str) -> Mapping[str, Band]:
    rows = rows_of("time_bands.csv")
    found = (Band(r["key"], r["title"], time.fromisoformat(r["starts"]), time.fromisoformat(r["ends"])) for r in rows)
    return {band.key: band for band in found}


def day_begins() -> time:
    """Return when a day begins: with its first band."""
    return next(iter(bands().values())).starts


def evening_of(moment: datetime) -> tuple[date, str]:
    """Return the day that a moment belongs to, and its band: half past midnight is of the evening before."""
    local = clock.local(moment)
    day = local.date() - (DAY if local.time() < day_begins() else timedelta())
    for band in bands().values():
        first, last = span_of(day, band)
        if first <= moment < last:
            return day, band.key
    return day, next(iter(bands()))


def span_of(day: date, band: Band) -> tuple[datetime, datetime]:
    """Return when a band of a day begins and ends, in UTC."""
    return between(day, band.starts, band.ends, begins=day_begins())


def between(day: date, starts: time, ends: time, *, begins: time = time.min) -> tuple[datetime, datetime]:
    """Return the moments (UTC) of two times of the wall clock that belong to `day`, the second after the first.

    A time before `begins` is of the night that follows the day.
    """
    first = datetime.combine(day + (DAY if starts < begins else timedelta()), starts, clock.STOCKHOLM)
    last = datetime.combine(first.date() + (DAY if ends <= starts else timedelta()), ends, clock.STOCKHOLM)
    return first.astimezone(UTC), last.astimezone(UTC)


def minutes_of(day: date, band: Band) -> int:
    """Return how long a band lasts on a day, in minutes."""
    first, last = span_of(day, band)
    return int((last - first).total_seconds() // 60)


def band_called(key: str, field: str = "band") -> Band:
    """Return the band with a key. Raises Invalid at `field`."""
    found = bands().get(key)
    if found is None:
        raise Invalid({field: [N_("Välj ett alternativ i listan.")]})
    return found


# --- Kinds that are the city's data ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class PermitKind:
    """A kind of permit: who gives it, and how many days before the start it is asked for, as `source` says."""

    key: str
    title: str
    days_before: int
    given_by: str
    source: str


def permit_kinds() -> Mapping[str, PermitKind]:
    """Return the kinds of permit that what is arranged may need."""
    return _permit_kinds(db.settings().city)


@cache
def _permit_kinds(_city: str) -> Mapping[str, PermitKind]:
    rows = rows_of("permit_kinds.csv")
    return {r["key"]: PermitKind(r["key"], r["title"], int(r["days_before"]), r["from"], r["source"]) for r in rows}


def kinds_of(table: str, *, word: str = "title") -> Mapping[str, str]:
    """Return the keys and titles of one of the city's tables."""
    return _titles(db.settings().city, table, word)


@cache
def _titles(_city: str, table: str, word: str) -> Mapping[str, str]:
    return {row["key"]: row[word] for row in rows_of(f"{table}.csv")}


ACTIVATIONS, PRESENCE, EVENTS = "activation_kinds", "presence_kinds", "patrol_events"


def questions() -> Mapping[str, str]:
    """Return the questions of the experience index, by key."""
    return kinds_of("experience_questions", word="text")


def known_kind(table: str, key: str, field: str = "kind") -> str:
    """Return a key that the city's table has. Raises Invalid at `field`."""
    if key not in (permit_kinds() if table == "permit_kinds" else kinds_of(table)):
        raise Invalid({field: [N_("Välj ett alternativ i listan.")]})
    return key
