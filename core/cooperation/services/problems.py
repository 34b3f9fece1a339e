"""Problems: what is wrong, how each party scores it, what is chosen and what is left out and why (Z4, H3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation.models import CRITERIA, LIMITS, Cycle, PriorityScore, Problem, ProblemEvidence
from core.cooperation.models.cycles import LEAD, WRITE
from core.cooperation.services.parties import own_party
from core.cooperation.states import CYCLE, PROBLEM
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.people.models import Organisation
from core.walks.models import Observation

LEAST, MOST = 1, 5
OUT_OF_REACH = 2
"""A mean of at most this, in what limits a choice, says that the parties cannot do much about it."""
ORDER = ("prioriterad", "foreslagen", "bortprioriterad")
"""How problems stand in their list."""
WORDS = ("what", "where", "when", "how", "whom", "consequence")


@dataclass(frozen=True)
class Scored:
    """How the parties score a problem: who has scored, the mean of each of CRITERIA, of all, and what limits it."""

    problem: Problem
    scores: list[PriorityScore]

    @property
    def means(self) -> Mapping[str, float]:
        """Mean of each criterion, of the parties that have scored; empty before anybody has."""
        count = len(self.scores)
        return {key: sum(getattr(one, key) for one in self.scores) / count for key in CRITERIA} if count else {}

    @property
    def total(self) -> float | None:
        """Mean of all criteria, one decimal; None before anybody has scored."""
        means = self.means
        return round(sum(means.values()) / len(means), 1) if means else None

    @property
    def out_of_reach(self) -> list[str]:
        """Which of the limits say that the parties cannot do much about it."""
        return [key for key in LIMITS if self.means and self.means[key] <= OUT_OF_REACH]


def add_problem(actor: Actor, cycle: UUID, *, uid: UUID, observations: Iterable[UUID] = (), **words: Any) -> Problem:
    """Write down a problem of a cycle, with the observations it was seen in; once for each `uid`.

    Raises Missing, Denied, Conflict, and Refused outside the step in which problems are chosen.
    """
    about = in_step(actor, cycle, "prioritera")
    seen = list(dict.fromkeys(observations))
    content = db.fingerprint(cycle=cycle, observations=seen, **words)
    known = db.session().scalar(select(Problem).where(Problem.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("problem", uid)
        return known
    number = next_number(Problem, about)
    by = own_party(actor, about)
    problem = Problem(
        uid=uid,
        content=content,
        cycle_id=about.id,
        number=number,
        organisation_id=by.organisation_id if by else about.organisation_id,
        state=PROBLEM.start,
        level=about.level,
        **words,
    )
    db.session().add(problem)
    db.session().flush()
    _link(actor, problem, seen)
    journal.write(actor, "problem:add", "cycle", about.uid, level=about.level, number=number)
    return problem


def in_step(actor: Actor, cycle: UUID, *steps: str, permission: str = WRITE) -> Cycle:
    """Return a cycle that the actor may write in, in one of these steps, locked. Raises Missing, Denied, Refused."""
    about = access.find(Cycle, cycle, actor, permission, lock=True)
    if about.state not in steps:
        here = CYCLE.states[about.state].label
        words = N_("Det går inte i steget ”{here}”. Gå tillbaka ett steg om det behövs.")
        raise flow.Refused([Objection(Text(words, here=here))])
    return about


def cycle_of_row(row: Any) -> Cycle:
    """Return the cycle of a problem, a goal or a measure."""
    return db.session().get_one(Cycle, row.cycle_id)


def next_number(model: Any, cycle: Cycle) -> int:
    """Return the next number of a kind of thing within a cycle."""
    highest = db.session().scalar(select(func.max(model.number)).where(model.cycle_id == cycle.id))
    return (highest or 0) + 1


def _link(actor: Actor, problem: Problem, observations: list[UUID]) -> None:
    reached = select(Observation.uid).where(Observation.uid.in_(observations), access.rule_of(Observation, actor))
    found = set(db.session().scalars(reached)) if observations else set()
    if missing := [uid for uid in observations if uid not in found]:
        raise access.Missing("observation", missing[0])
    rows = [{"problem_id": problem.id, "subject_kind": "observation", "subject_uid": uid} for uid in observations]
    db.session().add_all([ProblemEvidence(**row) for row in rows])
    db.session().flush()


def change_problem(actor: Actor, uid: UUID, *, version: int | None = None, **words: Any) -> Problem:
    """Change the words of a problem. Raises Missing, Denied, Stale, Refused."""
    problem = access.find(Problem, uid, actor, WRITE, lock=True)
    in_step(actor, cycle_of_row(problem).uid, "prioritera")
    db.refuse_stale("problem", uid, problem.version, version)
    for name, value in words.items():
        setattr(problem, name, value)
    db.session().flush()
    journal.write(actor, "problem:change", "problem", uid, level=problem.level, changed=sorted(words))
    return problem


def score(actor: Actor, uid: UUID, *, motive: str = "", **scores: int) -> PriorityScore:
    """Score a problem for one's own party, from 1 to 5 on each of CRITERIA; again replaces it.

    Raises Missing, Denied, Refused (no party of the cycle, or not in the step).
    """
    problem = access.find(Problem, uid, actor, WRITE, lock=True)
    about = in_step(actor, cycle_of_row(problem).uid, "prioritera")
    party = own_party(actor, about)
    if party is None:
        raise flow.Refused([Objection(N_("Bara den som är part ger poäng."))])
    row = db.session().get(PriorityScore, (problem.id, party.organisation_id))
    row = row or PriorityScore(problem_id=problem.id, organisation_id=party.organisation_id)
    for name, value in scores.items():
        setattr(row, name, value)
    row.motive = motive
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "problem:score", "problem", uid, level=problem.level, **scores)
    return row


def move_problem(actor: Actor, uid: UUID, key: str, *, reason: str, version: int | None = None) -> Problem:
    """Choose a problem, leave it out or take it up again, with the motive. Raises Missing, Denied, Stale, Refused."""
    problem = access.find(Problem, uid, actor, LEAD, lock=True)
    in_step(actor, cycle_of_row(problem).uid, "prioritera", permission=LEAD)
    db.refuse_stale("problem", uid, problem.version, version)
    flow.move(PROBLEM, problem, key, actor, reason=reason)
    problem.motive, problem.decided_at, problem.decided_by_id = reason, clock.now(), actor.id
    db.session().flush()
    return problem


@PROBLEM.guard("prioritera", "valj_bort")
def _scored(problem: Problem, _actor: Actor) -> Iterable[Objection]:
    """What nobody has scored is not chosen, nor left out (domain.md 5.2)."""
    if db.session().scalar(select(PriorityScore.problem_id).filter_by(problem_id=problem.id).limit(1)) is None:
        yield Objection(N_("Ingen part har gett poäng än."))


def read_problem(actor: Actor, uid: UUID) -> Problem:
    """Return a problem; Missing when the actor does not reach it."""
    found = db.session().scalar(select(Problem).where(Problem.uid == uid, access.rule_of(Problem, actor)))
    if found is None:
        raise access.Missing("problem", uid)
    return found


def problems_of(actor: Actor, cycle: Cycle) -> list[Scored]:
    """Return the problems of a cycle with the parties' scores: chosen first, then by score, in two queries."""
    rows = select(Problem).options(joinedload(Problem.organisation)).where(Problem.cycle_id == cycle.id)
    problems = list(db.session().scalars(access.visible(rows, actor)))
    scores = select(PriorityScore).options(joinedload(PriorityScore.organisation)).join(PriorityScore.organisation)
    scores = scores.where(PriorityScore.problem_id.in_([one.id for one in problems])).order_by(Organisation.name)
    given = list(db.session().scalars(access.visible(scores, actor)))
    told = [Scored(one, [row for row in given if row.problem_id == one.id]) for one in problems]
    return sorted(told, key=lambda one: (ORDER.index(one.problem.state), -(one.total or 0), one.problem.number))


def observations_of(actor: Actor, problem: Problem) -> list[Observation]:
    """Return the observations that a problem was seen in, those that the actor reaches."""
    named = select(ProblemEvidence.subject_uid).filter_by(problem_id=problem.id, subject_kind="observation")
    rows = select(Observation).where(Observation.uid.in_(named))
    return list(db.session().scalars(access.visible(rows, actor).order_by(Observation.id)))


def seen_at(actor: Actor, cycle: Cycle) -> list[Observation]:
    """Return what has been seen on the place of a cycle that the actor reaches, the newest first, at most 200."""
    if cycle.place_id is None:
        return []
    rows = select(Observation).where(Observation.place_id == cycle.place_id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(Observation.id.desc()).limit(200)))


def problem_of(row: Any) -> Problem:
    """Return the problem of a cause or a goal."""
    return db.session().get_one(Problem, row.problem_id)
