"""`tryggplats serve`: a small parent that keeps the web server, and if asked the worker, running.

The facts behind (pid files, control sockets, what a kill -9 of the parent leaves) are in setup-facts.md 8.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import core
from core.settings import Settings

if TYPE_CHECKING:
    from core.db import Database

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 10
KILL_SECONDS = GRACE_SECONDS + 5
DEATHS = 5
"""So many short lives in a row, and the parent gives up."""
SHORT_LIFE_SECONDS = 30
"""A process that ended sooner never came up: a start takes some seconds, on a loaded machine many."""
START_SECONDS = 60
PORT_SECONDS = 10
HTTP_OK = 200


class CannotServe(Exception):
    """The service cannot be started, or does not stay up; the message says what to do."""


def web() -> object:
    """Return the WSGI application of the settings in the environment; each web process calls this once."""
    from core.app import create_app
    from core.http import unread
    from core.upgrade import refuse_behind

    unread.install()
    app = create_app(Settings.from_environ())
    refuse_behind(app.database)
    refuse_demo_people(app.database)
    return app


def serve(settings: Settings, *, with_worker: bool, ready: Callable[[], None]) -> None:
    """Run until SIGTERM or SIGINT, then let requests and tasks finish. Raises CannotServe when it does not stay up.

    `ready` is called once, when the service answers.
    """
    refuse_strange_core()
    wait_for_port(settings)
    os.chdir(settings.data_dir)
    commands = {"web": _gunicorn(settings)}
    if with_worker:
        commands["worker"] = [sys.executable, "-P", "-m", "core.cli", "worker"]
    Parent(commands, _environment(settings)).run(_announcing(settings, ready))


def refuse_strange_core() -> None:
    """Refuse to run a package `core` that is not this distribution's, such as a folder of that name (design.md 3)."""
    installed = metadata.distribution("tryggplats")
    direct = json.loads(installed.read_text("direct_url.json") or "{}")
    if direct.get("dir_info", {}).get("editable"):
        home = Path(unquote(urlsplit(direct["url"]).path))
    else:
        home = Path(str(installed.locate_file("")))
    if Path(core.__file__).parent.resolve().parent != home.resolve():
        raise CannotServe(
            f"Fel paket: core läses från {Path(core.__file__).parent}, inte från installationen i {home}. "
            "Starta från en annan katalog och ta bort PYTHONPATH."
        )


def refuse_demo_people(database: Database) -> None:
    """Refuse to serve the demo's people outside the demo: everybody knows their password."""
    from core.people.models import DEMO_ADDRESS
    from core.people.services import demo_people

    if database.settings.demo:
        return
    with database.transaction(write=False) as session:
        invented = session.scalar(demo_people().limit(1))
    if invented is not None:
        raise CannotServe(
            f"Databasen har demons personer ({DEMO_ADDRESS}), och deras lösenord är känt för alla. "
            "Gör en ny databas åt den riktiga tjänsten: ange den i TRYGGPLATS_DATABASE_URL och kör tryggplats "
            "db upgrade. Vill du köra demon, ange TRYGGPLATS_ENV=demo."
        )


def wait_for_port(settings: Settings) -> None:
    """Wait until nobody listens on our port: what a killed parent left behind ends within seconds.

    Raises CannotServe when somebody else has it; whoever answers there would be taken for us.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    end = time.monotonic() + PORT_SECONDS
    while True:
        try:
            socket.create_server((settings.host, settings.port), family=family).close()
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > end:
                raise CannotServe(
                    f"Det går inte att lyssna på {settings.host}:{settings.port} ({error.strerror}). "
                    "Stäng det som använder porten, eller välj en annan med TRYGGPLATS_PORT."
                ) from error
            time.sleep(0.2)
        else:
            return


def _gunicorn(settings: Settings) -> list[str]:
    options = {
        "bind": f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}",
        "workers": settings.web_workers,
        "threads": settings.web_threads,
        "worker-class": "gthread",
        "graceful-timeout": GRACE_SECONDS,
        "timeout": 60,
        "log-level": "warning",
    }
    said = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-P", "-m", "gunicorn", *said, "--no-control-socket", "core.serve:web()"]


def _environment(settings: Settings) -> dict[str, str]:
    """Return the children's environment: they stand in DATA_DIR, so what was relative to here is made absolute."""
    return {
        **os.environ,
        "TRYGGPLATS_DATA_DIR": str(settings.data_dir),
        "TRYGGPLATS_DATABASE_URL": settings.database_url,
        "TRYGGPLATS_SECRET_KEY": settings.secret_key,
    }


def _announcing(settings: Settings, ready: Callable[[], None]) -> Callable[[], bool]:
    """Return a function that asks the service whether it is up, and calls `ready` when it is."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 - asked, not bound
    question = urllib.request.Request(f"http://{host}:{settings.port}/healthz", headers={"Host": settings.hostname})

    def announced() -> bool:
        try:
            with urllib.request.urlopen(question, timeout=1) as answer:  # noqa: S310 - our own address
                up = bool(answer.status == HTTP_OK)
        except (urllib.error.URLError, OSError):
            return False
        if up:
            ready()
        return up

    return announced


class Parent:
    """Starts one process per command, again when one dies, and ends them all together."""

    def __init__(self, commands: Mapping[str, list[str]], environment: Mapping[str, str]) -> None:
        self._commands, self._environment = commands, environment
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, float] = {}
        self._short_lives = dict.fromkeys(commands, 0)
        self._stopping = False

    def run(self, announced: Callable[[], bool]) -> None:
        """Run until told to stop; ask `announced` now and then until it has been."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        told, started = False, time.monotonic()
        try:
            for name in self._commands:
                self._start(name)
            while not self._stopping:
                self._look_after()
                if not told and time.monotonic() - started < START_SECONDS:
                    told = announced()
                time.sleep(0.2)
        finally:
            self._end_all()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, name: str) -> None:
        self._started[name] = time.monotonic()
        # A session of its own: Ctrl-C reaches the parent alone, which then ends the children in order.
        self._children[name] = subprocess.Popen(
            self._commands[name],
            env=dict(self._environment),
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - the parent has one thread
        )

    def _look_after(self) -> None:
        for name, child in list(self._children.items()):
            if child.poll() is None or self._stopping:
                continue
            short = time.monotonic() - self._started[name] < SHORT_LIFE_SECONDS
            self._short_lives[name] = self._short_lives[name] + 1 if short else 0
            if self._short_lives[name] == DEATHS:
                raise CannotServe(f"{name} slutar gång på gång (kod {child.returncode}). Orsaken står ovanför.")
            self._start(name)

    def _end_all(self) -> None:
        for child in self._children.values():
            if child.poll() is None:
                child.terminate()
        end = time.monotonic() + KILL_SECONDS
        for child in self._children.values():
            try:
                child.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)  # its own session, made in _start
                child.wait()


def _die_with_parent() -> None:
    """In the child: end when the parent is gone, however it went; otherwise the port would stay taken."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
