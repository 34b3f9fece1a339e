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
from core.followup.models import CLAIM, DECIDE, PAY, CarryOver, Claim
from core.followup.services import effects, final, pairs, reporting  # noqa: F401 - register what guards and follows
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

WAITS = (
    (Claim, "granskad", PAY, N_("Markera {number} som betald"), "/rekvisitioner/", "checked_by_id"),
    (Claim, "avvisad", CLAIM, N_("Rätta rekvisitionen {number}"), "/rekvisitioner/", ""),
    (CarryOver, "yttrad", DECIDE, N_("Skriv in beslutet om {number}"), "/ombudgetering/", ""),
    (CarryOver, "registrerad", DECIDE, N_("Bekräfta {number}"), "/ombudgetering/", "decided_by_id"),
)
"""What waits for whom without a frist: rows in a state, for who has a right and did not do the step before."""


@hookimpl
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """Claims to pay or to mend, decisions to record or confirm."""
    for model, state, right, called, page, before in WAITS:
        if not actor.may(right):
            continue
        table: Any = model
        rows = select(table).where(table.state == state, access.rule_of(table, actor, right)).order_by(table.id)
        if before:
            rows = rows.where(getattr(table, before) != actor.id)
        for row in session().scalars(rows.limit(limit)):
            title = Text(called, number=row.number)
            yield Todo(key=f"{model.__tablename__}:{row.uid}", title=title, link=f"{page}{row.uid}", level=row.level)
    yield from news.todos(actor, limit)


@upkeep_demo.tells
def tell_demo(story: upkeep_demo.Story) -> None:
    """Add how what was granted is carried out to the demo's story."""
    from core.followup import demo

    demo.plan(story)
