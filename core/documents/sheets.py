"""Tables as files: XLSX for people, CSV for programs, row by row so that a long one never lies in memory.

A cell holds what its column says it holds. Text is written as text whatever it begins with: no formula and no link is
ever made of what somebody wrote.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from core import clock
from core.cells import harmless

As = Literal["text", "number", "kronor", "date", "moment"]
MOST_ROWS = 1_048_575
"""Rows below the heading that a program for spreadsheets opens."""
LONGEST = 32_767
"""Characters of a cell."""
WIDEST, NARROWEST = 60, 9
MOST_DIGITS = 2**53
"""From here on a number of a spreadsheet is no longer exact; it is written as text."""
FIRST_YEAR = 1900
FORMATS = {"number": "#,##0.###", "kronor": '#,##0" kr"', "date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}


class TooLong(Exception):
    """There are more rows than a spreadsheet can hold."""


@dataclass(frozen=True)
class Column:
    """A column: its heading, and what its cells hold. `width` is in characters."""

    title: str
    holds: As = "text"
    width: int = 0


@dataclass(frozen=True)
class Sheet:
    """A table to be written once: its rows may be a query that is still being read."""

    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]

    def write_xlsx(self, path: Path, *, title: str) -> None:
        """Write the table as XLSX, its heading frozen and with a filter. Raises TooLong."""
        from xlsxwriter import Workbook

        made = clock.local(clock.now()).replace(tzinfo=None)
        settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with Workbook(path, settings) as book:
            book.set_properties({"title": title, "created": made})
            page = book.add_worksheet()
            head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
            looks = {holds: book.add_format({"num_format": shape}) for holds, shape in FORMATS.items()}
            text = book.add_format({"text_wrap": True, "valign": "top"})
            for place, column in enumerate(self.columns):
                width = column.width or max(NARROWEST, len(column.title) + 4)
                page.set_column(place, place, min(width, WIDEST))
                page.write_string(0, place, column.title, head)
            page.freeze_panes(1, 0)
            last = 0
            for last, row in self._numbered():
                for place, (column, value) in enumerate(zip(self.columns, row, strict=True)):
                    _write(page, (last, place), value, looks.get(column.holds), text)
            page.autofilter(0, 0, last, len(self.columns) - 1)

    def write_csv(self, path: Path) -> None:
        """Write the table as CSV, as Swedish spreadsheets open it: semicolons, UTF-8 with a mark. Raises TooLong."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow([column.title for column in self.columns])
            writer.writerows([_plain(value) for value in row] for _, row in self._numbered())

    def _numbered(self) -> Iterator[tuple[int, Sequence[Any]]]:
        for number, row in enumerate(self.rows, 1):
            if number > MOST_ROWS:
                raise TooLong
            yield number, row


def sheet(columns: Iterable[Column | str], rows: Iterable[Sequence[Any]]) -> Sheet:
    """Return the table of `rows`, each with a value for every one of `columns`; a plain word is a column of text."""
    return Sheet([one if isinstance(one, Column) else Column(one) for one in columns], rows)


def _write(page: Any, cell: tuple[int, int], value: Any, look: Any, text: Any) -> None:
    """Write one cell as what it is; what cannot be that is written as text."""
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        value = clock.local(value).replace(tzinfo=None)
    if isinstance(value, date) and look is not None and value.year >= FIRST_YEAR:
        page.write_datetime(*cell, value, look)
    elif look is not None and _is_number(value):
        page.write_number(*cell, value, look)
    else:
        page.write_string(*cell, _said(value)[:LONGEST], text)


def _is_number(value: Any) -> bool:
    exact = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return exact and math.isfinite(value) and abs(value) < MOST_DIGITS


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain(value: Any) -> str:
    """Return a cell of a CSV file; before what a spreadsheet would run stands an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _said(clock.local(value))
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",")
    said = _said(value)
    return harmless(said) if isinstance(value, str) else said
