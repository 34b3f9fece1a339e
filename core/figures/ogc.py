"""Figures as OGC API Features (part 1, GeoJSON): a collection for each indicator, for the city's own map tool."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import access
from core.figures import layers, services
from core.figures.models import READ, Indicator
from core.figures.schemas import (
    CollectionOut,
    CollectionsOut,
    ConformanceOut,
    FeatureOut,
    ItemsOut,
    ItemsQuery,
    LandingOut,
)  # fmt: skip
from core.http import Api, actor
from core.i18n import N_
from core.places.outline import read_box
from core.schema import Invalid

api = Api("ogc-api", __name__, description="Lager för kartverktyg: OGC API Features, en samling per indikator.")
GEOJSON, JSON = "application/geo+json", "application/json"
CONFORMS = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
NO_DAYS = N_("Skriv en dag, eller två med / mellan: 2024-01-01/2024-12-31. Två punkter är utan gräns.")


@api.route("/ogc", methods=["GET"], needs=READ)
@api.response(200, LandingOut)
def landing() -> Any:
    """Ingången: vad som finns här."""
    return {
        "title": "Tryggplats",
        "description": "Statistik per område",
        "links": [
            _link("self", "landing"),
            _link("conformance", "conformance"),
            _link("data", "collections"),
            {
                "rel": "service-desc",
                "type": "application/vnd.oai.openapi+json;version=3.1",
                "href": _base() + "/api/openapi.json",
            },
        ],
    }


@api.route("/ogc/conformance", methods=["GET"], needs=READ)
@api.response(200, ConformanceOut)
def conformance() -> Any:
    """Vilka delar av standarden som följs."""
    return {"conformsTo": CONFORMS}


@api.route("/ogc/collections", methods=["GET"], needs=READ)
@api.response(200, CollectionsOut)
def collections() -> Any:
    """En samling för varje indikator."""
    rows = services.list_indicators(actor())
    return {"links": [_link("self", "collections")], "collections": [_collection(one) for one in rows]}


@api.route("/ogc/collections/<key>", methods=["GET"], needs=READ)
@api.response(200, CollectionOut)
def collection(key: str) -> Any:
    """En samling: indikatorns siffror, med områdenas ytor."""
    return _collection(layers.indicator_called(actor(), key))


def _collection(one: Indicator) -> dict[str, Any]:
    return {
        "id": one.key,
        "title": one.title,
        "description": one.what,
        "itemType": "feature",
        "crs": [CRS84],
        "links": [_link("self", "collection", key=one.key), _link("items", "items", GEOJSON, key=one.key)],
    }


@api.route("/ogc/collections/<key>/items", methods=["GET"], needs=READ)
@api.asks(ItemsQuery)
@api.response(200, ItemsOut, content_type=GEOJSON)
def items(asked: dict[str, Any], key: str) -> Any:
    """Siffrorna, var och en med sitt område. Utan värde är `value` null och `status` säger varför."""
    found = layers.indicator_called(actor(), key)
    box = read_box(asked["bbox"], field="bbox") if "bbox" in asked else None
    rows, more = layers.features(
        actor(), found, limit=asked["limit"], after=asked["offset"], box=box, when=_when(asked.get("datetime")),
        area_kind=asked.get("area_kind", ""),
    )  # fmt: skip
    here = dict(request.args)
    links = [_link("self", "items", GEOJSON, key=key, **here)]
    if more is not None:
        links.append(_link("next", "items", GEOJSON, key=key, **here | {"offset": more}))
    return _geojson({"type": "FeatureCollection", "features": rows, "numberReturned": len(rows), "links": links})


@api.route("/ogc/collections/<key>/items/<uuid:uid>", methods=["GET"], needs=READ)
@api.response(200, FeatureOut, content_type=GEOJSON)
def item(key: str, uid: UUID) -> Any:
    """En siffra med sitt områdes yta."""
    rows, _ = layers.features(actor(), layers.indicator_called(actor(), key), limit=1, uid=uid)
    if not rows:
        raise access.Missing("figure", uid)
    links = [_link("self", "item", GEOJSON, key=key, uid=uid), _link("collection", "collection", key=key)]
    return _geojson(rows[0] | {"links": links})


def _geojson(body: dict[str, Any]) -> flask.Response:
    answer = flask.jsonify(body)
    answer.mimetype = GEOJSON
    return answer


def _base() -> str:
    return request.host_url.rstrip("/")


def _link(rel: str, act: str, kind: str = JSON, **values: Any) -> dict[str, str]:
    return {"rel": rel, "type": kind, "href": _base() + flask.url_for(f"ogc-api.{act}", **values)}


def _when(said: str | None) -> tuple[date | None, date | None]:
    """Return the days of an interval as the standard writes it: a day or a moment, or two with / between, .. is open.

    Raises Invalid.
    """
    if not said:
        return None, None
    ends = said.split("/")
    try:
        days = [None if end in ("", "..") else date.fromisoformat(end[:10]) for end in ends]
    except ValueError:
        days = []
    if len(days) not in (1, 2):
        raise Invalid({"datetime": [NO_DAYS]})
    return days[0], days[-1]
