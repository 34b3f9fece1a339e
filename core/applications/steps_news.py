"""Whose turn it is with an application on its way to the committee, for Att göra and the letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from core import access, clock
from core.access import Actor
from core.applications.models import HANDLE, RESOLVE, REVIEW, SUBMIT, Application
from core.applications.states import AT_CITY
from core.db import session
from core.hookspecs import Todo
from core.i18n import N_


@dataclass(frozen=True)
class Turn:
    """Something that waits for who has a permission, in some states; `page` of the application is where it is done."""

    key: str
    permission: str
    states: tuple[str, ...]
    title: str
    page: str = ""


TURNS = (
    Turn("granska", REVIEW, ("intern_granskning",), N_("Granska ansökan")),
    Turn(
        "namndbeslut",
        RESOLVE,
        ("klar_for_namnd",),
        N_("Skriv in nämndens beslut om ansökan"),
        "/steg/registrera_namndbeslut",
    ),
    Turn("efterat", RESOLVE, AT_CITY, N_("Skriv in nämndens beslut om den inskickade ansökan"), "/namndbeslut"),
    Turn("skicka", SUBMIT, ("namndbeslutad",), N_("Skicka in ansökan"), "/steg/skicka_in"),
    Turn("prova", HANDLE, ("inskickad",), N_("Pröva om ansökan är komplett, och börja bedöma den")),
)


def todos(actor: Actor, limit: int) -> Iterator[Todo]:
    """Yield what waits for the actor. What is to be completed is told by its frist."""
    for turn in TURNS:
        if not actor.may(turn.permission):
            continue
        rows = select(Application).options(joinedload(Application.round), joinedload(Application.organisation))
        rows = rows.where(Application.state.in_(turn.states), access.rule_of(Application, actor, turn.permission))
        if (narrower := _narrower(turn, actor)) is not None:
            rows = rows.where(narrower)
        for row in session().scalars(rows.order_by(Application.id).limit(limit)):
            yield _told(turn, row)


def _narrower(turn: Turn, actor: Actor) -> ColumnElement[bool] | None:
    """Return what else is asked: who begun it does not review it; a decision that is waited for is not there yet."""
    if turn.key == "granska":
        return Application.begun_by_id.is_distinct_from(actor.id)
    if turn.key == "efterat":
        return Application.conditional & Application.decided_on.is_(None)
    return None


def _told(turn: Turn, row: Application) -> Todo:
    due: Any = row.round.closes_at if turn.key == "skicka" and row.round else None
    late = due is not None and due <= clock.now()
    return Todo(
        key=f"applications:{turn.key}:{row.uid}",
        title=turn.title,
        link=f"/ansokningar/{row.uid}{turn.page}",
        context=f"{row.number} {row.title}",
        detail=row.organisation.name,
        due_at=due,
        latest=clock.last_day(due).isoformat() if due is not None else "",
        tone="danger" if late else "plain",
        shape="late" if late else "open",
        state=N_("Försenat") if late else "",
        level=row.level,
    )
