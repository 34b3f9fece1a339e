"""How often somebody may try to guess: tries are counted in a table, per account, address or whatever else is tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import case, update

from core import access, clock, db
from core.people.models import Throttle

WINDOW = timedelta(minutes=15)


def take(most: Mapping[str, int]) -> None:
    """Count a try under each key, whatever becomes of this transaction; TooManyTries where there are as many."""
    with db.beforehand():
        for key, number in most.items():
            _take_one(key, number)


def give_back(most: Iterable[str]) -> None:
    """Take back what was counted: it was right."""
    for key in most:
        db.session().execute(update(Throttle).where(Throttle.key == key).values(count=Throttle.count - 1))


def _take_one(key: str, most: int) -> None:
    """Count a try in the present window, which begins with its first; TooManyTries when it has `most` already.

    One statement, so that nobody reads the count between another's reading and writing.
    """
    now = clock.now()
    over = Throttle.started_at <= now - WINDOW
    counted = db.insert(Throttle).values(key=key, started_at=now, count=1)
    counted = counted.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "started_at": case((over, now), else_=Throttle.started_at),
            "count": case((over, 1), else_=Throttle.count + 1),
        },
        where=over | (Throttle.count < most),
    )
    if db.session().scalar(counted.returning(Throttle.id)) is None:
        raise access.TooManyTries
