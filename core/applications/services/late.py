"""What a board is late with of what it promised when it was granted money: told by the coach in its next application.

Each such promise is a frist, so a room above that makes promises of its own says only which kind of frist they are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from core import clock, db
from core.access import Actor
from core.applications.coach import Other
from core.applications.limits import INSPECTION
from core.applications.models import Application, Promise
from core.i18n import N_, Text, counted
from core.journal import PROTECTED
from core.people.services.organisations import found_under
from core.upkeep import naming
from core.upkeep.models import Deadline

MOST, NAMED = 500, 3
"""How many are counted, and how many of them are named."""
_kinds: dict[str, tuple[str, str]] = {}


@dataclass(frozen=True)
class Late:
    """What a board is late with: how many of each sort in words, and the oldest of them, each with its page."""

    what: tuple[Text, ...] = ()
    oldest: tuple[Other, ...] = ()


def counts(kind: str, one: str, many: str) -> None:
    """Register a kind of frist that is a promise of who was granted money, with what one and several are called."""
    _kinds[kind] = (one, many)


counts(INSPECTION, N_("1 besiktning enligt skötsellöfte"), N_("{n} besiktningar enligt skötsellöften"))


def late_with(actor: Actor, application: Application) -> Late:
    """Return what the board of an application, or one that it succeeded, is late with; one query where it is nothing.

    That is what it answers for, and the maintenance of what it was granted money for, whoever promised that.
    """
    boards = found_under(application.organisation_id)
    mine = or_(Deadline.organisation_id.in_(boards), Application.organisation_id.in_(boards))
    rows = select(Deadline.kind, Deadline.subject_kind, Deadline.subject_uid, Deadline.level)
    rows = rows.outerjoin(Promise, and_(Promise.uid == Deadline.subject_uid, Deadline.kind == INSPECTION))
    rows = rows.outerjoin(Application, Application.id == Promise.application_id)
    rows = rows.where(Deadline.state == "oppen", Deadline.kind.in_(_kinds), Deadline.is_late(clock.now()), mine)
    rows = rows.where(Deadline.level < PROTECTED).order_by(Deadline.due_at, Deadline.id).limit(MOST)
    found = db.session().execute(rows).all()
    number = Counter(row.kind for row in found)
    named = naming.about(actor, found[:NAMED])
    oldest = [named[row.subject_uid] for row in found[:NAMED] if row.subject_uid in named]
    return Late(
        tuple(counted(number[kind], *words) for kind, words in _kinds.items() if number[kind]),
        tuple(Other(one.title, one.link) for one in oldest),
    )
