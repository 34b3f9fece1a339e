"""The demo city's applications and rounds, as somebody who tries Tryggplats finds them."""

from collections import Counter

import pytest

from core import clock as core_clock
from core.applications import demo_whole, hooks
from core.applications.services import applications, coach, measures, meetings, ranking, rounds
from core.applications.services.granting import granted_now
from core.applications.services.summary import BEGUN, DONE, NOT_YET, parts_summary
from core.upkeep.demo import begin, somebody
from tests.demo import DEMO, SATURDAY

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def template():
    return DEMO


@pytest.fixture
def city(clock, database):
    """The demo city on a Saturday night."""
    clock.stop_at(SATURDAY)
    begin()
    with database.transaction():
        yield


def slk(role="slk_handlaggare"):
    return somebody(role, "slk")


def drafts(code):
    """What a board writes on, by what it is called up to the colon."""
    found = applications.list_applications(somebody("sdn_handlaggare", code), applications.Wish("utkast")).rows
    return {one.title.partition(":")[0]: one for one in found}


def test_boards_have_come_differently_far(city):
    rinkeby, hasselby = drafts("sdn-jarva")["Rinkebytorget"], drafts("sdn-hasselby-vallingby")["Hässelby torg"]
    waiting, bare = drafts("sdn-skarholmen")["Skärholmstorget"], drafts("sdn-farsta")["Hökarängen"]
    stands = {key: row.stands for key, row in parts_summary(rinkeby).items()}
    assert {key for key, one in stands.items() if one is DONE} >= {"plats", "problem", "orsaker", "mal"}
    assert stands["perspektiv"] is BEGUN
    assert {row.stands for row in parts_summary(bare).values()} == {NOT_YET}
    assert len(measures.flags(rinkeby, measures.measures_of(rinkeby))) == 1
    told = [coach.read_coach(slk(), one) for one in (rinkeby, waiting, hasselby, bare)]
    assert [one.percent for one in told] == sorted((one.percent for one in told), reverse=True)
    assert [one.is_ready for one in told] == [True, False, False, False]
    assert {one.rule.key for one in told[0].missing} == {"koppling", "perspektiv", "tillstand"}
    lacks = {one.rule.key: str(one.lack.text) for one in told[1].missing}
    assert lacks["samrad"] == "Vänta in svaret från Trafiknämnden."


def test_rounds_stand_differently_and_the_published_grants_are_as_published(city):
    found = {rounds.stands(one).label: one for one in rounds.list_rounds(slk()).rows}
    assert set(found) == {"Beslutad", "Ordningen fryst", "Bereds", "Öppnad"}
    published = {key: granted_now(demo_whole.row_of(key)) for key in ("stieg", "magelungen", "parkvagar", "husby")}
    amounts = {key: sum(years.values()) for key, years in published.items()}
    assert amounts == {"stieg": 6_360_000, "magelungen": 1_650_000, "parkvagar": 250_000, "husby": 2_000_000}
    decided = applications.list_applications(slk(), applications.Wish(round=found["Ordningen fryst"].uid)).rows
    assert Counter(one.state for one in decided) == {
        "delvis_beviljad": 1, "beviljad": 1, "avslag": 1, "forslag": 2,
    }  # fmt: skip
    assert demo_whole.row_of("liljeholmen-1").state == "aterkallad", "and is its board's alone again"
    coming = next(one for one, *_ in meetings.list_meetings(slk()).rows if one.round is found["Ordningen fryst"])
    assert coming.held_on > core_clock.today()
    waits = [item.application.title for item in meetings.items_of(slk("ksu_sekr"), coming)]
    assert [title.partition(":")[0] for title in waits] == ["Gångtunneln vid Sätra", "Högdalens centrum"]


def test_in_the_round_that_is_prepared_two_lie_apart_and_one_stands_aside(city):
    [prepared] = [one for one in rounds.list_rounds(slk()).rows if one.state == "bereds"]
    lines = {one.application.title[:26]: one for one in ranking.order_of(slk(), prepared.uid).lines}
    assert {name: (one.verdict is not None, one.jav) for name, one in lines.items()} == {
        "Liljeholmstorget: vindskyd": (True, 0),
        "Medborgarplatsen: ljus und": (False, 0),
        "Medborgarplatsen: sittplat": (False, 1),
    }
    [verdict] = [one.verdict for one in lines.values() if one.verdict]
    assert list(verdict.lacks_note) == ["effekt"]


def test_something_waits_for_each_of_those_whose_turn_it_is(city):
    people = (
        ("slk_handlaggare-3", "slk"),
        ("forv_chef", "sdn-jarva"),
        ("forv_chef", "sdn-bromma"),
        ("namndsekr", "sdn-jarva"),
        ("fack_handlaggare", "trafik"),
    )
    assert [who for who in people if not list(hooks.tryggplats_todo(somebody(*who), 50))] == []
