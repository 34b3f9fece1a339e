"""Areas that were imported ahead come into force on their day; each place that changes hands leaves a trace."""

import json
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, geo
from core.journal import JournalDetail, JournalLine
from core.people.models import Organisation
from core.places import areafiles, services
from core.places.models import Area, Place
from core.worker import Worker
from tests.walks.scene import square

HOUSE = access.system("test")
JULY = date(2027, 7, 1)


@pytest.fixture
def work(settings, database):
    """Let the worker run the job of places once."""
    workers = []

    def run():
        workers.append(Worker(settings))
        assert workers[-1].run_once(keys=["places:districts"]) == 1

    yield run
    for worker in workers:
        worker.close()


def plan(names, first, side=1000):
    """Import areas beside each other, from the corner of the scene eastwards."""
    shapes = [geo.multipolygon(square(number * side, 0, side)) for number in range(len(names))]
    features = [
        areafiles.AreaFeature(name, areafiles.code_of(name), shape, {})
        for name, shape in zip(names, shapes, strict=True)
    ]
    return services.import_areas(HOUSE, features, valid_from=first, source="test")


def add(east):
    spot = geo.to_geojson(square(east, 450, 50), decimals=9)
    known = {"kind": "torg", "public_access": "allman_plats"}
    return services.add_place(HOUSE, uid=uuid4(), name=f"Torget {east}", geometry=spot, **known).uid


def boards(database):
    with database.transaction(write=False) as session:
        rows = select(Place.name, Organisation.code).outerjoin(Organisation, Organisation.id == Place.district_id)
        return dict(session.execute(rows).all())


def moves(database):
    with database.transaction(write=False) as session:
        rows = select(JournalLine.actor_name, JournalLine.subject_uid, JournalDetail.detail)
        rows = rows.join(JournalDetail, JournalDetail.seq == JournalLine.seq)
        return session.execute(rows.where(JournalLine.action == "place:district").order_by(JournalLine.seq)).all()


def test_areas_planned_ahead_take_effect_on_their_day(database, clock, work):
    """Imported in June for July: in June nothing moves, on 1 July the one place that changes hands does, once."""
    clock.stop_at("2027-06-10T09:00")
    with database.transaction():
        plan(["Farsta", "Skarpnäck"], date(2023, 7, 1))
        _, moving = add(100), add(700)
        plan(["Farsta", "Skarpnäck", "Bromma"], JULY, side=500)
    before = {"Torget 100": "sdn-farsta", "Torget 700": "sdn-farsta"}
    for moment in ("2027-06-10T09:00", "2027-06-30T23:59"):
        clock.stop_at(moment)
        work()
        assert boards(database) == before
    assert moves(database) == []
    for moment in ("2027-07-01T00:01", "2027-07-01T01:01"):
        clock.stop_at(moment)
        work()
        assert boards(database) == before | {"Torget 700": "sdn-skarpnack"}
    expected = ("places:districts", moving, {"before": "sdn-farsta", "after": "sdn-skarpnack"})
    assert moves(database) == [expected], "once, and not for the place that stays"


def test_the_job_changes_nothing_that_is_right(database, work):
    """A version that rose every hour would make every change of a place come too late."""
    with database.transaction():
        plan(["Farsta"], date(2023, 7, 1))
        uid = add(100)
    work()
    with database.transaction(write=False) as session:
        assert session.scalars(select(Place.version).where(Place.uid == uid)).one() == 1


def test_an_area_that_ends_leaves_its_places_outside(database, clock, work):
    clock.stop_at("2027-06-10T09:00")
    with database.transaction():
        plan(["Farsta"], date(2023, 7, 1))
        add(700)
        plan(["Farsta"], JULY, side=500)
    clock.stop_at("2027-07-01T00:01")
    work()
    assert boards(database) == {"Torget 700": None}
    assert [move.detail for move in moves(database)] == [{"before": "sdn-farsta", "after": None}]


def test_a_file_with_codes_of_its_own_keeps_the_boards(database, tmp_path, shared_data):
    """The codes are the file's, the boards are found by the names; or by the code where that is an organisation's."""
    table = json.loads((shared_data / "geo" / "stockholm_stadsdelsnamndsomraden_11.geojson").read_text("utf-8"))
    for number, feature in enumerate(table["features"], 1):
        named = feature["properties"]["omrade"] != "Järva"
        feature["properties"] = {
            "kod": f"{number:02}" if named else "sdn-jarva",
            "namn": feature["properties"]["omrade"],
        }
        feature["properties"]["namn"] = feature["properties"]["namn"] if named else "Nordvästra området"
    file = tmp_path / "omraden.geojson"
    file.write_text(json.dumps(table), "utf-8")
    with database.transaction():
        done = services.import_areas(HOUSE, areafiles.read_areas(file), valid_from=date(2023, 7, 1), source="test")
    assert (done.added, done.without_organisation) == (11, [])
    with database.transaction(write=False) as session:
        rows = select(Area.name, Area.code, Organisation.code).join(
            Organisation, Organisation.id == Area.organisation_id
        )
        found = {name: codes for name, *codes in session.execute(rows.where(Area.kind == services.DISTRICT))}
    assert len(found) == 11
    assert found["Nordvästra området"] == ["sdn-jarva", "sdn-jarva"]
    assert found["Farsta"] == ["03", "sdn-farsta"]
