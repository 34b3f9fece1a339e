"""What is written together about a protected place is as protected, so that no letter or open calendar names it."""

import pytest
from sqlalchemy import select

from core.cooperation.models import Cause, Consultation, Cycle, Goal, Lift, Measure, Problem, SituationReport
from core.db import session
from core.places import services as places
from core.upkeep.models import Deadline
from tests.cooperation.conftest import begin
from tests.cooperation.test_chain import fourth, goal, third
from tests.cooperation.test_consulting import ask, planned
from tests.cooperation.test_lifts import lift

pytestmark = pytest.mark.other_database_long
__all__ = ["fourth", "third"]
PARTS = (Cycle, SituationReport, Problem, Cause, Goal, Measure, Consultation, Lift, Deadline)


def protect(scene, confidentiality="begransad"):
    places.change_place(scene.leader, scene.place, version=None, confidentiality=confidentiality)


def levels():
    return {model.__tablename__: set(session().scalars(select(model.level))) for model in PARTS}


def test_a_cycle_about_a_protected_place_is_so_from_its_first_day(database, scene, actors):
    leader = actors("sdn_samordnare", "sdn-farsta")
    with database.transaction():
        protect(scene)
        assert begin(leader, scene.place).level == 2


def test_it_becomes_so_with_its_place_and_all_that_is_written_and_promised_in_it(database, scene, fourth):
    together, problem, cause = fourth
    with database.transaction():
        aim = goal(together, problem)
        ask(together, planned(together, cause, goals=[aim.uid]))
        lift(together.leader, cycle=together.cycle)
        assert levels() == {model.__tablename__: {1} for model in PARTS}
    for wish in ("begransad", "intern"):
        with database.transaction():
            protect(scene, wish)
            assert levels() == {model.__tablename__: {2} for model in PARTS}, "never less than it was"
