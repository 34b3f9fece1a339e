"""Putting a backup back: into an empty installation, all of it or nothing, and marked as a copy.

All of it is read through first, then the tables are made as they were then, and one transaction fills them. What is in
the database is read back and compared with what was in the file before that transaction ends.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete

from core import db, journal, lease, restored, upgrade
from core.access import Actor
from core.backup import tables
from core.backup.contents import Count, File, Head, Part, Rows, Table, parts
from core.backup.making import BackupRefused
from core.backup.values import to_line
from core.backup.verifying import FAULTS, Checked, opened, verify
from core.media import store_of
from core.media.store import Store

MODULUS = 1 << 256
ASIDE = "restoring"
"""The folder beside the database in which files wait until the rows are checked."""


@dataclass(frozen=True)
class Restored:
    """What was put back, and what is wrong with the journal that was."""

    checked: Checked
    journal_faults: list[journal.Fault]


def restore(actor: Actor, database: db.Database, file: Path, *, keys: Sequence[Any] = ()) -> Restored:
    """Fill an empty installation from `file`. Raises BackupRefused, Damaged, KeyRefused; then nothing was changed.

    What lies beside the database waits in a folder of its own until all is checked, and is put in its place before the
    rows are kept: no row is ever without its files. It opens its transactions itself. Killed before its end it leaves
    an installation without rows, and can be done again.
    """
    checked = verify(file, keys=keys)
    _refuse_other_versions(checked.head)
    _refuse_full(database)
    upgrade.begin_at(database, checked.head.revisions)
    side = _side(database.settings.data_dir)
    with side as aside, database.transaction() as session, opened(file, keys) as stream:
        connection = session.connection()
        _refuse_other_tables(connection, checked.head)
        with tables.filling(connection):
            _fill(connection, database, parts(stream), aside)
        faults = list(islice(journal.verify(), FAULTS))
        session.execute(delete(lease.Lease))
        made_at = datetime.fromisoformat(checked.head.made_at)
        restored.mark(actor, backup=UUID(checked.head.uid), made_at=made_at)
        session.flush()
        _move(aside, database.settings.data_dir)
    upgrade.upgrade(database)
    return Restored(checked, faults)


# --- Refused ----------------------------------------------------------------------------------------------------------


def _refuse_other_versions(head: Head) -> None:
    owners = {line.owner for line in upgrade.lines()}
    if away := sorted(head.revisions.keys() - owners):
        raise BackupRefused(
            f"Säkerhetskopian har tabeller för tillägget {away[0]}, som inte är igång här. Installera det, namnge det "
            "i TRYGGPLATS_PLUGINS och återläs igen."
        )
    for owner, revision in head.revisions.items():
        if not upgrade.knows(owner, revision):
            raise BackupRefused(
                f"Säkerhetskopian är gjord med Tryggplats {head.version}, och tabellerna för {owner} är nyare "
                f"({revision}) än programmet här. Installera samma version eller en senare, och återläs igen."
            )


def _refuse_full(database: db.Database) -> None:
    with database.transaction(write=False) as session:
        if not tables.is_empty(session.connection()):
            raise BackupRefused(
                "Här finns redan data. En säkerhetskopia återläses bara i en tom databas: ange en annan med "
                "TRYGGPLATS_DATABASE_URL eller TRYGGPLATS_DATA_DIR. Inget är ändrat."
            )


def _refuse_other_tables(connection: Connection, head: Head) -> None:
    """Refuse to fill tables that are not those of the backup, so that nothing is left out or turned into something."""
    here = {table.name: set(table.columns) for table in tables.tables(connection)}
    for table in head.tables:
        if here.get(table.name) != set(table.columns):
            raise BackupRefused(
                f"Tabellen {table.name} ser inte ut som i säkerhetskopian. Är den gjord på en annan sorts databas? "
                "Återläs på samma sort. Inget är ändrat."
            )


# --- Filled -----------------------------------------------------------------------------------------------------------


@contextmanager
def _side(data_dir: Path) -> Iterator[Path]:
    """Yield a new folder in which files wait; what a killed one has left is no use."""
    aside = data_dir / ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700, parents=True)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _move(aside: Path, data_dir: Path) -> None:
    """Put the files that waited where they belong."""
    for path in sorted(aside.rglob("*")):
        if path.is_file():
            target = data_dir / path.relative_to(aside)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.replace(target)


def _fill(connection: Connection, database: db.Database, found: Iterator[Part], aside: Path) -> None:
    store, sums = store_of(database.settings), {}
    for table, group in groupby(found, key=lambda part: part.table if isinstance(part, Rows) else None):
        if table is not None:
            sums[table] = _Sum()
            tables.fill(connection, table, sums[table].passing(group))
            continue
        for part in group:
            if isinstance(part, File):
                _put_back(part, store, aside)
            elif isinstance(part, Count):
                _refuse_other_rows(connection, sums)


def _put_back(part: File, store: Store, aside: Path) -> None:
    if part.path:
        _write(aside / part.path, part)
        return
    spool = store.spool(lambda file: _copy(part, file))
    try:
        store.whole.put(spool, part.sha256)
    finally:
        spool.unlink(missing_ok=True)


def _write(path: Path, part: File) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        _copy(part, file)
        file.flush()
        os.fsync(file.fileno())


def _copy(part: File, file: Any) -> None:
    while piece := part.member.read(1 << 20):
        file.write(piece)


class _Sum:
    """What some rows add up to, in whatever order they come."""

    def __init__(self) -> None:
        self.rows = self.digest = 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self.digest = (self.digest + int.from_bytes(hashlib.sha256(line).digest())) % MODULUS

    def passing(self, pieces: Iterable[Part]) -> Iterator[list[Any]]:
        for piece in pieces:
            for line, values in zip(piece.lines, piece.values(), strict=True) if isinstance(piece, Rows) else ():
                self.add(line + b"\n")
                yield values


def _refuse_other_rows(connection: Connection, sums: dict[Table, _Sum]) -> None:
    """Read the rows back: what a trigger, a default or a type has made of them is not what was in the backup."""
    for table, was in sums.items():
        now = _Sum()
        for row in tables.rows(connection, table):
            now.add(to_line(table.columns, row))
        if (now.rows, now.digest) != (was.rows, was.digest):
            raise BackupRefused(f"Raderna i {table.name} blev inte som i säkerhetskopian. Inget är ändrat.")
