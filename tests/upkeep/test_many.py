"""Many frister at once: what becomes of each is shown before anything is saved, and then all of it is, or nothing."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import access, db, flow
from core import clock as core_clock
from core.journal import JournalLine
from core.upkeep import services
from core.upkeep.models import Deadline, DeadlineChange
from core.upkeep.services.many import Wish

pytestmark = pytest.mark.other_database_long

HOURS = timedelta(hours=1)


@pytest.fixture
def noon(clock):
    clock.stop_at("2027-01-13T12:00")
    return core_clock.now()


@pytest.fixture
def three(plan, noon):
    return [plan("dygn", noon - hours * HOURS).uid for hours in (30, 3, 2)]


@pytest.fixture
def clerk(actors, scene):
    return actors("tk_drift", "trafik")


def stored(database):
    with database.transaction(write=False) as session:
        return {row.uid: (row.state, row.due_on.isoformat()) for row in session.scalars(select(Deadline))}


def counted(database):
    with database.transaction(write=False) as session:
        return [len(session.scalars(select(key)).all()) for key in (DeadlineChange.id, JournalLine.seq)]


def test_a_rehearsal_says_what_becomes_of_each_and_changes_nothing(database, three, clerk):
    before, rows = stored(database), counted(database)
    wish = Wish("flytta", "Väntar på reservdel.", core_clock.today() + timedelta(days=9))
    with database.transaction():
        seen = services.rehearse(clerk, three, wish)
    assert [(one.uid, one.becomes.isoformat(), one.objections) for one in seen] == [
        (uid, "2027-01-22", ()) for uid in three
    ]
    assert (stored(database), counted(database)) == (before, rows)


def test_what_stands_in_the_way_of_one_is_told_of_that_one(database, three, clerk):
    with database.transaction():
        services.pause(clerk, three[1], reason="Regn")
    with database.transaction():
        seen = services.rehearse(clerk, three, Wish("pausa", "Snö"))
    assert [bool(one.objections) for one in seen] == [False, True, False]
    assert [one.paused for one in seen] == [True, False, True]


def test_all_are_changed_each_with_its_reason(database, three, clerk):
    with database.transaction():
        assert services.change_all(clerk, dict.fromkeys(three, 1), Wish("klarmarkera", "Lamporna är bytta.")) == 3
    assert {state for state, _ in stored(database).values()} == {"klar"}
    with database.transaction(write=False) as session:
        reasons = session.scalars(select(DeadlineChange.reason).where(DeadlineChange.kind == "klarmarkera")).all()
    assert reasons == ["Lamporna är bytta."] * 3


def test_one_that_cannot_be_changed_lets_none_be(database, three, clerk):
    with database.transaction():
        services.move(clerk, three[2], "klarmarkera", reason="Bytt.")
    before = stored(database)
    with pytest.raises(flow.Refused), database.transaction():
        services.change_all(clerk, {three[0]: 1, three[2]: 3}, Wish("klarmarkera", "Alla är bytta."))
    assert stored(database) == before


def test_one_that_somebody_has_changed_since_it_was_seen_stops_all(database, three, clerk):
    with database.transaction():
        services.pause(clerk, three[0], reason="Regn")
    with pytest.raises(db.Stale), database.transaction():
        services.change_all(clerk, dict.fromkeys(three, 1), Wish("klarmarkera", "Bytt."))
    assert {state for state, _ in stored(database).values()} == {"oppen"}


def test_neither_others_nor_protected_ones_can_be_chosen(database, three, plan, noon, actors, clerk):
    protected = plan("dygn", noon, level=3).uid
    for actor, uids in ((actors("fack_handlaggare", "fastighet"), three), (clerk, [three[0], protected])):
        with pytest.raises(access.Missing), database.transaction():
            services.rehearse(actor, uids, Wish("pausa", "Snö"))


def test_on_the_page_step_by_step(client, database, three, clerk):
    client.login(clerk)
    assert client.get("/skotsel").text.count('name="vald"') == 3
    here = "/skotsel/flera?" + "&".join(f"vald={uid}" for uid in three[:2])
    asked = {"vald": [str(uid) for uid in three[:2]], "act": "flytta", "reason": "Väntar på reservdel."}
    drawn = client.get(here).text
    assert [drawn.count(f'name="vald" value="{uid}"') for uid in three] == [1, 1, 0]
    refused = client.submit("/skotsel/flera", asked, page=here)
    assert (refused.status_code, "Skriv vilken dag de flyttas till." in refused.text) == (422, True)
    seen = client.submit("/skotsel/flera", asked | {"on": "2027-01-22"}, page=here)
    assert (seen.status_code, "2 av 2 ändras" in seen.text) == (200, True)
    assert "Sista dagen har redan passerat för 1 av dem." in seen.text
    sunday = client.submit("/skotsel/flera", asked | {"on": "2027-01-24"}, page=here)
    assert "2027-01-24 är ingen arbetsdag (helg)." in sunday.text.replace("<br>", "")
    assert "2027-01-22" not in {day for _, day in stored(database).values()}
    sure = asked | {"on": "2027-01-22", "versions": ["1", "1"]}
    assert client.submit("/skotsel/flera/spara", sure, page=here).status_code == 303
    assert sorted(day for _, day in stored(database).values())[1:] == ["2027-01-22"] * 2
    again = client.submit("/skotsel/flera/spara", sure, page=here)
    assert again.status_code in (409, 412)


def test_whoever_may_not_is_told_of_three_roles_that_may_not_of_all(client, actors):
    client.login(actors("falt", "trafik"))
    page = client.get("/skotsel/flera")
    assert page.status_code == 403
    assert re.search(
        r"\d+ roller får göra det, till exempel ”[^”]+”, ”[^”]+”, ”[^”]+”\. Den som ger roller hos er", page.text
    )
