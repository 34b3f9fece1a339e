"""Orders, letters and reports of the demo city, as somebody who tries Tryggplats finds them."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from core import access, db, demo, journal
from core.app import house
from core.imports import Import, ImportRow
from core.operation.services import demo_letters
from core.outbox import Task
from core.people.models import DEMO_ADDRESS, Person
from core.people.services import actor_of
from core.upkeep import services as upkeep
from core.upkeep.models import CalendarDay, Deadline, DeadlineChange, Reminder
from core.walks.models import Report
from core.works import services
from core.works.models import ControlVisit, Deviation, MaintenancePlan, Penalty, WorkOrder
from core.works.services import Wish
from core.works.states import DEVIATION, ORDER, PENALTY, WITHDRAWN
from tests.demo import DEMO, SATURDAY


@pytest.fixture
def template():
    return DEMO


@pytest.fixture
def city(clock, database):
    """The demo city on a Saturday night."""
    clock.stop_at(SATURDAY)
    with database.transaction():
        yield


def somebody(login):
    return actor_of(db.session().scalars(select(Person).where(Person.email == login + DEMO_ADDRESS)).one())


def states(model):
    return Counter(db.session().scalars(select(model.state)))


@pytest.mark.one_database
def test_orders_penalties_and_what_was_found_are_there_in_every_state(city):
    assert set(states(WorkOrder)) == set(ORDER.states)
    assert set(states(Penalty)) == set(PENALTY.states) - {WITHDRAWN}, "nothing was late by mistake"
    assert set(states(Deviation)) == set(DEVIATION.states)
    parts = select(WorkOrder.parent_id, func.count(WorkOrder.executor_id.distinct())).group_by(WorkOrder.parent_id)
    assert [n for parent, n in db.session().execute(parts) if parent] == [2], "one is divided, between two firms"
    made = select(WorkOrder.plan_id).where(WorkOrder.plan_id.is_not(None)).distinct()
    assert len(db.session().scalars(made).all()) >= 3
    assert set(db.session().scalars(select(MaintenancePlan.basis))) == {"planerad", "gjord"}
    visits = db.session().scalars(select(ControlVisit.done_on)).all()
    assert None in visits
    assert any(visits)
    assert services.to_inspect(somebody("tk_drift.trafik")), "a warranty ends soon"


@pytest.mark.one_database
def test_a_contractor_sees_its_own_orders_and_nobody_else_s(city):
    seen = {}
    for firm in ("demo-entreprenor", "demo-renhallning", "demo-gata", "demo-park"):
        actor = somebody(f"entreprenor.{firm}")
        seen[firm] = {row.executor_name for row in services.list_orders(actor, Wish(tab="oppna")).rows}
    assert all(len(names) == 1 for names in seen.values())
    assert len(set().union(*seen.values())) == 4


@pytest.mark.one_database
def test_the_list_of_frister_has_all_its_parts_and_dates_were_moved_for_a_reason(city):
    counts = upkeep.count_open(somebody("tk_drift.trafik"))
    assert all(counts.values()), counts
    years = db.session().scalars(select(Deadline.due_on).where(Deadline.state == "klar")).all()
    assert (max(years) - min(years)).days > 600
    assert {row.closes is None for row in db.session().scalars(select(CalendarDay))} == {True, False}
    assert db.session().scalar(select(func.count(Reminder.id)).where(Reminder.letter.is_not(None))) > 20


@pytest.mark.one_database
def test_letters_were_written_to_mailboxes_and_none_of_them_has_left(city):
    letters = db.session().scalars(select(Task).where(Task.kind == "letter")).all()
    assert {letter.payload["to"].split(".")[0] for letter in letters} >= {"skotsel", "chef", "namnd"}
    assert {letter.state for letter in letters} == {"waiting"}
    assert demo_letters(somebody("sysadmin.slk")) == [], "what letters hold is read in a demo alone"


@pytest.mark.one_database
def test_reports_have_come_in_files_of_which_one_was_undone_and_from_apps(city):
    assert states(Import) == {"inford": 2, "angrad": 1, "provad": 1}
    wrong = select(func.count(ImportRow.id)).where(ImportRow.state == "fel")
    assert db.session().scalar(wrong) >= 6
    assert {"open311", "Tyck till (demo)"} == set(db.session().scalars(select(Report.source)))


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.parametrize("day", ["2026-12-25", "2028-02-29", "2027-01-02", "2027-06-25", "2027-03-28"])
def test_the_demo_is_made_on_any_day(settings, day):
    opened = house(replace(settings, demo_observations=80, env="demo"))
    with opened.transaction() as session:
        demo.fill(access.system("demo"), day=date.fromisoformat(day))
        assert set(session.scalars(select(WorkOrder.state))) >= set(ORDER.states) - {"tilldelad"}
        assert set(session.scalars(select(Penalty.state))) == set(PENALTY.states) - {WITHDRAWN}
        assert {"pausa", "anmala_klar"} <= set(session.scalars(select(DeadlineChange.kind)))
        assert demo_letters(somebody("sysadmin.slk")), "a demo's letters are read where they stay"
    with opened.transaction(write=False):
        assert list(journal.verify()) == []
    opened.dispose()
