"""Phones: logged in by a code on the computer and approved there, for field work, until somebody says otherwise."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from core import access
from core import clock as core_clock
from core.http.errors import PROBLEM
from core.people import services
from core.people.models import Device, DeviceCode, Person
from core.testing.people import Client
from core.testing.phones import Phone

from .conftest import HOUSE, PASSWORD

LIST, CONNECT, OWN = "/jag/enheter", "/jag/enheter/anslut", "/api/v1/devices/own"


@pytest.fixture
def desk(client, anna, actors, clock):
    """Anna's computer, where she has just logged in, and the clock has stopped."""
    clock.stop_at("2027-01-11T08:00")
    with client.application.database.transaction(write=False) as session:
        person = services.actor_of(session.scalars(select(Person).where(Person.email == anna)).one())
    client.login(person)
    return client


@pytest.fixture
def phone(app, actors):
    """A phone that nobody has logged in yet; it has no cookie of the computer's."""
    return Phone(Client(app, actors))


def new_code(desk):
    """Make a code for Anna, as if she had given her password: the address of its page, the long code, the short one."""
    with desk.application.database.transaction() as session:
        uid = services.open_code(session.scalars(select(Person).where(Person.name == "Samordnare")).one()).uid
        return f"{CONNECT}/{uid}", services.long_code(uid), services.short_code(uid)


def read_and_approve(desk, phone):
    address, code, _ = new_code(desk)
    claim = phone.claim(code).json
    desk.submit(f"{address}/godkann", page=address)
    phone.token = phone.get(f"/api/v1/devices/claims/{claim['uid']}").json["token"]
    return phone


def test_a_code_is_read_the_number_is_compared_and_the_phone_is_logged_in(desk, phone, app):
    address = desk.submit(CONNECT, {"password": PASSWORD}).location
    with app.database.transaction(write=False):
        code = services.long_code(address.rpartition("/")[2])
    claim = phone.claim(code, name="Telefonen i jackan")
    assert (claim.status_code, set(claim.json)) == (201, {"uid", "number", "ends_at"})
    assert re.fullmatch("[0-9]{4}", claim.json["number"])
    waiting = f"/api/v1/devices/claims/{claim.json['uid']}"
    assert phone.get(waiting).json == {"state": "claimed", "token": None}
    assert desk.get(f"{address}/lage").json == {"state": "claimed"}
    page = desk.get(address).text
    assert f"{claim.json['number'][:2]} {claim.json['number'][2:]}" in page
    assert "Telefonen i jackan" in page
    assert desk.submit(f"{address}/godkann", page=address).location == address
    assert "är inloggad i 14 dagar" in desk.get(address).text
    told = phone.get(waiting).json
    assert told["state"] == "approved"
    assert phone.get(waiting).json == told, "asked again, when the answer was lost, it is the same"
    phone.token = told["token"]
    known = phone.get(OWN).json
    assert (known["name"], known["organisation"]) == ("Telefonen i jackan", "Farsta stadsdelsnämnd")
    assert known["person"]["name"] == "Samordnare"
    assert {"walks:observation:log", "media:photo:add"} < set(known["permissions"])
    with app.database.transaction(write=False) as session:
        for table in ("device", "device_code", "journal_line", "journal_detail", "outbox"):
            for kept in session.execute(text(f"SELECT * FROM {table}")):
                assert not [secret for secret in (told["token"], code) if secret in str(kept)]


@pytest.mark.one_database
def test_the_short_code_may_be_written_as_people_do(desk, phone):
    *_, written = new_code(desk)
    misread = written.lower().replace("0", "o").replace("1", "l")
    assert phone.claim(short=f"{misread[:4]} {misread[4:]}").status_code == 201


@pytest.mark.one_database
def test_the_page_holds_the_code_for_the_camera_and_its_time(desk, settings):
    address, _, short = new_code(desk)
    page = desk.get(address).text
    assert 'src="data:image/svg+xml' in page
    assert f"{settings.base_url}/falt/logga-in" in page
    assert f"{short[:4]}-{short[4:]}" in page
    assert "Se om telefonen har läst koden" in page


@pytest.mark.one_database
def test_no_code_without_the_password_and_the_tries_are_counted(desk, app, monkeypatch):
    monkeypatch.setattr(services.signing_in, "TRIES_PER_ACCOUNT", 2)
    for _ in range(2):
        refused = desk.submit(CONNECT, {"password": "fel lösenord här"})
        assert refused.status_code == 422
        assert "Lösenordet stämmer inte." in refused.text
    assert desk.submit(CONNECT, {"password": PASSWORD}).status_code == 429
    with app.database.transaction(write=False) as session:
        assert session.scalars(select(DeviceCode)).all() == []


def test_a_code_is_read_once_within_two_minutes_and_a_new_one_ends_the_one_before(desk, phone, app, actors, clock):
    _, first, _ = new_code(desk)
    _, second, short = new_code(desk)
    refused = phone.claim(first)
    assert (refused.status_code, refused.mimetype) == (422, PROBLEM)
    assert refused.json["errors"][0]["field"] == "code"
    claimed = phone.claim(second)
    assert claimed.status_code == 201
    assert phone.claim(second, name="En annan").json == claimed.json, "asked again, when the answer was lost"
    other = Phone(Client(app, actors))
    assert other.claim(second).status_code == 422
    assert other.claim(short=short).json["errors"][0]["field"] == "short"
    address, third, _ = new_code(desk)
    clock.pass_by(minutes=2)
    assert other.claim(third).status_code == 422
    assert "Koden gäller inte längre" in desk.get(address).text
    assert desk.get(f"{address}/lage").json == {"state": "over"}


@pytest.mark.one_database
def test_guessing_codes_is_stopped_by_address(phone):
    for _ in range(services.signing_in.TRIES_PER_ADDRESS):
        assert phone.claim(short="00000000").status_code == 422
    stopped = phone.claim(short="00000000")
    assert (stopped.status_code, stopped.headers["Retry-After"]) == (429, "900")


@pytest.mark.one_database
def test_what_is_wrong_with_a_claim_is_told_at_its_field(phone):
    for body, field in (
        ({"name": None}, "name"),
        ({"short": "", "code": ""}, "short"),
        ({"short": "A", "code": "B"}, "short"),
        ({"key": phone.key | {"x": "A" * 43}}, "key"),
        ({"key": phone.key | {"crv": "P-384"}}, "key.crv"),
        ({"key": phone.key | {"d": "A" * 43}}, "key.d"),
        ({"skrap": 1}, "skrap"),
    ):
        refused = phone.claim(**{"short": "00000000"} | body)
        assert refused.status_code == 422, body
        assert [error["field"] for error in refused.json["errors"]] == [field]


def test_only_the_phone_that_read_the_code_gets_the_token_and_not_for_long(desk, phone, app, actors, clock):
    address, code, _ = new_code(desk)
    waiting = f"/api/v1/devices/claims/{phone.claim(code).json['uid']}"
    clock.pass_by(seconds=119)
    desk.submit(f"{address}/godkann", page=address)
    clock.pass_by(seconds=119)
    assert phone.get(waiting).json["token"]
    assert Phone(Client(app, actors)).get(waiting).status_code == 404
    clock.pass_by(seconds=1)
    assert phone.get(waiting).status_code == 404


@pytest.mark.one_database
def test_a_no_on_the_computer_ends_it(desk, phone):
    address, code, _ = new_code(desk)
    waiting = f"/api/v1/devices/claims/{phone.claim(code).json['uid']}"
    desk.submit(f"{address}/neka", page=address)
    assert phone.get(waiting).json == {"state": "refused", "token": None}
    assert "Telefonen är inte inloggad" in desk.get(address).text
    late = desk.submit(f"{address}/godkann", page="/utseende")
    assert late.status_code == 422
    assert phone.get(waiting).json["token"] is None
    assert desk.get(LIST).text.count("Ingen telefon är ansluten.") == 1


@pytest.mark.one_database
def test_nobody_else_sees_or_approves_a_code_or_ends_a_phone(desk, phone, app, actors):
    address, code, _ = new_code(desk)
    phone.claim(code)
    other = Client(app, actors)
    other.login(actors("sdn_samordnare"))
    assert [other.get(one).status_code for one in (address, f"{address}/lage")] == [404, 404]
    assert other.submit(f"{address}/godkann", page="/utseende").status_code == 404
    desk.submit(f"{address}/godkann", page=address)
    with app.database.transaction(write=False) as session:
        uid = session.scalars(select(Device.uid)).one()
    assert other.submit(LIST, {"device": str(uid)}, page="/utseende").status_code == 404
    assert desk.submit(LIST, {"device": str(uid)}, page="/utseende").status_code == 303


def is_signed_out(phone):
    answer = phone.get(OWN)
    if answer.status_code != 401:
        return False
    assert answer.json["type"].endswith("/problem/signed-out")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    return True


def test_logged_out_at_the_computer_or_in_the_phone_it_is_out_at_once(desk, phone, app, actors):
    other = read_and_approve(desk, Phone(Client(app, actors), "Den andra"))
    read_and_approve(desk, phone)
    assert "Den andra" in desk.get(LIST).text
    device = re.search(r'name="device" value="([^"]+)"', desk.get(LIST).text)[1]
    desk.submit(LIST, {"device": device})
    assert [is_signed_out(one) for one in (phone, other)] == [True, False], "the latest stands first"
    assert other.open("DELETE", OWN).status_code == 204
    assert is_signed_out(other)
    assert "Ingen telefon är ansluten." in desk.get(LIST).text


@pytest.mark.one_database
def test_who_looks_after_people_logs_out_a_lost_phone(desk, phone, anna, app, actors):
    read_and_approve(desk, phone)
    office = Client(app, actors)
    office.login(actors("sysadmin", "slk"))
    with app.database.transaction(write=False) as session:
        person = session.scalars(select(Person.uid).where(Person.email == anna)).one()
        device = session.scalars(select(Device.uid)).one()
    address = f"/admin/personer/{person}"
    assert "Provtelefonen" in office.get(address).text
    assert office.submit(f"{address}/enheter/avsluta", {"device": str(device)}, page=address).location == address
    assert is_signed_out(phone)
    assert "Ingen telefon är ansluten." in office.get(address).text


@pytest.mark.one_database
@pytest.mark.parametrize("how", ["fourteen days", "account closed", "another password", "another address"])
def test_a_phone_is_out_when_its_time_is_over_or_every_log_in_ends(desk, phone, anna, app, actors, clock, how):
    read_and_approve(desk, phone)
    clock.pass_by(days=13, hours=23)
    assert not is_signed_out(phone)
    with app.database.transaction() as session:
        person = session.scalars(select(Person).where(Person.email == anna)).one()
        if how == "account closed":
            services.end_person(HOUSE, email=anna)
        elif how == "another address":
            services.change_person(HOUSE, person.uid, version=person.version, email="annan@staden.example")
        elif how == "another password":
            services.invite(HOUSE, person.uid)
            letter = session.execute(text("SELECT payload FROM outbox ORDER BY id DESC")).scalar()
            key = re.search(r"/losenord/([\w-]+)", str(letter))[1]
            services.choose_password(access.NOBODY, key, password="en helt annan mening")
    clock.pass_by(hours=1 if how == "fourteen days" else 0)
    assert is_signed_out(phone)


@pytest.mark.one_database
def test_a_phone_does_field_work_and_nothing_else(desk, phone, app):
    """Not the desk's work, not what looks after phones, and never a session."""
    read_and_approve(desk, phone)
    for allowed in ("/api/v1/places", "/api/v1/walks", OWN):
        answer = phone.get(allowed)
        assert answer.status_code == 200, allowed
        assert "Set-Cookie" not in answer.headers
    for method, address in (
        ("GET", "/api/v1/deadlines"), ("GET", "/api/v1/organisations"), ("GET", LIST), ("GET", CONNECT),
        ("PUT", f"/api/v1/walks/{uuid4()}"), ("POST", f"/api/v1/photos/{uuid4()}/hide"), ("POST", "/logga-ut"),
        ("GET", "/jag/nycklar"), ("GET", "/"),
    ):  # fmt: skip
        refused = phone.open(method, address)
        assert (refused.status_code, refused.mimetype) == (403, PROBLEM), address
    assert refused.json["detail"] == "Telefonen är inloggad för arbete i fält. Gör det här på datorn."


def test_it_is_noted_as_in_use_once_a_minute_after_the_answer(desk, phone, app, clock):
    read_and_approve(desk, phone)

    def seen():
        with app.database.transaction(write=False) as session:
            row = session.scalars(select(Device)).one()
            return row.seen_at, row.app

    answer = phone.get(OWN, headers={"Tryggplats-App": "1"})
    assert seen() == (None, None), "the answer has not gone yet"
    answer.close()
    first = core_clock.now()
    assert seen() == (first, 1)
    for seconds in (59, 1):
        clock.pass_by(seconds=seconds)
        phone.get(OWN).close()
        assert seen()[0] == (first if seconds == 59 else core_clock.now())


def test_what_is_over_is_swept_but_a_phone_s_key_is_kept_for_a_year(desk, phone, database, clock):
    """A file that the phone has signed may come in somebody else's hand long after."""
    read_and_approve(desk, phone)

    def left():
        with database.transaction() as session:
            services.sweep()
            session.flush()
            return [len(session.scalars(select(model)).all()) for model in (DeviceCode, Device)]

    assert left() == [1, 1]
    clock.pass_by(days=8)
    assert left() == [0, 1]
    clock.pass_by(days=14 + 365)
    assert left() == [0, 0]
