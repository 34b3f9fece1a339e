"""Money handed back and forecasts of grants, in the API: booked at once, listed as they were booked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.followup.models import ASK, FORECAST, READ
from core.followup.schemas.told import (
    BookedOut,
    ForecastIn,
    ForecastOut,
    ForecastPage,
    HandBackIn,
    HandBackPage,
    OfGrantQuery,
    of_grant,
)
from core.followup.services import booked, moving_money, outturn
from core.followup.services.booked import FORESEEN, HANDED_BACK, Booked
from core.http import Api, actor
from core.http.paging import mark, place

api = Api("booked-grants-api", __name__, description="Återlämnade medel och prognoser för beviljade ansökningar.")


@api.route("/hand-backs", methods=["GET"], needs=READ)
@api.asks(OfGrantQuery)
@api.response(200, HandBackPage)
def list_hand_backs(asked: dict[str, Any]) -> Any:
    """Återlämnade medel, det senaste först; `next` är `after` för nästa sida."""
    return _listed(HANDED_BACK, asked)


@api.route("/hand-backs/<uuid:uid>", methods=["GET"], needs=READ)
@api.response(200, BookedOut)
def read_hand_back(uid: UUID) -> Any:
    """Medel som är återlämnade."""
    return _told(HANDED_BACK, booked.read_booked(actor(), HANDED_BACK, uid))


@api.route("/hand-backs/<uuid:uid>", methods=["PUT"], needs=ASK)
@api.reads(HandBackIn)
@api.response(201, BookedOut)
def hand_back(known: dict[str, Any], uid: UUID) -> Any:
    """Lämna tillbaka medel under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    moving_money.hand_back(actor(), known.pop("application"), uid=uid, **known)
    return _told(HANDED_BACK, booked.read_booked(actor(), HANDED_BACK, uid)), 201


@api.route("/forecasts", methods=["GET"], needs=READ)
@api.asks(OfGrantQuery)
@api.response(200, ForecastPage)
def list_forecasts(asked: dict[str, Any]) -> Any:
    """Prognoser, den senaste först; `amount` är vad året väntades kosta sammanlagt."""
    return _listed(FORESEEN, asked)


@api.route("/forecasts/<uuid:uid>", methods=["GET"], needs=READ)
@api.response(200, ForecastOut)
def read_forecast(uid: UUID) -> Any:
    """En prognos, som den gjordes."""
    return _told(FORESEEN, booked.read_booked(actor(), FORESEEN, uid))


@api.route("/forecasts/<uuid:uid>", methods=["PUT"], needs=FORECAST)
@api.reads(ForecastIn)
@api.response(201, ForecastOut)
def foresee(known: dict[str, Any], uid: UUID) -> Any:
    """Skriv en prognos under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    outturn.foresee(actor(), known.pop("application"), uid=uid, why=known.pop("reason"), **known)
    return _told(FORESEEN, booked.read_booked(actor(), FORESEEN, uid)), 201


def _listed(kind: str, asked: dict[str, Any]) -> Any:
    after: Any = place(asked.get("after"), int)
    found = booked.list_booked(actor(), kind, application=asked["application"], after=after)
    return {"items": [_told(kind, row) for row in found.rows], "next": mark(found.after)}


def _told(kind: str, row: Booked) -> dict[str, Any]:
    told = of_grant(row, "year", "amount", "reason", "booked_at")
    return told | {"period": row.period} if kind == FORESEEN else told
