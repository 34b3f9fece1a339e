"""What cooperation says through the contract: its frister, what waits for whom, its part of a place's page.

What is sealed is in none of it: here is only who has handed in, and when.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import select

from core import access
from core.access import Actor
from core.cooperation.limits import KINDS
from core.cooperation.models import Cycle, SituationReport
from core.cooperation.services import cycles_at, open_when_time_is_out
from core.cooperation.states import CYCLE
from core.db import session
from core.hookspecs import DeadlineKind, Job, Section, Subject, hookimpl
from core.i18n import N_, Text
from core.upkeep import demo as upkeep_demo
from core.upkeep.naming import About, names


@hookimpl
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """The time to hand in an own picture."""
    return KINDS


@names("situation_report")
def _pictures_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    """Name own pictures by their cycle, nothing else."""
    rows = select(SituationReport.uid, Cycle.title, Cycle.number).join(Cycle, Cycle.id == SituationReport.cycle_id)
    rows = rows.where(SituationReport.uid.in_(uids), access.rule_of(Cycle, actor))
    called = N_("Egen lägesbild: {title}")
    return {
        row.uid: About(Text(called, title=row.title), f"/lagesbilder/{row.uid}", row.number)
        for row in session().execute(rows)
    }


@hookimpl
def tryggplats_sections(page: str, subject: Subject, actor: Actor) -> Iterable[Section]:
    """On a place the cycles about it."""
    if page == "place" and actor.may("cooperation:cycle:read"):
        found = cycles_at(actor, subject.uid)
        shown = {"cycles": [(one, CYCLE.states[one.state]) for one in found]}
        if found:
            yield Section("core:samverkan", N_("Samverkan"), "cooperation/on_place.html", shown, 15)


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Every minute the opening of pictures whose time is out is noted."""
    return [Job("cooperation:oppna", N_("Öppna lägesbilder när tiden är ute"), 60, open_when_time_is_out)]


@upkeep_demo.tells
def tell_demo(story: upkeep_demo.Story) -> None:
    """Add the cycles of the demo city to its story."""
    from core.cooperation.demo import plan

    plan(story)
