"""Directus: a server for content and files, on PostgreSQL, with its files on disk and its cache off."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import orjson
from sqlalchemy import make_url

from benchmarks.client import Client
from benchmarks.peers import MODULES, NODE, Unavailable, install_npm
from benchmarks.servers import HOST, Process, answers, free_port
from core.testing.scratch import Scratch

NAME = "Directus"
TOKEN = "a-benchmark-token"
LARGE = "width=2048&height=2048&fit=inside&quality=82&format=jpg"
SMALL = "width=400&height=400&fit=inside&quality=82&format=jpg"
PROGRAM = MODULES / "directus" / "cli.js"


@dataclass(frozen=True)
class Directus:
    """A server that runs."""

    process: Process
    port: int

    def client(self) -> Client:
        """Return a new connection, as the administrator."""
        return Client(self.port, {"Authorization": f"Bearer {TOKEN}"})


def start(stack: ExitStack, scratch: Scratch, say: Callable[[str], None]) -> Directus:
    """Install it if need be, and start it on a database of its own; raise Unavailable when that cannot be."""
    install_npm(say)
    folder, port = scratch.folder / "directus", free_port()
    folder.mkdir()
    env = _environment(scratch.empty("directus"), folder, port)
    done = subprocess.run(
        [NODE, PROGRAM, "bootstrap"],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"does not start: {(done.stdout + done.stderr)[-600:]}")
    process = Process([NODE, PROGRAM, "start"], log=folder / "log", cwd=folder, env=env)
    stack.callback(process.end)
    process.wait_until(answers(port, "/server/ping"))
    return Directus(process, port)


def upload(client: Client, photo: bytes) -> str:
    """Send a photo as its own pages do; return the id of the file."""
    boundary = uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="foto.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = head.encode() + photo + f"\r\n--{boundary}--\r\n".encode()
    answer = client.ask("POST", "/files", body, Content_Type=f"multipart/form-data; boundary={boundary}")
    return str(orjson.loads(answer)["data"]["id"])


def see(client: Client, file: str) -> None:
    """Fetch both pictures of a photo, which makes them the first time."""
    for transform in (LARGE, SMALL):
        client.ask("GET", f"/assets/{file}?{transform}")


def _environment(address: str, folder: Path, port: int) -> Mapping[str, str]:
    url = make_url(address)
    return {
        "PATH": "/usr/bin:/bin",
        "HOST": HOST,
        "PORT": str(port),
        "PUBLIC_URL": f"http://{HOST}:{port}",
        "SECRET": "not a secret: a benchmark",
        "ADMIN_EMAIL": "admin@example.com",
        "ADMIN_PASSWORD": "not a secret",
        "ADMIN_TOKEN": TOKEN,
        "DB_CLIENT": "pg",
        "DB_HOST": str(url.query["host"]),
        "DB_PORT": "5432",
        "DB_DATABASE": str(url.database),
        "DB_USER": str(url.username),
        "DB_PASSWORD": "none",
        "STORAGE_LOCATIONS": "local",
        "STORAGE_LOCAL_ROOT": str(folder / "uploads"),
        "CACHE_ENABLED": "false",
        "PRESSURE_LIMITER_ENABLED": "false",  # else it refuses work when the machine is busy
        "TELEMETRY": "false",
        "LOG_LEVEL": "warn",
        "NODE_ENV": "production",
    }
