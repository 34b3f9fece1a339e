"""What being late costs (domain.md 10.6): started units, and the caps of a month and of the whole contract. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

UNITS = {"timme": timedelta(hours=1), "dygn": timedelta(days=1)}


@dataclass(frozen=True)
class Sum:
    """A penalty in kronor: how many started units, what they come to, and what the caps leave of that."""

    count: int
    possible: int
    amount: int


def started(late: timedelta, per: str) -> int:
    """Return how many units of lateness have begun: a minute over a day is the second; an occasion is always one."""
    if late <= timedelta():
        return 0
    return -(-late // UNITS[per]) if per in UNITS else 1


def penalty(late: timedelta, per: str, amount: int, *, month_left: int | None, contract_left: int | None) -> Sum:
    """Return what so much lateness costs; `month_left` and `contract_left` are kronor under the caps, None without."""
    count = started(late, per)
    possible = count * amount
    left = [one for one in (month_left, contract_left) if one is not None]
    return Sum(count, possible, max(0, min([possible, *left])))
