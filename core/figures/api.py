"""Figures in the API: indicators, their figures one by one, and the layer that the map draws."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask

from core.figures import maps, periods, services
from core.figures.models import READ, Figure
from core.figures.schemas import (
    CitationOut,
    FiguresPage,
    FiguresQuery,
    IndicatorOut,
    IndicatorsPage,
    LayerQuery,
)
from core.http import Api, actor
from core.http.paging import mark, place
from core.http.texts import translate
from core.i18n import N_
from core.places.schemas import FeaturesOut
from core.schema import Invalid

api = Api("figures-api", __name__, description="Statistik: indikatorer och deras siffror per område och period.")
GEOJSON = "application/geo+json"
NO_PERIOD = N_("Skriv perioden som 2024, 2024 kv 2, 2024-03 eller 2024-01-01--2024-12-31.")


@api.route("/indicators", methods=["GET"], needs=READ)
@api.response(200, IndicatorsPage)
def list_indicators() -> Any:
    """Alla indikatorer, var och en med sin nyaste period."""
    return {"items": [_line(line) for line in services.overview(actor())], "next": None}


@api.route("/indicators/<uuid:uid>", methods=["GET"], needs=READ)
@api.response(200, IndicatorOut)
def read_indicator(uid: UUID) -> Any:
    """En indikator: vad den mäter, i vilken enhet, hur ofta och var den kommer ifrån."""
    found = services.read_indicator(actor(), uid)
    return _line(next(line for line in services.overview(actor()) if line.indicator.id == found.id))


def _line(line: services.Line) -> dict[str, Any]:
    names = ("uid", "key", "title", "what", "unit", "kind", "direction", "source", "every", "suppression", "adds")
    newest = line.period[1] if line.period else None
    told = {name: getattr(line.indicator, name) for name in names}
    return told | {"newest": newest, "received_at": line.received_at}


@api.route("/indicators/<uuid:uid>/figures", methods=["GET"], needs=READ)
@api.asks(FiguresQuery)
@api.response(200, FiguresPage)
def list_figures(asked: dict[str, Any], uid: UUID) -> Any:
    """Siffror en och en, även de som saknas eller inte redovisas; `next` är `after` för nästa sida."""
    found = services.read_indicator(actor(), uid)
    after: Any = place(asked.pop("after", None), int)
    if "period" in asked and periods.read(asked["period"]) is None:
        raise Invalid({"period": [NO_PERIOD]})
    rows, more = services.list_figures(actor(), found, **asked, after=after[0] if after else None)
    return {"items": [_figure(row, found.uid) for row in rows], "next": mark((more,) if more else None)}


def _figure(row: Figure, indicator: UUID) -> dict[str, Any]:
    names = ("uid", "area_kind", "area_name", "part", "first_on", "last_on", "status", "value", "n", "low", "high")
    return {name: getattr(row, name) for name in names} | {"indicator": indicator, "area": row.area_code}


@api.route("/indicators/<uuid:uid>/map.geojson", methods=["GET"], needs=READ)
@api.asks(LayerQuery)
@api.response(200, FeaturesOut, content_type=GEOJSON)
def draw(asked: dict[str, Any], uid: UUID) -> Any:
    """Områdena för kartan, grovt ritade, med siffran i ord, dess klass och läge. Utan period den nyaste."""
    found = services.read_indicator(actor(), uid)
    choice = services.choose(actor(), found, asked.get("area_kind"), asked.get("part"))
    days = (
        periods.read(asked["period"]) if "period" in asked else next(iter(services.periods(actor(), choice, 1)), None)
    )
    if "period" in asked and days is None:
        raise Invalid({"period": [NO_PERIOD]})
    drawn = maps.choropleth(actor(), choice, days) if days else []
    for one in drawn:
        one["properties"]["number"] = translate(one["properties"]["number"])
    answer = flask.jsonify({"type": "FeatureCollection", "features": drawn})
    answer.mimetype = GEOJSON
    return answer


@api.route("/figures/<uuid:uid>", methods=["GET"], needs=READ)
@api.response(200, CitationOut)
def cite(uid: UUID) -> Any:
    """En siffra som den citeras: i ord, med källa, och om den fortfarande gäller."""
    row = services.read_figure(actor(), uid)
    cited = services.cite(actor(), uid)
    names = ("title", "source", "received_at", "holds")
    words = {"period": translate(cited.period), "said": translate(cited.text)}
    return _figure(row, row.indicator.uid) | {name: getattr(cited, name) for name in names} | words
