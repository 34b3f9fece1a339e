"""Imports for people to read: which there are, how each stands, and its rows with what is wrong with them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select

from core import access, db, outbox
from core.access import Actor
from core.cells import harmless
from core.imports.kinds import Told, kind_of, said
from core.imports.models import RUN, Import, ImportRow

SHOWN, PAGE = 50, 100
AT_ONCE = 200


@dataclass(frozen=True)
class Standing:
    """How many rows of an import are in each state, and of how many something is told."""

    states: Mapping[str, int] = field(default_factory=dict)
    warned: int = 0

    def __getitem__(self, state: str) -> int:
        return self.states.get(state, 0)


def list_imports(actor: Actor) -> list[Import]:
    """Return what the actor's organisation has read in, the latest first."""
    access.require(actor, RUN)
    rows = select(Import).where(access.rule_of(Import, actor)).order_by(Import.id.desc())
    return list(db.session().scalars(rows.limit(SHOWN)))


def read_import(actor: Actor, uid: UUID) -> Import:
    """Return an import; Missing when the actor does not reach it."""
    return access.find(Import, uid, actor, RUN)


def given_up(rows: Collection[Import]) -> frozenset[UUID]:
    """Return those of the imports that say that the worker is at them, when it has given up or its task is gone."""
    working = {row.task: row.uid for row in rows if row.works and row.task is not None}
    if not working:
        return frozenset()
    waits = select(outbox.Task.uid).where(outbox.Task.uid.in_(working), outbox.Task.state == outbox.WAITING)
    waiting = set(db.session().scalars(waits))
    return frozenset(uid for task, uid in working.items() if task not in waiting)


def standing(found: Import) -> Standing:
    """Count the rows of an import that the actor has read."""
    rows = select(ImportRow.state, ImportRow.warned, func.count()).where(ImportRow.import_id == found.id)
    counted: dict[str, int] = {}
    warned = 0
    for state, is_warned, number in db.session().execute(rows.group_by(ImportRow.state, ImportRow.warned)):
        counted[state] = counted.get(state, 0) + number
        warned += number if is_warned else 0
    return Standing(counted, warned)


def list_rows(
    actor: Actor,
    uid: UUID,
    *,
    states: Iterable[str] = (),
    warned: bool = False,
    after: int = 0,
    limit: int = PAGE,
) -> list[ImportRow]:
    """Return rows of an import after the row `after`, in the file's order: those in states, those warned of, or all."""
    found = read_import(actor, uid)
    rows = select(ImportRow).where(ImportRow.import_id == found.id, ImportRow.number > after)
    if states:
        rows = rows.where(ImportRow.state.in_(states))
    if warned:
        rows = rows.where(ImportRow.warned)
    return list(db.session().scalars(rows.order_by(ImportRow.number).limit(limit)))


def about(found: Import, row: ImportRow) -> Iterator[tuple[str, str]]:
    """Yield what is said of a row: of which field, and what; errors first."""
    for told in (*row.errors, *row.warnings):
        yield called(found, told), said(told)


def row_called(found: Import, row: ImportRow) -> str:
    """Return what a row is known by, as people read it: its number, or what it is about where it has none (`told`)."""
    told: Callable[[str], str] | None = getattr(kind_of(found.kind), "told", None)
    return told(row.key) if told is not None and row.key else row.key


def called(found: Import, told: Told) -> str:
    """Return what the field is called that something is said of; empty for the whole row."""
    known = kind_of(found.kind).fields().fields.get(told["field"])
    return known.metadata.get("label", "") if known else ""


def listed(actor: Actor, uid: UUID, words: Mapping[str, str], headings: tuple[str, ...]) -> Iterator[str]:
    """Yield, as lines of a CSV file, every row of which something is told, with all of it and the row itself.

    `words` are the states' titles and `headings` those of the columns before the file's own, as the reader reads them.
    """
    found, after = read_import(actor, uid), 0
    yield _line([*headings, *(column["heading"] for column in found.columns)])
    while rows := list_rows(actor, uid, after=after, limit=AT_ONCE):
        for row in rows:
            for name, text in about(found, row):
                yield _line([str(row.number), words[row.state], name, text, *row.cells])
        after = rows[-1].number
        db.session().expire_all()


def _line(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerow(map(harmless, cells))
    return written.getvalue()
