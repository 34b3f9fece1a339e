"""What was seen after dark, and walks that follow others up in the same darkness (X5, X11, C8)."""

import re
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from core import clock as core_clock
from core import db
from core.media import Photo
from core.walks import services
from core.walks.models import Observation, Walk
from core.walks.services.again import MOST as FOLLOW_UPS
from core.walks.services.light import as_dark_on
from tests.media.samples import encoded
from tests.walks.scene import at

EVENING = "2026-11-20T17:30:00+01:00"


@pytest.mark.one_database
def test_the_sun_stands_as_low_again_at_another_hour(database):
    first = datetime.fromisoformat(EVENING)
    with database.transaction(write=False):
        spring = core_clock.local(as_dark_on(None, first, date(2027, 3, 20)))
        assert (spring.date(), spring.hour) == (date(2027, 3, 20), 20)
        morning = core_clock.local(as_dark_on(None, datetime.fromisoformat("2026-11-20T06:00:00+01:00"), spring.date()))
        assert morning.hour < 6
        assert as_dark_on(None, datetime.fromisoformat("2026-11-20T23:30:00+01:00"), date(2027, 6, 21)) is None


@pytest.fixture
def followed(scene, phone, database, clock):
    """The scene's walk held on a November evening, with a photo, and the one that follows it up in March."""
    clock.stop_at(EVENING)
    with database.transaction() as session:
        moved = update(Walk).where(Walk.uid == scene.walk)
        session.execute(moved.values(planned_at=core_clock.now(), state="pagar"))
    seen, before = uuid4(), uuid4()
    listed = {"uid": str(before), "direction": 210.0, "position": at(500, 500)}
    phone.log(seen, scene.walk, position=at(500, 500), photos=[listed])
    phone.piece(before, encoded("image/jpeg"))
    ready(database, before)
    with database.transaction() as session:
        session.execute(update(Walk).where(Walk.uid == scene.walk).values(state="aterkopplad"))
        planned = datetime.fromisoformat("2027-03-20T18:00:00+01:00")
        known = {"theme": "allman", "organiser": "sdn-farsta", "planned_at": planned, "places": [scene.place]}
        walk = services.add_walk(scene.leader, uid=uuid4(), title="I mars", follows=scene.walk, **known).uid
    return seen, before, walk


def ready(database, *uids):
    with database.transaction() as session:
        made = {"state": "klar", "large": "a" * 64, "small": "b" * 64}
        session.execute(update(Photo).where(Photo.uid.in_(uids)).values(made))


def test_the_same_spot_before_and_after_in_the_same_darkness(scene, phone, client, database, followed):
    _, before, walk = followed
    client.login(scene.leader)
    page = client.get(f"/vandringar/{walk}/fore-efter").text
    assert "ljuset detsamma 2027-03-20 20." in page
    assert f"/bilder/{before}/liten" in page
    assert "Riktning 210°" in page
    assert "Ingen bild efter än" in page
    assert "0 av 1 foton är tagna om" in client.get(f"/vandringar/{walk}").text
    again, after = uuid4(), uuid4()
    listed = {"uid": str(after), "role": "efter", "pairs_with": str(before)}
    assert phone.log(again, walk, position=at(500, 500), photos=[listed]).status_code == 201
    phone.piece(after, encoded("image/jpeg", comment="efter"))
    ready(database, after)
    page = client.get(f"/vandringar/{walk}/fore-efter").text
    assert f"/bilder/{after}/liten" in page
    assert 'data-module="slider"' in page
    assert "Ingen bild efter än" not in page
    for other in (f"/iakttagelser/{again}", f"/platser/{scene.place}"):
        page = client.get(other).text
        assert page.index(f"/bilder/{before}/liten") < page.rindex(f"/bilder/{after}/liten"), other
    assert "följer inte upp" in client.get(f"/vandringar/{scene.walk}/fore-efter").text


def test_follow_ups_are_listed_with_when_it_is_as_dark(scene, client, database, followed, actors):
    *_, walk = followed
    client.login(scene.leader)
    page = client.get("/vandringar/uppfoljning?ljus=morker").text
    assert "Kvällsvandring" in page
    assert "2027-02-" in page
    assert "I annat ljus" in page, "at 18 in March it is not dark yet"
    assert "2027-03-20 20." in page
    with database.transaction(write=False):
        [one] = services.to_follow_up(scene.leader)
    with database.transaction():
        db.session().execute(update(Walk).where(Walk.uid == walk).values(planned_at=one.at + timedelta(minutes=10)))
    assert "I samma ljus" in client.get("/vandringar/uppfoljning").text
    assert "Kvällsvandring" not in client.get("/vandringar/uppfoljning?ljus=dag").text
    offer = client.get(f"/vandringar/ny?foljer={scene.walk}").text
    assert "Lika ljust eller mörkt som då är det:" in offer
    client.login(actors("sdn_samordnare", "sdn-jarva"))
    assert "Kvällsvandring" not in client.get("/vandringar/uppfoljning").text


def test_it_asks_the_same_of_many_walks_as_of_few(scene, followed, database, queries):
    def asked():
        with database.transaction(write=False), queries() as told:
            found = services.to_follow_up(scene.leader)
            return len(told), len(found)

    few, _ = asked()
    with database.transaction() as session:
        for number in range(4):
            known = {"theme": "allman", "organiser": "sdn-farsta", "planned_at": core_clock.now()}
            services.add_walk(scene.leader, uid=uuid4(), title=f"Nr {number}", places=[scene.place], **known)
        session.execute(update(Walk).where(Walk.title.like("Nr %")).values(state="genomford"))
    many, found = asked()
    assert (many, found) == (few, 5)


@pytest.mark.one_database
def test_of_many_walks_the_latest_that_wait_are_listed(scene, database):
    with database.transaction() as session:
        for number, days in enumerate(range(FOLLOW_UPS + 1, 0, -1)):
            planned = core_clock.now() - timedelta(days=days)
            known = {"theme": "allman", "organiser": "sdn-farsta", "planned_at": planned, "places": [scene.place]}
            services.add_walk(scene.leader, uid=uuid4(), title=f"Nr {number}", **known)
        session.execute(update(Walk).where(Walk.title.like("Nr %")).values(state="genomford"))
        found = [one.walk.title for one in services.to_follow_up(scene.leader)]
        assert (len(found), found[0], found[-1]) == (FOLLOW_UPS, "Nr 1", f"Nr {FOLLOW_UPS}")
        session.execute(update(Walk).where(Walk.title.like("Nr _%"), Walk.title != "Nr 0").values(state="uppfoljd"))
        assert [one.walk.title for one in services.to_follow_up(scene.leader)] == ["Nr 0"]


def test_what_was_seen_after_dark_is_chosen_on_the_walk_and_in_the_inbox(scene, phone, client, database, clock):
    for moment, words in (("2026-11-20T12:00:00+01:00", "Mitt på dagen"), (EVENING, "Efter mörkrets inbrott")):
        clock.stop_at(moment)
        phone.log(uuid4(), scene.walk, description=words, position=at(500, 500))
    client.login(scene.leader)
    both, dark = (client.get(f"/vandringar/{scene.walk}{query}").text for query in ("", "?ljus=morker"))
    assert "Mitt på dagen" in both
    assert "I mörker" in both
    assert "Mitt på dagen" not in dark
    assert "Efter mörkrets inbrott" in dark
    with database.transaction() as session:
        own = {"state": "fordelad", "organisation_id": Observation.coordinator_id}
        session.execute(update(Observation).values(own))
    both, dark = (client.get(f"/inkorg{query}").text for query in ("", "?ljus=morker"))
    assert "Mitt på dagen" in both
    assert "Mitt på dagen" not in dark
    assert "Efter mörkrets inbrott" in dark


def test_what_is_counted_is_what_was_seen_in_the_light_that_is_chosen(scene, phone, client, database, clock, queries):
    uids = [uuid4() for _ in range(12)]
    for number, uid in enumerate(uids):
        clock.stop_at(EVENING if number < 8 else "2026-11-20T12:00:00+01:00")
        phone.log(uid, scene.walk, position=at(500, 500))
    with database.transaction() as session:
        for uid, state in {uids[0]: "planerad", uids[11]: "verifierad"}.items():
            session.execute(update(Observation).where(Observation.uid == uid).values(state=state))
    client.login(scene.leader)
    here, asked = f"/vandringar/{scene.walk}", []
    shown = {
        "": (12, 12, ["12", "10", "1", "1"]),
        "?ljus=morker": (8, 8, ["8", "7", "1", "0"]),
        "?visa=att_fordela&ljus=morker": (8, 7, ["8", "7", "1", "0"]),
        "?visa=klara&ljus=morker": (8, 0, ["8", "7", "1", "0"]),
    }
    for query, (heading, rows, counts) in shown.items():
        with queries() as now:
            page = client.get(here + query).text
        asked.append(len(now))
        assert f"Iakttagelser ({heading})" in page
        assert page.count('id="iakttagelse-') == rows
        assert re.findall(r"[A-ZÅÄÖ][^<>]* <b>(\d+)</b>", page) == counts
    assert "Inget här." in page
    assert "?visa=att_fordela&amp;ljus=morker#iakttagelser" in page, "the light stays when the part is changed"
    assert len(set(asked)) == 1


def test_the_walk_says_which_photos_have_not_come(scene, phone, client):
    client.login(scene.leader)
    photos = [uuid4() for _ in range(3)]
    phone.log(uuid4(), scene.walk, photos=[{"uid": str(uid)} for uid in photos])
    phone.piece(photos[0], encoded("image/jpeg"))
    page = client.get(f"/vandringar/{scene.walk}").text
    assert "1 av 3 foton är hos staden." in page
    assert "(2 foton)" in page
    for uid in photos[1:]:
        phone.client.delete(f"/api/v1/photos/{uid}", headers=phone.headers)
    assert "foton är hos staden" not in client.get(f"/vandringar/{scene.walk}").text
