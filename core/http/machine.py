"""What belongs to no room: the built front end, and whether the service lives and is ready for work."""

from __future__ import annotations

import json
import logging
from functools import cache
from pathlib import Path

import flask
from sqlalchemy.exc import SQLAlchemyError

import core
from core import db, health
from core.http.blueprints import Pages

STATIC = Path(core.__file__).parent / "static"

pages = Pages("core", __name__)
log = logging.getLogger(__name__)


@pages.get("/static/<path:name>", needs="core:asset:read")
def static(name: str) -> flask.Response:
    """Serve the built front end; names carry the hash of their content, so they may be kept for ever."""
    response = flask.send_from_directory(STATIC, name, max_age=31_536_000)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@cache
def _manifest() -> dict[str, str]:
    manifest: dict[str, str] = json.loads((STATIC / "manifest.json").read_text("utf-8"))
    return manifest


def folder(name: str) -> Path:
    """Return a folder of ours: beside core in a checkout, inside core in the wheel."""
    inside, beside = Path(core.__file__).parent / name, Path(core.__file__).parent.parent / name
    return inside if inside.is_dir() else beside


def static_url(name: str) -> str:
    """Return the address of a built file, such as app.css."""
    return f"/static/{_manifest()[name]}"


@pages.get("/healthz", needs="core:health:read")
def alive() -> flask.Response:
    """Say that the process answers; asks nothing else."""
    return flask.jsonify({"status": "ok"})


@pages.get("/readyz", needs="core:health:read")
def ready() -> flask.Response:
    """Say whether everything that work needs is there: database, disk, worker, plugins."""
    app = flask.current_app
    checks = _asked_of(app.database) | {"disk": health.has_room(app.settings.data_dir)}  # type: ignore[attr-defined]
    status = "ok" if all(checks.values()) else "degraded"
    needed = checks["database"] and checks["disk"]
    return flask.make_response(flask.jsonify({"status": status, "checks": checks}), 200 if needed else 503)


def _asked_of(database: db.Database) -> dict[str, bool]:
    """Return what only the database knows; nothing of it is so when it does not answer."""
    try:
        with database.transaction(write=False):
            return health.checks()
    except SQLAlchemyError:
        log.exception("the database does not answer")
        return {"database": False, "worker": False, "plugins": False, "released": False}
