"""The effect clock: frozen at the decision, measured in the same season, and honest about what cannot be told."""

from datetime import date
from uuid import uuid4

import pytest

from core import db, flow
from core.applications.services import applications
from core.followup import figures_more  # noqa: F401 - registers its reports
from core.followup.effect import OVERLAP
from core.followup.figures_of import tables_of
from core.followup.models import Effect
from core.followup.services import effects, pairs, whose_turn
from core.followup.services.asked import Asked, Boards
from core.schema import Invalid
from core.upkeep import services as upkeep
from tests.followup.goals import goal_of

FINISHED = date(2026, 10, 15)


@pytest.fixture(autouse=True)
def day(clock):
    clock.stop_at("2026-10-20T09:00")


def finished(granted, **facts):
    """An application with a goal, granted and finished on a day in October."""
    application = granted.application()
    goal = goal_of(application, **facts)
    effects.freeze(granted.committee, application, {})
    writer = granted.writer
    pairs.pair(writer, application.uid, uid=uuid4(), title="Torget", why_not="Mörkt och regn.")
    applications.move_application(writer, application.uid, "fardigstall", finished_on=FINISHED)
    return application, goal


def measure(granted, row, value, n, on, **facts):
    known = {"value": value, "n": n, "measured_on": on, "method": "Trygghetsmätningen", "low": None, "high": None}
    return effects.measure(granted.writer, row.uid, **(known | facts))


def after(granted, application):
    [found] = effects.followed(granted.writer, application)
    return {row.phase: row for row in found.after}


def test_what_was_before_is_frozen_whatever_becomes_of_the_goal(database, granted):
    with database.transaction():
        application = granted.application()
        goal = goal_of(application)
        effects.freeze(granted.committee, application, {})
        goal.baseline, goal.unit, goal.target = 10.0, "antal", 5.0
        db.session().flush()
        [found] = effects.followed(granted.writer, application)
        before = found.before
        assert (before.value, before.unit, before.target) == (40.0, "procent", 60.0)
        assert (before.season, before.method) == ("var", "Trygghetsmätningen")
        with pytest.raises(flow.Refused) as refused:
            effects.move_effect(granted.writer, before.uid, "ratta", reason="Fel tal.")
        assert "frystes när pengarna beviljades" in str(refused.value)


def test_a_goal_without_a_baseline_says_so_and_shows_nothing(database, granted, clock):
    with database.transaction():
        application, _ = finished(granted, baseline=None, baseline_on=None)
        clock.stop_at("2027-11-01T09:00")
        row = measure(granted, after(granted, application)["man_12"], 55.0, 400, date(2027, 10, 20))
        assert row.verdict == "oklart"
        assert row.unclear == "Det finns inget värde från före."


def test_measurings_are_planned_and_a_year_later_wait_for_the_same_season(database, granted):
    with database.transaction():
        application, _ = finished(granted)
        planned = {phase: row.due_on for phase, row in after(granted, application).items()}
        assert planned == {
            "direkt": date(2026, 11, 16),  # the 15th is a Sunday
            "man_6": date(2027, 4, 15),
            "man_12": date(2028, 5, 31),  # the spring after October 2027
            "man_24": date(2029, 5, 31),
        }
        for row in after(granted, application).values():
            [deadline] = upkeep.deadlines_of(granted.writer, "effect", row.uid)
            assert (deadline.due_on, deadline.state) == (row.due_on, "oppen")


def test_what_is_measured_is_held_against_before(database, granted, clock):
    with database.transaction():
        application, _ = finished(granted)
        [found] = effects.followed(granted.writer, application)
        effects.complete_baseline(granted.writer, found.before.uid, n=400, hour="21–23")
        clock.stop_at("2028-05-20T09:00")
        row = measure(granted, after(granted, application)["man_6"], 43.0, 400, date(2027, 4, 15))
        assert (row.verdict, row.unclear) == ("oklart", OVERLAP)
        row = measure(granted, after(granted, application)["man_12"], 55.0, 400, date(2028, 5, 10))
        assert row.verdict == "battre"
        assert row.low < 55 < row.high
        [deadline] = upkeep.deadlines_of(granted.writer, "effect", row.uid)
        assert deadline.state == "klar"
        assert effects.tell([application.id])[application.id].startswith("1 mål bättre, 0 sämre, 1 går inte")


def test_what_is_known_later_of_before_changes_what_is_shown_but_not_the_value(database, granted, clock):
    with database.transaction():
        application, _ = finished(granted)
        clock.stop_at("2028-05-20T09:00")
        row = measure(granted, after(granted, application)["man_12"], 55.0, 400, date(2028, 5, 10))
        assert row.verdict == "oklart"
        [found] = effects.followed(granted.writer, application)
        effects.complete_baseline(granted.writer, found.before.uid, n=400)
        assert row.verdict == "battre"
        with pytest.raises(Invalid) as wrong:
            effects.complete_baseline(granted.writer, found.before.uid, n=40_000)
        assert "n" in wrong.value.messages


def test_another_season_and_hour_are_told_beside_it(database, granted, clock):
    with database.transaction():
        application, _ = finished(granted)
        [found] = effects.followed(granted.writer, application)
        effects.complete_baseline(granted.writer, found.before.uid, n=400, hour="21–23")
        row = measure(granted, after(granted, application)["direkt"], 55.0, 400, date(2026, 10, 18), hour="12–14")
        [found] = effects.followed(granted.writer, application)
        assert found.caveats(row) == [effects.OTHER_SEASON, effects.OTHER_HOUR]


def test_the_effect_is_not_followed_up_before_a_year_has_been_measured(database, granted, clock):
    with database.transaction():
        application, _ = finished(granted)
        application.state = "slutredovisad"
        db.session().flush()
        clock.stop_at("2028-05-20T09:00")
        measure(granted, after(granted, application)["man_6"], 43.0, 400, date(2027, 4, 15))
        with pytest.raises(flow.Refused) as refused:
            applications.move_application(granted.writer, application.uid, "folj_upp")
        assert "efter minst 12 månader" in str(refused.value)
        measure(granted, after(granted, application)["man_12"], 55.0, 400, date(2028, 5, 10))
        applications.move_application(granted.writer, application.uid, "folj_upp")
        assert application.state == "effekt_uppfoljd"


def test_a_place_beside_is_measured_once_for_each_time_and_takes_no_part_in_the_verdict(database, granted):
    with database.transaction():
        application, goal = finished(granted)
        known = {"goal": goal.uid, "phase": "direkt", "value": 41.0, "n": 300, "measured_on": date(2026, 10, 18)}
        known |= {"method": "Samma", "low": None, "high": None}
        uid = uuid4()
        first = effects.compare(granted.writer, application.uid, uid=uid, **known)
        assert effects.compare(granted.writer, application.uid, uid=uid, **known) is first
        with pytest.raises(Invalid):
            effects.compare(granted.writer, application.uid, uid=uuid4(), **known)
        assert first.verdict == ""
        with pytest.raises(Invalid):
            measure(granted, after(granted, application)["direkt"], 141.0, 300, date(2026, 10, 18))
        with pytest.raises(Invalid):
            measure(granted, after(granted, application)["direkt"], 41.0, 300, date(2026, 10, 18), low=42.0, high=50.0)
        with pytest.raises(Invalid, match="Arbetet blev färdigt 2026-10-15"):
            measure(granted, after(granted, application)["man_24"], 41.0, 300, date(2026, 10, 14))


def test_what_is_not_finished_after_all_is_not_asked_for(database, granted, clock, actors):
    reader = actors("ks_las", "ks")
    with database.transaction():
        application, _ = finished(granted)
        row = after(granted, application)["man_12"]
        applications.move_application(granted.writer, application.uid, "ratta_fardig", reason="Ett fel finns kvar.")
        [deadline] = upkeep.deadlines_of(granted.writer, "effect", row.uid)
        assert deadline.state == "utgar"
        clock.stop_at("2029-01-10T09:00")
        wish = Asked(2028, Boards())
        assert whose_turn.counted(reader, wish).late == 0, "what is not finished is not late to be measured"
        assert tables_of(reader, "effekt", wish)[1].rows == []
        again = {"finished_on": date(2026, 10, 19)}
        applications.move_application(granted.writer, application.uid, "fardigstall", **again)
        db.session().refresh(deadline)
        assert deadline.state == "oppen"
        assert whose_turn.counted(reader, wish).late > 0
        assert db.session().query(Effect).filter_by(application_id=application.id).count() == 5
