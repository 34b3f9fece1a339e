"""The fifth step: what came of each goal and each measure, and the next cycle that carries on what is open (Z8, H9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation.models import Cycle, CycleParty, Goal, Measure, Problem
from core.cooperation.models.cycles import LEAD, WRITE
from core.cooperation.services import cycles
from core.cooperation.services.problems import in_step
from core.cooperation.states import CYCLE, ENDED, GOAL, PROBLEM
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people.models import Organisation
from core.schema import Invalid

OPEN_RESULTS = ("", "delvis", "ej", "ej_matt")
"""What came of a goal that is carried on."""


@dataclass(frozen=True)
class Carried:
    """What a cycle has carried on from the one before, and what was left there."""

    problems: int
    goals: list[tuple[Goal, Goal]]
    """Each goal with the one it carries on."""
    ended: list[Goal]
    """Goals of the cycle before that were reached."""
    measures: list[Measure]
    """Measures of the cycle before, with what came of them."""
    joined: list[str]
    gone: list[str]
    """Parties of now that were none then, and the other way round."""
    lesson: str
    """What the parties wrote that they had learnt."""


def write_follow_up(actor: Actor, cycle: UUID, *, text: str, version: int | None = None) -> Cycle:
    """Write the follow-up of a cycle, in its fifth step. Raises Missing, Denied, Stale, Refused."""
    about = in_step(actor, cycle, "genomfora")
    db.refuse_stale("cycle", cycle, about.version, version)
    about.follow_up = text
    db.session().flush()
    journal.write(actor, "cycle:follow_up", "cycle", cycle, level=about.level)
    return about


def give_measure_result(actor: Actor, uid: UUID, *, result: str, why: str, version: int | None = None) -> Measure:
    """Say what came of a measure. Raises Missing, Denied, Stale, Invalid, Refused."""
    measure = access.find(Measure, uid, actor, WRITE, lock=True)
    in_step(actor, db.session().get_one(Cycle, measure.cycle_id).uid, "genomfora")
    db.refuse_stale("measure", uid, measure.version, version)
    if not why.strip():
        raise Invalid({"why": [N_("Skriv vad som gjordes, och vad det gav.")]})
    measure.result, measure.result_why = result, why
    db.session().flush()
    journal.write(actor, "measure:result", "measure", uid, level=measure.level, result=result)
    return measure


@CYCLE.guard("avsluta")
def _followed_up(cycle: Cycle, _actor: Actor) -> Iterable[Objection]:
    """5 to the next cycle: the follow-up written, a result for each goal and each measure (domain.md 5.3)."""
    if not cycle.follow_up.strip():
        yield Objection(N_("Skriv uppföljningen."), "follow_up")
    goals = list(db.session().scalars(select(Goal.number).filter_by(cycle_id=cycle.id, result="")))
    if goals:
        yield Objection(Text(N_("Skriv resultatet av mål {numbers}."), numbers=", ".join(map(str, sorted(goals)))))
    measures = list(db.session().scalars(select(Measure.number).filter_by(cycle_id=cycle.id, result="")))
    if measures:
        words = N_("Skriv resultatet av åtgärd {numbers}.")
        yield Objection(Text(words, numbers=", ".join(map(str, sorted(measures)))))


# --- The next cycle -----------------------------------------------------------------------------------------------


def begin_next(actor: Actor, cycle: UUID, *, uid: UUID, opens_at: datetime | None = None) -> Cycle:
    """Begin the cycle that carries on from one that has ended: its parties, and what is still open in it.

    Problems that were chosen and goals that were not reached come along, as drafts. Causes are tested anew, and
    measures hang on causes: what came of those is told by `carried`. Once: again gives the same. Raises Missing,
    Denied, Refused, Conflict.
    """
    before = access.find(Cycle, cycle, actor, LEAD, lock=True)
    if before.state != ENDED:
        raise flow.Refused([Objection(N_("Avsluta cykeln först. Det som är öppet följer med till nästa."))])
    known = db.session().scalar(select(Cycle).where(Cycle.previous_id == before.id))
    if known is not None:
        return known
    if db.session().scalar(select(Cycle.id).where(Cycle.uid == uid)) is not None:
        raise db.Conflict("cycle", uid)
    same = {name: getattr(before, name) for name in ("title", "purpose", "place_id", "area_id", "organisation_id")}
    cycle_row = Cycle(
        uid=uid,
        content=db.fingerprint(previous=cycle),
        number=f"SC-{db.next_number('SC'):05d}",
        turn=before.turn + 1,
        previous_id=before.id,
        started_on=clock.today(),
        opens_at=opens_at,
        state=CYCLE.start,
        level=before.level,
        **same,
    )
    db.session().add(cycle_row)
    db.session().flush()
    _carry_parties(before, cycle_row)
    _carry_open(before, cycle_row)
    cycles.note(actor, cycle_row, "startad")
    journal.write(
        actor, "cycle:begin", "cycle", uid, level=cycle_row.level, number=cycle_row.number, after=before.number
    )
    return cycle_row


def next_of(actor: Actor, cycle: Cycle) -> Cycle | None:
    """Return the cycle that carries on from one, if it has begun and the actor reaches it."""
    return db.session().scalar(access.visible(select(Cycle).where(Cycle.previous_id == cycle.id), actor))


def _carry_parties(before: Cycle, after: Cycle) -> None:
    rows = select(CycleParty).where(CycleParty.cycle_id == before.id, CycleParty.left_on.is_(None))
    for party in db.session().scalars(rows.order_by(CycleParty.id)):
        kept = ("organisation_id", "role", "mandate", "substitute", "hours", "budget")
        same: dict[str, Any] = {name: getattr(party, name) for name in kept}
        db.session().add(CycleParty(cycle_id=after.id, joined_on=after.started_on, **same))
    db.session().flush()


PROBLEM_FACTS = ("what", "where", "when", "how", "whom", "consequence", "organisation_id", "level")
GOAL_FACTS = (
    "text", "indicator", "unit", "baseline", "baseline_on", "baseline_source", "target", "due_on", "owner_id",
    "realistic", "horizon", "focus_area", "priority_area", "level",
)  # fmt: skip


def _carry_open(before: Cycle, after: Cycle) -> None:
    """Copy what is open: chosen problems with a goal that was not reached or none, and those goals, as drafts.

    A goal begins at what was measured last.
    """
    goals = list(db.session().scalars(select(Goal).where(Goal.cycle_id == before.id).order_by(Goal.number)))
    problems = select(Problem).where(Problem.cycle_id == before.id, Problem.state == "prioriterad")
    number = 0
    for problem in db.session().scalars(problems.order_by(Problem.number)):
        own = [goal for goal in goals if goal.problem_id == problem.id]
        still = [goal for goal in own if goal.result in OPEN_RESULTS]
        if own and not still:
            continue
        number += 1
        copy = _copied(Problem, problem, PROBLEM_FACTS, cycle_id=after.id, number=number, state=PROBLEM.start)
        for goal in still:
            facts: dict[str, Any] = {"cycle_id": after.id, "problem_id": copy.id, "state": GOAL.start}
            facts |= {"number": goals.index(goal) + 1}
            made = _copied(Goal, goal, GOAL_FACTS, **facts)
            if goal.result_value is not None:
                made.baseline, made.baseline_on = goal.result_value, goal.result_on
    db.session().flush()


def _copied(model: Any, row: Any, names: tuple[str, ...], **facts: Any) -> Any:
    same = {name: getattr(row, name) for name in names}
    content = db.fingerprint(carried=row.uid, cycle=facts["cycle_id"])
    copy = model(content=content, carried_from_id=row.id, **(same | facts))
    db.session().add(copy)
    db.session().flush()
    return copy


def carried(actor: Actor, cycle: Cycle) -> Carried | None:
    """Return what a cycle has carried on and what was reached before it; None for a first one."""
    if cycle.previous_id is None:
        return None
    problems = select(Problem).where(Problem.cycle_id == cycle.id, Problem.carried_from_id.is_not(None))
    count = len(list(db.session().scalars(access.visible(problems, actor))))
    goals = select(Goal).where(Goal.cycle_id == cycle.id, Goal.carried_from_id.is_not(None)).order_by(Goal.number)
    now = list(db.session().scalars(access.visible(goals, actor)))
    before = {
        goal.id: goal
        for goal in db.session().scalars(
            access.visible(select(Goal).where(Goal.cycle_id == cycle.previous_id).order_by(Goal.number), actor)
        )
    }
    pairs = [(goal, before[goal.carried_from_id]) for goal in now if goal.carried_from_id in before]
    measures = select(Measure).where(Measure.cycle_id == cycle.previous_id).order_by(Measure.number)
    then, since = _named(actor, cycle.previous_id), _named(actor, cycle.id)
    return Carried(
        problems=count,
        goals=pairs,
        ended=[goal for goal in before.values() if goal.result == "uppnatt"],
        measures=list(db.session().scalars(access.visible(measures, actor))),
        joined=[name for name in since if name not in then],
        gone=[name for name in then if name not in since],
        lesson=db.session().scalar(_lesson(actor, cycle.previous_id)) or "",
    )


def _named(actor: Actor, cycle: int) -> list[str]:
    """Return the names of the parties of a cycle that have not left it."""
    rows = select(Organisation.name).join(CycleParty, CycleParty.organisation_id == Organisation.id)
    rows = rows.where(CycleParty.cycle_id == cycle, CycleParty.left_on.is_(None), access.rule_of(CycleParty, actor))
    return list(db.session().scalars(rows.order_by(Organisation.name)))


def _lesson(actor: Actor, cycle: int) -> Select[Any]:
    return select(Cycle.follow_up).where(Cycle.id == cycle, access.rule_of(Cycle, actor))
