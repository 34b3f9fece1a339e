"""What is in a backup, in its order: a head, the rows of every table, the files, a count of it all.

Reading checks as it goes: each table and file against its hash, and at the end the counts against what was written
down. Whoever reads to the end without Damaged has had all of it, as it was.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from uuid import UUID

import orjson

from core.backup.container import Damaged, Member, Writer, members
from core.backup.values import Column, from_line, to_line

FORMAT = 1
HEAD, COUNT = "head.json", "count.json"
SMALL = 8 << 20
"""Bytes that a head or a count may have at most."""
PIECE = 1 << 20
FILE = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})\Z")
DATA = re.compile(r"data/(journal/heads\.jsonl|secret_key|parts/held-[0-9a-f-]{36})\Z")
"""Names of files that lie in the data folder beside the photos."""


@dataclass(frozen=True)
class Table:
    """A table, its columns in the order of its rows."""

    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Head:
    """What a backup is of: when it was made, by which version, of which tables, and how far the journal went."""

    uid: str
    made_at: str
    version: str
    database: str
    revisions: dict[str, str]
    journal: tuple[int, str]
    tables: tuple[Table, ...]
    files: dict[str, list[str]]
    """The columns that name files, by table."""

    def written(self) -> bytes:
        """Return it as it stands in the file."""
        tables = [[t.name, [[c.name, c.family] for c in t.columns]] for t in self.tables]
        return orjson.dumps({**vars(self), "format": FORMAT, "tables": tables})

    def table(self, name: str) -> Table:
        """Return a table. Raises Damaged when it is not there."""
        found = next((table for table in self.tables if table.name == name), None)
        if found is None:
            raise Damaged(f"tabellen {name} saknas")
        return found


@dataclass
class Count:
    """How much there is: rows and hash by table, the files, and which of them were lost or altered before."""

    rows: dict[str, list[Any]] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    missing: list[str] = field(default_factory=list)
    altered: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)

    @property
    def all_rows(self) -> int:
        """How many rows there are in all tables together."""
        return sum(rows for rows, _ in self.rows.values())


@dataclass(frozen=True)
class Rows:
    """Some rows of a table, as lines."""

    table: Table
    lines: list[bytes]

    def values(self) -> Iterator[list[Any]]:
        """Return what the rows hold."""
        try:
            for line in self.lines:
                yield from_line(self.table.columns, line)
        except (ValueError, TypeError) as error:
            raise Damaged(f"en rad i {self.table.name} går inte att läsa") from error


@dataclass(frozen=True)
class File:
    """A file: of the store, by its hash, or of the data folder, by its path there. `member` is read once."""

    sha256: str
    path: str
    member: Member


Part = Head | Rows | File | Count


# --- Writing ----------------------------------------------------------------------------------------------------------


class Contents:
    """Writes what is in a backup, and counts it."""

    def __init__(self, out: BinaryIO, head: Head) -> None:
        self.count = Count()
        self._writer = Writer(out)
        self._writer.add(HEAD, head.written())

    def add_table(self, table: Table, rows: Iterable[Iterable[Any]]) -> None:
        """Write the rows of a table, in pieces."""
        digest, counted, piece, number = hashlib.sha256(), 0, bytearray(), 0
        for row in rows:
            line = to_line(table.columns, row)
            digest.update(line)
            piece += line
            counted += 1
            if len(piece) >= PIECE:
                self._add_piece(table, number, piece)
                number, piece = number + 1, bytearray()
        if piece:
            self._add_piece(table, number, piece)
        self.count.rows[table.name] = [counted, digest.hexdigest()]

    def _add_piece(self, table: Table, number: int, piece: bytearray) -> None:
        self._writer.add(f"tables/{table.name}/{number:06}.jsonl.gz", gzip.compress(piece, 3, mtime=0))

    def add_file(self, sha256: str, file: BinaryIO, size: int) -> None:
        """Write a file of the store; one whose content is not what its name says is taken as it is, and named."""
        found = self._writer.add_file(f"files/{sha256[:2]}/{sha256}", file, size)
        self.count.files += 1
        self.count.bytes += size
        if found != sha256:
            self.count.altered[sha256] = found

    def add_data(self, path: str, file: BinaryIO, size: int) -> None:
        """Write a file of the data folder."""
        self.count.data[path] = self._writer.add_file(f"data/{path}", file, size)

    def finish(self) -> None:
        """Write the count: from now on the backup is whole."""
        self._writer.add(COUNT, orjson.dumps(vars(self.count), option=orjson.OPT_SORT_KEYS))
        self._writer.finish()


# --- Reading ----------------------------------------------------------------------------------------------------------


def parts(stream: BinaryIO) -> Iterator[Part]:
    """Yield what is in a backup, in its order. Raises Damaged.

    A file's member is read by who gets it, or not at all; its hash is checked before the next part comes.
    """
    found = members(stream)
    head = _head(found)
    yield head
    count = Count(rows={table.name: [0, hashlib.sha256()] for table in head.tables})
    for member in found:
        if member.name == COUNT:
            said = _count(member)
            _compare(count, said)
            yield from _nothing_after(found, said)
            return
        if member.name.startswith("tables/"):
            yield _rows(head, member, count)
        else:
            yield from _file(member, count)
    raise Damaged("räkningen saknas")


def rows_of(stream: BinaryIO, name: str) -> Iterator[list[Any]]:
    """Yield the rows of one table, and stop after it."""
    seen = False
    for part in parts(stream):
        if isinstance(part, Rows) and part.table.name == name:
            seen = True
            yield from part.values()
        elif seen or isinstance(part, (File, Count)):
            return


def _head(found: Iterator[Member]) -> Head:
    first = next(found, None)
    if first is None or first.name != HEAD or first.size > SMALL:
        raise Damaged("den börjar inte som en säkerhetskopia från Tryggplats")
    try:
        said = orjson.loads(first.read())
        if said.pop("format") != FORMAT:
            raise Damaged("den är gjord i ett format som den här versionen inte känner till")
        tables = tuple(Table(name, tuple(Column(*column) for column in columns)) for name, columns in said["tables"])
        UUID(said["uid"])
        seq, digest = said["journal"]
        return Head(**{**said, "tables": tables, "journal": (int(seq), str(digest))})
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged("huvudet går inte att läsa") from error


def _count(member: Member) -> Count:
    if member.size > SMALL:
        raise Damaged("räkningen är för lång")
    try:
        return Count(**orjson.loads(member.read()))
    except (ValueError, TypeError) as error:
        raise Damaged("räkningen går inte att läsa") from error


def _rows(head: Head, member: Member, count: Count) -> Rows:
    name, _, _ = member.name.removeprefix("tables/").partition("/")
    table = head.table(name)
    try:
        raw = gzip.decompress(member.read())
    except (OSError, EOFError, zlib.error) as error:
        raise Damaged(f"rader i {name} går inte att packa upp") from error
    lines = raw.splitlines()
    counted = count.rows[name]
    counted[0] += len(lines)
    counted[1].update(raw)
    return Rows(table, lines)


def _file(member: Member, count: Count) -> Iterator[File]:
    if stored := FILE.match(member.name):
        sha256, path = stored[2], ""
    elif data := DATA.match(member.name):
        sha256, path = "", data[1]
    else:
        raise Damaged(f"{member.name} hör inte hemma i en säkerhetskopia")
    yield File(sha256, path, member)
    found = member.digest_of_all()
    if path:
        count.data[path] = found
        return
    count.files += 1
    count.bytes += member.size
    if found != sha256:
        count.altered[sha256] = found


def _compare(count: Count, said: Count) -> None:
    """Raise Damaged unless what was read is what was written down."""
    for rows in count.rows.values():
        rows[1] = rows[1].hexdigest()
    for name, rows in count.rows.items():
        if said.rows.get(name) != rows:
            raise Damaged(f"raderna i {name} stämmer inte med räkningen")
    count.missing = said.missing  # of them nothing is here
    if count.altered != said.altered:
        raise Damaged(f"filen {next(iter(count.altered.keys() ^ said.altered.keys()), '')} är ändrad")
    if count != said:
        raise Damaged("filerna stämmer inte med räkningen")


def _nothing_after(found: Iterator[Member], said: Count) -> Iterator[Count]:
    """Yield the count once the file has ended as it should."""
    if next(found, None) is not None:
        raise Damaged("något står efter räkningen")
    yield said
