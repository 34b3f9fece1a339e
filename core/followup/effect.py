"""What a measuring shows against the one before: better, worse, or not to be told apart. Nothing here asks a database.

A difference counts only when the intervals of the two lie apart and both build on enough answers (domain.md 1.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

from core.i18n import N_

BETTER, WORSE, UNTOLD = "battre", "samre", "oklart"
VERDICTS: Mapping[str, str] = {
    BETTER: N_("Bättre"),
    WORSE: N_("Sämre"),
    UNTOLD: N_("Går inte att skilja från före"),
}
TONES = {BETTER: ("success", "done"), WORSE: ("danger", "late"), UNTOLD: ("neutral", "paused")}
"""How a verdict looks: tone and shape."""

FEWEST = 30
"""A measuring that builds on fewer says nothing by itself."""
WHOLE = 100.0
Z95 = 1.959964
"""Standard deviations of a 95 percent interval."""

FEW = N_("Mätningen bygger på färre än 30 svar.")
NO_INTERVAL = N_("Det finns ingen osäkerhet att jämföra med. Skriv antalet svar, eller lägsta och högsta värde.")
OVERLAP = N_("Osäkerheten är större än skillnaden.")
NO_VALUE = N_("Det finns inget värde från före.")
NO_WAY = N_("Målet säger inte om ett högre eller ett lägre värde är bättre.")
OTHER_UNIT = N_("Enheten är en annan än före.")

SEASONS = {"vinter": N_("Vinter"), "var": N_("Vår"), "sommar": N_("Sommar"), "host": N_("Höst")}
WINDOWS = {
    "vinter": ("12-01", "02-28"),
    "var": ("03-01", "05-31"),
    "sommar": ("06-01", "08-31"),
    "host": ("09-01", "11-30"),
}
"""First and last day of each season."""
_OF_MONTH = ("vinter", "vinter", *["var"] * 3, *["sommar"] * 3, *["host"] * 3, "vinter")


@dataclass(frozen=True)
class Measured:
    """A value with what it builds on: how many answered, and the interval that it lies in."""

    value: float | None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a measuring shows, and why, where that cannot be told."""

    key: str
    why: str = ""


def season_of(day: date) -> str:
    """Return the season of a day."""
    return _OF_MONTH[day.month - 1]


def wilson(percent: float, n: int) -> tuple[float, float]:
    """Return the 95 percent interval of a share that `n` answers gave, in percent (Wilson's, also near 0 and 100)."""
    share, squared = percent / WHOLE, Z95 * Z95
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    spread = Z95 * sqrt(share * (1 - share) / n + squared / (4 * n * n)) / (1 + squared / n)
    low, high = max(0.0, middle - spread), min(1.0, middle + spread)
    return min(low * WHOLE, percent), max(high * WHOLE, percent)


def with_interval(one: Measured) -> Measured:
    """Return a measuring with its interval: the one that was written, else that of a share with a number of answers."""
    share = one.unit in ("procent", "%") and one.value is not None and 0 <= one.value <= WHOLE
    if (one.low is not None and one.high is not None) or not share or not one.n:
        return one
    low, high = wilson(one.value or 0.0, one.n)
    return Measured(one.value, one.n, low, high, one.unit)


def verdict(before: Measured, after: Measured, target: float | None) -> Verdict:
    """Return what `after` shows against `before`; which way is better follows from the `target` of the goal."""
    if why := _untold(before, after, target):
        return Verdict(UNTOLD, why)
    first, second = with_interval(before), with_interval(after)
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return Verdict(UNTOLD, NO_INTERVAL)
    if first.low <= second.high and second.low <= first.high:
        return Verdict(UNTOLD, OVERLAP)
    upwards = (target or 0.0) > (before.value or 0.0)
    return Verdict(BETTER if (second.low > first.high) == upwards else WORSE)


def _untold(before: Measured, after: Measured, target: float | None) -> str:
    """Return why two measurings cannot be held against each other at all, if so."""
    if before.value is None or after.value is None:
        return NO_VALUE
    if before.unit != after.unit:
        return OTHER_UNIT
    if target is None or target == before.value:
        return NO_WAY
    return FEW if any(one.n is not None and one.n < FEWEST for one in (before, after)) else ""
