"""What `core.testing` promises to those who write tests with it."""

import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from core import clock as core_clock

pytest_plugins = ["pytester"]

TWO_TESTS = """
import pytest
from sqlalchemy import text

@pytest.mark.parametrize("turn", [1, 2])
def test_fresh(database, turn):
    with database.transaction() as session:
        session.execute(text("CREATE TABLE mark (id INTEGER)"))
    with database.transaction(write=False) as session:
        assert session.execute(text("SELECT count(*) FROM mark")).scalar_one() == 0

@pytest.mark.one_database
def test_one(database): ...

@pytest.mark.one_database("postgres")
def test_postgres(database):
    assert not database.embedded
"""

BARE = """
import pytest
from sqlalchemy import text
from core.app import house
from core.testing import Template

def fill(settings):
    database = house(settings)
    with database.transaction() as session:
        session.execute(text("CREATE TABLE filled (id INTEGER)"))
    database.dispose()

@pytest.fixture
def template():
    return Template("bare", fill)
"""
"""What a run inside a run begins with: that a database is filled is seen in every other test, and takes long."""
NOT_ASKED_FOR = ("schemathesis", "hypothesispytest", "pytest_cov", "anyio")
"""Plugins of pytest that take longer to start than what is tried here."""


@pytest.fixture
def pytester(pytester, monkeypatch):
    """A folder for a run inside this run, as quick as what is tried allows."""
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(f"-p no:{name}" for name in NOT_ASKED_FOR))
    pytester.makeconftest(BARE)
    return pytester


def test_each_test_has_a_fresh_database_on_both_engines(pytester):
    pytester.makepyfile(TWO_TESTS)
    pytester.runpytest_subprocess("-n", "2", "-p", "no:randomly").assert_outcomes(passed=6)


@pytest.mark.long
def test_only_the_engine_that_was_asked_for_is_used(pytester):
    pytester.makepyfile(TWO_TESTS)
    done = pytester.runpytest_subprocess("--db=sqlite", "-p", "no:randomly")
    done.assert_outcomes(passed=3, skipped=1)


def runs(pid):
    """Whether a process does anything; an ended one may stand in the list until somebody asks for its status."""
    file = Path(f"/proc/{pid}/cmdline")
    return file.exists() and file.read_bytes() != b""


@pytest.mark.long
def test_a_killed_run_leaves_nothing_behind_after_the_next(pytester, tmp_path):
    """A run that was killed -9 leaves its server running; the next run stops it and deletes its folder."""
    pytester.makepyfile(
        test_hangs="""
import time
def test_hangs(pytestconfig, settings):
    print("FOLDER", settings.database_url.partition("host=")[2], flush=True)
    time.sleep(60)
""",
        test_next="def test_next(database): ...",
    )
    command = [sys.executable, "-m", "pytest", "-s", "--db=postgres", "-p", "no:randomly"]
    with subprocess.Popen([*command, "test_hangs.py"], cwd=pytester.path, stdout=subprocess.PIPE, text=True) as hanging:
        folder = next(Path(line.split("FOLDER")[1].strip()) for line in hanging.stdout if "FOLDER" in line)
        server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        hanging.kill()
    assert runs(server)
    subprocess.run([*command, "test_next.py"], cwd=pytester.path, check=True, stdout=subprocess.DEVNULL)
    assert not folder.parent.exists()
    assert not runs(server)


def test_the_clock_stops_and_goes_on(clock):
    clock.stop_at("2027-03-27T23:30")
    assert core_clock.now().isoformat() == "2027-03-27T22:30:00+00:00"
    clock.pass_by(hours=24)
    assert core_clock.local(core_clock.now()).isoformat() == "2027-03-29T00:30:00+02:00"


def test_somebody_with_a_role_is_logged_in_and_sends_a_form(client, actors):
    leader = actors("sdn_samordnare", "sdn-jarva")
    assert (leader.name, leader.organisation_name) == (
        "Samordnare, trygghet och brottsförebyggande",
        "Järva stadsdelsnämnd",
    )
    assert client.get("/").status_code != 200
    client.login(leader)
    assert "Järva stadsdelsnämnd" in client.get("/").text
    assert client.submit("/utseende", {"look": "dark", "locale": "en"}).status_code == 303


def test_a_bearer_token_may_what_it_was_made_for(client, actors):
    leader = actors("sdn_samordnare")
    assert client.get("/api/v1/places", headers=actors.token(leader)).status_code == 200
    assert client.get("/api/v1/places", headers=actors.token(leader, "walks:walk:read")).status_code == 403


def test_letters_are_kept_and_can_be_refused(letter_box):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "funktion@example.se", "du@example.se", "Hårt väder på Torget"
    letter.set_content("Hej")
    with smtplib.SMTP("127.0.0.1", int(letter_box.url.rpartition(":")[2])) as server:
        server.send_message(letter)
        letter_box.answer = "451 försök senare"
        with pytest.raises(smtplib.SMTPDataError):
            server.send_message(letter)
    assert [kept["Subject"] for kept in letter_box.letters] == ["Hårt väder på Torget"]


def test_a_script_that_fails_fails_the_test(pytester):
    pytester.makepyfile("def test_page(page): page.goto('data:text/html,<h1>Hej</h1><script>nothing()</script>')")
    done = pytester.runpytest_subprocess()
    done.assert_outcomes(passed=1, errors=1)
    done.stdout.fnmatch_lines(["*nothing is not defined*"])
