"""`tryggplats serve`: up, kept up, and down, whichever way it goes down (setup-facts.md 8; D1, D15, D16)."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from core import serve
from core.testing.servers import environment

pytestmark = pytest.mark.one_database


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail("it did not happen in time")
        time.sleep(0.1)


def port_is_free(settings):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True


def ready(settings):
    with urlopen(f"{settings.base_url}/readyz", timeout=5) as answer:
        return json.load(answer)["checks"]


def command_of(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


@pytest.mark.long
def test_it_comes_up_says_so_and_goes_down_politely(installation, settings):
    installation.start()
    wait_until(lambda: ready(settings)["worker"])
    assert all(ready(settings).values())
    wait_until(lambda: f"Tryggplats svarar på {settings.base_url}" in installation.log)  # said just after it is so
    assert not list(settings.data_dir.glob("*.pid"))
    assert installation.stop() == 0
    assert port_is_free(settings)
    installation.start()
    assert installation.stop() == 0


@pytest.mark.long
def test_a_worker_that_dies_is_started_again(installation):
    installation.start()
    (worker,) = [pid for pid in installation.processes if "core.cli worker" in command_of(pid)]
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: any("core.cli worker" in command_of(pid) for pid in installation.processes if pid != worker))
    assert installation.stop() == 0


@pytest.mark.long
def test_a_parent_that_is_killed_takes_its_children_with_it(installation, settings):
    """Else the old server would hold the port and go on answering."""
    installation.start()
    parent, *children = installation.processes
    os.kill(parent, signal.SIGKILL)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() and command_of(pid) for pid in children))
    assert port_is_free(settings)
    installation.kill()
    installation.start()
    assert installation.stop() == 0


def test_a_child_that_dies_again_and_again_stops_the_parent(monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    parent = serve.Parent({"web": [sys.executable, "-c", "raise SystemExit(3)"]}, os.environ)
    with pytest.raises(serve.CannotServe, match=r"web slutar gång på gång \(kod 3\)"):
        parent.run(lambda: True)


def test_a_strange_core_in_the_way_is_refused(settings, tmp_path):
    """A folder `core/` in front of ours on the path would be run in its place (design.md 3)."""
    ours = Path(serve.__file__).parent
    shutil.copytree(ours, tmp_path / "core", ignore=shutil.ignore_patterns("static", "__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", "serve"],
        env=os.environ | environment(settings) | {"PYTHONPATH": str(tmp_path)},
        cwd=settings.data_dir,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Fel paket: core läses från" in done.stderr


def test_a_database_that_is_behind_is_not_served(settings, tmp_path):
    (tmp_path / "new.db").touch()
    new = environment(settings) | {"TRYGGPLATS_DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"}
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", "serve"],
        env=os.environ | new,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Kör tryggplats db upgrade" in done.stderr
