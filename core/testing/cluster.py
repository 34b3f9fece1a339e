"""A PostgreSQL server for one run: in a folder of its own, reached by a socket there, no port; hasty for tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

HASTY = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0"
    " -c autovacuum=off"
)
"""Server options for tests: nothing needs to survive a power cut, no database lives long enough to be tidied."""
USER = "tryggplats"


class NoPostgres(Exception):
    """PostgreSQL cannot be started here; the message says what to do."""


class Cluster:
    """The server whose files lie in `folder`; nothing there until `start()`."""

    def __init__(self, folder: Path, options: str = HASTY) -> None:
        self.folder = folder
        self._options = options
        self._data = folder / "data"

    def start(self) -> None:
        """Make the cluster and start it (1-2 s)."""
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self.folder, **_postgres_user())
        self._run("initdb", "-U", USER, "--auth=trust", "--locale=C.UTF-8", "--encoding=UTF8", "--no-sync")
        options = f"-c listen_addresses= {self._options} -c unix_socket_directories={self.folder}"
        # With -l the server lets go of our output; without it, who reads that would wait for ever.
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop the server at once, if it runs."""
        if self._runs():
            self._run("pg_ctl", "-m", "immediate", "stop")

    def address(self, name: str) -> str:
        """Return SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://{USER}@/{name}?host={self.folder}"

    def conninfo(self, name: str) -> str:
        """Return libpq's address of a database."""
        return f"host={self.folder} user={USER} dbname={name}"

    def _runs(self) -> bool:
        """Whether the process that the folder names is alive and really this server."""
        try:
            pid = (self._data / "postmaster.pid").read_text().split()[0]
            return str(self._data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        except FileNotFoundError:
            return False

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs, which refuse to be run as root, on this cluster."""
        as_user: dict[str, Any] = _postgres_user() | {"extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(
            [_programs() / program, "-D", self._data, *arguments],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **as_user,
        )
        if done.returncode:
            raise NoPostgres(f"{program} gick inte att köra:\n{done.stdout}")


def _programs() -> Path:
    """Return the folder of the newest PostgreSQL; Debian does not put its programs on PATH."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: float(folder.parent.name))
    if found := shutil.which("initdb"):
        return Path(found).parent
    raise NoPostgres("PostgreSQL saknas. Kör script/bootstrap, eller testa utan: --db=sqlite.")


def _postgres_user() -> dict[str, str]:
    try:
        pwd.getpwnam("postgres")
    except KeyError as error:
        raise NoPostgres("Användaren postgres saknas, och root får inte köra PostgreSQL.") from error
    return {"user": "postgres", "group": "postgres"}
