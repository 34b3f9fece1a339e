"""GeoReport v2, by the standard's own names: what can be reported, reports in, what became of them, errors."""

from datetime import UTC, date, datetime
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select, update

from core import clock
from core.places.models import Place
from core.walks import services
from core.walks.models import Observation, Report
from core.walks.services import open311
from tests.walks.scene import at

pytestmark = pytest.mark.other_database_long

ROOT = "/open311/v2"
SERVICE = {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
ATTRIBUTE = {"variable", "code", "datatype", "required", "datatype_description", "order", "description"}
REQUEST = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip
SENT = {"service_request_id", "service_notice", "account_id"}


class App:
    """Somebody's app with a key."""

    def __init__(self, client, key):
        self.client, self.key = client, key

    def get(self, path, **query):
        """Ask as JSON."""
        return self.client.get(f"{ROOT}/{path}.json", query_string=query)

    def send(self, form="json", key=None, **fields):
        """Send a report."""
        where = {"lat": at(500, 500)["latitude"], "long": at(500, 500)["longitude"]}
        known = {"api_key": self.key if key is None else key, "service_code": "belysning"} | where | fields
        told = {name: value for name, value in known.items() if value != ""}
        return self.client.post(f"{ROOT}/requests.{form}", data=told)


@pytest.fixture
def app311(scene, client, actors):
    """The app of a key that may send reports and read what came of them, and nothing else."""
    return App(
        client,
        actors.token(scene.leader, "walks:observation:log", "walks:request:read")["Authorization"].partition(" ")[2],
    )


@pytest.fixture
def stored(database):
    """The observation of an answer, with its report."""

    def read(answer):
        with database.transaction(write=False) as session:
            rows = select(Observation, Report).join(Report, Report.observation_id == Observation.id)
            return session.execute(rows.where(Observation.uid == _uid(answer))).one()

    return read


def _uid(answer):
    return UUID(answer.json[0]["service_request_id"])


def test_what_the_server_says_of_itself(client, scene):
    told = client.get("/open311/discovery.json").json
    assert told.keys() == {"changeset", "contact", "key_service", "endpoints"}
    (endpoint,) = told["endpoints"]
    assert endpoint.keys() == {"specification", "url", "changeset", "type", "formats"}
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    found = ET.fromstring(client.get("/open311/discovery.xml").data)
    assert [one.text for one in found.iterfind("endpoints/endpoint/formats/format")] == endpoint["formats"]


def test_what_can_be_reported_and_what_is_asked_about_it(app311):
    listed = app311.get("services").json
    assert {frozenset(one) for one in listed} == {frozenset(SERVICE)}
    by_code = {one["service_code"]: one for one in listed}
    assert (by_code["belysning"]["metadata"], by_code["belysning"]["type"]) == (False, "realtime")
    assert by_code["klotter:klotter"]["metadata"] is True
    told = app311.get("services/klotter:klotter").json
    assert told["service_code"] == "klotter:klotter"
    assert {frozenset(one) - {"values"} for one in told["attributes"]} == {frozenset(ATTRIBUTE)}
    assert {one["datatype"] for one in told["attributes"]} <= {
        "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist",
    }  # fmt: skip
    assert app311.get("services/belysning").json == {"service_code": "belysning", "attributes": []}
    found = ET.fromstring(app311.client.get(f"{ROOT}/services/klotter:klotter.xml").data)
    assert found.tag == "service_definition"
    assert found.find("attributes/attribute/values/value/key") is not None
    assert app311.get("services/hux").json == [
        {"code": 404, "description": app311.get("services/hux").json[0]["description"]}
    ]


def test_a_report_becomes_an_observation_where_it_is_and_keeps_nobody(app311, stored, scene):
    who = {"email": "nagon@example.com", "first_name": "Någon", "phone": "070-174 06 05", "device_id": "x"}
    answer = app311.send(description="Släckt lykta", address_string="Farsta torg 3", **who)
    assert answer.status_code == 201
    assert answer.json[0].keys() == SENT
    assert "sparas inte" in answer.json[0]["service_notice"]
    observation, report = stored(answer)
    assert (observation.kind, observation.description, observation.state) == ("belysning", "Släckt lykta", "ny")
    assert (observation.place.uid, report.source, report.address) == (scene.place, "open311", "Farsta torg 3")
    assert observation.reporter_id == scene.leader.id


def test_numbers_of_persons_in_its_texts_are_taken_out_and_the_app_is_told(app311, stored):
    answer = app311.send(description="Släckt, ring Anna 070-174 06 05", address_string="Hos 811218-9876")
    assert "bytta mot [borttaget]" in answer.json[0]["service_notice"]
    observation, report = stored(answer)
    assert (observation.description, report.address) == ("Släckt, ring Anna [borttaget]", "Hos [borttaget]")
    (told,) = app311.get(f"requests/{observation.uid}", api_key=app311.key).json
    assert "070" not in str(told["description"])


def test_when_it_is_to_be_done_is_told_at_that_days_own_time(app311, scene, database):
    """Seen in winter, to be done in summer: the end of the day in Stockholm is two hours from UTC."""
    uid = app311.send().json[0]["service_request_id"]
    with database.transaction() as session:
        seen = datetime(2026, 1, 15, 8, tzinfo=UTC)
        session.execute(update(Observation).values(done_on=date(2026, 7, 1), seen_at=seen))
    (told,) = app311.get(f"requests/{uid}", api_key=app311.key).json
    assert told["expected_datetime"] == "2026-07-01T23:59:59+02:00"


def test_its_kind_is_asked_about_under_the_standards_name(app311, stored):
    sent = app311.send(service_code="klotter:klotter", **{"attribute[hateful]": "ja"})
    assert sent.status_code == 201, sent.text
    assert stored(sent)[0].details["values"]["hateful"] is True
    refused = app311.send(service_code="klotter:klotter", **{"attribute[hux]": "1"})
    assert (refused.status_code, refused.json[0]["code"]) == (400, 400)
    assert refused.json[0]["description"].startswith("details.hux:")


def test_who_sent_it_sees_how_it_stands_and_nobody_else_does_until_it_is_public(app311, scene, database, client):
    uid = app311.send(description="Släckt lykta").json[0]["service_request_id"]
    assert app311.get("requests").json == []
    assert app311.get(f"requests/{uid}").status_code == 404
    (told,) = app311.get(f"requests/{uid}", api_key=app311.key).json
    assert told.keys() == REQUEST
    assert (told["status"], told["service_code"], told["description"]) == ("open", "belysning", "Släckt lykta")
    assert told["lat"] == pytest.approx(at(500, 500)["latitude"], abs=1e-5)
    assert told["requested_datetime"][-6:] in ("+01:00", "+02:00")
    with database.transaction() as session:
        session.execute(update(Observation).values(level=0))
        services.move_observation(scene.leader, UUID(uid), "granska")
    assert [one["service_request_id"] for one in app311.get("requests").json] == [uid]


@pytest.mark.parametrize(
    ("facts", "everybody", "own"),
    [
        ({}, True, True),
        ({"level": 1}, False, True),
        ({"level": 2}, False, False),
        ({"level": 3}, False, False),
        ({"state": "ny"}, False, True),
        ({"state": "avskriven"}, False, True),
        ({"kind": "skrap_dumpning"}, False, True),
        ({"state": "atgardad", "closed_there": True}, False, True),
    ],
)
def test_only_what_the_city_s_data_and_a_reviewer_have_let_out_is_told_to_everybody(
    app311, actors, scene, database, facts, everybody, own
):
    """Level 0, a kind in open311_kinds.csv (in the demo belysning), read by somebody: all three."""
    uid = app311.send(description="Släckt lykta").json[0]["service_request_id"]
    with database.transaction() as session:
        known = {"level": 0, "state": "granskad"} | facts
        if known.pop("closed_there", False):
            session.execute(update(Report).values(closed_at=clock.now()))
        session.execute(update(Observation).values(**known))
    other = actors.token(actors("sdn_samordnare", "sdn-farsta"), "walks:request:read")["Authorization"].partition(" ")[
        2
    ]
    for form in ("json", "xml"):
        for key, told in (({}, everybody), ({"api_key": other}, everybody), ({"api_key": app311.key}, own)):
            listed = app311.client.get(f"{ROOT}/requests.{form}", query_string=key)
            asked = app311.client.get(f"{ROOT}/requests.{form}", query_string=key | {"service_request_id": uid})
            one = app311.client.get(f"{ROOT}/requests/{uid}.{form}", query_string=key)
            assert [uid in answer.text for answer in (listed, asked)] == [told, told]
            assert one.status_code == (200 if told else 404)
            assert ("Släckt lykta" in one.text) is told


@pytest.mark.parametrize(
    ("kind", "where", "place_level", "level"),
    [
        ("belysning", {}, 1, 1),
        ("belysning", {}, 0, 0),
        ("belysning", {"lat": "", "long": "", "address_string": "Farsta torg"}, 1, 0),
        ("skrap_dumpning", {}, 0, 1),
    ],
)
def test_no_report_makes_itself_public_unless_the_citys_data_says_so(
    app311, stored, database, kind, where, place_level, level
):
    with database.transaction() as session:
        session.execute(update(Place).values(level=place_level))
    assert stored(app311.send(service_code=kind, **where))[0].level == level


def test_requests_are_asked_for_by_id_kind_day_and_status(app311, scene, database):
    first = app311.send().json[0]["service_request_id"]
    second = app311.send(service_code="skrap_dumpning").json[0]["service_request_id"]
    with database.transaction():
        services.move_observation(scene.leader, UUID(first), "avskriva", services.Answer(reason="Prov"))

    def ids(**query):
        return {one["service_request_id"] for one in app311.get("requests", api_key=app311.key, **query).json}

    assert ids() == {first, second}
    assert ids(service_request_id=f"{first},hux") == {first}
    assert ids(service_code="skrap_dumpning,vinter") == {second}
    assert ids(status="closed") == {first}
    assert ids(status="open") == {second}
    assert ids(status="open,closed") == {first, second}
    assert ids(end_date="2020-01-01T00:00:00Z") == set()
    assert ids(start_date="2020-01-01T00:00:00Z") == {first, second}
    assert ids(start_date="2199-01-01T00:00:00Z") == set()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"service_code": ""}, 400),
        ({"service_code": "hux"}, 400),
        ({"lat": "", "long": ""}, 400),
        ({"lat": "59"}, 400),
        ({"lat": "0", "long": "0"}, 400),
        ({"lat": "59.2", "long": "abc"}, 400),
        ({"description": "x" * 4001}, 400),
        ({"hux": "1"}, 400),
        ({"key": "tp_wrong"}, 403),
        ({"key": ""}, 403),
    ],
)
def test_what_is_wrong_is_told_as_the_standard_does(app311, database, fields, status):
    for form in ("json", "xml"):
        answer = app311.send(form, **fields)
        assert answer.status_code == status, answer.text
        if form == "json":
            assert all(one.keys() == {"code", "description"} and one["code"] == status for one in answer.json)
        else:
            found = ET.fromstring(answer.data)
            assert (found.tag, found[0].tag, found[0].find("code").text) == ("errors", "error", str(status))
    with database.transaction(write=False) as session:
        assert session.scalars(select(Report)).all() == []


def test_without_a_position_an_address_will_do(app311, stored):
    assert stored(app311.send(lat="", long="", address_string="Farsta torg 3"))[0].point is None


def test_a_report_as_xml(app311):
    found = ET.fromstring(app311.send("xml", description="<b>&").data)
    assert found.tag == "service_requests"
    assert {one.tag for one in found.find("request")} == SENT
    uid = found.find("request/service_request_id").text
    told = ET.fromstring(app311.client.get(f"{ROOT}/requests/{uid}.xml?api_key={app311.key}").data)
    assert {one.tag for one in told.find("request")} == REQUEST
    assert told.find("request/description").text == "<b>&"


def test_a_key_sends_no_more_than_so_many(app311, monkeypatch):
    monkeypatch.setattr(open311, "SENT_AT_MOST", 2)
    assert [app311.send().status_code for _ in range(3)] == [201, 201, 429]
    assert app311.send().json[0]["code"] == 429


def test_a_session_is_no_key(client, scene, app311):
    client.login(scene.leader)
    answer = app311.send(key="")
    assert answer.status_code == 400, "a form of ours has its token"


def test_a_key_that_may_not_log_sends_nothing(client, actors, scene):
    key = actors.token(scene.leader, "places:place:read")["Authorization"].partition(" ")[2]
    assert App(client, key).send().status_code == 403


def test_the_number_of_questions_does_not_grow_with_the_requests(app311, queries):
    asked = []
    for number in (1, 5):
        for _ in range(number):
            app311.send()
        with queries() as listed:
            app311.get("requests", api_key=app311.key)
        asked.append(len(listed))
    assert asked[0] == asked[1]
