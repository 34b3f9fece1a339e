"""Who answers for what: rows that are added and end, rules where there is none, and what a place is marked as."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from shapely import Point
from sqlalchemy import select

from core import access, clock, geo
from core.people.services import organisation
from core.places import services
from core.places.models import Place, PlaceControl, ResponsibilityRule
from tests.places.plans import uses_index
from tests.walks.scene import EAST, NORTH, square

HOUSE = access.system("test")


@pytest.fixture
def api(client, actors, scene):
    """Ask the API as the coordinator of Farsta."""
    headers = actors.token(actors("sdn_samordnare", "sdn-farsta"))

    def ask(method, address, **body):
        return client.open(f"/api/v1/{address}", method=method, json=body or None, headers=headers)

    return ask


def control(scene, **more):
    facts = {"role": "renhallning", "organisation": "svoa", "source": "Avtal 12", "valid_from": clock.today()}
    facts |= {"place": scene.place} | more
    return {name: str(value) if name in ("place", "valid_from") else value for name, value in facts.items()}


def rows(api, scene, kind="controls"):
    return api("GET", f"places/{scene.place}/history").get_json()[kind]


def test_who_takes_over_ends_who_was_there(api, scene):
    """A change is a new row; the old one ends the day before, and says why. Nothing is lost."""
    tomorrow = clock.today() + timedelta(days=1)
    uid = uuid4()
    for _ in "ab":  # the same again is the first
        added = api("PUT", f"controls/{uid}", **control(scene, valid_from=tomorrow))
        assert added.status_code == 201, added.text
    assert api("PUT", f"controls/{uid}", **control(scene, source="Något annat")).status_code == 409
    cleaning = [row for row in rows(api, scene) if row["role"] == "renhallning"]
    said = {row["organisation"]["code"]: (row["valid_to"], row["ended_why"]) for row in cleaning}
    assert said == {
        "svoa": (None, ""),
        "trafik": (clock.today().isoformat(), "Ersatt av Stockholm Vatten och Avfall"),
    }
    again = api("PUT", f"controls/{uuid4()}", **control(scene, valid_from=tomorrow))
    assert (again.status_code, again.get_json()["errors"][0]["field"]) == (422, "valid_from")


def test_a_part_stands_beside_the_whole_and_must_lie_on_the_place(api, scene):
    part = geo.to_geojson(square(450, 450, 20), decimals=9)
    assert api("PUT", f"controls/{uuid4()}", **control(scene, part=part)).status_code == 201
    open_rows = [row for row in rows(api, scene) if row["role"] == "renhallning" and row["valid_to"] is None]
    assert {row["organisation"]["code"] for row in open_rows} == {"trafik", "svoa"}
    away = geo.to_geojson(square(10, 10, 20), decimals=9)
    refused = api("PUT", f"controls/{uuid4()}", **control(scene, part=away))
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "part")


def test_a_row_ends_once_with_a_reason_and_never_before_it_began(api, scene, database):
    uid = rows(api, scene)[0]["uid"]
    today = clock.today()
    for body, field in (
        ({"valid_to": "2019-01-01", "reason": "Fel"}, "valid_to"),
        ({"valid_to": today.isoformat(), "reason": " "}, "reason"),
    ):
        refused = api("POST", f"controls/{uid}/end", **body)
        assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, field)
    yesterday = (today - timedelta(days=1)).isoformat()
    ended = api("POST", f"controls/{uid}/end", valid_to=yesterday, reason="Avtalet sades upp")
    assert (ended.status_code, ended.get_json()["ended_why"]) == (200, "Avtalet sades upp")
    assert api("POST", f"controls/{uid}/end", valid_to=yesterday, reason="Igen").status_code == 422
    with database.transaction(write=False) as session:
        assert len(session.scalars(select(PlaceControl)).all()) == 2, "nothing is deleted"


def test_a_label_has_a_source_and_ends_with_a_reason(api, scene, client, actors):
    known = {"place": str(scene.place), "kind": "prioriterad_plats", "valid_from": "2026-01-01", "source": "Beslut 7"}
    uid = uuid4()
    assert api("PUT", f"labels/{uid}", **known | {"source": ""}).status_code == 422
    assert api("PUT", f"labels/{uid}", **known).status_code == 201
    twice = api("PUT", f"labels/{uuid4()}", **known | {"valid_from": "2026-06-01"})
    assert (twice.status_code, twice.get_json()["errors"][0]["field"]) == (422, "kind")
    assert [row["kind"] for row in api("GET", f"places/{scene.place}").get_json()["labels"]] == ["prioriterad_plats"]
    client.login(actors("falt", "sdn-farsta"))
    page = client.get(f"/platser/{scene.place}").text
    assert "Prioriterad plats" in page
    assert "Beslut 7" in page
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    assert api("POST", f"labels/{uid}/end", valid_to=yesterday, reason="Inte längre").status_code == 200
    assert api("GET", f"places/{scene.place}").get_json()["labels"] == []
    assert [row["ended_why"] for row in rows(api, scene, "labels")] == ["Inte längre"]


def test_rules_answer_where_nobody_has_radighet(database, scene):
    """First rådighet at the spot, then the rule of the lowest number, then its fallback, then the board."""
    here, nowhere = Point(EAST + 500, NORTH + 500), Point(EAST + 900, NORTH + 900)
    with database.transaction() as session:
        place = session.scalars(select(Place).where(Place.uid == scene.place)).one()
        key = {code: organisation(code).id for code in ("trafik", "svoa", "sisab", "utbildning", "sdn-farsta")}
        assert services.owner_at(role="skolgard", point=nowhere).responsible == key["sdn-farsta"], "no rules yet"
        services.load_rules(HOUSE)
        light = {"role": "belysning_agare"}
        assert services.owner_at(**light, point=here, place_id=place.id).responsible == key["trafik"]
        owner = services.owner_at(**light, point=nowhere)
        assert (owner.responsible, owner.coordinator) == (key["trafik"], key["sdn-farsta"])
        assert services.owner_at(role="vinter", point=nowhere).responsible == key["sdn-farsta"], "no rule: the board"
        special = {"kind": "klotter:klotter", "control_role": "belysning_agare", "priority": 10, "source": "Prov"}
        session.add(ResponsibilityRule(**special, organisation_id=key["svoa"], fallback_id=None))
        session.flush()
        assert services.controller(None, "belysning_agare", nowhere, kind="klotter:klotter") == key["svoa"]
        assert services.controller(None, "belysning_agare", nowhere, kind="annat") == key["trafik"]
        assert services.controller(place.id, "belysning_agare", here, kind="klotter:klotter") == key["trafik"]
        assert services.controller(None, "skolgard", nowhere) == key["sisab"]
        organisation("sisab").valid_to = date(2026, 1, 1)
        session.flush()
        assert services.controller(None, "skolgard", nowhere, date(2026, 6, 1)) == key["utbildning"]
        assert services.load_rules(HOUSE) == 3
        assert services.controller(None, "belysning_agare", nowhere, kind="klotter:klotter") == key["trafik"]


def test_who_has_radighet_is_asked_by_the_index(database, scene, plan_of):
    with database.transaction(write=False) as session:
        place = session.scalars(select(Place.id)).one()
        query = services.control_query(place, "vinter", Point(EAST + 500, NORTH + 500), clock.today())
        assert uses_index(
            plan_of(session, query), "place_control", "ix_place_control_place_id", "idx_place_control_geom"
        )
