"""The letters about frister: one for each mailbox and day, read as who gets it reads it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from core.people.models import Organisation
from core.upkeep import naming, services
from core.upkeep.models import Deadline, Reminder
from tests.upkeep.letters import FARSTA, TRAFIK, boxes, read, send
from tests.walks.scene import at, square

pytestmark = pytest.mark.other_database_long

__all__ = ["boxes", "send"]

SPOT = {"type": "Point", "coordinates": [at(460, 460)["longitude"], at(460, 460)["latitude"]]}


def now():
    from core import clock

    return clock.now()


def test_a_letter_tells_what_is_new_due_late_and_stuck(send, plan, clock, scene, settings):
    clock.stop_at("2027-03-01T10:00")  # a Monday
    made = plan("arbetsdagar", now())  # ends on Monday 8 March
    clock.stop_at("2027-03-02T06:05")
    sent = send()
    assert set(sent) == {TRAFIK}
    text = read(sent[TRAFIK])
    assert "Trafiknämnden\n=============" in text
    assert (
        "Nytt hos er (1)\n-----------\n- Svara om belysningen, Farsta torg. Sista dag är 2027-03-08.\n"
        f"  {settings.base_url}/skotsel/frister/{made.uid}\n"
    ) in text
    assert sent[TRAFIK]["Subject"] == "Tryggplats 2027-03-02: nytt: 1, veckan"
    clock.stop_at("2027-03-03T06:05")
    assert send() == {}, "nothing to tell"
    clock.stop_at("2027-03-05T06:05")
    assert "Snart dags (1)" in read(send()[TRAFIK])
    clock.stop_at("2027-03-09T06:05")
    letter = send()[TRAFIK]
    assert "Försenat (1)\n--------\n- Svara om belysningen, Farsta torg. Sista dag var 2027-03-08." in read(letter)
    assert "Försenade: 1, varav kraftigt försenade: 0. Sista dag inom sju dagar: 0." in read(letter), (
        "the week's first letter"
    )
    clock.stop_at("2027-03-15T06:05")
    sent = send()
    assert set(sent) == {TRAFIK, FARSTA}, "five working days late: who follows it up is told where it is stuck"
    assert "Fastnat hos andra (1)\n-----------------\nHos Trafiknämnden:\n- Svara om belysningen" in read(sent[FARSTA])
    assert "Försenat som ni följer upp ligger hos:\n- Trafiknämnden: 1" in read(sent[FARSTA])


def test_a_frist_stands_once_in_a_letter_and_says_what_it_is_about_and_when(send, plan, clock, database, monkeypatch):
    def named(_actor, uids):
        return {uid: naming.About("TK-A-7: Laga lyktan", "/arbeten/7", "TK-A-7") for uid in uids}

    monkeypatch.setitem(naming._namings, "prov", named)
    clock.stop_at("2027-03-01T10:00")
    made = plan("dygn", now())
    clock.stop_at("2027-03-03T06:05")
    with database.transaction() as session:
        common = {"deadline_id": made.id, "organisation_id": made.organisation_id, "on_day": made.due_on}
        for receiver, days in (("ansvarig", 1), ("ansvarig", 5), ("chef", 10)):
            session.execute(
                Reminder.__table__.insert(), [common | {"receiver": receiver, "days": days, "kind": "steg"}]
            )
    letter = send()[TRAFIK]
    assert letter["Subject"] == "Tryggplats 2027-03-03: försenat: 1, veckan"
    assert read(letter).count(str(made.uid)) == 1
    assert "Svara om belysningen, TK-A-7: Laga lyktan, Farsta torg. Tiden gick ut 2027-03-02 10.00." in read(letter)


def test_no_letter_comes_on_a_day_that_one_has_off_but_the_day_after(send, plan, clock, database, actors):
    clock.stop_at("2027-03-01T10:00")
    officer = actors("tk_drift", "trafik")
    with database.transaction():
        services.add_own_day(officer, day=date(2027, 3, 8), name="Planeringsdag", closes=None)
    plan("dygn", now() + timedelta(days=8))  # ends on Wednesday 10 March at 10.00
    clock.stop_at("2027-03-08T06:05")
    assert send() == {}, "closed all day"
    clock.stop_at("2027-03-09T06:05")
    assert "Nytt hos er (1)" in read(send()[TRAFIK])
    clock.stop_at("2027-03-10T06:05")
    with database.transaction() as session:
        session.execute(update(Reminder).values(letter=None, kind="paminn"))
    assert "Senast 2027-03-10 10.00, i dag." in read(send()[TRAFIK])


def test_letters_go_on_working_days_from_six(send, plan, clock):
    clock.stop_at("2027-03-25T10:00")  # Thursday before Easter
    plan("dagar", now())
    for moment in ("2027-03-26T09:00", "2027-03-27T09:00", "2027-03-28T09:00", "2027-03-29T09:00", "2027-03-30T05:59"):
        clock.stop_at(moment)
        assert send() == {}, moment
    clock.stop_at("2027-03-30T06:00")
    assert set(send()) == {TRAFIK}


def test_days_without_a_worker_lose_no_reminder(send, plan, clock):
    clock.stop_at("2027-03-01T10:00")
    plan("dagar", now())  # ends on Thursday 11 March: five working days before is the 4th
    clock.stop_at("2027-03-02T06:00")
    send()
    clock.stop_at("2027-03-09T06:00")
    assert "Snart dags (1)" in read(send()[TRAFIK])
    clock.stop_at("2027-03-10T06:00")
    assert "Snart dags (1)" in read(send()[TRAFIK]), "one day before, and not the same again"


def test_there_is_one_letter_a_day_whatever_comes_after_it(send, plan, clock, database):
    clock.stop_at("2027-03-02T06:00")
    plan("dagar", now())
    assert set(send()) == {TRAFIK}
    plan("dygn", now())
    clock.stop_at("2027-03-02T15:00")
    assert send() == {}
    with database.transaction():
        assert services.put_letters(now().date()) == 0, "nor when somebody asks again"
    clock.stop_at("2027-03-03T06:00")
    assert "Nytt hos er (1)" in read(send()[TRAFIK]), "it waited"


def test_what_is_restricted_is_told_only_to_be_there(send, plan, clock):
    clock.stop_at("2027-03-02T06:00")
    for level in (1, 2, 3):
        plan("dagar", now(), level=level)
    text = read(send()[TRAFIK])
    assert "Nytt hos er (1)" in text
    assert text.count("/skotsel/frister/") == 1
    assert "Det finns också 2 ärenden som inte får stå i brev. Logga in för att se dem." in text


def test_a_long_letter_says_how_many_more(send, plan, clock):
    clock.stop_at("2027-03-02T06:00")
    for _ in range(23):
        plan("dagar", now())
    text = read(send()[TRAFIK])
    assert "Nytt hos er (23)" in text
    assert text.count("/skotsel/frister/") == 20
    assert "- och 3 till" in text


def test_what_is_closed_or_moved_before_its_letter_is_not_told(send, plan, clock, database, scene, actors):
    clock.stop_at("2027-03-02T05:00")
    one, other = plan("dagar", now()), plan("dagar", now())
    officer = actors("tk_drift", "trafik")
    with database.transaction():
        services.move(officer, one.uid, "klarmarkera", reason="Lagat.")
    clock.stop_at("2027-03-02T06:00")
    text = read(send()[TRAFIK])
    assert str(one.uid) not in text
    assert str(other.uid) in text


def test_who_takes_over_is_told_as_of_something_new(send, plan, clock, database, scene):
    clock.stop_at("2027-03-01T06:00")
    about = uuid4()
    plan("dagar", now(), about=about, point=SPOT)
    send()
    with database.transaction():
        scene.control("belysning_agare", "sdn-farsta", part=square(450, 450, 50))
    clock.stop_at("2027-03-02T06:00")
    plan("dagar", now(), about=about, point=SPOT)
    assert "Nytt hos er (1)" in read(send()[FARSTA])


def test_one_mailbox_of_two_organisations_gets_one_letter(send, plan, clock, database, scene):
    with database.transaction() as session:
        shared = update(Organisation).where(Organisation.code.in_(("trafik", "exploatering")))
        session.execute(shared.values(contacts=f"Skötsel: {TRAFIK.upper()}"))
    clock.stop_at("2027-03-02T06:00")
    plan("dagar", now())
    with database.transaction():
        scene.control("belysning_agare", "exploatering", part=square(450, 450, 50))
    plan("dagar", now(), point=SPOT)
    [(_, letter)] = send().items()
    assert "Exploateringsnämnden\n=" in read(letter)
    assert "Trafiknämnden\n=" in read(letter)


def test_lines_wait_until_there_is_a_mailbox_and_follow_who_carries_on(send, plan, clock, database, scene):
    """Trafiknämnden has none and is then merged into another: what waited comes to whoever carries on."""
    with database.transaction() as session:
        session.execute(update(Organisation).where(Organisation.code == "trafik").values(contacts=""))
    clock.stop_at("2027-03-02T06:00")
    plan("dagar", now())
    assert send() == {}
    with database.transaction() as session:
        heir = session.scalars(select(Organisation).where(Organisation.code == "exploatering")).one()
        heir.contacts = "Alla: alla@exploatering.example"
        old = session.scalars(select(Organisation).where(Organisation.code == "trafik")).one()
        old.valid_to, old.successor_id = now().date(), heir.id
    clock.stop_at("2027-03-03T06:00")
    assert "Nytt hos er (1)" in read(send()["alla@exploatering.example"])
    with database.transaction(write=False) as session:
        assert session.scalars(select(Reminder.letter).where(Reminder.letter.is_(None))).all() == []


@pytest.mark.one_database
def test_what_is_asked_of_the_database_does_not_grow_with_what_there_is(send, plan, clock, database, asked):
    counts = []
    for many in (1, 12):
        clock.stop_at("2027-03-02T05:00")
        for _ in range(many):
            plan("dagar", now())
        clock.stop_at(f"2027-03-0{2 + len(counts)}T06:00")
        with asked() as said, database.transaction():
            services.put_letters(now().date())
        counts.append(len(said))
    assert counts[0] - 3 <= counts[1] <= counts[0], counts


def test_steps_tell_the_chief_where_there_is_such_a_mailbox(send, plan, clock, database):
    with database.transaction() as session:
        contacts = f"Skötsel: {TRAFIK}\nchef: chef@trafik.example"
        session.execute(update(Organisation).where(Organisation.code == "trafik").values(contacts=contacts))
    clock.stop_at("2027-03-01T10:00")
    plan("dagar", now())  # ends on Thursday 11 March; ten working days later is the 25th
    clock.stop_at("2027-03-25T06:00")
    sent = send()
    assert "Försenat (1)" in read(sent["chef@trafik.example"])
    with database.transaction() as session:
        session.execute(update(Deadline).values(state="klar", met_at=now()))
    clock.stop_at("2027-03-30T06:00")  # after Easter
    assert "Klara den senaste veckan: 1." in read(send()[TRAFIK]), "the board's overview has no mailbox of its own"
