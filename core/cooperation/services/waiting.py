"""What waits for whom in cooperation: each sort in a constant number of queries, for the parties one acts for.

Nothing of it says what stands in a picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select

from core import access, clock, db
from core.access import Actor
from core.cooperation.models import Cycle, CycleParty, Goal, Measure, PriorityScore, Problem, SituationReport
from core.cooperation.models.cycles import LEAD, PARTIES, WRITE, homes
from core.cooperation.models.pictures import OWN
from core.cooperation.services.goals import goals_waiting
from core.cooperation.services.promises import WORKED_ON
from core.cooperation.states import PICTURE, PROBLEM

MOST = 100


@dataclass(frozen=True)
class Waiting:
    """Something that waits: of which sort, about which cycle, and the thing itself, where it is not the cycle."""

    sort: str
    cycle: str
    uid: UUID
    level: int
    about: str = ""
    due_at: datetime | None = None
    count: int = 0


def waiting_for(actor: Actor, *, frister: bool) -> Iterator[Waiting]:
    """Yield what waits for the actor; with `frister` also what a frist tells of, for whom no other list does."""
    if not actor.may(WRITE):
        return
    parties = list(db.session().scalars(homes(actor)))
    if not parties:
        return
    if frister:
        yield from _pictures(parties)
        yield from _measures(parties)
    yield from _scores(parties)
    yield from _words(parties)
    yield from _results(parties)
    yield from _steps(actor)


def _pictures(parties: list[int]) -> Iterator[Waiting]:
    rows = select(Cycle.title, Cycle.level, Cycle.opens_at, SituationReport.uid)
    rows = rows.join(SituationReport, SituationReport.cycle_id == Cycle.id)
    rows = rows.where(SituationReport.kind == OWN, SituationReport.state == PICTURE.start, _sealed())
    rows = rows.where(SituationReport.organisation_id.in_(parties), Cycle.state == "lagesbild", PARTIES.in_(parties))
    for row in db.session().execute(rows.order_by(Cycle.opens_at).limit(MOST)):
        yield Waiting("lagesbild", row.title, row.uid, row.level, due_at=row.opens_at)


def _sealed() -> Any:
    return and_(Cycle.opened_at.is_(None), or_(Cycle.opens_at.is_(None), Cycle.opens_at > clock.now()))


def _measures(parties: list[int]) -> Iterator[Waiting]:
    rows = select(Cycle.title, Cycle.level, Measure.uid, Measure.text, Measure.ends_on)
    rows = rows.join(Measure, Measure.cycle_id == Cycle.id).where(Measure.owner_id.in_(parties), PARTIES.in_(parties))
    rows = rows.where(Measure.state.in_(WORKED_ON), Cycle.state.in_(("mal", "genomfora")))
    for row in db.session().execute(rows.order_by(Measure.ends_on, Measure.id).limit(MOST)):
        due = _after(row.ends_on) if row.ends_on else None
        yield Waiting("atgard", row.title, row.uid, row.level, row.text, due)


def _after(day: date) -> datetime:
    """Return the moment when a last day has passed."""
    return clock.first_moment(day + timedelta(days=1))


def _scores(parties: list[int]) -> Iterator[Waiting]:
    """Yield the cycles in which a party has not scored all that is proposed."""
    given = exists().where(
        PriorityScore.problem_id == Problem.id, PriorityScore.organisation_id == CycleParty.organisation_id
    )
    rows = select(Cycle.uid, Cycle.title, Cycle.level, func.count(Problem.id).label("n")).join(
        Problem, Problem.cycle_id == Cycle.id
    )
    rows = rows.join(CycleParty, CycleParty.cycle_id == Cycle.id)
    rows = rows.where(CycleParty.organisation_id.in_(parties), CycleParty.left_on.is_(None), ~given)
    rows = rows.where(Cycle.state == "prioritera", Problem.state == PROBLEM.start)
    rows = rows.group_by(Cycle.id, Cycle.uid, Cycle.title, Cycle.level).order_by(Cycle.id)
    for row in db.session().execute(rows.limit(MOST)):
        yield Waiting("poang", row.title, row.uid, row.level, count=row.n)


def _words(parties: list[int]) -> Iterator[Waiting]:
    found = goals_waiting(parties)
    rows = select(Cycle.id, Cycle.title).where(Cycle.id.in_({goal.cycle_id for goal, _ in found}))
    titles = {row.id: row.title for row in db.session().execute(rows)} if found else {}
    for goal, _ in found:
        yield Waiting("godta", titles[goal.cycle_id], goal.uid, goal.level, goal.text)


def _results(parties: list[int]) -> Iterator[Waiting]:
    """Yield the goals of one's own whose day has come, of which nobody has said what came of them."""
    rows = select(Cycle.title, Cycle.level, Goal.uid, Goal.text, Goal.due_on).join(Goal, Goal.cycle_id == Cycle.id)
    rows = rows.where(Goal.owner_id.in_(parties), Goal.result == "", Goal.due_on <= clock.today())
    rows = rows.where(PARTIES.in_(parties))
    for row in db.session().execute(rows.where(Cycle.state == "genomfora").order_by(Goal.due_on, Goal.id).limit(MOST)):
        yield Waiting("resultat", row.title, row.uid, row.level, row.text, _after(row.due_on))


def _steps(actor: Actor) -> Iterator[Waiting]:
    """Yield the cycles that wait for who drives them: to be begun with, and those whose pictures are open."""
    rows = select(Cycle.uid, Cycle.title, Cycle.level, Cycle.state).where(access.rule_of(Cycle, actor, LEAD))
    opened = and_(Cycle.state == "lagesbild", ~_sealed())
    rows = rows.where(or_(Cycle.state == "initiera", opened)).order_by(Cycle.id)
    for row in db.session().execute(rows.limit(MOST)):
        yield Waiting("steg" if row.state == "lagesbild" else "borja", row.title, row.uid, row.level)
