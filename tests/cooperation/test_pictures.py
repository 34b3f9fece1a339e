"""Pictures on their pages: what helps to write them, what is seen when they are open, and what is offered no more."""

from uuid import uuid4

import pytest
from shapely import box

from core import flow
from core.cooperation import services
from core.cooperation.services.drawings import meetings, unseen
from core.schema import Invalid
from tests.cooperation.conftest import asked_for, hand_in, write

pytestmark = pytest.mark.other_database_long

WEST = box(676_450, 6_571_450, 676_500, 6_571_550)
"""The western half of the place."""


@pytest.fixture
def asked(database, together):
    with database.transaction():
        asked_for(together)
    return together


def draw(actor, cycle, kind, label, geom=WEST):
    uid = write(actor, cycle, f"Vi skriver om {label}.")
    return services.draw(actor, uid, drawing=uuid4(), kind=kind, label=label, geom=geom)


@pytest.fixture
def opened(database, asked):
    """All three have handed in; they have drawn in the same half of the place, of which one calls it safe."""
    with database.transaction():
        for actor, kind, label in zip(
            asked.actors, ("otrygg", "otrygg", "trygg"), ("Trappan", "Hörnet", "Kiosken"), strict=True
        ):
            draw(actor, asked.cycle, kind, label)
            hand_in(actor, asked.cycle, f"Det {label} är.")
    return asked


def test_what_is_drawn_is_near_what_the_cycle_is_about(database, asked, client):
    far = box(720_000, 7_530_000, 720_050, 7_530_050)
    with pytest.raises(Invalid, match="en kilometer"), database.transaction():
        draw(asked.traffic, asked.cycle, "otrygg", "Kiruna", far)
    with database.transaction():
        uid = draw(
            asked.traffic, asked.cycle, "otrygg", "Bredvid", box(677_000, 6_571_000, 677_050, 6_571_050)
        ).report_id
        assert uid
        picture = services.own_picture(asked.traffic, services.read_cycle(asked.traffic, asked.cycle)).report.uid
    client.login(asked.traffic)
    assert 'data-start="675450' in client.get(f"/lagesbilder/{picture}").text, "the map opens on the place"


def test_the_map_holds_what_one_may_read_and_no_more(database, asked, client):
    with database.transaction():
        draw(asked.traffic, asked.cycle, "otrygg", "Trappan")
        hand_in(asked.traffic, asked.cycle)
    here, names = f"/api/v1/cycles/{asked.cycle}/drawings.geojson", {}
    for actor in (asked.traffic, asked.leader):
        client.login(actor)
        names[actor] = [one["properties"]["name"] for one in client.get(here).json["features"]]
    assert "Trappan" in names[asked.traffic]
    assert names[asked.leader] == ["Farsta torg"]


def test_open_pictures_are_beside_each_other_in_text_and_on_the_map(database, opened, client):
    client.login(opened.leader)
    page = client.get(f"/samverkan/{opened.cycle}/lagesbilder").text
    assert page.count('<div class="tp-abreast">') == 1, "all have written in the same section"
    assert f'data-source="/api/v1/cycles/{opened.cycle}/drawings.geojson"' in page
    assert "Ingen har ritat på 50 procent av ytan." in page
    features = client.get(f"/api/v1/cycles/{opened.cycle}/drawings.geojson").json["features"]
    drawn = [one["properties"] for one in features if one["properties"]["part"] == "drawing"]
    assert {one["name"] for one in drawn} == {"Trappan", "Hörnet", "Kiosken"}
    for one in drawn:
        assert one["name"] in page
        assert one["title"] in page


def test_agreement_difference_and_what_nobody_has_seen(database, opened):
    with database.transaction():
        found = services.read_cycle(opened.leader, opened.cycle)
        pictures = services.opened_pictures(opened.leader, found)
        assert sorted(one.kind for one in meetings(pictures)) == ["olika", "olika", "overens"]
        assert unseen(found, pictures) == 50
        assert unseen(found, []) is None


def test_nobody_goes_without_the_common_picture(database, opened, client):
    with database.transaction():
        uid = services.begin_common(opened.leader, opened.cycle).uid
    client.login(opened.police)
    assert "/steg/avsta" not in client.get(f"/lagesbilder/{uid}").text
    with pytest.raises(flow.Refused, match="allas"), database.transaction():
        services.move_picture(opened.police, uid, "avsta", reason="Nej.")


def test_what_is_open_is_not_offered_to_be_written_again(database, asked, client):
    with database.transaction():
        hand_in(asked.police, asked.cycle)
        uid = services.own_picture(asked.police, services.read_cycle(asked.police, asked.cycle)).report.uid
    client.login(asked.police)
    assert "/steg/skriv_om" in client.get(f"/lagesbilder/{uid}").text
    section = client.get(f"/lagesbilder/{uid}/behov")
    assert section.headers["Location"].endswith(f"/lagesbilder/{uid}"), "nothing to write in"
    with database.transaction():
        for actor in (asked.leader, asked.traffic):
            hand_in(actor, asked.cycle)
    assert "/steg/skriv_om" not in client.get(f"/lagesbilder/{uid}").text


def test_a_text_that_tells_of_a_person_is_warned_of_to_who_writes(database, asked, client):
    with database.transaction():
        uid = write(asked.police, asked.cycle, "Ring Kalle 070-123 45 67, 19811218-9876")
    client.login(asked.police)
    for page in (f"/lagesbilder/{uid}", f"/lagesbilder/{uid}/utmaningar"):
        told = client.get(page).text
        assert "Ser ut som ett personnummer." in told
        assert "Ser ut som ett telefonnummer." in told
    assert "Ser ut som" not in client.get(f"/lagesbilder/{uid}/behov").text


def test_a_section_says_what_to_write_and_a_party_that_has_not_begun_has_no_draft(database, asked, client):
    with database.transaction():
        uid = services.own_picture(asked.police, services.read_cycle(asked.police, asked.cycle)).report.uid
    client.login(asked.police)
    assert "Vad skulle behövas, sett från er verksamhet?" in client.get(f"/lagesbilder/{uid}/behov").text
    told = client.get(f"/samverkan/{asked.cycle}").text
    assert told.count("Inte inlämnad") == 3
    assert "Utkast" not in told
