"""A shape as text: what is written comes back, and what is wrong is told as what it probably is."""

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from core import geo
from core.places.outline import SYSTEMS, Outline, drawn, numbers_of, read_spot, spot, told_spot, written
from core.schema import Invalid

CITY = (654_000, 6_567_000, 685_000, 6_595_000)
EAST = st.floats(654_000, 685_000)
NORTH = st.floats(6_567_000, 6_595_000)
CENTIMETRE = 0.01


def refusal(text, system="sweref991800", radius_m=None):
    """What is said about a text, with the field it is said at."""
    try:
        drawn(Outline(system, text, radius_m), within=CITY, field="outline")
    except geo.GeometryRefused as refused:
        return refused.field, f"{refused.reason} {refused.hint or ''}"
    except Invalid as refused:
        [(field, texts)] = refused.flat().items()
        return field, " ".join(texts)
    pytest.fail("it was taken")


@given(east=EAST, north=NORTH, system=st.sampled_from(sorted(SYSTEMS)))
def test_there_and_back_is_less_than_a_centimetre(east, north, system):
    """G6: by numbers, and by what is written in the field and on the page."""
    point = Point(east, north)
    srid = SYSTEMS[system].srid
    assert geo.transform(geo.transform(point, geo.SWEREF, srid), srid, geo.SWEREF).distance(point) < CENTIMETRE
    assert read_spot(spot(point, system), field="x").distance(point) < CENTIMETRE
    assert read_spot(told_spot(point, system), field="x").distance(point) < 1


@settings(max_examples=50)
@given(st.data())
def test_any_shape_that_is_written_is_read_again(data):
    """Several parts, some with a hole, in every system; written once more it is the same text."""
    parts = []
    for number in range(data.draw(st.integers(1, 3))):
        east, north, side = 660_000 + number * 1000, data.draw(st.floats(6_570_000, 6_590_000)), 100
        square = box(east, north, east + side, north + side)
        hole = box(east + 20, north + 20, east + 60, north + 60)
        parts.append(square.difference(hole) if data.draw(st.booleans()) else square)
    shape = shapely.orient_polygons(MultiPolygon(parts))
    system = data.draw(st.sampled_from(sorted(SYSTEMS)))
    text = written(shape, system)
    again = drawn(Outline(system, text), within=CITY, field="outline")
    assert shapely.hausdorff_distance(again, shape) < CENTIMETRE * 2
    assert [len(part.interiors) for part in again.geoms] == [len(part.interiors) for part in shape.geoms]
    assert written(again, system) == text


@pytest.mark.parametrize(
    "line",
    [
        "6571240 154870", "6571240, 154870", "6571240;154870", "6571240\t154870", "N 6 571 240, E 154 870",
        "6571240,154870", "6571240,0 154870,0", "  6571240.00   154870.00 ", "6\u00a0571\u00a0240;\u00a0154\u00a0870",
    ],
)  # fmt: skip
def test_a_pair_may_be_parted_in_many_ways(line):
    assert numbers_of(line) == (6_571_240, 154_870)


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_no_text_at_all_is_a_fault_of_ours(text):
    """Whatever is written: a shape, or a refusal in words."""
    for radius in (None, 20):
        try:
            shape = drawn(Outline("sweref991800", text, radius), within=CITY, field="outline")
        except (Invalid, geo.GeometryRefused):
            continue
        assert shape.is_valid
        assert not shape.is_empty


SQUARE = "6571240 154870\n6571240 154970\n6571340 154970\n6571340 154870"


def test_a_point_and_a_radius_is_a_circle():
    circle = drawn(Outline("sweref991800", "6571240 154870", 50), within=CITY, field="outline")
    assert 7_700 < circle.area < 7_854
    middle = drawn(Outline("sweref991800", SQUARE), within=CITY, field="outline")
    assert abs(middle.area - 10_000) < 20


@pytest.mark.parametrize(
    ("text", "system", "sentence"),
    [
        ("154870 6571240\n154970 6571240\n154970 6571340", "sweref991800", "Nord och öst verkar ha bytt plats."),
        ("154870 6571240\n154970 6571240", "sweref991800", "Menade du N 6\u00a0571\u00a0240, E 154\u00a0870?"),
        ("18.06 59.33\n18.07 59.33\n18.07 59.34", "wgs84", "Menade du N 59.33, E 18.06?"),
        ("6580000 674000\n6580100 674000\n6580100 674100", "wgs84", "rad 1 ser ut som SWEREF 99 TM. Välj det"),
        ("6580000 674000", "sweref991800", "ser ut som SWEREF 99 TM. Välj det"),
        ("59.33 18.06", "sweref99tm", "ser ut som WGS 84. Välj det"),
        ("6580000 1628000", "sweref99tm", "ser ut som RT 90 2,5 gon V. Räkna om"),
        (SQUARE + "\nhej", "sweref991800", "Skriv två tal på rad 5"),
        (SQUARE + "\n1 2 3", "sweref991800", "Skriv två tal på rad 5"),
        (SQUARE + "\n1 2", "sweref991800", "rad 5 är ingen plats i Sverige i SWEREF 99 18 00."),
        (SQUARE + "\n\n6571240 154870\n6571240 154970", "sweref991800", "Den som börjar på rad 6 har färre."),
        ("hål\n" + SQUARE, "sweref991800", "Hålet på rad 1 hör inte till någon yta."),
        ("", "sweref991800", "Skriv platsens hörn"),
        ("6571240 154870\n6571340 154970\n6571340 154870\n6571240 154970", "sweref991800", "Formen korsar sig själv"),
        ("6571240 154870\n6571340 154970\n6571340 154870\n6571240 154970", "sweref991800",
         "Det är vid 6571290.0"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_as_what_it_probably_is(text, system, sentence):
    """G1, G2: always at the field, with the line, never silently mended."""
    field, said = refusal(text, system, 20 if text.count("\n") == 0 and text else None)
    assert field == "outline"
    assert sentence in said


def test_a_radius_belongs_to_one_point():
    assert refusal(SQUARE, radius_m=10)[0] == "radius_m"
    assert refusal("6571240 154870")[0] == "radius_m"


def test_what_lies_outside_the_city_is_told_apart():
    with pytest.raises(geo.OutsideCity):
        drawn(Outline("wgs84", "57.7 11.97", 50), within=CITY, field="outline")
    assert drawn(Outline("wgs84", "57.7 11.97", 50), field="outline").area > 7_000


def test_too_many_corners_are_refused_at_once_and_not_offered_for_editing():
    """G4: as text ten thousand are too many; the shape itself may have more."""
    many = geo.multipolygon(Point(670_000, 6_580_000).buffer(500, quad_segs=4_000))
    assert written(many, "sweref991800") == ""
    assert "för många hörn" in refusal("6571240 154870\n" * 20_000)[1]
    assert isinstance(many.geoms[0], Polygon)
