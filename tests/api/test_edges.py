"""What the API answers to rubbish, to strange addresses, and to those who have the answer already."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.app import create_app
from core.http import Api, openapi
from core.http.errors import PROBLEM
from core.people.models import Person
from core.testing.people import Actors, Client
from core.walks.models import Observation
from tests.walks.scene import at, phone, phone_of, scene

__all__ = ["phone", "phone_of", "scene"]

DEEP = 100_000
WALK = b'{"title": "Vandring", "planned_at": "2027-01-13T18:00:00Z", "organiser": "sdn-farsta", "purpose": %s}'


def is_problem(answer):
    """Whether an answer is of our one kind of error, in words (RFC 9457)."""
    told = json.loads(answer.data)
    said = answer.mimetype == PROBLEM and told["status"] == answer.status_code
    return said and bool(told["title"] and told["instance"])


@pytest.fixture
def leader(actors):
    return actors.token(actors("sdn_samordnare", "sdn-farsta"))


BODIES = {
    "nothing": (b"", 400),
    "blanks": (b" \n ", 400),
    "half an object": (b'{"title": "Va', 400),
    "a trailing comma": (b'{"title": "Vandring",}', 400),
    "single quotes": (b"{'title': 'Vandring'}", 400),
    "two values": (b"{} {}", 400),
    "a comment": (b"{} // klart", 400),
    "NaN": (WALK % b"NaN", 400),
    "infinity": (WALK % b"-Infinity", 400),
    "a number too large": (WALK % b"1e999", 400),
    "a leading zero": (WALK % b"01", 400),
    "UTF-16": ('{"title": "Vandring"}'.encode("utf-16"), 400),
    "Latin-1": ('{"title": "Väg"}'.encode("latin-1"), 400),
    "a byte order mark": (b"\xef\xbb\xbf{}", 400),
    "overlong UTF-8": (b'{"title": "\xc0\x80"}', 400),
    "half a character": (WALK % rb'"\ud800"', 400),
    "half a character as bytes": (WALK % b'"\xed\xa0\x80"', 400),
    "a control character": (WALK % b'"\x01"', 400),
    "lists without end": (b"[" * DEEP, 400),
    "deep lists": (b"[" * DEEP + b"]" * DEEP, 400),
    "deep objects": (b'{"purpose":' * DEEP + b"1" + b"}" * DEEP, 400),
    "lists 900 deep": (WALK % (b"[" * 900 + b"]" * 900), 400),
    "a list": (b"[]", 422),
    "a text": (b'"Vandring"', 422),
    "null": (b"null", 422),
    "true": (b"true", 422),
    "a huge whole number": (WALK % (b"9" * 400), 400),
    "a whole number of 64 bits": (WALK % b"18446744073709551616", 422),
    "NUL in a text": (WALK % rb'"a\u0000b"', 422),
    "NUL in a key": (rb'{"a\u0000b": 1}', 422),
    "a key twice, the last wrong": (WALK % b'"a", "purpose": 1', 422),
    "ten thousand unknown keys": (json.dumps({f"k{n}": n for n in range(10_000)}).encode(), 422),
    "an empty key": (b'{"": 1}', 422),
    "a list for a text": (WALK % b'["a"]', 422),
    "an object for a text": (WALK % b'{"a": {}}', 422),
    "more than fits": (WALK % (b'"' + b"a" * 2_100_000 + b'"'), 413),
}
"""In the manner of JSONTestSuite: what parsers disagree on."""


@pytest.mark.one_database
@pytest.mark.parametrize("name", BODIES)
def test_rubbish_is_refused_with_a_problem(client, leader, name):
    body, status = BODIES[name]
    answer = client.put(f"/api/v1/walks/{uuid4()}", data=body, content_type="application/json", headers=leader)
    assert (answer.status_code, is_problem(answer)) == (status, True), answer.text[:300]
    assert len(answer.data) < 40_000


@pytest.mark.one_database
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data", ""]
)
def test_what_is_not_json_is_not_read_as_json(client, leader, kind):
    """A form on another site can send JSON as text/plain; a program says what it sends."""
    answer = client.put(f"/api/v1/walks/{uuid4()}", data=WALK % b'""', content_type=kind, headers=leader)
    assert (answer.status_code, is_problem(answer)) == (415, True)


def test_a_deep_answer_to_a_kinds_question_is_refused_before_it_is_kept(client, phone, scene, database):
    """What a plugin asks is an open object: it may hold anything, but not so deep that it cannot be written again."""
    for levels, status in ((40, 422), (300, 400)):
        deep = f'"details": {{"hateful": {"[" * levels}{"]" * levels}}}'
        body = f'{{"walk": "{scene.walk}", "kind": "klotter:klotter", {deep}}}'
        known = {"data": body, "content_type": "application/json", "headers": phone.headers}
        answer = client.put(f"/api/v1/observations/{uuid4()}", **known)
        assert (answer.status_code, is_problem(answer)) == (status, True)
    with database.transaction(write=False) as session:
        assert session.scalars(select(Observation)).all() == []


# --- Addresses and methods ------------------------------------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("DELETE", "/api/v1/places", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "/api/v1/walks", {"GET", "HEAD", "OPTIONS"}),
        ("PATCH", "/api/v1/areas", {"GET", "HEAD", "OPTIONS"}),
        ("GET", "/api/v1/walks/{uid}/moves", {"POST", "OPTIONS"}),
        ("PUT", "/api/v1/photos/{uid}", {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH"}),
        ("TRACE", "/api/v1/observations/{uid}", {"GET", "HEAD", "OPTIONS", "PATCH", "PUT"}),
    ],
)
def test_another_method_is_a_405_that_names_the_right_ones(client, leader, method, address, allowed):
    answer = client.open(address.format(uid=uuid4()), method=method, headers=leader)
    assert (answer.status_code, is_problem(answer)) == (405, True)
    assert {name.strip() for name in answer.headers["Allow"].split(",")} == allowed


@pytest.mark.one_database
@pytest.mark.parametrize(
    "address",
    [
        "/api/",
        "/api/v1",
        "/api/v2/places",
        "/api/v1/places/",
        "/api/v1/places/1",
        "/api/v1/places/%00",
        "/api/v1/å",
        "/api/v1/../..",
    ],
)
def test_what_is_not_there_is_a_404_with_a_problem(client, leader, address):
    answer = client.get(address, headers=leader)
    assert (answer.status_code, is_problem(answer)) == (404, True)


@pytest.mark.one_database
def test_a_parameter_that_nobody_knows_is_told(client, leader):
    for asked in ("?sida=2", "?q=a&q=b", "?after=&sort=name", "?q=%00"):
        answer = client.get(f"/api/v1/places{asked}", headers=leader)
        assert (answer.status_code, is_problem(answer)) == (422, True), asked
    for asked in (
        "latitude=59,33&longitude=18",
        "latitude=&longitude=18",
        "latitude=NaN&longitude=18",
        "latitude=91&longitude=0",
    ):
        answer = client.get(f"/api/v1/areas?{asked}", headers=leader)
        assert [error["field"] for error in answer.get_json()["errors"]] == ["latitude"], asked
    assert client.get("/api/v1/areas?latitude=5.933e1&longitude=18", headers=leader).status_code == 200


def test_a_fault_of_ours_is_a_numbered_problem_and_undoes_everything(settings):
    """A route that raises after it has written."""
    api = Api("trasig", __name__)

    @api.route("/trasig", methods=["GET", "POST"], needs="core:health:read")
    def broken():
        from core import db

        db.session().add(Person(email="halv@tryggplats.example", name="Halv"))
        db.session().flush()
        raise ZeroDivisionError("hemlig detalj")

    app = create_app(settings)
    app._got_first_request = False
    app.extensions["rest"].register_blueprint(api, url_prefix=openapi.PREFIX)
    actors = Actors(app.database)
    client = Client(app, actors)
    answer = client.post("/api/v1/trasig", headers=actors.token(actors("falt")))
    assert (answer.status_code, is_problem(answer)) == (500, True)
    assert "hemlig" not in answer.text
    assert answer.get_json()["number"] in answer.get_json()["detail"]
    with app.database.transaction(write=False) as session:
        assert session.scalars(select(Person.email).where(Person.email.like("halv%"))).all() == []
    app.database.dispose()


# --- Conditional requests (J8) --------------------------------------------------------------------------------------


def test_who_has_the_answer_already_gets_304(client, phone, scene):
    """And a new answer as soon as anything in it is another, also without a new version of the row."""
    uid = uuid4()
    first = phone.log(uid, scene.walk, position=at(500, 500))
    addresses = [f"/api/v1/observations/{uid}", f"/api/v1/walks/{scene.walk}", f"/api/v1/places/{scene.place}"]
    tags = {}
    for address in addresses:
        read = client.get(address, headers=phone.headers)
        tags[address] = read.headers["ETag"]
        same = client.get(address, headers=phone.headers | {"If-None-Match": tags[address]})
        assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tags[address])
        several = phone.headers | {"If-None-Match": f'"1.0000", W/{tags[address]}'}
        assert client.head(address, headers=several).status_code == 304
        older = client.get(address, headers=phone.headers | {"If-None-Match": '"1"'})
        assert (older.status_code, older.data) == (200, read.data)
    assert first.headers["ETag"] == tags[addresses[0]], "what PUT answers is what GET answers"
    phone.log(uuid4(), scene.walk, kind="toalett")
    walk = client.get(addresses[1], headers=phone.headers | {"If-None-Match": tags[addresses[1]]})
    assert walk.status_code == 200
    assert len(walk.get_json()["observations"]) == 2
    assert walk.headers["ETag"] != tags[addresses[1]]


def test_a_change_takes_the_whole_tag_or_its_version(client, phone, scene):
    uid = uuid4()
    tag = phone.log(uid, scene.walk).headers["ETag"]
    for based, status in ((tag, 200), (tag, 412), ('"2"', 200), ("3", 200), ('"x.3"', 422), ("", 428)):
        headers = phone.headers | ({"If-Match": based} if based else {})
        answer = client.patch(f"/api/v1/observations/{uid}", json={"description": based}, headers=headers)
        assert answer.status_code == status, based


# --- The description ------------------------------------------------------------------------------------------------


ROWS = ("deadlines", "observations", "organisations", "persons", "places", "walks", "klotter/incidents")
"""What the API gives one by one."""


@pytest.mark.one_database
def test_the_description_says_what_each_operation_reads_and_needs(app):
    paths = openapi.document(app)["paths"]
    reads, changes = set(), set()
    for path, operations in paths.items():
        for method in openapi.METHODS & set(operations):
            operation = operations[method]
            assert operation["x-permission"].count(":") == 2
            assert operation["summary"], path
            assert operation["responses"]["4XX"]["content"].keys() == {PROBLEM}
            names = {parameter["name"] for parameter in operation.get("parameters", ()) if "name" in parameter}
            if "If-None-Match" in names:
                reads.add(f"{method} {path}")
                assert operation["responses"]["304"]["headers"]["ETag"]
            if "If-Match" in names:
                changes.add(f"{method} {path}")
    v1 = "/api/v1"
    things = [f"{v1}/{name}/{{uid}}" for name in ROWS]
    others = [
        f"{v1}/agreements/{{uid}}",
        f"{v1}/collaborations/{{uid}}",
        f"{v1}/areas.geojson",
        f"{v1}/contracts/{{uid}}",
        f"{v1}/activations/{{uid}}",
        f"{v1}/cycles/{{uid}}",
        f"{v1}/cycles/{{uid}}/drawings.geojson",
        f"{v1}/deviations/{{uid}}",
        f"{v1}/field/usual",
        f"{v1}/field/walks/{{uid}}",
        f"{v1}/imports/{{uid}}",
        f"{v1}/lifts/{{uid}}",
        f"{v1}/observations/unanswered.geojson",
        f"{v1}/orders/{{uid}}.geojson",
        f"{v1}/orders/{{uid}}",
        f"{v1}/penalties/{{uid}}",
        f"{v1}/plans/{{uid}}",
        f"{v1}/visits/{{uid}}",
        f"{v1}/weekly-reports/{{uid}}",
        f"{v1}/rounds/{{uid}}",
        f"{v1}/applications/{{uid}}",
        f"{v1}/applications/{{uid}}/parts/{{part}}",
        f"{v1}/application-asks/{{uid}}",
        f"{v1}/decisions/{{uid}}",
        f"{v1}/rounds/{{uid}}/order",
        *(f"{v1}/{name}/{{uid}}" for name in ("claims", "carry-overs", "reallocations")),
        f"{v1}/places/{{uid}}.geojson",
        f"{v1}/photos/{{uid}}/mask",
        f"{v1}/walks/{{uid}}.geojson",
    ]
    assert reads == {f"get {thing}" for thing in (*things, *others)}
    assert changes == {
        *(f"post {v1}/deadlines/{{uid}}/{act}" for act in ("date", "moves", "pause", "resume")),
        f"post {v1}/agreements/{{uid}}/moves",
        f"put {v1}/imports/{{uid}}/mapping",
        f"put {v1}/imports/{{uid}}/meanings",
        f"post {v1}/cycles/{{uid}}/moves",
        f"post {v1}/imports/{{uid}}/moves",
        f"post {v1}/lifts/{{uid}}/moves",
        f"post {v1}/weekly-reports/{{uid}}/moves",
        f"post {v1}/inbox/{{uid}}",
        f"put {v1}/observations/{{uid}}/orders/{{order}}",
        f"post {v1}/orders/{{uid}}/moves",
        f"post {v1}/penalties/{{uid}}/moves",
        f"post {v1}/deviations/{{uid}}/moves",
        f"patch {v1}/plans/{{uid}}",
        f"patch {v1}/applications/{{uid}}/parts/{{part}}",
        f"post {v1}/applications/{{uid}}/moves",
        f"post {v1}/application-asks/{{uid}}/answer",
        f"post {v1}/decisions/{{uid}}/moves",
        *(f"post {v1}/{name}/{{uid}}/moves" for name in ("claims", "carry-overs", "reallocations")),
        f"patch {v1}/claims/{{uid}}",
        f"post {v1}/plans/{{uid}}/end",
        f"post {v1}/visits/{{uid}}/result",
        f"post {v1}/observations/{{uid}}/moves",
        f"post {v1}/walks/{{uid}}/moves",
        f"patch {v1}/observations/{{uid}}",
        f"patch {v1}/organisations/{{uid}}",
        f"patch {v1}/persons/{{uid}}",
        f"patch {v1}/places/{{uid}}",
        f"patch {v1}/walks/{{uid}}",
        f"post {v1}/places/{{uid}}/moves",
        f"patch {v1}/klotter/incidents/{{uid}}",
        f"put {v1}/photos/{{uid}}/mask",
        f"post {v1}/photos/{{uid}}/mask/release",
        f"post {v1}/photos/{{uid}}/mask/return",
    }
    piece = paths[f"{v1}/photos/{{uid}}"]["patch"]
    assert set(piece["requestBody"]["content"]) == {"application/offset+octet-stream"}
    assert {"Upload-Offset", "Upload-Length", "Repr-Digest"} <= {each["name"] for each in piece["parameters"]}
    assert piece["responses"]["204"]["headers"]["Upload-Offset"]
    assert "head" in paths[f"{v1}/photos/{{uid}}"]


MADE_OTHERWISE = ("00000000-0000-0000-0000-000000000000", "0ab49f37-69f7-2cb2-b702-d0e7ef257ac8")
"""No uid at all, and one of a version that tells who made it."""


@pytest.mark.one_database
@pytest.mark.parametrize("uid", MADE_OTHERWISE)
def test_a_uid_is_of_version_4_or_7(phone, scene, uid):
    refused = phone.log(uid, scene.walk)
    assert (refused.status_code, [fault["field"] for fault in refused.json["errors"]]) == (422, ["uid"])
    assert phone.piece(uid, b"x").status_code == 422
    assert phone.read(uid).status_code == 404
