"""Reading a backup through, without any installation: is all of it there, and is the journal whole?

Also whether every file that a row names is among the files. Nothing is unpacked; on the disk lie only hashes, for as
long as it takes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from core import journal
from core.backup.container import Damaged
from core.backup.contents import Count, File, Head, Rows, parts, rows_of
from core.backup.sealing import unlocked
from core.heads import HeadsUnreadable, read_lines
from core.journal import Head as JournalEnd
from core.journal import JournalDetail, JournalLine

FAULTS = 50


@dataclass
class Checked:
    """What is in a backup that is whole."""

    head: Head
    count: Count
    journal_faults: list[journal.Fault] = field(default_factory=list)


@contextmanager
def opened(file: Path, keys: Sequence[Any]) -> Iterator[BinaryIO]:
    """Open a backup to read it through once. Raises KeyRefused."""
    with file.open("rb") as raw, unlocked(raw, keys) as stream:
        yield stream


def verify(file: Path, *, keys: Sequence[Any] = ()) -> Checked:
    """Read all of it. Raises Damaged and KeyRefused; what is wrong with the journal itself is told, for it was so."""
    known: dict[int, str] = {}
    with opened(file, keys) as stream, closing(sqlite3.connect("")) as named:
        named.execute("CREATE TABLE named (sha256 TEXT PRIMARY KEY) WITHOUT ROWID")
        head, count = _read_all(stream, named, known)
        lost = {sha256 for (sha256,) in named.execute("SELECT sha256 FROM named LIMIT ?", (len(count.missing) + 1,))}
    if lost != set(count.missing):
        raise Damaged("en fil som en rad namnger finns inte med")
    checked = Checked(head, count)
    for fault in _walk(file, keys, head, known):
        checked.journal_faults.append(fault)
        if len(checked.journal_faults) == FAULTS:
            break
    return checked


def _read_all(stream: BinaryIO, named: sqlite3.Connection, known: dict[int, str]) -> tuple[Head, Count]:
    found = parts(stream)
    head = cast("Head", next(found))
    at = {name: [n for n, c in enumerate(head.table(name).columns) if c.name in cs] for name, cs in head.files.items()}
    count = Count()
    for part in found:
        if isinstance(part, Rows) and part.table.name in at:
            hashes = [(row[n],) for row in part.values() for n in at[part.table.name] if row[n]]
            named.executemany("INSERT OR IGNORE INTO named VALUES (?)", hashes)
        elif isinstance(part, File) and part.sha256:
            if not named.execute("DELETE FROM named WHERE sha256 = ?", (part.sha256,)).rowcount:
                raise Damaged(f"filen {part.sha256} hör inte till någon rad, eller kommer två gånger")
        elif isinstance(part, File) and part.path == "journal/heads.jsonl":
            try:
                known.update(read_lines(part.member.read(), part.path))
            except HeadsUnreadable as error:
                raise Damaged(str(error)) from error
        elif isinstance(part, Count):
            count = part
    return head, count


def _walk(file: Path, keys: Sequence[Any], head: Head, known: dict[int, str]) -> Iterator[journal.Fault]:
    """Walk the journal as it lies in the backup, lines and details side by side."""
    end = JournalEnd(*head.journal)
    with opened(file, keys) as lines, opened(file, keys) as details:
        pairs = _pairs(
            _objects(JournalLine, head, rows_of(lines, JournalLine.__tablename__)),
            _objects(JournalDetail, head, rows_of(details, JournalDetail.__tablename__)),
        )
        yield from journal.walk(pairs, start=end, end=lambda: end, known=known)


def _pairs(lines: Iterator[Any], details: Iterator[Any]) -> Iterator[tuple[JournalLine, JournalDetail | None]]:
    detail = next(details, None)
    for line in lines:
        while detail is not None and detail.seq < line.seq:
            detail = next(details, None)
        yield line, detail if detail is not None and detail.seq == line.seq else None


def _objects(model: Any, head: Head, rows: Iterator[list[Any]]) -> Iterator[Any]:
    columns = head.table(model.__tablename__).columns
    for row in rows:
        values = {column.name: value for column, value in zip(columns, row, strict=True)}
        for column in columns:
            if column.family == "json" and values[column.name] is not None:
                values[column.name] = orjson.loads(values[column.name])
        yield model(**values)
