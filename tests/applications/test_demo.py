"""The demo city's applications, as somebody who tries Tryggplats finds them."""

import pytest

from core.applications.services import applications, measures
from core.applications.services.summary import BEGUN, DONE, NOT_YET, parts_summary
from core.upkeep.demo import begin, somebody
from tests.demo import DEMO, SATURDAY

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def template():
    return DEMO


def test_boards_have_come_differently_far(clock, database):
    clock.stop_at(SATURDAY)
    begin()
    found = {}
    with database.transaction():
        for code in ("sdn-jarva", "sdn-hasselby-vallingby", "sdn-farsta"):
            [one] = applications.list_applications(somebody("sdn_handlaggare", code)).rows
            found[code] = parts_summary(one)
            lines = measures.measures_of(one)
            assert all(one.amount for one in lines)
            assert len(measures.flags(one, lines)) == {"sdn-jarva": 1, "sdn-hasselby-vallingby": 1}.get(code, 0)
        assert applications.list_applications(somebody("slk_handlaggare", "slk")).rows == [], "drafts are their board's"
    stands = {code: {key: row.stands for key, row in one.items()} for code, one in found.items()}
    assert [key for key, one in stands["sdn-jarva"].items() if one is DONE] == ["plats", "problem", "orsaker", "mal"]
    assert stands["sdn-jarva"]["perspektiv"] is BEGUN
    assert [str(one) for one in found["sdn-jarva"]["atgarder"].told] == ["3 åtgärder", "1 saknar orsak"]
    assert set(stands["sdn-farsta"].values()) == {NOT_YET}
