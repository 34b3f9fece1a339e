"""The databases of one test run: templates, made once per engine, and a fresh copy of one for every test.

Tests commit for real, so each gets a database of its own: a copied file on SQLite, `CREATE DATABASE …
TEMPLATE` on PostgreSQL (0.05 s). Nothing is started or built before a test asks for it. The processes of
a run under xdist share one folder; the first that needs a thing makes it while the others wait.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

import psycopg
from psycopg import errors, sql
from sqlalchemy import make_url

from core.testing.cluster import HASTY, Cluster

PREFIX = "tryggplats-test-"
KINDS = ("sqlite", "postgres")
COPY_TRIES = 50

Build = Callable[[str, Path], None]
"""(address, data folder) -> nothing; fills a template."""
Recipe = tuple[str, Build]
"""A template's name, and what fills it."""


class Scratch:
    """The folder of one test run."""

    def __init__(self, folder: Path, options: str = HASTY) -> None:
        self.folder = folder
        self._cluster = Cluster(folder / "postgres", options)
        self._alive: IO[str] | None = None

    @classmethod
    def make(cls, options: str = HASTY) -> Scratch:
        """Make the folder of a new run; `options` are those of its PostgreSQL server.

        It counts as abandoned as soon as this process has ended, however it did.
        """
        new = Path(tempfile.mkdtemp(prefix="tryggplats-new-"))
        new.chmod(0o711)  # the server may run as another user, whose own folder is inside
        alive = (new / "alive").open("w")
        fcntl.flock(alive, fcntl.LOCK_EX)
        scratch = cls(new.rename(new.with_name(new.name.replace("tryggplats-new-", PREFIX))), options)
        scratch._alive = alive
        return scratch

    def remove(self) -> None:
        """Stop the server, if one was started, and delete everything."""
        self._cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._alive:
            self._alive.close()

    def copy(self, kind: str, recipes: Sequence[Recipe], data_dir: Path) -> str:
        """Return the address of a fresh copy of the last template, whose files are then in `data_dir`, a new folder.

        The first who asks makes the templates, each from a copy of the one before: once per run and engine.
        """
        if kind == "postgres":
            self._start()
        template = ""
        with self._turn(kind):
            for name, build in recipes:
                self._make(kind, name, build, template)
                template = name
        copied = f"t{uuid.uuid4().hex}"
        self._copy(kind, template, copied, data_dir)
        return self._address(kind, copied)

    def _make(self, kind: str, name: str, build: Build, before: str) -> None:
        """Make a template, unless it is there: from nothing, or from the one `before` it."""
        if (done := self.folder / f"{kind}-{name}.built").exists():
            return
        data = self.folder / f"{kind}-{name}"
        if before:
            self._copy(kind, before, name, data)
        else:
            if kind == "postgres":
                self._sql(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            data.mkdir()
        build(self._address(kind, name), data)
        done.touch()

    def _copy(self, kind: str, template: str, name: str, data: Path) -> None:
        shutil.copytree(self.folder / f"{kind}-{template}", data)
        if kind == "sqlite":
            shutil.copyfile(self.folder / f"{template}.db", self.folder / f"{name}.db")
        else:
            self._copy_postgres(template, name)

    def empty(self, name: str) -> str:
        """Make an empty PostgreSQL database for something that is not ours; return its address."""
        self._start()
        self._sql(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self._cluster.address(name)

    def _start(self) -> None:
        """Start the server, unless another process of this run has done so."""
        with self._turn("server"):
            if not (done := self.folder / "server.started").exists():
                remove_abandoned()
                self._cluster.start()
                done.touch()

    def drop(self, address: str) -> None:
        """Delete a copy, whoever is still connected to it."""
        name = Path(make_url(address).database or "").name
        if address.startswith("sqlite"):
            for file in self.folder.glob(f"{name}*"):  # with its -wal and -shm
                file.unlink(missing_ok=True)
        else:
            self._sql(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _address(self, kind: str, name: str) -> str:
        return f"sqlite:///{self.folder / name}.db" if kind == "sqlite" else self._cluster.address(name)

    def _copy_postgres(self, template: str, name: str) -> None:
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        for _ in range(COPY_TRIES):
            with suppress(errors.ObjectInUse):  # another process copies the template just now
                self._sql(command)
                return
            time.sleep(0.1)
        raise RuntimeError("the template database stays in use: something is connected to it")

    def _sql(self, command: sql.SQL | sql.Composed) -> None:
        with closing(psycopg.connect(self._cluster.conninfo("postgres"), autocommit=True)) as connection:
            connection.execute(command)

    @contextmanager
    def _turn(self, name: str) -> Iterator[None]:
        with (self.folder / f"{name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def remove_abandoned() -> None:
    """Stop the servers and delete the folders of earlier runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not os.access(folder / "alive", os.W_OK):
            continue  # somebody else's
        with (folder / "alive").open("w") as alive:
            try:
                fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # its run goes on
            Scratch(folder).remove()
