"""Which versions of the phone's app the city still speaks with.

The app counts up when what is said between the two changes so that an older one could not do its work. A phone that is
too old is told so before anything of it is read; what waits in it stays until it has fetched the new app.
"""

from __future__ import annotations

import flask
from flask import Flask, request

from core.http.blueprints import Pages

OLDEST = NEWEST = 1
HEADER = "Tryggplats-App"
DIGITS = 6

pages = Pages("app_version", __name__)


class AppTooOld(Exception):
    """The app is older than the oldest that the city speaks with."""


@pages.get("/falt/version.json", needs="core:asset:read")
def versions() -> flask.Response:
    """Tell the newest version of the app, and the oldest that may still send."""
    response = flask.jsonify({"newest": NEWEST, "oldest": OLDEST})
    response.headers["Cache-Control"] = "no-cache"
    return response


def version() -> int | None:
    """Return the version of the app that asks; None for what is not the app, 0 for what cannot be read."""
    said = request.headers.get(HEADER)
    if said is None:
        return None
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= DIGITS else 0


def install(app: Flask) -> None:
    """Refuse an app that is too old, whatever it asks."""
    app.before_request(_check)


def _check() -> None:
    said = version()
    if said is not None and said < OLDEST:
        raise AppTooOld
