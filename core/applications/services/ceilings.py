"""Ceilings of a round: the most for one application, for every board, and for one board by name (E1, F1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select

from core import db
from core.access import Actor
from core.applications.models import INSIDE, Application, Round, RoundCeiling, lineage
from core.applications.states import APPLICATION
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people.models import Organisation
from core.schema.amounts import grouped


def ceiling_for(round_: Round, organisation: int) -> int | None:
    """Return what a board may apply for in a round, in kronor; None without a ceiling.

    One that is named for a board goes also for the boards that it was made of, or became.
    """
    named = db.session().scalar(named_for(round_.id, boards_with(organisation)))
    return named if named is not None else round_.board_ceiling


def boards_with(organisation: Any) -> Select[int]:
    """Select the keys of a board and of those that it was made of, or became: they have one ceiling together.

    The board by its key, or by what stands for it in a question.
    """
    return select(lineage(select(Organisation.id).where(Organisation.id == organisation)).c[0])


def named_for(round_: Any, boards: Select[int]) -> Select[int]:
    """Select the lowest ceiling in a round, likewise, that is named for any of some boards."""
    rows = select(func.min(RoundCeiling.amount)).where(RoundCeiling.round_id == round_)
    return rows.where(RoundCeiling.organisation_id.in_(boards))


@APPLICATION.guard("skicka_in")
def _within_the_ceilings(application: Application, actor: Actor) -> Iterable[Objection]:  # noqa: ARG001
    """Refuse what asks for more than the round lets an application, or all of a board's together, ask for."""
    round_ = db.session().get(Round, application.round_id) if application.round_id is not None else None
    if round_ is None:
        return
    if round_.max_amount is not None and application.sought > round_.max_amount:
        told = N_("Ansökan är på {sought} kr. I omgången kan en ansökan vara på högst {most} kr.")
        yield Objection(Text(told, sought=grouped(application.sought), most=grouped(round_.max_amount)))
    most = ceiling_for(round_, application.organisation_id)
    if most is None:
        return
    db.alone(f"ceilings of round {round_.id}")
    boards = boards_with(application.organisation_id)
    rows = select(func.coalesce(func.sum(Application.sought), 0)).where(Application.round_id == round_.id)
    rows = rows.where(Application.organisation_id.in_(boards), Application.id != application.id)
    before = int(db.session().scalar(rows.where(Application.state.not_in(INSIDE))) or 0)
    if before + application.sought > most:
        told = N_("Nämnden får söka {most} kr i omgången, och har redan sökt {before} kr. Ansökan är på {sought} kr.")
        yield Objection(Text(told, most=grouped(most), before=grouped(before), sought=grouped(application.sought)))
