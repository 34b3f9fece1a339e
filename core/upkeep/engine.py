"""The one place where a date is computed, and explained (design.md 10; domain.md 10.5).

Each clock is one function that counts and tells what it counted, so that no explanation can differ from the date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from core import clock
from core.hookspecs import Rule
from core.i18n import N_, Text
from core.upkeep.calendar import ONE_DAY, Calendar, holidays_of, local_end_of_day
from core.upkeep.counting import (
    MONTHS,
    CountedDay,
    Pause,
    Window,
    after_hours,
    after_months,
    after_open_hours,
    count_days,
    next_season,
    next_weekday,
)
from core.upkeep.knowing import SWEDEN, read_calendar

__all__ = ["SWEDEN", "Due", "ExplainedDay", "Explanation", "RuleUnknown", "due", "explain", "frozen"]

RUNNING = frozenset({"clock_minutes", "clock_hours", "open_hours", "working_days", "calendar_days"})
"""Clocks that can stand still; what ends on a day of the law, of a season or of somebody else's goes on."""

HOLIDAY = N_("helg")


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
    """Why a frist ends when it does: when that is, one sentence, and for day rules each day."""

    due: Due
    sentence: str
    days: list[ExplainedDay] = field(default_factory=list)


def frozen(kind_title: str, key: str, rule: Rule, version: str) -> dict[str, Any]:
    """Return the rule as it is kept with the frist: later changes of the rule leave it alone.

    So do days of its own that an organisation adds after `frozen_at`. Frozen by schema 1 it had three clocks.
    """
    return {
        "schema": 2,
        "key": key,
        "kind_title": kind_title,
        "title": rule.title,
        "fix": rule.fix,
        "clock": rule.clock,
        "unit": rule.unit,
        "window": rule.window and list(rule.window),
        "season": rule.season and list(rule.season),
        "given": rule.given and rule.given.isoformat(),
        "urgency": rule.urgency,
        "source": rule.source,
        "version": rule.version or version,
        "frozen_at": clock.now().isoformat(),
    }


def due(rule: dict[str, Any], starts_at: datetime, *, pauses: Iterable[Pause] = (), calendar: str = SWEDEN) -> Due:
    """Return when a frist under the frozen `rule` that starts at `starts_at` (UTC) falls due.

    Clock hours run in UTC through the change of clocks; days are Stockholm dates, the day of the start does not
    count, and the last day lasts until midnight. Raises OutsideCalendar beyond the table, RuleUnknown.
    """
    return explain(rule, starts_at, pauses=pauses, calendar=calendar).due


def explain(
    rule: dict[str, Any], starts_at: datetime, *, pauses: Iterable[Pause] = (), calendar: str = SWEDEN
) -> Explanation:
    """Say why a frist under `rule` ends when it does: every day named, every skipped day with its reason."""
    count = CLOCKS.get(rule["clock"])
    if count is None:
        raise RuleUnknown(rule["clock"])
    told = count(rule, starts_at, list(pauses), calendar)
    if before := rule.get("before"):
        stood = explain(before, starts_at, pauses=pauses, calendar=calendar)
        day = _written(stood.due.at) if ends_at_a_moment(before) else stood.due.on.isoformat()
        words = N_("Regeln gav {day}. Datumet har flyttats, med skäl.")
        return Explanation(told.due, Text(words, day=day), stood.days)
    return told


def may_stand_still(rule: dict[str, Any]) -> bool:
    """Whether a frist under `rule` can be paused."""
    return rule["clock"] in RUNNING


def ends_at_a_moment(rule: dict[str, Any]) -> bool:
    """Whether a frist under `rule` ends at a time of day, not with a day."""
    return rule["clock"] in ("clock_minutes", "clock_hours", "open_hours") or "T" in (rule.get("given") or "")


def goes_by_a_calendar(rule: dict[str, Any]) -> bool:
    """Whether a frist under `rule` is counted in days or hours that are worked."""
    return (rule.get("before") or rule)["clock"] in ("working_days", "open_hours")


def badly_late_at(starts_at: datetime, ends: Due, paused: timedelta) -> datetime:
    """Return when three times the time that was given has passed."""
    return ends.at + 2 * (ends.at - starts_at - paused)


def lateness(due_at: datetime, badly_late_at: datetime, now: datetime) -> str:
    """Return how things stand: kraftigt, forsenad, idag, i_morgon, snart or i_tid, by the days of Stockholm."""
    if now >= due_at:
        return "kraftigt" if now > badly_late_at else "forsenad"
    days = (clock.last_day(due_at) - clock.local(now).date()).days
    if days <= 1:
        return "i_morgon" if days else "idag"
    return "snart" if days <= 7 else "i_tid"  # noqa: PLR2004 - within a week


# --- The clocks -----------------------------------------------------------------------------------------------------


MINUTES = {
    (True, False): N_("Anmält {start}. Regeln ger 1 minut, dygnet runt."),
    (False, False): N_("Anmält {start}. Regeln ger {n} minuter, dygnet runt."),
    (True, True): N_("Anmält {start}. Regeln ger 1 minut, dygnet runt. Klockan ställs om under tiden."),
    (False, True): N_("Anmält {start}. Regeln ger {n} minuter, dygnet runt. Klockan ställs om under tiden."),
}
HOURS = {
    (True, False): N_("Anmält {start}. Regeln ger 1 timme, dygnet runt."),
    (False, False): N_("Anmält {start}. Regeln ger {n} timmar, dygnet runt."),
    (True, True): N_("Anmält {start}. Regeln ger 1 timme, dygnet runt. Klockan ställs om under tiden."),
    (False, True): N_("Anmält {start}. Regeln ger {n} timmar, dygnet runt. Klockan ställs om under tiden."),
}
"""What a term of one or several is told as, and whether the clocks are changed within it."""


def _clock_minutes(rule: dict[str, Any], start: datetime, pauses: Sequence[Pause], _calendar: str) -> Explanation:
    return _by_the_clock(start, after_hours(start, timedelta(minutes=rule["fix"]), pauses), MINUTES, rule["fix"])


def _clock_hours(rule: dict[str, Any], start: datetime, pauses: Sequence[Pause], _calendar: str) -> Explanation:
    return _by_the_clock(start, after_hours(start, timedelta(hours=rule["fix"]), pauses), HOURS, rule["fix"])


def _by_the_clock(start: datetime, at: datetime, words: dict[tuple[bool, bool], str], term: int) -> Explanation:
    shifted = clock.local(start).utcoffset() != clock.local(at).utcoffset()
    said = Text(words[term == 1, shifted], start=_written(start), n=term)
    return Explanation(Due(at, clock.local(at).date()), said)


def _open_hours(rule: dict[str, Any], start: datetime, pauses: Sequence[Pause], calendar: str) -> Explanation:
    opens, closes = (time.fromisoformat(at) for at in rule["window"])
    window, length = Window(opens, closes), timedelta(hours=rule["fix"])
    hours_a_day = max(1, (datetime.combine(date.min, closes) - datetime.combine(date.min, opens)).seconds // 3600)
    known = _known(rule, start, pauses, calendar, rule["fix"] // hours_a_day + 1)
    at = after_open_hours(start, length, window, known, pauses)
    words = N_("Anmält {start}. Regeln ger {n} timmar, som räknas på arbetsdagar {opens}–{closes}.")
    if rule["fix"] == 1:
        words = N_("Anmält {start}. Regeln ger 1 timme, som räknas på arbetsdagar {opens}–{closes}.")
    said = Text(words, start=_written(start), n=rule["fix"], opens=f"{opens:%H.%M}", closes=f"{closes:%H.%M}")
    first, last = clock.local(start).date(), clock.local(at).date()
    days, number = [], 0
    for day in (first + n * ONE_DAY for n in range((last - first).days + 1)):
        number += known.is_working_day(day)
        days.append(_of_calendar(day, number if known.is_working_day(day) else None, known, last))
    return Explanation(Due(at, last), said, days)


def _working_days(rule: dict[str, Any], start: datetime, pauses: Sequence[Pause], calendar: str) -> Explanation:
    known = _known(rule, start, pauses, calendar, rule["fix"])
    counted = count_days(start, rule["fix"], pauses, calendar=known)
    words = N_("Anmält {start}. Regeln ger {n} arbetsdagar. Dagen för anmälan räknas inte.")
    if rule["fix"] == 1:
        words = N_("Anmält {start}. Regeln ger 1 arbetsdag. Dagen för anmälan räknas inte.")
    last = counted[-1].day
    days = [_paused(one) if one.pause else _of_calendar(one.day, one.number, known, last) for one in counted]
    began = ExplainedDay(clock.local(start).date(), None, N_("anmält"))
    return Explanation(_end_of(last), Text(words, start=_written(start), n=rule["fix"]), [began, *days])


def _calendar_days(rule: dict[str, Any], start: datetime, pauses: Sequence[Pause], _calendar: str) -> Explanation:
    counted = count_days(start, rule["fix"], pauses)
    words = N_("Anmält {start}. Regeln ger {n} dagar. Dagen för anmälan räknas inte.")
    if rule["fix"] == 1:
        words = N_("Anmält {start}. Regeln ger 1 dag. Dagen för anmälan räknas inte.")
    stood = [_paused(one) for one in counted if one.pause]
    return Explanation(_end_of(counted[-1].day), Text(words, start=_written(start), n=rule["fix"]), stood)


TERMS = {
    "days": N_("Började {start}. Tiden är lagstadgad, i dagar: {n}."),
    "weeks": N_("Började {start}. Tiden är lagstadgad, i veckor: {n}."),
    "months": N_("Började {start}. Tiden är lagstadgad, i månader: {n}."),
    "years": N_("Började {start}. Tiden är lagstadgad, i år: {n}."),
}


def _statutory(rule: dict[str, Any], start: datetime, _pauses: Sequence[Pause], _calendar: str) -> Explanation:
    """Count as lag 1930:173 has it: to the day with the same name or number, and on to a weekday."""
    first, term, unit = clock.local(start).date(), rule["fix"], rule["unit"]
    if unit in ("days", "weeks"):
        full = first + term * (ONE_DAY if unit == "days" else 7 * ONE_DAY)
    else:
        full = after_months(first, term * (MONTHS if unit == "years" else 1))
    last = next_weekday(full)
    days = [ExplainedDay(first, None, N_("började"))]
    free = [full + n * ONE_DAY for n in range((last - full).days)]
    days += [ExplainedDay(day, None, holidays_of(day.year).get(day) or HOLIDAY) for day in free]
    days.append(ExplainedDay(last, None, N_("tiden går ut") if last == full else N_("närmaste vardag"), last=True))
    return Explanation(_end_of(last), Text(TERMS[unit], start=_written(start), n=term), days)


def _season(rule: dict[str, Any], start: datetime, _pauses: Sequence[Pause], _calendar: str) -> Explanation:
    opens, closes = ((int(known[:2]), int(known[3:])) for known in rule["season"])
    first, last = next_season(clock.local(start).date(), opens, closes)
    words = N_("Anmält {start}. Görs under nästa säsong, som är {first}–{last}.")
    said = Text(words, start=_written(start), first=first.isoformat(), last=last.isoformat())
    return Explanation(_end_of(last), said)


def _given_date(rule: dict[str, Any], _start: datetime, _pauses: Sequence[Pause], _calendar: str) -> Explanation:
    given, source = rule["given"], rule["source"]
    words = N_("Datumet är bestämt på annat håll: {source}.") if source else N_("Datumet är bestämt på annat håll.")
    if "T" in given:
        at = datetime.fromisoformat(given)
        ends = Due(at.astimezone(UTC), clock.local(at).date())
    else:
        ends = _end_of(date.fromisoformat(given))
    return Explanation(ends, Text(words, source=source) if source else words)


Clock = Callable[[dict[str, Any], datetime, Sequence[Pause], str], Explanation]

CLOCKS: dict[str, Clock] = {
    "clock_minutes": _clock_minutes,
    "clock_hours": _clock_hours,
    "open_hours": _open_hours,
    "working_days": _working_days,
    "calendar_days": _calendar_days,
    "statutory": _statutory,
    "season": _season,
    "given_date": _given_date,
}


# --- What they share ------------------------------------------------------------------------------------------------


def _known(
    rule: dict[str, Any], start: datetime, pauses: Sequence[Pause], calendar: str, working_days: int
) -> Calendar:
    """Return what was known of a calendar when the rule was frozen, as far as the term and its pauses can reach."""
    first = clock.local(start).date()
    last = max([first, *(clock.local(pause.until).date() for pause in pauses)])
    known_at = datetime.fromisoformat(rule["frozen_at"]) if "frozen_at" in rule else start
    return read_calendar(calendar, first, last + working_days * 2 * ONE_DAY + 30 * ONE_DAY, known_at=known_at)


def _of_calendar(day: date, number: int | None, known: Calendar, last: date) -> ExplainedDay:
    told = known.told(day)
    note: str = told.name or ""
    if told.since:
        note = Text(N_("{name}, tillagd senare"), name=told.since)
    elif told.closes and number:
        note = Text(N_("{name}, till {at}"), name=told.name, at=f"{told.closes:%H.%M}")
    return ExplainedDay(day, number, note if number or note else HOLIDAY, last=day == last)


def _paused(one: CountedDay) -> ExplainedDay:
    reason = one.pause.reason if one.pause else ""
    return ExplainedDay(one.day, None, Text(N_("pausad: {reason}"), reason=reason) if reason else N_("pausad"))


def _end_of(day: date) -> Due:
    return Due(local_end_of_day(day), day)


def _written(moment: datetime) -> str:
    return clock.local(moment).strftime("%Y-%m-%d %H.%M")
