"""Assets from the registers of those who have them: once, whole or not at all, found by number and by nearness."""

import csv
import json

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from core import access, geo
from core.cli import main
from core.places import services
from core.places.models import Asset
from core.testing.servers import environment
from tests.places.plans import uses_index

HOUSE = access.system("test")
WEST, SOUTH = 95.0794, 20.4339
"""What is between Washington, where the register is from, and Stockholm."""


@pytest.fixture
def bring_in(settings, database):
    def run(path, *more):
        arguments = ["import", "assets", str(path), "--kind", "belysning", "--source", "Prov", *more]
        done = CliRunner().invoke(main, arguments, env=environment(settings), catch_exceptions=False)
        return done.exit_code, done.stdout, done.stderr

    return run


@pytest.fixture
def lamps(tmp_path, shared_data):
    """A real register of street lights, moved to Stockholm."""
    path = tmp_path / "lampor.csv"
    with (shared_data / "assets" / "dc_gatubelysning_3963.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:1200]
    for row in rows:
        row["longitude"] = str(float(row["longitude"]) + WEST)
        row["latitude"] = str(float(row["latitude"]) + SOUTH)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        out.writerows(rows)
    return path


def count(database):
    with database.transaction(write=False) as session:
        return session.scalars(select(func.count()).select_from(Asset)).one()


def test_a_real_register_is_taken_in_once(bring_in, lamps, database, client, actors, plan_of):
    status, said, wrong = bring_in(lamps, "--owner", "trafik")
    assert (status, wrong) == (0, ""), wrong
    assert said == "1200 nya, 0 ändrade, 0 som förut.\n"
    assert bring_in(lamps, "--owner", "trafik")[1] == "0 nya, 0 ändrade, 1200 som förut.\n"
    headers = actors.token(actors("falt", "sdn-farsta"))
    [lamp] = client.get("/api/v1/assets?number=60206", headers=headers).get_json()["items"]
    assert (lamp["kind"], lamp["source"]) == ("belysning", "Prov")
    spot = {"near": f"{lamp['latitude']} {lamp['longitude']}", "within_m": 50}
    near = client.get("/api/v1/assets", query_string=spot, headers=headers).get_json()["items"]
    assert near[0]["number"] == "60206"
    first = client.get("/api/v1/assets?kind=belysning", headers=headers).get_json()
    second = client.get("/api/v1/assets", query_string={"after": first["next"]}, headers=headers).get_json()
    assert len(first["items"]) == len(second["items"]) == 100
    assert first["items"][-1]["number"] < second["items"][0]["number"]
    with database.transaction() as session:
        session.execute(text("ANALYZE"))
    with database.transaction(write=False) as session:
        point = geo.from_geojson({"type": "Point", "coordinates": [lamp["longitude"], lamp["latitude"]]})
        plan = plan_of(session, services.asset_query(near=point, within_m=50))
        assert uses_index(plan, "asset", "idx_asset_point")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("3;18,1;", "Rad 3: läget saknas, eller är inga tal."),
        (";18.1;59.3", "Rad 3: numret saknas"),
        ("1;18.1;59.3", "Rad 3: numret 1 står redan på rad 2."),
        ("3;59.3;18.1", "Rad 3: nord och öst verkar ha bytt plats."),
        ("3;674000;6580000", "Rad 3: talen ser ut som SWEREF 99 TM. Kör om med --srid 3006."),
        ("3;11.97;57.7", "Rad 3: läget ligger utanför staden."),
        ("3;-77;38.9", "Rad 3: läget ligger inte i Sverige."),
    ],
)
@pytest.mark.one_database
def test_a_line_that_is_wrong_leaves_nothing(bring_in, database, tmp_path, line, sentence):
    path = tmp_path / "fel.csv"
    path.write_text(f"nummer;lon;lat\n1;18.06;59.33\n{line}\n2;18.07;59.33\n", encoding="utf-8")
    status, _, said = bring_in(path)
    assert status == 1
    assert sentence in said
    assert count(database) == 0


@pytest.mark.one_database
def test_geojson_too_and_what_has_moved_is_moved(bring_in, database, tmp_path, actors):
    path = tmp_path / "lampor.geojson"

    def write(lon, **more):
        properties = {"osm_id": "node/1"} | more
        feature = {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "Point", "coordinates": [lon, 59.33]},
        }
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")

    write(18.06)
    assert bring_in(path)[1] == "1 nya, 0 ändrade, 0 som förut.\n"
    write(18.07)
    assert bring_in(path)[1] == "0 nya, 1 ändrade, 0 som förut.\n"
    assert bring_in(path, "--number-field", "finns_inte")[0] == 1
    path.write_bytes(b"\x89PNG")
    assert "Filen går inte att läsa" in bring_in(path)[2]
    assert bring_in(path, "--owner", "atlantis")[0] == 1
    assert bring_in(path, "--kind", "kamera")[0] == 2
    assert count(database) == 1
    board = actors("sdn_samordnare")
    with database.transaction(), pytest.raises(access.Denied):
        services.import_assets(board, [], kind="belysning", source="Prov")
