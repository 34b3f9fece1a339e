"""What the start page says of walks: what others did since one was here, and the walks to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from core import access, journal
from core.access import Actor
from core.db import session
from core.hookspecs import Change, Dated
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.people.models import Organisation
from core.walks.models import Observation, Walk
from core.walks.states import BEFORE_ITS_END, OBSERVATION

LOGGED = "observation:log"
MOVES = {f"observation:{move.key}": OBSERVATION.states[move.target].label for move in OBSERVATION.moves}
LINES = 10
"""Acts that are read for each change that is told: several on one observation are told as the last of them."""


def changes_since(actor: Actor, since: datetime, limit: int) -> list[Change]:
    """Return what others did to observations that the actor reaches, the newest first, in one query.

    New ones are counted by walk; of one that was moved several times only where it stands now is told.
    """
    if not actor.may("walks:observation:read"):
        return []
    done = journal.by_others(actor, "observation", since)
    outing = aliased(Walk)  # the row rule speaks of the walk too
    rows = select(
        done.c.at, done.c.action, Organisation.name.label("by"), Observation.uid, Observation.number,
        Observation.kind_title, outing.uid.label("walk"), outing.title,
    )  # fmt: skip
    rows = rows.select_from(done).join(Observation, Observation.uid == done.c.subject_uid)
    rows = rows.join(outing, outing.id == Observation.walk_id)
    rows = rows.outerjoin(Organisation, Organisation.id == done.c.organisation_id)
    rows = rows.where(done.c.action.in_([LOGGED, *MOVES]), Observation.level < PROTECTED)
    rows = rows.where(access.rule_of(Observation, actor)).order_by(done.c.at.desc(), done.c.seq.desc())
    found = session().execute(rows.limit(limit * LINES)).all()
    told = sorted([*_moved(found), *_logged(actor, found)], key=lambda change: change.at, reverse=True)
    return told[:limit]


def _moved(rows: Any) -> Iterator[Change]:
    seen: set[UUID] = set()
    for row in rows:
        if row.action != LOGGED and row.uid not in seen:
            seen.add(row.uid)
            about = Text(N_("Iakttagelse {n}: {kind}"), n=row.number, kind=row.kind_title)
            yield Change(row.at, about, MOVES[row.action], f"/iakttagelser/{row.uid}", row.by or "")


def _logged(actor: Actor, rows: Any) -> Iterator[Change]:
    of_walk: dict[UUID, list[Any]] = {}
    for row in rows:
        if row.action == LOGGED:
            of_walk.setdefault(row.walk, []).append(row)
    for walk, news in of_walk.items():
        link = f"/vandringar/{walk}" if actor.may("walks:walk:read") else f"/iakttagelser/{news[0].uid}"
        yield Change(news[0].at, news[0].title, Text(N_("Nya iakttagelser: {n}"), n=len(news)), link, news[0].by or "")


def dates_after(actor: Actor, after: datetime, limit: int) -> Iterator[Dated]:
    """Yield the walks to come that the actor reaches, the next first."""
    if not actor.may("walks:walk:read"):
        return
    rows = select(Walk.uid, Walk.title, Walk.planned_at, Walk.level).where(access.rule_of(Walk, actor))
    rows = rows.where(Walk.planned_at > after, Walk.state.in_(BEFORE_ITS_END), Walk.level < PROTECTED)
    for walk in session().execute(rows.order_by(Walk.planned_at, Walk.id).limit(limit)):
        yield Dated(walk.planned_at, walk.title, f"/vandringar/{walk.uid}", walk.level)
