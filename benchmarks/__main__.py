"""`python -m benchmarks ROW… [--rounds N] [--long]`: run rows of the table and say how they went."""

from __future__ import annotations

import argparse
import random
import sys
from contextlib import ExitStack

from benchmarks import runner
from benchmarks.rows import (
    accept_photos,
    deep_pages,
    derivatives,
    nightly_reminders,
    overdue_page,
    pages_of_money,
    visible_pictures,
)
from benchmarks.servers import ending_on_signals

ROWS = {
    row.number: row
    for row in (
        accept_photos.ROW,
        derivatives.ROW,
        visible_pictures.ROW,
        deep_pages.ROW,
        nightly_reminders.ROW,
        overdue_page.ROW,
        pages_of_money.ROW,
    )
}


def main() -> None:
    asked = _arguments()
    with ending_on_signals():
        for number in asked.rows or sorted(ROWS):
            _run(ROWS[number], rounds=asked.rounds, long=asked.long)


def _run(row: runner.Row, *, rounds: int, long: bool) -> None:
    _say(f"row {row.number}: {row.title}")
    with ExitStack() as stack:
        race = row.prepare(stack, runner.Asked(long, _say))
        outcome = runner.run(race, rounds=rounds, order=random.Random(), say=_say)
        print("\n".join(runner.report(row, race, outcome)), flush=True)  # before the servers end, which takes a while


def _say(line: str) -> None:
    print(f"  … {line}", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description="Timed work beside our peers.")
    titles = "; ".join(f"{row.number}: {row.title}" for row in ROWS.values()).replace("%", "%%")
    parser.add_argument("rows", type=int, nargs="*", choices=[*ROWS, []], metavar="ROW", help=f"{titles}. None: all.")
    parser.add_argument("--rounds", type=int, default=5, help="How often each contestant has its turn (5).")
    parser.add_argument("--long", action="store_true", help="Also the sizes that take many minutes.")
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("--rounds: at least one")
    return asked


if __name__ == "__main__":
    main()
