"""How what was ordered went: the report's numbers are those that one gets by counting, and nobody else's."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.people.services import organisation
from core.places.models import Place
from core.upkeep.period import Period
from core.works import services
from core.works.models import Contract
from tests.walks.scene import add_place, square
from tests.works.conftest import add_contract
from tests.works.many import add_orders

pytestmark = pytest.mark.other_database_long

NOON = "2027-05-20T12:00"
SPRING = Period(date(2027, 1, 1), date(2027, 4, 30))
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def now(clock):
    clock.stop_at(NOON)
    return core_clock.now()


def told(database, actor, period=SPRING, **known):
    with database.transaction(write=False):
        return services.order_report(actor, period, **known)


def invented(now, contracts, places, boards):
    """Some hundred orders of all sorts, the same each time."""
    chance = random.Random(7)
    for _ in range(400):
        starts_at = now - chance.uniform(0, 200) * DAY
        due_at = starts_at + chance.choice((1, 5, 30)) * DAY
        met_at = starts_at + chance.uniform(0, 40) * DAY
        order = {
            "contract_id": chance.choice(contracts),
            "coordinator_id": chance.choice(boards),
            "place_id": chance.choice((*places, None)),
            "category": chance.choice(("belysning", "klotter", "")),
            "priority": chance.choice(("p1", "p2", "p3")),
            "source": chance.choice(("egen", "egen", "plan")),
            "starts_at": starts_at,
            "level": chance.choice((1, 1, 1, 1, 3)),
        }
        frist = {"due_at": due_at, "moved_count": chance.choice((0, 0, 2))}
        if met_at < now:
            order |= {"state": "godkand", "done_at": met_at, "approved_at": met_at + HOUR, "cost": chance.randint(1, 9)}
            frist |= {"state": "klar", "met_at": chance.choice((met_at, due_at))}
        elif chance.random() < 0.2:
            order |= {"state": "aterkallad"}
            frist |= {"state": "utgar"}
        elif chance.random() < 0.2:
            frist |= {"paused_since": starts_at}
        yield order | {"frist": frist}


@pytest.fixture
def counted(database, scene, sides, now):
    with database.transaction() as session:
        other = add_contract(sides.orderer, title="Renhållning")
        first = session.scalars(select(Contract.id).where(Contract.uid == sides.contract)).one()
        park = add_place("Parken", square(100, 100, 50))
        places = session.scalars(select(Place.id).where(Place.uid.in_((scene.place, park)))).all()
        boards = [organisation(code).id for code in ("sdn-farsta", "sdn-skarpnack")]
        orders = list(invented(now, (first, other.id, None), places, (*boards, None)))
        add_orders(session, orders)
    return [one for one in orders if one["level"] < 3]


def verdict(frist, now):
    """What became of a frist, said once more and in other words than the report does."""
    if frist.get("state") == "klar":
        return "i_tid" if frist["met_at"] < frist["due_at"] else "sent"
    return "oppen_sen" if frist["due_at"] <= now and "paused_since" not in frist else "oppen"


def owed_within(orders):
    for one in orders:
        day = core_clock.last_day(one["frist"]["due_at"])
        if one["frist"].get("state") != "utgar" and SPRING.first <= day <= SPRING.last:
            yield one, day


@pytest.mark.parametrize(("per", "column"), [("avtal", "contract_id"), ("prioritet", "priority"), ("sort", "category")])
def test_what_was_kept_is_what_one_counts(database, sides, counted, now, per, column):
    expected, moved, months = Counter(), Counter(), Counter()
    for one, day in owed_within(counted):
        key = one[column] or (0 if per == "avtal" else "")
        said = verdict(one["frist"], now)
        expected[key, said] += 1
        moved[key] += one["frist"]["moved_count"] > 0
        months[(day.year, day.month), said] += 1
    found = told(database, sides.orderer, per=per)
    assert sum(expected.values()) > 150
    assert {(one.key, said): n for one in found.groups for said, n in one.counts.items()} == dict(expected)
    assert {one.key: one.moved for one in found.groups} == {one.key: moved[one.key] for one in found.groups}
    assert {(one.key, said): n for one in found.months for said, n in one.counts.items()} == dict(months)
    assert found.whole.owed == sum(n for (_, said), n in expected.items() if said != "oppen")


def test_what_is_open_and_late_is_told_by_age_whatever_the_period(database, sides, counted, now):
    expected = Counter()
    for one in counted:
        if one["frist"].get("state") != "utgar" and verdict(one["frist"], now) == "oppen_sen":
            days = (now - one["frist"]["due_at"]).days
            expected[one["priority"], sum(days > limit for limit in (10, 30, 90))] += 1
    found = told(database, sides.orderer, per="prioritet").aged
    ages = {(one.key, place): n for one in found for place, n in enumerate(one.ages) if n}
    assert ages == dict(expected)


def test_what_came_again_and_what_it_cost_is_what_one_counts(database, sides, counted, now):
    once = [
        one
        for one in counted
        if one["place_id"] and one["category"] and one["source"] != "plan" and one.get("state") != "aterkallad"
    ]
    new = [one for one in once if SPRING.first <= core_clock.local(one["starts_at"]).date() <= SPRING.last]
    came = [
        one
        for one in new
        if any(
            (old["place_id"], old["category"]) == (one["place_id"], one["category"])
            and "approved_at" in old
            and timedelta() <= one["starts_at"] - old["approved_at"] <= 30 * DAY
            for old in once
        )
    ]
    paid = Counter()
    for one in counted:
        if "done_at" in one and SPRING.first <= core_clock.local(one["done_at"]).date() <= SPRING.last:
            paid[one["place_id"]] += one["cost"]
    found = told(database, sides.orderer)
    assert (found.again.of, found.again.count) == (len(new), len(came))
    assert 20 < len(came) < len(new)
    assert {row.at for row in found.again.rows} == {one["starts_at"] for one in came}
    assert sorted(row.cost for row in found.costs.rows) == sorted(paid.values())
    assert found.costs.total == sum(paid.values())
