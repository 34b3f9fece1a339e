"""Calendars to subscribe to: valid in two parsers, nothing in them that an address must not give away."""

import re
from datetime import date
from uuid import uuid4

import pytest
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from sqlalchemy import select, update

from core import clock as core_clock
from core.people.models import RoleGrant
from core.refs import Subject
from core.upkeep import services
from core.upkeep.models import Feed
from tests.upkeep.conftest import HOUSE, KIND

pytestmark = pytest.mark.other_database_long

PAGE = "/jag/kalendrar"


@pytest.fixture
def subscribe(client):
    """Make the address of a calendar on the page; return its path."""

    def subscribe(**fields):
        shown = client.submit(PAGE, fields, page="/utseende").text
        return re.search(r"<code>https?://[^/]+(/kalender/[\w-]+\.ics)</code>", shown)[1]

    return subscribe


def test_a_calendar_is_read_in_two_parsers(client, actors, plan, clock, subscribe, database, scene):
    clock.stop_at("2026-12-10T10:00")
    made = plan("dagar", core_clock.now())
    client.login(actors("tk_drift", "trafik"))
    answer = client.get(subscribe())
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = Calendar.from_ical(answer.data).walk("VEVENT")
    assert (event["SUMMARY"], event["DTSTART"].dt, event["DTEND"].dt) == (
        "Svara om belysningen",
        date(2026, 12, 20),
        date(2026, 12, 21),
    )
    assert event["UID"] == f"{made.uid}@tryggplats"
    [read] = IcsCalendarStream.calendar_from_ics(answer.text).events
    assert (read.summary, read.dtstart, read.dtend) == ("Svara om belysningen", date(2026, 12, 20), date(2026, 12, 21))
    assert read.url is not None
    assert "Farsta torg" not in answer.text, "no place"
    assert "X-PUBLISHED-TTL:PT6H\r\n" in answer.text
    assert "\r\n" in answer.text
    assert max(len(line.encode()) for line in answer.text.split("\r\n")) <= 75


def test_a_calendar_tells_the_number_of_what_a_frist_is_about(client, actors, scene, clock, subscribe, database, phone):
    logged = uuid4()
    assert phone.log(logged, scene.walk, place=str(scene.place)).status_code == 201
    subject = Subject("observation", logged, "Lampan vid Annas port", place=scene.place, level=1)
    with database.transaction():
        services.plan_deadline(HOUSE, KIND, rule="dagar", subject=subject, starts_at=core_clock.now())
    client.login(actors("tk_drift", "trafik"))
    text = client.get(subscribe()).text
    assert "SUMMARY:Iakttagelse 1: Svara om belysningen" in text
    assert "Annas" not in text


def test_nothing_restricted_stands_in_a_calendar(client, actors, plan, clock, subscribe):
    clock.stop_at("2026-12-10T10:00")
    uids = [str(plan("dagar", core_clock.now(), level=level).uid) for level in (0, 1, 2, 3)]
    client.login(actors("tk_drift", "trafik"))
    text = client.get(subscribe()).text
    assert [uid in text for uid in uids] == [True, True, False, False]


def test_an_address_is_kept_as_a_hash_made_anew_and_ended(client, actors, database, subscribe):
    client.login(actors("tk_drift", "trafik"))
    first = subscribe()
    with database.transaction(write=False) as session:
        kept = session.scalars(select(Feed)).one()
        assert first.encode() not in repr(vars(kept)).encode()
    second = subscribe()
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert second.rpartition("/")[2] not in client.get(PAGE).text, "it is shown once"
    assert client.submit(f"{PAGE}/avsluta", page="/utseende").status_code == 303
    assert client.get(second).status_code == 404
    assert client.submit(f"{PAGE}/avsluta", page="/utseende").status_code == 404


def test_a_calendar_of_a_role_ends_with_the_role_and_needs_no_log_in(client, actors, plan, clock, subscribe, database):
    clock.stop_at("2026-12-10T10:00")
    plan("dagar", core_clock.now())
    officer, stranger = actors("tk_drift", "trafik"), actors("tk_drift", "trafik")
    with database.transaction(write=False) as session:
        grants = select(RoleGrant.uid).where(RoleGrant.person_id == officer.id)
        grant = session.scalars(grants).one()
    client.login(stranger)
    assert client.submit(PAGE, {"grant": str(grant)}, page="/utseende").status_code == 404
    client.login(officer)
    path = subscribe(grant=str(grant))
    assert "Trafikkontoret, drift, Trafiknämnden" in client.get(PAGE).text
    client.submit("/logga-ut", page="/utseende")
    assert Calendar.from_ical(client.get(path).data)["X-WR-CALNAME"] == "Tryggplats, Trafiknämnden"
    with database.transaction() as session:
        session.execute(update(RoleGrant).where(RoleGrant.uid == grant).values(valid_to=date(2026, 12, 9)))
    assert client.get(path).status_code == 404


def test_who_has_no_frister_is_offered_no_calendar(client, actors):
    client.login(actors("sysadmin", "slk"))
    assert "Ingen av dina roller har frister." in client.get(PAGE).text
