"""A decision is made on the order of its round (design.md 10): recorded while that is frozen, in force by that one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from core import db
from core.access import Actor
from core.applications.models import Application, GrantDecision, Round
from core.applications.states import DECISION, ROUND
from core.hookspecs import Objection
from core.i18n import N_, Text

STANDS_IN = ("fryst", "beslutad")
"""States of a round whose order is not written on."""
OPEN = N_("Ordningen i omgången är inte fryst. Frys den först: den är underlag för beslut.")
ANEW = N_("Ordningen har frysts på nytt sedan beslutet skrevs in. Ta tillbaka det och skriv in det igen.")
WAITING = N_("Beslut väntar på bekräftelse för {numbers}. Bekräfta dem, eller ta tillbaka dem, innan ordningen öppnas.")
NAMED = 5


def hold(application: Application) -> Round | None:
    """Return the round of an application, whose order is neither opened nor frozen while something is recorded."""
    if application.round_id is None:
        return None
    rows = select(Round).where(Round.id == application.round_id).with_for_update(read=True)
    return db.session().scalars(rows.execution_options(populate_existing=True)).one()


def round_of(application: Application) -> Round | None:
    """Return the round of an application; None where it stands in none."""
    return db.session().get(Round, application.round_id) if application.round_id is not None else None


def is_open(round_: Round | None) -> bool:
    """Whether the order of a round is written on, so that nothing is decided by it."""
    return round_ is not None and round_.frozen is None and round_.state not in STANDS_IN


def not_by_it(row: GrantDecision, round_: Round | None) -> str:
    """Return why a decision that waits cannot hold by the order of its round; empty when it can."""
    if is_open(round_):
        return OPEN
    frozen_at = round_.frozen_at if round_ is not None else None
    return ANEW if frozen_at is not None and row.recorded_at < frozen_at else ""


@DECISION.guard("bekrafta")
def _is_made_on_it(row: GrantDecision, _actor: Actor) -> Iterable[Objection]:
    application = db.session().get_one(Application, row.application_id)
    round_ = round_of(application)
    if told := not_by_it(row, round_):
        yield Objection(told)


@ROUND.guard("tina", "bered_igen")
def _nothing_waits(round_: Round, _actor: Actor) -> Iterable[Objection]:
    """What is recorded was decided by the order as it is frozen: it holds, or is taken back, before that is opened."""
    rows = select(Application.number).join(GrantDecision, GrantDecision.application_id == Application.id)
    rows = rows.where(Application.round_id == round_.id, GrantDecision.state == DECISION.start)
    numbers = list(db.session().scalars(rows.order_by(Application.number).limit(NAMED)))
    if numbers:
        yield Objection(Text(WAITING, numbers=", ".join(numbers)))
