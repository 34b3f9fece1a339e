"""The map on our pages: which base maps it may choose among, and the map files of our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask

from core import access, base_maps
from core.base_maps import FOLDER
from core.http.blueprints import Pages
from core.http.frame import Application

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
