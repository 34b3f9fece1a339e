"""Measures: what is done against a cause that was kept, by whom, with what, and what came of it (Z7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal
from core.access import Actor
from core.cooperation import catalogue
from core.cooperation.models import Cause, Cycle, Goal, Measure, MeasureGoal, Method, Problem
from core.cooperation.models.cycles import WRITE
from core.cooperation.services.goals import party_key
from core.cooperation.services.problems import cycle_of_row, in_step, next_number
from core.cooperation.services.promises import WORKED_ON, follow_measure
from core.cooperation.states import MEASURE
from core.dated import valid_on
from core.hookspecs import Objection
from core.i18n import N_
from core.schema import Invalid

KEPT = "trolig"
NO_OWNER, NO_DAY = N_("Välj vem som gör det."), N_("Skriv när det är klart.")


@dataclass(frozen=True)
class Step:
    """A measure with the cause that it hangs on and the goals that it is for."""

    measure: Measure
    cause: Cause
    goals: list[Goal]

    @property
    def hangs_loose(self) -> bool:
        """Whether its cause is not kept (any more): then nobody knows why it is done."""
        return self.cause.state != KEPT


def add_measure(
    actor: Actor,
    cycle: UUID,
    *,
    uid: UUID,
    cause: UUID,
    goals: Iterable[UUID] = (),
    owner: UUID | None = None,
    method: UUID | None = None,
    **facts: Any,
) -> Measure:
    """Propose a measure against a cause, for some of the goals; once for each `uid`.

    Raises Missing, Denied, Conflict, Invalid, Refused.
    """
    about = in_step(actor, cycle, "mal")
    wanted = list(dict.fromkeys(goals))
    catalogue.check(facts)
    content = db.fingerprint(cycle=cycle, cause=cause, goals=wanted, owner=owner, method=method, **facts)
    known = db.session().scalar(select(Measure).where(Measure.uid == uid))
    if known is not None:
        if known.content != content:
            raise db.Conflict("measure", uid)
        return known
    measure = Measure(
        uid=uid,
        content=content,
        cycle_id=about.id,
        cause_id=_cause(about, cause),
        number=next_number(Measure, about),
        owner_id=party_key(about, owner, "owner"),
        method_id=_method(method),
        state=MEASURE.start,
        level=about.level,
        **_in_order(facts),
    )
    db.session().add(measure)
    db.session().flush()
    _link(about, measure, wanted)
    journal.write(actor, "measure:add", "cycle", about.uid, level=about.level, number=measure.number)
    return measure


def _cause(cycle: Cycle, uid: UUID) -> int:
    rows = select(Cause).join(Problem, Problem.id == Cause.problem_id)
    found = db.session().scalar(rows.where(Cause.uid == uid, Problem.cycle_id == cycle.id))
    if found is None or found.state != KEPT:
        raise Invalid({"cause": [N_("Välj en orsak som är prövad och trolig.")]})
    return found.id


def _method(uid: UUID | None, standing: int | None = None) -> int | None:
    """Return a method that can be chosen today; the one that a measure has already (`standing`) stays."""
    if uid is None:
        return None
    usable = or_(valid_on(Method, clock.today()), Method.id == standing)
    rows = select(Method.id).where(Method.uid == uid, usable)
    found = db.session().scalar(rows)
    if found is None:
        raise Invalid({"method": [N_("Välj en metod i listan.")]})
    return found


def _in_order(facts: dict[str, Any]) -> dict[str, Any]:
    first, last = facts.get("starts_on"), facts.get("ends_on")
    if first is not None and last is not None and last < first:
        raise Invalid({"ends_on": [N_("Sista dagen kan inte ligga före den första.")]})
    return facts


def _link(cycle: Cycle, measure: Measure, goals: list[UUID]) -> None:
    rows = select(Goal.id).where(Goal.uid.in_(goals), Goal.cycle_id == cycle.id)
    keys = list(db.session().scalars(rows)) if goals else []
    if len(keys) != len(goals):
        raise Invalid({"goals": [N_("Välj bland cykelns mål.")]})
    db.session().execute(delete(MeasureGoal).where(MeasureGoal.measure_id == measure.id))
    db.session().add_all([MeasureGoal(measure_id=measure.id, goal_id=key) for key in keys])
    db.session().flush()


def change_measure(actor: Actor, uid: UUID, *, version: int | None = None, **changes: Any) -> Measure:
    """Change a measure that is not ended. Raises Missing, Denied, Stale, Invalid, Refused."""
    measure = access.find(Measure, uid, actor, WRITE, lock=True)
    cycle = in_step(actor, cycle_of_row(measure).uid, "mal", "genomfora")
    db.refuse_stale("measure", uid, measure.version, version)
    if MEASURE.states[measure.state].closed:
        raise flow.Refused([Objection(N_("Åtgärden är avslutad. Ta upp den igen om något ska ändras."))])
    goals = changes.pop("goals", None)
    for name, find in (("owner", party_key), ("cause", None), ("method", None)):
        if name not in changes:
            continue
        value = changes.pop(name)
        if find is not None:
            key = find(cycle, value, name)
        else:
            key = _cause(cycle, value) if name == "cause" else _method(value, measure.method_id)
        changes[f"{name}_id"] = key
    days = {name: changes.get(name, getattr(measure, name)) for name in ("starts_on", "ends_on")}
    _in_order(days)
    _keep_promised(measure, changes)
    catalogue.check(changes, measure)
    for name, value in changes.items():
        setattr(measure, name, value)
    db.session().flush()
    if goals is not None:
        _link(cycle, measure, list(dict.fromkeys(goals)))
    follow_measure(cycle, measure)
    journal.write(actor, "measure:change", "measure", uid, level=measure.level, changed=sorted(changes))
    return measure


def _keep_promised(measure: Measure, changes: dict[str, Any]) -> None:
    """Refuse to take away who does what is assigned, or its last day: somebody is reminded of both."""
    if measure.state not in WORKED_ON:
        return
    for name, field, words in (("owner_id", "owner", NO_OWNER), ("ends_on", "ends_on", NO_DAY)):
        if name in changes and changes[name] is None:
            raise Invalid({field: [words]})


def move_measure(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> Measure:
    """Assign a measure, begin it, end it or break it off. Raises Missing, Denied, Stale, Refused."""
    measure = access.find(Measure, uid, actor, WRITE, lock=True)
    cycle = in_step(actor, cycle_of_row(measure).uid, "mal", "genomfora")
    db.refuse_stale("measure", uid, measure.version, version)
    flow.move(MEASURE, measure, key, actor, reason=reason)
    follow_measure(cycle, measure)
    return measure


@MEASURE.guard("tilldela", "borja", "ta_upp_igen")
def _whole(measure: Measure, _actor: Actor) -> Iterable[Objection]:
    """What is assigned has an owner, a last day, and a cause that is kept (domain.md 5.3)."""
    if measure.owner_id is None:
        yield Objection(NO_OWNER, "owner")
    if measure.ends_on is None:
        yield Objection(NO_DAY, "ends_on")
    if db.session().get_one(Cause, measure.cause_id).state != KEPT:
        yield Objection(N_("Orsaken är inte längre trolig. Välj en annan, eller avbryt åtgärden."), "cause")


def measures_of(actor: Actor, cycle: Cycle) -> list[Step]:
    """Return the measures of a cycle with cause and goals, by number, in three queries."""
    rows = select(Measure).options(joinedload(Measure.owner), joinedload(Measure.method))
    rows = rows.where(Measure.cycle_id == cycle.id).order_by(Measure.number)
    return _with_goals(list(db.session().scalars(access.visible(rows, actor))))


def read_measure(actor: Actor, uid: UUID) -> Step:
    """Return a measure with its cause and goals; Missing when the actor does not reach it."""
    rows = select(Measure).options(joinedload(Measure.owner), joinedload(Measure.method))
    found = db.session().scalar(rows.where(Measure.uid == uid, access.rule_of(Measure, actor)))
    if found is None:
        raise access.Missing("measure", uid)
    return _with_goals([found])[0]


def _with_goals(measures: list[Measure]) -> list[Step]:
    keys = [one.id for one in measures]
    causes = {
        one.id: one for one in db.session().scalars(select(Cause).where(Cause.id.in_([m.cause_id for m in measures])))
    }
    linked = select(MeasureGoal.measure_id, Goal).join(Goal, Goal.id == MeasureGoal.goal_id)
    rows = list(db.session().execute(linked.where(MeasureGoal.measure_id.in_(keys)).order_by(Goal.number)))
    return [Step(one, causes[one.cause_id], [goal for key, goal in rows if key == one.id]) for one in measures]


def methods() -> list[Method]:
    """Return the methods of the library that are valid today, by name."""
    return list(db.session().scalars(select(Method).where(valid_on(Method, clock.today())).order_by(Method.name)))
