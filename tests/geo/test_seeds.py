"""The seed pack of Stockholm holds together, and agrees with the city's own files."""

import csv
import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import shapely
from shapely import Point, box

import core
from core import demo, geo
from core.people.models import KINDS
from core.places.areafiles import approximate_areas, read_areas
from core.places.models import CONTROL_ROLES
from core.schema import Invalid
from core.walks.kinds import TILES
from core.walks.models import THEMES

SEEDS = Path(core.__file__).parent / "seeds" / "stockholm"


def rows(name):
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


ORGANISATIONS = {row["code"]: row for row in rows("organisations.csv")}
CITY = tomllib.loads((SEEDS / "city.toml").read_text(encoding="utf-8"))
POINTS = [(row["code"], float(row["lon"]), float(row["lat"])) for row in rows("district_points.csv")]


def valid_on(day, kind):
    return {
        code
        for code, row in ORGANISATIONS.items()
        if row["kind"] == kind
        and (not row["valid_from"] or date.fromisoformat(row["valid_from"]) <= day)
        and (not row["valid_to"] or day <= date.fromisoformat(row["valid_to"]))
    }


@pytest.mark.parametrize("name", sorted(path.name for path in SEEDS.glob("*.csv")))
def test_no_row_is_longer_or_shorter_than_its_heading(name):
    found = rows(name)
    assert found or name == "open311_kinds.csv", "no city has to let anything out"
    assert all(None not in row and None not in row.values() for row in found)
    assert all(value == value.strip() for row in found for value in row.values())


def test_organisations_have_one_code_a_known_kind_and_point_at_each_other():
    everything = rows("organisations.csv") + rows("organisations_demo.csv")
    assert max(Counter(row["code"] for row in everything).values()) == 1
    for row in everything:
        assert row["kind"] in KINDS
        assert row["parent"] in {"", *ORGANISATIONS}
        assert row["successor"] in {"", *ORGANISATIONS}
        assert bool(row["code"].startswith("demo-")) == (row["code"] not in ORGANISATIONS)
        if row["successor"]:
            assert ORGANISATIONS[row["successor"]]["kind"] == row["kind"]
            assert row["valid_to"]


def test_there_is_a_real_organisation_of_every_kind():
    assert {row["kind"] for row in rows("organisations.csv")} == set(KINDS)


@pytest.mark.one_database
def test_an_organisation_of_a_kind_that_there_is_not_stops_the_loading(database, monkeypatch):
    """A wrong word in the file would otherwise be an organisation that no rule knows."""
    wrong = [dict(ORGANISATIONS["trafik"], code="ny", kind="facknämnd")]
    monkeypatch.setattr(demo, "_rows", lambda *_: iter(wrong))
    with pytest.raises(Invalid) as refused, database.transaction():
        demo.seed()
    [[sentence]] = refused.value.flat().values()
    assert sentence == "Organisationen ny har slaget facknämnd, som inte finns. Rätta filen med organisationer."


def test_there_were_13_boards_and_are_11():
    """Found for 1 July 2023: Järva and Norra innerstaden each took over from two."""
    before, after = valid_on(date(2023, 6, 30), "stadsdelsnamnd"), valid_on(date(2023, 7, 1), "stadsdelsnamnd")
    assert (len(before), len(after)) == (13, 11)
    assert {code: ORGANISATIONS[code]["successor"] for code in before - after} == {
        "sdn-rinkeby-kista": "sdn-jarva",
        "sdn-spanga-tensta": "sdn-jarva",
        "sdn-norrmalm": "sdn-norra-innerstaden",
        "sdn-ostermalm": "sdn-norra-innerstaden",
    }
    assert all(ORGANISATIONS[code]["valid_from"] == "2023-07-01" for code in after - before)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("stockholm_stadsdelsnamndsomraden_11.geojson", date(2024, 1, 1)),
        ("stockholm_stadsdelsnamndsomraden_13_2020-2023.geojson", date(2022, 1, 1)),
    ],
)
def test_the_areas_in_the_citys_files_are_those_of_the_boards_of_their_time(shared_data, name, day):
    codes = {f"sdn-{area.code}" for area in read_areas(shared_data / "geo" / name)}
    assert codes == valid_on(day, "stadsdelsnamnd")


def test_the_committee_that_decides_has_changed_its_name():
    assert "ksu-trygghet" in valid_on(date(2022, 6, 1), "ks_utskott")
    assert valid_on(date(2023, 6, 1), "ks_utskott") == {"ksu-ekonomi-trygghet"}


def test_observation_kinds_are_keys_with_labels_and_known_roles():
    kinds = rows("observation_kinds.csv")
    assert len({row["key"] for row in kinds}) == len(kinds) == 25
    assert "klotter" not in {row["key"] for row in kinds}  # the plugin's own
    for row in kinds:
        assert row["key"].isidentifier()
        assert row["key"].isascii()
        assert row["title"]
        assert row["icon"]
        assert len(row["short"]) <= 24  # two lines of a tile on a phone 320 px wide
        assert row["control_role"] in {"", *CONTROL_ROLES}
        assert row["good"] in {"", "ja"}
    tiles = sorted(int(row["tile"]) for row in kinds if row["tile"])
    assert tiles == list(range(1, len(tiles) + 1))


def test_what_a_theme_shows_first_is_few_and_always_something_good():
    """Eight tiles are shown, and one is asked what to keep (domain.md 2.6)."""
    shown = {theme: [row["kind"] for row in rows("theme_kinds.csv") if row["theme"] == theme] for theme in THEMES}
    assert not shown.pop("allman"), "a walk about everything shows the commonest"
    known = {row["key"]: row["good"] for row in rows("observation_kinds.csv")}
    for theme, kinds in shown.items():
        assert len(set(kinds)) == len(kinds) <= TILES, theme
        assert known[kinds[-1]], theme
        assert all(kind in known or ":" in kind for kind in kinds), theme


def test_the_citys_box_holds_the_city_with_a_margin(shared_data):
    [city] = read_areas(shared_data / "geo" / "stockholm_kommungrans.geojson")
    west, south, east, north = city.geometry.bounds
    around = CITY["bbox"]
    margins = [west - around[0], south - around[1], around[2] - east, around[3] - north]
    assert all(2_000 <= margin <= 4_000 for margin in margins), margins


def test_a_neighbourhood_was_of_a_board_that_was_merged_into_its_own():
    merged = {row["code"]: row["successor"] for row in ORGANISATIONS.values() if row["successor"]}
    before = {(row["before"], row["code"]) for row in rows("district_points.csv") if row["before"]}
    assert before == {(code, merged[code]) for code, _ in before}
    assert {code for code, _ in before} == valid_on(date(2023, 1, 1), "stadsdelsnamnd") - valid_on(
        date(2024, 1, 1), "stadsdelsnamnd"
    )


def test_each_district_has_points_in_its_own_ground(shared_data):
    areas = read_areas(shared_data / "geo" / "stockholm_stadsdelsnamndsomraden_11.geojson")
    real = {f"sdn-{area.code}": area.geometry for area in areas}
    assert {code for code, _, _ in POINTS} == real.keys()
    for code, lon, lat in POINTS:
        assert real[code].covers(geo.transform(Point(lon, lat), geo.WGS84, geo.SWEREF)), (code, lon, lat)


def test_the_demos_areas_do_not_overlap_have_no_holes_and_are_mostly_right(shared_data):
    areas = dict(approximate_areas(POINTS))
    assert areas.keys() == valid_on(date(2024, 1, 1), "stadsdelsnamnd")
    assert sum(area.area for area in areas.values()) == pytest.approx(shapely.union_all(list(areas.values())).area)
    assert not any(part.interiors for area in areas.values() for part in area.geoms)
    assert all(area.is_valid and box(*CITY["bbox"]).covers(area) for area in areas.values())
    real = read_areas(shared_data / "geo" / "stockholm_stadsdelsnamndsomraden_11.geojson")
    right = sum(area.geometry.intersection(areas[f"sdn-{area.code}"]).area for area in real)
    assert right / sum(area.geometry.area for area in real) > 0.8


def test_sources_are_said_in_words_that_people_can_follow():
    """Whoever reads a rule has its source too: nobody outside has our notes on the domain, nor their numbers."""
    cells = [(file.name, cell) for file in SEEDS.glob("*.csv") for row in rows(file.name) for cell in row.values()]
    notes = re.compile(r"\.md\b|\bF\d+\b|\[D\]")
    assert [(name, cell) for name, cell in cells if cell and notes.search(cell)] == []
    assert all(row["source"] for name in ("responsibility_rules.csv", "routing_rules.csv") for row in rows(name))
