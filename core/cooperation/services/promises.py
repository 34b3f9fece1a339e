"""What a cycle promises in time beside the pictures: measures done, a follow-up written; and who is asked for what.

The frister are the house's own, met by what happens; their lines, and those of who waits, stand in the letters.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select

from core import access, clock, db
from core.access import Actor
from core.cooperation.limits import FOLLOW_UP, KINDS, MEASURE, ONLY
from core.cooperation.models import Cycle, CycleParty, Goal, Measure
from core.cooperation.services import cycles
from core.cooperation.states import CYCLE, ENDED, OVER
from core.cooperation.states import MEASURE as MEASURES
from core.hookspecs import Rule
from core.i18n import N_
from core.places.models import Place
from core.refs import Subject
from core.upkeep import services as upkeep

HOUSE = access.system("cooperation")
WORKED_ON = ("tilldelad", "pagar")
OPENING = "cycle_pictures"
"""The kind of thing that a letter names when pictures have been opened."""


def _promise(kind: str, about: Subject, *, owner: int, given: date, source: str) -> None:
    """Let something be due on a day that is given, however often that day is changed."""
    title = next(one.rules[ONLY].title for one in KINDS if one.key == kind)
    terms = Rule(0, "given_date", title, source=source, given=given)
    known: dict[str, Any] = {"rule": ONLY, "subject": about, "owner": owner, "terms": terms}
    deadline = upkeep.plan_deadline(HOUSE, kind, starts_at=clock.now(), **known)
    if deadline.state == "klar":
        upkeep.renew_deadline(HOUSE, kind, about, starts_at=clock.now(), reason=N_("Tas upp igen"))
    if deadline.rule["given"] != given.isoformat():
        upkeep.retime_deadline(HOUSE, kind, about, terms=terms, reason=N_("Ny sista dag"))


def _about(kind: str, row: Any, title: str, cycle: Cycle) -> Subject:
    place = db.session().scalar(select(Place.uid).where(Place.id == cycle.place_id)) if cycle.place_id else None
    return Subject(kind, row.uid, title, place=place, level=cycle.level)


def follow_measure(cycle: Cycle, measure: Measure) -> None:
    """Let the frist of a measure follow it: assigned it has one, done it is met, broken off it lapses."""
    about = _about("measure", measure, measure.text, cycle)
    if measure.state in WORKED_ON and measure.owner_id is not None and measure.ends_on is not None:
        _promise(MEASURE, about, owner=measure.owner_id, given=measure.ends_on, source=cycle.number)
    elif measure.state == "klar":
        upkeep.meet_deadline(HOUSE, MEASURE, about, reason=MEASURES.states[measure.state].label)
    elif measure.state == "avbruten":
        upkeep.drop_deadline(HOUSE, MEASURE, about, reason=MEASURES.states[measure.state].label)


@cycles.follows
def follow_step(actor: Actor, cycle: Cycle, key: str) -> None:  # noqa: ARG001 - whoever moves it
    """Let a cycle that is carried out be followed up when the last of its goals is due; one that has ended waits for
    nothing more, not for its measures either.
    """
    about, reason = _about("cycle", cycle, cycle.title, cycle), CYCLE.states[cycle.state].label
    if key in ("genomfor", "oppna_igen"):
        last = db.session().scalar(select(func.max(Goal.due_on)).where(Goal.cycle_id == cycle.id))
        if last is not None:
            _promise(FOLLOW_UP, about, owner=cycle.organisation_id, given=last, source=cycle.number)
        for measure in _worked_on(cycle):
            follow_measure(cycle, measure)
    elif cycle.state in OVER:
        end = upkeep.meet_deadline if cycle.state == ENDED else upkeep.drop_deadline
        end(HOUSE, FOLLOW_UP, about, reason=reason)
        for measure in _worked_on(cycle):
            upkeep.drop_deadline(HOUSE, MEASURE, _about("measure", measure, measure.text, cycle), reason=reason)
    else:
        upkeep.drop_deadline(HOUSE, FOLLOW_UP, about, reason=reason)


def _worked_on(cycle: Cycle) -> list[Measure]:
    rows = select(Measure).where(Measure.cycle_id == cycle.id, Measure.state.in_(WORKED_ON))
    return list(db.session().scalars(rows.order_by(Measure.id)))


def tell_opened(cycle: Cycle) -> None:
    """Let the next letter tell each party that the pictures are open."""
    for party in _parties(cycle):
        upkeep.nudge_about(HOUSE, Subject(OPENING, cycle.uid, cycle.title, level=cycle.level), party)


def ask_to_accept(cycle: Cycle, goal: Goal, *, asks: int | None) -> None:
    """Let the next letter ask the parties for their word on a goal; `asks` is who wrote it last, and is not asked."""
    for party in _parties(cycle):
        if party != asks:
            upkeep.nudge_about(HOUSE, _goal(goal), party)


def ask_no_more(goal: Goal, party: int | None = None) -> None:
    """Let no letter ask for a word on a goal any more, or no more for that of one party."""
    upkeep.forget_nudges(HOUSE, _goal(goal), party)


def _goal(goal: Goal) -> Subject:
    return Subject("goal", goal.uid, goal.text, level=goal.level)


def _parties(cycle: Cycle) -> list[int]:
    rows = select(CycleParty.organisation_id).where(CycleParty.cycle_id == cycle.id, CycleParty.left_on.is_(None))
    return list(db.session().scalars(rows.order_by(CycleParty.id)))
