"""A plan whose day cannot be ordered waits, says why, and stops no other; what is long past is not ordered at once."""

from datetime import date

import pytest

from core.people.waiting import todos
from core.places.models import Place
from core.upkeep.recurring import DONE, PLANNED
from core.works import services
from tests.works.conftest import add_contract
from tests.works.test_plans import next_on, orders, plan, run

__all__ = ["plan"]


@pytest.mark.parametrize("basis", [PLANNED, DONE])
def test_an_order_waits_for_the_contract_that_begins_on_its_day(database, clock, scene, sides, plan, client, basis):
    clock.stop_at("2027-03-18T03:00")
    with database.transaction():
        coming = add_contract(sides.orderer, valid_from=date(2027, 4, 1), valid_to=date(2027, 4, 20)).uid
    uid = plan(contract=coming, rrule="FREQ=MONTHLY", basis=basis, lead_days=14)
    run(database)
    assert (orders(database), next_on(database, uid)) == ([], date(2027, 4, 1))
    client.login(sides.orderer)
    why = "2027-04-01 är inte beställd: avtalet"
    assert why in client.get(f"/skotselplaner/{uid}").text
    with database.transaction(write=False):
        mine, _ = todos(set(), sides.orderer, limit=50)
        assert [one.title for one in mine if str(one.detail).startswith(why)] == ["Klippa gräset"]
    clock.stop_at("2027-04-01T03:00")
    run(database)
    assert [one.plan_on for one in orders(database)] == [date(2027, 4, 1)]
    clock.stop_at("2027-04-25T03:00")
    run(database)
    assert len(orders(database)) == 1, "the contract has ended"


def test_a_refused_plan_stops_no_other(database, clock, scene, sides, plan):
    clock.stop_at("2027-04-01T03:00")
    protected, other = plan(place=scene.place), plan(title="Sopa gången")
    with database.transaction() as session:
        session.query(Place).filter(Place.uid == scene.place).one().level = 3
    run(database)
    assert {one.title for one in orders(database)} == {"Sopa gången"}
    assert next_on(database, protected) == date(2027, 4, 1)
    assert next_on(database, other) > date(2027, 4, 1)


def test_a_plan_on_a_restricted_place_waits_without_its_name_in_letters(database, clock, scene, sides, plan, queries):
    clock.stop_at("2027-03-18T03:00")
    with database.transaction() as session:
        coming = add_contract(sides.orderer, valid_from=date(2027, 4, 1)).uid
        session.query(Place).filter(Place.uid == scene.place).one().level = 2

    asks = []
    for title in ("Klippa gräset", "Sopa gången"):
        plan(contract=coming, title=title, place=scene.place if not asks else None, lead_days=14)
        with database.transaction(write=False), queries() as asked:
            services.waiting_plans(sides.orderer)
        asks.append(len(asked))
    assert asks[0] == asks[1]
    with database.transaction(write=False):
        mine, _ = todos(set(), sides.orderer, limit=50)
    levels = {str(one.title): one.level for one in mine if one.link.startswith("/skotselplaner/")}
    assert levels == {"Klippa gräset": 2, "Sopa gången": 1}


@pytest.mark.parametrize(("basis", "rule"), [(PLANNED, "FREQ=WEEKLY"), (DONE, "FREQ=WEEKLY"), (PLANNED, "FREQ=DAILY")])
def test_a_plan_that_began_long_ago_begins_with_its_next_day(database, clock, sides, plan, basis, rule):
    clock.stop_at("2027-04-01T03:00")
    uid = plan(starts_on=date(2025, 4, 3), basis=basis, rrule=rule, lead_days=0)
    assert next_on(database, uid) == date(2027, 4, 1)
    run(database)
    assert [one.plan_on for one in orders(database)] == [date(2027, 4, 1)]
    with database.transaction():
        version = services.read_plan(sides.orderer, uid).version
        services.change_plan(sides.orderer, uid, version=version, rrule="FREQ=MONTHLY")
    if basis == PLANNED:
        assert next_on(database, uid) == date(2027, 4, 3)
