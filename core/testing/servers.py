"""Servers for tests: one in this process for the browser, and a real one, in processes that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from core.settings import Settings

if TYPE_CHECKING:
    from core.http.frame import Application

SECONDS_TO_START = 90
"""As long as a machine that does much else at the same time may need; one that has died is not waited for."""


@pytest.fixture
def live_server(app: Application) -> Iterator[str]:
    """The address of a server for the browser. It shares the test's process, so also its clock."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", app.settings.port, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield app.settings.base_url
    server.shutdown()
    thread.join()
    server.server_close()


class Installation:
    """`tryggplats serve --with-worker` as an operator starts it: a parent, the web processes and the worker."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.url = settings.base_url
        self._environment = os.environ | environment(settings)
        self._log = log
        self._parent: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [str(Path(sys.executable).with_name("tryggplats")), "serve", "--with-worker"]
        with self._log.open("ab") as log:
            self._parent = subprocess.Popen(
                command, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self._parent.poll() is not None or time.monotonic() > end:
                pytest.fail(f"the server did not start:\n{self.log}")
            time.sleep(0.1)

    def stop(self) -> int:
        """Stop it politely and return its exit status."""
        return self._end(self.processes[:1], signal.SIGTERM)

    def kill(self) -> None:
        """Kill -9 every process of it at once, as a power cut does."""
        self._end(self.processes, signal.SIGKILL)

    def kill_parent(self) -> None:
        """Kill -9 the parent alone; what it started must then end by itself."""
        self._end(self.processes[:1], signal.SIGKILL)

    def _end(self, pids: list[int], signal_number: int) -> int:
        for pid in pids:
            with suppress(ProcessLookupError):  # ended by itself meanwhile
                os.kill(pid, signal_number)
        parent, self._parent = self._parent, None
        return parent.wait(SECONDS_TO_START) if parent else 0

    @property
    def processes(self) -> list[int]:
        """The parent's process number and then those of all who stem from it; nothing when it is down."""
        found = [self._parent.pid] if self._parent else []
        for pid in found:
            with suppress(OSError):  # ended by itself meanwhile
                for children in Path(f"/proc/{pid}/task").glob("*/children"):
                    found += map(int, children.read_text().split())
        return found

    @property
    def log(self) -> str:
        """What the processes have printed."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/healthz", timeout=5) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)  # noqa: PLR2004
        except (URLError, ConnectionError, TimeoutError):
            return False


@pytest.fixture
def installation(settings: Settings, tmp_path: Path) -> Iterator[Installation]:
    """A server of the test's own, not yet started."""
    made = Installation(settings, tmp_path / "server.log")
    yield made
    if made.processes:
        made.kill()


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables from which `Settings.from_environ` reads the same settings."""
    values: dict[str, Any] = {field.name: getattr(settings, field.name) for field in fields(settings)}
    values["plugins"] = ",".join(settings.plugins) if settings.plugins is not None else None
    values["now"] = settings.now.isoformat() if settings.now else None
    return {f"TRYGGPLATS_{name.upper()}": str(value) for name, value in values.items() if value is not None}
