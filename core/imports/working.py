"""What the worker does with an import: read it, try its rows, take them in, undo them.

What is to be done follows from the import's state, and what is left from its rows' states. Each chunk has a transaction
of its own, with the import's row locked: killed anywhere the next worker goes on with the rows that are left, and
no row is taken in twice, whoever else is at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from core import access, clock, db, flow, outbox, sync, turns
from core.access import Actor
from core.geo import GeometryRefused
from core.i18n import N_, Text
from core.imports import masking, trying
from core.imports.choosing import guess
from core.imports.intake import TASK
from core.imports.kinds import Batch, Finding, Refused, kept, kind_of
from core.imports.models import DOUBLE, FIT, NEW, STAYS, TAKEN, UNDONE, WRONG, Import, ImportRow
from core.imports.reading import Table, Unreadable, read_table
from core.imports.states import IMPORT, READS, TAKES_IN, TRIES, UNDOES
from core.media import store, store_of
from core.outbox import Claimed
from core.schema import Invalid

HOUSE = access.system("imports")
READ_AT_ONCE, TRIED_AT_ONCE, TAKEN_AT_ONCE = 500, 500, 200
"""Rows of a chunk, at most; a slow machine does fewer in the time that a chunk lasts."""
LASTING = 0.4
"""Seconds after which a chunk takes no further row: on SQLite everybody else who writes waits so long, and a breath
follows each chunk, so that shorter ones would make a file of 50,000 rows last for more of its time in breaths."""
FEW_VALUES, SHOWN_VALUE = 100, 200
"""Different texts of a column that are kept, and characters of each."""
CROWD, CROWD_SHARE = 50, 0.02
"""Rows with the same position of which it is said that there are many: at least so many, and such a part of all."""

UNDOING = N_("Inläsningen av {name} ångrades: {reason}")
RIGHT_GONE = N_("Den som läste in filen har inte längre rätt att göra det.")
SAME_SPOT = N_("{n} rader har exakt samma läge ({spot}). Det är ofta ett läge som registret fyller i när det är okänt.")
WORDS = {
    access.Denied: RIGHT_GONE,
    access.Missing: N_("Något som raden hör till finns inte längre, eller så når den som läste in filen det inte."),
    db.Conflict: N_("Raden har redan blivit något annat. Läs in filen en gång till."),
}
"""What is said of a row that is refused without words of its own."""
REFUSALS = (Invalid, GeometryRefused, access.Denied, access.Missing, db.Conflict, flow.Refused, Refused)


@outbox.handler(TASK, inside=True)
def _work(task: Claimed, database: db.Database) -> None:
    uid = UUID(task.payload["import"])
    with database.transaction(write=False):
        found = db.session().scalars(select(Import).where(Import.uid == uid)).one()
    if found.state == READS:
        _read(database, found)
    while _go_on(task, database, uid):
        turns.breathe(database)


def _go_on(task: Claimed, database: db.Database, uid: UUID) -> bool:
    """Do one chunk of what the import's state asks for; return whether there is more."""
    with database.transaction():
        found = db.session().scalars(select(Import).where(Import.uid == uid).with_for_update()).one()
        if found.state not in STEPS:
            return False
        do, ready = STEPS[found.state]
        if not _actor_of(found).may(kind_of(found.kind).needs):
            _stop(found)
        if (number := do(found)) == 0:
            flow.move(IMPORT, found, ready, HOUSE)
            found.finished_at = clock.now()
            return False
        found.done += number
        outbox.progress(task, min(99, 100 * found.done // max(found.total, 1)))
        return True


def _stop(found: Import) -> None:
    """Let no row go on: who asked for it may no more. What is taken in already stays."""
    for before, after in ((NEW, WRONG), (FIT, WRONG), *([(TAKEN, STAYS)] if found.state == UNDOES else [])):
        left = update(ImportRow).where(ImportRow.import_id == found.id, ImportRow.state == before)
        gone = [kept(Finding("", RIGHT_GONE, stops=True))]
        db.session().execute(left.values(state=after, errors=gone))


def _read(database: db.Database, found: Import) -> None:
    """Read the file, and keep its rows; what an earlier try has kept stays."""
    try:
        with store_of(database.settings).whole.local(found.sha256 or "") as path:
            table = read_table(path)
        with database.transaction(write=False):
            table = _without_persons(found, table)
    except Unreadable as refused:
        with database.transaction():
            lost = _locked(found.uid)
            if lost.state == READS:
                lost.fault = [kept(Finding("", refused.message))]
                flow.move(IMPORT, lost, "ge_upp", HOUSE)
        return
    for start in range(0, len(table.rows), READ_AT_ONCE):
        with database.transaction():
            ours = _locked(found.uid)
            if ours.state != READS:
                return
            _keep(ours, table.rows[start : start + READ_AT_ONCE])
        turns.breathe(database)
    with database.transaction():
        ours = _locked(found.uid)
        if ours.state == READS:
            _describe(ours, table)


def _without_persons(found: Import, table: Table) -> Table:
    told = Import(kind=found.kind, organisation_id=found.organisation_id, columns=_columns(table))
    return masking.without_persons(table, masking.strict_columns(kind_of(found.kind), guess(told)))


def _keep(ours: Import, chunk: Sequence[tuple[int, list[str]]]) -> None:
    """Keep the rows of a chunk that are not here yet."""
    between = ImportRow.number.between(chunk[0][0], chunk[-1][0])
    here = set(db.session().scalars(select(ImportRow.number).where(ImportRow.import_id == ours.id, between)))
    new = [
        {"import_id": ours.id, "number": number, "cells": cells, "state": NEW, "errors": [], "warnings": []}
        for number, cells in chunk
        if number not in here
    ]
    if new:
        db.session().execute(insert(ImportRow), new)


def _describe(ours: Import, table: Table) -> None:
    """Tell of a file whose rows are all here what columns it has, and let a person choose."""
    ours.columns, ours.total = _columns(table), len(table.rows)
    ours.mapping = guess(ours)
    ours.notes = masking.told_of_rows(ours)
    flow.move(IMPORT, ours, "last", HOUSE)


def work_here(uid: UUID) -> None:
    """Do all that an import's state asks for in this transaction: with the few rows of a file that the house wrote."""
    found = _locked(uid)
    if found.state == READS:
        with store().whole.local(found.sha256 or "") as path:
            table = _without_persons(found, read_table(path))
        _keep(found, table.rows)
        _describe(found, table)
        return
    do, ready = STEPS[found.state]
    while number := do(found):
        found.done += number
        db.session().flush()
    flow.move(IMPORT, found, ready, HOUSE)
    found.finished_at = clock.now()


def _locked(uid: UUID) -> Import:
    return db.session().scalars(select(Import).where(Import.uid == uid).with_for_update()).one()


def _columns(table: Table) -> list[dict[str, Any]]:
    """Return each heading with an example, and all different texts under it where they are few."""
    told: list[dict[str, Any]] = []
    for number, heading in enumerate(table.columns):
        texts = dict.fromkeys(cells[number].strip()[:SHOWN_VALUE] for _, cells in table.rows)
        texts.pop("", None)
        called = heading[:SHOWN_VALUE] or str(Text(N_("Kolumn {n}"), n=number + 1))
        few = list(texts) if len(texts) <= FEW_VALUES else []
        told.append({"heading": called, "example": next(iter(texts), "")[:60], "values": few})
    return told


def _left(found: Import, state: str, limit: int) -> list[ImportRow]:
    rows = select(ImportRow).where(ImportRow.import_id == found.id, ImportRow.state == state)
    return list(db.session().scalars(rows.order_by(ImportRow.number).limit(limit)))


def _try_some(found: Import) -> int:
    """Try the next rows; with none left tell what is odd about the file as a whole."""
    rows = _left(found, NEW, TRIED_AT_ONCE)
    if rows:
        trying.try_rows(_actor_of(found), found, batch_of(found), _while_it_lasts(rows))
    else:
        found.notes = [*masking.told_of_rows(found), *(kept(Finding("", note)) for note in _crowds(found))]
        found.tally = trying.tally(found)
    return sum(row.state != NEW for row in rows)


def _crowds(found: Import) -> list[str]:
    number = func.count()
    rows = select(ImportRow.spot, number).where(ImportRow.import_id == found.id, ImportRow.spot != "")
    least = max(CROWD, found.total * CROWD_SHARE)
    crowded = rows.group_by(ImportRow.spot).having(number >= least).order_by(number.desc()).limit(5)
    return [Text(SAME_SPOT, n=n, spot=spot) for spot, n in db.session().execute(crowded)]


def _take_some(found: Import) -> int:
    """Take in the next rows, each whole or not at all; one that is refused says why."""
    rows, actor, kind, batch = _left(found, FIT, TAKEN_AT_ONCE), _actor_of(found), kind_of(found.kind), batch_of(found)
    if not rows:
        return 0
    db.alone(f"import {found.organisation_id} {found.source}")
    here = kind.known(actor, batch, [row.key for row in rows if row.key])
    for row in _while_it_lasts(rows):
        if row.key and row.key in here:
            row.state = DOUBLE
            continue
        uid = db.uid_of(f"import {found.uid} {row.number}")
        try:
            with db.savepoint():
                kind.create(actor, batch, uid, trying.loaded(found, row.cells), trying.words_of(found, row.cells))
        except REFUSALS as refusal:
            _refuse(row, refusal, WRONG)
        else:
            row.state, row.record = TAKEN, uid
    return sum(row.state != FIT for row in rows)


def _undo_some(found: Import) -> int:
    """Undo the next rows; one that somebody has begun with meanwhile stays, and says so."""
    rows, actor, kind = _left(found, TAKEN, TAKEN_AT_ONCE), _actor_of(found), kind_of(found.kind)
    for row in _while_it_lasts(rows):
        try:
            with db.savepoint():
                if row.record is not None:
                    kind.undo(actor, row.record, Text(UNDOING, name=found.name, reason=found.reason))
        except REFUSALS as refusal:
            _refuse(row, refusal, STAYS)
        else:
            row.state = UNDONE
    return sum(row.state != TAKEN for row in rows)


def _while_it_lasts(rows: Sequence[ImportRow]) -> Iterator[ImportRow]:
    """Yield rows, the first whatever it takes, until the chunk has lasted long enough; the rest are the next one's."""
    began = clock.monotonic()
    for number, row in enumerate(rows):
        if number and clock.monotonic() - began > LASTING:
            return
        yield row


STEPS: Mapping[str, tuple[Callable[[Import], int], str]] = {
    TRIES: (_try_some, "provad"),
    TAKES_IN: (_take_some, "inford"),
    UNDOES: (_undo_some, "angrad"),
}
"""What is done with the next rows in a state of the worker's, and the move when there are none left."""


def _refuse(row: ImportRow, refusal: Exception, state: str) -> None:
    row.state, row.errors = state, [kept(finding) for finding in told(refusal)]


def told(refusal: Exception) -> Sequence[Finding]:
    """Return why a row is refused, in words, at its fields where they are known."""
    if isinstance(refusal, Refused):
        return [refusal.finding]
    if isinstance(refusal, Invalid):
        return [Finding(path, text, stops=True) for path, texts in refusal.flat().items() for text in texts]
    if isinstance(refusal, GeometryRefused):
        return [Finding("", refusal.reason, stops=True)]
    if isinstance(refusal, flow.Refused):
        return [Finding(one.field, one.message, stops=True) for one in refusal.objections]
    words = next(words for kind, words in WORDS.items() if isinstance(refusal, kind))
    return [Finding("", words, stops=True)]


def batch_of(found: Import) -> Batch:
    """Return the import as a kind of rows knows it."""
    return Batch(found.uid, found.source, found.organisation_id, found.received_at)


def _actor_of(found: Import) -> Actor:
    """Return who asked for it, with the rights of today."""
    return sync.sender_of(found.person_id)
