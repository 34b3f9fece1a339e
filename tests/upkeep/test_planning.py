"""Planning a frist: who answers for it, when it falls due, and why just then."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core import clock as core_clock
from core import plugins
from core.access import Denied, Missing
from core.clock import STOCKHOLM
from core.journal import JournalDetail, JournalLine
from core.people.models import Organisation
from core.refs import Subject
from core.upkeep import engine, services
from core.upkeep.calendar import OutsideCalendar
from core.upkeep.counting import Pause
from core.upkeep.models import Deadline, Workday
from core.worker import Worker
from tests.upkeep.conftest import HOUSE, KIND, RULES
from tests.walks.scene import add_place, at, square


def local(text):
    """A moment by Stockholm's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def wall(moment):
    return core_clock.local(moment).strftime("%Y-%m-%d %H:%M")


def code(database, key):
    with database.transaction(write=False) as session:
        return key and session.get_one(Organisation, key).code


# --- Who answers ----------------------------------------------------------------------------------------------------


def test_who_has_the_rule_over_the_spot_answers(database, scene, plan):
    """Who holds the kind's role on the place; a row for a part of the place goes before one for the whole."""
    with database.transaction():
        scene.control("belysning_agare", "exploatering", part=square(450, 450, 50))
        scene.control("belysning_agare", "utbildning", part=square(500, 450, 50), days=(-9, -1))
    began = core_clock.now()
    spots = {
        "i delen": at(460, 460),
        "utanför delen": at(540, 540),
        "där den är slut": at(540, 460),
        "utan punkt": None,
    }
    owners = {}
    for name, spot in spots.items():
        point = spot and {"type": "Point", "coordinates": [spot["longitude"], spot["latitude"]]}
        made = plan("dygn", began, point=point)
        owners[name] = code(database, made.organisation_id)
        assert code(database, made.coordinator_id) == "sdn-farsta"
    assert owners == {
        "i delen": "exploatering",
        "utanför delen": "trafik",
        "där den är slut": "trafik",
        "utan punkt": "trafik",
    }


def test_where_nobody_holds_the_role_the_board_answers(database, scene, plan):
    with database.transaction():
        bare = add_place("Utan rådighet", square(100, 100, 50))
        nowhere = add_place("Utanför", square(100, 1100, 50), belysning_agare="trafik")
        lost = add_place("Ingens", square(300, 1100, 50))
    owners = [
        code(database, plan("dygn", core_clock.now(), place=place).organisation_id) for place in (bare, nowhere, lost)
    ]
    assert owners == ["sdn-farsta", "trafik", None]
    assert plan("dygn", core_clock.now(), place=False).organisation_id is None


# --- When -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "starts", "due_at", "due_on"),
    [
        ("dygn", "2027-01-09T23:30", "2027-01-10 23:30", "2027-01-10"),  # a Saturday evening
        ("fara", "2027-01-09T23:30", "2027-01-10 03:30", "2027-01-10"),
        ("dygn", "2027-03-27T23:30", "2027-03-29 00:30", "2027-03-29"),  # the clocks go forward that night
        ("fara", "2027-03-27T23:30", "2027-03-28 04:30", "2027-03-28"),
        ("dygn", "2027-10-30T23:30", "2027-10-31 22:30", "2027-10-31"),  # and back
        ("arbetsdagar", "2026-12-23T10:00", "2027-01-06 00:00", "2027-01-05"),  # Christmas, New Year
        ("arbetsdagar", "2027-06-24T16:00", "2027-07-03 00:00", "2027-07-02"),  # midsommarafton
        ("arbetsdagar", "2027-01-09T23:30", "2027-01-16 00:00", "2027-01-15"),  # a Saturday counts from Monday
        ("arbetsdagar", "2027-01-11T00:30", "2027-01-19 00:00", "2027-01-18"),  # in UTC it is still Sunday
        ("dagar", "2027-03-25T12:00", "2027-04-05 00:00", "2027-04-04"),
        ("dagar", "2027-12-31T23:59", "2028-01-11 00:00", "2028-01-10"),
    ],
)
def test_when_it_falls_due(plan, rule, starts, due_at, due_on):
    made = plan(rule, local(starts).astimezone(UTC))
    assert (wall(made.due_at), made.due_on.isoformat()) == (due_at, due_on)


@pytest.mark.one_database
def test_five_working_days_by_the_calendar_of_others(database, shared_data):
    """From every day of 2027: counted here by the public list of holidays and the three eves."""
    with (shared_data / "calendar" / "se_helgdagar_2024-2030.csv").open(encoding="utf-8") as file:
        off = {row["datum"] for row in csv.DictReader(file) if "1" in (row["allman_helgdag"], row["workalendar"])}
    rule = engine.frozen("Svara", "arbetsdagar", RULES["arbetsdagar"], "1.0")
    with database.transaction(write=False):
        for offset in range(365):
            first = day = date(2027, 1, 1) + timedelta(days=offset)
            left = 5
            while left:
                day += timedelta(days=1)
                left -= day.weekday() < 5 and day.isoformat() not in off
            ends = engine.due(rule, datetime(first.year, first.month, first.day, 12, tzinfo=UTC))
            assert ends.on == day, first


def test_a_pause_moves_it(database):
    began = local("2027-01-08T10:00").astimezone(UTC)
    day = timedelta(days=1)
    with database.transaction(write=False):
        hours = engine.frozen("Svara", "dygn", RULES["dygn"], "1.0")
        days = engine.frozen("Svara", "arbetsdagar", RULES["arbetsdagar"], "1.0")
        assert wall(engine.due(hours, began, pauses=[Pause(began, began + day)]).at) == "2027-01-10 10:00"
        assert engine.due(days, began).on == date(2027, 1, 15)
        assert engine.due(days, began, pauses=[Pause(began, began + 4 * day)]).on == date(2027, 1, 18)


def test_no_date_is_guessed(plan, database):
    """Beyond the table, by a clock nobody has, or for a rule nobody has declared: nothing is planned."""
    with pytest.raises(OutsideCalendar):
        plan("arbetsdagar", datetime(2099, 1, 1, tzinfo=UTC))
    with pytest.raises(engine.RuleUnknown):
        plan("omojlig", core_clock.now())
    for kind, rule in ((KIND, "kanske"), ("prov:annat", "dygn"), ("okand:svar", "dygn")):
        with pytest.raises(Missing):
            plan(rule, core_clock.now(), kind=kind)
    with database.transaction(write=False) as session:
        assert session.scalars(select(func.count()).select_from(Deadline)).one() == 0


# --- Why ------------------------------------------------------------------------------------------------------------


def test_every_skipped_day_is_named(database, plan, client, actors):
    made = plan("arbetsdagar", local("2026-12-23T10:00").astimezone(UTC))
    with database.transaction(write=False):
        why = engine.explain(made.rule, made.starts_at)
    assert why.sentence == ("Anmält 2026-12-23 10.00. Regeln ger 5 arbetsdagar. Dagen för anmälan räknas inte.")
    assert [(one.day.isoformat()[5:], one.counted or one.note) for one in why.days] == [
        ("12-23", "anmält"),
        ("12-24", "Julafton"),
        ("12-25", "Juldagen"),
        ("12-26", "Annandag jul"),
        ("12-27", "helg"),
        ("12-28", 1),
        ("12-29", 2),
        ("12-30", 3),
        ("12-31", "Nyårsafton"),
        ("01-01", "Nyårsdagen"),
        ("01-02", "helg"),
        ("01-03", "helg"),
        ("01-04", 4),
        ("01-05", 5),
    ]
    assert [one.day.isoformat() for one in why.days if one.last] == ["2027-01-05"]
    client.login(actors("tk_drift", "trafik"))
    page = client.get(f"/skotsel/frister/{made.uid}").text
    for word in (why.sentence, "Julafton", "Annandag jul", "Nyårsafton", "dag 5", "Inom fem arbetsdagar"):
        assert word in page


def test_hours_and_calendar_days_are_explained_in_one_sentence(database, plan):
    said = {}
    for rule, starts in (("dygn", "2027-01-09T23:30"), ("dygn", "2027-03-27T23:30"), ("dagar", "2027-03-25T12:00")):
        made = plan(rule, local(starts).astimezone(UTC))
        with database.transaction(write=False):
            said[rule, starts] = engine.explain(made.rule, made.starts_at)
    assert [why.sentence for why in said.values()] == [
        "Anmält 2027-01-09 23.30. Regeln ger 24 timmar, dygnet runt.",
        "Anmält 2027-03-27 23.30. Regeln ger 24 timmar, dygnet runt. Klockan ställs om under tiden.",
        "Anmält 2027-03-25 12.00. Regeln ger 10 dagar. Dagen för anmälan räknas inte.",
    ]
    assert not any(why.days for why in said.values())


# --- Once, and as it was --------------------------------------------------------------------------------------------


def test_planned_again_it_is_the_first_one(database, plan):
    about, began = uuid4(), core_clock.now()
    first = plan("dygn", began, about=about)
    again = plan("dagar", began + timedelta(days=1), about=about)
    assert (again.uid, again.due_at, again.moved_count) == (first.uid, first.due_at, 0), "never longer"
    with database.transaction(write=False) as session:
        detail = select(JournalDetail.detail).join(JournalLine, JournalLine.seq == JournalDetail.seq)
        [line] = session.scalars(detail.where(JournalLine.action == "deadline:plan")).all()
    assert (line["kind"], line["rule"], line["organisation"]) == (KIND, "dygn", first.organisation_id)


def test_a_stricter_rule_makes_it_shorter_and_says_so(database, plan, client, actors):
    about, began = uuid4(), local("2027-01-09T23:30").astimezone(UTC)
    first = plan("dygn", began, about=about)
    stricter = plan("fara", began, about=about)
    milder = plan("dygn", began, about=about)
    assert {first.uid, stricter.uid} == {milder.uid}
    assert (wall(milder.due_at), milder.rule["key"], milder.urgency) == ("2027-01-10 03:30", "fara", 0)
    assert milder.moved_count == 1
    client.login(actors("tk_drift", "trafik"))
    page = client.get(f"/skotsel/frister/{first.uid}").text
    assert "Frist kortad" in page
    assert "Ja, 1 gång" in page


def test_it_follows_its_subject_to_another_place(database, plan, scene):
    about, began = uuid4(), core_clock.now()
    with database.transaction():
        other = add_place("Annan plats", square(1200, 500, 50), belysning_agare="exploatering")
    first = plan("dygn", began, about=about)
    moved = plan("dygn", began, about=about, place=other)
    assert (code(database, first.organisation_id), code(database, moved.organisation_id)) == ("trafik", "exploatering")
    assert (moved.uid, moved.due_at) == (first.uid, first.due_at)


def test_it_lapses_with_its_subject_and_counts_again(database, plan, client, actors):
    """Nobody can let it lapse by hand: that would be a way around what closing it takes."""
    about, began = uuid4(), core_clock.now()
    made = plan("dygn", began, about=about)
    subject = Subject("prov", about, "Prov", place=None)
    officer = actors("tk_drift", "trafik")
    with database.transaction(), pytest.raises(Denied):
        services.move(officer, made.uid, "lata_utga", reason="Hinner inte")
    with database.transaction():
        services.drop_deadline(HOUSE, KIND, subject, reason="Dubblett av nummer 3.")
    client.login(officer)
    assert str(made.uid) not in client.get("/skotsel").text
    page = client.get(f"/skotsel/frister/{made.uid}").text
    for words in ("Utgår", "Frist utgår", "Dubblett av nummer 3."):
        assert words in page
    assert "Klarmarkera" not in page
    again = plan("dygn", began, about=about)
    assert (again.uid, again.state, again.due_at) == (made.uid, "oppen", made.due_at)


def test_the_rule_stays_as_it_was_when_the_kinds_rule_changes(start, plan):
    """What was promised under the old rule is kept and explained under the old rule."""
    began = local("2027-01-08T10:00").astimezone(UTC)
    made = plan("arbetsdagar", began)
    stricter = replace(RULES["arbetsdagar"], fix=2, title="Inom två arbetsdagar")
    later = start(RULES | {"arbetsdagar": stricter})
    with later.transaction():
        kept = services.read_deadline(HOUSE, made.uid)
        assert engine.explain(kept.rule, kept.starts_at).sentence.count("5 arbetsdagar") == 1
        assert (kept.rule["title"], kept.due_on, kept.rule["schema"]) == ("Inom fem arbetsdagar", date(2027, 1, 15), 2)
        subject = Subject("prov", uuid4(), "Prov", place=None)
        new = services.plan_deadline(HOUSE, KIND, rule="arbetsdagar", subject=subject, starts_at=began)
        assert (new.rule["title"], new.due_on) == ("Inom två arbetsdagar", date(2027, 1, 12))


def test_people_do_not_plan_by_hand(database, actors, scene):
    leader = actors("sdn_samordnare", "sdn-farsta")
    subject = Subject("prov", uuid4(), "Prov", place=scene.place)
    with database.transaction(), pytest.raises(Denied):
        services.plan_deadline(leader, KIND, rule="dygn", subject=subject, starts_at=core_clock.now())


# --- The calendar ---------------------------------------------------------------------------------------------------


def test_the_calendar_reaches_ten_years_back_and_fifteen_ahead_and_goes_on(database, clock):
    """A job of the worker; however often it runs, no day is doubled and the numbers go on."""
    with database.transaction(write=False) as session:
        first, last = session.execute(select(func.min(Workday.day), func.max(Workday.day))).one()
    today = core_clock.today()
    assert (first, last) == (date(today.year - 10, 1, 1), date(today.year + 15, 12, 31))
    clock.stop_at(f"{today.year + 1}-01-01T00:10")
    worker = Worker(database.settings)
    for _ in range(2):
        worker.run_once(keys=["upkeep:calendar"])
    worker.close()
    with database.transaction(write=False) as session:
        rows = session.execute(select(Workday.day, Workday.wd, Workday.is_wd).order_by(Workday.day)).all()
    assert (rows[0].day, rows[-1].day) == (first, date(today.year + 16, 12, 31))
    for before, after in pairwise(rows):
        assert after.day - before.day == timedelta(days=1)
        assert after.wd - before.wd == after.is_wd


def test_a_kind_that_closes_itself_offers_no_button_whoever_s_it_is(database, plan, actors, client, monkeypatch):
    made, officer = plan("dygn", core_clock.now()), actors("tk_drift", "trafik")
    client.login(officer)
    page = f"/skotsel/frister/{made.uid}"
    assert "Klarmarkera" in client.get(page).text
    kinds = plugins.house().deadline_kinds
    monkeypatch.setitem(kinds, KIND, replace(kinds[KIND], closes_itself=True))
    assert "Klarmarkera" not in client.get(page).text
