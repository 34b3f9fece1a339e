"""What the follow-up of the whole city is asked about: a year, a programme, a board; and by which names boards go.

A board that was merged into another is found under that from then on: under its own name in the years when it was
there, under its successor's after (domain.md 13, scenario 8). Sums are made by organisation in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from core import clock, db
from core.applications.services.applications import APPLIES
from core.followup.models import NOW, THEN
from core.people.models import Organisation
from core.reserve.models import Programme

ON_PAGE, IN_FILE = 100, 5_000
"""How many rows of a list stand on a page, and in a file."""


class Boards:
    """Every organisation through the years, read in one query: who carried on for whom, and which boards there were."""

    @cached_property
    def rows(self) -> dict[int, Any]:
        """Every organisation by key."""
        columns = (Organisation.id, Organisation.uid, Organisation.code, Organisation.name, Organisation.kind)
        dates = (Organisation.valid_from, Organisation.valid_to, Organisation.successor_id)
        return {row.id: row for row in db.session().execute(select(*columns, *dates))}

    def heir(self, key: int, day: date) -> int:
        """Return who carries on for an organisation on a day: itself while it is there, or the last of its line."""
        seen = {key}
        while (row := self.rows[key]).valid_to and row.valid_to < day and row.successor_id not in (None, *seen):
            key = row.successor_id
            seen.add(key)
        return key

    def name(self, key: int) -> str:
        """Return what an organisation is called."""
        return str(self.rows[key].name)

    def on(self, day: date) -> list[int]:
        """Return the boards that may apply on a day, by name."""
        there = (
            row
            for row in self.rows.values()
            if row.kind in APPLIES and (row.valid_from or day) <= day <= (row.valid_to or day)
        )
        return [row.id for row in sorted(there, key=lambda row: row.name)]

    def line(self, key: int) -> list[int]:
        """Return an organisation with all that it has carried on for."""
        found, ahead = {key}, [key]
        while ahead:
            after = ahead.pop()
            new = {row.id for row in self.rows.values() if row.successor_id == after} - found
            found |= new
            ahead += new
        return sorted(found)


@dataclass(frozen=True)
class Asked:
    """What is asked about. Without a board or programme all of them; `names` as boards were called then, or are now.

    `most` is how many rows of a list are told.
    """

    year: int
    boards: Boards
    programme: UUID | None = None
    board: UUID | None = None
    names: str = THEN
    most: int = ON_PAGE

    @cached_property
    def keys(self) -> list[int] | None:
        """The organisations of the board that is asked about: itself and those that it carried on for."""
        if self.board is None:
            return None
        known = next((row.id for row in self.boards.rows.values() if row.uid == self.board), None)
        return self.boards.line(known) if known is not None else []

    @property
    def programme_key(self) -> Any:
        """The programme that is asked about, as a part of what is asked."""
        return select(Programme.id).where(Programme.uid == self.programme).scalar_subquery()

    def of_board(self, column: Any) -> ColumnElement[bool]:
        """Return the condition that a row is of the board asked about."""
        found: ColumnElement[bool] = true() if self.keys is None else column.in_(self.keys)
        return found

    def of_programme(self, column: Any) -> ColumnElement[bool]:
        """Return the condition that a row is of the programme asked about."""
        found: ColumnElement[bool] = true() if self.programme is None else column == self.programme_key
        return found

    def day(self, year: int | None = None) -> date:
        """Return the day whose names are used for what belongs to a year: its last one, or today."""
        return clock.today() if self.names == NOW else date(year or self.year, 12, 31)

    def heir(self, key: int, year: int | None = None) -> int:
        """Return under whom an organisation's figures of a year stand."""
        return self.boards.heir(key, self.day(year))

    def listed(self, year: int | None = None) -> list[int]:
        """Return the boards that are listed for a year, also those with nothing; the one that is asked about alone."""
        there = self.boards.on(self.day(year))
        return there if self.keys is None else [key for key in there if key in self.keys]


def folded(
    asked: Asked, rows: Iterable[Any], year: Callable[[Any], int | None] = lambda _: None
) -> Mapping[int, list[Any]]:
    """Return sums of organisations under whom they stand; a handful of rows, one for each organisation and kind."""
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(asked.heir(row.organisation_id, year(row)), []).append(row)
    return found
