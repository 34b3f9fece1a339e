"""The demo city's platssamverkan, agreements and councils, as somebody who tries Tryggplats finds them."""

import pytest
from sqlalchemy import select

from core import db
from core.agreements import services
from core.agreements.models import Agreement, Collaboration, Commitment, CommitmentTime, Council
from core.people.models import DEMO_ADDRESS, Person
from core.people.services import actor_of
from tests.demo import DEMO, SATURDAY

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def template():
    return DEMO


@pytest.fixture
def city(clock, database):
    """The demo city on a Saturday night."""
    clock.stop_at(SATURDAY)
    with database.transaction():
        yield


def somebody(login):
    return actor_of(db.session().scalars(select(Person).where(Person.email == login + DEMO_ADDRESS)).one())


@pytest.mark.long
@pytest.mark.one_database
def test_every_board_is_covered_or_listed_and_there_is_something_in_most_states(city):
    rows = services.coverage.coverage(somebody("slk_handlaggare.slk"))
    lacking = {row.board.code: row.lacks for row in rows}
    assert len(lacking) == 11
    assert {"sdn-hasselby-vallingby", "sdn-jarva"} <= {code for code, lacks in lacking.items() if not lacks}
    assert len([code for code, lacks in lacking.items() if len(lacks) == 3]) >= 2
    late = [one for row in rows for one in row.police if services.coverage.late_review(one, SATURDAY.date())]
    assert late
    found = {model: set(db.session().scalars(select(model.state))) for model in (Agreement, Collaboration, Council)}
    assert found[Agreement] >= {"utkast", "remiss", "signeras", "galler", "revideras"}
    assert found[Collaboration] >= {"nulage", "organiserad", "overenskommen", "pagar", "utvarderas", "avvecklas"}
    assert found[Council] == {"forbereds", "verksamt"}
    assert set(db.session().scalars(select(CommitmentTime.kept))) == {True, False, None}
    assert {"atagit", "foreslaget"} <= set(db.session().scalars(select(Commitment.state)))
