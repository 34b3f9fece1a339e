"""The pages of documents: asked for with a button on any page, awaited here, and fetched."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request
from werkzeug.datastructures import MultiDict

from core.documents import services
from core.documents.kinds import CSV, PDF, XLSX, every_kind
from core.documents.models import READ, Document
from core.documents.schemas import DocumentForm
from core.documents.services import ASK
from core.documents.states import FAILED, FAILURES, SHAPES, STATES, WAITING
from core.http import Pages, actor, page, redraw_with, see_other
from core.http.forms import Form, read_form
from core.http.photos import stored_file
from core.i18n import N_
from core.schema import Schema

pages = Pages("documents", __name__)
FORMATS = {PDF: N_("PDF"), XLSX: N_("kalkylblad"), CSV: N_("textfil")}


class Nothing(Schema):
    """A form that asks nothing."""


@pages.get("/dokument", needs=READ)
def list_documents() -> flask.Response:
    """List the documents that one has asked for."""
    return _list()


@pages.post("/dokument", needs=ASK)
def ask() -> flask.Response:
    """Ask for a document; its page tells when it is there."""
    redraw_with(_list)
    own = DocumentForm().load(read_form(DocumentForm, _those(request.form, within=True)))
    found = every_kind()[own["kind"]]
    chosen = read_form(found.options, _those(request.form, within=False))
    row = services.ask(actor(), own["kind"], own["subject"], chosen)
    return see_other("documents.show", uid=row.uid)


def _those(sent: MultiDict[str, str], *, within: bool) -> MultiDict[str, str]:
    """Return what a form says of which document it is (`within`), or what it says besides."""
    own = DocumentForm().fields.keys()
    return MultiDict([(name, text) for name, text in sent.items(multi=True) if (name in own) == within])


@pages.get("/dokument/<uuid:uid>", needs=READ)
def show(uid: UUID) -> flask.Response:
    """Show how far a document has come, and where to fetch it."""
    row = services.read_document(actor(), uid)
    return page(
        "documents/show.html",
        row=row,
        title=_title(row),
        percent=services.progress_of([row])[row.uid],
        states=STATES,
        shapes=SHAPES,
        failure=FAILURES.get(row.failure, ""),
        again=_again(row),
        format=FORMATS.get(row.filename.rpartition(".")[2], ""),
    )


@pages.get("/dokument/<uuid:uid>/lage", needs=READ)
def state(uid: UUID) -> flask.Response:
    """Tell how a document stands, for the script that waits on its page."""
    return flask.jsonify({"state": services.read_document(actor(), uid).state})


@pages.get("/dokument/<uuid:uid>/fil", needs=READ)
def file(uid: UUID) -> flask.Response:
    """Hand out the file of a document."""
    return stored_file(*services.file_of(actor(), uid), attachment=True)


@pages.post("/dokument/<uuid:uid>/ta-bort", needs=ASK)
def remove(uid: UUID) -> flask.Response:
    """Let a document go."""
    Nothing().load(read_form(Nothing, request.form))
    services.remove(actor(), uid)
    return see_other("documents.list_documents")


def _list(problem: Any = None) -> flask.Response:
    errors = {"": [text for texts in problem.fields(Nothing).values() for text in texts]} if problem else None
    rows = services.list_documents(actor())
    return page(
        "documents/list.html",
        rows=[(row, _title(row)) for row in rows],
        states=STATES,
        shapes=SHAPES,
        form=Form(Nothing, errors=errors),
        waiting=any(row.state == WAITING for row in rows),
    )


def _title(row: Document) -> str:
    found = every_kind().get(row.kind)
    return found.title if found else N_("Dokument")


def _again(row: Document) -> dict[str, str]:
    """Return what asks for a failed document once more, as a form sends it."""
    found = every_kind().get(row.kind)
    if row.state != FAILED or found is None:
        return {}
    drawn = [one for one in Form(found.options, found.options().load(row.options)) if one.value]
    return {"kind": row.kind, "subject": str(row.subject)} | {one.name: str(one.value) for one in drawn}
