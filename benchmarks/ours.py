"""Our own server for a benchmark, as an operator runs it: in production, on a durable PostgreSQL, asked by a person."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.client import Client
from benchmarks.servers import Process, answers, free_port
from core import access, demo, upgrade
from core.app import house
from core.people import services as people
from core.settings import Settings
from core.testing.scratch import Scratch
from core.testing.servers import environment

DURABLE = "-c shared_buffers=512MB -c max_wal_size=8GB"
"""PostgreSQL's own defaults, so with fsync and synchronous commits; and memory and log as a small server has."""
PLUGINS = ("klotter",)
MUCH = 10**12
DISTRICT = "sdn-farsta"


@dataclass(frozen=True)
class Ours:
    """A server that runs, the settings it has, and the token of the one who asks."""

    process: Process
    settings: Settings
    token: str

    def client(self) -> Client:
        """Return a new connection, as that person."""
        return Client(self.settings.port, {"Authorization": f"Bearer {self.token}"})


def ground(stack: ExitStack) -> Scratch:
    """Return a folder with a PostgreSQL server of its own, both gone when the stack ends."""
    scratch = Scratch.make(DURABLE)
    stack.callback(scratch.remove)
    return scratch


def settings_for(scratch: Scratch, name: str) -> Settings:
    """Return the settings of a new installation on a fresh database with the city's organisations."""
    data_dir = scratch.folder / name

    def build(address: str, folder: Path) -> None:
        _fill(_settings(address, folder))

    address = scratch.copy("postgres", [("city", build)], data_dir)
    return _settings(address, data_dir)


def embedded(scratch: Scratch, name: str) -> Settings:
    """Return the settings of a new installation on the embedded database."""
    data_dir = scratch.folder / name
    settings = _settings(f"sqlite:///{data_dir / 'tryggplats.db'}", data_dir)
    data_dir.mkdir()
    _fill(settings)
    return settings


def start(stack: ExitStack, settings: Settings, role: str, *, worker: bool = False) -> Ours:
    """Start `tryggplats serve`, ended with the stack, and give somebody in Farsta a role and a token."""
    opaque = token(settings, role)
    program = Path(sys.executable).with_name("tryggplats")
    process = Process(
        [program, "serve", *(["--with-worker"] if worker else [])],
        log=settings.data_dir / "server.log",
        cwd=settings.data_dir,
        env=os.environ | environment(settings),
    )
    stack.callback(process.end)
    process.wait_until(answers(settings.port, "/healthz"))
    return Ours(process, settings, opaque)


def in_transaction(settings: Settings, work: Callable[[], None]) -> None:
    """Do `work` in a transaction of the installation."""
    database = house(settings)
    with database.transaction():
        work()
    database.dispose()


def _settings(address: str, data_dir: Path) -> Settings:
    return Settings(
        env="production",
        database_url=address,
        data_dir=data_dir,
        port=free_port(),
        secret_key="not a secret: a benchmark " * 2,
        plugins=PLUGINS,
        quota_bytes=MUCH,
    ).completed()


def _fill(settings: Settings) -> None:
    database = house(settings)
    upgrade.upgrade(database)
    with database.transaction():
        demo.seed()
    database.dispose()


def token(settings: Settings, role: str, organisation: str = DISTRICT) -> str:
    """Add somebody with a role in an organisation, and return her token for all that she may do."""
    made: list[str] = []

    def add() -> None:
        machine, email = access.system("benchmark"), f"{role}@example.invalid"
        person = people.add_person(machine, email=email, name=access.ROLES[role])
        people.grant_role(machine, person, role=role, organisation=people.organisation(organisation))
        actor = people.actor_of(person)
        scopes = tuple(key for key in access.permissions() if actor.may(key))
        made.append(people.create_token(machine, email=email, name="benchmark", scopes=scopes, days=1))

    in_transaction(settings, add)
    return made[0]
