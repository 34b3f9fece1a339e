"""What applications says through the contract: its frister, what waits for whom, dates, its part of a place's story."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core import access, db
from core.access import Actor
from core.applications import (
    deciding_news,
    documents,  # noqa: F401 - what can be asked for on paper and as tables
    rounds_table,  # noqa: F401 - a kind of document
    steps_news,
    told_of_rounds,
    waiting,
)
from core.applications.limits import KINDS
from core.applications.models import Application
from core.applications.services import (  # noqa: F401 - their rules always hold
    answering,
    asking,
    attaching,
    ceilings,
    deciding,
    editions,
    guards,
    moving,
    promises_live,
    proposing,
)
from core.hookspecs import Change, Dated, DeadlineKind, Event, Job, Todo, hookimpl
from core.i18n import N_
from core.refs import PlaceRef
from core.upkeep import demo as upkeep_demo
from core.upkeep.naming import About, names


@hookimpl
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """The time to answer, to complete, to assess, to hand in a new plan, and the inspections that were promised."""
    return KINDS


@names("application")
def _applications_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Application.uid, Application.title, Application.number)
    rows = rows.where(Application.uid.in_(uids), access.rule_of(Application, actor))
    found = db.session().execute(rows)
    return {row.uid: About(row.title, f"/ansokningar/{row.uid}", row.number) for row in found}


@names("assessment")
def _assessments_named(actor: Actor, uids: Collection[UUID]) -> Mapping[UUID, About]:
    return told_of_rounds.named(actor, uids)


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """Whose turn it is with an application, who is asked, who assesses, who confirms a decision, who answers one."""
    yield from steps_news.todos(actor, limit)
    yield from waiting.todos(actor, limit)
    yield from told_of_rounds.todos(actor, limit)
    yield from deciding_news.todos(actor, limit)


@hookimpl
def tryggplats_changes(actor: Actor, since: datetime, limit: int) -> Iterable[Change]:
    """Steps that others took with applications, and what they said of them."""
    return steps_news.changes_since(actor, since, limit)


@hookimpl
def tryggplats_dates(actor: Actor, after: datetime, limit: int) -> Iterable[Dated]:
    """When rounds open and close, and when the committee meets."""
    return told_of_rounds.dates_after(actor, after, limit)


@hookimpl
def tryggplats_events(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    """Decisions about the place."""
    return deciding_news.events_on(place, actor, before, limit)


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Every ten minutes an inspection that has been done gives the next."""
    return [Job("applications:skotselloften", N_("Planera nästa besiktning"), 600, promises_live.plan_next)]


@upkeep_demo.tells
def tell_demo(story: upkeep_demo.Story) -> None:
    """Add the applications that boards write to the demo's story."""
    from core.applications import demo

    demo.plan(story)
