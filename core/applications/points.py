"""Points: what assessments say of an application, weighed by the criteria of its round (domain.md 1.2).

Pure arithmetic. A criterion gives 0 to 3 points times its weight, in all 0 to 100; a gate is met (1) or not (0). The
sum is shown rounded to a whole number, half upwards; what is put in order is put in order by the sum as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

MOST = 3
APART = 1
"""Points that two assessors may lie apart without saying something together (E8)."""

Scores = Mapping[str, int]
"""Points by the key of the criterion; what nobody has given points is left out."""


@dataclass(frozen=True)
class Judged:
    """A criterion as a round froze it."""

    key: str
    title: str
    what: str = ""
    gate: bool = False
    weight: int = 0


@dataclass(frozen=True)
class Verdict:
    """What those who count say together: the weighed sum, the gates that are not met, where they must write a note."""

    exact: Fraction
    fails: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    lacks_note: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """The weighed sum as it is shown."""
        return rounded(self.exact)


def rounded(exact: Fraction) -> int:
    """Return a sum as a whole number, half upwards."""
    return floor(exact + Fraction(1, 2))


def criteria_of(terms: Mapping[str, Any] | None) -> list[Judged]:
    """Return the criteria that the terms of a round froze, gates first."""
    rows = (terms or {}).get("criteria", ())
    return [Judged(row["key"], row["title"], row["what"], row["gate"], row["weight"]) for row in rows]


def total(criteria: Iterable[Judged], scores: Scores) -> int:
    """Return one assessor's weighed sum, of 100 as it is shown; what has no points yet counts as none."""
    return rounded(_weighed(list(criteria), [scores], {}))


def verdict(criteria: Sequence[Judged], each: Sequence[Scores], notes: Mapping[str, int | None]) -> Verdict:
    """Return what several assessors say together. `notes` are what they wrote where they lie apart, by criterion:
    the points they agreed on, or None where each stands by her own.
    """
    apart = tuple(one.key for one in criteria if _apart(one, [scores[one.key] for scores in each if one.key in scores]))
    met = {one.key: _met(one.key, each, notes) for one in criteria if one.gate}
    return Verdict(
        exact=_weighed(criteria, each, notes),
        fails=tuple(key for key, is_met in met.items() if not is_met),
        apart=apart,
        lacks_note=tuple(key for key in apart if key not in notes),
    )


def _apart(criterion: Judged, given: Sequence[int]) -> bool:
    return bool(given) and max(given) - min(given) > (0 if criterion.gate else APART)


def _met(key: str, each: Sequence[Scores], notes: Mapping[str, int | None]) -> bool:
    agreed = notes.get(key)
    return bool(agreed) if agreed is not None else all(scores.get(key) for scores in each)


def _weighed(criteria: Sequence[Judged], each: Sequence[Scores], notes: Mapping[str, int | None]) -> Fraction:
    heavy = [one for one in criteria if not one.gate]
    most = MOST * sum(one.weight for one in heavy) * len(each)
    if not most:
        return Fraction(0)
    given = 0
    for one in heavy:
        agreed = notes.get(one.key)
        points = agreed * len(each) if agreed is not None else sum(scores.get(one.key, 0) for scores in each)
        given += one.weight * points
    return Fraction(100 * given, most)
