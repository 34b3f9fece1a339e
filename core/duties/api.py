"""How the law's duties stand, and what boards report in ILS, in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import clock, db
from core.duties.models import IlsReport
from core.duties.models.coordination import READ as LAW_READ
from core.duties.models.ils import READ as ILS_READ
from core.duties.schemas.ils import IlsPage, IlsQuery, IlsReportOut
from core.duties.schemas.law import StatementOut
from core.duties.services import compliance, ils
from core.duties.states import CLOSED
from core.http import Api, actor
from core.http.paging import mark, place
from core.places import services as places

api = Api("duties-api", __name__, description="Lagkrav och uppdrag: hur lagkraven uppfylls, och uppföljning i ILS.")


@api.route("/law-compliance", methods=["GET"], needs=LAW_READ)
@api.response(200, StatementOut)
def read_statement() -> Any:
    """Sammanställning av lagkraven i dag: uppfyllt, försenat eller saknas, och vad som visar det."""
    found = compliance.statement(actor())
    city = places.city(db.settings().city)
    duties = [
        {
            "duty": one.key,
            "title": one.duty.title,
            "source": one.duty.source,
            "state": one.state,
            "told": str(one.told),
            "on": one.on,
            "until": one.until,
            "link": one.link,
        }
        for one in found
    ]
    return {"day": clock.today(), "municipality": city.get("organisation", city["name"]), "duties": duties}


@api.route("/ils-reports", methods=["GET"], needs=ILS_READ)
@api.asks(IlsQuery)
@api.response(200, IlsPage)
def list_ils_reports(asked: dict[str, Any]) -> Any:
    """Uppföljningar i ILS, den senast öppnade först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    rows, more = ils.list_reports(actor(), year=asked.get("year"), after=after)
    return {"items": [_line(row) for row in rows], "next": mark(more)}


@api.route("/ils-reports/<uuid:uid>", methods=["GET"], needs=ILS_READ)
@api.response(200, IlsReportOut)
def read_ils_report(uid: UUID) -> Any:
    """En nämnds uppföljning med sina rader och sin text; av en stängd tertial så som den lämnades."""
    found = ils.read_report(actor(), uid)
    rows = [vars(row) for row in found.rows]
    return _line(found.report) | {"text": found.text, "rows": rows}


def _line(row: IlsReport) -> dict[str, Any]:
    return {
        "uid": row.uid,
        "organisation": row.organisation.uid,
        "name": row.organisation.name,
        "year": row.year,
        "period": row.period,
        "due_on": row.due_on,
        "closed": row.state == CLOSED,
    }
