"""Area files: the kinds that cities have, and the ways in which they go wrong."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box

from core import geo
from core.places.areafiles import AreaFileRefused, GridUnknown, approximate_areas, code_of, read_areas

WEST = box(150_000, 6_570_000, 152_000, 6_572_000)  # SWEREF 99 18 00
EAST = box(152_000, 6_570_000, 154_000, 6_572_000)
HOLED = Polygon(WEST.exterior.coords, [box(150_500, 6_570_500, 150_600, 6_570_600).exterior.coords])
BOW_TIE = Polygon([(150_000, 6_570_000), (151_000, 6_571_000), (151_000, 6_570_000), (150_000, 6_571_000)])
CITY = (654_000, 6_567_000, 685_000, 6_595_000)


def write(path: Path, areas: dict[str, object] | list[tuple], crs: str | None = "EPSG:3011", **options) -> Path:
    """Write (name, geometry) pairs to a file as another programme would."""
    names, shapes = zip(*(areas.items() if isinstance(areas, dict) else areas), strict=True)
    kinds = {shape.geom_type for shape in shapes if shape is not None}
    options.setdefault("geometry_type", kinds.pop() if len(kinds) == 1 else "Unknown")
    fields = options.pop("fields", {"namn": names})
    pyogrio.raw.write(
        path,
        geometry=np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], dtype=object),
        field_data=[np.array(values, dtype=object) for values in fields.values()],
        fields=np.array(list(fields), dtype=object),
        crs=crs,
        **options,
    )
    return path


def zipped(folder: Path, name: str = "omraden.zip") -> Path:
    with zipfile.ZipFile(folder.parent / name, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"export/{file.name}")
    return folder.parent / name


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "export").mkdir()
    return tmp_path / "export"


@pytest.mark.parametrize("name", ["omraden.gpkg", "omraden.shp", "omraden.geojson"])
def test_every_kind_of_file_gives_the_same_areas(tmp_path, name):
    areas = {"Hägersten-Älvsjö": HOLED, "Östberga": EAST}
    crs = "EPSG:3011"
    if name.endswith("geojson"):
        crs, areas = "EPSG:4326", {n: geo.transform(a, 3011, 4326) for n, a in areas.items()}
    first, second = read_areas(write(tmp_path / name, areas, crs), within=CITY)
    assert (first.name, first.code) == ("Hägersten-Älvsjö", "hagersten-alvsjo")
    assert isinstance(first.geometry, MultiPolygon)
    assert len(first.geometry.geoms[0].interiors) == 1
    expected = geo.transform(HOLED, 3011, 3006)
    assert first.geometry.hausdorff_distance(expected) < 0.01
    assert first.geometry.intersection(second.geometry).area < 1
    assert second.properties == {"namn": "Östberga"}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("in_zip", [False, True])
def test_a_shapefile_that_does_not_say_its_encoding(folder, encoding, in_zip):
    path = write(folder / "omraden.shp", {"Skärholmen": WEST, "Årsta": EAST}, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    found = read_areas(zipped(folder) if in_zip else path)
    assert [area.name for area in found] == ["Skärholmen", "Årsta"]


def test_the_encoding_can_be_overruled_and_a_wrong_one_is_refused(folder):
    path = write(folder / "omraden.shp", {"Skärholmen": WEST}, encoding="cp850")
    path.with_suffix(".cpg").unlink()
    assert read_areas(path, encoding="cp850")[0].name == "Skärholmen"
    with pytest.raises(AreaFileRefused, match="inte ascii"):
        read_areas(path, encoding="ascii")
    with pytest.raises(AreaFileRefused, match="inte klingonska"):
        read_areas(path, encoding="klingonska")


def test_a_missing_prj_is_asked_for_with_the_likely_answer(folder):
    path = write(folder / "omraden.shp", {"Skärholmen": WEST})
    path.with_suffix(".prj").unlink()
    with pytest.raises(GridUnknown, match=r"Talen ser ut som SWEREF 99 18 00\. Kör om med --srid 3011\.") as caught:
        read_areas(path)
    assert caught.value.guess.srid == 3011
    assert read_areas(path, srid=3011)[0].geometry.distance(geo.transform(WEST, 3011, 3006)) == 0
    with pytest.raises(GridUnknown, match="okänt"):
        read_areas(path, srid=999_999)


def test_geojson_with_the_numbers_of_another_grid_is_no_wgs_84(tmp_path):
    path = tmp_path / "omraden.geojson"
    feature = {"type": "Feature", "properties": {"namn": "Järva"}, "geometry": shapely.geometry.mapping(WEST)}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(GridUnknown, match="--srid 3011"):
        read_areas(path)
    assert read_areas(path, srid=3011, within=CITY)[0].name == "Järva"


def test_swapped_axes_are_refused(tmp_path):
    turned = shapely.transform(WEST, lambda numbers: numbers[:, ::-1])
    with pytest.raises(AreaFileRefused, match="Nord och öst verkar ha bytt plats"):
        read_areas(write(tmp_path / "omraden.gpkg", {"Järva": turned}))


def test_everything_that_is_wrong_is_said_at_once(tmp_path):
    far_away = box(90_000, 6_400_000, 91_000, 6_401_000)
    areas = [("Järva", WEST), ("Farsta", BOW_TIE), ("Järva", EAST)]
    areas += [("Tomt", None), ("Punkt", Point(151_000, 6_571_000)), ("Långt bort", far_away)]
    with pytest.raises(AreaFileRefused) as caught:
        read_areas(write(tmp_path / "omraden.gpkg", areas), within=CITY)
    repeated, crossing, empty, point, outside = caught.value.problems
    assert repeated.startswith("Flera områden heter lika: Järva.")
    assert crossing.startswith("Farsta: Formen korsar sig själv.")
    assert empty.startswith("Tomt: Området saknar yta.")
    assert point == "Punkt: Ett område ska vara en yta, men det här är Point."
    assert outside.startswith("Långt bort: Läget ligger helt eller delvis utanför staden.")


def test_a_file_of_points_is_refused_as_such(tmp_path):
    with pytest.raises(AreaFileRefused, match="inga ytor, bara Point"):
        read_areas(write(tmp_path / "omraden.gpkg", {"Lampa": Point(151_000, 6_571_000)}))


def test_the_name_is_the_known_property_that_tells_areas_apart(tmp_path):
    fields = {"omrade": ["Järva", "Järva"], "Stadsdel": ["Husby", "Akalla"], "x": ["1", "2"]}
    path = write(tmp_path / "omraden.gpkg", [("", WEST), ("", EAST)], fields=fields)
    assert [area.name for area in read_areas(path)] == ["Husby", "Akalla"]
    assert [area.name for area in read_areas(path, name_property="x")] == ["1", "2"]
    with pytest.raises(AreaFileRefused, match="Flera områden heter lika: Järva"):
        read_areas(path, name_property="omrade")
    with pytest.raises(AreaFileRefused, match=r"Egenskapen y finns inte\. Filen har: omrade, Stadsdel, x\."):
        read_areas(path, name_property="y")


def test_a_file_without_a_known_name_lists_what_it_has(tmp_path):
    path = write(tmp_path / "omraden.gpkg", [("", WEST)], fields={"kol1": ["Järva"]})
    with pytest.raises(AreaFileRefused, match=r"Välj en egenskap med --name-field\. Filen har: kol1\."):
        read_areas(path)


def test_an_area_without_a_name_is_named_by_its_number(tmp_path):
    with pytest.raises(AreaFileRefused, match=r"Område nummer 2 saknar namn i namn\."):
        read_areas(write(tmp_path / "omraden.gpkg", [("Järva", WEST), (None, EAST)]))


def test_equal_names_with_codes_of_their_own_are_two_areas(tmp_path):
    fields = {"namn": ["Centrum", "Centrum"], "nyckelkod": ["101", "102"]}
    path = write(tmp_path / "omraden.gpkg", [("", WEST), ("", EAST)], fields=fields)
    assert [(area.name, area.code) for area in read_areas(path)] == [("Centrum", "101"), ("Centrum", "102")]


def test_several_layers_must_be_chosen_from(tmp_path):
    path = write(tmp_path / "omraden.gpkg", {"Järva": WEST}, layer="namnder")
    write(path, {"Husby": EAST}, layer="stadsdelar", append=True)
    with pytest.raises(AreaFileRefused, match="flera lager: namnder, stadsdelar"):
        read_areas(path)
    assert [area.name for area in read_areas(path, layer="stadsdelar")] == ["Husby"]
    with pytest.raises(AreaFileRefused, match="går inte att läsa"):
        read_areas(path, layer="finns-inte")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("omraden.csv", b"namn,wkt\n"),
        ("omraden.geojson", b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd'),
        ("omraden.geojson", b"{ not json"),
        ("omraden.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("omraden.geojson", b'{"a":' * 100_000),
        ("omraden.gpkg", b"SQLite format 3\x00 and then nothing"),
        ("omraden.shp", b"\x00\x00\x27\x0a"),
        ("omraden.shp", b""),
        ("omraden.zip", b"PK\x03\x04 and then nothing"),
    ],
)
def test_what_is_no_area_file_is_refused_in_words(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(AreaFileRefused) as caught:
        read_areas(path)
    assert len(caught.value.problems[0].split()) > 3


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(AreaFileRefused, match=r"Filen omraden.gpkg finns inte\."):
        read_areas(tmp_path / "omraden.gpkg")


def test_a_zip_with_two_files_does_not_choose(folder):
    write(folder / "a.gpkg", {"Järva": WEST})
    write(folder / "b.gpkg", {"Husby": EAST})
    with pytest.raises(AreaFileRefused, match="ska innehålla en områdesfil, men har 2"):
        read_areas(zipped(folder))


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    bomb = zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED)
    with bomb, bomb.open("omraden.geojson", "w") as member:
        for _ in range(201):
            member.write(b"{" + b" " * 999_999)
    with pytest.raises(AreaFileRefused, match="större än 200 MB"):
        read_areas(tmp_path / "bomb.zip")


def test_codes_are_folded():
    assert code_of("Enskede-Årsta-Vantör") == "enskede-arsta-vantor"
    assert code_of(" Norra  innerstaden (f.d.) ") == "norra-innerstaden-f-d"


def test_approximate_areas_share_the_ground_without_overlap_or_holes():
    points = [("a", 18.00, 59.30), ("a", 18.01, 59.31), ("b", 18.05, 59.30), ("b", 18.06, 59.32), ("c", 18.03, 59.35)]
    areas = dict(approximate_areas(points))
    assert list(areas) == ["a", "b", "c"]
    for code, lon, lat in points:
        spot = geo.transform(Point(lon, lat), geo.WGS84, geo.SWEREF)
        assert [other for other, area in areas.items() if area.covers(spot)] == [code]
    whole = shapely.union_all(list(areas.values()))
    assert sum(area.area for area in areas.values()) == pytest.approx(whole.area)
    assert not any(part.interiors for area in areas.values() for part in area.geoms)


# --- The real files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "count", "some"),
    [
        ("stockholm_stadsdelsnamndsomraden_11.geojson", 11, "Hägersten-Älvsjö"),
        ("stockholm_stadsdelsnamndsomraden_11_enkel.geojson", 11, "Järva"),
        ("stockholm_stadsdelsnamndsomraden_11_land.geojson", 11, "Norra innerstaden"),
        ("stockholm_stadsdelsnamndsomraden_13_2020-2023.geojson", 13, "Rinkeby-Kista"),
        ("stockholm_stadsdelar_117.geojson", 117, "Östberga"),
        ("stockholm_stadsdelar_epsg3011_shp.zip", 117, "ÖSTBERGA"),
        ("stockholm_basomraden_419.geojson", 419, "Skeppsbron"),
        ("stockholm_kommungrans.geojson", 1, "Stockholm"),
    ],
)
def test_the_citys_own_files_are_read(shared_data, name, count, some):
    areas = read_areas(shared_data / "geo" / name, within=CITY)
    assert len(areas) == count
    assert some in [area.name for area in areas]


def test_the_shapefile_in_3011_lies_where_the_geojson_lies(shared_data):
    shapefile = read_areas(shared_data / "geo" / "stockholm_stadsdelar_epsg3011_shp.zip")
    geojson = {a.name.upper(): a.geometry for a in read_areas(shared_data / "geo" / "stockholm_stadsdelar_117.geojson")}
    pairs = [(a.geometry, geojson[a.name]) for a in shapefile if a.name in geojson]
    shares = [one.intersection(other).area / one.area for one, other in pairs]
    assert len(shares) > 100  # the others have their names cut short
    assert min(shares) > 0.98


def test_water_between_the_land_is_kept_as_holes(shared_data):
    areas = read_areas(shared_data / "geo" / "stockholm_stadsdelsnamndsomraden_11_land.geojson")
    assert sum(len(part.interiors) for area in areas for part in area.geometry.geoms) == 96


@pytest.mark.parametrize("name", ["dakar_kameror_original.geojson", "helsinki_osm_gatlyktor.geojson"])
def test_files_of_other_things_are_explained(shared_data, name):
    with pytest.raises(AreaFileRefused, match="inga ytor"):
        read_areas(shared_data / "assets" / name)


@pytest.fixture
def areas_at(shared_data):
    """Name the areas of one of the city's files in which a point lies."""

    def areas_at(name, longitude, latitude):
        spot = geo.from_geojson({"type": "Point", "coordinates": [longitude, latitude]})
        return [area.name for area in read_areas(shared_data / "geo" / name) if area.geometry.covers(spot)]

    return areas_at


def test_the_spot_in_no_district_is_in_the_city_and_in_a_basomrade(areas_at):
    """Half a hectare that the eleven leave out, and the finest division does not."""
    hole = 18.05024, 59.25385
    assert areas_at("stockholm_stadsdelsnamndsomraden_11.geojson", *hole) == []
    assert len(areas_at("stockholm_kommungrans.geojson", *hole)) == 1
    assert areas_at("stockholm_basomraden_419.geojson", *hole) == ["Fagersjövägen"]


def test_water_is_part_of_its_district(areas_at):
    """In the middle of Riddarfjärden, where there is no land."""
    water = 18.055, 59.325
    assert areas_at("stockholm_stadsdelsnamndsomraden_11_land.geojson", *water) == []
    assert areas_at("stockholm_stadsdelsnamndsomraden_11.geojson", *water) == ["Kungsholmen"]


def test_reading_beside_spatialite_ends_the_process_well(tmp_path):
    """Two PROJ libraries live in one process (design.md 2): the order of loading decides whether it ends in a crash."""
    path = write(tmp_path / "omraden.gpkg", {"Järva": WEST})
    code = f"""
from pathlib import Path
from core.places.areafiles import read_areas
from core.db import Database
from core.settings import Settings
from sqlalchemy import text
database = Database(Settings(env="test", data_dir=Path({str(tmp_path)!r}), secret_key="test" * 8).completed())
with database.transaction() as session:
    moved = "SELECT AsText(ST_Transform(MakePoint(18, 59, 4326), 3006))"
    assert session.execute(text(moved)).scalar().startswith("POINT")
    assert read_areas(Path({str(path)!r}))[0].name == "Järva"
print("done")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "done"), done.stderr
