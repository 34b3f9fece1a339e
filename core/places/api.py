"""Places and areas in the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import geo
from core.http import Api, actor, with_etag
from core.http.paging import mark, place
from core.places import services
from core.places.models import Place
from core.places.schemas import AreaQuery, AreasOut, PlaceIn, PlaceOut, PlacePage, PlaceQuery

api = Api("places-api", __name__, description="Platser, och vilka områden en punkt ligger i.")


@api.route("/places", methods=["GET"], needs="places:place:read")
@api.asks(PlaceQuery)
@api.response(200, PlacePage)
def list_places(asked: dict[str, Any]) -> Any:
    """Platser i bokstavsordning; `next` är `after` för nästa sida."""
    after: Any = place(asked.get("after"), str, int)
    found = services.list_places(actor(), after=after, text=asked.get("q", ""))
    return {"items": found.rows, "next": mark(found.after)}


@api.route("/places/<uuid:uid>", methods=["GET"], needs="places:place:read")
@api.doc(**{"x-version": "reads"})
@api.response(200, PlaceOut)
def read_place(uid: UUID) -> Any:
    """En plats med form (GeoJSON) och rådighet."""
    return _answer(services.read_place(actor(), uid))


@api.route("/places/<uuid:uid>", methods=["PUT"], needs="places:place:edit")
@api.reads(PlaceIn)
@api.response(201, PlaceOut)
def add_place(known: dict[str, Any], uid: UUID) -> Any:
    """Lägg upp en plats under din egen uid. Samma innehåll igen ger samma svar, annat innehåll 409."""
    services.add_place(actor(), uid=uid, **known)
    return _answer(services.read_place(actor(), uid), 201)


@api.route("/areas", methods=["GET"], needs="areas:area:read")
@api.asks(AreaQuery)
@api.response(200, AreasOut)
def areas_at(asked: dict[str, Any]) -> Any:
    """Vilka områden en punkt ligger i; en tom lista betyder utanför alla områden."""
    return {"items": services.areas_at(actor(), **asked)}


def _answer(found: Place, status: int = 200) -> Any:
    names = ("uid", "number", "name", "kind", "public_access", "description", "district", "version")
    body = {name: getattr(found, name) for name in names}
    body |= {"geometry": geo.to_geojson(found.geom), "controls": services.controls_of(actor(), found)}
    return with_etag(body, found.version, status)
