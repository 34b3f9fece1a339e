"""Small counts: below five is "färre än 5" to everybody but those who counted (design.md 9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.i18n import N_

FEW = 5
FEWER = N_("färre än 5")
UNTOLD = N_("visas inte")
"""Said of a sum from which a small count could be reckoned."""

Told = int | str | None
"""A count as it is told: a number, FEWER or UNTOLD, nothing where nobody counted."""


def told(count: int | None, *, own: bool) -> Told:
    """Return a count as it is told to somebody; to one's own organisation as it is."""
    return FEWER if count and not own and 0 < count < FEW else count


def told_with_sum(counts: Sequence[int], *, own: bool) -> tuple[list[Told], Told]:
    """Return counts and their sum as they are told: no small one can be reckoned from the sum and the others."""
    shown = [told(count, own=own) for count in counts]
    hidden = [count for count, said in zip(counts, shown, strict=True) if isinstance(said, str)]
    whole = sum(counts)
    if len(hidden) == 1 or (hidden and sum(hidden) < FEW):
        return shown, told(whole, own=own) if len(counts) == 1 else UNTOLD
    return shown, told(whole, own=own)


def numbers(counts: Iterable[Told]) -> list[int | None]:
    """Return what a program reads: nothing for what is not told."""
    return [None if isinstance(count, str) else count for count in counts]
