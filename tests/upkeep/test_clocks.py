"""Every clock of the engine over the table of working days: the traps of our peers, and each date told why."""

import csv
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import delete, select

from core import clock as core_clock
from core.hookspecs import Rule
from core.refs import Subject
from core.upkeep import engine, services
from core.upkeep.knowing import SWEDEN
from core.upkeep.models import Workday
from core.upkeep.services.calendars import fill_calendar
from tests.upkeep.conftest import HOUSE, KIND
from tests.upkeep.test_calendar import easter, saturday_from
from tests.upkeep.test_list import fill
from tests.upkeep.test_planning import local, wall

DAY = timedelta(days=1)


@pytest.fixture
def table(database):
    """The table from 2017 to 2042, whatever year it is: by day."""
    with database.transaction() as session:
        session.execute(delete(Workday))
        fill_calendar(date(2027, 6, 1))
    with database.transaction(write=False) as session:
        rows = session.execute(select(Workday.day, Workday.is_wd, Workday.wd).where(Workday.calendar == SWEDEN))
        return {row.day: row for row in rows}


def test_the_days_of_many_years_come_in_one_statement(database, queries):
    with database.transaction() as session:
        session.execute(delete(Workday))
        with queries() as asked:
            fill_calendar(date(2027, 6, 1))
    assert len([one for one in asked if one.startswith("INSERT INTO workday")]) == 1


def why(database, rule, starts, **known):
    with database.transaction(write=False):
        return engine.explain(engine.frozen("Prov", "prov", rule, "1.0"), local(starts), **known)


def test_the_numbers_of_the_table_give_all_84_months_of_the_list(table, shared_data):
    with (shared_data / "calendar" / "se_arbetsdagar_per_manad_2024-2030.csv").open(encoding="utf-8") as file:
        months = list(csv.DictReader(file))
    assert len(months) == 84
    for row in months:
        first = date(int(row["ar"]), int(row["manad"]), 1)
        last = (first + 31 * DAY).replace(day=1) - DAY
        assert table[last].wd - table[first - DAY].wd == int(row["arbetsdagar_utan_aftnar"]), row


def test_the_table_from_2024_to_2040_is_that_of_the_law_and_an_easter_of_our_own(table):
    for year in range(2024, 2041):
        sunday, midsummer = easter(year), saturday_from(date(year, 6, 20))
        free = {date(year, *day) for day in ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))}
        free |= {sunday + offset * DAY for offset in (-2, 1, 39)} | {midsummer - DAY}
        day = date(year, 1, 1)
        while day.year == year:
            assert table[day].is_wd == (day.weekday() < 5 and day not in free), day
            day += DAY


@pytest.mark.parametrize(
    ("starts", "count", "due"),
    [
        ("2026-06-18T10:00", 1, "2026-06-23 00:00"),
        ("2026-12-23T10:00", 1, "2026-12-29 00:00"),
        ("2026-11-21T12:00", 5, "2026-11-28 00:00"),
        ("2026-12-23T14:20", 5, "2027-01-06 00:00"),
        ("2026-10-25T00:30", 1, "2026-10-27 00:00"),
        ("2026-10-25T00:30", 5, "2026-10-31 00:00"),
        ("2027-03-28T00:30", 1, "2027-03-31 00:00"),
    ],
    ids=["Signalen: midsommarafton", "Signalen: julafton", "Signalen: from a Saturday", "scenario 6",
         "GLPI: a day of 25 hours comes once", "and five from it", "a day of 23 hours is one"],
)  # fmt: skip
def test_working_days_where_our_peers_go_wrong(database, starts, count, due):
    assert wall(why(database, Rule(count, "working_days"), starts).due.at) == due


@pytest.mark.parametrize(
    ("count", "starts", "due", "told"),
    [
        (15, "2026-11-26T23:50", "2026-11-27 00:05", "Anmält 2026-11-26 23.50. Regeln ger 15 minuter, dygnet runt."),
        (1, "2026-11-26T10:00", "2026-11-26 10:01", "Anmält 2026-11-26 10.00. Regeln ger 1 minut, dygnet runt."),
        (15, "2027-03-28T01:50", "2027-03-28 03:05",
         "Anmält 2027-03-28 01.50. Regeln ger 15 minuter, dygnet runt. Klockan ställs om under tiden."),
    ],
    ids=["over midnight", "one", "the hour that is not there"],
)  # fmt: skip
def test_minutes_are_counted_day_and_night(database, count, starts, due, told):
    found = why(database, Rule(count, "clock_minutes"), starts)
    assert (wall(found.due.at), found.sentence, found.days) == (due, told, [])


def test_minutes_end_at_a_moment_and_can_stand_still():
    rule = engine.frozen("Prov", "prov", Rule(15, "clock_minutes"), "1.0")
    assert engine.ends_at_a_moment(rule)
    assert engine.may_stand_still(rule)


def test_an_organisation_that_is_closed_over_new_year(database, plan, actors, clock):
    """GLPI's first trap: a closure from 24 December to 2 January never matched there."""
    clock.stop_at("2027-12-20T10:00")
    officer = actors("tk_drift", "trafik")
    with database.transaction():
        for day in (date(2027, 12, 23), *(date(2027, 12, day) for day in range(27, 31)), date(2028, 1, 3)):
            services.add_own_day(officer, day=day, name="Stängt")
    clock.stop_at("2027-12-22T10:00")
    assert plan("arbetsdagar", core_clock.now()).due_on == date(2028, 1, 11), "after 4, 5, 7, 10 January"


@pytest.mark.parametrize(
    ("unit", "count", "starts", "due", "told"),
    [
        ("months", 1, "2027-01-31T09:00", "2027-03-01", ["började", "helg", "närmaste vardag"]),
        ("months", 1, "2026-11-25T09:00", "2026-12-28", ["började", "Juldagen", "Annandag jul", "helg",
                                                         "närmaste vardag"]),
        ("weeks", 3, "2027-01-11T23:30", "2027-02-01", ["började", "tiden går ut"]),
        ("weeks", 3, "2026-12-10T09:00", "2027-01-04", ["började", "Nyårsafton", "Nyårsdagen", "helg", "helg",
                                                        "närmaste vardag"]),
        ("years", 1, "2028-02-29T09:00", "2029-02-28", ["började", "tiden går ut"]),
        ("years", 5, "2027-05-10T09:00", "2032-05-10", ["började", "tiden går ut"]),
        ("days", 10, "2027-06-15T09:00", "2027-06-28", ["började", "Midsommarafton", "Midsommardagen", "helg",
                                                        "närmaste vardag"]),
    ],
    ids=["GLPI: a month is a month", "into Christmas", "three weeks", "nyårsafton", "29 February", "five years",
         "midsommarafton"],
)  # fmt: skip
def test_a_term_of_law_ends_on_its_day_or_the_next_weekday(database, unit, count, starts, due, told):
    found = why(database, Rule(count, "statutory", unit=unit), starts)
    assert (found.due.on.isoformat(), [one.note for one in found.days]) == (due, told)
    assert found.sentence == f"Började {starts.replace('T', ' ').replace(':', '.')}. Tiden är lagstadgad, i " + {
        "days": "dagar", "weeks": "veckor", "months": "månader", "years": "år"
    }[unit] + f": {count}."  # fmt: skip


def test_a_season_ends_with_its_last_day(database):
    """Also one that crosses new year; one that has begun is not the next."""
    planting = Rule(0, "season", season=("03-15", "05-15"))
    found = why(database, planting, "2026-11-25T09:00")
    assert (wall(found.due.at), found.due.on) == ("2027-05-16 00:00", date(2027, 5, 15))
    assert found.sentence == "Anmält 2026-11-25 09.00. Görs under nästa säsong, som är 2027-03-15–2027-05-15."
    assert why(database, planting, "2027-03-15T09:00").due.on == date(2028, 5, 15)
    assert why(database, Rule(0, "season", season=("11-01", "02-29")), "2027-06-01T09:00").due.on == date(2028, 2, 29)


def test_a_given_date_is_as_it_was_given_with_its_source(database, plan):
    given = Rule(0, "given_date", source="Boston 311, target_dt")
    day = why(database, Rule(**vars(given) | {"given": date(2027, 3, 28)}), "2027-01-01T10:00")
    assert (wall(day.due.at), day.due.on) == ("2027-03-29 00:00", date(2027, 3, 28))
    moment = datetime.combine(date(2027, 3, 27), time(23, 30), core_clock.STOCKHOLM)
    found = why(database, Rule(**vars(given) | {"given": moment}), "2027-01-01T10:00")
    assert (found.due.at, found.due.on) == (moment, date(2027, 3, 27))
    assert found.sentence == "Datumet är bestämt på annat håll: Boston 311, target_dt."


def test_terms_take_the_place_of_the_declared_rule(database, scene):
    """Of a contract: they go by their own name, version and source, in the calendar that is given."""
    terms = Rule(5, "working_days", "P2 Brådskande", urgency=1, source="Avtal 7, bilaga 3", version="3")
    about = Subject("prov", scene.place, "Prov", place=scene.place)
    with database.transaction():
        made = services.plan_deadline(
            HOUSE, KIND, rule="P2", subject=about, starts_at=local("2026-12-23T14:20"), terms=terms, calendar=SWEDEN
        )
    kept = (made.rule["key"], made.rule["title"], made.rule["version"], made.rule["source"], made.urgency)
    assert kept == ("P2", "P2 Brådskande", "3", "Avtal 7, bilaga 3", 1)
    assert made.due_on == date(2027, 1, 5)


def test_this_week_may_be_week_53_of_two_years(database, actors, clock):
    """On Wednesday 30 December 2026, in ISO week 53, this week ends on Sunday 3 January 2027."""
    clock.stop_at("2026-12-30T12:00")
    revisor = actors("revisor", "kf")
    assert core_clock.today().isocalendar()[:2] == (2026, 53)
    with database.transaction() as session:
        for day in (date(2026, 12, 29), date(2026, 12, 30), date(2027, 1, 3), date(2027, 1, 4)):
            ends = local(f"{day + DAY}T00:00")
            fill(session, 1, due_on=day, due_at=ends, starts_at=ends - DAY)
    with database.transaction(write=False):
        week = services.list_open(revisor, standing="vecka").rows
    assert [row.due_on for row in week] == [date(2026, 12, 30), date(2027, 1, 3)]
