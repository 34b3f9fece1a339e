"""The end of a place: closed or merged, with the reason, found again, and taken back."""

import html
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access
from core.places import services
from core.places.models import Place
from tests.walks.scene import add_place, at, square

HOUSE = access.system("test")


@pytest.fixture
def step(client, actors, scene):
    """Press a step's button on its page, as the coordinator of Farsta, who is logged in."""
    client.login(actors("sdn_samordnare", "sdn-farsta"))

    def press(uid, step, **fields):
        return client.submit(f"/platser/{uid}/{step}", fields)

    return press


def listed(client, **asked):
    return {item["number"] for item in client.get("/api/v1/places", query_string=asked).get_json()["items"]}


def test_a_place_is_closed_with_a_reason_and_opened_again(step, client, scene):
    assert step(scene.place, "stang", reason="  ").status_code == 422
    assert step(scene.place, "stang", reason="Torget byggs om").status_code == 303
    page = client.get(f"/platser/{scene.place}").text
    assert "Platsen är stängd sedan" in page
    assert "Torget byggs om" in page
    assert listed(client) == set()
    assert listed(client, state="stangd") == listed(client, state="alla") == {"PL-00001"}
    assert listed(client, q="pl-00001") == {"PL-00001"}
    again = step(scene.place, "stang", reason="En gång till")
    assert again.status_code == 409
    assert step(scene.place, "oppna-igen", reason="Klart").status_code == 303
    assert listed(client) == {"PL-00001"}
    assert "Torget byggs om" in client.get(f"/platser/{scene.place}").text, "the history stays"


def test_a_merged_place_lives_on_in_the_other(step, client, scene, phone, database):
    """What was seen on it is shown on the other's page; its own page says where it went; new things go to the other."""
    seen = phone.log(uuid4(), scene.walk, position=at(500, 500), description="Lampan är trasig")
    assert seen.status_code == 201
    with database.transaction():
        heir = add_place("Farsta nya torg", square(440, 440, 120))
        last = add_place("Hela Farsta torg", square(430, 430, 140))
    offered = client.get(f"/platser/{scene.place}/sla-ihop").text
    assert '<option value="PL-00002 Farsta nya torg">0 m</option>' in offered
    for into, field in (("PL-00001", "samma plats"), ("PL-99999", "PL-99999"), ("", "Skriv")):
        assert field in step(scene.place, "sla-ihop", into=into, reason="Samma").text
    chosen = {"into": "pl-00002 Farsta nya torg", "reason": "Det är samma torg"}
    shown = step(scene.place, "sla-ihop", **chosen)
    assert shown.status_code == 422
    assert "en del av PL-00002 Farsta nya torg, 0 m härifrån, Farsta" in html.unescape(shown.text)
    assert 'name="confirm"' in shown.text
    assert listed(client) == {"PL-00001", "PL-00002", "PL-00003"}, "nothing is merged before somebody says yes"
    assert step(scene.place, "sla-ihop", **chosen, confirm="ja").status_code == 303
    old = client.get(f"/platser/{scene.place}").text
    assert "Platsen är sammanslagen med" in old
    assert f'href="/platser/{heir}"' in old
    page = client.get(f"/platser/{heir}").text
    for shown in ("Lampan är trasig", "Kvällsvandring", "Farsta torg, PL-00001"):
        assert shown in page
    assert listed(client) == {"PL-00002", "PL-00003"}
    assert listed(client, q="PL-00001") == {"PL-00001"}
    assert phone.log(uuid4(), scene.walk, position=at(500, 500)).json["place"] == str(heir)
    assert step(heir, "sla-ihop", into="PL-00003", reason="Ett enda torg", confirm="ja").status_code == 303
    assert "Lampan är trasig" in client.get(f"/platser/{last}").text, "also after two steps"
    assert client.get(f"/api/v1/places/{scene.place}").get_json()["merged_into"] == str(last)
    assert client.post(f"/platser/{scene.place}/andra", data={}).status_code == 400
    assert client.get(f"/platser/{scene.place}/andra").headers["Location"] == f"/platser/{scene.place}"
    assert step(heir, "skilj-at", reason="Det var två torg ändå").status_code == 303
    with database.transaction(write=False) as session:
        states = dict(session.execute(select(Place.number, Place.state)).all())
    assert states == {"PL-00001": "sammanslagen", "PL-00002": "oppen", "PL-00003": "oppen"}


def test_a_place_is_merged_only_into_one_that_one_may_change(step, client, actors, scene, database):
    with database.transaction():
        add_place("Skarpnäcks torg", square(1450, 450, 100))
    assert (
        "Det finns ingen plats med numret PL-00002"
        in step(scene.place, "sla-ihop", into="PL-00002", reason="Nära").text
    )
    headers = actors.token(actors("falt", "sdn-farsta"))
    etag = client.get(f"/api/v1/places/{scene.place}", headers=headers).headers["ETag"]
    body = {"move": "stang", "reason": "Nej"}
    answer = client.post(f"/api/v1/places/{scene.place}/moves", json=body, headers=headers | {"If-Match": etag})
    assert answer.status_code == 403


def test_a_place_that_is_marked_secret_leaves_no_trace(client, actors, scene, database, phone):
    """From level 3 on: in no list, map, search or page, whoever asks; its frister do not name it."""
    with database.transaction():
        services.read_place(HOUSE, scene.place).level = 3
    for role, board in (("sdn_samordnare", "sdn-farsta"), ("slk_handlaggare", "slk"), ("tk_drift", "trafik")):
        client.login(actors(role, board))
        for address in ("/platser", "/platser?q=PL-00001", "/api/v1/places?state=alla", "/api/v1/places.geojson",
                        "/skotsel", "/platser?nara=6571240,154870&inom=20000"):  # fmt: skip
            answer = client.get(address)
            assert "Farsta torg" not in answer.text, address
        assert client.get(f"/platser/{scene.place}").status_code == 404
        assert client.get(f"/api/v1/places/{scene.place}").status_code == 404
