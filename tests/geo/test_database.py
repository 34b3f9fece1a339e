"""Geometry in both databases: exact storage, the right rows, and the spatial index every time."""

import pytest
from shapely import LineString, MultiPolygon, Point, box
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from core import geo

INSIDE_FIRST = Point(670_050, 6_575_050)


def uses_index(plan: str, column: str) -> bool:
    return f"idx_geo_spot_{column}" in plan and "Seq Scan on geo_spot" not in plan and "SCAN geo_spot" not in plan


def test_what_is_stored_comes_back_to_the_last_bit(database, spots):
    odd = Point(674_000.123456789012, 6_580_000.1 + 0.2)
    with database.transaction() as session:
        session.get(spots, 2).door = odd
    with database.transaction(write=False) as session:
        spot = session.get(spots, 2)
        assert spot.door.equals_exact(odd, 0)
        assert isinstance(spot.area, MultiPolygon)
        assert session.get(spots, 1).door is None


def test_an_unchanged_geometry_is_no_change(database, spots):
    with database.transaction() as session:
        spot = session.get(spots, 1)
        spot.area = MultiPolygon(spot.area)
        assert not session.is_modified(spot)


def test_heights_are_left_outside(database, spots):
    with database.transaction() as session:
        session.get(spots, 1).door = Point(674_000, 6_580_000, 12)
    with database.transaction(write=False) as session:
        assert not session.get(spots, 1).door.has_z


def test_the_database_refuses_another_kind_of_geometry(database, spots):
    with pytest.raises(DBAPIError), database.transaction() as session:
        session.get(spots, 1).area = LineString([(670_000, 6_575_000), (670_100, 6_575_000)])


def test_point_in_finds_the_area_by_the_index(database, spots, plan_of):
    question = select(spots.id).where(geo.point_in(spots.area, INSIDE_FIRST))
    with database.transaction(write=False) as session:
        assert session.scalars(question).all() == [1]
        assert uses_index(plan_of(session, question), "area")


def test_a_point_between_areas_is_in_none_and_on_a_border_in_the_area(database, spots):
    with database.transaction(write=False) as session:

        def ids(east, north):
            return session.scalars(select(spots.id).where(geo.point_in(spots.area, Point(east, north)))).all()

        assert ids(670_150, 6_575_050) == []
        assert ids(670_100, 6_575_050) == [1]


def test_intersecting_is_exact_where_the_box_is_not(database, spots, plan_of):
    """A diagonal line has a box full of squares but meets only those on it; also through an alias."""
    diagonal = LineString([(670_000, 6_575_000), (672_000, 6_577_000)])
    other = aliased(spots)
    question = select(other.id).where(geo.intersecting(other.area, diagonal))
    with database.transaction(write=False) as session:
        everything = session.execute(select(spots.id, spots.area)).all()
        expected = {key for key, area in everything if area.intersects(diagonal)}
        assert set(session.scalars(question)) == expected
        boxed = session.scalars(select(spots.id).where(geo.in_box(spots.area, diagonal.bounds))).all()
        assert len(expected) < len(boxed) == 11 * 11
        assert uses_index(plan_of(session, question), "area")


def test_in_box_leaves_out_rows_without_a_geometry(database, spots, plan_of):
    question = select(spots.id).where(geo.in_box(spots.door, (669_999, 6_574_999, 670_601, 6_575_001)))
    with database.transaction(write=False) as session:
        assert set(session.scalars(question)) == {2, 4}
        assert uses_index(plan_of(session, question), "door")


def test_the_condition_can_be_turned_round_and_joined_with_others(database, spots):
    near = geo.intersecting(spots.area, box(670_000, 6_575_000, 670_250, 6_575_050))
    with database.transaction(write=False) as session:
        assert set(session.scalars(select(spots.id).where(near, spots.id > 1))) == {2}
        assert len(session.scalars(select(spots.id).where(~near)).all()) == 1598
