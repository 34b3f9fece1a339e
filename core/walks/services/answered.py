"""How the reports that come in are answered (domain.md 10.7): how many of them, and how soon, by who answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select

from core import access, db
from core.access import Actor
from core.dated import seconds
from core.journal import PROTECTED
from core.people.models import Organisation
from core.upkeep.period import Period, per_cent
from core.walks.models import Observation, ObservationEvent, Report
from core.walks.states import ANSWERING, LEFT_OUT, UNANSWERED

DAY = 24 * 60 * 60


@dataclass(frozen=True)
class AnswerRate:
    """What one organisation answers of the reports of a period; `days` is the median until the first answer."""

    name: str
    """Empty for those that nobody has been found to answer yet."""
    uid: UUID | None
    count: int
    answered: int
    days: float | None

    @property
    def share(self) -> int | None:
        """Answered, in whole per cent."""
        return per_cent(self.answered, self.count)


def answer_rates(actor: Actor, period: Period) -> list[AnswerRate]:
    """Return how the reports that came in during the period are answered, the least answered first; in two queries.

    One that is a duplicate, or has been written off, is no report to answer. What the source had closed was answered
    there and then. An answer that was taken back is none until there is another; the time is until the first.
    """
    access.require(actor, "walks:observation:read")
    came = _reports(actor, period).subquery("came")
    rows = select(Organisation.id, Organisation.name, Organisation.uid, func.count(), func.sum(came.c.answered))
    rows = rows.select_from(came).outerjoin(Organisation, Organisation.id == came.c.receiver)
    rows = rows.group_by(Organisation.id, Organisation.name, Organisation.uid)
    median = {key: float(took) / DAY for key, took in db.session().execute(_medians(came))}
    found = [
        AnswerRate(name or "", uid, count, int(answered), median.get(key))
        for key, name, uid, count, answered in db.session().execute(rows)
    ]
    return sorted(found, key=lambda one: (one.share or 0, -one.count, one.name))


def _reports(actor: Actor, period: Period) -> Select[Any]:
    first = select(func.min(ObservationEvent.at)).where(
        ObservationEvent.observation_id == Observation.id, ObservationEvent.kind.in_(ANSWERING)
    )
    rows: Any = select(
        Observation.organisation_id.label("receiver"),
        case((Observation.state.in_(UNANSWERED), 0), else_=1).label("answered"),
        (seconds(first.scalar_subquery()) - seconds(Report.reported_at)).label("took"),
    )
    rows = rows.join(Report, Report.observation_id == Observation.id).where(*period.holds(Report.reported_at))
    rows = rows.where(Report.undone_at.is_(None), Observation.state.not_in(LEFT_OUT), Observation.level < PROTECTED)
    found: Select[Any] = rows.where(access.rule_of(Observation, actor))
    return found


def _medians(came: Any) -> Any:
    """Return the query of the median time of each receiver: the one in the middle, or the mean of the two there."""
    same = {"partition_by": came.c.receiver}
    ranked = select(
        came.c.receiver,
        came.c.took,
        func.row_number().over(order_by=came.c.took, **same).label("nth"),
        func.count().over(**same).label("n"),
    )
    told = ranked.where(came.c.answered == 1, came.c.took.is_not(None)).subquery("told")
    middle = (2 * told.c.nth).between(told.c.n, told.c.n + 2)
    return select(told.c.receiver, func.avg(told.c.took)).where(middle).group_by(told.c.receiver)
