"""What applications says through the contract: its frister, what waits for whom, its part of a place's story."""
"""What applications says through the contract: its frister, whose turn it is; the rules of its moves always hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.access import Actor
from core.applications import deciding_news, waiting
from core.applications import rounds_table, told_of_rounds  # noqa: F401 - the table is a kind of document
from core.applications.limits import KINDS
from core.applications.services import (  # noqa: F401 - their rules always hold
    answering,
    asking,
    attaching,
    deciding,
    editions,
    promises_live,
)
from core.hookspecs import DeadlineKind, Event, Job, PlaceRef, Todo, hookimpl
from core.i18n import N_
"""What applications says through the contract: its frister, what waits for whom, the dates of its rounds."""


from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from core.applications import told_of_rounds
from core.applications.services import ceilings, proposing  # noqa: F401 - their guards always hold
from core.hookspecs import Dated, DeadlineKind, Todo, hookimpl
"""What applications says through the contract: its frister; and the rules of its moves, which always hold."""


from collections.abc import Collection, Iterable

from sqlalchemy import select

from core import access, db
from core.access import Actor
from core.applications import steps_news
from core.applications.limits import KINDS
from core.applications.models import Application
from core.applications.services import guards, moving  # noqa: F401 - the rules of the moves
from core.hookspecs import DeadlineKind, Todo, hookimpl
from core.upkeep.naming import About, names


@hookimpl
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """The time to answer what one is asked, for a new plan, and the inspections that were promised."""
    return KINDS


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """What waits for who is asked or promises, for who confirms a decision, and for who answers one."""
    yield from waiting.todos(actor, limit)
    yield from deciding_news.todos(actor, limit)


@hookimpl
def tryggplats_events(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    """Decisions about the place."""
    return deciding_news.events_on(place, actor, before, limit)


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Every ten minutes an inspection that has been done gives the next."""
    return [Job("applications:skotselloften", N_("Planera nästa besiktning"), 600, promises_live.plan_next)]
    """The time to assess an application."""


@names("assessment")
def _assessments_named(actor: Actor, uids: Collection[UUID]) -> Mapping[UUID, About]:
    return told_of_rounds.named(actor, uids)


    """What waits for who assesses, and for who prepares a round."""
    return told_of_rounds.todos(actor, limit)


def tryggplats_dates(actor: Actor, after: datetime, limit: int) -> Iterable[Dated]:
    """When rounds open and close, and when the committee meets."""
    return told_of_rounds.dates_after(actor, after, limit)
    """The time to complete an application."""


@names("application")
def _applications_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Application.uid, Application.title, Application.number)
    rows = rows.where(Application.uid.in_(uids), access.rule_of(Application, actor))
    found = db.session().execute(rows)
    return {row.uid: About(row.title, f"/ansokningar/{row.uid}", row.number) for row in found}


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """The next step of an application, for those whose step it is."""
    return steps_news.todos(actor, limit)
