"""How the frister of each organisation stand when a week begins: a few questions to the database for all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, select

from core import clock, db
from core.people.models import Organisation
from core.upkeep.letter_text import OPEN_LEVEL, Overview
from core.upkeep.models import Deadline
from core.upkeep.services.reminders import running

WEEK = timedelta(days=7)
MOST = 5
"""Organisations that are named as those where most is stuck."""


def overviews(day: date, heirs: Mapping[int, int]) -> dict[int, Overview]:
    """Return how it stands with every organisation on `day`, by key; `heirs` says who carries on for whom."""
    found: dict[int, Overview] = defaultdict(Overview)
    for row in db.session().execute(_open(day)):
        told = found[heirs[row.organisation_id]]
        told.open += row.open
        told.late += row.late
        told.badly += row.badly
        told.soon += row.soon
        told.begun += row.begun
    for key, met in db.session().execute(_met()):
        found[heirs[key]].met += met
    names: dict[int, str] = dict(db.session().execute(select(Organisation.id, Organisation.name)).all())
    stuck: dict[int, Counter[str]] = defaultdict(Counter)
    for row in db.session().execute(_stuck()):
        if heirs[row.coordinator_id] != heirs[row.organisation_id]:
            stuck[heirs[row.coordinator_id]][names[heirs[row.organisation_id]]] += row.late
    for key, counts in stuck.items():
        found[key].stuck = counts.most_common(MOST)
    return dict(found)


def _open(day: date) -> Any:
    now = clock.now()

    def many(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    counted = select(
        Deadline.organisation_id,
        func.count().label("open"),
        many(Deadline.is_late(now)).label("late"),
        many(Deadline.badly_late_at <= now).label("badly"),
        many(Deadline.due_on.between(day, day + WEEK - timedelta(days=1))).label("soon"),
        many(Deadline.starts_at > now - WEEK).label("begun"),
    )
    counted = counted.where(running(), Deadline.level <= OPEN_LEVEL, Deadline.organisation_id.is_not(None))
    return counted.group_by(Deadline.organisation_id)


def _met() -> Any:
    met = select(Deadline.organisation_id, func.count()).where(Deadline.met_at > clock.now() - WEEK)
    met = met.where(Deadline.state == "klar", Deadline.level <= OPEN_LEVEL, Deadline.organisation_id.is_not(None))
    return met.group_by(Deadline.organisation_id)


def _stuck() -> Any:
    late = select(Deadline.coordinator_id, Deadline.organisation_id, func.count().label("late"))
    late = late.where(running(), Deadline.is_late(clock.now()), Deadline.level <= OPEN_LEVEL)
    late = late.where(Deadline.coordinator_id.is_not(None), Deadline.organisation_id.is_not(None))
    return late.group_by(Deadline.coordinator_id, Deadline.organisation_id)
