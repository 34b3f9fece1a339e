"""Penalties: counted by started units under caps, proposed by the system, decided by two, waived by a jurist."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Denied, Missing
from core.flow import Refused
from core.works import services
from core.works.penal import penalty, started
from tests.works.test_chain import refused

pytestmark = pytest.mark.other_database_long

START = date(2020, 1, 1)
KRONOR = st.none() | st.integers(0, 10**7)


@pytest.mark.parametrize(
    ("late", "per", "units"),
    [
        (timedelta(0), "dygn", 0),
        (timedelta(seconds=1), "dygn", 1),
        (timedelta(days=1), "dygn", 1),
        (timedelta(days=1, minutes=1), "dygn", 2),
        (timedelta(minutes=61), "timme", 2),
        (timedelta(days=9), "tillfalle", 1),
        (timedelta(days=-1), "tillfalle", 0),
    ],
)
def test_started_units(late, per, units):
    assert started(late, per) == units


@given(st.integers(0, 10**6), st.sampled_from(["tillfalle", "timme", "dygn"]), st.integers(1, 10**6), KRONOR, KRONOR)
def test_no_cap_is_passed_and_nothing_is_negative(minutes, per, amount, month, whole):
    found = penalty(timedelta(minutes=minutes), per, amount, month_left=month, contract_left=whole)
    assert found.possible == found.count * amount
    assert 0 <= found.amount <= found.possible
    assert all(found.amount <= cap for cap in (month, whole) if cap is not None)
    if month is None and whole is None:
        assert found.amount == found.possible


@pytest.fixture
def costly(database, sides):
    """Being late costs: 1 000 kronor for each started day, 500 for acknowledging too late; 2 500 a month at most."""
    with database.transaction():
        for leg, per, amount in (("fix", "dygn", 1000), ("respond", "tillfalle", 500)):
            rule = {"leg": leg, "priority": "", "per": per, "amount": amount, "source": "AFD.51", "valid_from": START}
            services.add_penalty_rule(sides.orderer, sides.contract, **rule)
        found = services.read_contract(sides.orderer, sides.contract)
        services.change_contract(sides.orderer, sides.contract, version=found.version, penalty_cap_month=2500)


def run(database):
    with database.transaction():
        services.propose_penalties()


def penalties(database, actor, tab="att_gora"):
    with database.transaction(write=False):
        return {row.leg: row for row in services.list_penalties(actor, tab).rows}


def test_what_is_late_is_proposed_once_and_counted_anew_until_somebody_confirms(
    database, clock, sides, costly, ordered, move
):
    clock.stop_at("2026-12-01T10:00")
    made = ordered(priority="p1")  # acknowledged in 2 hours, mended in 24
    clock.pass_by(hours=1)
    move(sides.doer, made, "kvittera")
    clock.pass_by(days=2)
    for _ in "ab":
        run(database)
    found = penalties(database, sides.orderer)
    assert {leg: (row.count, row.possible, row.amount) for leg, row in found.items()} == {"fix": (2, 2000, 2000)}
    clock.pass_by(days=2)
    run(database)
    row = penalties(database, sides.orderer)["fix"]
    assert (row.count, row.possible, row.amount) == (4, 4000, 2500), "the month's cap"
    with database.transaction():
        services.move_penalty(sides.orderer, row.uid, "bekrafta")
    clock.pass_by(days=2)
    run(database)
    assert penalties(database, sides.orderer)["fix"].count == 4, "what a person has confirmed stands"
    with database.transaction(write=False):
        [tally] = services.tallies(sides.orderer)
        assert (tally.possible, tally.claimed, tally.waived) == (4000, 0, 0)


def test_what_was_done_in_time_and_then_approved_costs_nothing(database, clock, sides, costly, ordered, move, show):
    """However long the orderer takes to judge it; rejected it was late all the time."""
    clock.stop_at("2026-12-01T10:00")
    made = ordered(priority="p1")
    move(sides.doer, made, "kvittera")
    show(sides.doer, made)
    move(sides.doer, made, "fardiganmal")
    clock.pass_by(days=3)
    run(database)
    assert penalties(database, sides.orderer) == {}
    move(sides.orderer, made, "underkann", reason="Trasig.")
    run(database)
    assert penalties(database, sides.orderer)["fix"].count == 2


def test_a_quarter_of_an_hour_is_a_quarter_of_an_hour(database, clock, sides, ordered):
    """P0 is answered within 15 minutes; what came too late is counted from there, not from the whole hour."""
    with database.transaction():
        rule = {"leg": "respond", "priority": "", "per": "timme", "amount": 500, "source": "AFD.51"}
        services.add_penalty_rule(sides.orderer, sides.contract, **rule)
    clock.stop_at("2026-12-01T10:00")
    ordered(priority="p0")
    clock.pass_by(minutes=15)
    run(database)
    assert penalties(database, sides.orderer) == {}
    for minutes, hours in ((1, 1), (60, 2)):
        clock.pass_by(minutes=minutes)
        run(database)
        assert penalties(database, sides.orderer)["respond"].count == hours


@pytest.fixture
def proposed(database, clock, sides, costly, ordered):
    clock.stop_at("2026-12-01T10:00")
    ordered(priority="p1")
    clock.pass_by(hours=3)
    run(database)
    return penalties(database, sides.orderer)["respond"].uid


def test_one_confirms_another_decides_and_the_contractor_contests(database, sides, proposed, actors):
    assert penalties(database, sides.doer) == {}, "what is weighed is the city's own"
    with pytest.raises(Missing), database.transaction(write=False):
        services.read_penalty(sides.doer, proposed)

    def step(actor, key, reason=""):
        with database.transaction():
            return services.move_penalty(actor, proposed, key, reason=reason).state

    step(sides.orderer, "bekrafta")
    said = refused(database, services.move_penalty, sides.orderer, proposed, "krava")
    assert said == ["Du har bekräftat vitet. Någon annan beslutar om det."]
    assert step(sides.colleague, "krava") == "kravd"
    with database.transaction(write=False):
        assert services.penalty_events(sides.doer, services.read_penalty(sides.doer, proposed)) == []
    with pytest.raises(Refused), database.transaction():
        services.move_penalty(sides.doer, proposed, "bestrid")
    assert step(sides.doer, "bestrid", "Grinden var låst.") == "bestridd"
    with pytest.raises(Denied), database.transaction():
        services.move_penalty(sides.colleague, proposed, "efterge", reason="Snällt.")
    jurist = actors("jurist", "trafik")
    assert refused(database, services.move_penalty, jurist, proposed, "efterge") == ["Skriv varför."]
    assert step(jurist, "efterge", "Staden öppnade inte.") == "eftergiven"
    with database.transaction(write=False):
        [tally] = services.tallies(sides.orderer)
        assert (tally.possible, tally.claimed, tally.waived) == (500, 0, 500)


def test_a_penalty_is_proposed_and_waived_on_its_pages(sides, proposed, client, actors):
    client.login(sides.orderer)
    page = client.get("/viten").text
    assert "VI-00001" in page
    assert "Möjliga, krävda och eftergivna viten" in page
    here = f"/viten/{proposed}"
    assert "Kontrollera underlaget och bekräfta." in client.get(here).text
    assert client.submit(f"{here}/steg/bekrafta", {"reason": ""}, page=here).status_code == 303
    client.login(actors("jurist", "trafik"))
    refused_page = client.submit(f"{here}/steg/efterge", {"reason": ""}, page=here)
    assert (refused_page.status_code, "Skriv varför." in refused_page.text) == (409, True)
    assert client.submit(f"{here}/steg/efterge", {"reason": "Fel i underlaget."}, page=here).status_code == 303
    assert "VI-00001" in client.get("/viten?visa=eftergivna").text
    assert "Eftergivet: Fel i underlaget." in client.get(here).text


def test_what_is_taken_up_again_comes_to_what_the_caps_leave(database, clock, sides, costly, ordered, actors):
    """Waived it left room, which another penalty has filled meanwhile."""
    clock.stop_at("2026-12-01T10:00")
    ordered(priority="p1")  # to be mended in 24 hours; 2 500 kronor a month at most
    clock.stop_at("2026-12-04T09:00")
    run(database)
    first = penalties(database, sides.orderer)["fix"].uid
    jurist = actors("jurist", "trafik")
    with database.transaction():
        services.move_penalty(jurist, first, "efterge", reason="Snöoväder.")
    ordered(priority="p1")
    clock.stop_at("2026-12-07T08:00")
    run(database)
    with database.transaction():
        row = services.move_penalty(jurist, first, "ta_upp_igen", reason="Det var en annan dag.")
        used = sum(one.amount for one in services.list_penalties(sides.orderer).rows)
        told = services.penalty_events(sides.orderer, row)[0]
    assert (row.possible, row.amount, used) == (2000, 0, 2500)
    assert told.reason == "Från 2000 till 0 kr"
