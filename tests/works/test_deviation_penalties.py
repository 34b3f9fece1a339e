"""A deviation may cost something: proposed by a rule of the contract, then weighed as every penalty."""

from datetime import date
from uuid import uuid4

import pytest

from core import clock as core_clock
from core.flow import Refused
from core.schema import Invalid
from core.works import services
from tests.works.test_penalties import penalties
from tests.works.test_sides import worked_there

pytestmark = pytest.mark.other_database_long

RULE = {"leg": "deviation", "priority": "", "per": "tillfalle", "amount": 2000, "source": "AFD.55"}


def note(database, sides, what="Jouren svarade inte.", **said):
    with database.transaction():
        known = {"uid": uuid4(), "what": what, "found_on": core_clock.today()} | said
        return services.note_deviation(sides.orderer, sides.contract, **known).uid


@pytest.fixture
def rule(database, clock, sides):
    """An occasion costs 2 000 kronor; 3 000 a month at most."""
    clock.stop_at("2026-12-01T10:00")
    with database.transaction():
        found = services.read_contract(sides.orderer, sides.contract)
        services.change_contract(sides.orderer, sides.contract, version=found.version, penalty_cap_month=3000)
        return services.add_penalty_rule(sides.orderer, sides.contract, **RULE).uid


@pytest.fixture
def propose(database, sides, rule):
    def propose(deviation, actor=None, by=rule):
        with database.transaction():
            return services.propose_for_deviation(actor or sides.orderer, deviation, rule=by)

    return propose


def test_a_deviation_costs_what_the_contract_says_within_the_months_cap(database, sides, propose):
    first, second, before = (
        note(database, sides),
        note(database, sides),
        note(database, sides, found_on=date(2026, 11, 3)),
    )
    found = [propose(one) for one in (first, second, before)]
    assert [(row.count, row.possible, row.amount) for row in found] == [
        (1, 2000, 2000), (1, 2000, 1000), (1, 2000, 2000)
    ], "the second has what is left of December, the third is November's"  # fmt: skip
    assert (found[2].month, found[0].order_id) == (date(2026, 11, 1), None)
    with pytest.raises(Refused, match="redan ett vite: VI-00001"):
        propose(first)


def test_only_by_a_rule_for_deviations_of_the_same_contract(database, sides, propose, rule):
    what = note(database, sides)
    with database.transaction():
        late = services.add_penalty_rule(sides.orderer, sides.contract, **RULE | {"leg": "fix"})
    for other in (late.uid, uuid4()):
        with pytest.raises(Invalid):
            propose(what, by=other)
    for wrong in ({"per": "dygn"}, {"priority": "p1"}):
        with pytest.raises(Invalid), database.transaction():
            services.add_penalty_rule(sides.orderer, sides.contract, **RULE | wrong)


def test_who_has_an_interest_proposes_nothing(database, sides, propose):
    what = note(database, sides)
    worked_there(database, sides.orderer, core_clock.today())
    with pytest.raises(Refused, match="Du har arbetat hos"):
        propose(what)
    assert propose(what, sides.colleague).number == "VI-00001"


def test_it_is_confirmed_by_one_decided_by_another_contested_and_waived(database, sides, propose, actors, client):
    what = note(database, sides)
    here = f"/avtal/{sides.contract}/kontroll"
    client.login(sides.orderer)
    page = client.get(here).text
    assert "Föreslå vite: Jouren svarade inte." in page
    [by] = [one for one in page.split('<option value="')[1:] if "2\u00a0000 kr, AFD.55" in one]
    address = f"/avvikelser/{what}/vite"
    assert client.submit(address, {"rule": ""}, page=here).status_code == 422
    answer = client.submit(address, {"rule": by.partition('"')[0]}, page=here)
    assert answer.status_code == 303
    vite = answer.headers["Location"].partition("?")[0]
    assert "Jouren svarade inte." in client.get(vite).text
    assert "VI-00001" in client.get(here).text
    client.login(sides.doer)
    assert ("VI-00001" in client.get(here).text, client.get(vite).status_code) == (False, 404), "the city's own so far"

    uid = penalties(database, sides.orderer)["deviation"].uid

    def step(actor, key, reason="Så här."):
        with database.transaction():
            return services.move_penalty(actor, uid, key, reason=reason).state

    step(sides.orderer, "bekrafta")
    with pytest.raises(Refused, match="Någon annan beslutar"):
        step(sides.orderer, "krava")
    assert step(sides.colleague, "krava") == "kravd"
    assert "VI-00001" in client.get(here).text
    assert step(sides.doer, "bestrid") == "bestridd"
    assert step(actors("jurist", "trafik"), "efterge") == "eftergiven"
    assert propose(note(database, sides)).amount == 2000, "what is waived leaves the cap"
