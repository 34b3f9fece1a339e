"""Files to the finance system, in the API: made, listed, fetched again byte for byte."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.followup.models.files import SEND, FinanceFile
from core.followup.schemas.finance import FinanceFileIn, FinanceFileOut, FinanceFilePage, FinanceFileQuery
from core.followup.services import finance
from core.followup.views.finance import handed_out
from core.http import Api, actor
from core.http.paging import mark, place

CSV = {"description": "Filen.", "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}
"""What the API's document says of a file."""

api = Api("finance-files-api", __name__, description="Filer till ekonomisystemet: det som är beviljat och utbetalt.")


@api.route("/finance-files", methods=["GET"], needs=SEND)
@api.asks(FinanceFileQuery)
@api.response(200, FinanceFilePage)
def list_files(asked: dict[str, Any]) -> Any:
    """Filer till ekonomisystemet, den senaste först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    found = finance.list_files(actor(), after=after)
    return {"items": [_told(row) for row in found.rows], "next": mark(found.after)}


@api.route("/finance-files/<uuid:uid>", methods=["PUT"], needs=SEND)
@api.reads(FinanceFileIn)
@api.response(201, FinanceFileOut)
def make_file(_known: dict[str, Any], uid: UUID) -> Any:
    """Gör filen med allt som inte har skickats, under din egen uid. Samma uid igen ger samma fil."""
    return _told(finance.make_file(actor(), uid=uid)), 201


@api.route("/finance-files/<uuid:uid>", methods=["GET"], needs=SEND)
@api.response(200, FinanceFileOut)
def read_file(uid: UUID) -> Any:
    """En fil: nummer, antal rader och summor i kronor."""
    return _told(finance.read_file(actor(), uid))


@api.route("/finance-files/<uuid:uid>.csv", methods=["GET"], needs=SEND)
@api.doc(responses={"200": CSV})
def fetch_file(uid: UUID) -> Any:
    """Filens rader som CSV, likadan varje gång."""
    return handed_out(finance.read_file(actor(), uid))


def _told(row: FinanceFile) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("uid", "number", "made_at", "lines", "granted", "paid")}
