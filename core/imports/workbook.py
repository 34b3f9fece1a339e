"""The process that reads a workbook (XLSX), in JSON, a line for each row. Run by its path: it loads nothing of ours.

The reader is compiled code fed by strangers, and a workbook of some kilobytes may unfold to gigabytes: here a bomb, a
crash or an endless loop ends one process with a limit on memory and time (reliability.md P16). No formula is run: what
was last shown is read. A text that begins with = stays a text.
"""

import datetime as dt
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any, Final

_MEMORY: Final = 300_000_000
_SECONDS: Final = 30
"""Of the processor: fifty thousand rows take two."""
MOST_WRITTEN: Final = 100_000_000
"""Bytes: one text that thousands of cells point to is written as often."""
TOO_MUCH: Final = 3
"""The status with which it ends when there is more to write."""


def main(path: str, most_rows: int, most_columns: int, longest: int) -> None:
    """Write the rows of the first sheet that has any, at most as many as are asked for, each cell cut at `longest`."""
    for limit, most in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, _SECONDS), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
    left = MOST_WRITTEN
    for row in _rows(path, most_rows, most_columns):
        line = json.dumps([_text(cell)[:longest] for cell in row]) + "\n"
        left -= len(line)
        if left < 0:
            sys.exit(TOO_MUCH)
        sys.stdout.write(line)


def _rows(path: str, most_rows: int, most_columns: int) -> Iterator[list[Any]]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_path(path)
    for told in book.sheets_metadata:
        if told.visible != SheetVisibleEnum.Visible or told.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(told.name)
        if sheet.height == 0:
            continue
        if sheet.width > most_columns:
            yield [""] * sheet.width  # so many that the file is refused for it
            return
        for number, row in enumerate(sheet.iter_rows()):
            if number >= most_rows:
                return
            yield row
        return


def _text(cell: Any) -> str:
    """Return a cell as a CSV file would have written it."""
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".12g")  # noqa: PLR2004
    return str(cell)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
