"""Finding places: every filter, the map that holds the same rows, who reaches what, and the index each time."""

import json
from datetime import date

import pytest
import shapely
from shapely import Point
from sqlalchemy import text

from core import access, db, geo
from core.people.services import organisation
from core.places import services
from core.places.models import ASSOCIATION, POLICE, Area
from core.places.outline import spot
from tests.places.plans import uses_index
from tests.walks.scene import EAST, NORTH, add_place, square

HOUSE = access.system("test")


@pytest.fixture
def town(database, scene):
    """Four places in two districts, one of them marked, one closed."""
    with database.transaction():
        marked = add_place("Apotekshörnet", square(100, 100, 50))
        known = {"kind": "oppen_drogscen", "source": "Polisens lista", "valid_from": date(2026, 1, 1)}
        services.add_label(HOUSE, uid=db.new_uid(), place=marked, **known)
        add_place("Bagarmossen", square(1100, 100, 50))
        closed = add_place("Centralen", square(300, 300, 50))
        services.move_place(HOUSE, closed, "stang", reason="Riven")
        services.change_place(HOUSE, marked, version=None, kind="park")
    return scene


def near(east, north, system="sweref991800"):
    return spot(Point(EAST + east, NORTH + north), system)


CASES = [
    ({}, "Apotekshörnet Bagarmossen Farsta torg"),
    ({"state": "alla"}, "Apotekshörnet Bagarmossen Centralen Farsta torg"),
    ({"state": "stangd"}, "Centralen"),
    ({"kind": "park"}, "Apotekshörnet"),
    ({"district": "sdn-skarpnack"}, "Bagarmossen"),
    ({"district": "finns-inte"}, ""),
    ({"label": "oppen_drogscen"}, "Apotekshörnet"),
    ({"label": "oppen_drogscen", "day": "2025-12-31"}, ""),
    ({"q": "torg"}, "Farsta torg"),
    ({"near": near(90, 125), "within_m": 20}, "Apotekshörnet"),
    ({"near": near(90, 125, "wgs84"), "within_m": 5}, ""),
    ({"near": near(125, 125, "sweref99tm"), "within_m": 1}, "Apotekshörnet"),
    ({"near": near(90, 125), "within_m": 20, "kind": "torg"}, ""),
]


def test_the_nearest_come_first_also_where_there_are_more_than_are_told(town, database):
    def names(east, limit):
        here = Point(EAST + east, NORTH + 500)
        return [row.name for row in services.nearest_places(HOUSE, here, within_m=1000, limit=limit)]

    with database.transaction(write=False):
        assert names(440, 1) == ["Farsta torg"]
        assert names(440, 9) == ["Farsta torg", "Apotekshörnet", "Bagarmossen"], "of open ones"
        assert names(1100, 2) == ["Bagarmossen", "Farsta torg"]


def test_each_filter_lets_through_what_it_says(town, client, actors):
    headers = actors.token(actors("slk_handlaggare", "slk"))
    for asked, names in CASES:
        answer = client.get("/api/v1/places", query_string=asked, headers=headers).get_json()
        assert " ".join(item["name"] for item in answer["items"]) == names, asked
        assert answer["count"] == len(answer["items"])


def test_the_map_has_the_rows_of_the_list(town, client, actors):
    """RFC 7946: longitude first, six decimals; on request the city's own system, which says so."""
    headers = actors.token(actors("slk_handlaggare", "slk"))
    for asked, names in CASES:
        answer = client.get("/api/v1/places.geojson", query_string=asked, headers=headers)
        assert answer.content_type == "application/geo+json"
        collection = json.loads(answer.data)
        assert " ".join(one["properties"]["name"] for one in collection["features"]) == names, asked
    [feature] = client.get("/api/v1/places.geojson?q=PL-00001", headers=headers).get_json(force=True)["features"]
    known = feature["properties"]
    assert known == {
        "uid": str(town.place), "number": "PL-00001", "name": "Farsta torg", "kind": "torg",
        "url": f"/platser/{town.place}", "state": "ingen", "closed": False,
    }  # fmt: skip
    shape = shapely.geometry.shape(feature["geometry"])
    assert (int(shape.bounds[0]), int(shape.bounds[1])) == (18, 59)
    assert all(round(number, 6) == number for number in shapely.get_coordinates(shape).flat)
    own = client.get("/api/v1/places.geojson?q=PL-00001&crs=EPSG:3011", headers=headers).get_json(force=True)
    assert own["crs"]["properties"]["name"].endswith("3011")
    assert 100_000 < own["features"][0]["geometry"]["coordinates"][0][0][0][0] < 200_000
    west, south, east, north = shape.bounds
    box = {"bbox": f"{west},{south},{east},{north}"}
    inside = client.get("/api/v1/places.geojson", query_string=box, headers=headers).get_json(force=True)
    assert [one["properties"]["name"] for one in inside["features"]] == ["Farsta torg"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"near": "154870 6571240"}, "near"), ({"near": "hej"}, "near"), ({"near": "6580000 1628000"}, "near"),
        ({"bbox": "1,2,3"}, "bbox"), ({"bbox": "nan,0,1,1"}, "bbox"), ({"bbox": "18,59,17,60"}, "bbox"),
        ({"crs": "EPSG:3857"}, "crs"), ({"within_m": 0}, "within_m"), ({"state": "trasig"}, "state"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_told_at_its_field(client, actors, asked, field):
    headers = actors.token(actors("slk_handlaggare", "slk"))
    refused = client.get("/api/v1/places.geojson", query_string=asked, headers=headers)
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["field"] == field


def test_the_page_filters_too_and_says_what_is_wrong_at_its_field(town, client, actors, database):
    client.login(actors("sdn_samordnare", "sdn-farsta"))
    page = client.get("/platser", query_string={"sort": "park", "nara": near(90, 125), "inom": "20"}).text
    assert "Apotekshörnet" in page
    assert "Farsta torg" not in page
    wrong = client.get("/platser", query_string={"nara": "154870 6571240"})
    assert wrong.status_code == 422
    assert "Nära (nord och öst): Nord och öst verkar ha bytt plats." in wrong.text
    assert "Menade du N 6\u00a0571\u00a0240, E 154\u00a0870?" in wrong.text
    assert "Inga platser passar valet." in client.get("/platser?sort=bro").text


def test_frister_stand_beside_each_place(town, phone, client, actors, clock):
    """Open ones, and late ones as a triangle: in the list and on the map, one query for all."""
    phone.log(db.new_uid(), town.walk, kind="klotter:klotter", details={"hateful": False})
    client.login(actors("sdn_samordnare", "sdn-farsta"))
    state = lambda: client.get("/api/v1/places.geojson?q=PL-00001").get_json(force=True)["features"][0]  # noqa: E731
    assert state()["properties"]["state"] == "oppen"
    assert "2 öppna" in client.get("/platser").text, "to clean it, and to send it on"
    clock.pass_by(days=7)
    client.login(actors("sdn_samordnare", "sdn-farsta"))
    assert state()["properties"]["state"] == "forsenad"
    assert "2 försenade" in client.get("/platser").text


def test_police_and_associations_reach_the_places_and_walks_of_their_area(town, client, actors, database):
    police, owners = actors("polis", "polis-farsta"), actors("fof_samordnare", "fof-ragsved")

    def reached(actor):
        headers = actors.token(actor)
        said = [client.get(f"/api/v1/{kind}", headers=headers).get_json()["items"] for kind in ("places", "walks")]
        return {item["name"] for item in said[0]}, len(said[1])

    assert reached(police) == reached(owners) == (set(), 0)
    with database.transaction() as session:
        for kind, holder, days in (
            (POLICE, "polis-farsta", (date(2020, 1, 1), None)),
            (ASSOCIATION, "fof-ragsved", (date(2020, 1, 1), date(2024, 1, 1))),
        ):
            dated = {"valid_from": days[0], "valid_to": days[1]}
            shape = geo.multipolygon(square(0, 0, 1000))
            who = organisation(holder).id
            session.add(Area(kind=kind, code=holder, name=holder, organisation_id=who, geom=shape, **dated))
        session.flush()
        services.find_districts(HOUSE)
    assert reached(police) == ({"Apotekshörnet", "Farsta torg"}, 1)
    assert reached(owners) == (set(), 0), "the association's area has ended"


def test_every_question_about_where_goes_through_the_index(database, scene, plan_of):
    """A thousand places and assets more; both databases answer from the R-tree or GiST."""
    with database.transaction() as session:
        values = ", ".join(f"({n}, {676_000 + n % 40 * 200}, {6_575_000 + n // 40 * 200})" for n in range(1200))
        like = (
            "kind, geom, public_access, description, level, photo_policy, oncall, state, created_at, content, version"
        )
        postgres = database.engine.dialect.name == "postgresql"
        shift = f"ST_Translate(geom, v.e - 676450, v.n - 6571450{'' if postgres else ', 0'})"
        columns = like.replace("geom", shift)
        uid = "gen_random_uuid()" if postgres else "lower(hex(randomblob(16)))"
        session.execute(
            text(
                f"WITH v(i, e, n) AS (VALUES {values}) INSERT INTO place (uid, number, name, {like}) "
                f"SELECT {uid}, 'X-' || v.i, 'X', {columns} FROM place, v WHERE place.number = 'PL-00001'"
            )
        )
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
    with database.transaction(write=False) as session:
        spot_here = Point(EAST + 500, NORTH + 500)
        asked = {
            "near": services.list_query(HOUSE, services.Wanted(near=spot_here, within_m=100)),
            "box": services.list_query(HOUSE, services.Wanted(box=(EAST, NORTH, EAST + 600, NORTH + 600))),
            "overlap": services.overlap_query(services.read_place(HOUSE, scene.place)),
        }
        for name, query in asked.items():
            assert uses_index(plan_of(session, query), "place", "idx_place_geom"), name
            assert len(session.execute(query).all()) == (0 if name == "overlap" else 1)
