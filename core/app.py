"""The house put together: one ordered list, read from top to bottom."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import flask
from flask import g, request
from werkzeug.middleware.proxy_fix import ProxyFix

import core
from core import access, clock, db, plugins
from core.http import Api, Pages, actor, errors, openapi, photos, texts
from core.http.frame import Application, csrf_of
from core.i18n import N_
from core.people import services as people
from core.people import views as people_views
from core.places import api as places_api
from core.places import views as places_views
from core.settings import LOOPBACK, Settings
from core.upkeep import api as upkeep_api
from core.upkeep import hooks as upkeep_hooks
from core.upkeep import views as upkeep_views
from core.walks import api as walks_api
from core.walks import hooks as walks_hooks
from core.walks import views as walks_views

ROOMS = (upkeep_hooks, walks_hooks)
"""The rooms' voices in the contract, lowest room first."""

PAGES: tuple[Pages, ...] = (
    people_views.pages, places_views.pages, upkeep_views.pages, walks_views.pages, photos.pages, openapi.pages,
)  # fmt: skip
APIS: tuple[Api, ...] = (places_api.api, upkeep_api.api, walks_api.api, photos.api)

NAVIGATION = (
    (N_("Start"), "/", "people:start:read"),
    (N_("Platser"), "/platser", "places:place:read"),
    (N_("Vandringar"), "/vandringar", "walks:walk:read"),
    (N_("Skötsel"), "/skotsel", "upkeep:deadline:read"),
)
"""The rooms in the order that everybody sees them; a role hides some (ux-desktop 1)."""

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}

ROOM = 500_000_000
"""Bytes that must be free on the disk."""

log = logging.getLogger(__name__)


def house(settings: Settings, extra: Iterable[tuple[str, Any]] = ()) -> db.Database:
    """Prepare this process for work without pages: clock, plugins, database; worker and commands need no more."""
    clock.start_at(settings.now)
    plugins.start(ROOMS, settings.plugins, failures_to_park=settings.plugin_failures, extra=extra)
    return db.Database(settings)


def create_app(settings: Settings, *, extra_plugins: Iterable[tuple[str, Any]] = ()) -> Application:
    """Return the web application. Raises NoRightNamed when a route of core does not say which permission it needs."""
    database = house(settings, extra_plugins)
    app = Application("core", static_folder=None, template_folder=str(folder("templates")))
    app.database, app.settings, app.doorkeeper = database, settings, people
    _configure(app, settings)
    csrf_of(app)
    texts.install(app, [str(folder("translations")), *_plugin_folders("translations")])
    errors.install(app)
    _machine_routes(app)
    for pages in PAGES:
        app.register_blueprint(pages)
    rest = openapi.install(app, APIS)
    _plugin_routes(app, rest)
    openapi.open_docs(app)
    app.context_processor(_frame_of_page)
    app.before_request(_reader)
    app.after_request(_secured)
    app.check_rights()
    return app


def folder(name: str) -> Path:
    """Return a folder of ours: beside core in a checkout, inside core in the wheel."""
    inside, beside = Path(core.__file__).parent / name, Path(core.__file__).parent.parent / name
    return inside if inside.is_dir() else beside


def _configure(app: Application, settings: Settings) -> None:
    prefix = "__Host-" if settings.secure else ""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRYGGPLATS_COOKIE=f"{prefix}tryggplats",
        SESSION_COOKIE_NAME=f"{prefix}tryggplats-form",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=list(LOOPBACK) if settings.hostname in LOOPBACK else [settings.hostname],
        MAX_FORM_PARTS=200,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        PROPAGATE_EXCEPTIONS=False,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    app.jinja_env.globals["static_url"] = static_url


def _plugin_folders(name: str) -> list[str]:
    roots = [plugin.manifest.root for plugin in plugins.house().plugins.values() if plugin.manifest]
    return [str(root / name) for root in roots if (root / name).is_dir()]


def _plugin_routes(app: Application, rest: openapi.Rest) -> None:
    """Register each plugin's blueprints, after a look at their names and rights; a wrong one refuses the plugin."""
    taken = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    for name, plugin in list(plugins.house().plugins.items()):
        declare = getattr(plugin.module, "tryggplats_routes", None)
        if plugin.refusal or declare is None:
            continue
        try:
            routes = declare()
            plugins.check_answer("routes", routes)
            if name in taken:
                raise plugins.Refused(f"adressen /{name} är redan kärnans")  # noqa: TRY301 - beside what it is about
            for blueprint in (*routes.pages, *routes.api):
                _check_blueprint(name, blueprint)
            for pages in routes.pages:
                app.register_blueprint(pages, url_prefix=f"/{name}")
            for api in routes.api:
                rest.register_blueprint(api, url_prefix=f"{openapi.PREFIX}/{name}")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, core starts
            plugins.refuse(name, error)


def _check_blueprint(name: str, blueprint: Any) -> None:
    if not isinstance(blueprint, (Pages, Api)):
        raise plugins.Refused("rutter görs med kit.Pages och kit.Api")
    if blueprint.name not in (name, f"{name}-api"):
        raise plugins.Refused(f"blueprint {blueprint.name} ska heta {name} eller {name}-api")
    if unknown := [right for right in blueprint.rights if right not in access.permissions()]:
        raise plugins.Refused(f"rätten {unknown[0]} är inte deklarerad")


# --- What belongs to no room ----------------------------------------------------------------------------------------


def _machine_routes(app: Application) -> None:
    machine = Pages("core", __name__)
    machine.add_url_rule("/static/<path:name>", "static", _static, needs="core:asset:read")
    machine.add_url_rule("/healthz", "alive", _alive, needs="core:health:read")
    machine.add_url_rule("/readyz", "ready", _ready, needs="core:health:read")
    app.register_blueprint(machine)


def _static(name: str) -> flask.Response:
    """Serve the built front end; names carry the hash of their content, so they may be kept for ever."""
    response = flask.send_from_directory(folder("static"), name, max_age=31_536_000)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@cache
def _manifest() -> dict[str, str]:
    manifest: dict[str, str] = json.loads((folder("static") / "manifest.json").read_text("utf-8"))
    return manifest


def static_url(name: str) -> str:
    """Return the address of a built file, such as app.css."""
    return f"/static/{_manifest()[name]}"


def _alive() -> flask.Response:
    """Say that the process answers; asks nothing else."""
    return flask.jsonify({"status": "ok"})


def _ready() -> flask.Response:
    """Say whether everything that work needs is there: database, disk, worker, plugins."""
    from core.lease import worker_seen

    settings = flask.current_app.settings  # type: ignore[attr-defined]
    refused = {name: plugin.refusal for name, plugin in plugins.house().plugins.items() if plugin.refusal}
    parked = [name for name in plugins.house().plugins if plugins.state(name) == "parked"]
    checks = {
        "database": db.answers(),
        "disk": _has_room(settings.data_dir),
        "worker": worker_seen(),
        "plugins": not refused and not parked,
    }
    status = "ok" if all(checks.values()) else "degraded"
    needed = checks["database"] and checks["disk"]
    return flask.make_response(flask.jsonify({"status": status, "checks": checks}), 200 if needed else 503)


def _has_room(data_dir: Path) -> bool:
    """Whether 500 MB are free, so that photos can come in and the database can tidy up (reliability.md 3)."""
    import shutil

    return shutil.disk_usage(data_dir).free > ROOM


# --- Around every page ----------------------------------------------------------------------------------------------


def _reader() -> None:
    """Find out in which language and light the page is wanted: the person's choice, or the browser's."""
    g.locale = request.cookies.get("locale", "sv") if request.cookies.get("locale") in texts.LOCALES else "sv"
    g.look = request.cookies.get("look", "auto") if request.cookies.get("look") in ("light", "dark") else "auto"


def _frame_of_page() -> dict[str, Any]:
    """Return what `base.html` needs on every page."""
    me = actor() if "actor" in g else access.NOBODY
    path = request.path
    back = path if request.method == "GET" else "/"  # where a form was sent cannot be gone back to
    rooms = [
        {
            "href": href,
            "text": texts.translate(text),
            "current": path == href or (href != "/" and path.startswith(href)),
        }
        for text, href, right in NAVIGATION
        if me.signed_in and me.may(right)
    ]
    links = [{"href": f"/utseende?till={back}", "text": texts.translate(N_("Utseende och språk"))}]
    person = {"name": me.name, "organisation": me.organisation_name, "links": links} if me.signed_in else None
    footer = [{"href": "/utseende", "text": texts.translate(N_("Utseende och språk"))}]
    return {"me": person, "nav": rooms, "lang": g.locale, "color_scheme": g.look, "footer": footer, "actor": me}


def _secured(response: flask.Response) -> flask.Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    if flask.current_app.settings.secure:  # type: ignore[attr-defined]
        response.headers.setdefault("Strict-Transport-Security", "max-age=63072000")
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
