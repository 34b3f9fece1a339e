"""Blueprints whose every route names the permission it needs, and the conditional headers of the API."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, NoReturn, TypeVar

import flask
import flask_smorest
import marshmallow.fields
import orjson
from flask import request
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from core.i18n import N_
from core.schema import Invalid

View = TypeVar("View", bound=Callable[..., Any])
DEEPEST = 64
"""Levels of lists and objects in a body of JSON; what is kept of it can then always be written again."""


class NotJson(Exception):
    """The body is no JSON."""


class PreconditionRequired(Exception):
    """A change came without saying which version it is based on (If-Match, RFC 6585)."""


class NoRightNamed(Exception):
    """A route does not say which permission it needs: the service does not start."""


class Guarded(flask.Blueprint):
    """A blueprint whose every route names a permission, in which no other lies with routes that nobody asks about."""

    rights: frozenset[str] = frozenset()

    def register_blueprint(self, blueprint: Any, **_: Any) -> NoReturn:
        raise NoRightNamed(f"{self.name}: {blueprint.name} kan inte ligga i en annan blueprint")

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Any = None,
        provide_automatic_options: bool | None = None,  # noqa: FBT001 - Flask's own signature
        **options: Any,
    ) -> None:
        view_func.needs = _named(self, rule, options)
        self.rights |= {view_func.needs}
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)


class Pages(Guarded):
    """A blueprint of pages. `@pages.get("/platser", needs="places:place:read")`."""

    def __init__(self, name: str, import_name: str, *, template_folder: str | None = None) -> None:
        super().__init__(name, import_name, template_folder=template_folder)


class Parser(FlaskParser):
    """webargs with our JSON (strict, bounded in depth) and our refusals."""

    def load_json(self, req: flask.Request, schema: Any) -> Any:
        if not req.is_json:
            if req.content_length or req.get_data(cache=True):
                raise UnsupportedMediaType
            if not any(field.required for field in schema.load_fields.values()):
                raise NotJson  # no body at all is not an empty change
            return missing  # and the fields say what they want
        try:
            value = orjson.loads(req.get_data(cache=True))
        except orjson.JSONDecodeError as error:
            raise NotJson from error
        if _is_too_deep(value):
            raise NotJson
        return value

    def handle_error(self, error: Any, req: Any, schema: Any, **_: Any) -> Any:  # noqa: ARG002
        raise error if isinstance(error, Invalid) else Invalid(error.messages)


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        parts = [part.values() if isinstance(part, dict) else part for part in level if isinstance(part, dict | list)]
        level = [value for part in parts for value in part]
    return bool(level)


class Api(Guarded, flask_smorest.Blueprint):
    """A blueprint of the REST API. `@api.route("/places/<uuid:uid>", methods=["GET"], needs="places:place:read")`."""

    ARGUMENTS_PARSER: ClassVar[Any] = Parser()

    def __init__(self, name: str, import_name: str, *, description: str = "") -> None:
        super().__init__(name, import_name, description=description)  # type: ignore[call-arg]
        self.after_request(_conditional)

    def reads(self, schema: Any, **options: Any) -> Callable[[View], View]:
        """Let the function take the JSON body, loaded by `schema`."""
        return self.arguments(schema, location="json", **options)  # type: ignore[no-any-return]

    def asks(self, schema: Any) -> Callable[[View], View]:
        """Let the function take the query's parameters, read as strictly as JSON is."""

        def decorate(function: View) -> View:
            documented = self.arguments(schema, location="query")(function)

            @wraps(documented)
            def read(*args: Any, **kwargs: Any) -> Any:
                return function(_parameters(schema()), *args, **kwargs)

            return read  # type: ignore[return-value]

        return decorate


def _parameters(schema: Any) -> Any:
    """Return the query's parameters loaded by `schema`; a number or yes and no is written as in JSON."""
    sent: dict[str, Any] = {}
    for name, texts in request.args.lists():
        sent[name] = texts[0] if len(texts) == 1 else texts
        written = isinstance(schema.load_fields.get(name), marshmallow.fields.Number | marshmallow.fields.Boolean)
        if written and len(texts) == 1:
            try:
                sent[name] = orjson.loads(texts[0])
            except orjson.JSONDecodeError:
                continue  # the field says what it wants
    return schema.load(sent)


def _named(blueprint: flask.Blueprint, rule: str, options: dict[str, Any]) -> str:
    needs = options.pop("needs", None)
    if not isinstance(needs, str) or needs.count(":") != 2:  # noqa: PLR2004 - three parts
        raise NoRightNamed(f'{blueprint.name} {rule}: skriv needs="rum:sak:handling"')
    return needs


def expected_version() -> int:
    """Return the version in If-Match; PreconditionRequired without the header, Invalid when it is not ours."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise PreconditionRequired
    digits = header.removeprefix("W/").strip('"').partition(".")[0]
    if not digits.isdecimal() or not digits.isascii() or len(digits) > 12:  # noqa: PLR2004
        raise Invalid({"If-Match": [N_("Skriv den version som du senast läste, som i ETag.")]})
    return int(digits)


def with_etag(body: Any, version: int, status: int = 200) -> tuple[Any, int, dict[str, str]]:
    """Return an answer that tells the row's version."""
    return body, status, {"ETag": f'"{version}"'}


def _conditional(response: flask.Response) -> flask.Response:
    """Complete the tag, and answer 304 to a client that has this already (If-None-Match).

    Behind the version stands a digest of the answer: a photo may arrive without a new version of its record.
    """
    version, _ = response.get_etag()
    if version is None or response.direct_passthrough:  # a file has its own tag, and does not lie in memory
        return response
    tag = f"{version}.{hashlib.sha256(response.get_data()).hexdigest()[:16]}"
    response.set_etag(tag)
    if request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(tag):
        response.status_code = 304
        response.set_data(b"")
        del response.headers["Content-Type"]
    return response
