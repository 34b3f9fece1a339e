"""Days of an organisation's own: a klämdag, a half day that ends at 14.00; and what was promised before them."""

import re
from datetime import date, time

import pytest
from sqlalchemy import delete, select

from core import clock as core_clock
from core.access import Denied, Missing
from core.schema import Invalid
from core.upkeep import calendar, services
from core.upkeep.calendar import is_working_day
from core.upkeep.knowing import SWEDEN, key_of
from core.upkeep.models import CalendarDay, Deadline, Workday
from core.upkeep.services.calendars import fill_calendar
from tests.upkeep.conftest import HOUSE
from tests.upkeep.test_planning import wall

pytestmark = pytest.mark.other_database_long

KLAMDAG = date(2027, 5, 7)
"""The Friday after Ascension Day, 6 May 2027."""


@pytest.fixture
def officer(actors, clock):
    clock.stop_at("2027-05-03T10:00")
    return actors("tk_drift", "trafik")


@pytest.fixture
def add(database, officer):
    def add(day=KLAMDAG, name="Klämdag", closes=None, actor=officer):
        with database.transaction():
            return services.add_own_day(actor, day=day, name=name, closes=closes).uid

    return add


def days(database, made):
    with database.transaction(write=False) as session:
        why = services.explained(HOUSE, session.get_one(Deadline, made.id))
    return why.calendar, {one.day.isoformat()[5:]: one.note or one.counted for one in why.days}


def test_a_klamdag_counts_for_what_is_promised_after_it_and_is_told_of_what_was_before(database, plan, add, clock):
    before = plan("arbetsdagar", core_clock.now())
    assert before.due_on == date(2027, 5, 11)
    clock.stop_at("2027-05-03T10:01")
    add()
    after = plan("arbetsdagar", core_clock.now())
    elsewhere = plan("arbetsdagar", core_clock.now(), place=False)
    assert (after.due_on, elsewhere.due_on) == (date(2027, 5, 12), date(2027, 5, 11))
    assert after.calendar == key_of(after.organisation_id)
    name, told = days(database, after)
    assert (name, told["05-06"], told["05-07"]) == ("Trafiknämnden", "Kristi himmelsfärdsdag", "Klämdag")
    name, told = days(database, before)
    assert (name, told["05-07"]) == ("Sveriges arbetsdagar", 3)


def test_a_day_that_is_added_later_moves_nothing_and_one_taken_away_neither(database, plan, add, officer, clock):
    """Not even when it is counted anew after a pause: each goes by what was known when its rule was frozen."""
    first = add(date(2027, 12, 30), "Mellandag")
    clock.stop_at("2027-05-03T10:01")
    made = plan("arbetsdagar", core_clock.now())
    clock.stop_at("2027-05-03T10:02")
    added = add()
    pause = {"reason": "Regn"}
    with database.transaction():
        services.pause(HOUSE, made.uid, **pause)
    with database.transaction():
        assert services.resume(HOUSE, made.uid, **pause).due_on == date(2027, 5, 11)
    name, told = days(database, made)
    assert (name, told["05-07"]) == ("Trafiknämnden", "Klämdag, tillagd senare")
    with database.transaction() as session:
        why = services.explained(HOUSE, session.get_one(Deadline, made.id))
        assert [one.counted for one in why.days if one.day == KLAMDAG] == [3]
    after = plan("arbetsdagar", core_clock.now())
    clock.stop_at("2027-05-03T10:03")
    with database.transaction():
        services.remove_own_day(officer, added)
        services.remove_own_day(officer, first)
    assert plan("arbetsdagar", core_clock.now()).due_on == date(2027, 5, 11)
    assert (after.due_on, days(database, after)[1]["05-07"]) == (date(2027, 5, 12), "Klämdag")


def test_a_half_day_ends_open_hours_sooner_and_is_a_working_day(database, plan, add):
    """Four open hours, 07-16, from 10.00 on a day that closes at 14.00 end then; from 12.00 the day after."""
    add(date(2027, 5, 4), "Halvdag", time(14))
    due = {at: plan("oppet", core_clock.local(core_clock.now()).replace(day=4, hour=at)) for at in (10, 12)}
    assert {at: wall(made.due_at) for at, made in due.items()} == {10: "2027-05-04 14:00", 12: "2027-05-05 09:00"}
    assert days(database, due[12])[1]["05-04"] == "Halvdag, till 14.00"
    assert plan("arbetsdagar", core_clock.now()).due_on == date(2027, 5, 11)


def test_the_numbers_of_the_table_follow_the_days(database, add, officer, clock):
    """Added, taken away, and filled further: each number is one more than the last working day's."""
    uid = add()
    add(date(2027, 5, 14), "Halvdag", time(14))
    add(date(2027, 12, 30), "Mellandag")
    with database.transaction():
        services.remove_own_day(officer, uid)
    clock.stop_at("2028-01-01T00:10")
    with database.transaction():
        fill_calendar()
    with database.transaction(write=False) as session:
        table = select(Workday).order_by(Workday.day)
        own = session.scalars(table.where(Workday.calendar == key_of(officer.organisation))).all()
        sweden = session.scalars(table.where(Workday.calendar == SWEDEN)).all()
    assert [row.day for row in own] == [row.day for row in sweden]
    number = 0
    for mine, theirs in zip(own, sweden, strict=True):
        is_working = is_working_day(mine.day) and mine.day != date(2027, 12, 30)
        number += is_working
        assert (mine.wd, mine.is_wd) == (number, is_working), mine.day
        assert mine.name == ({date(2027, 5, 14): "Halvdag", date(2027, 12, 30): "Mellandag"}.get(mine.day, theirs.name))


def test_what_is_no_day_to_add_is_told(add, actors, database):
    add()
    for day, words in (
        (date(2027, 5, 2), "Välj i dag eller en dag som kommer."),
        (date(2099, 5, 4), "Kalendern når inte så långt. Välj en tidigare dag."),
        (date(2027, 5, 6), "Dagen är ledig redan. Välj en arbetsdag."),
        (date(2027, 5, 8), "Dagen är ledig redan. Välj en arbetsdag."),
        (KLAMDAG, "Dagen finns redan: Klämdag. Ta bort den först."),
    ):
        with pytest.raises(Invalid) as refused:
            add(day)
        assert refused.value.messages == {"day": [words]}, day
    with pytest.raises(Denied):
        add(actor=actors("entreprenor", "trafik"))


def test_they_are_set_on_a_page(client, actors, database, officer):
    client.login(officer)
    page = client.get("/skotsel/kalender").text
    for words in ("Ni har inga egna dagar framöver.", "Kristi himmelsfärdsdag", "Midsommarafton"):
        assert words in page
    send = {"day": "2027-05-07", "name": "Klämdag", "closes": "14:00"}
    assert client.submit("/skotsel/kalender", {**send, "day": ""}, page="/skotsel/kalender").status_code == 422
    assert client.submit("/skotsel/kalender", send, page="/skotsel/kalender").status_code == 303
    again = client.submit("/skotsel/kalender", send, page="/skotsel/kalender")
    assert (again.status_code, "Dagen finns redan" in again.text) == (422, True)
    page = client.get("/skotsel/kalender").text
    assert "Stänger 14.00" in page
    button = re.search(r'action="(/skotsel/kalender/[0-9a-f-]+/ta-bort)"', page)[1]
    client.login(actors("tk_drift", "exploatering"))
    assert "Klämdag" not in client.get("/skotsel/kalender").text.partition("<form")[0]
    assert client.submit(button, {}, page="/skotsel/kalender").status_code == 404
    client.login(officer)
    assert client.submit(button, {}, page="/skotsel/kalender").status_code == 303
    assert client.submit(button, {}, page="/skotsel/kalender").status_code == 404
    assert "Ni har inga egna dagar framöver." in client.get("/skotsel/kalender").text
    client.login(actors("revisor", "kf"))
    assert "Lägg till en dag" not in client.get("/skotsel/kalender").text
    with database.transaction(write=False) as session:
        [row] = session.scalars(select(CalendarDay)).all()
    assert (row.name, row.closes, row.removed_at) == ("Klämdag", time(14), core_clock.now())
    with database.transaction(), pytest.raises(Missing):
        services.remove_own_day(officer, row.uid)


def test_that_the_calendar_ends_or_the_list_says_otherwise_is_told_to_who_runs_the_installation(
    database, client, actors, clock, monkeypatch
):
    clock.stop_at("2027-05-03T10:00")

    def told():
        admin = actors("sysadmin", "slk")
        client.login(admin)
        pages = client.get("/admin/drift").text, client.get("/").text
        row = re.search(r"<td[^>]*>Arbetsdagar</td>.*?</tr>", pages[0], re.DOTALL) or re.search(
            r"Arbetsdagar.*?</tr>", pages[0], re.DOTALL
        )
        return row[0], pages[1]

    assert "Kända" in told()[0]
    free = calendar.holidays_of
    with monkeypatch.context() as patched:
        patched.setattr(calendar, "holidays_of", lambda year: {date(year, 5, 10): "Ny helgdag"} | dict(free(year)))
        row, start = told()
    assert "säger annat om 2027-05-10 än kalendern" in row
    assert "Driften behöver ses över: Arbetsdagar" in start or "delar av driften" in start
    with database.transaction() as session:
        session.execute(delete(Workday).where(Workday.day > date(2028, 12, 31)))
    row, _ = told()
    assert "Kalendern slutar 2028-12-31" in row
    with database.transaction():
        fill_calendar()
    assert "Till och med 2042-12-31" in told()[0]


def test_own_days_are_listed_added_and_removed_in_the_api(client, actors, clock):
    """By the same rules as on the page; they are one's own organisation's."""
    clock.stop_at("2027-12-20T10:00")
    officer, other = actors("tk_drift", "trafik"), actors("sdn_handlaggare", "sdn-farsta")
    ours, theirs = actors.token(officer), actors.token(other)
    days = "/api/v1/calendar/days"
    day = {"day": "2027-12-30", "name": "Klämdag", "closes": "14:00"}
    made = client.post(days, json=day, headers=ours)
    assert (made.status_code, made.json) == (201, day | {"uid": made.json["uid"]})
    again = client.post(days, json=day | {"closes": "hela"}, headers=ours)
    assert (again.status_code, again.json["errors"][0]["field"]) == (422, "day")
    assert client.get(days, headers=ours).json == {"items": [made.json]}
    assert client.get(days, headers=theirs).json == {"items": []}
    here = f"{days}/{made.json['uid']}"
    assert [client.delete(here, headers=who).status_code for who in (theirs, ours, ours)] == [404, 204, 404]
    assert client.get(days, headers=ours).json == {"items": []}
