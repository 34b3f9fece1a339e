"""Changing a place: with its version, field by field, its shape untouched unless it was said otherwise."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, geo
from core.journal import JournalDetail, JournalLine
from core.places import services
from core.places.models import Place, PlaceArea
from core.places.outline import Outline, written
from tests.walks.scene import add_place, square

HOUSE = access.system("test")


@pytest.fixture
def patch(client, actors, scene):
    """Change the scene's place through the API, as an officer of Farsta; the version is right unless said."""
    headers = actors.token(actors("sdn_handlaggare", "sdn-farsta"))

    def send(uid=scene.place, version=None, **body):
        etag = client.get(f"/api/v1/places/{uid}", headers=headers).headers["ETag"]
        based = {"If-Match": f'"{version}"' if version else etag}
        return client.patch(f"/api/v1/places/{uid}", json=body, headers=headers | based)

    send.headers = headers
    return send


def shape_of(database, uid):
    with database.transaction(write=False) as session:
        return session.scalars(select(Place.geom).where(Place.uid == uid)).one()


def test_a_change_says_its_version_and_is_journalled(patch, client, database, scene):
    was = client.get(f"/api/v1/places/{scene.place}", headers=patch.headers).get_json()
    door = {"name": "Norra entrén", "longitude": 18.0953, "latitude": 59.2418}
    changed = patch(
        name="Farsta nya torg", photo_policy="forsiktig", confidentiality="begransad", oncall="08-123 45 67",
        entries=[door],
    )  # fmt: skip
    assert changed.status_code == 200, changed.text
    now = changed.get_json()
    assert (now["name"], now["photo_policy"], now["confidentiality"], now["oncall"]) == (
        "Farsta nya torg", "forsiktig", "begransad", "08-123 45 67",
    )  # fmt: skip
    assert now["entries"][0]["name"] == "Norra entrén"
    assert abs(now["entries"][0]["longitude"] - 18.0953) < 1e-6
    assert (now["geometry"], now["district"]) == (was["geometry"], was["district"])
    assert patch(version=1, name="För sent").status_code == 412
    closed = patch(entries=[])
    assert (closed.get_json()["entries"], closed.get_json()["version"]) == ([], now["version"] + 1)
    assert patch(entries=[]).get_json()["version"] == now["version"] + 1, "the same again is no change"
    assert client.patch(f"/api/v1/places/{scene.place}", json={}, headers=patch.headers).status_code == 428
    with database.transaction(write=False) as session:
        line = select(JournalDetail.detail).join(JournalLine, JournalLine.seq == JournalDetail.seq)
        lines = line.where(JournalLine.action == "place:change").order_by(JournalLine.seq)
        before = session.scalars(lines).first()["before"]
    assert before["name"] == "Farsta torg"
    assert before["level"] == 1


def test_a_shape_that_moves_finds_its_areas_again_and_stays_in_ones_own_district(patch, database, scene):
    moved = patch(geometry=geo.to_geojson(square(100, 100, 50), decimals=9))
    assert moved.status_code == 200
    assert shape_of(database, scene.place).area < 2_600
    away = patch(geometry=geo.to_geojson(square(1450, 450, 50), decimals=9))
    assert away.status_code == 422, "it would be the neighbour's"
    assert away.get_json()["errors"][0]["field"] == "geometry"
    assert shape_of(database, scene.place).bounds[0] < 677_000
    with database.transaction(write=False) as session:
        assert len(session.scalars(select(PlaceArea)).all()) == 1


@pytest.mark.one_database
def test_a_text_that_says_the_same_leaves_the_shape_to_the_last_bit(database, scene):
    before = shape_of(database, scene.place)
    for system in ("sweref991800", "sweref99tm", "wgs84"):
        for text in (written(before, system), written(before, system).replace("\n", " \n") + "\n", ""):
            with database.transaction():
                place = services.change_place(HOUSE, scene.place, version=None, geometry=Outline(system, text))
                assert place.version == 1
    assert shape_of(database, scene.place).equals_exact(before, 0)
    with database.transaction():
        text = written(before, "sweref99tm").replace(".00 ", ".10 ", 1)
        services.change_place(HOUSE, scene.place, version=1, geometry=Outline("sweref99tm", text))
    assert not shape_of(database, scene.place).equals_exact(before, 0)


def test_the_same_place_twice_is_asked_about(client, actors, scene, database):
    """More than half of either in the other; of a place that one may not see nothing is told."""
    headers = actors.token(actors("sdn_handlaggare", "sdn-farsta"))
    body = {"name": "Torget igen", "kind": "torg", "public_access": "allman_plats"}

    def put(shape, **more):
        sent = body | {"geometry": geo.to_geojson(shape, decimals=9)} | more
        return client.put(f"/api/v1/places/{uuid4()}", json=sent, headers=headers)

    for shape in (square(460, 460, 100), square(470, 470, 20), square(400, 400, 300)):
        refused = put(shape)
        assert refused.status_code == 422
        [error] = refused.get_json()["errors"]
        assert error["field"] == "confirm_overlap"
        assert "PL-00001 Farsta torg" in error["message"]
    assert put(square(510, 510, 100)).status_code == 201, "a corner is no more than a corner"
    with database.transaction():
        add_place("Hemligt", square(800, 800, 50))
        hidden = services.list_places(HOUSE, services.Wanted(text="Hemligt")).rows[0]
        services.read_place(HOUSE, hidden.uid).level = 3
    refused = put(square(800, 800, 50))
    assert refused.status_code == 422
    assert "en annan plats" in refused.text
    assert "Hemligt" not in refused.text
    assert put(square(800, 800, 50), confirm_overlap=True).status_code == 201


@pytest.mark.one_database
def test_outside_the_city_is_taken_only_when_confirmed(client, actors, scene):
    """G3: never silently. What lies outside every district is nobody's, confirmed or not, and asks no question."""
    headers = actors.token(actors("sdn_handlaggare", "sdn-farsta"))
    away = {"type": "Polygon", "coordinates": [[[11.97, 57.7], [11.971, 57.7], [11.971, 57.701], [11.97, 57.7]]]}
    home = geo.to_geojson(square(100, 100, 300), decimals=9)
    partly = {"type": "MultiPolygon", "coordinates": [home["coordinates"], away["coordinates"]]}
    body = {"name": "Torget", "kind": "torg", "public_access": "allman_plats"}

    def put(shape, **more):
        answer = client.put(f"/api/v1/places/{uuid4()}", json=body | {"geometry": shape} | more, headers=headers)
        return answer.status_code, [error["field"] for error in answer.get_json().get("errors", ())]

    assert put(away) == put(away, confirm_outside=True) == (422, ["geometry"])
    assert put(partly) == (422, ["confirm_outside"])
    assert put(partly, confirm_outside=True) == (201, [])


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"photo_policy": "kanske"}, "photo_policy"), ({"confidentiality": "hemlig"}, "confidentiality"),
        ({"oncall": "ring"}, "oncall"), ({"entries": [{"name": "x", "longitude": 11.9, "latitude": 57.7}]}, "entries"),
        ({"state": "stangd"}, "state"), ({"name": ""}, "name"),
    ],
)  # fmt: skip
def test_what_does_not_fit_changes_nothing(patch, database, scene, fault, field):
    refused = patch(**fault)
    assert refused.status_code == 422
    assert field in {error["field"].partition(".")[0] for error in refused.get_json()["errors"]}
    with database.transaction(write=False) as session:
        assert session.scalars(select(Place.version)).one() == 1
