"""What waits for whom over all boards, and which board has how many; what the measurings of effect have shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, cast, func, literal, null, select, union_all

from core import access, db
from core.access import Actor
from core.applications.models import Application
from core.followup.effect import VERDICTS
from core.followup.models import Effect, GrantReport
from core.followup.services.asked import Asked
from core.followup.services.city import COUNTED, is_late, is_shown, of_asked, wanted
from core.followup.services.waiting import BOARD, COMMITTEE, SLK, WAITS
from core.i18n import N_

OF_APPLICATIONS = {
    "inskickad": (SLK, N_("Börja bedöma ansökningar"), "/ansokningar?visa=inskickad"),
    "komplettering": (BOARD, N_("Komplettera ansökningar"), "/ansokningar?visa=komplettering"),
    "under_bedomning": (SLK, N_("Bedöm ansökningar"), "/ansokningar?visa=under_bedomning"),
    "forslag": (COMMITTEE, N_("Besluta om ansökningar"), "/ansokningar?visa=forslag"),
    "delvis_beviljad": (BOARD, N_("Svara på det som är delvis beviljat"), "/ansokningar?visa=delvis_beviljad"),
    "beviljad": (BOARD, N_("Starta genomförandet"), "/ansokningar?visa=beviljad"),
    "fardig": (BOARD, N_("Slutredovisa det som är färdigt"), "/ansokningar?visa=fardig"),
}
LATE: tuple[tuple[Any, str, str, str], ...] = (
    (GrantReport, BOARD, N_("Lämna rapporter som är försenade"), "/rapporter?visa=planerad"),
    (Effect, BOARD, N_("Mät effekter som är försenade"), "/uppfoljning/effekt"),
)

IN_SHORT = {
    "application:komplettering": N_("Komplettera"),
    "application:delvis_beviljad": N_("Svara på beslut"),
    "application:beviljad": N_("Starta"),
    "application:fardig": N_("Slutredovisa"),
    "claim:avvisad": N_("Rätta rekvisition"),
    "grant_report:late": N_("Lämna rapport"),
    "effect:late": N_("Mät effekt"),
}
"""What waits for the boards, as the head of a column; the long words stand above."""


@dataclass(frozen=True)
class Waits:
    """Something that waits: for whom, for what, how many; what waits for boards also by board.

    Of more than are counted it is not told which boards have them.
    """

    key: str
    whom: str
    what: str
    number: int
    link: str
    boards: Mapping[int, int]


@dataclass(frozen=True)
class Counted:
    """What waits for whom; what the measurings have shown, and how many are late."""

    waits: list[Waits]
    effects: dict[str, int]
    late: int


def counted(actor: Actor, asked: Asked) -> Counted:
    """Return what waits for whom, and how many of each, with what effects are measured, in one query.

    What waits is counted no further than COUNTED + 1, by the index of its state. What nobody waits for is left out.
    """
    told = {f"application:{state}": words for state, words in OF_APPLICATIONS.items()}
    which = {key: (Application, Application.state == key.partition(":")[2]) for key in told}
    for wait in WAITS:
        key = f"{wait.model.__tablename__}:{wait.state}"
        told[key], which[key] = (wait.whom, wait.many, wait.listed), (wait.model, wait.model.state == wait.state)
    for model, whom, what, link in LATE:
        told[_late_key(model)], which[_late_key(model)] = (whom, what, link), (model, is_late(model))
    parts = [_waiting(key, *which[key], actor, asked, by_board=told[key][0] == BOARD) for key in which]
    found: dict[str, dict[int | None, int]] = {}
    for key, board, number in db.session().execute(union_all(*parts, _effects(actor, asked))):
        if number:
            found.setdefault(key, {})[board] = number
    waits = [_waits(asked, key, told[key], found[key]) for key in told if key in found]
    effects = {key: found.get(f"effekt:{key}", {}).get(None, 0) for key in VERDICTS}
    return Counted(waits, effects, sum(found.get(_late_key(Effect), {}).values()))


def _late_key(model: Any) -> str:
    return f"{model.__tablename__}:late"


def _waits(asked: Asked, key: str, words: tuple[str, str, str], found: Mapping[int | None, int]) -> Waits:
    whom, what, link = words
    number = sum(found.values())
    boards: dict[int, int] = {}
    for board, n in found.items():
        if board is not None and number <= COUNTED:
            heir = asked.heir(board)
            boards[heir] = boards.get(heir, 0) + n
    return Waits(key, whom, what, number, link, boards)


def _waiting(key: str, model: Any, condition: Any, actor: Actor, asked: Asked, *, by_board: bool) -> Select[Any]:
    """Return the question how many rows of a table meet a condition, no more of them read than are told.

    What waits for the boards is told board by board.
    """
    board = Application.organisation_id if by_board else NO_BOARD
    rows: Any = select(board.label("board")).select_from(model).where(condition, access.rule_of(model, actor))
    if by_board and model is not Application:
        rows = wanted(rows.join(Application, Application.id == model.application_id), asked)
    else:
        rows = of_asked(rows, model, asked)
    few = rows.limit(COUNTED + 1).subquery()
    found: Select[Any] = select(literal(key).label("what"), few.c.board, func.count()).group_by(few.c.board)
    return found


NO_BOARD = cast(null(), db.Key)


def _effects(actor: Actor, asked: Asked) -> Select[Any]:
    """Return the question how many measurings have shown what ("effekt:battre")."""
    rows = select((literal("effekt:") + Effect.verdict).label("what"), NO_BOARD, func.count())
    rows = of_asked(rows.select_from(Effect), Effect, asked).where(is_shown(), access.rule_of(Effect, actor))
    found: Select[Any] = rows.group_by(Effect.verdict)
    return found
