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
from core.hookspecs import Change, Dated, Todo
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.people.models import Organisation
from core.walks import services
from core.walks.models import Observation, Walk
from core.walks.states import BEFORE_ITS_END, HAPPENED, OBSERVATION, WALK, WITHOUT_WALK

LOGGED = "observation:log"
MOVES = {f"observation:{move.key}": HAPPENED[move.key] for move in OBSERVATION.moves}
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
    rows = rows.outerjoin(outing, outing.id == Observation.walk_id)
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
    of_walk: dict[UUID | None, list[Any]] = {}
    for row in rows:
        if row.action == LOGGED:
            of_walk.setdefault(row.walk, []).append(row)
    for walk, news in of_walk.items():
        link = f"/vandringar/{walk}" if walk and actor.may("walks:walk:read") else f"/iakttagelser/{news[0].uid}"
        yield Change(
            news[0].at,
            news[0].title or WITHOUT_WALK,
            Text(N_("Nya iakttagelser: {n}"), n=len(news)),
            link,
            news[0].by or "",
        )


def todos_after(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield what waits for the actor after walks: to answer, to adjust, to confirm; each asked in a few queries."""
    yield from _to_answer(actor, limit)
    for walk in services.to_adjust(actor):
        state = WALK.states[walk.state]
        yield Todo(
            key=f"adjust:{walk.uid}",
            title=N_("Justera protokollet"),
            link=f"/vandringar/{walk.uid}/protokoll",
            context="" if walk.level >= PROTECTED else walk.title,
            tone=state.tone,
            shape=state.shape,
            state=state.label,
            level=min(walk.level, PROTECTED - 1),
        )
    state = OBSERVATION.states["atgardad"]
    for row in services.to_confirm(actor):
        about = Text(N_("Iakttagelse {n}: {kind}"), n=row.number, kind=row.kind_title)
        yield Todo(
            key=f"confirm:{row.uid}",
            title=N_("Bekräfta att det är åtgärdat"),
            link=f"/iakttagelser/{row.uid}",
            context=row.place.name if row.place else "",
            detail=about,
            tone=state.tone,
            shape=state.shape,
            state=state.label,
            level=row.level,
        )


def _to_answer(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield what stands in the inbox of those who close no frister, to whom upkeep therefore tells nothing."""
    if not actor.may(services.ANSWERS) or actor.may("upkeep:deadline:close"):
        return
    for row in services.list_inbox(actor, limit=limit).rows:
        danger, state = row.is_danger, OBSERVATION.states[row.state]
        shown = row.level < PROTECTED
        yield Todo(
            key=f"answer:{row.uid}",
            title=N_("Svara på iakttagelse"),
            link=f"/inkorg?oppen={row.uid}#svar",
            context=(row.place_name or "") if shown else "",
            detail=Text(N_("Iakttagelse {n}: {kind}"), n=row.number, kind=row.kind_title) if shown else "",
            due_at=row.due_at if row.due_on else None,
            latest=row.due_on.isoformat() if row.due_on else "",
            tone="danger" if danger else state.tone,
            shape="late" if danger else state.shape,
            state=N_("Fara") if danger else state.label,
            before=danger,
            level=min(row.level, PROTECTED - 1),
        )


def dates_after(actor: Actor, after: datetime, limit: int) -> Iterator[Dated]:
    """Yield the walks to come that the actor reaches, the next first."""
    if not actor.may("walks:walk:read"):
        return
    rows = select(Walk.uid, Walk.title, Walk.planned_at, Walk.level).where(access.rule_of(Walk, actor))
    rows = rows.where(Walk.planned_at > after, Walk.state.in_(BEFORE_ITS_END), Walk.level < PROTECTED)
    for walk in session().execute(rows.order_by(Walk.planned_at, Walk.id).limit(limit)):
        yield Dated(walk.planned_at, walk.title, f"/vandringar/{walk.uid}", walk.level)
