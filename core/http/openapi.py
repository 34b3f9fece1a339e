"""The API's own description: OpenAPI 3.1 at /api/openapi.json, and a page that reads it with swagger-ui."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import flask
import flask_smorest
from flask_smorest.spec.plugins import FlaskPlugin
from werkzeug.routing import UUIDConverter

from core import __version__
from core.http.blueprints import Api, Pages
from core.http.errors import PROBLEM
from core.http.frame import Application
from core.http.pages import page
from core.schema.fields import Uid

pages = Pages("docs", __name__)
PREFIX = "/api/v1"
METHODS = frozenset({"get", "head", "put", "post", "patch", "delete"})

PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Ett fel enligt RFC 9457.",
    "required": ["type", "title", "status", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
ETAG = {
    "description": "Versionen, en punkt och svarets kontrollsumma.",
    "required": True,
    "schema": {"type": "string", "pattern": '^"[0-9]+[.][0-9a-f]+"$'},
}
CHANGES = {
    "description": "Den ETag som du senast läste, eller bara versionen.",
    "schema": {"type": "string", "pattern": '^(W/)?"?[0-9]{1,12}([.][0-9a-f]{1,64})?"?$'},
}
UID = {"type": "string", "format": "uuid", "pattern": f"^{Uid.pattern.pattern}$"}
READS = {"description": "Den ETag som du redan har.", "schema": {"type": "string"}}
RESPONSE = {"description": "Ett fel", "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


class Rest(flask_smorest.Api):
    """flask-smorest without its error handling and its docs pages: ours stand instead."""

    def _register_error_handlers(self) -> None:
        """Leave errors to `core.http.errors`."""

    def _register_responses(self) -> None:
        """Document no errors here: `document` does."""


def install(app: Application, blueprints: Iterable[Api]) -> Rest:
    """Register core's part of the API; plugins put theirs beside it."""
    app.config.update(API_TITLE="Tryggplats", API_VERSION=__version__, OPENAPI_VERSION="3.1.0")
    rest = Rest(app)
    rest.register_converter(UUIDConverter, lambda _: UID)
    for blueprint in blueprints:
        rest.register_blueprint(blueprint, url_prefix=PREFIX)
    app.extensions["rest"] = rest
    return rest


def document(app: Application) -> dict[str, Any]:
    """Return the description of the whole API, plugins included, with its permissions and its one kind of error."""
    described: dict[str, Any] = app.extensions["rest"].spec.to_dict()
    described["servers"] = [{"url": "/"}]
    described["security"] = [{"token": []}, {"device": []}, {"session": [], "csrf": []}]
    components = described.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "tryggplats token create"},
        "device": {"type": "http", "scheme": "dpop", "description": "En telefon, RFC 9449; se docs/reference/api.md"},
        "session": {"type": "apiKey", "in": "cookie", "name": app.config["TRYGGPLATS_COOKIE"]},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
    }
    components.pop("responses", None)
    rights = _rights(app)
    for path, operations in described["paths"].items():
        for method in METHODS & set(operations):
            operation = operations[method]
            answers = {code: said for code, said in operation["responses"].items() if code not in ("default", "422")}
            operation["responses"] = answers | {"4XX": RESPONSE, "5XX": RESPONSE}
            operation["x-permission"] = rights[path, method]
            _with_version(operation)
    return described


def _with_version(operation: dict[str, Any]) -> None:
    """Name the headers that carry a row's version, where the operation says that it `reads` or `changes` one."""
    marker = operation.pop("x-version", None)
    if marker is None:
        return
    name, said = ("If-Match", CHANGES) if marker == "changes" else ("If-None-Match", READS)
    header = {"name": name, "in": "header", "required": marker == "changes", **said}
    operation["parameters"] = [*operation.get("parameters", ()), header]
    for answer in operation["responses"].values():
        if answer is not RESPONSE:
            answer["headers"] = {"ETag": ETAG}
    if marker == "reads":
        operation["responses"]["304"] = {"description": "Det du har är det senaste.", "headers": {"ETag": ETAG}}


def _rights(app: Application) -> dict[tuple[str, str], str]:
    """Return the permission of each operation, by the path as OpenAPI writes it."""
    found = {}
    for rule in app.url_map.iter_rules():
        for method in rule.methods or ():
            found[FlaskPlugin.flaskpath2openapi(rule.rule), method.lower()] = app.needs(rule.endpoint)
    return found


@pages.get("/api/openapi.json", needs="api:docs:read")
def openapi() -> flask.Response:
    """Return the description."""
    return flask.jsonify(document(flask.current_app))  # type: ignore[arg-type]


@pages.get("/api/docs", needs="api:docs:read")
def docs() -> flask.Response:
    """Show the description to people."""
    return page("docs.html")


def open_docs(app: Application) -> None:
    """Outside production the description is open to everyone: who may log in may read it."""
    if app.settings.env != "production":
        app.instead["api:docs:read"] = "people:session:open"
