"""The demo city's cycles, as somebody who tries Tryggplats finds them."""

import pytest
from sqlalchemy import func, select

from core.applications import demo_rounds
from core.cooperation import services
from core.cooperation.models import Cause, CycleEvent, Goal
from core.cooperation.states import CYCLE
from core.db import session
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


def cycles():
    """The cycles by title and turn, as the central coordinator reads them."""
    slk = somebody("slk_handlaggare", "slk")
    return {(one.title.partition(":")[0], one.turn): one for one in services.list_cycles(slk).rows}


def test_cycles_stand_in_different_steps_and_one_has_been_run_backwards_and_goes_on(city):
    found = cycles()
    grounds = {row["title"].partition(":")[0] for row in demo_rounds.read()["ground"]}
    assert {key: one.state for key, one in found.items() if key[0] not in grounds} == {
        ("Hässelby torg", 1): "avslutad",
        ("Hässelby torg", 2): "mal",
        ("Farsta centrum på kvällen", 1): "lagesbild",
        ("Vägen över Rinkebytorget", 1): "genomfora",
        ("Skärholmstorget efter torghandeln", 1): "prioritera",
        ("Rågsveds torg", 1): CYCLE.start,
    }
    first, second = found["Hässelby torg", 1], found["Hässelby torg", 2]
    [back] = session().scalars(select(CycleEvent).where(CycleEvent.kind == "tillbaka"))
    assert (back.cycle_id, back.source, back.target, back.reason[:30]) == (
        first.id,
        "mal",
        "prioritera",
        "Orsaken till att trappan undvi",
    )
    told = services.carried(somebody("sdn_samordnare", "sdn-hasselby-vallingby"), second)
    assert (told.problems, len(told.goals), len(told.ended)) == (1, 2, 1)


def test_in_farsta_some_pictures_are_in_and_nobody_reads_those_of_others(city):
    farsta = cycles()["Farsta centrum på kvällen", 1]
    driver = somebody("sdn_samordnare", "sdn-farsta")
    told = services.handed_in(driver, farsta, services.parties_of(driver, farsta))
    assert {one.party.organisation.code: one.state for one in told} == {
        "sdn-farsta": "inlamnad",
        "polis-farsta": "inlamnad",
        "trafik": "utkast",
        "demo-fastighetsagare": "utkast",
        "demo-forening": "utkast",
    }
    mine = services.own_picture(driver, farsta)
    assert [one.report.id for one in services.opened_pictures(driver, farsta)] == [mine.report.id]
    reads = somebody("slk_handlaggare", "slk")
    assert services.opened_pictures(reads, farsta) == []


def test_in_skarholmen_problems_wait_for_points_and_one_picture_came_after_the_opening(city):
    skarholmen = cycles()["Skärholmstorget efter torghandeln", 1]
    driver = somebody("sdn_samordnare", "sdn-skarholmen")
    told = services.handed_in(driver, skarholmen, services.parties_of(driver, skarholmen))
    assert [one.party.organisation.code for one in told if one.afterwards] == ["fof-skarholmen"]
    assert [one.party.organisation.code for one in told if one.state == "utkast"] == ["trafik"]
    found = services.problems_of(driver, skarholmen)
    assert [(one.problem.number, one.problem.state, len(one.scores)) for one in found] == [
        (1, "prioriterad", 3),
        (2, "foreslagen", 2),
        (3, "foreslagen", 0),
    ]
    drafting = somebody("fack_handlaggare", "trafik")
    assert len(services.figures_in(drafting, skarholmen)) == 2, "its own draft is not among them"


def test_causes_are_tested_kept_and_dropped_and_goals_have_what_makes_them_smart(city):
    states = dict(session().execute(select(Cause.state, func.count()).group_by(Cause.state)).all())
    assert states == {"trolig": 7 + len(demo_rounds.read()["ground"]), "forkastad": 3, "hypotes": 3}
    driver = somebody("sdn_samordnare", "sdn-hasselby-vallingby")
    lacking = {
        one.goal.number: {lack.letter for lack in one.lacks}
        for one in services.goals_of(driver, cycles()["Hässelby torg", 2])
    }
    assert lacking == {2: {"a"}, 3: set(), 4: {"s", "m", "a", "r", "t"}}
    results = sorted(session().scalars(select(Goal.result).where(Goal.result != "")))
    assert results == ["delvis", "ej_matt", "uppnatt"]
