"""Which letters an address has got, told by the uids that its days have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from core import letters


def first_this_week(to: str, day: date) -> bool:
    """Whether a letter of `day` would be the first of its week to an address."""
    return not letters.written(_earlier(to, day))


def with_letters_this_week(addresses: Iterable[str], day: date) -> frozenset[str]:
    """Return those of the addresses that have got a letter earlier in the week of `day`."""
    known = {uid: to for to in set(addresses) for uid in _earlier(to, day)}
    return frozenset(known[uid] for uid in letters.written(known))


def _earlier(to: str, day: date) -> list[UUID]:
    return [letters.daily(to, day - timedelta(days=back)) for back in range(1, day.weekday() + 1)]
