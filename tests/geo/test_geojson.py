"""What comes from outside as GeoJSON: taken exactly, or refused in words (reliability G1-G4, G6)."""

import json
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from core import geo

STOCKHOLM = (654_000, 6_567_000, 685_000, 6_595_000)
SQUARE = [[18.06, 59.33], [18.07, 59.33], [18.07, 59.34], [18.06, 59.34], [18.06, 59.33]]
HOLE = [[18.062, 59.332], [18.062, 59.334], [18.064, 59.334], [18.064, 59.332], [18.062, 59.332]]


def point(*numbers):
    return {"type": "Point", "coordinates": list(numbers)}


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def refused(value, **options) -> geo.GeometryRefused:
    with pytest.raises(geo.GeometryRefused) as caught:
        geo.from_geojson(value, **options)
    assert type(caught.value) is geo.GeometryRefused
    return caught.value


def test_sergels_torg_lands_on_its_numbers():
    """domain.md 11.7: about E 153597, N 6579722 in SWEREF 99 18 00."""
    stored = geo.from_geojson(point(18.0633, 59.3325), within=STOCKHOLM)
    local = geo.transform(stored, geo.SWEREF, geo.SWEREF_1800)
    assert local.distance(Point(153_597, 6_579_722)) < 60
    assert stored.distance(Point(674_290, 6_580_950)) < 300


def test_a_polygon_with_a_hole_keeps_it_and_is_wound_as_geojson_wants():
    stored = geo.from_geojson(polygon(SQUARE[::-1], HOLE[::-1]))
    assert len(stored.interiors) == 1
    assert stored.exterior.is_ccw
    assert not stored.interiors[0].is_ccw


@given(st.floats(11, 24), st.floats(55.4, 69))
def test_there_and_back_is_less_than_a_centimetre(lon, lat):
    stored = geo.from_geojson(point(lon, lat))
    local = geo.transform(geo.transform(stored, geo.SWEREF, geo.SWEREF_1800), geo.SWEREF_1800, geo.SWEREF)
    assert stored.distance(local) < 0.01
    again = geo.from_geojson(json.loads(json.dumps(geo.to_geojson(stored))))
    assert stored.distance(again) < 0.01


def test_heights_fall_away():
    assert not geo.from_geojson(point(18.06, 59.33, 28)).has_z


@pytest.mark.parametrize(
    ("numbers", "grid"),
    [
        ((674_032, 6_580_822), "SWEREF 99 TM"),
        ((6_580_822, 674_032), "SWEREF 99 TM"),
        ((153_597, 6_579_722), "SWEREF 99 18 00"),
        ((6_579_722, 153_597), "SWEREF 99 18 00"),
        ((1_628_000, 6_581_000), "RT 90 2,5 gon V"),
        ((6_581_000, 1_628_000), "RT 90 2,5 gon V"),
        ((2_010_800, 8_250_700), "Web Mercator"),
    ],
)
def test_numbers_of_another_grid_are_named(numbers, grid):
    assert refused(point(*numbers)).hint == f"Talen ser ut som {grid}. Räkna om dem till WGS 84."


@pytest.mark.parametrize("value", [point(59.33, 18.06), polygon([[y, x] for x, y in SQUARE])])
def test_swapped_axes_are_named(value):
    assert refused(value).reason == "Nord och öst verkar ha bytt plats."


@pytest.mark.parametrize(
    "value",
    [
        point(12.0, 57.7),  # Göteborg
        point(0, 0),  # the null island
        polygon([[10, 55], [25, 55], [25, 69], [10, 69], [10, 55]]),  # the whole of Sweden
    ],
)
def test_outside_the_city_is_asked_about_and_can_be_confirmed(value):
    with pytest.raises(geo.OutsideCity) as caught:
        geo.from_geojson(value, within=STOCKHOLM)
    assert caught.value.geometry == geo.from_geojson(value)
    assert str(caught.value).startswith("Läget ligger helt eller delvis utanför staden.")


BOW_TIE = [[18.06, 59.33], [18.07, 59.34], [18.07, 59.33], [18.06, 59.34], [18.06, 59.33]]
SPIKE = [[18.06, 59.33], [18.07, 59.33], [18.08, 59.33], [18.07, 59.33], [18.07, 59.34], [18.06, 59.33]]
FAR_HOLE = [[18.2, 59.2], [18.2, 59.21], [18.21, 59.21], [18.21, 59.2], [18.2, 59.2]]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (polygon(BOW_TIE), "korsar sig själv"),
        (polygon(SPIKE), "själv"),
        (polygon(SQUARE, FAR_HOLE), "hål ligger utanför"),
        (polygon(SQUARE, HOLE, HOLE), "samma ring|korsar sig|hål"),
        ({"type": "MultiPolygon", "coordinates": [[SQUARE], [HOLE]]}, "inne i en annan"),
        (polygon([[18.06, 59.33]] * 4), "för få olika punkter"),
        ({"type": "LineString", "coordinates": [[18.06, 59.33]] * 2}, "för få olika punkter"),
    ],
)
def test_an_invalid_form_is_refused_with_the_reason_and_the_spot_never_repaired(value, words):
    error = refused(value)
    assert any(word in error.reason.lower() for word in words.split("|")), error.reason
    lon, lat = error.at
    assert 17.9 < lon < 18.3
    assert 59.1 < lat < 59.4


@pytest.mark.parametrize(
    "value",
    [
        None, [], "POINT(18 59)", 17, {}, {"type": "Point"}, {"coordinates": [18, 59]},
        {"type": None, "coordinates": [18, 59]}, {"type": ["Point"], "coordinates": [18, 59]},
        {"type": "Circle", "coordinates": [18, 59]}, {"type": "point", "coordinates": [18, 59]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Feature", "geometry": point(18.06, 59.33), "properties": {}},
        {"type": "FeatureCollection", "features": []},
        {**point(18.06, 59.33), "crs": {"type": "name", "properties": {"name": "EPSG:3011"}}},
        {**point(18.06, 59.33), "note": "x"},
        point(), point(18.06), point(18.06, 59.33, 0, 0), point("18.06", "59.33"), point(True, False),
        point(None, None), point(math.nan, math.nan), point(math.inf, 59), point(1e400, 59), point(10**400, 59),
        point([18.06], [59.33]), {"type": "Point", "coordinates": {"lon": 18, "lat": 59}},
        {"type": "Point", "coordinates": "18.06,59.33"}, point(18.06, 95), point(181, 59),
        {"type": "LineString", "coordinates": [[18.06, 59.33]]},
        {"type": "LineString", "coordinates": []}, {"type": "MultiPoint", "coordinates": []},
        polygon(), polygon([]), polygon(SQUARE[:-1]), polygon(SQUARE[:3]), {"type": "Polygon", "coordinates": SQUARE},
        {"type": "MultiPolygon", "coordinates": [[]]}, {"type": "MultiPolygon", "coordinates": [SQUARE]},
    ],
)  # fmt: skip
def test_what_is_no_geometry_is_refused_in_words(value):
    error = refused(value, within=STOCKHOLM)
    assert len(error.reason.split()) > 2
    assert error.reason.msgid


@pytest.mark.parametrize("numbers", [(-162, 0), (105, 0), (18, 90), (-180, -90), (15, -90), (179.9, 59)])
def test_the_far_side_of_the_earth_is_refused(numbers):
    with pytest.raises(geo.GeometryRefused):
        geo.from_geojson(point(*numbers), within=STOCKHOLM)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=30,
)


@given(st.sampled_from(sorted(geo.KINDS)), json_values)
def test_any_json_gives_a_valid_geometry_or_a_refusal(kind, coordinates):
    try:
        stored = geo.from_geojson({"type": kind, "coordinates": coordinates})
    except geo.GeometryRefused:
        return
    assert stored.is_valid
    assert not stored.is_empty


def test_only_the_kinds_asked_for_may_come():
    assert "Polygon" in refused(point(18.06, 59.33), kinds=geo.AREAS).reason
    assert geo.from_geojson(polygon(SQUARE), kinds=geo.AREAS).geom_type == "Polygon"


def circle(count):
    turns = [2 * math.pi * step / count for step in range(count)]
    ring = [[18.06 + 0.01 * math.cos(turn), 59.33 + 0.01 * math.sin(turn)] for turn in turns]
    return polygon([*ring, ring[0]])


def test_as_many_points_as_allowed_are_taken_and_300_000_refused():
    began = time.thread_time()
    assert geo.from_geojson(circle(geo.MAX_VERTICES - 1)).is_valid
    assert refused(circle(300_000)).reason == "Geometrin har fler än 50 000 punkter. Förenkla den."
    assert time.thread_time() - began < 5


def test_5_000_lists_in_each_other_are_refused():
    nested = [18.06, 59.33]
    for _ in range(5_000):
        nested = [nested]
    assert refused({"type": "MultiPolygon", "coordinates": nested}).reason


def test_measures_are_in_metres():
    assert geo.area_m2(box(670_000, 6_575_000, 670_100, 6_575_050)) == 5_000


def test_multipolygon_wraps_one_polygon():
    square = Polygon(box(0, 0, 1, 1))
    assert list(geo.multipolygon(square).geoms) == [square]
    assert geo.multipolygon(geo.multipolygon(square)) == geo.multipolygon(square)
