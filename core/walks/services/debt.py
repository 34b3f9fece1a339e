"""Who owes answers, and to what (X18): what was sent and is not answered, by receiver and age, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select, tuple_

from core import access, clock, db
from core.access import Actor
from core.journal import PROTECTED
from core.people.models import Organisation
from core.places.models import Place
from core.upkeep.models import Deadline
from core.upkeep.services.reports import apart, by_age
from core.walks.models import Observation
from core.walks.services.promises import TO_ANSWER
from core.walks.states import TABS

READS = "walks:observation:read"
PAGE = 50
DRAWN = 2000
"""Points that a map is given at most; the oldest go first."""


@dataclass(frozen=True)
class Page:
    """A page of what is owed, and where the next one begins."""

    rows: list[Any]
    after: tuple[datetime, int] | None


@dataclass(frozen=True)
class Owed:
    """How much one organisation owes, by age in days: up to each of AGES, and more than the last."""

    name: str
    uid: UUID
    ages: list[int]


def owed(actor: Actor) -> list[Owed]:
    """Return who owes answers, how many and how old, the most indebted first; in one query."""
    access.require(actor, READS)
    rows = _unanswered(actor).with_only_columns(Organisation.name, Organisation.uid, *by_age(Deadline.starts_at))
    rows = rows.group_by(Organisation.id, Organisation.name, Organisation.uid)
    found = [Owed(name, uid, apart(up_to)) for name, uid, *up_to in db.session().execute(rows)]
    return sorted(found, key=lambda one: (*(-count for count in reversed(one.ages)), one.name))


def list_owed(
    actor: Actor,
    *,
    receiver: UUID | None = None,
    days: int = 0,
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> Page:
    """Return what was sent more than `days` ago (to `receiver`) and is not answered, the oldest first."""
    access.require(actor, READS)
    rows = _unanswered(actor).with_only_columns(
        Observation.id,
        Observation.uid,
        Observation.number,
        Observation.kind_title,
        Observation.point,
        Place.name.label("place_name"),
        Place.uid.label("place_uid"),
        Organisation.name.label("organisation_name"),
        Deadline.starts_at,
        Deadline.due_at,
        Deadline.due_on,
        Deadline.badly_late_at,
        Deadline.paused_since,
        Deadline.reported_at,
    )
    rows = rows.outerjoin(Place, and_(Place.id == Observation.place_id, Place.level < PROTECTED))
    if receiver is not None:
        rows = rows.where(Organisation.uid == receiver)
    if days:
        rows = rows.where(Deadline.starts_at <= clock.now() - timedelta(days=days + 1))
    if after is not None:
        rows = rows.where(tuple_(Deadline.starts_at, Observation.id) > after)
    found = db.session().execute(rows.order_by(Deadline.starts_at, Observation.id).limit(limit + 1)).all()
    more, found = len(found) > limit, found[:limit]
    return Page(list(found), (found[-1].starts_at, found[-1].id) if more else None)


def _unanswered(actor: Actor) -> Select[Any]:
    """Return the query of what waits for an answer, of what the actor sees; what is protected is in no list."""
    rows = select(Observation.id).join(Deadline, TO_ANSWER)
    rows = rows.join(Organisation, Organisation.id == Observation.organisation_id)
    rows = rows.where(Deadline.state == "oppen", Observation.state.in_(TABS["att_besvara"]))
    return rows.where(Observation.level < PROTECTED, access.rule_of(Observation, actor))
