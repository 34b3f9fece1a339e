"""Numbers of persons in a file of rows: they are taken out before a row is kept, as nobody has read it before."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sqlalchemy import Text as SqlText
from sqlalchemy import cast, func, select

from core import db
from core.i18n import N_, Text
from core.imports.kinds import Finding, Kind, Told, kept
from core.imports.models import Import, ImportRow
from core.imports.reading import Table
from core.schema import REMOVED, fields, without_numbers

ROWS = N_("I {n} rader är personnummer eller telefonnummer bytta mot {removed}. De sparas inte.")
ROW = N_("Ett personnummer eller telefonnummer är bytt mot {removed}.")
MOST = 0.5
"""Part of a column of bare numbers that must look like numbers of persons: one in ten moments does by chance."""
LETTER = re.compile(r"[^\W\d_]")


def without_persons(table: Table, strict: Collection[int]) -> Table:
    """Return a table without numbers of persons; the columns `strict` hold numbers and times that may look so."""
    spared = {*strict, *(n for n in range(len(table.columns)) if n not in strict and _are_other_numbers(table, n))}
    rows = [
        (number, [cell if place in spared else without_numbers(cell) for place, cell in enumerate(cells)])
        for number, cells in table.rows
    ]
    return Table(table.columns, rows)


def strict_columns(kind: Kind, guessed: dict[str, int]) -> set[int]:
    """Return the columns that seem to hold the rows' own numbers, positions and times, not texts."""
    described = kind.fields().fields
    return {column for name, column in guessed.items() if not is_text(kind, name, described[name])}


def is_text(kind: Kind, name: str, field: object) -> bool:
    """Whether people have written freely in a field of a row."""
    return isinstance(field, fields.String) and name != kind.number


def _are_other_numbers(table: Table, column: int) -> bool:
    """Whether a column holds bare numbers of which few look like those of persons: moments, numbers of matters."""
    said = [cells[column].strip() for _, cells in table.rows if cells[column].strip()]
    if any(LETTER.search(cell) for cell in said):
        return False
    return sum(without_numbers(cell) != cell for cell in said) < MOST * len(said)


def told_of_rows(found: Import) -> list[Told]:
    """Return what is said of the whole import: in how many rows something was taken out."""
    here = cast(ImportRow.cells, SqlText).contains(REMOVED)
    rows = select(func.count()).where(ImportRow.import_id == found.id, here)
    number = db.session().scalars(rows).one()
    return [kept(Finding("", Text(ROWS, n=number, removed=REMOVED)))] if number else []


def told_of_row(cells: Sequence[str]) -> list[Finding]:
    """Return what is said of a row from which something was taken out."""
    return [Finding("", Text(ROW, removed=REMOVED))] if any(REMOVED in cell for cell in cells) else []
