"""The city's areas: imported from its own files, dated, and a place finds its board again when they change."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core import access, geo
from core.journal import JournalDetail, JournalLine
from core.people.services import organisation
from core.places import areafiles, services
from core.places.models import Area, Place
from core.testing.servers import environment
from tests.demo import DEMO, SATURDAY

HOUSE = access.system("test")
ELEVEN = "stockholm_stadsdelsnamndsomraden_11.geojson"
THIRTEEN = "stockholm_stadsdelsnamndsomraden_13_2020-2023.geojson"
SHAPEFILE = "stockholm_stadsdelar_epsg3011_shp.zip"
HOLE = 59.25385, 18.05024
RINKEBY = 59.3882, 17.9286


@pytest.fixture
def geo_data(shared_data):
    return shared_data / "geo"


@pytest.fixture
def tryggplats(settings):
    """Run the command as an operator does, in a process of its own."""

    def run(*arguments):
        return subprocess.run(
            [Path(sys.executable).with_name("tryggplats"), *map(str, arguments)],
            env=os.environ | environment(settings),
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def bring_in(database, geo_data):
    """Import an area file inside this process."""

    def bring(name, first, **how):
        with database.transaction():
            features = areafiles.read_areas(geo_data / name, within=services.bounds())
            return services.import_areas(HOUSE, features, valid_from=first, source=name, **how)

    return bring


@pytest.fixture
def where(client, actors):
    """Ask the API which areas hold a point."""
    bearer = actors.token(actors("falt"))

    def ask(latitude, longitude, day=None, kind=services.DISTRICT):
        asked = {"latitude": latitude, "longitude": longitude} | ({"day": day} if day else {})
        answer = client.get("/api/v1/areas", query_string=asked, headers=bearer)
        assert answer.status_code == 200, answer.text
        return [item["name"] for item in answer.get_json()["items"] if item["kind"] == kind]

    return ask


def areas(database, *conditions):
    with database.transaction(write=False) as session:
        counted = select(func.count()).select_from(Area).where(Area.kind == services.DISTRICT)
        return session.scalars(counted.where(*conditions)).one()


@pytest.mark.other_database_long
def test_the_citys_own_files_are_imported_by_the_command(tryggplats, database, client, actors, where, geo_data):
    """The 11 areas as GeoJSON and the Shapefile in EPSG:3011 with its Latin-1 names; the hole is outside them all."""
    done = tryggplats("import", "areas", geo_data / ELEVEN, "--valid-from", "2023-07-01")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout == "11 områden inlästa, gäller från 2023-07-01.\n"
    done = tryggplats("areas", "at", *HOLE)
    assert (done.returncode, done.stderr) == (1, "Error: Punkten ligger utanför alla områden.\n")
    done = tryggplats("import", "areas", geo_data / SHAPEFILE, "--kind", "stadsdel", "--valid-from", "2023-07-01")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.startswith("117 områden inlästa")
    assert where(*RINKEBY) == ["Järva"]
    assert where(*RINKEBY, kind="stadsdel") == ["RINKEBY"]
    assert where(*HOLE) == []
    with database.transaction(write=False) as session:
        known = select(Area.name, Area.valid_from, Area.source, Area.approximate).where(Area.kind == "stadsdel")
        names = {row.name: row for row in session.execute(known)}
        journalled = select(JournalLine.actor_name, JournalDetail.detail).join(
            JournalDetail, JournalDetail.seq == JournalLine.seq
        )
        lines = session.execute(journalled.where(JournalLine.action == "areas:import")).all()
    assert {"ÅRSTA", "HÄGERSTEN", "VÄSTBERGA", "ÖSTBERGA"} <= names.keys()
    assert names["ÅRSTA"][1:] == (date(2023, 7, 1), SHAPEFILE, False)
    assert [line.detail["count"] for line in lines] == [11, 117]
    assert all(line.actor_name.startswith("cli:") for line in lines)
    _shows_the_hole(database, client, actors)


def _shows_the_hole(database, client, actors):
    """A place in the hole says on its page that it lies outside all areas."""
    spot = geo.from_geojson({"type": "Point", "coordinates": [HOLE[1], HOLE[0]]})
    known = {"name": "I hålet", "kind": "ovrig", "public_access": "allman_plats"}
    with database.transaction():
        place = services.add_place(HOUSE, uid=uuid4(), geometry=geo.to_geojson(spot.buffer(5)), **known)
    client.login(actors("slk_handlaggare", "slk"))
    assert "Utanför alla områden" in client.get(f"/platser/{place.uid}").text
    listed = client.get("/api/v1/places").get_json()["items"]
    assert [(item["name"], item["district"]) for item in listed] == [("I hålet", None)]


@pytest.mark.one_database
def test_a_file_that_is_none_is_refused_in_words(tryggplats, database, tmp_path):
    before = areas(database)
    (tmp_path / "bild.geojson").write_bytes(b"\x89PNG")
    done = tryggplats("import", "areas", tmp_path / "bild.geojson")
    assert done.returncode == 1
    assert "Använd GeoJSON, Shapefile eller GeoPackage." in done.stderr
    assert "Traceback" not in done.stderr
    assert areas(database) == before


def test_the_middle_of_every_basomrade_lies_where_the_city_says(bring_in, database, geo_data):
    bring_in(ELEVEN, date(2023, 7, 1))
    table = json.loads((geo_data / "stockholm_basomraden_419.geojson").read_text(encoding="utf-8"))
    wrong = []
    with database.transaction(write=False):
        for feature in table["features"]:
            middle = geo.from_geojson(feature["geometry"]).centroid
            found = services.area_at(middle)
            said = feature["properties"]["omrade"]
            if found is None or found.name != said:
                wrong.append((feature["properties"]["namn"], said, found and found.name))
    assert len(table["features"]) == 419
    assert wrong == []


def test_each_stadsdel_lies_in_the_area_of_its_time(bring_in, database, geo_data):
    """By the city's own table: 117 stadsdelar in the 13 areas of 2022 and in the 11 of 2024."""
    bring_in(THIRTEEN, date(2020, 7, 1))
    bring_in(ELEVEN, date(2023, 7, 1))
    features, wrong = areafiles.read_areas(geo_data / "stockholm_stadsdelar_117.geojson"), []
    with database.transaction(write=False):
        for feature in features:
            spot = feature.geometry.representative_point()
            for day, column in ((date(2022, 1, 1), "omrade_2020"), (date(2024, 1, 1), "omrade")):
                found, said = services.area_at(spot, day=day), feature.properties[column]
                if found is None or found.name != said:
                    wrong.append((feature.name, day.year, said, found and found.name))
    assert len(features) == 117
    assert wrong == []


@pytest.mark.parametrize("files", [(THIRTEEN, ELEVEN), (ELEVEN, THIRTEEN)])
def test_the_same_point_lay_in_another_area_in_2022(bring_in, where, files, database):
    """Whichever file comes first: one ends the day before the other begins."""
    for name in files:
        done = bring_in(name, date(2020, 7, 1) if name == THIRTEEN else date(2023, 7, 1))
        assert done.without_organisation == []
    days = ("2020-06-30", "2022-01-01", "2023-06-30", "2023-07-01", "2024-01-01")
    said = [where(*RINKEBY, day=day) for day in days]
    assert said == [[], ["Rinkeby-Kista"], ["Rinkeby-Kista"], ["Järva"], ["Järva"]]
    assert areas(database) == 24
    assert areas(database, Area.valid_to == date(2023, 6, 30)) == 13


def test_a_file_of_the_same_day_replaces(bring_in, database):
    for _ in range(2):
        assert bring_in(ELEVEN, date(2023, 7, 1)).added == 11
        assert areas(database) == 11


def test_an_area_without_a_board_is_told(database, geo_data):
    with database.transaction():
        [feature, *_] = areafiles.read_areas(geo_data / ELEVEN)
        lost = areafiles.AreaFeature("Atlantis", "atlantis", feature.geometry, {})
        done = services.import_areas(HOUSE, [lost], valid_from=date(2023, 7, 1), source="test")
    assert (done.added, done.without_organisation) == (1, ["Atlantis"])


def test_importing_takes_the_right(database, actors):
    board, admin = actors("sdn_samordnare", "sdn-farsta"), actors("sysadmin", "slk")
    with database.transaction():
        with pytest.raises(access.Denied):
            services.import_areas(board, [], valid_from=date(2023, 7, 1), source="test")
        assert services.import_areas(admin, [], valid_from=date(2023, 7, 1), source="test").added == 0


@pytest.fixture
def template(request, template):
    """What a test begins with: the demo city, where it asks for it."""
    return DEMO if "demo_city" in request.fixturenames else template


@pytest.fixture
def demo_city(database, clock):
    """The demo city on its Saturday night."""
    clock.stop_at(SATURDAY)


@pytest.mark.other_database_long
def test_the_demos_rough_areas_give_way_and_places_move(demo_city, bring_in, database):
    """Drawn around points for the demo, they are nowhere right at their borders."""
    assert areas(database, Area.approximate) == 15, "and the four that were merged in 2023"
    with database.transaction() as session:
        places = session.scalars(select(Place)).all()
        assert all(place.district_id for place in places)
        lost = next(place for place in places if place.name == "Husby centrum")
        lost.district_id, lost.area_id = organisation("sdn-farsta").id, None
    bring_in(ELEVEN, date(2023, 7, 1))
    assert areas(database, Area.approximate) == 0
    with database.transaction(write=False) as session:
        rows = session.execute(
            select(Place.name, Area.name, Area.organisation_id, Place.district_id).join(Area, Area.id == Place.area_id)
        ).all()
    found = {name: area for name, area, *_ in rows}
    assert len(found) == 40
    assert all(board == district for *_, board, district in rows)
    assert (found["Husby centrum"], found["Medborgarplatsen"]) == ("Järva", "Södermalm")


def test_a_place_moves_to_the_board_that_takes_over(bring_in, database, actors, client, clock):
    """What lay in Spånga-Tensta is Järva's from the day on which that took over, and its file is imported."""
    clock.stop_at("2023-06-15T12:00")
    bring_in(THIRTEEN, date(2020, 7, 1))
    spot = geo.from_geojson({"type": "Point", "coordinates": [17.9010, 59.3945]})
    known = {"name": "Tensta gård", "kind": "ovrig", "public_access": "allman_plats"}
    with database.transaction():
        place = services.add_place(HOUSE, uid=uuid4(), geometry=geo.to_geojson(spot.buffer(20)), **known)
    boards = {}
    for step in ("before", "after"):
        for board in ("sdn-spanga-tensta", "sdn-jarva", "sdn-farsta"):
            bearer = actors.token(actors("falt", board))
            boards[step, board] = client.get(f"/api/v1/places/{place.uid}", headers=bearer).status_code
        clock.stop_at("2023-07-01T12:00")
        bring_in(ELEVEN, date(2023, 7, 1))
    assert [status for (step, _), status in boards.items() if step == "before"] == [200, 200, 404]
    assert [status for (step, _), status in boards.items() if step == "after"] == [404, 200, 404]
