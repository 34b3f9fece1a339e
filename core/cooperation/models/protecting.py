"""What is written together about a place, and its frister, are as protected as the place when that becomes more so."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select, union_all

from core.cooperation.models.analysis import Cause, Problem
from core.cooperation.models.consulting import Consultation
from core.cooperation.models.cycles import Cycle
from core.cooperation.models.lifts import Lift
from core.cooperation.models.pictures import SituationReport
from core.cooperation.models.plan import Goal, Measure
from core.places.protecting import OnPlace, protected_with_place
from core.upkeep.models import Deadline


def _cycles(place: int) -> Select[Any]:
    return select(Cycle.id).where(Cycle.place_id == place)


def _in_cycles(model: Any) -> OnPlace:
    return lambda place: model.cycle_id.in_(_cycles(place))


def _causes(place: int) -> ColumnElement[bool]:
    return Cause.problem_id.in_(select(Problem.id).where(Problem.cycle_id.in_(_cycles(place))))


def _frister(place: int) -> ColumnElement[bool]:
    """Return which frister are about something on a place without naming it: the others follow by themselves."""
    about = [select(model.uid).where(model.cycle_id.in_(_cycles(place))) for model in (SituationReport, Consultation)]
    return Deadline.subject_uid.in_(union_all(*about, select(Lift.uid).where(Lift.place_id == place)))


protected_with_place(Cycle)
protected_with_place(Lift)
for part in (SituationReport, Problem, Goal, Measure, Consultation):
    protected_with_place(part, _in_cycles(part))
protected_with_place(Cause, _causes)
protected_with_place(Deadline, _frister)
