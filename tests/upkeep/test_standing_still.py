"""Pauses, reports of what is done, other priorities: no time is lost, none is won, and every move is told."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core import clock as core_clock
from core.access import Denied
from core.hookspecs import Rule
from core.refs import Subject
from core.upkeep import services
from core.upkeep.models import Deadline, DeadlineChange, DeadlinePause
from core.upkeep.presenting import standing
from tests.upkeep.conftest import HOUSE, KIND
from tests.upkeep.test_planning import local, wall


@pytest.fixture
def thing(database, plan, clock):
    """Something that a frist is about: what is done to it at a moment of the wall clock, in a transaction."""

    class Thing:
        uid = uuid4()
        subject = Subject("prov", uid, "Prov", place=None)

        def plan(self, rule, starts):
            clock.stop_at(starts)
            return plan(rule, core_clock.now(), about=self.uid)

        def do(self, when, service, *args, **known):
            clock.stop_at(when)
            with database.transaction():
                service(HOUSE, *args, self.subject, **known)
            return self.row()

        def pause(self, since, until):
            self.do(since, services.pause_deadlines, reason="Regn")
            return self.do(until, services.resume_deadlines)

        def row(self):
            with database.transaction(write=False) as session:
                return session.scalars(select(Deadline).where(Deadline.subject_uid == self.uid)).one()

        def why(self):
            with database.transaction(write=False) as session:
                return services.explained(HOUSE, session.scalars(select(Deadline)).one())

    return Thing()


def test_a_paused_frist_is_never_late_and_resumed_it_has_what_was_left(thing):
    """By hours to the second, by days a day for each midnight; two pauses too."""
    thing.plan("dygn", "2027-01-11T10:00")
    paused = thing.do("2027-01-12T09:00", services.pause_deadlines, reason="Regn")
    with core_clock.frozen(local("2027-03-01T12:00")):
        assert (standing(paused).label, paused.paused_since) == ("Pausad", local("2027-01-12T09:00").astimezone(UTC))
    again = thing.do("2027-01-14T09:00", services.resume_deadlines)
    assert wall(again.due_at) == "2027-01-14 10:00", "an hour was left"
    assert (again.paused_since, again.paused_seconds) == (None, 2 * 86_400)
    assert wall(thing.pause("2027-01-14T09:30", "2027-01-14T09:45").due_at) == "2027-01-14 10:15"
    assert again.badly_late_at - again.due_at == timedelta(hours=48), "three times the time that was given"


def test_pauses_in_days_are_named_day_by_day(thing):
    thing.plan("arbetsdagar", "2026-12-23T10:00")
    assert thing.pause("2026-12-28T08:00", "2026-12-28T15:00").due_on == date(2027, 1, 5), "within a day"
    assert thing.pause("2026-12-29T08:00", "2026-12-31T08:00").due_on == date(2027, 1, 8)
    why = thing.why()
    told = {one.day.isoformat()[5:]: one.note or one.counted for one in why.days}
    assert (told["12-28"], told["12-29"], told["12-30"], told["12-31"]) == (
        1,
        "pausad: Regn",
        "pausad: Regn",
        "Nyårsafton",
    )
    assert [pause.reason for pause in why.pauses] == ["Regn", "Regn"]
    assert [(wall(move.was), wall(move.became)) for move in why.moves] == [("2027-01-06 00:00", "2027-01-09 00:00")]


def test_another_priority_loses_no_time_and_keeps_the_pauses(thing):
    """GLPI's fourth trap: there a new priority begins the clock anew without the pause."""
    thing.plan("dygn", "2027-01-11T10:00")
    thing.pause("2027-01-11T12:00", "2027-01-11T14:00")
    sooner = thing.do("2027-01-11T15:00", services.retime_deadline, KIND, rule="fara", reason="Öppen elcentral")
    assert (wall(sooner.due_at), sooner.rule["key"], sooner.urgency) == ("2027-01-11 16:00", "fara", 0)
    milder = Rule(5, "working_days", "P2", version="avtal 7, 2027", urgency=2)
    later = thing.do("2027-01-11T15:30", services.retime_deadline, KIND, rule="P2", terms=milder, reason="Ingen fara")
    assert (later.due_on, later.rule["version"], later.moved_count) == (date(2027, 1, 18), "avtal 7, 2027", 2)
    assert later.starts_at == local("2027-01-11T10:00")
    assert [move.reason for move in thing.why().moves][1:] == ["Öppen elcentral", "Ingen fara"]


def test_what_is_reported_as_done_waits_without_growing_late(thing, database):
    """Approved it was met when it was reported; denied it has run all the while."""
    thing.plan("dygn", "2027-01-11T10:00")
    reported = thing.do("2027-01-12T09:00", services.report_met, KIND, at=local("2027-01-12T08:50"))
    with core_clock.frozen(local("2027-02-01T12:00")):
        assert standing(reported).label == "Anmäld klar"
    denied = thing.do("2027-01-13T12:00", services.deny_met, KIND, reason="Fotot visar inte platsen.")
    with core_clock.frozen(local("2027-01-13T12:00")):
        assert (standing(denied).group, standing(denied).label) == ("forsenad", "1 dygn sent")
    thing.do("2027-01-13T14:00", services.report_met, KIND, at=local("2027-01-13T13:00"))
    met = thing.do("2027-01-20T09:00", services.confirm_met, KIND, reason="Godkänd")
    assert (met.state, wall(met.met_at), met.reported_at) == ("klar", "2027-01-13 13:00", None)
    with database.transaction(write=False) as session:
        kinds = session.scalars(select(DeadlineChange.kind).order_by(DeadlineChange.id)).all()
    assert kinds == ["anmala_klar", "underkanna", "anmala_klar", "klarmarkera"]


def test_what_cannot_stand_still_goes_on(thing, database, plan, clock):
    """A date decided elsewhere, a term of law and a season know no pause; and what is closed is paused no longer."""
    clock.stop_at("2027-01-11T10:00")
    for rule in ("givet", "lag", "sasong"):
        plan(rule, core_clock.now(), about=thing.uid, kind=f"prov:{rule}")
    assert plan("dygn", core_clock.now(), about=thing.uid).kind == KIND
    with database.transaction():
        assert [one.kind for one in services.pause_deadlines(HOUSE, thing.subject, reason="Regn")] == [KIND]
    clock.stop_at("2027-01-13T10:00")
    with database.transaction():
        services.meet_deadline(HOUSE, KIND, thing.subject, reason="Gjort")
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).where(DeadlinePause.until.is_(None))) == 0
        met = session.scalars(select(Deadline).where(Deadline.kind == KIND)).one()
    assert met.paused_since is None
    assert met.met_at < met.due_at == local("2027-01-14T10:00"), "in time: it had stood still"


def test_people_reach_none_of_it_past_the_page(thing, database, actors):
    leader = actors("sdn_samordnare", "sdn-farsta")
    for service, args, known in (
        (services.pause_deadlines, (thing.subject,), {"reason": "Regn"}),
        (services.resume_deadlines, (thing.subject,), {}),
        (services.retime_deadline, (KIND, thing.subject), {"rule": "dygn", "reason": "Regn"}),
        (services.report_met, (KIND, thing.subject), {"at": datetime(2027, 1, 11, tzinfo=UTC)}),
        (services.confirm_met, (KIND, thing.subject), {"reason": "Regn"}),
        (services.deny_met, (KIND, thing.subject), {"reason": "Regn"}),
    ):
        with database.transaction(), pytest.raises(Denied):
            service(leader, *args, **known)
