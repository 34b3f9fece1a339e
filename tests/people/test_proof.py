"""The proof of a phone's key (RFC 9449): without it, or with another request's, the phone's token is worth nothing."""

import json
from base64 import urlsafe_b64encode
from uuid import uuid4

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import select

from core.http import app_version, dpop
from core.http.errors import PROBLEM
from core.media import READY, Photo
from core.testing.people import Client
from core.testing.phones import Phone
from tests.contract.city import JPEG

OWN, PLACES = "/api/v1/devices/own", "/api/v1/places"
pytestmark = pytest.mark.one_database


@pytest.fixture
def phone(app, actors, clock):
    """A phone that has just been logged in and has had an answer, so that it knows the nonce; the clock has stopped."""
    clock.stop_at("2027-01-11T08:00")
    made = Phone(Client(app, actors)).log_in(actors("falt"))
    assert made.get(OWN).status_code == 200
    return made


def refused_with(answer):
    """The error that a refusal names (RFC 9449, 7.1)."""
    assert (answer.status_code, answer.mimetype) == (401, PROBLEM)
    scheme, _, said = answer.headers["WWW-Authenticate"].partition(' error="')
    assert scheme == "DPoP"
    return said.partition('"')[0]


def test_the_proof_is_of_this_method_this_address_this_token_and_this_nonce(phone, settings):
    assert phone.once("GET", PLACES).status_code == 200
    here = f"{settings.base_url}{PLACES}"
    for claims in (
        {"htm": "POST"}, {"htm": None}, {"htu": f"{settings.base_url}{OWN}"}, {"htu": here.replace("http:", "https:")},
        {"htu": "http://elak.example/api/v1/places"}, {"htu": f"{here}?q=torg"}, {"htu": None}, {"htu": 7},
        {"htu": "http://["}, {"ath": None}, {"ath": "x" * 43}, {"jti": None}, {"jti": ""},
    ):  # fmt: skip
        wrong = phone.proof("GET", PLACES, **claims)
        assert refused_with(phone.once("GET", PLACES, proof=wrong)) == "invalid_dpop_proof", claims
    for nonce in (None, "", "x" * 43, 7, ["a"]):
        wrong = phone.proof("GET", PLACES, nonce=nonce)
        answer = phone.once("GET", PLACES, proof=wrong)
        assert refused_with(answer) == "use_dpop_nonce"
        assert answer.headers["DPoP-Nonce"]
    assert phone.once("GET", f"{PLACES}?q=torg").status_code == 200, "the query is not part of the address"


def test_the_key_is_a_public_one_on_p_256_that_has_signed_it(phone):
    secret = ECKey.generate_key("P-256", private=True).as_dict(private=True)
    for head in (
        {"typ": "JWT"}, {"jwk": None}, {"jwk": "nyckel"}, {"jwk": phone.key | {"x": 7}},
        {"jwk": phone.key | {"x": "A" * 43}}, {"jwk": phone.key | {"crv": "P-384"}},
        {"jwk": {part: secret[part] for part in ("crv", "kty", "x", "y")}}, {"jwk": phone.key | {"d": secret["d"]}},
        {"b64": False, "crit": ["b64"]},
    ):  # fmt: skip
        wrong = phone.proof("GET", PLACES, head=head)
        assert refused_with(phone.once("GET", PLACES, proof=wrong)) == "invalid_dpop_proof", head
    for text in ("", "skrap", "a.b.c", "e30.e30.e30", unsigned(phone), phone.proof("GET", PLACES)[:-9] + "AAAAAAAAA"):
        assert refused_with(phone.once("GET", PLACES, proof=text)) == "invalid_dpop_proof", text


def unsigned(phone):
    """A proof that says itself that it needs no signature."""
    head = {"typ": "dpop+jwt", "alg": "none", "jwk": phone.key}
    claims = json.loads(json.dumps({"htm": "GET", "jti": "0123456789", "nonce": phone.nonce}))
    parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (head, claims)]
    return ".".join([*parts, ""])


def test_a_token_that_was_copied_is_worth_nothing(phone, app, actors):
    thief = Phone(Client(app, actors))
    thief.token = phone.token
    assert refused_with(thief.get(OWN)) == "invalid_token", "signed with a key of the thief's own"
    for scheme in ("Bearer", "bearer", "DPoP"):
        bare = thief.client.get(OWN, headers={"Authorization": f"{scheme} {phone.token}"})
        assert bare.status_code == 401, "without a proof"
    seen = phone.proof("GET", OWN)
    assert refused_with(thief.once("GET", PLACES, proof=seen)) == "invalid_dpop_proof", "with another request's proof"


def test_a_cookie_does_not_help_a_phone_and_a_phone_s_request_needs_no_form_token(phone, actors):
    phone.client.login(actors("sysadmin", "slk"))
    assert phone.client.get("/api/v1/persons").status_code == 200
    assert phone.get("/api/v1/persons").status_code == 403
    phone.token = ""
    assert phone.get("/api/v1/persons").status_code == 401
    assert phone.claim(short="00000000").status_code == 422


def test_a_nonce_counts_for_five_to_ten_minutes_and_a_phone_s_clock_is_not_looked_at(phone, clock):
    """The proofs of these tests say that they were made in 1970."""
    begun = phone.nonce
    clock.pass_by(minutes=9, seconds=59)
    wrong = phone.proof("GET", OWN, nonce=begun)
    assert phone.once("GET", OWN, proof=wrong).status_code == 200
    assert phone.nonce != begun
    clock.pass_by(seconds=1)
    wrong = phone.proof("GET", OWN, nonce=begun)
    assert refused_with(phone.once("GET", OWN, proof=wrong)) == "use_dpop_nonce"


def test_every_answer_to_a_phone_brings_the_nonce_and_no_other_answer_does(phone, actors, app):
    for address, status in (("/api/v1/walks", 200), ("/api/v1/deadlines", 403), ("/api/v1/finns-inte", 404)):
        answer = phone.get(address)
        assert (answer.status_code, bool(answer.headers.get(dpop.NONCE))) == (status, True)
    browser = Client(app, actors)
    browser.login(actors("falt"))
    assert dpop.NONCE not in browser.get("/platser").headers


def test_an_app_that_is_too_old_is_told_so_whatever_it_asks(phone, monkeypatch):
    assert phone.get("/falt/version.json").json == {"newest": app_version.NEWEST, "oldest": app_version.OLDEST}
    monkeypatch.setattr(app_version, "OLDEST", 7)
    for method, address in (("GET", OWN), ("PUT", f"{PLACES}/0190b3a1-7c00-7000-8000-000000000001")):
        for said in ("6", "0", "", "sju", "-1", "9" * 9):
            old = phone.once(method, address, headers={"Tryggplats-App": said})
            assert (old.status_code, old.mimetype) == (426, PROBLEM), said
            assert old.json["type"].endswith("/problem/upgrade")
            assert old.json["oldest"] == 7
    assert phone.once("GET", OWN, headers={"Tryggplats-App": "7"}).status_code == 200
    assert phone.once("GET", OWN).status_code == 200, "a program that is not the app says nothing"


def test_a_person_who_is_no_phone_has_none_of_its_own(client, actors):
    bearer = actors.token(actors("falt"))
    for method in ("GET", "DELETE"):
        assert client.open(OWN, method=method, headers=bearer).status_code == 404
    address = "/api/v1/devices/claims"
    for asked in ({"json": {}}, {"json": {}, "headers": bearer}):
        assert refused_with(client.post(address, **asked)) == "invalid_dpop_proof"


def test_pictures_are_read_with_the_proof_too(phone, database):
    """Sent and shown with the proof; refused as a program is, for an app can do nothing with the login page."""
    uid = uuid4()
    piece = {"Upload-Offset": "0", "Upload-Length": str(len(JPEG)), "Content-Type": "application/offset+octet-stream"}
    assert phone.open("PATCH", f"/api/v1/photos/{uid}", data=JPEG, headers=piece).status_code == 200
    with database.transaction() as session:
        row = session.scalars(select(Photo).where(Photo.uid == uid)).one()
        row.state, row.large, row.small = READY, row.stored_sha256, row.stored_sha256
    shown = phone.get(f"/bilder/{uid}/liten", buffered=True)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    missing = phone.get(f"/bilder/{uuid4()}/liten")
    assert (missing.status_code, missing.mimetype) == (404, PROBLEM)
    assert phone.open("DELETE", OWN).status_code == 204
    assert refused_with(phone.get(f"/bilder/{uid}/liten")) == "invalid_token"
