"""Which column each field is in, and what its texts stand for: guessed, chosen by a person, remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from core import access, clock, db, flow
from core.access import Actor
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.imports.intake import let_work
from core.imports.kinds import folded, kind_of
from core.imports.models import NEW, RUN, Import, ImportMapping, ImportRow
from core.imports.states import CHOOSES, IMPORT
from core.schema import Schema, fields

LEFT_OUT = "-"
"""What a text stands for whose rows are not to be taken in."""
RECENT = 3
"""Headings that an organisation has used for a field, the latest: files of several registers come in turn."""
NOT_NOW = N_("Kolumnerna går inte att välja nu: läget är ”{state}”. Ladda om sidan.")


def guess(found: Import) -> dict[str, int]:
    """Return by field the column it seems to be in: where it was the last time, else by its heading."""
    headings = [folded(column["heading"]) for column in found.columns]
    guessed: dict[str, int] = {}
    for name, field in kind_of(found.kind).fields().fields.items():
        remembered = _remembered(found, name)
        also = (name, field.metadata.get("label", ""), *field.metadata.get("also", ()))
        likely = [*remembered, *map(folded, also)]
        hits = [headings.index(one) for one in likely if one in headings]
        if hits and (remembered or hits[0] not in guessed.values()):
            guessed[name] = hits[0]
    return guessed


def _remembered(found: Import, field: str) -> list[str]:
    rows = select(ImportMapping.said).where(*_ours(found), ImportMapping.field == field, ImportMapping.value == "")
    return list(db.session().scalars(rows.order_by(ImportMapping.used_at.desc()).limit(RECENT)))


def _ours(found: Import) -> Iterable[Any]:
    return ImportMapping.organisation_id == found.organisation_id, ImportMapping.kind == found.kind


def columns_schema(found: Import) -> Schema:
    """Return what asks for the column of each field; the value is the column's number from 0."""
    columns = {str(number): _called(column) for number, column in enumerate(found.columns)}
    asked: dict[str, Any] = {}
    for name, field in kind_of(found.kind).fields().fields.items():
        words = {"label": field.metadata.get("label", name), "hint": field.metadata.get("hint", "")}
        if field.required:
            asked[name] = fields.Choice(columns, required=True, widget="select", **words)
        else:
            options = {"": N_("Finns inte i filen"), **columns}
            asked[name] = fields.Choice(options, load_default="", widget="select", **words)
    return Schema.from_dict(asked, name="ImportColumns")()  # type: ignore[return-value]


def _called(column: Mapping[str, Any]) -> str:
    heading, example = column["heading"], column["example"]
    return Text(N_("{heading} (till exempel {example})"), heading=heading, example=example) if example else heading


def choose(actor: Actor, uid: UUID, columns: Mapping[str, Any], *, version: int | None = None) -> Import:
    """Say which column each field is in, and let the rows be tried; unless texts of theirs must be interpreted first.

    Raises Missing, Denied, Stale, Invalid, Refused.
    """
    found = _open(actor, uid, version)
    known = columns_schema(found).load(dict(columns))
    _refuse_now(found)
    if (check := getattr(kind_of(found.kind), "check", None)) is not None:
        check({name for name, column in known.items() if column})
    found.mapping = {name: int(column) for name, column in known.items() if column}
    found.meanings = {}
    for name, column in found.mapping.items():
        _remember(found, name, found.columns[column]["heading"])
    if to_interpret(found):
        db.session().flush()
        return found
    return _try(actor, found)


def to_interpret(found: Import) -> dict[str, list[str]]:
    """Return by field the texts of its column that are none of its choices, as the file has them."""
    described, asked = kind_of(found.kind).fields().fields, {}
    for name, column in found.mapping.items():
        field = described.get(name)
        if isinstance(field, fields.Choice):
            means = reader_of(field)
            asked[name] = [text for text in found.columns[column]["values"] if means(text) is None]
    return {name: texts for name, texts in asked.items() if texts}


def by_words(field: Any) -> dict[str, str]:
    """Return the keys of a field's choices by what a file may call them: the key or the title, folded."""
    return {folded(word): key for key, title in field.options.items() if key for word in (title, key)}


def reader_of(field: Any) -> Callable[[str], str | None]:
    """Return what says which choice of a field a text of a file means, None where it means none of them.

    A field knows it itself where its metadata has `means`; else a text is the title or the key of a choice.
    """
    if (means := field.metadata.get("means")) is not None:
        asked: Callable[[str], str | None] = means
        return asked
    known = by_words(field)
    return lambda text: known.get(folded(text))


def meanings_schema(found: Import) -> Schema:
    """Return what asks what each text stands for; the name is the field's, and the text's number in its list."""
    described, asked = kind_of(found.kind).fields().fields, {}
    for name, text in _texts(found).items():
        choice: Any = described[name.rpartition(".")[0]]
        options = {**choice.options, LEFT_OUT: N_("Ta inte med de raderna")}
        asked[name] = fields.Choice(options, required=True, widget="select", label=text)
    return Schema.from_dict({_named(name): field for name, field in asked.items()}, name="ImportMeanings")()  # type: ignore[return-value]


def _texts(found: Import) -> dict[str, str]:
    return {f"{name}.{n}": text for name, texts in to_interpret(found).items() for n, text in enumerate(texts)}


def _named(name: str) -> str:
    return name.replace(".", "_")


def last_meanings(found: Import) -> dict[str, str]:
    """Return what the texts stood for the last time, for the form of `meanings_schema`."""
    rows = db.session().scalars(select(ImportMapping).where(*_ours(found), ImportMapping.value != ""))
    known = {(row.field, row.said): row.value for row in rows}
    texts = {name: (name.rpartition(".")[0], folded(text)) for name, text in _texts(found).items()}
    return {_named(name): known[said] for name, said in texts.items() if said in known}


def written_meanings(found: Import, meanings: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return what a program says of texts by field, as the form of `meanings_schema` says it."""
    texts = {name: (name.rpartition(".")[0], text) for name, text in _texts(found).items()}
    said = {name: meanings.get(field, {}).get(text) for name, (field, text) in texts.items()}
    return {_named(name): value for name, value in said.items() if value is not None}


def interpret(actor: Actor, uid: UUID, meanings: Mapping[str, Any], *, version: int | None = None) -> Import:
    """Say what the texts of the columns stand for, and let the rows be tried. Raises as `choose` does."""
    found = _open(actor, uid, version)
    known = meanings_schema(found).load(dict(meanings))
    _refuse_now(found)
    meant: dict[str, dict[str, str]] = {}
    for name, text in _texts(found).items():
        field, value = name.rpartition(".")[0], known[_named(name)]
        meant.setdefault(field, {})[folded(text)] = value
        _remember(found, field, text, value)
    found.meanings = meant
    return _try(actor, found)


def _open(actor: Actor, uid: UUID, version: int | None) -> Import:
    found = access.find(Import, uid, actor, RUN, lock=True)
    access.require(actor, kind_of(found.kind).needs)
    db.refuse_stale("import", uid, found.version, version)
    return found


def _refuse_now(found: Import) -> None:
    if found.state != CHOOSES:
        raise flow.Refused([Objection(Text(NOT_NOW, state=IMPORT.states[found.state].label))])


def _remember(found: Import, field: str, said: str, value: str = "") -> None:
    who = {"organisation_id": found.organisation_id, "kind": found.kind, "field": field, "said": folded(said)}
    if who["said"]:
        kept = {"value": value, "used_at": clock.now()}
        row = db.insert(ImportMapping).values(**who, **kept)
        db.session().execute(row.on_conflict_do_update(index_elements=list(who), set_=kept))


def _try(actor: Actor, found: Import) -> Import:
    """Let the worker try every row anew."""
    again = {"state": NEW, "errors": [], "warnings": [], "warned": False, "key": "", "spot": "", "record": None}
    db.session().execute(update(ImportRow).where(ImportRow.import_id == found.id).values(**again))
    flow.move(IMPORT, found, "prova", actor)
    found.done, found.notes, found.tally = 0, [], []
    let_work(found)
    return found
