"""How promises were kept: the verdict of each, summed by who answers, by kind and by month (domain.md 10.7)."""

from datetime import date, timedelta

import pytest

from core import clock as core_clock
from core.people.services import organisation
from core.upkeep import services
from tests.upkeep.test_list import fill

DAY = timedelta(days=1)
FARSTA = "Farsta stadsdelsnämnd"


@pytest.fixture
def now(clock):
    clock.stop_at("2027-03-15T12:00")
    return core_clock.now()


@pytest.fixture
def promised(database, now, scene):
    """Two kept in time, one at its very moment, one late, one open and late, one not due; one lapsed, one protected."""

    def one(session, ended, *, met=None, **known):
        dates = {"starts_at": now - 60 * DAY, "due_at": now + ended, "due_on": (now + ended).date()}
        fill(
            session,
            1,
            urgency=2,
            **{**dates, "met_at": met and now + met, "state": "klar" if met else "oppen", **known},
        )

    with database.transaction() as session:
        one(session, -20 * DAY, met=-21 * DAY)
        one(session, -50 * DAY, met=-51 * DAY, moved_count=2)
        one(session, -20 * DAY, met=-20 * DAY)
        one(session, -20 * DAY, met=-1 * DAY)
        one(session, -12 * DAY)
        one(session, -100 * DAY, owner="fastighet")
        one(session, 5 * DAY)
        one(session, -20 * DAY, state="utgar")
        one(session, -20 * DAY, level=3)
    return now


def told(database, actor, **known):
    with database.transaction(write=False):
        return services.report(actor, first=date(2027, 1, 1), last=date(2027, 3, 31), **known)


def test_each_frist_has_one_verdict(database, actors, promised):
    found = told(database, actors("tk_drift", "trafik"))
    (one,) = found.groups
    assert (one.key, one.in_time, one.late, one.open_late, one.owed, one.share) == ("Trafiknämnden", 2, 2, 1, 5, 40)
    assert one.counts["oppen"] == 1
    assert one.moved == 1


def test_months_are_those_of_the_last_day(database, actors, promised):
    found = told(database, actors("tk_drift", "trafik"))
    months = {one.key: (one.in_time, one.late, one.open_late) for one in found.months}
    assert months == {(2027, 1): (1, 0, 0), (2027, 2): (1, 2, 0), (2027, 3): (0, 0, 1)}


def test_what_is_open_and_late_is_told_by_age_however_old_it_is(database, actors, promised):
    ages = {one.key: one.ages for one in told(database, actors("slk_handlaggare", "slk")).aged}
    assert ages == {"Trafiknämnden": [0, 1, 0, 0], "Fastighetsnämnden": [0, 0, 0, 1]}


def test_what_stands_still_or_is_reported_in_time_is_not_late(database, actors, now, scene):
    with database.transaction() as session:
        common = {"urgency": 2, "starts_at": now - 9 * DAY, "due_at": now - 2 * DAY, "due_on": (now - 2 * DAY).date()}
        fill(session, 1, paused_since=now - 3 * DAY, **common)
        fill(session, 1, reported_at=now - 3 * DAY, **common)
        fill(session, 1, reported_at=now - 1 * DAY, **common)
        fill(session, 1, badly_late_at=now - 1 * DAY, **common)
    found = told(database, actors("tk_drift", "trafik"))
    assert found.groups[0].counts == {"oppen": 2, "oppen_sen": 2}
    assert [(one.ages, one.badly) for one in found.aged] == [([2, 0, 0, 0], 1)]


def test_what_nobody_answered_for_is_whose_who_coordinates_and_closed_history_is_nobodys(database, actors, now, scene):
    ends = {"urgency": 2, "starts_at": now - 9 * DAY, "due_at": now - 2 * DAY, "due_on": (now - 2 * DAY).date()}
    with database.transaction() as session:
        known = ends | {"organisation_id": None, "state": "klar", "met_at": now - 3 * DAY}
        fill(session, 5, **known)
        fill(session, 1, **known, coordinator_id=organisation("sdn-farsta").id)
        fill(session, 1, **ends | {"organisation_id": None})
    found = told(database, actors("slk_handlaggare", "slk"))
    assert [(one.key, one.in_time, one.open_late) for one in found.groups] == [(None, 0, 1), (FARSTA, 1, 0)]


@pytest.mark.parametrize(
    ("per", "key"), [("ansvarig", "Trafiknämnden"), ("stadsdel", None), ("sort", "prov:svar"), ("prioritet", 2)]
)
def test_broken_down_by_what_is_asked_for(database, actors, promised, per, key):
    assert [one.key for one in told(database, actors("tk_drift", "trafik"), per=per).groups] == [key]


def test_another_boards_frister_are_in_no_number(database, actors, promised):
    found = told(database, actors("fack_handlaggare", "fastighet"))
    assert (found.groups, [one.ages for one in found.aged]) == ([], [[0, 0, 0, 1]])


def test_the_page_says_it_in_words_chart_and_table(client, actors, promised):
    client.login(actors("tk_drift", "trafik"))
    page = client.get("/skotsel/rapport?per=sort")
    assert page.status_code == 200
    assert "Av 5 frister som skulle vara klara hölls 2 (40 %)." in page.text
    assert "Svara om belysningen" in page.text
    assert "mars 2027" in page.text


def test_a_period_that_ends_before_it_begins_is_told_at_its_field(client, actors, promised):
    client.login(actors("tk_drift", "trafik"))
    page = client.get("/skotsel/rapport?fran=2027-03-01&till=2027-02-01")
    assert page.status_code == 422
    assert "Sista dagen ska inte ligga före den första." in page.text


def test_as_many_questions_for_much_as_for_little(database, actors, promised, asked):
    actor = actors("tk_drift", "trafik")
    with asked() as few, database.transaction(write=False):
        services.report(actor, first=date(2027, 1, 1), last=date(2027, 3, 31))
    with database.transaction() as session:
        fill(session, 200)
    with asked() as many, database.transaction(write=False):
        services.report(actor, first=date(2027, 1, 1), last=date(2027, 3, 31))
    assert len(many) == len(few)
