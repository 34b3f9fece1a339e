"""A round that opens keeps the coach's rules as they are then."""

import pytest

from core import access
from core.applications.coach import COLUMNS
from core.applications.services import coach, rounds
from tests.applications.coach.conftest import add_round

pytestmark = pytest.mark.other_database_long


def test_the_rules_are_frozen_as_a_round_opens(database, whole):
    with database.transaction():
        planned = add_round("TRYGG", number=2, state="planerad")
        rounds.move_round(access.system("test"), planned.uid, "oppna")
        assert [set(row) for row in planned.terms["rules"]] == [set(COLUMNS)] * len(coach.rules_to_freeze())
        assert coach.rules_of(planned) == coach.rules_of(None)
