"""Counts that leave their group: below five is "färre än 5", and no other count lets it be worked out (design.md 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FEWEST = 5


@dataclass(frozen=True)
class Counted:
    """Counts as they may be shown: None is fewer than five, or kept back for the sake of one that is."""

    cells: Mapping[str, int | None]
    total: int | None
    kept_back: frozenset[str]
    """Those that are not few themselves: shown, they would tell the one that is."""


def shown(counts: Mapping[str, int]) -> Counted:
    """Return counts with the few ones hidden. Nothing is nothing: what nobody has told of is 0.

    One that is hidden alone could be worked out from the total: then the least of the others is hidden too, and where
    there is no other, the total. The total is hidden too where what it leaves to the hidden ones can be shared between
    them in one way only, such as 2 between two that are at least 1 each.
    """
    few = {key for key, count in counts.items() if 0 < count < FEWEST}
    rest = sorted((count, key) for key, count in counts.items() if count >= FEWEST)
    back: set[str] = set()
    if len(few) == 1 and rest:
        back.add(rest[0][1])
    hidden = few | back
    total, left = sum(counts.values()), sum(counts[key] for key in hidden)
    least, most = len(few) + FEWEST * len(back), (FEWEST - 1) * len(few)
    tells = len(hidden) == 1 or 0 < total < FEWEST or (bool(hidden) and left in (least, most))
    cells = {key: None if key in hidden else count for key, count in counts.items()}
    return Counted(cells, None if tells else total, frozenset(back))
