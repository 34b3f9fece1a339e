"""Each row is tried before anything is taken in: all of its errors, what is odd about it, and whether it is here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import or_, select

from core import db
from core.access import Actor
from core.i18n import N_, Text
from core.imports import masking
from core.imports.choosing import LEFT_OUT, reader_of
from core.imports.kinds import Batch, Finding, Told, folded, kept, kind_of, name_of
from core.imports.models import DOUBLE, FIT, SKIPPED, WRONG, Import, ImportRow
from core.schema import Invalid, fields, without_numbers

TOO_WIDE = N_("Raden har fler celler än rubrikraden. Saknas citattecken runt en text med ett skiljetecken i?")
HERE = N_("Nummer {number} från {source} finns redan.")
TWICE = N_("Nummer {number} står på flera rader i filen. Den första räknas.")


class _Cells(dict[str, str]):
    """The texts of a row by field, as a form would send them."""

    def getlist(self, key: str) -> list[str]:
        return [self[key]]


def texts_of(found: Import, cells: Sequence[str]) -> _Cells:
    """Return what a row says of each field, with texts that stand for a choice as the choice's key."""
    kind = kind_of(found.kind)
    described, texts = kind.fields().fields, _Cells()
    for name, column in found.mapping.items():
        text = cells[column].strip()
        if masking.is_text(kind, name, described[name]):
            text = without_numbers(text)  # also in a column that did not look like one of texts when the file came
        if text and isinstance(described[name], fields.Choice):
            meant = found.meanings.get(name, {})
            text = meant.get(folded(text)) or reader_of(described[name])(text) or text
        texts[name] = text
    return texts


def words_of(found: Import, cells: Sequence[str]) -> dict[str, str]:
    """Return what a row says of each field, in its own words."""
    kind = kind_of(found.kind)
    described, said = kind.fields().fields, {name: cells[column].strip() for name, column in found.mapping.items()}
    strict = {name for name in said if not masking.is_text(kind, name, described[name])}
    return {name: text if name in strict else without_numbers(text) for name, text in said.items()}


def loaded(found: Import, cells: Sequence[str]) -> dict[str, Any]:
    """Return a row as its schema loads it. Raises Invalid."""
    schema = kind_of(found.kind).fields()
    known: dict[str, Any] = schema.load(schema.from_form(texts_of(found, cells)))
    return known


def try_rows(actor: Actor, found: Import, batch: Batch, rows: Iterable[ImportRow]) -> None:
    """Say of each row whether it can be taken in, and why not."""
    kind, tried = kind_of(found.kind), list[ImportRow]()
    for row in rows:
        tried.append(row)
        texts = texts_of(found, row.cells)
        if any(texts.get(name) == LEFT_OUT for name in found.meanings):
            row.state = SKIPPED
            continue
        errors, warnings = _looked_at(actor, found, batch, row)
        row.errors, row.warnings, row.warned = errors, warnings, bool(warnings)
        row.state, row.key = WRONG if errors else FIT, row.key or texts.get(kind.number, "")[:120]
    fit = [row for row in tried if row.state == FIT and row.key]
    keys = [row.key for row in fit]
    here = kind.known(actor, batch, keys) if keys else set()
    first = _earlier(found, keys, tried[0].number)
    for row in fit:
        if row.key in here or row.key in first:
            words = Text(HERE, number=row.key, source=found.source) if row.key in here else Text(TWICE, number=row.key)
            row.state, row.errors = DOUBLE, [kept(Finding(kind.number, words))]
        first.add(row.key)


def _looked_at(actor: Actor, found: Import, batch: Batch, row: ImportRow) -> tuple[list[Any], list[Any]]:
    """Return the errors of a row and what is odd about it, as they are kept."""
    kind, findings = kind_of(found.kind), [*_too_wide(found, row), *masking.told_of_row(row.cells)]
    try:
        known = loaded(found, row.cells)
    except Invalid as refused:
        findings += [Finding(path, text, stops=True) for path, said in refused.flat().items() for text in said]
    else:
        findings += kind.look(actor, batch, known, words_of(found, row.cells))
        row.spot = kind.spot(known)[:60]
        row.key = name_of(kind, known)[:120]
    return [kept(one) for one in findings if one.stops], [kept(one) for one in findings if not one.stops]


def _too_wide(found: Import, row: ImportRow) -> Iterable[Finding]:
    if len(row.cells) > len(found.columns):
        yield Finding("", TOO_WIDE, stops=True)


def _earlier(found: Import, keys: list[str], number: int) -> set[str]:
    """Return those of the numbers that a row before row `number` has: rows are tried in their order."""
    rows = select(ImportRow.key).where(ImportRow.import_id == found.id, ImportRow.key.in_(keys))
    return set(db.session().scalars(rows.where(ImportRow.state == FIT, ImportRow.number < number)))


def tally(found: Import) -> list[Told]:
    """Return what is said of the rows of a file, each with how many rows it is said of, what stops most of them first.

    Words that tell of a row's own number or text stand as they are of the first row.
    """
    told: dict[tuple[bool, str, str], Told] = {}
    rows = select(ImportRow.errors, ImportRow.warnings).where(ImportRow.import_id == found.id)
    rows = rows.where(or_(ImportRow.warned, ImportRow.state.in_((WRONG, DOUBLE)))).order_by(ImportRow.number)
    for errors, warnings in db.session().execute(rows):
        for stops, one in (*((True, one) for one in errors), *((False, one) for one in warnings)):
            kind = told.setdefault((stops, one["field"], one["text"]), {**one, "stops": stops, "rows": 0})
            kind["rows"] += 1
    return sorted(told.values(), key=lambda one: (not one["stops"], -one["rows"]))
