"""What duties says through the contract: its frister, what waits for whom, its jobs, its part of the demo."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import access, clock
from core.access import Actor
from core.db import session
from core.duties import documents, goals_in  # noqa: F401 - registers what can be asked for, and read in
from core.duties.law import LACKING, LATE, MET, STANDINGS
from core.duties.limits import KINDS
from core.duties.models import ActionPlan, CityReport, Coordinator, IlsReport, PlanMeasure
from core.duties.models.coordination import EDIT, READ
from core.duties.services import clocks, compliance, coordination, ils
from core.hookspecs import Dated, DeadlineKind, Job, Todo, hookimpl
from core.i18n import N_, Text
from core.people import services as people
from core.upkeep import demo as upkeep_demo
from core.upkeep.calendar import local_end_of_day
from core.upkeep.naming import About, names


@hookimpl
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """Two years for lägesbild and plan, a day for each measure, and the yearly wheel of ILS."""
    return KINDS


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Once a day whoever answers is warned of what runs out."""
    title = N_("Påminn om lägesbild och åtgärdsplan som snart går ut")
    return [Job("duties:varna", title, 86_400, clocks.warn_of_what_runs_out)]


@names("city_report")
def _reports_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    return _named(actor, CityReport, uids, "/lagkrav/lagesbilder/")


@names("action_plan")
def _plans_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    return _named(actor, ActionPlan, uids, "/lagkrav/atgardsplaner/")


def _named(actor: Actor, model: Any, uids: Collection[UUID], page: str) -> dict[UUID, About]:
    rows = select(model).where(model.uid.in_(uids), access.rule_of(model, actor))
    return {row.uid: About(row.title, f"{page}{row.uid}", row.number) for row in session().scalars(rows)}


@names("plan_measure")
def _measures_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(PlanMeasure.uid, PlanMeasure.text).where(PlanMeasure.uid.in_(uids))
    found = session().execute(rows.where(access.rule_of(PlanMeasure, actor)))
    return {row.uid: About(row.text, f"/lagkrav/atgarder/{row.uid}") for row in found}


@names("ils_report")
def _ils_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(IlsReport.uid, IlsReport.period, IlsReport.year).where(IlsReport.uid.in_(uids))
    found = session().execute(rows.where(access.rule_of(IlsReport, actor)))
    words = N_("ILS {period} {year}")
    return {row.uid: About(Text(words, period=row.period, year=row.year), f"/ils/{row.uid}") for row in found}


@people.follows(N_("Samordnare"))
def _coordinators(organisations: frozenset[int]) -> int:
    """How many samordnare end with organisations that are merged: whoever carries on appoints anew."""
    rows = select(func.count()).select_from(Coordinator).where(Coordinator.organisation_id.in_(organisations))
    return session().scalar(rows.where(Coordinator.valid_to.is_(None))) or 0


# --- What waits ---------------------------------------------------------------------------------------------------


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """A samordnare to appoint, a tertial to hand in, and for the city what the law asks for and is not met."""
    for board in coordination.lacking_of(actor, limit) if actor.may(READ) else ():
        yield Todo(
            key=f"duties:samordnare:{board.uid}",
            title=N_("Utse en samordnare"),
            link="/lagkrav/samordnare",
            context=board.name,
            tone="warning",
            shape="missing",
            state=STANDINGS[LACKING],
            level=1,
        )
    yield from _tertials(actor, limit)
    if actor.may(EDIT):
        yield from _of_the_law(actor)


def _tertials(actor: Actor, limit: int) -> Iterable[Todo]:
    """Yield the tertials to hand in, to those who are not told of them by their frister."""
    if actor.may("upkeep:deadline:close"):
        return
    for row in ils.waiting_for(actor, limit):
        late = row.due_on < clock.today()
        yield Todo(
            key=f"duties:ils:{row.uid}",
            title=N_("Lämna uppföljningen i ILS"),
            link=f"/ils/{row.uid}",
            context=row.organisation.name,
            detail=Text(N_("{period} {year}"), period=row.period, year=row.year),
            due_at=local_end_of_day(row.due_on),
            latest=row.due_on.isoformat(),
            tone="danger" if late else "info",
            shape="late" if late else "open",
            state=STANDINGS[LATE] if late else N_("Öppen"),
            level=1,
        )


def _of_the_law(actor: Actor) -> Iterable[Todo]:
    """Yield each duty that is late or lacking, and what runs out within nine months."""
    for one in compliance.statement(actor):
        if one.state != MET:
            late = one.state == LATE
            yield Todo(
                key=f"duties:lag:{one.key}",
                title=one.duty.title,
                link=one.link,
                detail=one.told,
                due_at=local_end_of_day(one.until) if late and one.until else None,
                latest=one.until.isoformat() if one.until else "",
                state=STANDINGS[one.state],
                tone="danger" if late else "warning",
                shape="late" if late else "missing",
                level=1,
            )
    for row, left in clocks.running_out(actor):
        if row.valid_until is not None and row.valid_until >= clock.today():
            page = "lagesbilder" if isinstance(row, CityReport) else "atgardsplaner"
            yield Todo(
                key=f"duties:snart:{row.uid}",
                title=Text(N_("Uppdatera: {title}"), title=row.title),
                link=f"/lagkrav/{page}/{row.uid}",
                detail=Text(N_("Mindre än {n} månader kvar"), n=left),
                due_at=local_end_of_day(row.valid_until),
                latest=row.valid_until.isoformat(),
                tone="warning",
                shape="soon",
                state=N_("Går snart ut"),
                level=1,
            )


@hookimpl
def tryggplats_dates(actor: Actor, after: datetime, limit: int) -> Iterable[Dated]:
    """The last days of the lägesbild and the plan, for those who write them."""
    if not actor.may(EDIT):
        return
    for row, _ in clocks.running_out(actor)[:limit]:
        if row.valid_until is not None and clocks.at(row.valid_until) > after:
            page = "lagesbilder" if isinstance(row, CityReport) else "atgardsplaner"
            words = N_("Sista dag: {title}")
            yield Dated(clocks.at(row.valid_until), Text(words, title=row.title), f"/lagkrav/{page}/{row.uid}")


@upkeep_demo.tells
def tell_demo(story: upkeep_demo.Story) -> None:
    """Tell how the demo city stands with the law, and what boards report in ILS, once its cycles are there to link."""
    from core.duties.demo import fill

    story.add(clock.now(), fill)
