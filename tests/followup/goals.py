"""Goals for the tests of effects: made as rows, each with what it was before and what it shall be."""

from datetime import date
from uuid import uuid4

from shapely import MultiPolygon, box

from core import clock, db
from core.applications.models import ApplicationGoal
from core.cooperation.models import Cycle, Goal, Problem
from core.places.models import Area

BASELINE = {"baseline": 40.0, "baseline_on": date(2026, 4, 10), "target": 60.0, "unit": "procent"}


def goal_of(application, **facts):
    """A goal of a cycle of its own, that the application is for."""
    home = {"organisation_id": application.organisation_id}
    area = Area(kind="omrade", code=uuid4().hex[:8], name="Torget", geom=MultiPolygon([box(0, 0, 1, 1)]), **home)
    area.valid_from = clock.today()
    db.session().add(area)
    db.session().flush()
    known = {"number": f"SV-{uuid4().hex[:8]}", "title": "Torget", "state": "mal", "started_on": clock.today()}
    cycle = Cycle(uid=uuid4(), content=b"", area_id=area.id, **known, **home)
    db.session().add(cycle)
    db.session().flush()
    problem = Problem(uid=uuid4(), content=b"", cycle_id=cycle.id, number=1, what="Mörkt", state="prioriterad", **home)
    db.session().add(problem)
    db.session().flush()
    known = {"text": "Fler känner sig trygga", "indicator": "Trygga på kvällen", "state": "smart"}
    known |= BASELINE | {"baseline_source": "Trygghetsmätningen"} | facts
    goal = Goal(uid=uuid4(), content=b"", cycle_id=cycle.id, problem_id=problem.id, number=1, **known)
    db.session().add(goal)
    db.session().flush()
    db.session().add(ApplicationGoal(application_id=application.id, goal_id=goal.id))
    db.session().flush()
    return goal
