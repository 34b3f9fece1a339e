"""The map on our pages: which base maps it may choose among, and the map files of our own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import flask

from core import access, base_maps
from core.base_maps import FOLDER, MERCATOR
from core.http.blueprints import Pages
from core.http.frame import Application

MOST_TILES, CLOSEST = 60, 18
"""Pictures of the ground that a phone fetches with a walk, and the scale beyond which nobody is helped."""
EDGE = 2048
"""Pixels of the longer side of the one picture that a WMS is asked for."""
HALF_ROUND = 20_037_508.342789244
"""Metres from Greenwich to the antimeridian in Web Mercator."""

Box = tuple[float, float, float, float]
"""West, south, east, north in WGS 84."""

pages = Pages("maps", __name__)


def install(app: Application, city: Mapping[str, Any]) -> None:
    """Read the base maps, and give the macros of `ui/map.html` what the page's script needs of them and of the city."""
    known = base_maps.read(app.settings.base_maps, app.settings.data_dir)
    app.extensions["base_maps"] = known
    app.jinja_env.globals["map_settings"] = {"layers": known, "grid": city["grid"], "box": city["bbox"]}


@pages.get("/kartor/<name>", needs="maps:file:read")
def own_file(name: str) -> flask.Response:
    """Hand out a part of a map file; the reader asks for the bytes it needs (Range)."""
    app: Application = flask.current_app  # type: ignore[assignment]
    if name not in base_maps.files(app.extensions["base_maps"]):
        raise access.Missing("page", name)
    response = flask.send_from_directory(app.settings.data_dir / FOLDER, name, mimetype="application/vnd.pmtiles")
    response.headers["Cache-Control"] = "private, no-cache"  # kept, but asked for again: who logs out loses it
    return response


def pictures_of(box: Box) -> list[dict[str, Any]]:
    """Return addresses of pictures of the ground that cover `box`, each with the box that it shows and whose it is.

    Of the first base map that is told of in Web Mercator, as tiles or as one picture of a WMS; none without such a one.
    """
    app: Application = flask.current_app  # type: ignore[assignment]
    for layer in app.extensions["base_maps"]:
        if layer["crs"] == MERCATOR and layer["kind"] == "xyz" and "resolutions" not in layer:
            return list(_tiles(layer, box))
        if layer["crs"] == MERCATOR and layer["kind"] == "wms":
            return [{"url": _one_picture(layer, box), "box": list(box), "attribution": layer["attribution"]}]
    return []


def _tiles(layer: Mapping[str, Any], box: Box) -> Iterator[dict[str, Any]]:
    for zoom in range(min(layer.get("max_zoom", CLOSEST), CLOSEST), -1, -1):
        columns, rows = _span(box[0], box[2], zoom, _column), _span(box[3], box[1], zoom, _row)
        if len(columns) * len(rows) <= MOST_TILES:
            break
    for x in columns:
        for y in rows:
            address = layer["url"].replace("{z}", str(zoom)).replace("{x}", str(x)).replace("{y}", str(y))
            shown = [_longitude(x, zoom), _latitude(y + 1, zoom), _longitude(x + 1, zoom), _latitude(y, zoom)]
            url = address.replace("{-y}", str(2**zoom - 1 - y))
            yield {"url": url, "box": shown, "attribution": layer["attribution"]}


def _span(first: float, last: float, zoom: int, number: Any) -> range:
    return range(number(first, zoom), number(last, zoom) + 1)


def _column(longitude: float, zoom: int) -> int:
    return int((longitude + 180) / 360 * 2**zoom)


def _row(latitude: float, zoom: int) -> int:
    return int((1 - _north(latitude) / HALF_ROUND) / 2 * 2**zoom)


def _north(latitude: float) -> float:
    north: float = HALF_ROUND / math.pi * math.asinh(math.tan(math.radians(latitude)))
    return north


def _longitude(column: int, zoom: int) -> float:
    return round(float(column / 2**zoom * 360 - 180), 7)


def _latitude(row: int, zoom: int) -> float:
    return round(math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**zoom)))), 7)


def _one_picture(layer: Mapping[str, Any], box: Box) -> str:
    west, east = (longitude / 180 * HALF_ROUND for longitude in (box[0], box[2]))
    south, north = _north(box[1]), _north(box[3])
    version = layer.get("version", "1.3.0")
    longest = max(east - west, north - south)
    asked = {
        "SERVICE": "WMS", "REQUEST": "GetMap", "VERSION": version, "LAYERS": layer["layers"], "STYLES": "",
        "SRS" if version == "1.1.1" else "CRS": MERCATOR, "FORMAT": layer.get("format", "image/png"),
        "BBOX": ",".join(f"{edge:.2f}" for edge in (west, south, east, north)),
        "WIDTH": round(EDGE * (east - west) / longest), "HEIGHT": round(EDGE * (north - south) / longest),
    }  # fmt: skip
    return f"{layer['url']}{'&' if '?' in layer['url'] else '?'}{urlencode(asked)}"
