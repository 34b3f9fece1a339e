"""Att göra: everything that waits for a person in one list, filtered and page by page; and her own letters."""

import re

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.people.models import LetterChoice
from core.upkeep.services import digest
from tests.upkeep.conftest import app, asked, database, plan, start
from tests.upkeep.letters import TRAFIK, boxes, read, send
from tests.walks.scene import phone, phone_of, scene

__all__ = ["app", "asked", "boxes", "database", "phone", "phone_of", "plan", "scene", "send", "start"]
OFFICER = "tk_drift"


@pytest.fixture
def officer(actors, client):
    person = actors(OFFICER, "trafik")
    client.login(person)
    return person


def test_what_waits_is_found_by_when_it_must_be_done(client, officer, plan, clock):
    clock.stop_at("2027-03-01T10:00")
    for rule in ("dygn", "arbetsdagar", "dagar"):
        plan(rule, core_clock.now())
    clock.stop_at("2027-03-03T10:00")
    client.login(officer)
    shown = client.get("/att-gora").text
    tabs = shown.partition("Delar av listan")[2].partition("</ul>")[0]
    for title, count in (("Allt", 3), ("Försenat", 1), ("I dag", 0), ("Denna vecka", 0), ("Senare", 2)):
        assert f">{title} <b>{count}</b>" in tabs.replace("\n", "")
    late = client.get("/att-gora?visa=forsenat").text
    assert re.findall(r'aria-current="true">(\w+)', late) == ["Försenat"]
    assert late.count("/skotsel/frister/") == 1
    assert client.get("/att-gora?q=farsta&visa=senare").text.count("/skotsel/frister/") == 2
    assert "Inget här passar valet." in client.get("/att-gora?q=finns-inte").text
    assert client.get("/att-gora?visa=annat").status_code == 422


def test_a_long_list_goes_on_page_by_page_and_asks_no_more_for_more(client, officer, plan, clock, database, asked):
    clock.stop_at("2027-03-01T10:00")
    client.login(officer)
    plan("dagar", core_clock.now())
    client.get("/att-gora")
    with asked() as few:
        client.get("/att-gora")
    for _ in range(55):
        plan("dagar", core_clock.now())
    with asked() as many:
        first = client.get("/att-gora").text
    assert len(many) == len(few)
    assert first.count("/skotsel/frister/") == 50
    assert "50 av 56" in re.sub("<[^>]+>", "", first)
    after = first.partition('href="/att-gora?efter=')[2].partition('"')[0]
    assert client.get(f"/att-gora?efter={after}").text.count("/skotsel/frister/") == 6
    assert client.get("/att-gora?efter=hittepa").status_code == 422
    start = client.get("/").text
    assert start.count("/skotsel/frister/") <= 21, "the start page shows the head of it"
    assert 'href="/att-gora"' in start


# --- Letters of one's own -------------------------------------------------------------------------------------------


def test_a_person_gets_letters_of_her_own_when_she_has_chosen_to(client, officer, plan, clock, send, database):
    clock.stop_at("2027-03-01T10:00")
    client.login(officer)
    made = plan("arbetsdagar", core_clock.now())  # ends on Monday 8 March
    address = f"{OFFICER}-1@tryggplats.example"
    clock.stop_at("2027-03-02T06:00")
    assert set(send()) == {TRAFIK}, "who has chosen nothing gets none"
    client.login(officer)
    assert client.submit("/jag", {"days": "vardagar", "urgent_only": "ja"}).status_code == 303
    clock.stop_at("2027-03-03T06:00")
    assert send() == {}, "nothing is urgent"
    client.login(officer)
    assert client.submit("/jag", {"days": "vardagar"}).status_code == 303
    clock.stop_at("2027-03-04T06:00")
    letter = send()[address]
    assert letter["Subject"] == "Tryggplats 2027-03-04: 1 att göra"
    line = "- Svara om belysningen, Farsta torg, Inom fem arbetsdagar. Senast 2027-03-08."
    link = f"{database.settings.base_url}/skotsel/frister/{made.uid}"
    assert f"Senare\n------\n{line}\n  {link}" in read(letter)
    assert send() == {}
    client.login(officer)
    client.submit("/jag", {"days": "veckovis"})
    clock.stop_at("2027-03-05T06:00")
    assert address not in send(), "she has got one this week"
    clock.stop_at("2027-03-08T06:00")
    assert address in send()
    client.login(officer)
    client.submit("/jag", {"days": "aldrig"})
    clock.stop_at("2027-03-09T06:00")
    assert address not in send()


def test_one_letter_that_cannot_be_written_keeps_nobody_elses(client, actors, officer, plan, clock, send, monkeypatch):
    """The fault of one room about one person: everybody after her gets theirs, and hers comes when it is mended."""
    clock.stop_at("2027-03-01T10:00")
    plan("dagar", core_clock.now())
    for one in (officer, actors(OFFICER, "trafik")):
        client.login(one)
        client.submit("/jag", {"days": "vardagar"})
    put, unlucky = digest.put_personal, []

    def fail(person, day):
        unlucky.append(person)
        if person == unlucky[0]:
            raise RuntimeError("a room of its own")
        put(person, day)

    clock.stop_at("2027-03-02T06:00")
    monkeypatch.setattr(digest, "put_personal", fail)
    first = set(send()) - {TRAFIK}
    assert len(first) == 1
    monkeypatch.setattr(digest, "put_personal", put)
    clock.stop_at("2027-03-02T06:30")
    again = set(send())
    assert len(again) == 1, "the task is tried again"
    assert again != first


def test_her_letter_tells_of_what_is_restricted_only_that_it_is_there(client, officer, plan, clock, send):
    clock.stop_at("2027-03-01T05:00")
    for level in (1, 2, 3):
        plan("dagar", core_clock.now(), level=level)
    client.login(officer)
    client.submit("/jag", {"days": "vardagar", "others": "ja"})
    clock.stop_at("2027-03-01T06:00")
    text = read(send()[f"{OFFICER}-1@tryggplats.example"])
    assert text.count("/skotsel/frister/") == 1
    assert "Det finns också 2 ärenden som inte får stå i brev." in text


def test_what_she_waits_for_stands_in_it_if_she_wants(client, scene, plan, clock, send):
    clock.stop_at("2027-03-01T05:00")
    plan("dagar", core_clock.now())
    client.login(scene.leader)
    client.submit("/jag", {"days": "vardagar", "others": "ja"})
    clock.stop_at("2027-03-01T06:00")
    [own] = [letter for to, letter in send().items() if to.startswith("sdn_samordnare")]
    assert "Väntar på andra\n---------------\n- Trafiknämnden: öppna frister, 1" in read(own)


def test_a_choice_that_somebody_changed_meanwhile_is_not_overwritten(client, officer, database):
    assert client.submit("/jag", {"days": "fel"}).status_code == 422
    assert client.submit("/jag", {"days": "vardagar"}).status_code == 303
    assert client.submit("/jag", {"days": "veckovis", "version": "0"}).status_code == 409
    with database.transaction(write=False) as session:
        assert session.scalars(select(LetterChoice.days)).all() == ["vardagar"]
