"""Making a backup: the rows of one moment, then every file that they name, beside its name until it is whole.

The rows are read in one transaction that sees one moment. The files lie still meanwhile: they never change, and as long
as the lease is held none is removed. So what people do goes on, and what is deleted is deleted a little later.
"""

from __future__ import annotations

import io
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from sqlalchemy import Connection, column, select, table, text, union
from sqlalchemy.exc import SQLAlchemyError

import core
from core import clock, db, heads, journal, lease, turns
from core.access import Actor
from core.backup import tables
from core.backup.contents import Contents, Count, Head
from core.backup.models import Backup
from core.backup.sealing import locked
from core.media import REMOVING, StoreAway, named, store_of
from core.media.store import Store

LASTING = timedelta(minutes=5)
"""How long the lease is held after it was renewed last: so long a backup that was killed keeps files from going."""
RENEWED = 20.0
"""Seconds after which it is renewed."""
PART = ".part"
"""How the name of one ends that is not whole."""
ROWS_ARE, FILES_ARE = 30, 90
"""Percent of the work that are done then; the rest is reading it through."""
TOLD_EVERY = 100
"""Files between two notes of how far it has come."""
Passed = Callable[[int], None]
MOST_LOST = 10_000
"""Files that may be gone or altered in a backup; more, and it is the store that is gone."""
ENDING = ".tar"


class BackupRefused(Exception):
    """A backup cannot be made, or not used; the message says what to do."""


@dataclass(frozen=True)
class Made:
    """A backup that is whole and on the disk."""

    uid: UUID
    file: Path
    bytes: int
    count: Count

    @property
    def lost(self) -> list[str]:
        """The files that were gone or altered before."""
        return [*self.count.missing, *self.count.altered]


def name_now(*, encrypted: bool) -> str:
    """Return what a backup made now is called."""
    return f"tryggplats-{clock.local(clock.now()):%Y%m%d-%H%M%S}{ENDING}{'.age' if encrypted else ''}"


def make(
    actor: Actor, database: db.Database, file: Path, *, keys: Sequence[Any] = (), passed: Passed | None = None
) -> Made:
    """Write a backup to `file`, a new one, encrypted if there are `keys`. Raises BackupRefused.

    `passed` is told how many percent of it are written, now and then. It opens its transactions itself. Killed at any
    moment it leaves at most a file with another name.
    """
    if file.exists():
        raise BackupRefused(f"{file} finns redan. Säkerhetskopior skrivs aldrig över: välj ett annat namn.")
    part, uid = file.with_name(file.name + PART), uuid4()
    with _lease(database):
        try:
            with _new(part) as raw:
                with locked(raw, keys) as out:
                    count = _write(database, out, uid, secret=bool(keys), passed=passed or _nobody)
                raw.flush()
                os.fsync(raw.fileno())
            part.rename(file)
            _sync(file.parent)
        except (OSError, EOFError, StoreAway) as error:
            raise BackupRefused(f"Säkerhetskopian kunde inte göras: {error}. Inget är sparat.") from error
        finally:
            part.unlink(missing_ok=True)
    made = Made(uid, file, file.stat().st_size, count)
    turns.patiently(database, lambda: _note(actor, database, made, encrypted=bool(keys)))
    return made


def _note(actor: Actor, database: db.Database, made: Made, *, encrypted: bool) -> None:
    with database.transaction() as session:
        row = Backup(
            uid=made.uid,
            made_at=clock.now(),
            file=made.file.name[:255],
            bytes=made.bytes,
            rows=made.count.all_rows,
            files=made.count.files,
            lost=len(made.lost),
            encrypted=encrypted,
        )
        session.add(row)
        journal.write(actor, "backup:make", "backup", made.uid, file=row.file, rows=row.rows, files=row.files)


# --- What is written --------------------------------------------------------------------------------------------------


def _nobody(percent: int) -> None:
    """Tell nobody how far it has come."""


def _write(database: db.Database, out: BinaryIO, uid: UUID, *, secret: bool, passed: Passed) -> Count:
    kept = heads.path_in(database.settings.data_dir)
    copied = kept.read_bytes() if kept.exists() else b""  # before the rows: what it tells of is among them
    with tempfile.TemporaryFile() as hashes:
        with tables.snapshot(database) as session:
            connection = session.connection()
            head = _head(connection, uid)
            contents = Contents(out, head)
            for number, one in enumerate(head.tables):
                contents.add_table(one, tables.rows(connection, one))
                passed(ROWS_ARE * (number + 1) // len(head.tables))
            total = 0
            for sha256 in tables.one_column(connection, _named(head.files)):
                total += hashes.write(sha256.encode() + b"\n") > 0
        hashes.seek(0)
        _add_files(store_of(database.settings), contents, hashes, total, passed)
    if copied:
        contents.add_data("journal/heads.jsonl", io.BytesIO(copied), len(copied))
    _add_data(database, contents, secret=secret)
    contents.finish()
    return contents.count


def _head(connection: Connection, uid: UUID) -> Head:
    end = journal.head()
    return Head(
        uid=str(uid),
        made_at=clock.now().isoformat(),
        version=core.__version__,
        database=connection.dialect.name,
        revisions=tables.revisions(connection),
        journal=(end.seq, end.digest),
        tables=tuple(tables.tables(connection)),
        files=named(),
    )


def _named(files: dict[str, list[str]]) -> Any:
    """Select the files that rows name, each once and in order."""
    each: list[Any] = [(table(name), column(one)) for name, columns in files.items() for one in columns]
    return union(*(select(one).select_from(rows).where(one.is_not(None)) for rows, one in each)).order_by(text("1"))


def _add_files(store: Store, contents: Contents, hashes: Iterable[bytes], total: int, passed: Passed) -> None:
    count = contents.count
    for number, line in enumerate(hashes, 1):
        if number % TOLD_EVERY == 0:
            passed(ROWS_ARE + (FILES_ARE - ROWS_ARE) * number // total)
        sha256 = line.decode().strip()
        try:
            file, size = store.whole.open(sha256)
        except FileNotFoundError:
            count.missing.append(sha256)
        else:
            with file:
                contents.add_file(sha256, file, size)
        if len(count.missing) + len(count.altered) > MOST_LOST:
            raise BackupRefused(f"Mer än {MOST_LOST} filer saknas. Är lagret för foton på plats? Inget är sparat.")


def _add_data(database: db.Database, contents: Contents, *, secret: bool) -> None:
    """Add what lies beside the photos: files that phones have handed over, and the installation's own key if sealed."""
    folder = database.settings.data_dir
    found = sorted((folder / "parts").glob("held-*"))
    for path in [*found, *([folder / "secret_key"] if secret else [])]:
        with suppress(FileNotFoundError), path.open("rb") as file:  # opened meanwhile
            contents.add_data(path.relative_to(folder).as_posix(), file, os.fstat(file.fileno()).st_size)


# --- Around it --------------------------------------------------------------------------------------------------------


@contextmanager
def _lease(database: db.Database) -> Iterator[None]:
    """Be the only one that makes a backup, and let no file go until the end. Raises BackupRefused."""
    holder, over = f"backup:{uuid4().hex}", threading.Event()

    def take() -> int | None:
        with database.transaction():
            db.alone(REMOVING)
            return lease.take(holder, lease.BACKUP, lasting=LASTING)

    def give_back() -> None:
        with database.transaction():
            lease.give_back(holder, lease.BACKUP)

    def renew() -> None:
        while not over.wait(RENEWED):
            with suppress(SQLAlchemyError):  # there is time for a few more tries
                take()

    epoch = turns.patiently(database, take)
    if epoch is None:
        raise BackupRefused("En säkerhetskopia görs redan. Vänta tills den är klar.")
    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
        if turns.patiently(database, take) != epoch:
            raise BackupRefused("Databasen var borta för länge. Ingen säkerhetskopia är gjord: försök igen.")
    finally:
        over.set()
        thread.join()
        with suppress(SQLAlchemyError):
            turns.patiently(database, give_back)


@contextmanager
def _new(part: Path) -> Iterator[BinaryIO]:
    """Open a new file that its owner alone can read; one that a killed process has left gives way."""
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
        yield raw


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
