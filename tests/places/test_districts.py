"""Areas through the years: what took over, and places under the name of the time (domain.md 13, scenario 8)."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access, geo
from core.people import services as people
from core.places import services
from core.places.models import POLICE, Area
from tests.walks.scene import square

HOUSE = access.system("test")
OLD, NEW = date(2020, 7, 1), date(2023, 7, 1)


class Feature:
    def __init__(self, name, code, shape):
        self.name, self.code, self.geometry, self.properties = name, code, geo.multipolygon(shape), {}


@pytest.fixture
def merged(database):
    """Rinkeby-Kista and Spånga-Tensta beside each other until the summer of 2023; Järva has both since. Two places."""
    places = {}
    with database.transaction():
        before = [
            Feature("Rinkeby-Kista", "rinkeby-kista", square(0, 0, 1000)),
            Feature("Spånga-Tensta", "spanga-tensta", square(1000, 0, 1000)),
        ]
        services.import_areas(HOUSE, before, valid_from=OLD, source="Stadens karta 2020")
        jarva = square(0, 0, 1000).union(square(1000, 0, 1000))
        services.import_areas(HOUSE, [Feature("Järva", "jarva", jarva)], valid_from=NEW, source="Stadens karta 2023")
        for name, east in (("Rinkebytorget", 400), ("Tensta centrum", 1400)):
            shape = geo.to_geojson(square(east, 400, 100), decimals=9)
            facts = {"name": name, "kind": "torg", "public_access": "allman_plats"}
            places[name] = services.add_place(HOUSE, uid=uuid4(), geometry=shape, **facts).uid
    return places


def test_rinkeby_kista_is_shown_as_it_was_and_as_it_is(merged, client, actors):
    headers = actors.token(actors("slk_handlaggare", "slk"))

    def boards(**asked):
        items = client.get("/api/v1/places", query_string=asked, headers=headers).get_json()["items"]
        return {item["name"]: item["district"] for item in items}

    then = {"Rinkebytorget": "Rinkeby-Kista stadsdelsnämnd", "Tensta centrum": "Spånga-Tensta stadsdelsnämnd"}
    now = dict.fromkeys(then, "Järva stadsdelsnämnd")
    assert boards(day="2022-05-01") == boards(day="2022-05-01", district="sdn-jarva") == then
    assert boards(day="2027-05-01") == boards() == boards(district="sdn-jarva") == now
    assert set(boards(day="2022-05-01", district="sdn-rinkeby-kista")) == {"Rinkebytorget"}
    assert boards(district="sdn-rinkeby-kista") == {}, "it has none today"
    areas = client.get(f"/api/v1/places/{merged['Rinkebytorget']}", headers=headers).get_json()["areas"]
    dated = {(area["name"], area["valid_to"]) for area in areas if area["kind"] == services.DISTRICT}
    assert dated == {("Järva", None), ("Rinkeby-Kista", "2023-06-30")}


def test_between_a_merger_and_new_areas_a_place_is_whoever_s_carried_on_that_day(merged, client, actors, database):
    with database.transaction(write=False):
        jarva, heir = (people.organisation(code) for code in ("sdn-jarva", "sdn-bromma"))
    with database.transaction():
        known = {"valid_to": date(2027, 6, 30), "successor": heir.code}
        people.change_organisation(HOUSE, jarva.uid, version=jarva.version, **known)
    client.login(actors("slk_handlaggare", "slk"))
    for day, board, name in (
        ("2022-05-01", "sdn-rinkeby-kista", "Rinkeby-Kista"),
        ("2027-06-30", "sdn-jarva", "Järva"),
        ("2027-07-01", "sdn-bromma", "Bromma"),
    ):
        page = client.get(f"/platser?dag={day}&namnd={board}").text
        assert f'data-label="Stadsdelsnämnd">{name} stadsdelsnämnd' in page, day
        assert f'value="{day}"' in page, "one sees as of which day the list is"


def test_the_page_of_areas_says_what_took_over(merged, client, actors, database):
    client.login(actors("sdn_samordnare", "sdn-jarva"))
    page = client.get("/omraden").text
    for shown in ("Rinkeby-Kista", "Järva stadsdelsnämnd", "2023-06-30", "Stadens karta 2020"):
        assert shown in page
    assert "ungefärligt" not in page
    assert "ungefärligt" in client.get("/omraden?slag=polisomrade").text
    with database.transaction(write=False) as session:
        names = dict(session.execute(select(Area.id, Area.name)).all())
        heirs = session.execute(select(Area.name, Area.successor_id).where(Area.valid_to.is_not(None))).all()
    assert {name: names[heir] for name, heir in heirs} == {"Rinkeby-Kista": "Järva", "Spånga-Tensta": "Järva"}
    place = client.get(f"/platser/{merged['Rinkebytorget']}").text
    assert "Till och med 2023-06-30" in place
    assert "Rinkeby-Kista stadsdelsnämnd" in place
    assert "Lokalpolisområde Järva" in place, "the pair is sure, so the area is lent"


def test_the_police_s_own_areas_take_the_place_of_the_lent(merged, database):
    def police():
        with database.transaction(write=False) as session:
            rows = session.execute(select(Area.name, Area.approximate).where(Area.kind == POLICE))
            return {tuple(row) for row in rows}

    assert police() == {("Järva", True)}
    with database.transaction():
        own = [Feature("Järva", "jarva", square(0, 0, 900))]
        done = services.import_areas(HOUSE, own, kind=POLICE, valid_from=NEW, source="Polisen")
        assert done.without_organisation == []
    assert police() == {("Järva", False)}
    with database.transaction():
        jarva = [Feature("Järva", "jarva", square(0, 0, 2000))]
        services.import_areas(HOUSE, jarva, valid_from=NEW, source="Stadens karta igen")
    assert police() == {("Järva", False)}
