"""The demo's duties: what a board steers by, and what the city plans, its cycles do."""

import pytest
from sqlalchemy import select

from core.cooperation.models import Cycle, Goal, Measure
from core.duties.models import IlsActivity, IlsIndicator, PlanMeasure
from tests.demo import DEMO, SATURDAY

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def template():
    return DEMO


@pytest.mark.long
def test_a_goal_and_measures_of_a_cycle_are_found_in_ils_and_in_the_plan(clock, database):
    clock.stop_at(SATURDAY)
    with database.transaction(write=False) as session:
        for part, model, column, title in (
            (Goal, IlsIndicator, IlsIndicator.goal_id, "Vägen över Rinkebytorget"),
            (Measure, IlsActivity, IlsActivity.measure_id, "Vägen över Rinkebytorget"),
            (Measure, PlanMeasure, PlanMeasure.measure_id, "Hässelby torg: ett torg att stanna på"),
        ):
            cycles = select(Cycle.title).join(part, part.cycle_id == Cycle.id).join(model, column == part.id)
            assert session.scalars(cycles).all() == [title]
