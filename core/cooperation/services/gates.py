"""The gates between the five steps (domain.md 5.3): what must be there before a cycle goes on. Back is always open."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.cooperation.models import Cause, Cycle, Goal, Measure, Problem
from core.cooperation.services.cycles import is_open
from core.cooperation.services.parties import LEAST, taking_part
from core.cooperation.services.pictures import missing_pictures
from core.cooperation.states import CYCLE, FORWARD, GOAL
from core.hookspecs import Objection
from core.i18n import N_, Text


def left_before(actor: Actor, cycle: Cycle) -> list[str]:
    """Return what is left to do before a cycle can take its next step, in sentences; empty when nothing is."""
    key = next((key for key in FORWARD if cycle.state in CYCLE.move(key).sources), None)
    rules = CYCLE.guards.get(key, []) if key else []
    return [objection.message for rule in rules for objection in rule(cycle, actor)]


@CYCLE.guard("begar_lagesbilder")
def _decided_by_several(cycle: Cycle, _actor: Actor) -> Iterable[Objection]:
    """1 to 2: a decision, parties, and a time when the pictures open."""
    if not cycle.decision.strip() or cycle.decided_on is None:
        yield Objection(N_("Skriv in beslutet om att starta, med dag."), "decision")
    if taking_part(cycle) < LEAST:
        yield Objection(Text(N_("Lägg till parter. Det behövs minst {least}."), least=LEAST))
    if cycle.opens_at is None or (cycle.opened_at is None and cycle.opens_at <= clock.now()):
        yield Objection(N_("Skriv när lägesbilderna öppnas senast, en tid som kommer."), "opens_at")


@CYCLE.guard("borja_prioritera")
def _all_are_in(cycle: Cycle, _actor: Actor) -> Iterable[Objection]:
    """2 to 3: each party's own picture handed in or waived, or the time for it out."""
    waits = len(missing_pictures(cycle))
    if waits and not is_open(cycle):
        words = N_("{count} parter har inte lämnat in sin lägesbild. De kan lämna in, avstå, eller så går tiden ut.")
        yield Objection(Text(words, count=waits))


@CYCLE.guard("satt_mal")
def _chosen_and_explained(cycle: Cycle, _actor: Actor) -> Iterable[Objection]:
    """3 to 4: it is decided what to work with, and at least one cause is likely."""
    states = list(db.session().scalars(select(Problem.state).where(Problem.cycle_id == cycle.id)))
    if "prioriterad" not in states:
        yield Objection(N_("Prioritera minst ett problem."))
    if undecided := states.count("foreslagen"):
        yield Objection(Text(N_("Prioritera eller välj bort alla problem. {count} är kvar."), count=undecided))
    likely = select(Cause.id).join(Problem, Problem.id == Cause.problem_id)
    likely = likely.where(Problem.cycle_id == cycle.id, Problem.state == "prioriterad", Cause.state == "trolig")
    if db.session().scalar(likely.limit(1)) is None:
        yield Objection(N_("Pröva orsakerna tills minst en är trolig."))


@CYCLE.guard("genomfor")
def _planned(cycle: Cycle, _actor: Actor) -> Iterable[Objection]:
    """4 to 5: goals are SMART, and measures assigned."""
    goals = dict.fromkeys(GOAL.states, 0)
    for state in db.session().scalars(select(Goal.state).where(Goal.cycle_id == cycle.id)):
        goals[state] += 1
    if not goals["smart"]:
        yield Objection(N_("Skriv minst ett mål som är SMART."))
    if goals["utkast"]:
        yield Objection(Text(N_("Gör alla mål SMART. {count} är utkast."), count=goals["utkast"]))
    states = list(db.session().scalars(select(Measure.state).where(Measure.cycle_id == cycle.id)))
    if not set(states) - {"foreslagen", "avbruten"}:
        yield Objection(N_("Tilldela minst en åtgärd."))
    if "foreslagen" in states:
        yield Objection(
            Text(N_("Tilldela eller avbryt alla åtgärder. {count} är kvar."), count=states.count("foreslagen"))
        )
