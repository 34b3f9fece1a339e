"""The demo city's grants, as somebody who tries Tryggplats finds them."""

import pytest

from core import clock as core_clock
from core.applications import demo_whole
from core.followup import hooks
from core.followup.services import carrying_out, carrying_over, claims, effects, reporting
from core.followup.states import CLAIMS
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


def test_one_grant_is_late_and_has_claims_in_every_state(city):
    slk = somebody("slk_handlaggare", "slk")
    stieg = demo_whole.row_of("stieg")
    far = carrying_out.progress(carrying_out.milestones_of(stieg), core_clock.today())
    assert (stieg.state, [one.title for one in far.late]) == ("genomfors", ["Utegymmet är byggt", "Slutbesiktning"])
    assert claims.count_claims(somebody("sdn_handlaggare", "sdn-farsta")) == dict.fromkeys(CLAIMS.states, 1)
    assert [one.state for one in carrying_over.asked_of(slk, stieg)] == ["yttrad", "beviljad"]
    assert {one.state for one in reporting.reports_of(slk, stieg)} >= {"godkand", "planerad"}
    paid = [one for one in hooks.tryggplats_todo(somebody("slk_ekonom", "slk"), 50) if one.key.startswith("claim:")]
    assert len(paid) == 1, "one waits to be paid"


def test_of_what_is_finished_one_did_good_and_of_one_it_cannot_be_told(city):
    slk = somebody("slk_handlaggare", "slk")
    rows = {key: demo_whole.row_of(key) for key in ("magelungen", "parkvagar", "husby")}
    assert {key: one.state for key, one in rows.items()} == {
        "magelungen": "effekt_uppfoljd", "parkvagar": "slutredovisad", "husby": "fardig",
    }  # fmt: skip
    told = {}
    for key, one in rows.items():
        [goal] = effects.followed(slk, one)
        told[key] = {effect.phase: effect.verdict for effect in goal.after if effect.state != "planerad"}
    assert told == {
        "magelungen": {"direkt": "oklart", "man_6": "oklart", "man_12": "battre"},
        "parkvagar": {"direkt": "oklart", "man_6": "oklart", "man_12": "oklart"},
        "husby": {"direkt": "oklart"},
    }
    waits = [one for one in reporting.reports_of(slk, rows["husby"]) if one.kind == "slut"]
    assert [one.state for one in waits] == ["inlamnad"], "the final report waits to be approved"
