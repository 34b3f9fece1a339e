"""Maintenance plans: an order for each day in the season, in good time and once."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.schema import Invalid
from core.upkeep.models import Deadline
from core.upkeep.recurring import DONE, PLANNED
from core.works import services
from core.works.limits import FIX
from core.works.models import MaintenancePlan, WorkOrder
from core.works.presenting import often_said
from core.works.services import plans
from core.works.services.plans import in_season
from tests.works.test_pages import place_on

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def plan(database, sides):
    """Lay up a plan under the contract: `plan(rrule="FREQ=WEEKLY")`."""

    def plan(**facts):
        known = {
            "title": "Klippa gräset", "description": "", "contract": sides.contract, "organisation": "", "place": None,
            "rrule": "FREQ=WEEKLY", "basis": PLANNED, "starts_on": date(2027, 4, 1), "ends_on": None,
            "season_from": "", "season_to": "", "lead_days": 7, "reach_days": 3,
        }  # fmt: skip
        with database.transaction():
            return services.add_plan(sides.orderer, uid=uuid4(), **(known | facts)).uid

    return plan


def run(database):
    with database.transaction():
        services.make_planned_orders()


def orders(database):
    with database.transaction(write=False) as session:
        return list(session.scalars(select(WorkOrder).order_by(WorkOrder.plan_on)))


def next_on(database, uid):
    with database.transaction(write=False) as session:
        return session.scalars(select(MaintenancePlan.next_on).where(MaintenancePlan.uid == uid)).one()


@pytest.mark.parametrize(
    ("day", "season", "within"),
    [
        (date(2027, 4, 14), ("04-15", "10-15"), False),
        (date(2027, 4, 15), ("04-15", "10-15"), True),
        (date(2027, 10, 15), ("04-15", "10-15"), True),
        (date(2027, 12, 31), ("11-15", "03-15"), True),
        (date(2028, 2, 29), ("11-15", "03-15"), True),
        (date(2028, 3, 16), ("11-15", "03-15"), False),
        (date(2028, 3, 16), ("", ""), True),
    ],
)
def test_a_season_may_cross_new_year(day, season, within):
    assert in_season(day, *season) is within


def test_each_day_in_the_season_gets_its_order_in_good_time_and_once(database, clock, sides, plan):
    clock.stop_at("2027-04-01T03:00")
    uid = plan(season_from="04-15", season_to="10-15")
    assert next_on(database, uid) == date(2027, 4, 15)
    run(database)
    assert orders(database) == []
    clock.stop_at("2027-04-08T03:00")
    for _ in "ab":
        run(database)
    [made] = orders(database)
    assert (made.plan_on, made.state, made.source, made.priority) == (date(2027, 4, 15), "tilldelad", "plan", "p4")
    with database.transaction(write=False) as session:
        frist = session.scalars(select(Deadline).where(Deadline.subject_uid == made.uid, Deadline.kind == FIX)).one()
        assert frist.due_on == date(2027, 4, 18), "three days after its day"
        assert frist.rule["source"] == "Skötselplan SP-0001, 2027-04-15"
    clock.stop_at("2027-04-29T03:00")
    run(database)
    assert [one.plan_on.day for one in orders(database)] == [15, 29, 6], "the 22nd came and went while nothing ran"
    clock.stop_at("2027-11-01T03:00")
    run(database)
    assert next_on(database, uid) == date(2028, 4, 20), "the next season"


def test_what_is_counted_from_when_it_was_done_waits_for_that(database, clock, sides, plan, move, show):
    """Planned on the 1st, done on the 20th, approved on the 25th: the next is a month after the 20th."""
    clock.stop_at("2027-04-01T08:00")
    uid = plan(rrule="FREQ=MONTHLY", basis=DONE, lead_days=0)
    run(database)
    [made] = orders(database)
    assert next_on(database, uid) is None
    clock.stop_at("2027-04-20T08:00")
    run(database)
    assert len(orders(database)) == 1
    move(sides.doer, made.uid, "kvittera")
    show(sides.doer, made.uid)
    move(sides.doer, made.uid, "fardiganmal")
    clock.stop_at("2027-04-25T08:00")
    run(database)
    assert next_on(database, uid) is None, "nobody has approved it"
    move(sides.orderer, made.uid, "godkann", reason="Bra.")
    run(database)
    assert next_on(database, uid) == date(2027, 5, 20)


def test_plans_that_wait_for_their_work_hold_up_no_other(database, clock, sides, plan, move, monkeypatch):
    monkeypatch.setattr(plans, "MOST", 1)
    clock.stop_at("2027-04-01T08:00")
    waits, goes_on = (plan(title=title, basis=DONE, lead_days=0) for title in ("Klippa gräset", "Sopa gången"))
    for _ in "ab":
        run(database)
    [swept] = [one for one in orders(database) if one.title == "Sopa gången"]
    move(sides.orderer, swept.uid, "aterkalla", reason="Det är redan sopat.")
    run(database)
    assert (next_on(database, waits), next_on(database, goes_on)) == (None, date(2027, 4, 8))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"rrule": "varje vecka"}, "rrule"),
        ({"rrule": "FREQ=HOURLY"}, "rrule"),
        ({"ends_on": date(2027, 3, 1)}, "rrule"),
        ({"season_from": "04-15"}, "season_to"),
        ({"contract": None}, "organisation"),
    ],
)
def test_a_plan_that_says_nothing_is_refused_at_its_field(database, plan, wrong, field):
    with pytest.raises(Invalid) as refused:
        plan(**wrong)
    assert list(refused.value.flat()) == [field]


def test_a_plan_is_laid_up_seen_by_the_contractor_and_ended_on_pages(database, clock, scene, sides, client):
    client.login(sides.orderer)
    today = date.today() + timedelta(days=30)
    known = {
        "uid": str(uuid4()), "where": place_on(client, f"/skotselplaner/ny?plats={scene.place}")[0],
        "title": "Töm brunnarna", "description": "",
        "contract": str(sides.contract), "organisation": "", "often": "FREQ=MONTHLY;INTERVAL=3", "rrule": "",
        "basis": "planerad", "starts_on": today.isoformat(), "ends_on": "", "season_from": "", "season_to": "",
        "lead_days": "7", "reach_days": "7",
    }  # fmt: skip
    assert "Skriv månad och dag" in client.submit("/skotselplaner/ny", known | {"season_from": "15 april"}).text
    answer = client.submit("/skotselplaner/ny", known)
    assert answer.status_code == 303
    here = answer.headers["Location"]
    assert "Varje kvartal" in client.get(here).text
    assert "Utan plats" not in client.get(here).text
    client.login(sides.doer)
    assert "Töm brunnarna" in client.get("/skotselplaner").text
    assert "Avsluta planen" not in client.get(here).text
    client.login(sides.orderer)
    assert client.submit(f"{here}/avsluta", {"reason": "Brunnarna är borta."}, page=here).status_code == 303
    assert "Töm brunnarna" not in client.get("/skotselplaner").text
    assert "Brunnarna är borta." in client.get(here).text


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "Varannan vecka, på tisdagar"),
        ("FREQ=MONTHLY;INTERVAL=4", "Var 4:e månad"),
        ("FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=1MO"),
        ("FREQ=WEEKLY;COUNT=3", "FREQ=WEEKLY;COUNT=3"),
    ],
)
def test_how_often_a_plan_comes_is_said_in_words_where_there_are_any(rule, words):
    assert str(often_said(rule)) == words
