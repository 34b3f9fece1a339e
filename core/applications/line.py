"""Where the money ends: an order of applications laid against what is left of each year's frame (X6, domain.md 1.3).

Pure arithmetic in whole kronor. Each year is reckoned by itself: its line (streck) stands before the first application
that asks for more than is left of it there, and everything that asks for that year's money below it is under the line.
Nothing jumps ahead: a smaller one further down does not take what a larger one before it did not get.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

Years = Mapping[int, int]
"""Kronor by budget year."""


@dataclass(frozen=True)
class Row:
    """An application in the order: what is proposed for it. One that does not `count` takes no money: it fails a gate,
    or is proposed to be refused.
    """

    key: Hashable
    proposed: Years
    counts: bool = True

    def takes(self, year: int) -> int:
        """Return what it takes of a year's money."""
        return max(self.proposed.get(year, 0), 0) if self.counts else 0


@dataclass(frozen=True)
class Placed:
    """Where a row stands: whether it fits in every year that it asks for, and what is left of each year after it.

    Below a line that is less than nothing: how much the frame lacks for all down to here.
    """

    row: Row
    fits: bool
    left: Years


@dataclass(frozen=True)
class Cut:
    """An order with its lines. `lines` says for each year whose money ends before which place (from 0) it does so;
    `above` is what those that fit take of each year.
    """

    frames: Years
    placed: Sequence[Placed]
    lines: Mapping[int, int]
    above: Years

    @property
    def remains(self) -> dict[int, int]:
        """What is left of each year when those that fit have got theirs: never less than nothing."""
        return {year: left - self.above[year] for year, left in self.frames.items()}


def cut(rows: Iterable[Row], frames: Years) -> Cut:
    """Lay an order against what is left of each year's frame; a year that only the rows know has nothing."""
    ordered = list(rows)
    years = sorted({*frames, *(year for row in ordered for year, amount in row.proposed.items() if amount)})
    known = {year: max(frames.get(year, 0), 0) for year in years}
    left, placed, lines = dict(known), list[Placed](), dict[int, int]()
    above = dict.fromkeys(years, 0)
    for place, row in enumerate(ordered):
        for year in years:
            left[year] -= row.takes(year)
            if row.takes(year) and left[year] < 0:
                lines.setdefault(year, place)
        fits = row.counts and not any(row.takes(year) and year in lines for year in years)
        if fits:
            above = {year: above[year] + row.takes(year) for year in years}
        placed.append(Placed(row, fits, dict(left)))
    return Cut(known, placed, lines, above)


def moved(keys: Sequence[Hashable], key: Hashable, to: int) -> list[Hashable]:
    """Return an order in which `key` stands at the place `to` (from 0), or as near as there is one."""
    rest = [one for one in keys if one != key]
    rest.insert(min(max(to, 0), len(rest)), key)
    return rest
