"""What every answer has, whatever was asked: security headers, form tokens, no way out to other sites."""

import itertools
import re
from contextlib import closing
from io import BytesIO
from urllib.parse import urlencode
from uuid import uuid4

import flask
import pytest
from pysqlite3.dbapi2 import OperationalError
from sqlalchemy import make_url, text

from core import access, db
from core.hookspecs import Permission, Routes
from core.http.forms import form_stands_at
from core.kit import Api, Pages
from core.people import services as people
from tests.contract.city import OURS
from tests.contract.requests import READS_AND_WRITES, REQUESTS

pytestmark = pytest.mark.one_database

HTTPS = "https://tryggplats.example"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}


@pytest.fixture
def faulty(make_plugin):
    """A plugin whose page breaks."""
    pages = Pages("bra", __name__)
    pages.add_url_rule("/", "boom", lambda: 1 / 0, needs="bra:sida:se")
    everyone = Permission("bra:sida:se", "Se sidan", city=("*",))
    return make_plugin(routes=lambda: Routes(pages=(pages,)), permissions=lambda: [everyone])


def test_every_kind_of_answer_carries_the_security_headers(start, city, faulty):
    house = start(faulty, base_url=HTTPS)
    client, anyone = house.client(house.actors("sdn_samordnare", OURS)), house.client()
    answers = {
        "page": (200, client.get("/platser")),
        "form": (200, anyone.get("/logga-in")),
        "file": (200, client.get(next(r for r in REQUESTS if r.rule.startswith("/static")).address(""), buffered=True)),
        "picture": (200, client.get(f"/bilder/{city.ours.photo}/stor", buffered=True)),
        "health": (200, anyone.get("/healthz")),
        "openapi": (200, anyone.get("/api/openapi.json")),
        "head": (200, client.head("/platser")),
        "options": (200, client.options("/platser")),
        "to login": (303, anyone.get("/platser")),
        "bad request": (400, client.post("/utseende")),
        "not signed in": (401, anyone.get("/api/v1/places")),
        "denied": (403, house.client(house.actors("chef")).get("/platser")),
        "missing page": (404, client.get("/finns-inte")),
        "missing in the API": (404, client.get("/api/v1/finns-inte")),
        "wrong method": (405, client.open("/platser", method="TRACE")),
        "too large": (413, anyone.post("/logga-in", data={"x": "a" * 2_100_000})),
        "refused form": (422, _posted(client, "/utseende", look="rosa", referer=HTTPS)),
        "refused query": (422, client.get("/api/v1/areas?latitude=1e3")),
        "fault": (500, client.get("/bra/")),
    }
    for what, (status, answer) in answers.items():
        assert answer.status_code == status, what
        for name, value in HEADERS.items():
            assert answer.headers.get(name) == value, f"{what}: {name}"
        assert answer.headers["Strict-Transport-Security"] == "max-age=63072000", what
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, what
        assert "default-src 'none'" in policy or ("default-src 'self'" in policy and "frame-ancestors 'none'" in policy)
        public = "public" in answer.headers["Cache-Control"]
        assert public == (what == "file"), f"{what}: {answer.headers['Cache-Control']}"
        assert "Server" not in answer.headers


def test_without_https_nothing_promises_it(start):
    assert "Strict-Transport-Security" not in start().client().get("/logga-in").headers


UNSAFE = [request for request in REQUESTS if request.is_page and request.method != "GET"]


class TestFormToken:
    """Nobody else's page can send our forms (CSRF)."""

    @pytest.mark.parametrize("each", [1, pytest.param(4, marks=pytest.mark.long)])
    def test_every_page_that_changes_something_asks_for_it(self, start, city, each):
        """Every page is sent a wrong one, in turn one of four kinds; in the long run each of them."""
        house = start()
        actor, other = house.busy(OURS), house.actors("sdn_samordnare", OURS)
        client = house.client(actor)
        foreign = _token(house.client(other))
        assert len(UNSAFE) > 7
        wrong = itertools.cycle((None, "", "nonsense", foreign))
        for request in UNSAFE:
            uid = getattr(city.ours, request.thing or "place")
            for token in itertools.islice(wrong, each):
                body = request.body(city.ours)
                if token is not None:
                    body["data"]["csrf_token"] = token
                answer = client.open(request.address(uid), method=request.method, **body)
                assert answer.status_code == 400, f"{request} with {token}"
        assert client.get("/platser").status_code == 200  # still logged in

    def test_the_api_asks_for_it_in_a_header_when_it_is_called_with_the_cookie(self, start, city):
        house = start()
        actor = house.actors("sdn_samordnare", OURS)
        client = house.client(actor)
        body = {"walk": str(city.ours.walk), "kind": "belysning"}
        address = f"/api/v1/observations/{uuid4()}"
        assert client.put(address, json=body).status_code == 400
        assert client.put(address, json=body, headers={"X-CSRF-Token": "nonsense"}).status_code == 400
        assert client.get(address).status_code == 404
        token = {"X-CSRF-Token": _token(client)}
        assert client.put(address, json=body, headers=token).status_code == 201
        bearer = house.bearer(actor)
        assert house.client().put(f"/api/v1/observations/{uuid4()}", json=body, headers=bearer).status_code == 201

    def test_a_cookie_beside_a_wrong_key_gives_nothing(self, start, city):
        """A request that calls itself one of the API's is not saved from the form token by the cookie."""
        house = start()
        client = house.client(house.actors("sdn_samordnare", OURS))
        address, wrong = f"/api/v1/observations/{city.ours.observation}/moves", {"Authorization": "Bearer fel"}
        assert client.post(address, json={"move": "granska"}, headers=wrong).status_code == 401


class Slow(BytesIO):
    """A body that comes slowly: at each mouthful somebody else asks whether she can write meanwhile."""

    def __init__(self, body, can_write):
        super().__init__(body)
        self.can_write, self.asked = can_write, []

    def readinto(self, buffer):
        self.asked.append(self.can_write())
        return super().readinto(buffer)

    def read(self, *size):
        self.asked.append(self.can_write())
        return super().read(*size)


FORM = b"a=b"
PARTS = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
BODIES = {"application/x-www-form-urlencoded": FORM, "multipart/form-data; boundary=x": PARTS, "text/plain": FORM}


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("kind", BODIES)
def test_a_body_is_received_before_the_transaction_begins_whoever_sends_it(start, make_plugin, kind):
    """With a key nobody asks for the form token, so nobody else has read the form."""
    api = Api("bra-api", __name__)

    def write_first():
        db.next_number("PROV")
        return dict(flask.request.form) | {"alone": not can_write()}

    api.add_url_rule("/", "resurs", write_first, methods=["POST"], needs="bra:sak:gor")
    right = Permission("bra:sak:gor", "Göra", own=("sdn_samordnare",))
    house = start(make_plugin(routes=lambda: Routes(api=(api,)), permissions=lambda: [right]))
    bearer = house.bearer(house.actors("sdn_samordnare", OURS))

    def can_write():
        """Whether nobody holds the one lock for writing."""
        with closing(house.database.engine.raw_connection()) as other:
            other.execute("PRAGMA query_only = OFF")
            other.execute("PRAGMA busy_timeout = 0")
            try:
                other.execute("BEGIN IMMEDIATE")
            except OperationalError:
                return False
            other.execute("ROLLBACK")
            return True

    slow = Slow(BODIES[kind], can_write)
    sent = {"input_stream": slow, "content_type": kind, "content_length": len(BODIES[kind]), "headers": bearer}
    answer = house.client().post("/api/v1/bra/", **sent)
    assert (answer.status_code, answer.json["alone"]) == (200, True)
    assert slow.asked
    assert all(slow.asked), "the transaction had begun while the body came"


def test_what_the_database_refuses_is_answered_and_logged(start, make_plugin, caplog):
    """It looks like a lost race, and may be a fault of ours: then the log must have it, but not what was written."""
    pages = Pages("bra", __name__)

    written = "PROV"

    def clash():
        db.session().execute(text("INSERT INTO counter VALUES (:said, 1), (:said, 2)"), {"said": written})

    pages.add_url_rule("/", "clash", clash, needs="bra:sida:se", methods=["POST"])
    everyone = Permission("bra:sida:se", "Se sidan", city=("*",))
    house = start(make_plugin(routes=lambda: Routes(pages=(pages,)), permissions=lambda: [everyone]))
    answer = _posted(house.client(), "/bra/")
    assert answer.status_code == 409
    assert "Någon annan hann före" in answer.text
    [said] = [record for record in caplog.records if record.name == "core.http.errors"]
    assert "POST /bra/" in said.getMessage()
    assert "in clash" in said.getMessage()
    assert "PROV" not in caplog.text


def test_without_its_database_the_service_lives_and_says_what_is_missing(start, settings, tmp_path):
    nowhere = make_url(settings.database_url).set(database=str(tmp_path / "finns" / "inte.db"))
    client = start(database_url=nowhere.render_as_string(hide_password=False)).client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    missing = {"database": False, "worker": False, "plugins": False, "released": False}
    assert answer.json == {"status": "degraded", "checks": missing | {"disk": True}}
    assert client.get("/healthz").status_code == 200
    file = next(request for request in REQUESTS if request.rule.startswith("/static"))
    assert client.get(file.address(""), buffered=True).status_code == 200


def test_the_api_s_description_is_open_outside_production_only(start):
    """Also when a demo has run in the same process."""
    addresses = ("/api/docs", "/api/openapi.json")
    demo = start().client()
    assert [demo.get(address).status_code for address in addresses] == [200, 200]
    house = start(env="production", plugins=("klotter",))
    for role, status in (("chef", 403), ("sysadmin", 200)):
        client = house.client(house.actors(role))
        assert [client.get(address).status_code for address in addresses] == [status, status]
    assert house.client().get("/api/docs").status_code == 401


ELSEWHERE = (
    "https://elak.example/",
    "//elak.example/",
    "///elak.example",
    "/\\elak.example",
    "\\\\elak.example",
    "http:elak.example",
    "javascript:alert(1)",
    "/\t/elak.example",
    " //elak.example",
    "/platser\r\nSet-Cookie: a=b",
    "elak.example",
    "/%5celak.example\\@elak.example",
)


class TestTheWayOn:
    """`till` leads to our own pages only."""

    def test_nobody_is_sent_to_another_site(self, start, city):
        house = start()
        client = house.client(house.actors("sdn_samordnare", OURS))
        for till in ELSEWHERE:
            assert till not in client.get("/logga-in", query_string={"till": till}).text, till
            answers = (
                _posted(client, "/utseende", look="dark", locale="sv", till=till),
                client.submit(f"/klotter/{city.ours.graffiti}?{urlencode({'till': till})}", {"surface": "betong"}),
            )
            for answer in answers:
                home = ("/", f"/iakttagelser/{city.ours.graffiti}")
                assert answer.status_code == 422 or answer.headers["Location"] in home, till

    def test_not_by_logging_in_either(self, start):
        house = start()
        email, password = "ny@tryggplats.example", "ett langt losenord"
        with house.database.transaction():
            people.add_person(access.system("test"), email=email, name="Ny", password=password)
        for till in ELSEWHERE:
            answer = _posted(house.client(), "/logga-in", email=email, password=password, till=till)
            assert answer.status_code == 422 or answer.headers["Location"] == "/", till

    def test_an_error_page_leads_back_to_where_one_came_from_on_our_own_pages(self, start):
        client = start().client()
        ours = client.application.settings.base_url
        for referer, there in (
            (f"{ours}/skotsel?ansvarig=1", 'href="/skotsel?ansvarig=1"'),
            ("https://ond.example/skotsel", None),
            ("https://ond.example//127.0.0.1/skotsel", None),
        ):
            answer = client.get("/bilder/finns-inte", headers={"Referer": referer})
            assert answer.status_code == 404
            assert ("Tillbaka" in answer.text) == (there is not None)
            assert there is None or there in answer.text
            assert "ond.example" not in answer.text

    def test_our_own_pages_are_reached(self, start, city):
        house = start()
        client = house.client(house.actors("sdn_samordnare", OURS))
        answer = _posted(client, "/utseende", look="dark", locale="sv", till="/skotsel?ansvarig=1#x")
        assert answer.headers["Location"] == "/skotsel?ansvarig=1#x"


@pytest.mark.parametrize("host", ["elak.example", "127.0.0.1.elak.example", "elak.example:80", "a@b"])
def test_a_request_for_another_host_is_refused(start, host):
    client = start().client()
    for address in ("/logga-in", "/healthz", "/api/v1/places", "/finns-inte"):
        for method in ("GET", "POST"):
            answer = client.open(address, method=method, headers={"Host": host})
            assert answer.status_code == 400, (method, address)
            assert "elak" not in answer.text
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


class TestMethods:
    """HEAD, OPTIONS and TRACE, on every route."""

    @pytest.mark.parametrize("asked", ["one of a room", pytest.param("every", marks=pytest.mark.long)])
    def test_head_is_get_without_its_body(self, start, city, asked):
        """On a route of each room, of its pages and of its API; in the long run on every one."""
        house = start()
        client = house.client(house.busy(OURS))
        reading = [request for request in REQUESTS if request.method == "GET" and request.thing != "mine"]
        rooms = {tuple(request.rule.split("/")[: 2 if request.is_page else 4]): request for request in reading}
        for request in rooms.values() if asked != "every" else reading:
            address = request.address(getattr(city.ours, request.thing or "place"))
            got = client.get(address, query_string=request.query, buffered=True)
            head = client.head(address, query_string=request.query, buffered=True)
            assert head.data == b"", address
            assert (head.status_code, head.mimetype) == (got.status_code, got.mimetype), address
            assert head.status_code in ({200} if 200 in request.okay else request.okay), address

    def test_options_names_the_methods_to_those_who_may(self, start, city):
        house = start()
        client, anyone = house.client(house.busy(OURS)), house.client()
        for request in REQUESTS:
            address = request.address(getattr(city.ours, request.thing or "place", city.ours.observation))
            answer = client.options(address)
            assert answer.status_code == 200, address
            assert answer.data == b""
            assert request.method in answer.headers["Allow"].split(", "), address
        assert anyone.options("/api/v1/places").status_code == 401

    def test_where_only_a_form_is_sent_leads_to_the_page_that_it_stands_on(self, start):
        """A page that answered what was sent is opened anew, or come back to in another language."""
        house = start()
        client, uid = house.client(house.busy(OURS)), uuid4()
        for address, page in {
            "/skotsel/flera/spara": "/skotsel/flera",
            f"/skotsel/frister/{uid}/flytta": f"/skotsel/frister/{uid}",
            f"/lagesbilder/{uid}/steg/lamna_in": f"/lagesbilder/{uid}",
            f"/beslut/{uid}/steg/bekrafta": f"/beslut/{uid}",
            f"/sammantraden/{uid}/lofte/{uid}": f"/sammantraden/{uid}",
            f"/omgangar/{uid}/ordning/flytta": f"/omgangar/{uid}/ordning",
            f"/ansokningar/{uid}/kommentarer": f"/ansokningar/{uid}",
            f"/reserven/bokningar/{uid}/ratta": f"/reserven/bokningar/{uid}",
        }.items():
            answer = client.get(address)
            assert (answer.status_code, answer.location) == (303, page), address
        assert client.get(f"/ansokningar/{uid}/omgang").status_code == 404, "a page of its own, and it is not there"
        assert client.get(f"/api/v1/decisions/{uid}/moves").status_code == 405
        refused = _posted(client, "/skotsel/flera", vald=str(uid))
        assert 'href="/utseende?till=/skotsel/flera"' in refused.text

    def test_that_page_is_one_that_the_form_s_address_goes_on_from(self, start):
        """Of every form: /lagesbilder/x/steg looks like a part called "steg", and there is none."""
        app, found = start().app, []
        for request in UNSAFE:
            address = request.address(uuid4())
            with app.test_request_context(address):
                there = form_stands_at()
            if request.method == "POST" and there not in (None, "/"):
                rule = app.url_map.bind("").match(there, method="GET", return_rule=True)[0].rule
                names = re.compile(r"<[^<>]*>")
                assert names.sub("", request.rule).startswith(f"{names.sub('', rule)}/"), address
                found.append(there)
        assert len(found) > 100

    @pytest.mark.parametrize("method", ["TRACE", "DELETE", "CONNECT", "PROPFIND", "X" * 200])
    def test_any_other_method_is_refused_and_never_a_fault(self, start, city, method):
        house = start()
        client = house.client(house.actors("sdn_samordnare", OURS))
        for address in ("/platser", f"/api/v1/places/{city.ours.place}", "/logga-in", "/static/finns-inte"):
            answer = client.open(address, method=method)
            assert answer.status_code == 405, address
            assert set(answer.headers["Allow"].split(", ")) <= READS_AND_WRITES | {"HEAD", "OPTIONS"}


def _token(client):
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get("/utseende").text)
    return found[1]


def _posted(client, address, query=None, referer=None, **fields):
    headers = {"Referer": f"{referer}/"} if referer else {}
    body = {"csrf_token": _token(client), **fields}
    return client.post(address, data=body, query_string=query, headers=headers)
