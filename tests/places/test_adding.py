"""Adding a place: under one's own uid, once, with a shape that is sound, in one's own district."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core import access, clock, geo
from core.db import Conflict
from core.journal import JournalDetail, JournalLine
from core.places import services
from core.places.models import Place, PlaceControl
from tests.walks.scene import EAST, NORTH, square

HERE = square(100, 100, 50)


@pytest.fixture
def put(client, actors, scene):
    """Add a place through the API, as an officer of Farsta."""
    headers = actors.token(actors("sdn_handlaggare", "sdn-farsta"))

    def send(uid=None, geometry=HERE, headers=headers, **more):
        body = {
            "name": "Parkleken",
            "kind": "parklek",
            "geometry": geometry if isinstance(geometry, dict) else geo.to_geojson(geometry, decimals=9),
            "public_access": "allman_plats",
            **more,
        }
        return client.put(f"/api/v1/places/{uid or uuid4()}", json=body, headers=headers)

    return send


def count(database, model=Place):
    with database.transaction(write=False) as session:
        return session.scalars(select(func.count()).select_from(model)).one()


def test_a_place_gets_a_number_and_finds_its_board(put, database, client, actors):
    uid = uuid4()
    controls = [
        {"role": "renhallning", "organisation": "trafik", "source": "Avtal 2027"},
        {"role": "driftansvar_park", "organisation": "sdn-farsta"},
    ]
    made = put(uid, controls=controls, description="Gungor och en plaskdamm.\nÖppen jämt.")
    assert made.status_code == 201, made.text
    told = made.get_json()
    assert told["number"] == "PL-00002"  # the scene has the first
    assert told["district"] == {"code": "sdn-farsta", "name": "Farsta stadsdelsnämnd"}
    held = [(control["role"], control["organisation"]["code"], control["valid_from"]) for control in told["controls"]]
    today = clock.today().isoformat()
    assert held == [("renhallning", "trafik", today), ("driftansvar_park", "sdn-farsta", today)]
    assert (told["geometry"]["type"], told["version"]) == ("MultiPolygon", 1)
    with database.transaction(write=False) as session:
        kept = session.scalars(select(Place).where(Place.uid == uid)).one()
        assert kept.geom.symmetric_difference(HERE).area < HERE.area / 10_000
        line = select(JournalDetail.detail).join(JournalLine, JournalLine.seq == JournalDetail.seq)
        line = line.where(JournalLine.subject_uid == uid, JournalLine.action == "place:add")
        assert session.scalars(line).one() == {"number": "PL-00002", "name": "Parkleken", "kind": "parklek"}
    assert client.get(f"/api/v1/places/{uid}", headers=actors.token(actors("falt"))).get_json() == told
    client.login(actors("falt", "sdn-farsta"))
    page = client.get(f"/platser/{uid}").text
    for word in ("PL-00002", "Parklek", "Farsta stadsdelsnämnd", "Renhållning", "Trafiknämnden", "Allmän plats"):
        assert word in page


def test_the_same_again_is_the_first_and_other_content_is_not(put, database, actors):
    uid = uuid4()
    first = put(uid)
    again = put(uid)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_json() == first.get_json()
    for other in ({"name": "En annan"}, {"geometry": square(200, 100, 50)}, {"controls": [
        {"role": "vinter", "organisation": "trafik"}]}):  # fmt: skip
        refused = put(uid, **other)
        assert refused.status_code == 409
        assert "Parkleken" not in refused.text, "nothing is told of what is there"
    stranger = actors.token(actors("sdn_handlaggare", "sdn-skarpnack"))
    assert put(uid, headers=stranger).status_code == 409
    assert count(database) == 2
    assert put(confirm_overlap=True).get_json()["number"] == "PL-00003", "a refusal takes no number"


def test_a_place_is_added_by_the_board_it_lies_in(put, database, actors):
    """In another district, or outside all, it would be a place that its maker could not even see: it is told whose."""
    for shape, told in ((square(1100, 100, 50), "Skarpnäcks stadsdelsnämnd"), (square(100, 1100, 50), "utanför")):
        refused = put(geometry=shape)
        assert refused.status_code == 422
        [error] = refused.get_json()["errors"]
        assert error["field"] == "geometry"
        assert told in error["message"]
        assert "Du får lägga upp och ändra platser i Farsta" in error["message"]
    neighbour = actors.token(actors("sdn_samordnare", "sdn-skarpnack"))
    assert put(geometry=square(1100, 100, 50), headers=neighbour).status_code == 201
    denied = put(headers=actors.token(actors("polis", "polis-farsta")))
    assert (denied.status_code, denied.get_json()["permission"]) == (403, "places:place:edit")
    assert count(database) == 2


def ring(*points):
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


def degrees(shape):
    return geo.to_geojson(shape)["coordinates"][0]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("geometry", "sentence"),
    [
        (ring((59.3, 18.0), (59.3, 18.1), (59.4, 18.1)), "Nord och öst verkar ha bytt plats."),
        (ring((59.3, 18.0), (59.3, 18.1), (59.4, 18.1)), "GeoJSON skriver longitud först"),
        (ring((EAST, NORTH), (EAST + 9, NORTH), (EAST, NORTH + 9)), "Talen ser ut som SWEREF 99 TM."),
        (ring((150_000, 6_580_000), (150_009, 6_580_000), (150_000, 6_580_009)), "Talen ser ut som SWEREF 99 18 00."),
        (ring((11.97, 57.7), (11.98, 57.7), (11.98, 57.71)), "Platsen ligger utanför stadens områden."),
        (ring((18.1, 59.2), (18.1, 59.9), (18.2, 59.9)), "En plats är mellan 10 m² och 5 km²."),
        (ring((18.09, 59.24), (18.1, 59.25), (18.1, 59.24), (18.09, 59.25)), "Formen korsar sig själv."),
        ({"type": "Polygon", "coordinates": [[[18.09, 59.24], [18.1, 59.24], [18.1, 59.25]]]}, "inte sluten"),
        ({"type": "Polygon", "coordinates": []}, "Geometrin är tom."),
        ({"type": "Polygon", "coordinates": [[["18", "59"]]]}, "En punkt ska vara två tal"),
        ({"type": "Point", "coordinates": [18.09, 59.24]}, "Polygon, MultiPolygon"),
        ({"type": "Polygon", "coordinates": [], "crs": {}}, "inget mer"),
        (geo.to_geojson(square(100, 100, 3), decimals=9), "En plats är mellan 10 m² och 5 km². Den här är 9 m²."),
        (geo.to_geojson(square(100, 100, 2400)), "Den här är 57"),
    ],
)
def test_a_shape_that_is_no_place_is_refused_with_what_it_probably_is(put, database, geometry, sentence):
    refused = put(geometry=geometry)
    assert refused.status_code == 422
    assert sentence in " ".join(error["message"] for error in refused.get_json()["errors"])
    assert {error["field"] for error in refused.get_json()["errors"]} == {"geometry"}
    assert count(database) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a" * 201}, "name"),
        ({"name": "rad\nrad"}, "name"),
        ({"kind": "slott"}, "kind"),
        ({"public_access": "stangt"}, "public_access"),
        ({"controls": [{"role": "kung", "organisation": "trafik"}]}, "controls.0.role"),
        ({"controls": [{"role": "vinter", "organisation": "atlantis"}]}, "controls"),
        ({"number": "PL-00001"}, "number"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(put, database, fault, field):
    refused = put(**fault)
    assert refused.status_code == 422
    assert field in {error["field"] for error in refused.get_json()["errors"]}
    assert (count(database), count(database, PlaceControl)) == (1, 2)


def test_the_number_goes_on_after_a_rollback(database, scene):
    """Numbers come from a counter in the same transaction: an undone one is given again, none twice."""
    known = {"name": "Torget", "kind": "torg", "public_access": "allman_plats"}
    shape = geo.to_geojson(HERE, decimals=9)
    with pytest.raises(Conflict), database.transaction():
        services.add_place(access.system("test"), uid=uuid4(), geometry=shape, **known)
        raise Conflict("test", uuid4())
    with database.transaction():
        assert services.add_place(access.system("test"), uid=uuid4(), geometry=shape, **known).number == "PL-00002"
