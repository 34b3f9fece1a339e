"""A register has positions in the city's own systems too; numbers that are in another one say which."""

import pytest
from shapely import Point
from sqlalchemy import select

from core import geo
from core.places.spots import ZONES
from core.walks.models import Observation, Report
from core.works.models import WorkOrder
from tests.imports.conftest import messages, sheet
from tests.walks.scene import at

pytestmark = pytest.mark.other_database_long

START = "Ärende;Kategori;Kom in;{};{}"


def spot(srid, east=500, north=500):
    """A position in the scene in a system: north and east, as a register writes them."""
    there = at(east, north)
    found = geo.transform(Point(there["longitude"], there["latitude"]), geo.WGS84, srid)
    return f"{found.y:.2f}".replace(".", ","), f"{found.x:.2f}".replace(".", ",")


def reports(*spots, columns=("Nord", "Öst")):
    """A file of reports with these positions, numbered from 1."""
    lines = [f"{number};Belysning;2025-01-15 08:30;{north};{east}" for number, (north, east) in enumerate(spots, 1)]
    return sheet(*lines, columns=START.format(*columns))


@pytest.mark.parametrize(
    ("columns", "srid", "fields"),
    [
        (("Nord", "Öst"), geo.SWEREF_1800, {"north_1800", "east_1800"}),
        (("N (SWEREF99TM)", "E (SWEREF99TM)"), geo.SWEREF, {"north_tm", "east_tm"}),
    ],
)
def test_positions_in_sweref_are_read_where_they_are(reader, database, columns, srid, fields):
    found = reader.tried(reports(spot(srid), columns=columns))
    assert fields <= set(found["mapping"]), "guessed from the headings"
    assert reader.move(found, "for_in")["rows"] == {"inford": 1}
    with database.transaction(write=False) as session:
        seen = session.scalars(select(Observation).join(Report)).one()
        expected = geo.from_geojson(
            {"type": "Point", "coordinates": [at(500, 500)[n] for n in ("longitude", "latitude")]}
        )
        assert Point(seen.point).distance(expected) < 0.05


def test_axes_that_have_changed_places_and_another_system_or_zone_are_told(reader):
    other = {"SWEREF 99 TM": geo.SWEREF, "SWEREF 99 17 15": ZONES["17 15"], "RT 90 2,5 gon V": 3021}
    tm, zone, rt90 = (spot(srid) for srid in other.values())
    degrees = (str(at(500, 500)["latitude"]).replace(".", ","), str(at(500, 500)["longitude"]).replace(".", ","))
    right = spot(geo.SWEREF_1800)
    found = reader.tried(
        reports(right, right[::-1], tm, zone, rt90, degrees, ("6580000,00", ""), ("6400000", "150000"))
    )
    told = {number: messages(row) for number, row in reader.rows(found).items()}
    assert told == {
        2: {},
        3: {"north_1800": "Nord (SWEREF 99 18 00) och Öst (SWEREF 99 18 00) har bytt plats. Välj kolumnerna tvärtom."},
        4: {"north_1800": "Talen ser ut som SWEREF 99 TM. Välj kolumnerna under det i stället."},
        5: {
            "north_1800": "Läget ligger utanför staden, men i den om talen är SWEREF 99 17 15. "
            "Räkna om dem till SWEREF 99 18 00."
        },
        6: {"north_1800": "Talen ser ut som RT 90 2,5 gon V. Räkna om dem till SWEREF 99 eller WGS 84."},
        7: {"north_1800": "Talen ser ut som WGS 84. Välj kolumnerna under det i stället."},
        8: {"east_1800": "Skriv både Nord (SWEREF 99 18 00) och Öst (SWEREF 99 18 00), eller ingen av dem."},
        9: {"north_1800": "Läget ligger utanför staden."},
    }
    assert found["rows"] == {"duger": 1, "fel": 7}


def test_metres_in_the_columns_of_degrees_say_what_they_are(reader):
    found = reader.tried(reports(spot(geo.SWEREF), columns=("Lat", "Long")))
    assert messages(reader.rows(found)[2]) == {
        "latitude": "Talen ser ut som SWEREF 99 TM. Välj kolumnerna under det i stället."
    }


def test_orders_of_another_register_lie_in_the_same_systems(reader, database):
    right = spot(geo.SWEREF_1800)
    lines = [f"{n};Laga lykta;2025-01-10 08:00;{';'.join(there)}" for n, there in enumerate((right, right[::-1]), 1)]
    book = sheet(*lines, columns="Ordernummer;Typ;Beställd;Nord;Öst")
    found = reader.tried(book, kind="order", source="Gamla systemet")
    swapped = "Nord (SWEREF 99 18 00) och Öst (SWEREF 99 18 00) har bytt plats. Välj kolumnerna tvärtom."
    assert messages(reader.rows(found)[3])["north_1800"] == swapped
    assert reader.move(found, "for_in")["rows"] == {"inford": 1, "fel": 1}
    with database.transaction(write=False) as session:
        order = session.scalars(select(WorkOrder)).one()
        there = at(500, 500)
        expected = geo.from_geojson({"type": "Point", "coordinates": [there["longitude"], there["latitude"]]})
        assert Point(order.point).distance(expected) < 0.05
