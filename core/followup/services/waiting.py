"""What waits for whom of money and reports: one table for both the city's view, which counts it, and Att göra.

Of applications themselves Att göra is told by their own room, and of what a board has to hand in by its frist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access
from core.access import Actor
from core.applications.models import Application
from core.db import session
from core.followup.models import APPROVE, CHECK, CLAIM, DECIDE, PAY, CarryOver, Claim, GrantReport, Reallocation
from core.followup.services.reporting import title_of
from core.hookspecs import Todo
from core.i18n import N_, Text
from core.reserve.models import PROPOSE
from core.reserve.words import kronor

SLK, BOARD, COMMITTEE = N_("Stadsledningskontoret"), N_("Nämnderna"), N_("Det organ som beslutar")


@dataclass(frozen=True)
class Wait:
    """Rows of a table that wait in a state for who has all of some rights, and did not take the step `before`.

    `many` and `listed` are what it is called, and where it stands, when it is counted; `title` and `page` one of it.
    """

    model: Any
    state: str
    whom: str
    rights: tuple[str, ...]
    many: str
    listed: str
    title: str
    page: str
    before: str = ""


WAITS = (
    Wait(
        Claim, "inskickad", SLK, (CHECK,), N_("Granska rekvisitioner"), "/rekvisitioner?visa=inskickad",
        N_("Granska rekvisitionen {number}"), "/rekvisitioner/", "written_by_id",
    ),
    Wait(
        Claim, "granskad", SLK, (PAY,), N_("Betala rekvisitioner"), "/rekvisitioner?visa=granskad",
        N_("Markera {number} som betald"), "/rekvisitioner/", "checked_by_id",
    ),
    Wait(
        Claim, "avvisad", BOARD, (CLAIM,), N_("Rätta rekvisitioner"), "/rekvisitioner?visa=avvisad",
        N_("Rätta rekvisitionen {number}"), "/rekvisitioner/",
    ),
    Wait(
        CarryOver, "begard", SLK, (DECIDE, PROPOSE), N_("Yttra sig om ombudgetering"),
        "/uppfoljning/ombudgetering?visa=begard", N_("Yttra dig om ombudgetering {number}"), "/ombudgetering/",
    ),
    Wait(
        CarryOver, "yttrad", COMMITTEE, (DECIDE,), N_("Besluta om ombudgetering"),
        "/uppfoljning/ombudgetering?visa=yttrad", N_("Skriv in beslutet om {number}"), "/ombudgetering/",
    ),
    Wait(
        CarryOver, "registrerad", SLK, (DECIDE,), N_("Bekräfta ombudgetering"),
        "/uppfoljning/ombudgetering?visa=registrerad", N_("Bekräfta {number}"), "/ombudgetering/", "decided_by_id",
    ),
    Wait(
        Reallocation, "begard", COMMITTEE, (DECIDE,), N_("Besluta om omdisponering"), "/uppfoljning/omdisponering",
        N_("Skriv in beslutet om {number}"), "/omdisponering/", "asked_by_id",
    ),
    Wait(
        GrantReport, "inlamnad", SLK, (APPROVE,), N_("Granska rapporter"), "/rapporter?visa=inlamnad",
        N_("Granska: {report}"), "/rapporter/", "handed_in_by_id",
    ),
)  # fmt: skip
"""What is counted on the city's view, and told in Att göra. The committee's secretary could write the opinion on a
carry-over as well, but it is stadsledningskontoret's economist who is to: of that both rights are asked.
"""


def todos(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield what waits for the actor, each with its application, board and sum."""
    for wait in WAITS:
        if all(actor.may(right) for right in wait.rights):
            yield from _waiting(wait, actor, limit)


def _waiting(wait: Wait, actor: Actor, limit: int) -> Iterator[Todo]:
    model = wait.model
    whole = joinedload(model.application).joinedload(Application.organisation)
    rows = select(model).options(whole).where(model.state == wait.state, access.rule_of(model, actor, wait.rights[0]))
    if wait.before:
        rows = rows.where(getattr(model, wait.before).is_distinct_from(actor.id))
    for row in session().scalars(rows.order_by(model.id).limit(limit)):
        about, board = row.application, row.application.organisation.name
        if model is GrantReport:
            title, detail = Text(wait.title, report=title_of(row)), board
        else:
            known = {"board": board, "amount": kronor(row.amount)}
            title, detail = Text(wait.title, number=row.number), Text(N_("{board}, {amount}"), **known)
        yield Todo(
            key=f"{model.__tablename__}:{row.uid}",
            title=title,
            link=f"{wait.page}{row.uid}",
            context=f"{about.number} {about.title}",
            detail=detail,
            level=row.level,
        )
