"""The effect clock (X9): frozen as it was when money was granted, measured at once and after 6, 12 and 24 months.

What a measuring shows is told by `core.followup.effect`, and kept with it, so that sums are made in the database.
"""

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
from core.applications.models import Application, ApplicationGoal, ApplicationPlace
from core.applications.services import applications, neighbours
from core.applications.states import APPLICATION
from core.cooperation.models import Goal
from core.followup.effect import BETTER, UNTOLD, WINDOWS, WORSE, Measured, season_of, verdict, with_interval
from core.followup.limits import EFFECT, EFFECT_AFTER
from core.followup.models import MEASURE, MONTHS, PHASES, READ, Effect
from core.followup.services import keeping
from core.followup.states import EFFECTS
from core.hookspecs import Objection, Rule
from core.i18n import N_, Text
from core.places.models import Place
from core.schema import Invalid
from core.upkeep import engine

BEFORE = "fore"
YEAR = 12
"""Months after which a measuring says that the effect is followed up."""
NO_BASELINE = N_("Målet hade inget utgångsläge när pengarna beviljades.")
FROZEN = N_("Det är redan skrivet, och ändras inte. Det frystes vid beslutet.")
TOO_EARLY = N_("Arbetet blev färdigt {day}. Effekten mäts den dagen eller senare.")
BEFORE_FROZEN = N_("Värdet före är från {day}. Effekten mäts efter det.")
OTHER_SEASON = N_("Årstiden är en annan än före.")
OTHER_HOUR = N_("Tiden på dygnet är en annan än före.")


@dataclass(frozen=True)
class Followed:
    """A goal of a grant with what was frozen of it, and each measuring since, here and where it is compared with."""

    goal: Goal
    before: Effect | None
    after: list[Effect]
    compared: list[Effect]

    @property
    def newest(self) -> Effect | None:
        """The last one that was measured."""
        return next((one for one in reversed(self.after) if one.state == "matt"), None)

    def caveats(self, one: Effect) -> list[str]:
        """What makes a measuring hard to hold against before, in words."""
        first = self.before
        if first is None or one.state != "matt":
            return []
        told = [OTHER_SEASON] if first.season and one.season != first.season else []
        return told + ([OTHER_HOUR] if first.hour and one.hour and one.hour != first.hour else [])


def measured(row: Effect) -> Measured:
    """Return a row as what it measured."""
    return Measured(row.value, row.n, row.low, row.high, row.unit)


# --- Frozen, and planned ------------------------------------------------------------------------------------------


@applications.follows("bevilja", "acceptera")
def freeze(_actor: Actor, application: Application, _facts: dict[str, Any]) -> None:
    """Freeze where each goal stands as money is granted; granted anew after a correction it is frozen anew."""
    old = {row.goal_id: row for row in _rows(application) if row.phase == BEFORE and not row.compares}
    goals = _goals(application)
    for key in set(old) - {goal.id for goal in goals}:
        db.session().delete(old[key])
    for goal in goals:
        row = old.get(goal.id) or _new(application, goal, BEFORE, goal.baseline_on or clock.today())
        known = goal.baseline is not None
        row.state, row.unclear = ("matt", "") if known else ("gar_inte", NO_BASELINE)
        row.value, row.unit, row.target = goal.baseline, goal.unit, goal.target
        row.measured_on, row.method = goal.baseline_on, goal.baseline_source
        row.season = season_of(goal.baseline_on) if goal.baseline_on else ""
    db.session().flush()


@applications.follows("fardigstall")
def start_clock(_actor: Actor, application: Application, facts: dict[str, Any]) -> None:
    """Plan the measurings of each goal: at once, and after 6, 12 and 24 months."""
    finished: date = facts.get("finished_on") or application.finished_on or clock.today()
    frozen = {row.goal_id: row for row in _rows(application) if row.phase == BEFORE and not row.compares}
    known = {(row.goal_id, row.phase): row for row in _rows(application) if not row.compares}
    for goal in _goals(application):
        before = frozen.get(goal.id)
        for phase in EFFECT_AFTER:
            day = due_on(phase, finished, before.season if before else "")
            row = known.get((goal.id, phase)) or _new(application, goal, phase, day)
            if row.state == "planerad":
                row.unit, row.target = (before.unit, before.target) if before else (goal.unit, goal.target)
                row.due_on = _promise(application, row, phase, day)
    db.session().flush()


@applications.follows("ratta_fardig", "avbryt")
def stop_clock(_actor: Actor, application: Application, _facts: dict[str, Any]) -> None:
    """What is not finished is not measured."""
    for row in _rows(application):
        if row.state == "planerad":
            keeping.lapsed(EFFECT, row, application, N_("Arbetet är inte färdigt"))


def due_on(phase: str, finished: date, season: str) -> date:
    """Return the day of a measuring: after a year or more it waits for the season of the one before (domain.md 1.4)."""
    day = engine.due(engine.frozen("", phase, EFFECT_AFTER[phase], ""), keeping.at(finished)).on
    if MONTHS.get(phase, 0) < YEAR or not season or season_of(day) == season:
        return day
    rule = Rule(0, "season", season=WINDOWS[season])
    return engine.due(engine.frozen("", phase, rule, ""), keeping.at(day)).on


def _promise(application: Application, row: Effect, phase: str, day: date) -> date:
    terms = Rule(0, "given_date", EFFECT_AFTER[phase].title, source=application.number, given=day)
    return keeping.promise(EFFECT, row, application, owner=application.organisation_id, terms=terms)


def _new(application: Application, goal: Goal, phase: str, day: date, **facts: Any) -> Effect:
    made = {"uid": db.new_uid(), "content": db.fingerprint(application=application.uid, goal=goal.uid, phase=phase)}
    row = Effect(
        **(made | facts),
        application_id=application.id,
        goal_id=goal.id,
        phase=phase,
        due_on=day,
        state=EFFECTS.start,
        unit=goal.unit,
        target=goal.target,
        level=application.level,
    )
    db.session().add(row)
    db.session().flush()
    return row


def _goals(application: Application) -> list[Goal]:
    rows = select(Goal).join(ApplicationGoal, ApplicationGoal.goal_id == Goal.id)
    return list(db.session().scalars(rows.where(ApplicationGoal.application_id == application.id).order_by(Goal.id)))


def _rows(application: Application) -> list[Effect]:
    rows = select(Effect).where(Effect.application_id == application.id)
    return list(db.session().scalars(rows.order_by(Effect.goal_id, Effect.compares, Effect.due_on, Effect.id)))


# --- Measured -----------------------------------------------------------------------------------------------------


def measure(actor: Actor, uid: UUID, *, version: int | None = None, **facts: Any) -> Effect:
    """Write what was measured. Raises Missing, Denied, Stale, Refused, Invalid."""
    row, application = _to_write(actor, uid, version)
    _refuse_wrong(row, facts)
    _refuse_too_early(row, application, facts["measured_on"])
    flow.move(EFFECTS, row, "mat", actor)
    _write(row, facts)
    if not row.compares:
        _judge(application, row)
    keeping.met(EFFECT, row, application, EFFECTS.states[row.state].label)
    return row


def compare(
    actor: Actor, application: UUID, *, uid: UUID, goal: UUID, phase: str, place: UUID | None = None, **facts: Any
) -> Effect:
    """Write what was measured on a place that is compared with, where nothing was done; once for each `uid`.

    Raises Missing, Denied, Refused, Invalid, Conflict.
    """
    about = access.find(Application, application, actor, MEASURE, lock=True)
    content = db.fingerprint(application=application, goal=goal, phase=phase, place=place, **facts)
    known = access.made_before(actor, Effect, uid, content)
    if known is not None:
        return known
    found = next((one for one in _goals(about) if one.uid == goal), None)
    if found is None:
        raise Invalid({"goal": [N_("Välj ett av ansökans mål.")]})
    taken = select(Effect.id).filter_by(application_id=about.id, goal_id=found.id, phase=phase, compares=True)
    if db.session().scalar(taken) is not None:
        raise Invalid({"phase": [N_("Det är redan skrivet för den tiden. Rätta det som står.")]})
    key = db.session().scalar(access.visible(select(Place.id).where(Place.uid == place), actor)) if place else None
    if place is not None and key is None:
        raise Invalid({"place": [N_("Välj en plats i listan.")]})
    row = _new(about, found, phase, clock.today(), uid=uid, content=content, compares=True, place_id=key)
    _refuse_wrong(row, facts)
    _refuse_too_early(row, about, facts["measured_on"])
    _write(row, facts)
    row.state = "matt"
    db.session().flush()
    journal.write(actor, "effect:compare", "application", about.uid, level=about.level, phase=phase)
    return row


def complete_baseline(actor: Actor, uid: UUID, *, version: int | None = None, **facts: Any) -> Effect:
    """Add what is not known of the frozen value: how many answered, its interval, the hour. The value itself stays.

    Raises Missing, Denied, Stale, Refused, Invalid.
    """
    row = access.find(Effect, uid, actor, MEASURE, lock=True)
    db.refuse_stale("effect", uid, row.version, version)
    if row.phase != BEFORE or row.state != "matt":
        raise flow.Refused([Objection(N_("Det finns inget fryst värde att komplettera."))])
    said = {name: value for name, value in facts.items() if value not in (None, "")}
    wrong = [name for name in said if getattr(row, name) not in (None, "")]
    if wrong:
        raise Invalid({name: [FROZEN] for name in wrong})
    _refuse_wrong(row, {"value": row.value, "low": row.low, "high": row.high, "measured_on": row.measured_on} | said)
    for name, value in said.items():
        setattr(row, name, value)
    row.low, row.high = _interval(row)
    db.session().flush()
    application = db.session().get_one(Application, row.application_id)
    for one in _rows(application):
        if one.goal_id == row.goal_id and one.state == "matt" and one.phase != BEFORE and not one.compares:
            _judge(application, one)
    journal.write(actor, "effect:complete", "effect", uid, level=row.level, **{name: str(said[name]) for name in said})
    return row


def move_effect(actor: Actor, uid: UUID, key: str, *, reason: str, version: int | None = None) -> Effect:
    """Say that it cannot be measured, or take back what was written. Raises Missing, Denied, Stale, Refused."""
    row, application = _to_write(actor, uid, version)
    flow.move(EFFECTS, row, key, actor, reason=reason)
    if key == "avsta":
        row.unclear, row.verdict = reason, UNTOLD
        keeping.met(EFFECT, row, application, EFFECTS.states[row.state].label)
    elif key == "ratta":
        row.unclear, row.verdict = "", ""
        if not row.compares:
            row.due_on = _promise(application, row, row.phase, row.due_on)
    db.session().flush()
    return row


@EFFECTS.guard("ratta")
def _frozen(row: Effect, _actor: Actor) -> Iterable[Objection]:
    if row.phase == BEFORE and not row.compares:
        yield Objection(N_("Det frystes när pengarna beviljades, och ändras inte."))


def _to_write(actor: Actor, uid: UUID, version: int | None) -> tuple[Effect, Application]:
    row = access.find(Effect, uid, actor, MEASURE, lock=True)
    db.refuse_stale("effect", uid, row.version, version)
    return row, db.session().get_one(Application, row.application_id)


def _refuse_wrong(row: Effect, facts: dict[str, Any]) -> None:
    low, high, value = facts.get("low"), facts.get("high"), facts.get("value")
    wrong: dict[str, list[str]] = {}
    if (low is None) != (high is None):
        wrong["high" if high is None else "low"] = [N_("Skriv både lägsta och högsta värde, eller inget av dem.")]
    elif low is not None and high is not None and value is not None and not low <= value <= high:
        wrong["value"] = [N_("Värdet ska ligga mellan lägsta och högsta värde.")]
    if row.unit in ("procent", "%") and value is not None and not 0 <= value <= 100:  # noqa: PLR2004 - percent
        wrong["value"] = [N_("Skriv en andel mellan 0 och 100 procent.")]
    day = facts.get("measured_on")
    if day is not None and day > clock.today():
        wrong["measured_on"] = [N_("Dagen har inte varit än.")]
    if wrong:
        raise Invalid(wrong)


def _refuse_too_early(row: Effect, application: Application, day: date) -> None:
    """Refuse what is said to be an effect, and was measured before the work was finished or the value frozen."""
    if row.phase == BEFORE:
        return
    rows = select(func.max(Effect.measured_on)).filter_by(application_id=application.id, goal_id=row.goal_id)
    frozen = db.session().scalar(rows.where(Effect.phase == BEFORE, Effect.compares.is_(False)))
    if application.finished_on is not None and day < application.finished_on:
        told = Text(TOO_EARLY, day=application.finished_on.isoformat())
    elif frozen is not None and day < frozen:
        told = Text(BEFORE_FROZEN, day=frozen.isoformat())
    else:
        return
    raise Invalid({"measured_on": [told]})


def _write(row: Effect, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    row.season = season_of(row.measured_on) if row.measured_on else ""
    row.low, row.high = _interval(row)
    db.session().flush()


def _interval(row: Effect) -> tuple[float | None, float | None]:
    known = with_interval(measured(row))
    return known.low, known.high


def _judge(application: Application, row: Effect) -> None:
    """Keep what the measuring shows against what was frozen."""
    before = next((one for one in _rows(application) if _same(one, row) and one.phase == BEFORE), None)
    told = verdict(measured(before) if before else Measured(None), measured(row), row.target)
    row.verdict, row.unclear = told.key, told.why
    db.session().flush()


def _same(one: Effect, other: Effect) -> bool:
    return one.goal_id == other.goal_id and one.compares == other.compares


@APPLICATION.guard("folj_upp")
def _measured_after_a_year(application: Application, _actor: Actor) -> Iterable[Objection]:
    late = [phase for phase, months in MONTHS.items() if months >= YEAR]
    rows = select(Effect.goal_id).filter_by(application_id=application.id, state="matt", compares=False)
    done = set(db.session().scalars(rows.where(Effect.phase.in_(late))))
    goals = {goal.id: goal.number for goal in _goals(application)}
    lacking = [str(number) for key, number in goals.items() if key not in done]
    if lacking:
        told = N_("Mät effekten efter minst 12 månader först. Det saknas för mål {goals}.")
        yield Objection(Text(told, goals=", ".join(lacking)), "#effekt")


# --- Reading ------------------------------------------------------------------------------------------------------


def followed(actor: Actor, application: Application) -> list[Followed]:
    """Return the goals of an application with what was measured, in two queries. Raises Denied."""
    access.require(actor, READ)
    rows = select(Effect).options(joinedload(Effect.goal), joinedload(Effect.place))
    rows = rows.where(Effect.application_id == application.id, access.rule_of(Effect, actor))
    by_goal: dict[int, list[Effect]] = {}
    for row in db.session().scalars(rows.order_by(Effect.goal_id, Effect.due_on, Effect.id)):
        by_goal.setdefault(row.goal_id, []).append(row)
    return [_followed(found) for found in by_goal.values()]


def _followed(found: list[Effect]) -> Followed:
    order = list(PHASES)
    found.sort(key=lambda one: order.index(one.phase))
    here = [one for one in found if not one.compares]
    before = next((one for one in here if one.phase == BEFORE), None)
    after = [one for one in here if one.phase != BEFORE]
    return Followed(found[0].goal, before, after, [one for one in found if one.compares])


def read_effect(actor: Actor, uid: UUID) -> Effect:
    """Return a measuring with its application and goal; Missing when the actor does not reach it."""
    access.require(actor, READ)
    rows = select(Effect).options(joinedload(Effect.application), joinedload(Effect.goal))
    found = db.session().scalar(rows.where(Effect.uid == uid, access.rule_of(Effect, actor)))
    if found is None:
        raise access.Missing("effect", uid)
    return found


def places_beside(actor: Actor, application: Application) -> list[Place]:
    """Return places of the same district that the application is not about, to compare with."""
    own = select(ApplicationPlace.place_id).where(ApplicationPlace.application_id == application.id)
    near = select(Place.district_id).where(Place.id.in_(own))
    rows = select(Place).where(Place.district_id.in_(near), Place.id.not_in(own)).order_by(Place.name).limit(200)
    return list(db.session().scalars(access.visible(rows, actor)))


@neighbours.tell_effects
def tell(keys: Collection[int]) -> dict[int, str]:
    """Return a sentence of what came of applications, by key, where something was measured: one query."""
    rows = select(Effect.application_id, Effect.verdict, func.count().label("n"))
    rows = rows.where(Effect.application_id.in_(list(keys)), Effect.state == "matt", Effect.verdict != "")
    found: dict[int, dict[str, int]] = {}
    for key, told, number in db.session().execute(rows.group_by(Effect.application_id, Effect.verdict)):
        found.setdefault(key, {})[told] = number
    return {key: _sentence(counts) for key, counts in found.items()}


def _sentence(counts: dict[str, int]) -> Text:
    told = N_("{better} mål bättre, {worse} sämre, {untold} går inte att skilja från före")
    return Text(told, better=counts.get(BETTER, 0), worse=counts.get(WORSE, 0), untold=counts.get(UNTOLD, 0))
