"""The phone's app: its shell, what makes it one that can be installed, and its service worker (design.md 5).

All of it is the same for everybody and holds nothing of anybody, so that a phone may keep it. What a person reads
and writes goes over the API.
"""

from __future__ import annotations

import hashlib
import io
import json
from functools import cache

import flask
from babel.messages.mofile import read_mo
from PIL import Image, ImageDraw

from core.access import Missing
from core.http.blueprints import Pages
from core.http.machine import STATIC, folder, static_url
from core.http.texts import LOCALES

FILES = ("main.js", "falt.css", "icon.svg")
"""The built files that the app begins with; the parts and fonts that these name come with them."""
SIDES = (180, 192, 512)
COLOUR = "#0062ba"
GRAIN = 4
"""So many times as large the icon is drawn before it is made small, for smooth edges."""

pages = Pages("phone", __name__)


@pages.get("/falt", needs="core:asset:read")
@pages.get("/falt/<path:rest>", needs="core:asset:read")
def shell(rest: str = "") -> flask.Response:  # noqa: ARG001 - the app reads the address
    """The app's one page; which of its pages is shown the app itself reads from the address."""
    response = flask.make_response(flask.render_template("falt/app.html", lang=_language()))
    response.headers["Cache-Control"] = "no-cache"
    return response


@pages.get("/falt/app.webmanifest", needs="core:asset:read")
def manifest() -> flask.Response:
    """What a phone asks for to install the app (W3C Web Application Manifest)."""
    icons = [{"src": f"/falt/ikon-{side}.png", "sizes": f"{side}x{side}", "type": "image/png"} for side in SIDES[1:]]
    told = {
        "id": "/falt",
        "name": "Tryggplats fält",
        "short_name": "Tryggplats",
        "lang": "sv",
        "start_url": "/falt",
        "scope": "/falt",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": COLOUR,
        "icons": [*icons, icons[-1] | {"purpose": "maskable"}],
    }
    return flask.Response(json.dumps(told), mimetype="application/manifest+json")


@pages.get("/falt/ikon-<int:side>.png", needs="core:asset:read")
def icon(side: int) -> flask.Response:
    """The app's icon as PNG, which phones want; the same drawing as frontend/icon.svg."""
    if side not in SIDES:
        raise Missing("icon", side)
    response = flask.Response(_icon(side), mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@pages.get("/falt/texter-<language>.json", needs="core:asset:read")
def texts(language: str) -> flask.Response:
    """The words of the app in another language than Swedish, by the Swedish ones."""
    if language not in LOCALES or language == "sv":
        raise Missing("language", language)
    response = flask.jsonify(_words(language))
    response.headers["Cache-Control"] = "no-cache"
    return response


@pages.get("/falt/sw.js", needs="core:asset:read")
def worker() -> flask.Response:
    """The service worker, told which files to keep. Another list, shell, word or language makes another worker.

    Built files carry the hash of their content in their names; the shell and the words do not.
    """
    files = _files()
    all_of_it = json.dumps([files, flask.render_template("falt/app.html", lang=_language()), _words("en")])
    version = hashlib.sha256(all_of_it.encode()).hexdigest()[:12]
    code = (STATIC / static_url("sw.js").rpartition("/")[2]).read_text("utf-8")
    body = f"self.kept = {json.dumps({'version': version, 'files': files})};\n{code}"
    response = flask.Response(body, mimetype="text/javascript")
    response.headers |= {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/falt"}
    return response


@cache
def _words(language: str) -> dict[str, str]:
    """Return the words of the app by the Swedish ones; its catalogue is its own, for a phone keeps it whole."""
    with (folder("translations") / language / "LC_MESSAGES" / "falt.mo").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_mo(file) if message.id}


def _files() -> list[str]:
    """Return the addresses of all that the app needs without a line."""
    parts = json.loads((STATIC / "parts.json").read_text("utf-8"))
    built = {f"/static/{part}" for name in FILES for part in parts[name]}
    return ["/falt", "/falt/app.webmanifest", "/falt/texter-en.json", *sorted(built)]


def _language() -> str:
    return str(flask.g.get("locale", "sv"))


@cache
def _icon(side: int) -> bytes:
    """Draw a white pin with a tick on blue; the corners are the phone's own to round."""
    unit = side * GRAIN / 32
    picture = Image.new("RGB", (side * GRAIN, side * GRAIN), COLOUR)
    draw = ImageDraw.Draw(picture)
    draw.ellipse([8 * unit, 5.5 * unit, 24 * unit, 21.5 * unit], fill="white")
    draw.polygon([(9.3 * unit, 18 * unit), (22.7 * unit, 18 * unit), (16 * unit, 26.5 * unit)], fill="white")
    line = [(12.2 * unit, 13.8 * unit), (14.9 * unit, 16.5 * unit), (19.9 * unit, 11.2 * unit)]
    draw.line(line, fill=COLOUR, width=round(2.4 * unit), joint="curve")
    kept = io.BytesIO()
    picture.resize((side, side), Image.Resampling.LANCZOS).save(kept, "PNG", optimize=True)
    return kept.getvalue()
