"""Orders and contracts in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import geo, media
from core.http import Api, actor, expected_version, with_etag
from core.http.paging import mark, moment, place
from core.media import Listed
from core.places.api import GEOJSON, drawn
from core.places.maps import feature
from core.places.schemas import FeaturesOut
from core.works import services
from core.works.models import Contract, Penalty, WorkOrder
from core.works.schemas import (
    ContractIn,
    ContractList,
    ContractOut,
    OrderIn,
    OrderMove,
    OrderOut,
    OrderPage,
    OrderPhoto,
    OrderQuery,
)
from core.works.schemas.penalties import PenaltyList, PenaltyMove, PenaltyOut, PenaltyQuery

api = Api("works-api", __name__, description="Avtal och arbetsordrar.")
PHOTO = "<uuid:photo>"


@api.route("/orders", methods=["GET"], needs="works:order:read")
@api.asks(OrderQuery)
@api.response(200, OrderPage)
def list_orders(asked: dict[str, Any]) -> Any:
    """Arbetsordrar, fara först, sedan det som ska vara klart först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int, moment, int)
    wish = services.Wish(asked["part"], asked["contract"], asked["priority"])
    found = services.list_orders(actor(), wish, after=after)
    return {"items": found.rows, "next": mark(found.after)}


@api.route("/orders/<uuid:uid>", methods=["GET"], needs="works:order:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, OrderOut)
def read_order(uid: UUID) -> Any:
    """En arbetsorder med sina tider, foton och det som har hänt."""
    return _order(services.read_order(actor(), uid))


@api.route("/orders/<uuid:uid>.geojson", methods=["GET"], needs="works:order:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, FeaturesOut, content_type=GEOJSON)
def draw_order(uid: UUID) -> Any:
    """Var arbetet ska göras, för en karta; utan eget läge är den tom."""
    found = services.read_order(actor(), uid)
    told = {"uid": found.uid, "number": found.number, "name": found.title}
    return drawn([feature(geo.to_geojson(found.point), told)] if found.point is not None else [])


@api.route("/orders/<uuid:uid>", methods=["PUT"], needs="works:order:make")
@api.reads(OrderIn)
@api.response(201, OrderOut)
def make_order(known: dict[str, Any], uid: UUID) -> Any:
    """Beställ arbete under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    services.order_directly(actor(), uid, **known)
    return _order(services.read_order(actor(), uid), 201)


@api.route("/orders/<uuid:uid>/moves", methods=["POST"], needs="works:order:read")
@api.doc(**{"x-version": "changes"})
@api.reads(OrderMove)
@api.response(200, OrderOut)
def move_order(known: dict[str, Any], uid: UUID) -> Any:
    """Ta ett steg med arbetsordern, med skäl där det behövs."""
    services.move_order(actor(), uid, known.pop("move"), services.Said(**known), version=expected_version())
    return _order(services.read_order(actor(), uid))


@api.route(f"/orders/<uuid:uid>/photos/{PHOTO}", methods=["PUT"], needs="media:photo:add")
@api.reads(OrderPhoto)
@api.response(201, OrderOut)
def add_photo(known: dict[str, Any], uid: UUID, photo: UUID) -> Any:
    """Lista ett foto på arbetsordern; dess bytes skickas för sig. Samma innehåll igen ger samma svar."""
    services.add_photo(actor(), uid, Listed(photo, **known))
    return _order(services.read_order(actor(), uid), 201)


def _order(found: WorkOrder, status: int = 200) -> Any:
    names = (
        "uid", "number", "title", "description", "source", "category", "priority", "state", "starts_at", "done_at",
        "approved_at", "on_site", "reply", "cost", "version",
    )  # fmt: skip
    body = {name: getattr(found, name) for name in names}
    [legs] = services.legs_of(actor(), [found]).values()
    body |= {
        "organisation": found.organisation.name,
        "executor": found.executor.name,
        "contract": found.contract.uid if found.contract else None,
        "place": found.place.uid if found.place else None,
        "parent": found.parent.uid if found.parent else None,
        "legs": legs,
        "photos": media.photos_of("order", [found.uid])[found.uid],
        "events": [_event(event) for event in services.events_of(actor(), [found])],
    }
    return with_etag(body, found.version, status)


def _event(event: services.Happened) -> dict[str, Any]:
    names = ("at", "kind", "state", "pause", "reason", "reply")
    told = {name: getattr(event, name) for name in names}
    return told | {"organisation": event.organisation.name if event.organisation else None}


@api.route("/contracts", methods=["GET"], needs="works:contract:read")
@api.response(200, ContractList)
def list_contracts() -> Any:
    """Avtal som gäller i dag eller senare, i bokstavsordning."""
    return {"items": [_line(row) for row in services.list_contracts(actor())]}


@api.route("/contracts/<uuid:uid>", methods=["GET"], needs="works:contract:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, ContractOut)
def read_contract(uid: UUID) -> Any:
    """Ett avtal."""
    return _contract(services.read_contract(actor(), uid))


@api.route("/contracts/<uuid:uid>", methods=["PUT"], needs="works:contract:edit")
@api.reads(ContractIn)
@api.response(201, ContractOut)
def add_contract(known: dict[str, Any], uid: UUID) -> Any:
    """Lägg upp ett avtal under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    services.add_contract(actor(), uid=uid, **known)
    return _contract(services.read_contract(actor(), uid), 201)


def _line(found: Contract) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in ("uid", "number", "title", "valid_from", "valid_to")}
    return told | {"organisation": found.organisation.name, "contractor": found.contractor.name}


def _contract(found: Contract, status: int = 200) -> Any:
    names = (
        "form", "roles", "areas", "option_to", "controls_per_month", "control_minutes", "interest_months",
        "penalty_cap_month", "penalty_cap", "warranty_months", "note", "version",
    )  # fmt: skip
    body = _line(found) | {name: getattr(found, name) for name in names}
    return with_etag(body, found.version, status)


@api.route("/penalties", methods=["GET"], needs="works:penalty:read")
@api.asks(PenaltyQuery)
@api.response(200, PenaltyList)
def list_penalties(asked: dict[str, Any]) -> Any:
    """Viten, det äldsta först; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), int)
    found = services.list_penalties(actor(), asked["part"], after=after)
    return {"items": [_penalty(row) for row in found.rows], "next": mark(found.after)}


@api.route("/penalties/<uuid:uid>", methods=["GET"], needs="works:penalty:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, PenaltyOut)
def read_penalty(uid: UUID) -> Any:
    """Ett vite."""
    found = services.read_penalty(actor(), uid)
    return with_etag(_penalty(found), found.version)


@api.route("/penalties/<uuid:uid>/moves", methods=["POST"], needs="works:penalty:read")
@api.doc(**{"x-version": "changes"})
@api.reads(PenaltyMove)
@api.response(200, PenaltyOut)
def move_penalty(known: dict[str, Any], uid: UUID) -> Any:
    """Ta ett steg med vitet, med skäl där det behövs."""
    services.move_penalty(actor(), uid, known["move"], reason=known["reason"], version=expected_version())
    found = services.read_penalty(actor(), uid)
    return with_etag(_penalty(found), found.version)


def _penalty(found: Penalty) -> dict[str, Any]:
    names = ("uid", "number", "leg", "late_since", "late_until", "count", "possible", "amount", "state", "invoice")
    told = {name: getattr(found, name) for name in names} | {"version": found.version}
    return (
        told
        | {"contract": found.contract.uid, "order": found.order.uid if found.order else None}
        | {"deviation": found.deviation.uid if found.deviation else None}
    )
