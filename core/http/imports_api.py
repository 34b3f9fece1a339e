"""Files that programs send to be read in: the steps of core/http/imports.py, over REST."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import imports, media
from core.http.blueprints import Api, expected_version, with_etag
from core.http.frame import actor, takes
from core.http.photos import pieces
from core.http.texts import translate
from core.i18n import N_
from core.imports import GO_ON, IMPORT, LARGEST, ROW_STATES, RUN, WORKERS, Import
from core.schema import ListPage, Schema, fields

api = Api("imports-api", __name__, description="Filer från andra register: prövas rad för rad innan något förs in.")

FILE_TYPES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
FILE_BODY = {
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "format": "binary"}} for kind in (*FILE_TYPES, "application/octet-stream")
    },
}
STATES = {key: state.label for key, state in IMPORT.states.items()}
STEPS = {move.key: move.label for move in IMPORT.moves if move.key not in (*WORKERS, "prova")}
STEPS[GO_ON] = N_("Försök igen")


class FileQuery(Schema):
    """What the file is: of which kind its rows are, from which register, and what it is called."""

    kind = fields.String(required=True, min=1, max=60)
    source = fields.String(required=True, min=1, max=80)
    name = fields.String(max=200, load_default="")


class ImportColumnOut(Schema):
    """A column: its heading, and the first text in it."""

    heading = fields.String(required=True, max=200)
    example = fields.String(required=True, blank=True, max=200)


class ImportSaidOut(Schema):
    """What is said of a row or of the whole file; `field` is empty for the whole."""

    field = fields.String(required=True, blank=True, max=60)
    message = fields.String(required=True, max=1000)


class ImportToldOut(ImportSaidOut):
    """What is said of several rows, of how many, and whether it stops them; a number in it is the first row's."""

    stops = fields.Boolean(required=True)
    rows = fields.Integer(required=True)


class ImportOut(Schema):
    """A file and how it stands. `mapping` names columns by number from 0, `to_interpret` holds texts by field.

    `given_up` says that the worker is not at it any more, whatever the state is; it goes on after `fortsatt`.
    `rows` counts the rows by state, `warned` those of which something is told that does not stop them.
    """

    uid = fields.Uid(required=True)
    kind = fields.String(required=True, max=60)
    source = fields.String(required=True, max=80)
    name = fields.String(required=True, blank=True, max=200)
    state = fields.Choice(STATES, required=True)
    given_up = fields.Boolean(required=True)
    received_at = fields.Instant(required=True)
    finished_at = fields.Instant(required=True, allow_none=True)
    thinned_at = fields.Instant(required=True, allow_none=True)
    columns = fields.List(fields.Nested(ImportColumnOut), required=True)
    mapping = fields.Object(required=True)
    to_interpret = fields.Object(required=True)
    total = fields.Integer(required=True)
    done = fields.Integer(required=True)
    rows = fields.Object(required=True)
    warned = fields.Integer(required=True)
    notes = fields.List(fields.Nested(ImportSaidOut), required=True)
    tally = fields.List(fields.Nested(ImportToldOut), required=True)
    version = fields.Integer(required=True)


class ImportsPage(ListPage):
    """The latest files of one's organisation."""

    items = fields.List(fields.Nested(ImportOut), required=True)


class MappingIn(Schema):
    """By field the number of its column; fields that the file lacks are left out."""

    columns = fields.Object(required=True)


class MeaningsIn(Schema):
    """By field, and by each text that is none of its choices, the choice it stands for; "-" leaves the rows out."""

    meanings = fields.Object(required=True)


class ImportMove(Schema):
    """A step of an import, with its reason where it needs one."""

    move = fields.Choice(STEPS, required=True)
    reason = fields.String(max=500, load_default="")


class ImportRowsQuery(Schema):
    """Which rows: in a state, or those of which something is told."""

    state = fields.Choice({"": "", **ROW_STATES}, load_default="")
    warned = fields.Boolean(load_default=False)
    after = fields.Integer(min=0, max=10_000_000, load_default=0)


class ImportRowOut(Schema):
    """A row: its number as a spreadsheet shows it, what became of it, and what is said of it."""

    number = fields.Integer(required=True)
    state = fields.Choice(ROW_STATES, required=True)
    key = fields.String(required=True, blank=True, max=120)
    record = fields.Uid(required=True, allow_none=True)
    cells = fields.List(fields.String(), required=True)
    errors = fields.List(fields.Nested(ImportSaidOut), required=True)
    warnings = fields.List(fields.Nested(ImportSaidOut), required=True)


class ImportRowsPage(Schema):
    """Rows in the file's order; `next` is the `after` of the next page."""

    items = fields.List(fields.Nested(ImportRowOut), required=True)
    next = fields.Integer(required=True, allow_none=True)


@api.route("/imports", methods=["GET"], needs=RUN)
@api.response(200, ImportsPage)
def list_imports() -> Any:
    """Filer som din organisation har läst in, den senaste först."""
    return {"items": [_told(found) for found in imports.list_imports(actor())], "next": None}


@api.route("/imports", methods=["POST"], needs=RUN)
@api.doc(requestBody=FILE_BODY)
@api.asks(FileQuery)
@api.response(202, ImportOut)
@takes(LARGEST + 1, streams=True)
def receive(asked: dict[str, Any]) -> Any:
    """Skicka in en fil (CSV eller xlsx) med rubriker på första raden; den läses strax. Samma fil igen är den första."""
    with media.spooled(pieces()) as spool:
        return with_etag(*_answer(imports.receive(actor(), spool, **asked)), 202)


@api.route("/imports/<uuid:uid>", methods=["GET"], needs=RUN)
@api.doc(**{"x-version": "reads"})
@api.response(200, ImportOut)
def read_import(uid: UUID) -> Any:
    """Hur en fil står: kolumner, gissade fält, rader per läge, och hur långt arbetet har kommit."""
    return with_etag(*_answer(imports.read_import(actor(), uid)))


@api.route("/imports/<uuid:uid>/mapping", methods=["PUT"], needs=RUN)
@api.doc(**{"x-version": "changes"})
@api.reads(MappingIn)
@api.response(200, ImportOut)
def choose(known: dict[str, Any], uid: UUID) -> Any:
    """Säg vilken kolumn varje fält står i; sedan prövas raderna, om inte texter först ska tolkas (`to_interpret`)."""
    columns = {name: str(column) for name, column in known["columns"].items()}
    return with_etag(*_answer(imports.choose(actor(), uid, columns, version=expected_version())))


@api.route("/imports/<uuid:uid>/meanings", methods=["PUT"], needs=RUN)
@api.doc(**{"x-version": "changes"})
@api.reads(MeaningsIn)
@api.response(200, ImportOut)
def interpret(known: dict[str, Any], uid: UUID) -> Any:
    """Säg vad texterna i en kolumn står för; sedan prövas raderna."""
    version = expected_version()
    meanings = imports.written_meanings(imports.read_import(actor(), uid), known["meanings"])
    return with_etag(*_answer(imports.interpret(actor(), uid, meanings, version=version)))


@api.route("/imports/<uuid:uid>/moves", methods=["POST"], needs=RUN)
@api.doc(**{"x-version": "changes"})
@api.reads(ImportMove)
@api.response(200, ImportOut)
def move(known: dict[str, Any], uid: UUID) -> Any:
    """Ta ett steg: för in raderna, ångra hela inläsningen (med skäl), välj kolumner igen, avstå."""
    found = imports.move_import(actor(), uid, known["move"], reason=known["reason"], version=expected_version())
    return with_etag(*_answer(found))


@api.route("/imports/<uuid:uid>/rows", methods=["GET"], needs=RUN)
@api.asks(ImportRowsQuery)
@api.response(200, ImportRowsPage)
def list_rows(asked: dict[str, Any], uid: UUID) -> Any:
    """Filens rader i ordning, med allt som sägs om var och en."""
    states = (asked["state"],) if asked["state"] else ()
    rows = imports.list_rows(actor(), uid, states=states, warned=asked["warned"], after=asked["after"])
    names = ("number", "state", "key", "record", "cells")
    items = [
        {name: getattr(row, name) for name in names} | {"errors": _said(row.errors), "warnings": _said(row.warnings)}
        for row in rows
    ]
    return {"items": items, "next": rows[-1].number if len(rows) == imports.PAGE else None}


def _answer(found: Import) -> tuple[dict[str, Any], int]:
    return _told(found), found.version


def _told(found: Import) -> dict[str, Any]:
    counts = imports.standing(found)
    names = (
        "uid",
        "kind",
        "source",
        "name",
        "state",
        "received_at",
        "finished_at",
        "thinned_at",
        "mapping",
        "total",
        "done",
        "version",
    )
    return {name: getattr(found, name) for name in names} | {
        "columns": [{"heading": one["heading"], "example": one["example"]} for one in found.columns],
        "to_interpret": imports.to_interpret(found) if found.state == "valj" else {},
        "given_up": bool(imports.given_up([found])),
        "rows": dict(counts.states),
        "warned": counts.warned,
        "notes": _said([*found.fault, *found.notes]),
        "tally": _tally(found.tally),
    }


def _said(kept: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"field": one["field"], "message": translate(imports.said(one))} for one in kept]


def _tally(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**told, "stops": one["stops"], "rows": one["rows"]} for told, one in zip(_said(kept), kept, strict=True)]
