"""The demo's presence: in several organisations, something late, something done, something refused or not begun."""

from collections import Counter

import pytest
from sqlalchemy import select

from core.presence.models import (
    Activation,
    ExperienceSurvey,
    FlowCount,
    PatrolRequest,
    PlanningConsultation,
    PlanningGoal,
    PresenceCount,
    PresencePlan,
)
from tests.demo import DEMO, SATURDAY

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def template():
    return DEMO


@pytest.mark.long
def test_the_demo_shows_each_part_in_its_states(clock, database):
    clock.stop_at(SATURDAY)
    with database.transaction(write=False) as session:
        arranged = list(session.scalars(select(Activation)))
        assert {one.state for one in arranged} == {"planerad", "pagar", "genomford", "installd"}
        assert len({one.organisation_id for one in arranged}) > 4
        assert any(one.state == "pagar" and one.ends_on < SATURDAY.date() and not one.outcome for one in arranged)
        states = Counter(session.scalars(select(PatrolRequest.state)))
        assert states == Counter(("genomford", "avropad", "skickad", "avslagen", "utkast"))
        assert sorted(str(done) for done in session.scalars(select(PatrolRequest.done)) if done) == ["304", "85"]
        told = set(session.scalars(select(PresenceCount.plan_id)))
        assert len(list(session.scalars(select(PresencePlan)))) == len(told) + 1, "nobody has written one of them"
        assert len(list(session.scalars(select(FlowCount)))) == 8
        assert sorted(session.scalars(select(ExperienceSurvey.phase))) == ["efter", "fore"]
        assert any(one.answered_on is None for one in session.scalars(select(PlanningConsultation)))
        late = [one for one in session.scalars(select(PlanningGoal)) if one.follow_up_on < SATURDAY.date()]
        assert [one.followed_on for one in late] == [None]
