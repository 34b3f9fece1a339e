"""Django REST framework: the same list over the same tables, by the book, on our own database server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from benchmarks.client import Client
from benchmarks.peers import PYTHON, install_python
from benchmarks.servers import HOST, Process, answers, free_port

NAME = "DRF PageNumber"
HERE = Path(__file__).parent
PATH = "/places/"


@dataclass(frozen=True)
class Rest:
    """A server that runs."""

    process: Process
    port: int

    def client(self) -> Client:
        """Return a new connection; it asks nobody who they are, which spares it work that ours does."""
        return Client(self.port, {})


def start(
    stack: ExitStack, address: str, organisation: str, folder: Path, say: Callable[[str], None], *, threads: int = 8
) -> Rest:
    """Install it if need be, and serve the places that the organisation reaches; raise Unavailable if that fails."""
    install_python(say)
    url, port = make_url(address), free_port()
    env = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(HERE),
        "BENCH_DATABASE": str(url.database),
        "BENCH_SOCKET": str(url.query["host"]),
        "BENCH_USER": str(url.username),
        "BENCH_ORGANISATION": organisation,
    }
    serving = ["--bind", f"{HOST}:{port}", "--workers", "2", "--threads", str(threads), "--worker-class", "gthread"]
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "gunicorn",
        *serving,
        "--log-level",
        "warning",
        "--no-control-socket",
        "site_of_places:application",
    ]
    process = Process(command, log=folder / "drf.log", cwd=folder, env=env)
    stack.callback(process.end)
    process.wait_until(answers(port, PATH))
    return Rest(process, port)
