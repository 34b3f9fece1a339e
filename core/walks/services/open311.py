"""What apps and other cities' systems ask and send by GeoReport v2: reports in, and what may be known of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from core import access, clock, db
from core.access import Actor
from core.people import tries
from core.walks.kinds import open_kinds
from core.walks.models import OPEN311, Observation, ObservationEvent, Report
from core.walks.services.placing import Position
from core.walks.services.reports_in import PUBLIC, Told, take_in
from core.walks.states import LEFT_OUT, LOG, OBSERVATION

SENT_AT_MOST = 300
"""Reports that one key may send in fifteen minutes."""
MOST, DAYS = 1000, timedelta(days=90)
"""Requests that are told at once, and how far back without other days (GeoReport v2)."""
OWN_AT_MOST = 1
"""Level of what a key is told of what it has sent itself: what has become restricted since is told to no app."""
UNREVIEWED = (OBSERVATION.start, *LEFT_OUT)
"""States in which nobody in the city has read a report and let it stand."""
CLOSED = ("atgardad", *(key for key, state in OBSERVATION.states.items() if state.closed))
"""States in which a request is closed; in all others it is open."""


@dataclass(frozen=True)
class Asked:
    """Which requests are asked for: by id, or by kind, days and status."""

    uids: Collection[UUID] | None = None
    kinds: Collection[str] = ()
    start: datetime | None = None
    end: datetime | None = None
    statuses: Collection[str] = ()


@dataclass(frozen=True)
class Known:
    """An observation as a request: the report that it began as, if it did, and when anything last happened to it."""

    observation: Observation
    report: Report | None
    updated_at: datetime


def take_turn(actor: Actor) -> None:
    """Count that a key sends something, before any other statement; TooManyTries when it has sent too much."""
    access.require(actor, LOG)
    tries.take({f"open311 {actor.uid}": SENT_AT_MOST})


def send_report(
    actor: Actor,
    *,
    kind: str,
    details: Mapping[str, Any],
    position: Position | None,
    address: str,
    description: str,
) -> Observation:
    """Let what an app sends become an observation where its key works. Raises Denied, Invalid, GeometryRefused."""
    access.require(actor, LOG)
    told = Told(source=OPEN311, address=address, reported_at=clock.now())
    return take_in(
        actor, uid=db.new_uid(), told=told, kind=kind, details=details, position=position, description=description
    )


def known_requests(actor: Actor, asked: Asked) -> list[Known]:
    """Return what may be told to the asker, the latest first: what is public, and what her own key has sent.

    Public is what is of level 0, of a kind that the city's data names, and read by somebody in the city.
    """
    at = func.max(ObservationEvent.at)
    updated = (
        select(at).where(ObservationEvent.observation_id == Observation.id).correlate(Observation).scalar_subquery()
    )
    rows = select(Observation, Report, updated).outerjoin(Report, Report.observation_id == Observation.id)
    rows = rows.options(joinedload(Observation.organisation)).where(_may_be_told(actor), *_meets(asked))
    found = db.session().execute(rows.order_by(Observation.seen_at.desc(), Observation.id.desc()).limit(MOST))
    return [Known(row, report, changed or row.received_at) for row, report, changed in found]


def _may_be_told(actor: Actor) -> ColumnElement[bool]:
    own = and_(Report.source == OPEN311, Observation.reporter_id == actor.id) if actor.id is not None else false()
    read_here = and_(Observation.state.not_in(UNREVIEWED), Report.closed_at.is_(None))  # not closed by its register
    public = and_(Observation.level == PUBLIC, Observation.kind.in_(open_kinds()), read_here)
    return or_(public, and_(own, Observation.level <= OWN_AT_MOST))


def _meets(asked: Asked) -> list[ColumnElement[bool]]:
    """Return the conditions of what is asked for; ids go before all else, as the standard says."""
    if asked.uids is not None:
        return [Observation.uid.in_(asked.uids)]
    end = asked.end or clock.now()
    start = asked.start or end - DAYS
    conditions: list[ColumnElement[bool]] = [Observation.seen_at >= start, Observation.seen_at <= end]
    if asked.kinds:
        conditions.append(Observation.kind.in_(asked.kinds))
    if len(set(asked.statuses)) == 1:
        closed = Observation.state.in_(CLOSED)
        conditions.append(closed if "closed" in asked.statuses else ~closed)
    return conditions
