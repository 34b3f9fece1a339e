"""What maps draw: the city's areas on a day, and a place with the parts that somebody answers for."""

from datetime import date

import pytest
import shapely
from sqlalchemy import delete

from core import access, geo
from core.places import maps, services
from core.places.areafiles import AreaFeature
from core.places.models import Area
from tests.walks.scene import square

HOUSE = access.system("test")
TYPE = "application/geo+json"
LEFT = shapely.Polygon([(0, 0), (1000, 0), (1000.1, 500), (1000, 1000), (0, 1000)])
RIGHT = shapely.Polygon([(2000, 0), (2000, 1000), (1000, 1000), (1000.1, 500), (1000, 0)])


@pytest.fixture
def neighbours(database):
    """Two areas with a common border that has a bend of a decimetre, valid from 1 July 2023."""
    with database.transaction() as session:
        session.execute(delete(Area))
        shapes = {"Järva": LEFT, "Bromma": RIGHT}
        found = [
            AreaFeature(name, name.lower(), geo.multipolygon(shapely.affinity.translate(shape, 665_000, 6_588_000)), {})
            for name, shape in shapes.items()
        ]
        services.import_areas(HOUSE, found, valid_from=date(2023, 7, 1), source="test")


def test_areas_of_a_day_drawn_coarsely_still_share_their_border(neighbours, database, client, actors):
    client.login(actors("revisor", "slk"))
    answer = client.get("/api/v1/areas.geojson")
    assert (answer.status_code, answer.mimetype) == (200, TYPE)
    features = answer.get_json(force=True)["features"]
    assert [one["properties"]["name"] for one in features] == ["Bromma", "Järva"]
    shapes = [geo.from_geojson(one["geometry"]) for one in features]
    assert [len(shapely.get_coordinates(shape)) for shape in shapes] == [5, 5], "the bend is gone"
    assert shapely.intersection(*shapes).area < 1
    assert shapely.union_all(shapes).area == pytest.approx(2_000_000, rel=1e-3)
    again = client.get("/api/v1/areas.geojson", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert client.get("/api/v1/areas.geojson?day=2023-06-30").get_json(force=True)["features"] == []
    assert client.get("/api/v1/areas.geojson?kind=basomrade").get_json(force=True)["features"] == []
    assert client.get("/api/v1/areas.geojson?kind=landskap").status_code == 422


def test_the_real_areas_keep_a_fraction_of_their_points(shared_data, database):
    from core.places.areafiles import read_areas

    found = read_areas(shared_data / "geo" / "stockholm_stadsdelsnamndsomraden_11.geojson")
    with database.transaction() as session:
        session.execute(delete(Area))
        services.import_areas(HOUSE, found, valid_from=date(2023, 7, 1), source="test")
        drawn = [shapely.geometry.shape(one["geometry"]) for one in maps.areas(HOUSE)]
    whole = sum(len(shapely.get_coordinates(one.geometry)) for one in found)
    assert len(drawn) == 11
    assert sum(len(shapely.get_coordinates(one)) for one in drawn) < whole / 2
    assert all(one.is_valid for one in drawn)


def test_a_place_is_drawn_with_the_parts_that_somebody_answers_for(scene, database, client, actors):
    corner = square(450, 450, 20)
    with database.transaction():
        scene.control("elskap_agare", "trafik", part=corner)
        scene.control("vinter", "trafik", part=corner, days=(-20, -10))
    client.login(scene.leader)
    answer = client.get(f"/api/v1/places/{scene.place}.geojson")
    assert (answer.status_code, answer.mimetype) == (200, TYPE)
    whole, part = answer.get_json(force=True)["features"]
    assert (whole["properties"]["part"], whole["properties"]["uid"]) == ("place", str(scene.place))
    assert geo.from_geojson(whole["geometry"]).area == pytest.approx(10_000, rel=1e-3)
    said = {"part": "control", "role": "elskap_agare", "title": "Elskåp", "name": "Trafiknämnden"}
    assert part["properties"] == said
    assert geo.from_geojson(part["geometry"]).area == pytest.approx(400, rel=1e-3)
    client.login(actors("sdn_samordnare", "sdn-jarva"))
    assert client.get(f"/api/v1/places/{scene.place}.geojson").status_code == 404
