"""A file as a table of texts: CSV however an office has saved it, and workbooks."""

from __future__ import annotations

import codecs
import csv
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from core.i18n import N_, Text
from core.imports import workbook

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 50_000, 100, 20_000
LARGEST = 20_000_000
"""Bytes of a file."""
SAMPLE = 64_000
"""Characters in which the separator is looked for."""
SEPARATORS = (";", ",", "\t")
WORKBOOK = b"PK\x03\x04"
"""How a zip file, and so a workbook, begins."""
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
PATIENCE = 60
ANSI, MAC = "åäö".encode("cp1252"), "åäö".encode("mac_roman")
"""The bytes of our letters: what is å on one is Œ on the other, and the many are the letters."""

csv.field_size_limit(LARGEST)  # of the whole process: set once, or two threads would undo each other's

NO_WORKBOOK = N_("Arbetsboken går inte att läsa. Spara den på nytt som xlsx, eller som CSV.")
TOO_MUCH = N_("Arbetsboken har för mycket text. Dela den i flera filer.")


class Unreadable(Exception):
    """The file cannot be read as a table; says what to do about it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Table:
    """The headings, and each row with the number that a spreadsheet shows beside it. Empty rows are left out."""

    columns: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(path: Path) -> Table:
    """Read a file of rows under a line of headings. Raises Unreadable."""
    with path.open("rb") as file:
        start = file.read(4)
    if start == OLD_WORKBOOK:
        raise Unreadable(N_("Filen är i Excels gamla format. Spara den som xlsx eller CSV."))
    return _table(_of_workbook(path) if start == WORKBOOK else _of_text(path))


def _table(lines: Iterable[list[str]]) -> Table:
    numbered = ((number, line) for number, line in enumerate(lines, 1) if any(cell.strip() for cell in line))
    _, first = next(numbered, (0, []))
    columns = [cell.strip() for cell in first]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise Unreadable(N_("Filen är tom. Den första raden ska ha rubriker."))
    if len(columns) > MOST_COLUMNS:
        raise Unreadable(Text(N_("Filen har {n} kolumner. Högst {max} får plats."), n=len(columns), max=MOST_COLUMNS))
    rows: list[tuple[int, list[str]]] = []
    for number, line in numbered:
        if len(rows) == MOST_ROWS:
            raise Unreadable(Text(N_("Filen har fler än {max} rader. Dela den i flera filer."), max=MOST_ROWS))
        if any(len(cell) > LONGEST_CELL for cell in line):
            words = N_("En cell på rad {row} har fler än {max} tecken. Saknas ett citattecken?")
            raise Unreadable(Text(words, row=number, max=LONGEST_CELL))
        rows.append((number, _filled(line, len(columns))))
    if not rows:
        raise Unreadable(N_("Filen har rubriker men inga rader."))
    return Table([column[:LONGEST_CELL] for column in columns], rows)


def _filled(line: list[str], width: int) -> list[str]:
    """Return a row as wide as the headings; what it has beyond them stays, to be told, when it says something."""
    beyond = line[width:] if any(cell.strip() for cell in line[width:]) else []
    return [*line[:width], *[""] * (width - len(line)), *beyond]


def _of_text(path: Path) -> Iterator[list[str]]:
    text = decoded(path.read_bytes())
    if "\0" in text:
        raise Unreadable(N_("Filen är ingen textfil. Spara den som CSV eller xlsx."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text), strict=True)
    try:
        yield from reader
    except csv.Error:
        words = N_("Rad {row} går inte att läsa. Ett citattecken är inte avslutat, eller står mitt i en cell.")
        raise Unreadable(Text(words, row=reader.line_num)) from None


def decoded(data: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, else what Windows calls ANSI, or an old Mac's.

    Raises Unreadable.
    """
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    old = "mac_roman" if _count(data, MAC) > _count(data, ANSI) else "cp1252"
    encodings = ("utf-16",) if marked else ("utf-8-sig", old)
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(N_("Filens tecken går inte att läsa. Spara den som CSV UTF-8."))


def _count(data: bytes, letters: bytes) -> int:
    return sum(data.count(bytes([letter])) for letter in letters)


def separator(text: str) -> str:
    """Return what stands between the cells: what divides the headings into most parts, and rows into as many."""
    sample = text[:SAMPLE]
    return max(SEPARATORS, key=lambda one: (_agreement(sample, one), sample.count(one)))


def _agreement(sample: str, one: str) -> tuple[bool, int]:
    """Return whether the first rows are as wide as the headings are, and how wide those are."""
    try:
        widths = [len(line) for line in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=one), 20)]
    except csv.Error:
        return False, 0
    whole = widths[:-1] if len(widths) > 2 else widths  # noqa: PLR2004 - the last may be cut off
    return len(set(whole)) == 1 and whole[0] > 1, whole[0] if whole else 0


def _of_workbook(path: Path) -> Iterator[list[str]]:
    """Yield the rows that a limited child process reads; what ends that says that the workbook is no use."""
    limits = (MOST_ROWS + 2, MOST_COLUMNS, LONGEST_CELL + 1)
    asked = [sys.executable, "-I", workbook.__file__, str(path), *map(str, limits)]
    with tempfile.TemporaryFile() as written:  # never all of it in memory
        try:
            subprocess.run(
                asked, stdout=written, stderr=subprocess.DEVNULL, timeout=PATIENCE, check=True, env={}, cwd="/"
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as ended:
            much = getattr(ended, "returncode", None) == workbook.TOO_MUCH
            raise Unreadable(TOO_MUCH if much else NO_WORKBOOK) from None
        written.seek(0)
        for line in written:
            cells = json.loads(line)
            if any("\0" in cell for cell in cells):
                raise Unreadable(NO_WORKBOOK)
            yield cells
