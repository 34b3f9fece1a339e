"""Pausing and moving a frist on its page and in the API: with a reason, by those who may, and told afterwards."""

import re
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core import plugins
from core.upkeep import services
from core.upkeep.models import Deadline
from tests.upkeep.conftest import HOUSE, KIND
from tests.upkeep.test_planning import local

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def frist(plan, clock, client, actors):
    """A frist of five working days, from Wednesday 23 December 2026, and its page, open to who answers for it."""
    clock.stop_at("2026-12-23T10:00")
    made = plan("arbetsdagar", core_clock.now())
    client.login(actors("tk_drift", "trafik"))
    return f"/skotsel/frister/{made.uid}"


def press(client, page, act, **written):
    version = re.search(r'name="version" value="(\d+)"', client.get(page).text)[1]
    return client.submit(f"{page}/{act}", {"version": version, **written}, page=page)


def test_a_frist_is_paused_and_runs_on_with_its_reasons(client, actors, frist, clock):
    page = client.get(frist).text
    assert "Pausa fristen" in page
    assert "Låt fristen löpa igen" not in page
    assert press(client, frist, "pausa", reason="Tjäle i marken").status_code == 303
    clock.stop_at("2027-02-01T09:00")
    client.login(actors("tk_drift", "trafik"))
    page = client.get(frist).text
    for words in ("Pausad", "Tjäle i marken", "pågår", "Låt fristen löpa igen"):
        assert words in page, words
    assert "sent" not in page.partition("<main")[2].partition("Varför")[0], "never late while it is paused"
    assert "Flytta fristen" not in page
    assert press(client, frist, "ateruppta", reason="Tjälen har gått ur").status_code == 303
    page = client.get(frist).text
    for words in ("2027-02-05", "pausad: Tjäle i marken", "Från 2027-01-05 till 2027-02-05: Tjälen har gått ur"):
        assert words in page, words


def test_a_frist_is_moved_and_its_rule_still_told(client, frist, database, plan):
    """The first date is told with the last one; planned again by its rule it stays where it was moved to."""
    wrong = press(client, frist, "flytta", on="2026-12-01", reason="")
    assert wrong.status_code == 422
    assert press(client, frist, "flytta", on="2026-12-01", reason="Fel").status_code == 409
    assert press(client, frist, "flytta", on="2027-01-05", reason="Samma").status_code == 409
    assert press(client, frist, "flytta", on="2027-01-20", reason="Väntar på armatur").status_code == 303
    page = client.get(frist).text
    for words in (
        "Senast 2027-01-20",
        "Regeln gav 2027-01-05. Datumet har flyttats, med skäl.",
        "Julafton",
        "dag 5",
        "Ja, 1 gång",
        "Från 2027-01-05 till 2027-01-20: Väntar på armatur",
        "Frist flyttad",
    ):
        assert words in page, words
    assert "Pausa fristen" not in page, "a given date does not stand still"
    with database.transaction(write=False) as session:
        row = session.scalars(select(Deadline)).one()
    assert plan("arbetsdagar", row.starts_at, about=row.subject_uid).due_on.isoformat() == "2027-01-20"
    assert plan("dygn", row.starts_at, about=row.subject_uid).due_on.isoformat() == "2026-12-24", (
        "what is stricter goes"
    )


def test_what_is_moved_when_it_is_late_stays_late(client, frist, database, clock, actors):
    """Whatever day it is moved to, and met before: list, report and page say that it was not kept in time."""
    clock.stop_at("2027-01-20T09:00")
    officer = actors("tk_drift", "trafik")

    def told():
        with database.transaction(write=False):
            found = services.report(officer, first=date(2027, 1, 1), last=date(2027, 1, 31))
            return found.groups[0].counts, found.months[0].key, services.count_open(officer)["forsenade"]

    client.login(officer)
    assert told() == ({"oppen_sen": 1}, (2027, 1), 1)
    assert "Fristen räknas som sen även om den flyttas." in client.get(frist).text
    for day in ("2027-04-01", "2027-05-03"):
        assert press(client, frist, "flytta", on=day, reason="Frost").status_code == 303
        assert told() == ({"oppen_sen": 1}, (2027, 1), 1), day
    for page in ("/skotsel", frist):
        assert "Flyttad efter sista dagen" in client.get(page).text, page
    line, whole = client.get("/api/v1/deadlines").json["items"][0], client.get(f"/api/v1/deadlines/{frist[-36:]}").json
    assert line["missed_at"] == whole["missed_at"] < "2027-01-20T08:00:00Z" < whole["due_at"]
    assert press(client, frist, "klarmarkera", reason="Bytt").status_code == 303
    assert told() == ({"sent": 1}, (2027, 1), 0)


def test_a_day_off_is_asked_about_before_it_becomes_the_last_day(client, frist):
    asked = press(client, frist, "flytta", on="2027-05-06", reason="Väntar")
    assert (asked.status_code, "2027-05-06 är ingen arbetsdag (Kristi himmelsfärdsdag)." in asked.text) == (409, True)
    assert "Ja, det ska vara sista dagen" in asked.text
    assert press(client, frist, "flytta", on="2027-05-08", reason="Väntar").status_code == 409, "a Saturday"
    assert press(client, frist, "flytta", on="2027-05-06", reason="Väntar", confirm="ja").status_code == 303


def test_what_is_counted_in_hours_tells_its_moment_and_no_calendar(client, plan, frist):
    hours = f"/skotsel/frister/{plan('dygn', core_clock.now()).uid}"
    assert "Sveriges arbetsdagar" in client.get(frist).text
    assert press(client, hours, "flytta", on="2027-01-20", reason="Väntar").status_code == 303
    page = client.get(hours).text
    assert "Regeln gav 2026-12-24 10.00." in page
    assert "Sveriges arbetsdagar" not in page


def test_what_stands_in_the_way_is_told(client, frist, database, monkeypatch, plan):
    """Somebody else was first; it follows something else; its date was decided elsewhere; it is closed."""
    uid = UUID(frist.rpartition("/")[2])
    assert press(client, frist, "pausa", reason=" ").status_code == 422
    with database.transaction():
        services.pause(HOUSE, uid, reason="Regn")
    again = client.submit(f"{frist}/pausa", {"version": "1", "reason": "Regn"}, page=frist)
    assert again.status_code == 409
    assert "Fristen är pausad." in press(client, frist, "flytta", on="2027-03-01", reason="Regn").text
    with database.transaction():
        services.resume(HOUSE, uid, reason="Torrt")
    assert "inte pausad längre" in press(client, frist, "ateruppta", reason="Torrt").text
    given = f"/skotsel/frister/{plan('givet', core_clock.now()).uid}"
    assert "kan inte pausas" in press(client, given, "pausa", reason="Regn").text
    kinds = plugins.house().deadline_kinds
    monkeypatch.setitem(kinds, KIND, replace(kinds[KIND], closes_itself=True))
    assert "Ändra datumet" not in client.get(frist).text
    monkeypatch.undo()
    assert press(client, frist, "klarmarkera", reason="Bytt").status_code == 303
    assert "läget är ”Klar”" in press(client, frist, "pausa", reason="Regn").text


def test_only_who_answers_or_follows_up_may(client, actors, frist):
    roles = (("entreprenor", "trafik", 403), ("tk_drift", "exploatering", 404), ("sdn_samordnare", "sdn-farsta", 200))
    for role, board, answer in roles:
        bearer = actors.token(actors(role, board)) | {"If-Match": '"1"'}
        address = f"/api/v1/deadlines/{frist.rpartition('/')[2]}/pause"
        assert client.post(address, json={"reason": "Regn"}, headers=bearer).status_code == answer, role


def test_the_same_in_the_api(client, actors, frist, clock):
    address, officer = f"/api/v1/deadlines/{frist.rpartition('/')[2]}", actors("tk_drift", "trafik")

    def send(act, tag, **body):
        return client.post(f"{address}/{act}", json=body, headers=actors.token(officer) | {"If-Match": tag})

    tag = client.get(address, headers=actors.token(officer)).headers["ETag"]
    paused = send("pause", tag, reason="Regn")
    assert (paused.status_code, paused.get_json()["paused_since"]) == (200, "2026-12-23T09:00:00Z")
    assert send("resume", tag, reason="Torrt").status_code == 412
    clock.stop_at("2026-12-29T10:00")
    resumed = send("resume", paused.headers["ETag"], reason="Torrt")
    told = resumed.get_json()
    assert (told["due_on"], told["explained"]["pauses"][0]["reason"]) == ("2027-01-07", "Regn")
    assert {"day": "2026-12-28", "counted": None, "note": "pausad: Regn"} in told["explained"]["days"]
    assert (told["explained"]["rule_version"], told["explained"]["calendar"]) == ("1.0", "Sveriges arbetsdagar")
    moved = send("date", resumed.headers["ETag"], on="2027-02-01", reason="Ny leverans").get_json()
    assert (moved["due_on"], moved["moved_count"]) == ("2027-02-01", 1)
    assert [(one["was"], one["became"], one["reason"]) for one in moved["explained"]["moves"]] == [
        ("2027-01-05T23:00:00Z", "2027-01-07T23:00:00Z", "Torrt"),
        ("2027-01-07T23:00:00Z", "2027-02-01T23:00:00Z", "Ny leverans"),
    ]
    assert moved["due_at"] == local("2027-02-02T00:00").astimezone(core_clock.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
