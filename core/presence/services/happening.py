"""What happens on the places, day by day or by the month: what is arranged, and who is promised to be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from core import access, db
from core.access import Actor
from core.presence.bands import DAY, PRESENCE, kinds_of
from core.presence.models import Activation, PatrolRequest, PresencePlan
from core.presence.models import activations as of_activations
from core.presence.models import patrols as of_patrols
from core.presence.models import plans as of_plans
from core.presence.services.activations import standing_of
from core.presence.services.choosing import falls_on
from core.presence.services.patrols import where_named
from core.presence.states import CANCELLED, HOLDING, PATROL
from core.upkeep.counting import after_months
from core.upkeep.period import Period

MOST = 300
"""Things of a kind on one page."""


@dataclass(frozen=True)
class Happening:
    """Something that happens on a place: from which time to which, and where its page is."""

    sort: str
    title: str
    where: str
    who: str
    first: date
    last: date | None
    link: str
    opens: str = ""
    closes: str = ""
    weekdays: Sequence[str] = ()
    state: Any = None

    def is_on(self, day: date) -> bool:
        """Whether it happens on a day."""
        return self.first <= day and (self.last is None or day <= self.last) and falls_on(day, self.weekdays)


def week_of(day: date) -> Period:
    """Return the week, from Monday, that a day lies in."""
    first = day - day.weekday() * DAY
    return Period(first, first + 6 * DAY)


def month_of(day: date) -> Period:
    """Return the month that a day lies in."""
    first = day.replace(day=1)
    return Period(first, after_months(first, 1) - DAY)


def happenings(actor: Actor, period: Period) -> list[Happening]:
    """Return what happens in a period on places that the actor reaches, what begins first at the top."""
    found = [*_arranged(actor, period), *_present(actor, period), *_patrols(actor, period)]
    return sorted(found, key=lambda one: (max(one.first, period.first), one.opens, one.title))


def by_day(found: list[Happening], period: Period) -> Iterator[tuple[date, list[Happening]]]:
    """Yield each day of a period with what happens on it, by the clock."""
    day = period.first
    while day <= period.last:
        yield day, sorted((one for one in found if one.is_on(day)), key=lambda one: (one.opens, one.title))
        day += DAY


def _arranged(actor: Actor, period: Period) -> Iterator[Happening]:
    if not actor.may(of_activations.READ):
        return
    rows = select(Activation).options(joinedload(Activation.place), joinedload(Activation.organisation))
    rows = rows.options(joinedload(Activation.host)).where(access.rule_of(Activation, actor))
    rows = rows.where(Activation.starts_on <= period.last, Activation.ends_on >= period.first)
    for row in db.session().scalars(rows.where(Activation.state != CANCELLED).order_by(Activation.id).limit(MOST)):
        who = row.host.name if row.host else row.organisation.name
        days, link, state = (row.starts_on, row.ends_on), f"/aktivering/{row.uid}", standing_of(row)
        yield Happening(
            "aktivering", row.title, row.place.name, who, *days, link, row.opens, row.closes, row.weekdays, state
        )


def _present(actor: Actor, period: Period) -> Iterator[Happening]:
    if not actor.may(of_plans.READ):
        return
    parts = (PresencePlan.place, PresencePlan.area, PresencePlan.organisation, PresencePlan.done_by)
    rows = select(PresencePlan).options(*(joinedload(part) for part in parts))
    rows = rows.where(access.rule_of(PresencePlan, actor), PresencePlan.valid_from <= period.last)
    rows = rows.where(or_(PresencePlan.valid_to.is_(None), PresencePlan.valid_to >= period.first))
    kinds = kinds_of(PRESENCE)
    for row in db.session().scalars(rows.order_by(PresencePlan.id).limit(MOST)):
        title, who = kinds.get(row.kind, row.kind), (row.done_by or row.organisation).name
        days, link = (row.valid_from, row.valid_to), f"/narvaro/{row.uid}"
        yield Happening("narvaro", title, where_named(row), who, *days, link, row.begins, row.ends, row.weekdays)


def _patrols(actor: Actor, period: Period) -> Iterator[Happening]:
    if not actor.may(of_patrols.READ):
        return
    parts = (PatrolRequest.place, PatrolRequest.area, PatrolRequest.organisation, PatrolRequest.executor)
    rows = select(PatrolRequest).options(*(joinedload(part) for part in parts))
    rows = rows.where(access.rule_of(PatrolRequest, actor), PatrolRequest.state.in_((*HOLDING, "genomford")))
    rows = rows.where(PatrolRequest.starts_on <= period.last, PatrolRequest.ends_on >= period.first)
    for row in db.session().scalars(rows.order_by(PatrolRequest.id).limit(MOST)):
        who, state = (row.executor or row.organisation).name, PATROL.states[row.state]
        days, where, link = (row.starts_on, row.ends_on), where_named(row), f"/ordningsvakter/{row.uid}"
        yield Happening(
            "ordningsvakter", row.number, where, who, *days, link, row.begins, row.ends, row.weekdays, state
        )
