"""Reminders: rows of one statement over the numbers of working days, written once however often it runs."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from core import clock as core_clock
from core.access import Denied, Missing
from core.people.models import Organisation
from core.schema import Invalid
from core.upkeep import services
from core.upkeep.models import Deadline, Reminder

STEP = "steg"
MOMENT = datetime(2027, 3, 2, 9, tzinfo=UTC)
PAUSED, REPORTED = {"paused_since": MOMENT}, {"reported_at": MOMENT}


@pytest.fixture
def write(database):
    """Write the reminders of a day; return how many rows are new."""

    def write(day, since=None):
        with database.transaction():
            first = date.fromisoformat(since) if since else None
            return services.write_reminders(date.fromisoformat(day), since=first)

    return write


@pytest.fixture
def lines(database):
    """The reminders of a kind: days, receiver and the organisation that each is for."""

    def lines(kind=STEP):
        with database.transaction(write=False) as session:
            rows = select(Reminder.days, Reminder.receiver, Organisation.code).where(Reminder.kind == kind)
            rows = rows.join(Organisation, Organisation.id == Reminder.organisation_id).order_by(Reminder.id)
            return [tuple(row) for row in session.execute(rows)]

    return lines


def change(database, deadline, **values):
    with database.transaction() as session:
        session.execute(update(Deadline).where(Deadline.id == deadline.id).values(**values))


def test_each_step_comes_on_its_working_day_and_once(plan, scene, clock, write, lines):
    """Ten calendar days from 10 December 2026 end on Sunday 20 December; Christmas is in the way after it."""
    clock.stop_at("2026-12-10T10:00")
    assert str(plan("dagar", core_clock.now()).due_on) == "2026-12-20"
    came = {}
    for day in ("10", "11", "14", "15", "16", "17", "18", "21", "22", "23", "24", "25", "28", "29", "30", "31"):
        before = len(lines())
        assert write(f"2026-12-{day}") == len(lines()) - before
        assert write(f"2026-12-{day}") == 0, "a second run writes nothing"
        came |= dict.fromkeys(lines()[before:], day)
    assert came == {
        (-5, "ansvarig", "trafik"): "11",
        (-1, "ansvarig", "trafik"): "17",
        (1, "ansvarig", "trafik"): "21",
        (5, "samordnare", "sdn-farsta"): "29",
    }
    assert write("2027-01-08") == 1, "ten working days after, over New Year and Epiphany"
    assert lines()[-1] == (10, "chef", "trafik")


def test_a_night_without_a_worker_is_made_good(plan, scene, clock, write, lines):
    clock.stop_at("2027-03-01T10:00")
    plan("dagar", core_clock.now())  # ends on 11 March
    assert write("2027-03-09", since="2027-03-03") == 1
    assert lines() == [(-5, "ansvarig", "trafik")], "its day was 4 March"


def test_what_began_after_a_steps_day_was_told_as_new(plan, scene, clock, write, lines):
    clock.stop_at("2027-03-01T10:00")
    plan("arbetsdagar", core_clock.now())  # five working days: the first step's day is the day it began
    assert write("2027-03-02") == 0
    assert lines("ny") == [(0, "ansvarig", "trafik")]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "klar"}, 0),
        ({"state": "utgar"}, 0),
        ({"organisation_id": None}, 0),
        (PAUSED, 0),
        (REPORTED, 0),
        ({}, 1),
    ],
)
def test_only_what_is_open_and_somebodys_is_reminded_of(database, plan, scene, clock, write, values, said):
    clock.stop_at("2027-03-01T10:00")
    made = plan("dagar", core_clock.now())
    change(database, made, **({"state": "oppen"} | values))
    assert write("2027-03-10", since="2027-03-04") == said * 2, "five days and one day before"


def test_a_moved_frist_is_reminded_of_anew(database, plan, scene, clock, write, lines):
    clock.stop_at("2027-03-01T10:00")
    made = plan("dagar", core_clock.now())
    assert write("2027-03-04") == 1
    change(database, made, due_on=date(2027, 3, 15))
    assert write("2027-03-08") == 1
    assert lines() == [(-5, "ansvarig", "trafik")] * 2


def test_own_days_of_a_calendar_count(database, plan, scene, clock, write, lines):
    """The numbers of a calendar are its own: with one day off more the step comes a day earlier."""
    from core.upkeep.models import Workday

    clock.stop_at("2027-03-01T10:00")
    made = plan("dagar", core_clock.now())  # 11 March; five working days before is 4 March
    with database.transaction() as session:
        ours = session.execute(select(Workday.day, Workday.is_wd, Workday.wd)).all()
        off = date(2027, 3, 8)
        rows = [
            {"calendar": "staden", "day": day, "is_wd": is_wd and day != off, "wd": wd - (day >= off), "name": None}
            for day, is_wd, wd in ours
        ]
        session.execute(Workday.__table__.insert(), rows)
    change(database, made, calendar="staden")
    assert write("2027-03-03") == 1
    assert lines() == [(-5, "ansvarig", "trafik")]


# --- The steps ------------------------------------------------------------------------------------------------------


def test_an_administrator_sets_the_steps_on_a_page(client, actors, plan, scene, clock, write):
    clock.stop_at("2027-03-01T10:00")
    plan("dagar", core_clock.now())
    client.login(actors("sysadmin", "slk"))
    page = "/admin/paminnelser"
    assert "5 arbetsdagar före sista dag" in client.get(page).text
    assert client.submit(page, {"days": "3", "side": "fore", "receiver": "ansvarig"}).status_code == 303
    assert client.submit(page, {"days": "3", "side": "fore", "receiver": "ansvarig"}).status_code == 422
    assert client.submit(page, {"days": "61", "side": "efter", "receiver": "chef"}).status_code == 422
    assert write("2027-03-08", since="2027-03-02") == 2, "the new step counts from now on"
    shown = client.get(page).text
    assert "Trafiknämnden" in shown.partition("Nås inte av brev")[2], "who has no mailbox is named"
    first = shown.partition('name="step" value="')[2].partition('"')[0]
    assert client.submit(f"{page}/ta-bort", {"step": first}, page=page).status_code == 303
    assert "5 arbetsdagar före sista dag" not in client.get(page).text
    assert client.submit(f"{page}/ta-bort", {"step": first}, page=page).status_code == 404


# --- Reminding those one waits for ----------------------------------------------------------------------------------


def test_who_waits_reminds_once_a_day(client, plan, scene, clock, lines):
    clock.stop_at("2027-03-01T10:00")
    made = plan("dagar", core_clock.now())
    client.login(scene.leader)
    page = f"/skotsel/frister/{made.uid}"
    for _ in range(2):
        assert client.submit(f"{page}/paminn", page="/utseende").status_code == 303
    assert lines("paminn") == [(0, "ansvarig", "trafik")]
    clock.pass_by(days=1)
    client.login(scene.leader)
    client.submit(f"{page}/paminn", page="/utseende")
    assert len(lines("paminn")) == 2


def test_all_that_is_late_with_somebody_is_reminded_of_at_once(client, plan, scene, clock, lines):
    clock.stop_at("2027-03-01T10:00")
    for rule in ("dygn", "arbetsdagar", "dagar"):
        plan(rule, core_clock.now())
    client.login(scene.leader)
    assert "Påminn Trafiknämnden" not in client.get("/att-gora?visa=andra").text, "nothing is late"
    clock.pass_by(days=9)
    client.login(scene.leader)
    shown = client.get("/att-gora?visa=andra").text
    action = shown.partition('action="/skotsel/paminn/')[2].partition('"')[0]
    assert client.submit(f"/skotsel/paminn/{action}", page="/utseende").status_code == 303
    assert len(lines("paminn")) == 2
    again = client.submit(f"/skotsel/paminn/{action}", page="/utseende")
    assert again.status_code == 422
    assert "redan påmints i dag" in again.text


def test_nobody_reminds_herself_nor_of_what_she_does_not_see(database, plan, scene, clock, actors):
    clock.stop_at("2027-03-01T10:00")
    made = plan("dagar", core_clock.now())
    asked = {
        actors("tk_drift", "trafik"): Invalid,
        actors("sdn_samordnare", "sdn-jarva"): Missing,
        actors("revisor", "slk"): Denied,
    }
    for actor, refusal in asked.items():
        with database.transaction(), pytest.raises(refusal):
            services.nudge(actor, made.uid)
    change(database, made, state="klar")
    with database.transaction(), pytest.raises(Invalid):
        services.nudge(scene.leader, made.uid)
