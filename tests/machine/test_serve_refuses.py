"""When `tryggplats serve` gives up: a process that never comes up, and the demo's people in earnest."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from core import access, serve
from core.people import services as people
from core.testing.servers import environment

TIMES_FASTER = 20


@pytest.fixture
def parent(monkeypatch):
    """A parent of one child, in a world where time passes faster."""
    really = time.monotonic
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(time, "monotonic", lambda: really() * TIMES_FASTER)
    return lambda seconds: serve.Parent(
        {"web": [sys.executable, "-S", "-c", f"import time; time.sleep({seconds}); raise SystemExit(3)"]}, os.environ
    )


def test_a_process_that_fails_while_it_starts_stops_the_parent_however_slow_the_machine(parent):
    """Eight seconds to load everything, then the fault: five such are more than any window of ten seconds."""
    with pytest.raises(serve.CannotServe, match=r"web slutar gång på gång \(kod 3\)"):
        parent(8 / TIMES_FASTER).run(lambda: False)


def test_a_process_that_has_run_a_while_is_started_again_as_often_as_it_takes(parent, monkeypatch):
    running = parent(40 / TIMES_FASTER)
    starts = []
    monkeypatch.setattr(running, "_start", lambda name, start=running._start: (starts.append(name), start(name)))

    def enough():
        if len(starts) > serve.DEATHS:
            running._stop(0, None)
        return False

    monkeypatch.setattr(serve, "START_SECONDS", float("inf"))
    running.run(enough)
    assert len(starts) == serve.DEATHS + 1


@pytest.fixture
def in_production(settings):
    """What the environment of the same installation says in production."""
    serving = replace(settings, env="production", plugins=("klotter",), base_url="https://tryggplats.stad.example")
    return os.environ | environment(serving)


def start(in_production, *command):
    return subprocess.run(
        [sys.executable, *command], env=in_production, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.other_database_long
@pytest.mark.parametrize(
    "command", [("-m", "core.cli", "serve"), ("-c", "from core.serve import web; web()")], ids=["serve", "gunicorn"]
)
def test_the_demo_s_people_are_not_served_in_production(database, in_production, command):
    """Their password is public, and the database may have been a demo's before."""
    with database.transaction():
        people.add_person(access.system("test"), email="sysadmin.slk@tryggplats.example", name="Demo")
    done = start(in_production, *command)
    assert done.returncode == 1
    assert "Databasen har demons personer (@tryggplats.example)" in done.stderr
    assert "TRYGGPLATS_DATABASE_URL" in done.stderr


@pytest.mark.other_database_long
def test_people_of_the_city_are_served(database, in_production):
    with database.transaction():
        people.add_person(access.system("test"), email="anna@stad.example", name="Anna")
    assert start(in_production, "-c", "from core.serve import web; web()").returncode == 0
