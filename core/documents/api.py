"""Documents in the API: asked for, awaited, fetched."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.documents import services
from core.documents.models import READ, Document
from core.documents.schemas import DocumentIn, DocumentOut, DocumentsPage
from core.documents.services import ASK
from core.documents.states import FAILURES
from core.http import Api, actor
from core.http.photos import stored_file
from core.http.texts import translate

FILE = {"description": "Filen.", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
"""What the API's document says of a file."""

api = Api("documents-api", __name__, description="Dokument: protokoll, brev och tabeller, som görs av arbetaren.")


@api.route("/documents", methods=["GET"], needs=READ)
@api.response(200, DocumentsPage)
def list_documents() -> Any:
    """Dokument som du har bett om, det senaste först."""
    return {"items": _told(services.list_documents(actor())), "next": None}


@api.route("/documents", methods=["POST"], needs=ASK)
@api.reads(DocumentIn)
@api.response(202, DocumentOut)
def ask(sent: dict[str, Any]) -> Any:
    """Be om ett dokument; det görs strax. Samma en gång till medan det görs är samma dokument."""
    [told] = _told([services.ask(actor(), sent["kind"], sent["subject"], sent["options"])])
    return told, 202


@api.route("/documents/<uuid:uid>", methods=["GET"], needs=READ)
@api.response(200, DocumentOut)
def read_document(uid: UUID) -> Any:
    """Hur långt ett dokument har kommit; `failure` säger varför ett inte går att göra."""
    [told] = _told([services.read_document(actor(), uid)])
    return told


@api.route("/documents/<uuid:uid>", methods=["DELETE"], needs=ASK)
@api.response(204)
def remove(uid: UUID) -> None:
    """Ta bort ett dokument, gjort eller inte."""
    services.remove(actor(), uid)


@api.route("/documents/<uuid:uid>/file", methods=["GET"], needs=READ)
@api.doc(responses={"200": FILE})
def file(uid: UUID) -> Any:
    """Dokumentets fil; 404 tills det är gjort."""
    return stored_file(*services.file_of(actor(), uid), attachment=True)


def _told(rows: list[Document]) -> list[dict[str, Any]]:
    names = (
        "uid", "kind", "subject", "about", "state", "level", "asked_at", "finished_at", "ends_at", "filename",
        "media_type", "bytes",
    )  # fmt: skip
    percent = services.progress_of(rows)
    return [
        {name: getattr(row, name) for name in names}
        | {"percent": percent[row.uid], "failure": translate(FAILURES[row.failure]) if row.failure else ""}
        for row in rows
    ]
