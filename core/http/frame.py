"""The frame around every request: who, may they, one transaction, bytes, commit, answer (design.md 4.3)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol, cast
from uuid import UUID

import flask
import orjson
from flask import Flask, g, request
from flask.json.provider import DefaultJSONProvider
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from core import access, db, plugins, restored
from core.access import Actor, Denied, Missing
from core.http import app_version, dpop
from core.http.blueprints import NoRightNamed
from core.schema import Invalid
from core.schema.fields import Uid
from core.settings import Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
RUNS = "operation:installation:read"
"""Who has this is told on every page that this is a restored copy."""
TRIES = 3
BODY_BYTES = 2_000_000
"""Largest body of a form or of JSON; a route for photos sets its own limit."""
IN_MEMORY = 500_000
"""Bytes of a form's file that lie in memory; larger ones on the disk."""
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
DEADLOCKS = ("40P01", "40001")

log = logging.getLogger(__name__)


class NotSignedIn(Exception):
    """Nobody is logged in, or the session or token does not count any more."""


class SignedOut(NotSignedIn):
    """The phone was logged in and is not any more: ended, past its day, or its person's account is closed."""


class Doorkeeper(Protocol):
    """What the frame asks the room of people, inside a transaction of its own."""

    def by_session(self, token: str) -> tuple[Actor, bool] | None:
        """Return the actor and whether the session was last noted as in use over a minute ago."""

    def by_token(self, token: str) -> Actor | None:
        """Return the actor of a bearer token."""

    def by_device(self, token: str, thumbprint: str) -> tuple[Actor, bool] | None:
        """Return the actor of a phone that has proven this key, and whether it was last noted over a minute ago."""

    def known_as(self, actor: Actor, person: UUID | None, organisation: int | None) -> str:
        """Return how whoever did something is named to `actor`; empty where that is not told."""

    def seen(self, token: str) -> None:
        """Note that the session is in use."""

    def device_seen(self, token: str, app: int | None) -> None:
        """Note that the phone is in use, and with which version of the app."""


class Json(DefaultJSONProvider):
    """orjson instead of json: faster, and nothing but real JSON in and out."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj, default=str).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)


class Thrown(BytesIO):
    """Where a file goes that nobody is to have."""

    def write(self, data: Any) -> int:
        return len(data)


class Request(flask.Request):
    """A request whose files lie beside the parts of photos on their way in, and not where a machine has little room."""

    texts_only = False
    """Whether files are thrown away as they come: of who is not logged in, neither memory nor disk holds any."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        if self.texts_only:
            return Thrown()
        folder = cast("Application", flask.current_app).settings.data_dir / "parts"
        folder.mkdir(parents=True, exist_ok=True)
        return cast("IO[bytes]", SpooledTemporaryFile(IN_MEMORY, dir=str(folder)))


class Application(Flask):
    """Flask, with our frame around each view."""

    request_class = Request
    json_provider_class = Json
    database: db.Database
    settings: Settings
    doorkeeper: Doorkeeper

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instead: dict[str, str] = {}
        """For a permission that routes name, the one that is enough in this application."""
        self.beginnings: tuple[tuple[str, str, str], ...] = ()
        """What one may begin with from the start page: title, address and needed permission of each."""
        self.plugin_of: dict[str, str] = {}
        """Whose a blueprint is, by its name, where it is a plugin's."""

    def dispatch_request(self) -> flask.Response:
        if request.routing_exception is not None:
            g.actor = self._identify()  # so that the page that says so has its frame
            self.raise_routing_exception(request)
        needs = self.needs(request.endpoint)
        g.actor = access.NOBODY if self._is_machine_s() else self._identify()
        self._check_right(needs)
        _check_uids()
        self._receive_body()
        response = self._run()
        self._note_before_answer()
        self._note_seen(response)
        return response

    def process_response(self, response: flask.Response) -> flask.Response:
        """Complete every answer, also that of a refusal; what failed in plugins is noted when it has left."""
        response.call_on_close(lambda: plugins.note_failures(self.database))
        return super().process_response(response)

    def needs(self, endpoint: str | None) -> str:
        """Return the permission that a route needs; NoRightNamed without one."""
        right = getattr(self.view_functions.get(endpoint or ""), "needs", None)
        if right is None:
            raise NoRightNamed(f"{endpoint}")
        return self.instead.get(right, str(right))

    def body_bytes(self) -> int:
        """Return how many bytes the body of this request may have."""
        return getattr(self.view_functions.get(request.endpoint or ""), "body_bytes", BODY_BYTES)

    def check_rights(self) -> None:
        """Refuse to start with a route that needs no permission, or one that nobody knows."""
        for rule in self.url_map.iter_rules():
            right = self.needs(rule.endpoint)
            if right not in access.permissions():
                raise NoRightNamed(f"{rule.rule}: {right} finns inte i listan")

    def _is_machine_s(self) -> bool:
        """Whether this is a route that knows nobody and needs no database, so that it answers also without one."""
        return self.needs(request.endpoint).startswith("core:")

    def _identify(self) -> Actor:
        g.session_token = request.cookies.get(self.config["TRYGGPLATS_COOKIE"], "")
        scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
        if key := self._key_sent():
            scheme, credentials = "bearer", key
        g.by_device = dpop.is_by_device()
        g.by_token = g.by_device or scheme.lower() == "bearer"
        if g.by_device:
            return self._identify_device(credentials.strip())
        if not g.session_token and not scheme:
            return access.NOBODY
        with self.database.transaction(write=False):
            if g.by_token:
                actor = self.doorkeeper.by_token(credentials.strip())
                if actor is None:
                    raise NotSignedIn
                return actor
            known = self.doorkeeper.by_session(g.session_token)
            g.copy = restored.held() if known and known[0].may(RUNS) else None
        actor, seen_is_old = known or (access.NOBODY, False)
        g.note_seen = partial(self.doorkeeper.seen, g.session_token) if seen_is_old else None
        return actor

    def _key_sent(self) -> str:
        """Return the key that a standard lets a program send as a field, where the route takes one."""
        name = getattr(self.view_functions.get(request.endpoint or ""), "key_field", "")
        if not name:
            return ""
        request.max_content_length = BODY_BYTES
        return request.values.get(name, "")

    def _identify_device(self, token: str) -> Actor:
        """Return whose phone this is, when it has proven its key; nobody while it has no token yet."""
        g.proof = dpop.read_proof(token, self.settings)
        if not token:
            return access.NOBODY
        with self.database.transaction(write=False):
            known = self.doorkeeper.by_device(token, g.proof.thumbprint)
        if known is None:
            raise SignedOut
        actor, seen_is_old = known
        g.note_seen = partial(self.doorkeeper.device_seen, token, app_version.version()) if seen_is_old else None
        return actor

    def _check_right(self, needs: str) -> None:
        plugin = self.plugin_of.get(request.blueprint or "")
        if plugin and self._plugin_state(plugin) != "on":
            raise Missing("page", request.path)
        if g.actor.may(needs):
            view = self.view_functions[request.endpoint or ""]
            wants_proof = getattr(view, "needs_proof", False) and request.method != "OPTIONS"
            if wants_proof and "proof" not in g:
                raise dpop.ProofRefused
            return
        if not g.actor.signed_in:
            raise NotSignedIn
        raise Denied(needs)

    def _plugin_state(self, name: str) -> str:
        with self.database.transaction(write=False):
            return plugins.state(name)

    def _receive_body(self) -> None:
        """Take in the whole body before the transaction: a slow phone must not lock the city out."""
        if request.method in SAFE:
            return
        view = cast("Any", self.view_functions[request.endpoint or ""])
        request.max_content_length = self.body_bytes()
        if not getattr(view, "streams", False):
            _ = request.form if request.mimetype in FORMS else request.get_data(cache=True)
        if not g.by_token:
            self.extensions["csrf"].protect()

    def _run(self) -> flask.Response:
        """Run the view in its one transaction; what lost a race (a deadlock, the same uid twice) runs again."""
        view = cast("Any", self.view_functions[request.endpoint or ""])
        tries = 1 if getattr(view, "streams", False) else TRIES
        while True:
            try:
                return self._run_once()
            except (IntegrityError, OperationalError) as error:
                tries -= 1
                if not tries or not _lost_race(error):
                    raise
            except Exception as refusal:
                self._journal_refusal(refusal)
                raise

    def _run_once(self) -> flask.Response:
        if self._is_machine_s():
            return self.make_response(super().dispatch_request())
        looks = getattr(self.view_functions[request.endpoint or ""], "undoes", False)
        with self.database.transaction(write=looks or request.method not in SAFE):
            response = self.make_response(super().dispatch_request())
            if not response.direct_passthrough:
                response.get_data()
        return response

    def _journal_refusal(self, refusal: Exception) -> None:
        """Write what must be known of a refusal after its transaction was undone, there and only there."""
        act = getattr(refusal, "journalled", None)
        if act is not None:
            with self.database.transaction():
                act(g.actor)

    def _note_before_answer(self) -> None:
        """Journal what must be known before the answer leaves, in a transaction of its own; failing, nothing leaves."""
        for act in g.pop("notes", ()):
            with self.database.transaction():
                act()

    def _note_seen(self, response: flask.Response) -> None:
        """Note that the session or phone is in use, after the answer: a GET writes nothing in its own transaction."""
        seen = g.get("note_seen")
        if seen is None:
            return

        def note() -> None:
            try:
                with self.database.transaction():
                    seen()
            except SQLAlchemyError:
                log.warning("could not note that a session is in use", exc_info=True)

        response.call_on_close(note)


def _check_uids() -> None:
    """Refuse an address with a uid that a client has made otherwise than we promise (design.md 4.8)."""
    for name, value in (request.view_args or {}).items():
        if isinstance(value, UUID) and not Uid.pattern.fullmatch(str(value)):
            if request.method in SAFE:
                raise Missing("page", value)
            raise Invalid({name: [Uid.default_error_messages["invalid_uuid"]]})


def _lost_race(error: DBAPIError) -> bool:
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", "") in DEADLOCKS


def actor() -> Actor:
    """Return who makes this request."""
    return cast("Actor", g.actor)


def note_before_answer(act: Callable[..., object], *arguments: Any) -> None:
    """Let `act(actor, …)` be done after this reading request's own transaction and before its answer leaves."""
    g.setdefault("notes", []).append(partial(act, actor(), *arguments))


def undoes(view: Any) -> Any:
    """Mark a view that does what it is asked about and undoes it: its GET may write, and leaves nothing of it."""
    view.undoes = True
    return view


def takes(limit: int, *, streams: bool = False) -> Callable[[Any], Any]:
    """Mark a view whose body may be `limit` bytes; one that `streams` receives it before its first statement."""

    def mark(view: Any) -> Any:
        view.streams, view.body_bytes = streams, limit
        return view

    return mark


def takes_key(name: str) -> Callable[[Any], Any]:
    """Mark a view to which a key may be sent as the field `name`, beside the header; its body is then read for it."""

    def mark(view: Any) -> Any:
        view.key_field = name
        return view

    return mark


def csrf_of(app: Application) -> CSRFProtect:
    """Set up the form token; the frame itself asks for it, after the permission."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_HEADERS"] = ["X-CSRF-Token"]
    return CSRFProtect(app)
