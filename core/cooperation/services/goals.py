"""Goals: drafted, made SMART, accepted by the parties, and what came of them (Z6, H5, Z8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation import catalogue
from core.cooperation.models import Cycle, CycleParty, Goal, GoalAcceptance, Problem
from core.cooperation.models.cycles import WRITE
from core.cooperation.services.parties import own_party, taking_part
from core.cooperation.services.problems import cycle_of_row, in_step, next_number
from core.cooperation.services.promises import ask_no_more, ask_to_accept
from core.cooperation.smart import Lack, lacks
from core.cooperation.states import GOAL
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people.models import Organisation
from core.schema import Invalid
from core.schema.amounts import measured

MOST_WAITING = 200
"""Goals that are looked through for those that wait for somebody's word."""


@dataclass(frozen=True)
class Aim:
    """A goal with who has accepted it as it stands, and what it lacks to be SMART."""

    goal: Goal
    accepted: list[GoalAcceptance]
    lacks: list[Lack]


def add_goal(actor: Actor, cycle: UUID, *, uid: UUID, problem: UUID, owner: UUID | None = None, **facts: Any) -> Goal:
    """Write down a goal against a chosen problem, however much of it is known; once for each `uid`.

    Raises Missing, Denied, Conflict, Invalid, Refused.
    """
    about = in_step(actor, cycle, "mal")
    catalogue.check(facts)
    content = db.fingerprint(cycle=cycle, problem=problem, owner=owner, **facts)
    known = db.session().scalar(select(Goal).where(Goal.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("goal", uid)
        return known
    goal = Goal(
        uid=uid,
        content=content,
        cycle_id=about.id,
        problem_id=_problem(about, problem),
        number=next_number(Goal, about),
        owner_id=party_key(about, owner, "owner"),
        state=GOAL.start,
        level=about.level,
        **facts,
    )
    db.session().add(goal)
    db.session().flush()
    _ask(actor, about, goal)
    journal.write(actor, "goal:add", "cycle", about.uid, level=about.level, number=goal.number)
    return goal


def _problem(cycle: Cycle, uid: UUID) -> int:
    rows = select(Problem.id).where(Problem.uid == uid, Problem.cycle_id == cycle.id, Problem.state == "prioriterad")
    found = db.session().scalar(rows)
    if found is None:
        raise Invalid({"problem": [N_("Välj ett av de prioriterade problemen.")]})
    return found


def party_key(cycle: Cycle, organisation: UUID | None, field: str) -> int | None:
    """Return the key of a party of a cycle; Invalid at `field` for who is none."""
    if organisation is None:
        return None
    rows = select(CycleParty.organisation_id).join(Organisation, Organisation.id == CycleParty.organisation_id)
    rows = rows.where(CycleParty.cycle_id == cycle.id, CycleParty.left_on.is_(None), Organisation.uid == organisation)
    found = db.session().scalar(rows)
    if found is None:
        raise Invalid({field: [N_("Välj en av parterna.")]})
    return found


def change_goal(actor: Actor, uid: UUID, *, version: int | None = None, **changes: Any) -> Goal:
    """Change a goal that is a draft; who had accepted it as it stood is asked again.

    Raises Missing, Denied, Stale, Invalid, Refused.
    """
    goal = access.find(Goal, uid, actor, WRITE, lock=True)
    cycle = in_step(actor, cycle_of_row(goal).uid, "mal")
    db.refuse_stale("goal", uid, goal.version, version)
    if goal.state != GOAL.start:
        raise flow.Refused([Objection(N_("Målet är markerat som SMART. Välj Ändra målet först."))])
    catalogue.check(changes, goal)
    if "owner" in changes:
        changes["owner_id"] = party_key(cycle, changes.pop("owner"), "owner")
    if "problem" in changes:
        changes["problem_id"] = _problem(cycle, changes.pop("problem"))
    for name, value in changes.items():
        setattr(goal, name, value)
    db.session().flush()
    _ask(actor, cycle, goal)
    journal.write(actor, "goal:change", "goal", uid, level=goal.level, changed=sorted(changes))
    return goal


def accept(actor: Actor, uid: UUID) -> GoalAcceptance:
    """Accept a goal for one's own party, as it stands. Raises Missing, Denied, Refused (no party of the cycle)."""
    goal = access.find(Goal, uid, actor, WRITE)
    about = in_step(actor, cycle_of_row(goal).uid, "mal")
    party = own_party(actor, about)
    if party is None:
        raise flow.Refused([Objection(N_("Bara den som är part godtar mål."))])
    row = db.session().get(GoalAcceptance, (goal.id, party.organisation_id))
    row = row or GoalAcceptance(goal_id=goal.id, organisation_id=party.organisation_id)
    row.at, row.person_id, row.goal_version = clock.now(), actor.id, _content_version(goal)
    db.session().add(row)
    db.session().flush()
    ask_no_more(goal, party.organisation_id)
    journal.write(actor, "goal:accept", "goal", uid, level=goal.level, party=str(party.uid))
    return row


def waits_for_word(aim: Aim) -> bool:
    """Whether a goal lacks nothing but the word of more parties: then they are asked for it."""
    return aim.goal.state == GOAL.start and [one.field for one in aim.lacks] == ["accepted"]


def _ask(actor: Actor, cycle: Cycle, goal: Goal) -> None:
    """Ask the other parties for their word on a goal as soon as it lacks nothing else, each time that it is changed."""
    party = own_party(actor, cycle)
    if waits_for_word(_aim(goal, _accepted([goal]), taking_part(cycle))):
        ask_to_accept(cycle, goal, asks=party.organisation_id if party is not None else None)
    else:
        ask_no_more(goal)


def _aim(goal: Goal, accepted: list[GoalAcceptance], parties: int) -> Aim:
    return Aim(goal, accepted, _lacks(goal, len(accepted), parties))


def _lacks(goal: Goal, accepted: int, parties: int) -> list[Lack]:
    return lacks(goal, accepted=accepted, parties=parties, today=clock.today() if goal.state == GOAL.start else None)


def _content_version(goal: Goal) -> int:
    """Return the version of what stands in a goal; a step of its flow changes none of that."""
    return goal.version if goal.state == GOAL.start else goal.version - 1


def move_goal(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Goal:
    """Mark a goal as SMART, or open it to be changed. Raises Missing, Denied, Stale, Refused with what it lacks."""
    goal = access.find(Goal, uid, actor, WRITE, lock=True)
    in_step(actor, cycle_of_row(goal).uid, "mal")
    db.refuse_stale("goal", uid, goal.version, version)
    flow.move(GOAL, goal, key, actor, reason=reason)
    ask_no_more(goal)
    return goal


@GOAL.guard("markera_smart")
def _smart(goal: Goal, _actor: Actor) -> Iterable[Objection]:
    for lack in _lacks(goal, len(_accepted([goal])), taking_part(cycle_of_row(goal))):
        yield Objection(lack.question, lack.field)


def _accepted(goals: list[Goal]) -> list[GoalAcceptance]:
    """Return who accepts the goals as they stand now."""
    rows = select(GoalAcceptance).options(joinedload(GoalAcceptance.organisation))
    rows = rows.where(GoalAcceptance.goal_id.in_([goal.id for goal in goals]))
    stands = {goal.id: _content_version(goal) for goal in goals}
    return [row for row in db.session().scalars(rows) if row.goal_version == stands[row.goal_id]]


def give_result(
    actor: Actor,
    uid: UUID,
    *,
    result: str,
    why: str,
    value: float | None = None,
    on: date | None = None,
    version: int | None = None,
) -> Goal:
    """Say what came of a goal: uppnatt, delvis, ej, with the value measured and the day, or ej_matt with why.

    Raises Missing, Denied, Stale, Invalid, Refused.
    """
    goal = access.find(Goal, uid, actor, WRITE, lock=True)
    in_step(actor, cycle_of_row(goal).uid, "genomfora")
    db.refuse_stale("goal", uid, goal.version, version)
    if result != "ej_matt" and (value is None or on is None):
        raise Invalid({"value": [N_("Skriv talet som mättes, och dagen. Är det inte mätt, välj Inte mätt.")]})
    if on is not None and on > clock.today():
        raise Invalid({"on": [N_("Välj i dag eller en tidigare dag.")]})
    if result == "uppnatt" and value is not None and not _reached(goal, value):
        words = N_("{value} når inte målet, {target}. Välj Delvis eller Ej uppnått, eller skriv talet som mättes.")
        raise Invalid({"result": [Text(words, value=measured(value), target=measured(goal.target or 0))]})
    if not why.strip():
        raise Invalid({"why": [N_("Skriv vad ni tror att det beror på.")]})
    accepted = _accepted([goal])
    goal.result, goal.result_value, goal.result_on, goal.result_why = result, value, on, why
    db.session().flush()
    for row in accepted:  # who has accepted it as it stands still does: the result changes none of that
        row.goal_version = _content_version(goal)
    db.session().flush()
    journal.write(actor, "goal:result", "goal", uid, level=goal.level, result=result)
    return goal


def _reached(goal: Goal, value: float) -> bool:
    """Whether a measured value is the target of a goal, or beyond it on its way from the baseline."""
    if goal.target is None:
        return True
    return value >= goal.target if goal.baseline is None or goal.target > goal.baseline else value <= goal.target


def goals_of(actor: Actor, cycle: Cycle) -> list[Aim]:
    """Return the goals of a cycle with who accepts them and what they lack, by number, in three queries."""
    rows = select(Goal).options(joinedload(Goal.owner)).where(Goal.cycle_id == cycle.id)
    goals = list(db.session().scalars(access.visible(rows, actor).order_by(Goal.number)))
    told, parties = _accepted(goals), taking_part(cycle)
    return [_aim(goal, [row for row in told if row.goal_id == goal.id], parties) for goal in goals]


def read_goal(actor: Actor, uid: UUID) -> Aim:
    """Return a goal with who accepts it and what it lacks; Missing when the actor does not reach it."""
    rows = select(Goal).options(joinedload(Goal.owner))
    goal = db.session().scalar(rows.where(Goal.uid == uid, access.rule_of(Goal, actor)))
    if goal is None:
        raise access.Missing("goal", uid)
    return _aim(goal, _accepted([goal]), taking_part(cycle_of_row(goal)))


def goals_waiting(parties: Collection[int]) -> list[tuple[Goal, int]]:
    """Return the goals that lack only the word of more parties, each with one of the `parties` that has not said it.

    In three queries, however many cycles there are; whoever shows them has asked for whom the actor writes.
    """
    rows = select(Goal, CycleParty.organisation_id).join(CycleParty, CycleParty.cycle_id == Goal.cycle_id)
    rows = rows.join(Cycle, Cycle.id == Goal.cycle_id).where(Cycle.state == "mal", Goal.state == GOAL.start)
    rows = rows.where(CycleParty.organisation_id.in_(parties), CycleParty.left_on.is_(None)).order_by(Goal.id)
    found = [(goal, party) for goal, party in db.session().execute(rows.limit(MOST_WAITING))]
    if not found:
        return []
    goals = [goal for goal, _ in found]
    told = _accepted(goals)
    counted = (
        select(CycleParty.cycle_id, func.count()).where(CycleParty.left_on.is_(None)).group_by(CycleParty.cycle_id)
    )
    count = dict(db.session().execute(counted.where(CycleParty.cycle_id.in_({one.cycle_id for one in goals}))).all())
    waiting = []
    for goal, party in found:
        accepted = [row for row in told if row.goal_id == goal.id]
        said = any(row.organisation_id == party for row in accepted)
        if not said and waits_for_word(_aim(goal, accepted, count[goal.cycle_id])):
            waiting.append((goal, party))
    return waiting
