"""What Att göra and the dates to keep say of rounds and assessing. Of points nothing stands here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, not_, select
from sqlalchemy.orm import joinedload

from core import access, clock
from core.access import Actor
from core.applications.models import ASSESSED, ASSESSORS, ASSIGN, EDIT, READ, Application, Assessment, Round, aside_from
from core.applications.services import assessing
from core.applications.services.rounds import SEE
from core.applications.services.rounds import last_day as closes_on
from core.db import session
from core.hookspecs import Dated, Todo
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.upkeep.naming import About


def named(actor: Actor, uids: Collection[UUID]) -> Mapping[UUID, About]:
    """Name assessments by their application, for those who read it, and nothing else of them."""
    rows = select(Assessment.uid, Application.uid.label("application"), Application.title, Application.number)
    rows = rows.join(Application, Application.id == Assessment.application_id)
    rows = rows.where(Assessment.uid.in_(uids), access.rule_of(Application, actor, READ))
    return {
        row.uid: About(row.title, f"/ansokningar/{row.application}/bedomning", row.number)
        for row in session().execute(rows)
    }


def todos(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield the assessments that wait for the actor, and what of a round waits for who prepares it."""
    if not actor.may("upkeep:deadline:close"):  # who closes frister reads of it there
        for one in assessing.waiting_for(actor, limit):
            late = one.due_on is not None and one.due_on < clock.today()
            yield Todo(
                key=f"applications:bedom:{one.assessment}",
                title=N_("Bedöm ansökan"),
                link=f"/ansokningar/{one.application}/bedomning",
                context=one.number,
                detail=one.title,
                due_at=clock.first_moment(one.due_on) if one.due_on is not None else None,
                latest=one.due_on.isoformat() if one.due_on is not None else "",
                tone="danger" if late else "plain",
                shape="late" if late else "open",
                state=N_("Försenat") if late else "",
                level=one.level,
            )
    yield from _to_assign(actor, limit)
    yield from _rounds(actor, limit)


def _to_assign(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield the applications that lack one who assesses, and those whose assessors are ready; none of one's jäv."""
    if not (actor.may(ASSIGN) and actor.may(ASSESSED)):
        return
    counts = select(
        Assessment.application_id,
        func.count().filter(Assessment.state.in_(assessing.COUNT)).label("asked"),
        func.count().filter(Assessment.state == "inlamnad").label("ready"),
    )
    counted = counts.group_by(Assessment.application_id).subquery()
    asked, ready = func.coalesce(counted.c.asked, 0), func.coalesce(counted.c.ready, 0)
    rows = select(Application, asked.label("asked")).outerjoin(counted, counted.c.application_id == Application.id)
    rows = rows.where(Application.state == assessing.ASSESSED_IN, access.rule_of(Application, actor, ASSIGN))
    rows = rows.where(not_(aside_from(actor.id)))
    rows = rows.where((asked < ASSESSORS) | (ready >= ASSESSORS)).order_by(Application.id).limit(limit)
    for application, count in session().execute(rows):
        yield Todo(
            key=f"applications:bered:{application.uid}",
            title=N_("Utse två som bedömer") if count < ASSESSORS else N_("Skriv förslag till beslut"),
            link=f"/ansokningar/{application.uid}/bedomningar",
            context=application.number,
            detail=application.title,
            level=application.level,
        )


def _rounds(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield the rounds that have closed and wait to be prepared, and those whose time to open has come."""
    if not actor.may(EDIT):
        return
    now = clock.now()
    rows = select(Round).options(joinedload(Round.programme)).where(access.rule_of(Round, actor))
    waits = ((Round.state == "oppnad") & (Round.closes_at <= now)) | (
        (Round.state == "planerad") & (Round.opens_at <= now)
    )
    for row in session().scalars(rows.where(waits).order_by(Round.closes_at, Round.id).limit(limit)):
        yield Todo(
            key=f"applications:omgang:{row.uid}",
            title=N_("Öppna omgången") if row.state == "planerad" else N_("Börja bereda omgången"),
            link=f"/omgangar/{row.uid}",
            context=called(row),
            level=row.level,
        )


def called(row: Round) -> str:
    """Return what a round is called, with its programme."""
    told = N_("{programme}, omgång {number} {year}")
    return Text(told, programme=row.programme.name, number=row.number, year=str(row.year))


LEAST = timedelta(microseconds=1)
"""What closes at midnight closes on the day before."""


def dates_after(actor: Actor, after: datetime, limit: int) -> Iterator[Dated]:
    """Yield when rounds open and close, and when the committee meets, the next first."""
    if not actor.may(SEE):
        return
    rows = select(Round).options(joinedload(Round.programme)).where(access.rule_of(Round, actor))
    rows = rows.where(Round.state != "installd", Round.level < PROTECTED)
    meets = clock.local(after).date()
    ahead = (Round.closes_at > after) | (Round.meets_on >= meets)
    found: list[Dated] = []
    for row in session().scalars(rows.where(ahead).order_by(Round.closes_at, Round.id).limit(limit)):
        link, name = f"/omgangar/{row.uid}", called(row)
        if row.opens_at > after:
            found.append(Dated(row.opens_at, Text(N_("Öppnar: {round}"), round=name), link, row.level))
        if row.closes_at > after:
            told = Text(N_("Sista ansökningsdag {day}: {round}"), day=closes_on(row), round=name)
            found.append(Dated(row.closes_at - LEAST, told, link, row.level))
        if row.meets_on is not None and clock.first_moment(row.meets_on) > after:
            told = Text(N_("Sammanträde: {round}"), round=name)
            found.append(Dated(clock.first_moment(row.meets_on), told, link, row.level))
    yield from sorted(found, key=lambda one: one.at)[:limit]
