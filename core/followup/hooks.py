"""What the follow-up says through the contract: its frister, and what waits for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access
from core.access import Actor
from core.db import session
from core.followup import documents, news, registers  # noqa: F401 - registers files, names, and what can be read in
from core.followup.limits import KINDS
from core.followup.models import CarryOver, Claim
from core.followup.services import effects, final, pairs, reporting, waiting  # noqa: F401 - register what guards
from core.hookspecs import DeadlineKind, Job, Todo, hookimpl
from core.i18n import N_, Text
from core.upkeep import demo as upkeep_demo
from core.upkeep.naming import About, names


@hookimpl
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """The time to check a claim, and to say something about money asked to follow."""
    return KINDS


@hookimpl
def tryggplats_jobs() -> Iterable[Job]:
    """Reports are planned by themselves, also of what was begun before the year's wheel was known."""
    return [Job("followup:rapporter", N_("Planera rapporter om beviljade medel"), 86_400, reporting.plan_all)]


def _named(model: Any, called: str, page: str) -> Any:
    def named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
        rows = select(model.uid, model.number).where(model.uid.in_(uids), access.rule_of(model, actor))
        found = session().execute(rows)
        return {row.uid: About(Text(called, number=row.number), f"{page}{row.uid}", row.number) for row in found}

    return named


names("claim")(_named(Claim, N_("Rekvisition {number}"), "/rekvisitioner/"))
names("carry_over")(_named(CarryOver, N_("Ombudgetering {number}"), "/ombudgetering/"))


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """Claims to check, to pay or to mend, decisions on money to record or confirm, reports to look at."""
    return waiting.todos(actor, limit)


@upkeep_demo.tells
def tell_demo(story: upkeep_demo.Story) -> None:
    """Add how what was granted is carried out to the demo's story."""
    from core.followup import demo

    demo.plan(story)
