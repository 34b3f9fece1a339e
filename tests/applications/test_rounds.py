"""Rounds: several a year, one at a time, frozen as they open, closed by the clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import select, update

from core import clock, db, flow
from core.applications.models import Criterion, Round
from core.applications.services import assessing, ceilings, rounds
from core.applications.services.applications import begin_application, make_move
from core.reserve.models import Programme
from core.schema import Invalid
from tests.applications.assessed import DAY, apply_for, plan, programme_called, row_of, said


@pytest.fixture
def slk(actors):
    return actors("slk_handlaggare", "slk")


def test_several_a_year_are_numbered_within_their_programme(database, slk):
    with database.transaction():
        trygg, climate = programme_called(), programme_called("KLIMAT")
        year = clock.today().year + 1
        days = [datetime(year, month, 1, tzinfo=UTC) for month in (1, 3, 5, 7)]
        for first, last in ((0, 1), (1, 2)):
            row = plan(slk, trygg.uid, opens_at=days[first], closes_at=days[last])
        assert (row.year, row.number) == (year, 2)
        other = plan(slk, climate.uid, opens_at=days[0], closes_at=days[3])
        assert (other.year, other.number) == (year, 1), "another programme has its own rounds, at any time"


def test_one_that_is_moved_to_another_year_gets_a_number_there(database, slk):
    with database.transaction():
        trygg, year = programme_called(), clock.today().year + 1
        first, row = (plan(slk, trygg.uid, **_month(one, month)) for one, month in ((year + 1, 1), (year, 3)))
        assert [(one.year, one.number) for one in (first, row)] == [(year + 1, 1), (year, 1)]
        same = {"meets_on": None, "max_amount": None, "board_ceiling": None, "conditional": False, "instructions": ""}
        rounds.change_round(slk, row.uid, version=None, **_month(year, 4), **same)
        assert (row.year, row.number) == (year, 1)
        rounds.change_round(slk, row.uid, version=None, **_month(year + 1, 5), **same)
        assert (row.year, row.number) == (year + 1, 2)


def _month(year, month):
    return {"opens_at": datetime(year, month, 1, tzinfo=UTC), "closes_at": datetime(year, month, 20, tzinfo=UTC)}


def test_two_at_the_same_time_are_refused_and_a_called_off_one_makes_room(database, slk):
    with database.transaction():
        trygg = programme_called().uid
        first = plan(slk, trygg, opens=10, closes=20)
        plan(slk, trygg, opens=21, closes=30)
        with pytest.raises(Invalid) as refused:
            plan(slk, trygg, opens=20, closes=20)
        assert "överlappar inte" in refused.value.flat()["opens_on"][0]
        rounds.move_round(slk, first.uid, "stall_in", reason="Flyttas.")
        plan(slk, trygg, opens=12, closes=15)


def test_its_meeting_is_on_its_last_day_or_later(database, slk):
    """That very day will do, and what is said is that."""
    with database.transaction():
        last = clock.today() + 20 * DAY
        with pytest.raises(Invalid) as refused:
            plan(slk, programme_called().uid, opens=10, closes=20, meets_on=last - DAY)
        told = f"Omgångens sista dag är {last}. Sammanträdet är den dagen eller senare."
        assert refused.value.flat() == {"meets_on": [told]}
        assert plan(slk, programme_called().uid, opens=10, closes=20, meets_on=last).meets_on == last


def test_a_round_that_is_over_or_before_its_programme_is_not_laid_up(database, slk):
    with database.transaction():
        climate = programme_called("KLIMAT")
        with pytest.raises(Invalid) as refused:
            days = {"opens_at": clock.now() - 40 * DAY, "closes_at": clock.now() - 10 * DAY}
            rounds.plan_round(slk, uid=uuid4(), programme=climate.uid, **days)
        assert refused.value.flat() == {"closes_on": ["Den sista dagen har redan varit. Välj en dag som kommer."]}
        climate.active_from, climate.active_to = clock.today(), clock.today() + 10 * DAY
        for opens, closes, wrong in ((-1, 5, "opens_on"), (2, 11, "closes_on")):
            with pytest.raises(Invalid, match="Satsningen finns") as refused:
                plan(slk, climate.uid, opens=opens, closes=closes)
            assert list(refused.value.flat()) == [wrong]


@hypothesis(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=8))
def test_whatever_is_planned_no_two_of_a_programme_overlap(database, slk, spans):
    with database.transaction() as session:
        session.execute(update(Round).values(state="installd"))
        programme = programme_called()
        for opens, long in spans:
            try:
                with db.savepoint():
                    plan(slk, programme.uid, opens=100 + opens, closes=100 + opens + long)
            except Invalid:
                continue
        found = list(session.scalars(select(Round).where(Round.state != "installd").order_by(Round.opens_at)))
        assert all(one.closes_at <= after.opens_at for one, after in pairwise(found))
        assert bool(found) == bool(spans)


def test_the_last_day_is_whole_and_not_a_second_more(database, slk):
    with database.transaction():
        row = plan(slk, programme_called().uid, opens=0, closes=2)
        rounds.move_round(slk, row.uid, "oppna")
        assert rounds.last_day(row) == clock.today() + 2 * DAY
        for moment, is_open in ((row.closes_at - timedelta(seconds=1), True), (row.closes_at, False)):
            with clock.frozen(moment):
                assert rounds.is_open(row) is is_open
                assert (rounds.stands(row) is rounds.CLOSED) is not is_open
        with pytest.raises(flow.Refused):
            rounds.move_round(slk, row.uid, "bered")


def test_what_it_is_judged_by_is_frozen_as_it_opens(database, slk):
    with database.transaction() as session:
        row = plan(slk, programme_called().uid, opens=0, closes=2)
        rounds.change_round(slk, row.uid, version=1, opens_at=row.opens_at, closes_at=row.closes_at, max_amount=9)
        rounds.move_round(slk, row.uid, "oppna")
        before = row.terms
        assert [one["key"] for one in before["criteria"]][:3] == ["tilltrade", "fysisk_miljo", "problembild"]
        session.execute(update(Criterion).values(weight=1, title="Något annat"))
        assert row.terms == before
        with pytest.raises(flow.Refused):
            rounds.change_round(slk, row.uid, version=None, max_amount=99)
        assert {one["title"] for one in rounds.terms(row)["criteria"]} == {"Något annat"}, "but the next one has it"


def test_what_else_a_round_freezes_is_registered_by_who_knows_it(database, slk, monkeypatch):
    monkeypatch.setattr(rounds, "_frozen", {})
    rounds.freezes("rules")(lambda row: [{"key": "problem", "number": row.number}])
    with database.transaction():
        row = plan(slk, programme_called().uid, opens=0, closes=2)
        rounds.move_round(slk, row.uid, "oppna")
        assert row.terms["rules"] == [{"key": "problem", "number": row.number}]


def test_ceilings_for_an_application_for_all_boards_and_for_one(database, prepared):
    """Farsta seeks 5 000 000 kr in all; the boards that Järva was made of share its ceiling."""
    with database.transaction() as session:
        row = rounds.read_round(prepared.anna, prepared.round)
        session.execute(update(Round).values(state="planerad"))
        rounds.set_ceiling(prepared.anna, row.uid, organisation="sdn-rinkeby-kista", amount=1_400_000, version=None)
        session.execute(update(Round).values(state="oppnad", board_ceiling=4_900_000, max_amount=2_400_000))
        session.refresh(row)
        assert ceilings.ceiling_for(row, row_of(prepared, "Torget").organisation_id) == 1_400_000
        assert ceilings.ceiling_for(row, row_of(prepared, "Bänkar").organisation_id) == 4_900_000
        told = {}
        for title in ("Bänkar", "Torget"):
            application = row_of(prepared, title)
            application.state = "namndbeslutad"
            told[title] = " ".join(
                str(one.message) for one in ceilings._within_the_ceilings(application, prepared.boss)
            )
        assert "högst 2\u00a0400\u00a0000 kr" in told["Bänkar"]
        assert "har redan sökt 2\u00a0500\u00a0000 kr" in told["Bänkar"]
        assert "får söka 1\u00a0400\u00a0000 kr" in told["Torget"]


def test_a_ceiling_stands_in_the_way_of_handing_in(database, prepared, actors):
    boss = prepared.boss
    with database.transaction() as session:
        application = row_of(prepared, "Bänkar")
        application.state = "namndbeslutad"
        session.execute(update(Round).values(state="oppnad", closes_at=clock.now() + DAY, max_amount=1_000_000))
    with database.transaction(), pytest.raises(flow.Refused) as refused:
        make_move(boss, row_of(prepared, "Bänkar"), "skicka_in")
    assert any("högst 1\u00a0000\u00a0000 kr" in text for text in said(refused))


def test_a_round_in_which_somebody_has_applied_is_not_called_off_nor_ended(database, prepared):
    with database.transaction() as session:
        with pytest.raises(flow.Refused, match="3 ansökningar är inte beslutade"):
            rounds.move_round(prepared.anna, prepared.round, "avsluta")
        session.execute(update(Round).values(state="oppnad"))
    with database.transaction(), pytest.raises(flow.Refused, match="3 ansökningar har kommit in"):
        rounds.move_round(prepared.anna, prepared.round, "stall_in", reason="Ingen vill.")


def test_a_second_programme_is_data_alone(database, slk, actors):
    """A programme that nobody has heard of: its own series of numbers, its own rounds, its own line."""
    writer = actors("sdn_handlaggare", "sdn-farsta")
    with database.transaction() as session:
        facts = {"code": "LJUS", "name": "Ljus i staden", "series": "LJ", "reserve_code": "CM4"}
        owner = programme_called().owner_id
        made = Programme(uid=uuid4(), owner_id=owner, active_from=clock.today() - DAY, **facts)
        session.add(made)
        session.flush()
        for programme, series in ((made, "LJ"), (programme_called("KLIMAT"), "KI")):
            row = plan(slk, programme.uid, opens=0, closes=9)
            rounds.move_round(slk, row.uid, "oppna")
            known = {"organisation": "sdn-farsta", "title": "Ljus vid sjön", "programme": programme.uid}
            application = begin_application(writer, uid=uuid4(), in_round=row.uid, **known)
            assert application.number.startswith(f"{series}-{clock.today().year}-")
            assert len(assessing.criteria_for(application.id)) == 9


def test_planned_twice_with_the_same_uid_is_once_and_changed_from_an_old_page_is_told(database, slk):
    with database.transaction():
        uid, programme = uuid4(), programme_called().uid
        known = {"opens_at": clock.now(), "closes_at": clock.now() + DAY}
        first = rounds.plan_round(slk, uid=uid, programme=programme, **known)
        assert rounds.plan_round(slk, uid=uid, programme=programme, **known) is first
        with pytest.raises(db.Conflict):
            rounds.plan_round(slk, uid=uid, programme=programme, **(known | {"closes_at": clock.now() + 2 * DAY}))
        with pytest.raises(db.Stale):
            rounds.change_round(slk, uid, version=7, **known)


def test_what_is_sought_in_each_round_is_counted_of_what_one_reaches(database, prepared, actors):
    outsider = actors("sdn_handlaggare", "sdn-jarva")
    with database.transaction():
        row = rounds.read_round(prepared.anna, prepared.round)
        assert rounds.applied_in(prepared.anna, [row]) == {row.id: (3, 6_500_000)}
        assert rounds.applied_in(outsider, [row]) == {row.id: (1, 1_500_000)}
        apply_for(prepared, "Ett utkast till", [1]).state = "utkast"
        db.session().flush()
        assert rounds.applied_in(prepared.anna, [row]) == {row.id: (3, 6_500_000)}


@pytest.mark.one_database("postgres")
def test_two_who_plan_at_once_get_one_round(database, slk, actors):
    """Eight at the same time: the lock lets one go on, and tells the others what is in the way."""
    with database.transaction(write=False):
        programme = programme_called().uid
    begin = Barrier(8)

    def one(_):
        begin.wait()
        try:
            with database.transaction():
                return plan(slk, programme, opens=10, closes=20).number
        except Invalid:
            return None

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(one, range(8)))
    assert sorted(filter(None, made)) == [1]
    with database.transaction(write=False) as session:
        assert len(list(session.scalars(select(Round)))) == 1
