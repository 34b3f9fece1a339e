"""The reserve in the API: frames by year, and the book."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.http import Api, actor
from core.http.paging import mark, place
from core.reserve.models import READ, SEE
from core.reserve.schemas import BookingOut, BookingPage, BookingQuery, ProgrammesOut
from core.reserve.services import standing
from core.reserve.services.programmes import programmes

api = Api("reserve-api", __name__, description="Reserven: ramar per budgetår, och det som är bokfört.")


@api.route("/programmes", methods=["GET"], needs=SEE)
@api.response(200, ProgrammesOut)
def list_programmes() -> Any:
    """Satsningar som går att söka ur i dag, med ram, beviljat och använt per budgetår i kronor."""
    names = ("year", "frame", "granted", "left", "committed", "used", "forecast")
    found = programmes()
    years = standing.years_of(actor(), found)
    return {
        "items": [
            {
                "uid": one.uid,
                "code": one.code,
                "name": one.name,
                "reserve_code": one.reserve_code,
                "years": [{name: getattr(line, name) for name in names} for line in years[one.id]],
            }
            for one in found
        ]
    }


@api.route("/bookings", methods=["GET"], needs=READ)
@api.asks(BookingQuery)
@api.response(200, BookingPage)
def list_bookings(asked: dict[str, Any]) -> Any:
    """Bokningar i reserven, den senaste först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    wish = standing.Wish(asked.get("programme"), asked.get("year"))
    found = standing.list_bookings(actor(), wish, after=after)
    return {"items": [_told(row) for row in found.rows], "next": mark(found.after)}


@api.route("/bookings/<uuid:uid>", methods=["GET"], needs=READ)
@api.response(200, BookingOut)
def read_booking(uid: UUID) -> Any:
    """En bokning med sina rader."""
    return _told(standing.read_booking(actor(), uid))


def _told(found: standing.Booked) -> dict[str, Any]:
    row = found.booking
    return {
        "uid": row.uid,
        "number": row.number,
        "programme": row.programme.uid,
        "kind": row.kind,
        "state": row.state,
        "matter": row.matter,
        "matter_number": row.matter_number,
        "organisation": row.organisation.uid if row.organisation else None,
        "decision": row.decision,
        "booked_at": row.booked_at,
        "lines": [{"year": one.frame.year, "account": one.account, "amount": one.amount} for one in found.lines],
    }
