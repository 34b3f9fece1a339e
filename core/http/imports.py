"""Files that are read in from other registers: on pages step by step, and the same steps for programs."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, BinaryIO
from uuid import UUID

import flask
from flask import request
from werkzeug.datastructures import MultiDict

from core import imports, media
from core.flow import moves_for
from core.http.blueprints import Pages
from core.http.forms import Form, read_form, read_query, read_version
from core.http.frame import actor, takes
from core.http.imports_api import api
from core.http.pages import page, redraw_with, see_other
from core.http.texts import translate
from core.i18n import N_
from core.imports import GO_ON, IMPORT, LARGEST, ROW_STATES, RUN, Import
from core.schema import Schema, fields

__all__ = ["api", "pages"]

pages = Pages("imports", __name__)

FORM_ROOM = 100_000
"""Bytes of a form beside its file."""
PREVIEWED, PREVIEWED_FIELDS, LONGEST_SHOWN = 5, 6, 80
TABS = {"fel": N_("Fel"), "tank": N_("Att tänka på"), "dubblett": N_("Finns redan"), "alla": N_("Alla rader")}
HEADINGS = (N_("Rad"), N_("Läge"), N_("Fält"), N_("Vad som sägs om raden"))


class FileForm(Schema):
    """A file to read in."""

    kind = fields.String(required=True, max=60, widget="select", label=N_("Vad innehåller filen?"))
    source = fields.String(
        required=True,
        max=80,
        label=N_("Från vilket register?"),
        hint=N_("Till exempel Tyck till. Skriv likadant varje gång: ärendenummer räknas per register."),
    )
    file = fields.Upload(
        required=True,
        accept=".csv,.tsv,.txt,.xlsx",
        label=N_("Filen"),
        hint=N_("CSV eller Excel (xlsx), med rubriker på första raden. Högst 20 MB och 50 000 rader."),
    )


class UndoForm(Schema):
    """Why all that was taken in is undone."""

    reason = fields.String(required=True, max=500, label=N_("Varför ska allt ångras?"))


class RowsQuery(Schema):
    """Which rows of an import are shown, and after which."""

    visa = fields.Choice({"": "", **TABS}, load_default="")
    efter = fields.Integer(load_default=0, min=0)


@pages.get("/inlasningar", needs=RUN)
def list_imports() -> flask.Response:
    """List the files that have been read in, with a form for another."""
    return _list()


@pages.post("/inlasningar", needs=RUN)
@takes(LARGEST + FORM_ROOM)
def receive() -> flask.Response:
    """Take in a file."""
    redraw_with(_list)
    known = FileForm().load(read_form(FileForm, request.form, request.files))
    file = known.pop("file")
    with media.spooled(media.whole(file.stream)) as spool:
        found = imports.receive(actor(), spool, name=file.filename or "", **known)
    return see_other("imports.read", uid=found.uid)


def _list(problem: Any = None) -> flask.Response:
    options = {"kind": [(key, translate(kind.title)) for key, kind in imports.kinds(actor()).items()]}
    only = {"kind": options["kind"][0][0]} if len(options["kind"]) == 1 else {}
    written, errors = (request.form, problem.fields(FileForm)) if problem else (MultiDict(only), None)
    rows = imports.list_imports(actor())
    return page(
        "imports/list.html",
        form=Form(FileForm, written=written, errors=errors, options=options),
        rows=rows,
        given_up=imports.given_up(rows),
        kinds=imports.kinds(actor()),
        states=IMPORT.states,
    )


@pages.get("/inlasningar/<uuid:uid>", needs=RUN)
def read(uid: UUID) -> flask.Response:
    """Show how an import stands, and what is to be done with it now."""
    return _page(uid)


@pages.post("/inlasningar/<uuid:uid>/kolumner", needs=RUN)
def choose(uid: UUID) -> flask.Response:
    """Say which column each field is in."""
    schema = imports.columns_schema(imports.read_import(actor(), uid))
    redraw_with(lambda problem: _page(uid, _written(schema, problem, _to(uid, "choose"))))
    known = read_form(schema, request.form)
    found = imports.choose(actor(), uid, known, version=read_version(request.form))
    return see_other("imports.read" if found.works else "imports.meanings", uid=uid)


@pages.get("/inlasningar/<uuid:uid>/varden", needs=RUN)
def meanings(uid: UUID) -> flask.Response:
    """Ask what the texts of a column stand for."""
    return _meanings(uid)


@pages.post("/inlasningar/<uuid:uid>/varden", needs=RUN)
def interpret(uid: UUID) -> flask.Response:
    """Say what the texts of a column stand for."""
    schema = imports.meanings_schema(imports.read_import(actor(), uid))
    redraw_with(lambda problem: _meanings(uid, _written(schema, problem, "")))
    imports.interpret(actor(), uid, read_form(schema, request.form), version=read_version(request.form))
    return see_other("imports.read", uid=uid)


@pages.post("/inlasningar/<uuid:uid>/steg/<key>", needs=RUN)
def move(uid: UUID, key: str) -> flask.Response:
    """Take a step: take the rows in, choose columns again, leave it, undo all of it, go on with what was given up."""
    redraw_with(lambda problem: _page(uid, undo=_written(UndoForm(), problem, "")))
    schema = UndoForm if key != GO_ON and IMPORT.move(key).reason else Schema
    asked = schema().load(read_form(schema, request.form))
    imports.move_import(actor(), uid, key, **asked, version=read_version(request.form))
    return see_other("imports.read", uid=uid)


@pages.get("/inlasningar/<uuid:uid>/rader.csv", needs=RUN)
def download(uid: UUID) -> flask.Response:
    """Hand out all that is said of the rows, with the rows: written to a file first, however many they are."""
    words = {key: translate(title) for key, title in ROW_STATES.items()}
    lines = imports.listed(actor(), uid, words, tuple(map(translate, HEADINGS)))
    with media.spooled(chain([codecs.BOM_UTF8], (line.encode() for line in lines))) as spool:
        file = spool.open("rb")  # it is gone when it has been sent
    response = flask.Response(_all_of(file), mimetype="text/csv", direct_passthrough=True)
    response.call_on_close(file.close)
    response.headers["Content-Disposition"] = f"attachment; filename=rader-{uid}.csv"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _all_of(file: BinaryIO) -> Iterator[bytes]:
    with file:
        yield from media.whole(file)


def _to(uid: UUID, act: str) -> str:
    return flask.url_for(f"imports.{act}", uid=uid)


def _written(schema: Schema, problem: Any, action: str) -> Form:
    return Form(schema, written=request.form, errors=problem.fields(type(schema)), action=action)


def _meanings(uid: UUID, form: Form | None = None) -> flask.Response:
    found = imports.read_import(actor(), uid)
    schema = imports.meanings_schema(found)
    drawn = form or Form(schema, _Answers(imports.last_meanings(found)), version=found.version)
    asked = [imports.kind_of(found.kind).fields().fields[name] for name in imports.to_interpret(found)]
    return page(
        "imports/meanings.html",
        found=found,
        form=drawn,
        about=", ".join(translate(field.metadata["label"]) for field in asked),
    )


class _Answers(dict[str, Any]):
    """Answers to a form whose questions only the request knows; a question without one is not answered."""

    def __missing__(self, key: str) -> None:
        return None


def _page(uid: UUID, form: Form | None = None, undo: Form | None = None) -> flask.Response:
    found, asked = imports.read_import(actor(), uid), read_query(RowsQuery, request.args)
    counts = imports.standing(found)
    if found.state == "valj" and form is None:
        guessed = {name: str(column) for name, column in found.mapping.items()}
        schema = imports.columns_schema(found)
        form = Form(schema, _Answers(guessed), action=_to(uid, "choose"), version=found.version)
    tab = asked["visa"] or next((key for key, n in _counted(counts, found).items() if n), "alla")
    rows = _rows(uid, tab, asked["efter"])
    return page(
        "imports/import.html",
        found=found,
        kind=imports.kind_of(found.kind),
        state=IMPORT.states[found.state],
        given_up=found.uid in imports.given_up([found]),
        form=form or undo,
        choosing=form,
        undo=undo or Form(UndoForm, version=found.version),
        fits=counts["duger"],
        facts=[(translate(label), n) for label, n in _facts(found, counts) if n],
        notes=[imports.said(note) for note in found.notes],
        fault=[imports.said(fault) for fault in found.fault],
        tally=[(imports.called(found, one), imports.said(one), one["rows"], one["stops"]) for one in found.tally],
        moves={one.key for one in moves_for(IMPORT, found, actor())},
        tabs=[
            {"text": translate(TABS[key]), "href": f"?visa={key}#rader", "count": n, "current": key == tab}
            for key, n in _counted(counts, found).items()
        ],
        rows=[
            (row, imports.row_called(found, row), [_said(name, text) for name, text in imports.about(found, row)])
            for row in rows
        ],
        more=f"?visa={tab}&efter={rows[-1].number}#rader" if len(rows) == imports.PAGE else None,
        row_states=ROW_STATES,
        **_preview(found),
    )


def _said(name: str, text: str) -> str:
    return f"{translate(name)}: {translate(text)}" if name else translate(text)


def _counted(counts: imports.Standing, found: Import) -> dict[str, int]:
    wrong = counts["fel"] + counts["kvar"]
    return {"fel": wrong, "tank": counts.warned, "dubblett": counts["dubblett"], "alla": found.total}


def _facts(found: Import, counts: imports.Standing) -> list[tuple[str, int]]:
    """Return how many rows there are, and what becomes of how many."""
    return [(N_("Rader i filen"), found.total), *((title, counts[key]) for key, title in ROW_STATES.items())]


def _rows(uid: UUID, tab: str, after: int) -> list[imports.ImportRow]:
    states: Iterable[str] = {"fel": ("fel", "kvar"), "dubblett": ("dubblett",)}.get(tab, ())
    return imports.list_rows(actor(), uid, states=states, warned=tab == "tank", after=after)


def _preview(found: Import) -> dict[str, Any]:
    """Return the first rows as they are understood: the fields that have a column, and what each row says of them."""
    described: dict[str, Any] = imports.kind_of(found.kind).fields().fields
    shown = [name for name in described if name in found.mapping][:PREVIEWED_FIELDS]
    titles = {name: described[name].options for name in shown if isinstance(described[name], fields.Choice)}
    rows = imports.list_rows(actor(), found.uid, limit=PREVIEWED) if found.state in ("valj", "provad") else []
    texts = [(row.number, imports.texts_of(found, row.cells)) for row in rows]
    return {
        "preview_columns": [translate(described[name].metadata["label"]) for name in shown],
        "preview": [
            (number, [translate(titles.get(name, {}).get(said[name], said[name][:LONGEST_SHOWN])) for name in shown])
            for number, said in texts
        ],
    }
