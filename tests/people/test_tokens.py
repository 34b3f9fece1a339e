"""Bearer tokens: for programs, of one person, for some permissions, until a day (J7)."""

import hashlib
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text

from core import clock as core_clock
from core.access import Denied, Missing
from core.http.errors import PROBLEM
from core.people import services
from core.people.models import Person, RoleGrant, Token
from core.schema import Invalid
from core.testing.servers import environment

from .conftest import HOUSE

PLACES = "/api/v1/places"


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def make(database, anna):
    """Make a token for anna, as the command does."""

    def make(*scopes, days=90, name="Kartan"):
        with database.transaction():
            return services.create_token(HOUSE, email=anna, name=name, scopes=scopes, days=days)

    return make


def test_the_command_makes_a_token_that_is_kept_only_as_a_hash(client, anna, settings, database):
    command = [Path(sys.executable).with_name("tryggplats"), "token", "create", anna, "--name", "Kartan"]
    done = subprocess.run(
        [*command, "--scope", "places:place:read", "--days", "30"],
        env=os.environ | environment(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    token = done.stdout.strip()
    assert token.startswith("tp_")
    assert len(token) >= 43  # 256 bits
    assert client.get(PLACES, headers=bearer(token)).status_code == 200
    with database.transaction(write=False) as session:
        row = session.scalars(select(Token)).one()
        assert row.digest == hashlib.sha256(token.encode()).digest()
        assert (row.name, row.scopes, (row.ends_at - row.made_at).days) == ("Kartan", ["places:place:read"], 30)
        for table in ("token", "journal_line", "journal_detail", "outbox"):
            for kept in session.execute(text(f"SELECT * FROM {table}")):
                assert token not in str(kept)


def test_a_token_that_does_not_count_is_a_problem_401(client, make, clock, database):
    clock.stop_at("2027-01-11T08:00")
    good, ended = make("places:place:read", days=10), make("places:place:read", name="Den gamla kartan")
    with database.transaction() as session:
        row = session.scalars(select(Token).where(Token.digest == hashlib.sha256(ended.encode()).digest())).one()
        row.ended_at = core_clock.now()
    assert client.get(PLACES, headers=bearer(good)).status_code == 200
    refused = [client.get(PLACES, headers=bearer(token)) for token in (ended, good[:-1], "", "ä")]
    clock.pass_by(days=10)
    refused.append(client.get(PLACES, headers=bearer(good)))
    for answer in refused:
        assert (answer.status_code, answer.mimetype) == (401, PROBLEM)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.get_json()["title"] == "Logga in först"


def test_a_bad_token_is_not_made_good_by_a_session(client, anna, log_in):
    """A program that sends a token means it: another's cookie does not help it."""
    log_in(anna)
    assert client.get(PLACES).status_code == 200
    assert client.get(PLACES, headers=bearer("tp_fel")).status_code == 401


def test_a_token_gives_its_scopes_and_no_more(client, make):
    token = make("places:place:read", "areas:area:read")
    assert client.get(PLACES, headers=bearer(token)).status_code == 200
    refused = client.get("/api/v1/walks", headers=bearer(token))
    assert (refused.status_code, refused.mimetype) == (403, PROBLEM)
    assert refused.get_json()["permission"] == "walks:walk:read"
    assert refused.get_json()["detail"] == "Nyckeln har inte rätten walks:walk:read."
    assert client.get("/platser", headers=bearer(token)).status_code == 200
    assert client.get("/vandringar", headers=bearer(token)).status_code == 403


def test_a_token_never_gives_more_than_its_person_has(client, make, database, clock):
    """Scopes are no rights: those come from the person's roles, and end with them."""
    clock.stop_at("2027-01-11T08:00")
    for scope in ("journal:line:read", "upkeep:deadline:plan"):
        with pytest.raises(Invalid) as refused:
            make("places:place:read", scope)
        assert list(refused.value.flat()) == ["scopes"]
    token = make("places:place:read")
    with pytest.raises(Invalid) as refused:
        make("places:place:read")
    assert list(refused.value.flat()) == ["name"]
    with database.transaction() as session:
        session.scalars(select(Token)).one().scopes = ["places:place:read", "journal:line:read", "upkeep:deadline:plan"]
        session.flush()
        actor = services.by_token(token)
        assert actor.may("places:place:read")
        assert not actor.may("journal:line:read")
        assert not actor.may("upkeep:deadline:plan")
        person = session.get_one(Person, actor.id)
        role = session.scalars(select(RoleGrant).where(RoleGrant.person_id == person.id)).one()
        role.valid_to = date(2027, 1, 11)
    assert client.get(PLACES, headers=bearer(token)).status_code == 200
    clock.pass_by(days=1)
    assert client.get(PLACES, headers=bearer(token)).status_code == 403


def test_a_token_is_made_by_those_who_may_for_what_there_is(database, anna, actors):
    asked = {"email": anna, "name": "Kartan", "days": 30}
    board = actors("sdn_samordnare", "sdn-farsta")
    with database.transaction():
        with pytest.raises(Denied):
            services.create_token(board, scopes=["places:place:read"], **asked)
        with pytest.raises(Missing, match="places:place:demolish"):
            services.create_token(HOUSE, scopes=["places:place:read", "places:place:demolish"], **asked)
        with pytest.raises(Invalid):
            services.create_token(HOUSE, scopes=["places:place:read"], **asked | {"email": "ingen@tryggplats.example"})
    with database.transaction(write=False) as session:
        assert session.scalars(select(Token)).all() == []


def test_a_program_needs_no_form_token_but_a_session_does(client, anna, log_in, make):
    """What another site could make a browser send is not enough to change anything."""
    address = "/api/v1/places/0190b3a1-7c00-7000-8000-000000000001"
    assert client.put(address, json={}, headers=bearer(make("places:place:edit"))).status_code == 422
    log_in(anna)
    refused = client.put(address, json={})
    assert (refused.status_code, refused.mimetype) == (400, PROBLEM)
    page = client.get("/utseende").text
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    assert client.put(address, json={}, headers={"X-CSRF-Token": token}).status_code == 422


def test_the_administrator_makes_names_and_ends_a_clients_key_on_pages(client, database, anna, actors, make):
    """It is shown once, does what was ticked and no more, and is gone when ended."""
    make("places:place:read", name="Den gamla kartan")
    admin = actors("sysadmin", "slk")
    with database.transaction(write=False) as session:
        uid = session.scalars(select(Person.uid).where(Person.email == anna)).one()
    client.login(admin)
    there = f"/admin/personer/{uid}/nycklar"
    assert f'href="{there}"' in client.get(f"/admin/personer/{uid}").text
    drawn = client.get(there).text
    assert "Den gamla kartan" in drawn
    assert 'value="walks:observation:log"' in drawn
    assert 'value="journal:line:read"' not in drawn, "what the account may not do is not offered"
    for name, scopes in (
        ("", ["walks:walk:read"]),
        ("App", []),
        ("App", ["journal:line:read"]),
        ("Den gamla kartan", ["walks:walk:read"]),
    ):
        refused = client.submit(there, {"name": name, "scopes": scopes, "days": "90"})
        assert refused.status_code == 422, (name, scopes)
        assert "tp_" not in refused.text
    sent = {"name": "Felanmälan", "scopes": ["walks:walk:read"], "days": "30"}
    made = client.submit(there, sent)
    key = re.search(r"<code>(tp_[\w-]+)</code>", made.text)[1]
    assert "no-store" in made.headers["Cache-Control"]
    assert key not in client.get(there).text, "once"
    listed = client.get("/admin/nycklar").text
    assert "Felanmälan" in listed
    assert "Se vandringar" in listed, "what it may do stands in words"
    client.delete_cookie("tryggplats")
    assert client.get("/api/v1/walks", headers=bearer(key)).status_code == 200
    assert client.get(PLACES, headers=bearer(key)).status_code == 403
    client.login(admin)
    with database.transaction(write=False) as session:
        token = session.scalars(select(Token.uid).where(Token.name == "Felanmälan")).one()
    assert client.submit(f"/admin/personer/{uid}/nycklar/avsluta", {"token": str(token)}, page=there).status_code == 303
    assert "Felanmälan" not in client.get("/admin/nycklar").text
    client.delete_cookie("tryggplats")
    assert client.get("/api/v1/walks", headers=bearer(key)).status_code == 401
