"""`script/server`, and the server it starts: up, ended politely, up again after a kill -9 (reliability.md D15, D16)."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest

from core.testing.letters import free_port
from tests.demo import DEMO

ROOT = Path(__file__).parents[2]
ANSWERS = "Tryggplats svarar på"
SMALL = {"TRYGGPLATS_DEMO_OBSERVATIONS": "24"}
"""A demo city that is filled in seconds; how much is in it is not what is tried here."""


@pytest.fixture
def template(request, template):
    return DEMO if "start" in request.fixturenames else template


@pytest.fixture
def filled(request, settings, tmp_path):
    """Where the demo city has been made before, as variables of script/server's environment; or where nothing has."""
    if request.param == "anew":
        return {"TRYGGPLATS_DATA_DIR": str(tmp_path / "var")}
    return {"TRYGGPLATS_DATA_DIR": str(settings.data_dir), "TRYGGPLATS_DATABASE_URL": settings.database_url}


@pytest.fixture
def start(filled):
    """Start script/server on a port and in a data folder of the test's own; returns when it says that it answers."""
    port, running = free_port(), []

    def run():
        environment = os.environ | {"PORT": str(port)} | filled | SMALL
        server = subprocess.Popen(
            ROOT / "script" / "server", env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        running.append(server)
        said = ""
        for line in server.stdout:
            said += line
            if line.startswith("Avsluta med"):
                break
        assert f"{ANSWERS} http://127.0.0.1:{port}" in said
        return server, said

    yield run
    for server in running:
        server.terminate()
        server.communicate()


@pytest.mark.one_database
@pytest.mark.parametrize("filled", ["before", pytest.param("anew", marks=pytest.mark.long)], indirect=True)
def test_script_server_shows_the_demo_and_how_to_log_in(start):
    server, said = start()
    address = said.partition(ANSWERS)[2].split()[0]
    assert "Logga ut" in log_in(address, logins(said)[0], said.partition("lösenordet ")[2].split(",")[0])
    os.kill(int(re.search(r"kill (\d+)", said)[1]), signal.SIGTERM)  # as who started it in the background would
    assert server.wait(60) == 0
    _, again = start()
    assert logins(again) == logins(said)


def logins(said):
    return re.findall(r"\S+@tryggplats\.example", said)


def log_in(address, email, password):
    """Fill in the form as a browser does; return the page that follows."""
    browser = build_opener(HTTPCookieProcessor())
    form = browser.open(f"{address}/logga-in").read().decode()
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', form)[1]
    fields = urlencode({"csrf_token": token, "email": email, "password": password}).encode()
    return browser.open(f"{address}/logga-in", fields).read().decode()


@pytest.mark.one_database
@pytest.mark.parametrize("times", [1, pytest.param(20, marks=[pytest.mark.long, pytest.mark.timeout(600)])])
def test_a_killed_server_starts_again(installation, times):
    for _ in range(times):
        installation.start()
        installation.kill()
    installation.start()
    processes = installation.processes
    assert len(processes) > 2
    assert_it_refuses_in_swedish_what_our_code_never_sees(installation.url)
    assert installation.stop() == 0
    assert [pid for pid in processes if works(pid)] == []


def assert_it_refuses_in_swedish_what_our_code_never_sees(address):
    """An address too long for gunicorn, and a head too long: pages of ours all the same."""
    for asked, status, words in (
        (Request(f"{address}/platser?q={'x' * 5000}"), 414, "Adressen är för lång"),
        (Request(address, headers={"Cookie": "x" * 9000}), 431, "Webbläsaren skickade för mycket"),
    ):
        with pytest.raises(HTTPError) as refused:
            urlopen(asked)
        page = refused.value.read().decode()
        assert (refused.value.code, words in page) == (status, True)
        sheet = re.search(r'href="(/static/app[^"]+)"', page)[1]
        assert urlopen(f"{address}{sheet}").status == 200
        refused.value.close()


@pytest.mark.one_database
def test_the_port_is_free_again_when_only_the_parent_is_killed(installation):
    installation.start()
    children = installation.processes[1:]
    installation.kill_parent()
    end = time.monotonic() + 20
    while any(works(pid) for pid in children):
        assert time.monotonic() < end, "the children outlived their parent"
        time.sleep(0.1)
    installation.start()
    assert installation.stop() == 0


def works(pid):
    """Whether a process is alive; an ended one may stand in the list until somebody asks for its status."""
    file = Path(f"/proc/{pid}/cmdline")
    return file.exists() and file.read_bytes() != b""
