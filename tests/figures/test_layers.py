"""Layers out: a null stays a null and says why, in GeoJSON, GeoPackage and tables."""

import pyogrio.raw
import pytest
from sqlalchemy import select

from core.figures.documents import figures_as_table
from core.figures.models import SUPPRESSED, Indicator
from core.places.models import DISTRICT
from tests.figures.conftest import put

pytestmark = pytest.mark.other_database_long

OGC = "/api/v1/ogc/collections"


@pytest.fixture
def known(database, scene, actors):
    """Figures of two districts in two years: a value, one suppressed, one missing. Returns who reads them."""
    knower = actors("slk_handlaggare", "slk")
    with database.transaction():
        for area, year, text in (
            ("farsta", "2021", "58"), ("skarpnack", "2021", "-"),
            ("farsta", "2024", "62,5"), ("skarpnack", "2024", ".."),
        ):  # fmt: skip
            put(knower, "trygg_kvall", area, year, text)
    return knower


def test_features_have_shape_status_and_null_and_come_in_pages(client, actors, known, scene):
    headers = actors.token(scene.leader)

    def ask(address, **query):
        answer = client.get(address, headers=headers, **({"query_string": query} if query else {}))
        assert answer.status_code == 200, answer.text
        return answer.json

    rels = {link["rel"]: link["href"] for link in ask("/api/v1/ogc")["links"]}
    listed = ask(rels["data"].partition("/api/")[1] + rels["data"].partition("/api/")[2])
    assert "trygg_kvall" in [one["id"] for one in listed["collections"]]
    assert ask("/api/v1/ogc/conformance")["conformsTo"][0].endswith("/conf/core")
    page = ask(f"{OGC}/trygg_kvall/items", limit=3)
    assert page["numberReturned"] == 3
    [more] = [link["href"] for link in page["links"] if link["rel"] == "next"]
    last = ask("/api" + more.partition("/api")[2])
    [feature] = last["features"]
    assert [link["rel"] for link in last["links"]] == ["self"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert (feature["properties"]["value"], feature["properties"]["status"]) == (None, SUPPRESSED)
    assert ask(f"{OGC}/trygg_kvall/items/{feature['id']}")["properties"] == feature["properties"]
    of_2024 = ask(f"{OGC}/trygg_kvall/items", datetime="2023-01-01/..")["features"]
    assert {one["properties"]["first_on"] for one in of_2024} == {"2024-01-01"}
    [[west, south], *_] = of_2024[0]["geometry"]["coordinates"][0][0]
    near = f"{west - 0.0001},{south - 0.0001},{west + 0.0001},{south + 0.0001}"
    assert 0 < len(ask(f"{OGC}/trygg_kvall/items", bbox=near)["features"]) <= 4
    assert ask(f"{OGC}/trygg_kvall/items", bbox="17.0,59.0,17.1,59.1")["features"] == []
    assert client.get(f"{OGC}/trygg_kvall/items?datetime=i+fjol", headers=headers).status_code == 422
    assert client.get(f"{OGC}/finns_inte/items", headers=headers).status_code == 404


def test_a_geopackage_is_opened_by_others_with_nulls(client, known, actors, tmp_path, scene, database):
    client.login(scene.leader)
    uid = _indicator(database)
    answer = client.get(f"/statistik/{uid}/lager.gpkg")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=trygg_kvall-2024-12-31.gpkg"
    path = tmp_path / "lager.gpkg"
    path.write_bytes(answer.data)
    meta, _, shapes, columns = pyogrio.raw.read(path)
    rows = dict(zip(meta["fields"], columns, strict=True))
    assert (meta["crs"], len(shapes)) == ("EPSG:3006", 2)
    told = dict(zip(rows["area_code"], zip(rows["status"], rows["value"], strict=True), strict=True))
    assert told["farsta"] == ("varde", 62.5)
    assert told["skarpnack"][0] == SUPPRESSED
    assert told["skarpnack"][1] != told["skarpnack"][1], "no value, not zero"


def _indicator(database):
    with database.transaction(write=False) as session:
        return session.scalar(select(Indicator.uid).where(Indicator.key == "trygg_kvall"))


def test_the_map_has_a_shade_for_a_value_and_none_for_a_gap(client, known, actors, scene, database):
    address = f"/api/v1/indicators/{_indicator(database)}/map.geojson"
    answer = client.get(address, query_string={"area_kind": DISTRICT}, headers=actors.token(scene.leader))
    told = {one["properties"]["code"]: one["properties"] for one in answer.json["features"]}
    assert (told["farsta"]["number"], told["farsta"]["shade"]) == ("62,5 %", 3)
    assert (told["skarpnack"]["number"], told["skarpnack"]["shade"], told["skarpnack"]["value"]) == (
        "redovisas inte", None, None,
    )  # fmt: skip


def test_each_area_has_a_number_in_the_map_and_its_name_beneath_it_in_that_order(
    client, known, actors, scene, database
):
    uid = _indicator(database)
    asked = {"area_kind": DISTRICT}
    answer = client.get(f"/api/v1/indicators/{uid}/map.geojson", query_string=asked, headers=actors.token(scene.leader))
    drawn = sorted((one["properties"]["place"], one["properties"]["name"]) for one in answer.json["features"])
    assert [place for place, _ in drawn] == list(range(1, len(drawn) + 1))
    client.login(scene.leader)
    names = client.get(f"/statistik/{uid}").text.partition('<ol class="tp-map-names"')[2].partition("</ol>")[0]
    found = [names.index(f">{name}<") for _, name in drawn]
    assert found == sorted(found)


def test_the_table_holds_every_figure_and_no_zero_for_a_gap(known, database, scene):
    uid = _indicator(database)
    with database.transaction(write=False):
        content = figures_as_table(scene.leader, uid, slag="", format="csv")
        rows = [tuple(row) for row in content.sheet.rows]
    told = {(row[1], row[4]): (row[7], row[8], row[12]) for row in rows}
    assert told == {
        ("farsta", "2021"): ("Värde", 58, ""),
        ("skarpnack", "2021"): ("Saknas", None, "-"),
        ("farsta", "2024"): ("Värde", 62.5, ""),
        ("skarpnack", "2024"): ("Redovisas inte", None, ".."),
    }
