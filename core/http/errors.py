"""Refusals at the edge: typed exceptions in, words and HTTP status out; pages for people, RFC 9457 for programs."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import flask
from flask import g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from core import access, db, flow, geo, signed
from core.handover import HandoverRefused
from core.http import app_version, dpop, kept
from core.http.blueprints import NotJson, PreconditionRequired
from core.http.conflicts import conflict_page
from core.http.forms import form_stands_at, page_above
from core.http.frame import Application, NotSignedIn, SignedOut
from core.http.pages import back_to
from core.http.texts import either, translate
from core.i18n import N_, Text
from core.media import PhotoRefused, ReviewRefused, StoreAway
from core.schema import Invalid, Schema
from core.sync import ChoiceRefused

log = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
CONFLICT = REFUSED = 409
"""Status of a refused move, and of a page on which two have changed the same thing."""
NAMED = 3
"""Roles that a refusal names at most: a dozen in a sentence help nobody."""
STALE = (db.Stale, StaleDataError)


@dataclass
class Problem:
    """What went wrong, for both kinds of answer."""

    status: int
    title: str
    detail: str = ""
    errors: list[dict[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    kind: str = ""
    """What a program knows it by, where the status is not enough (`type` of RFC 9457)."""

    def fields(self, schema: type[Schema]) -> dict[str, list[str]]:
        """Return the messages by field, for the form of `schema`; "" holds those that none of its fields can.

        What refuses a move may be mended elsewhere on the page; such a message is under "#" and the id of that.
        """
        found: dict[str, list[str]] = {}
        for entry in self.errors:
            known = entry["field"].partition(".")[0] in schema._declared_fields  # noqa: SLF001 - marshmallow's own table
            elsewhere = f"#{entry['field']}" if self.status == REFUSED and entry["field"] else ""
            found.setdefault(entry["field"] if known else elsewhere, []).append(entry["message"])
        return found or {"": [self.detail or self.title]}


def problem_of(error: Exception) -> Problem:
    """Return the words and the status for `error`; anything unknown is a fault of ours and is logged."""
    for kind, words in WORDS:
        if isinstance(error, kind):
            found: Problem = words(error)
            return found
    return _fault(error)


def _fault(error: Exception) -> Problem:
    number = f"{secrets.token_hex(2)}-{secrets.token_hex(1)}"
    _log(f"fault {number} at", error)
    sentence = Text(N_("Det du skrev är inte sparat. Felet har nummer {number}."), number=number)
    return Problem(500, N_("Något gick fel hos oss"), sentence, more={"number": number})


def _invalid(error: Any) -> Problem:
    errors = [{"field": path, "message": text} for path, texts in error.flat().items() for text in texts]
    return Problem(422, N_("Något behöver ändras"), N_("Rätta det som står vid varje fält."), errors)


def _refused(error: Any) -> Problem:
    errors = [{"field": entry.field, "message": entry.message} for entry in error.objections]
    return Problem(REFUSED, N_("Det går inte än"), N_("Det här behöver göras först."), errors)


def _denied(error: Any) -> Problem:
    if error.why:
        detail: str = error.why
    elif g.get("by_device") and error.permission not in (g.actor.scopes or ()):
        detail = N_("Telefonen är inloggad för arbete i fält. Gör det här på datorn.")
    elif g.get("by_token") and error.permission not in (g.actor.scopes or ()):
        detail = Text(N_("Nyckeln har inte rätten {right}."), right=error.permission)
    elif len(error.holders) > NAMED:
        some = ", ".join(f"”{translate(role)}”" for role in error.holders[:NAMED])
        words = N_("{n} roller får göra det, till exempel {roles}. Den som ger roller hos er kan hjälpa dig.")
        detail = Text(words, n=len(error.holders), roles=some)
    elif error.holders:
        detail = Text(N_("Det får den som har rollen {roles}."), roles=either(error.holders))
    else:
        detail = N_("Ingen roll har rätten.")
    return Problem(403, N_("Du har inte rätt att göra det här"), detail, more={"permission": error.permission})


def _stale(error: Any) -> Problem:
    status = CONFLICT if _is_page() else 412
    more = {"version": getattr(error, "version", None)}
    return Problem(
        status, N_("Någon annan har ändrat samtidigt"), N_("Läs in det senaste och gör om ändringen."), more=more
    )


def _photo(error: Any) -> Problem:
    return Problem(
        error.status, N_("Staden tog inte emot fotot"), error.message, more=error.facts, headers=error.headers
    )


def _handover(error: Any) -> Problem:
    return Problem(error.status, N_("Filen togs inte emot"), error.message)


def _review(error: Any) -> Problem:
    return Problem(REFUSED, N_("Det går inte än"), error.message)


def _geometry(error: Any) -> Problem:
    texts = [text for text in (error.reason, error.hint) if text]
    errors = [{"field": error.field, "message": text} for text in texts]
    return Problem(422, N_("Läget går inte att använda"), error.reason, errors)


def _files(error: Any) -> Problem:
    if error.errno is None:
        return _fault(error)  # a library's own kind of OSError, such as a template that is not there
    log.error("file system at %s %s", request.method, request.path, exc_info=error)
    return Problem(507, N_("Det går inte att spara just nu"), N_("Inget är sparat. Försök igen om en stund."))


def _proof(error: Any) -> Problem:
    said = f'DPoP error="{error.error}", algs="{signed.ALGORITHM}"'
    title, detail = N_("Telefonen behöver visa sin nyckel"), N_("Skriv under frågan på nytt, med svarets DPoP-Nonce.")
    return Problem(401, title, detail, headers={"WWW-Authenticate": said})


def _signed_out(_: Exception) -> Problem:
    said = f'DPoP error="invalid_token", algs="{signed.ALGORITHM}"'
    title, detail = N_("Telefonen är utloggad"), N_("Logga in den igen från datorn, under Mina enheter.")
    return Problem(401, title, detail, headers={"WWW-Authenticate": said}, kind="signed-out")


def _too_old(_: Exception) -> Problem:
    title, detail = N_("Appen är för gammal"), N_("Stäng appen och öppna den igen med täckning. Inget är borttaget.")
    return Problem(426, title, detail, more={"oldest": app_version.OLDEST}, kind="upgrade")


def _http(error: Any) -> Problem:
    title, detail = HTTP_WORDS.get(error.code, (N_("Det gick inte"), ""))
    headers = {"Allow": ", ".join(error.valid_methods)} if getattr(error, "valid_methods", None) else {}
    return Problem(error.code or 500, title, detail, headers=headers)


def _says(status: int, title: str, detail: str = "", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: Problem(status, title, detail, headers=named)


NOT_FOUND = (N_("Sidan finns inte"), N_("Sidan finns inte, eller så har du inte rätt att se den."))
BUSY = (N_("Det är för mycket på gång just nu"), N_("Inget är sparat. Vänta en liten stund och försök igen."))
STORE_AWAY = (
    N_("Bilderna går inte att nå just nu"),
    N_("Inget är sparat och inget är borta. Försök igen om en stund."),
)
HTTP_WORDS = {
    400: (N_("Det gick inte att läsa"), N_("Gå tillbaka och försök igen.")),
    404: NOT_FOUND,
    405: (N_("Så går det inte att använda adressen"), ""),
    413: (N_("Det är för stort"), N_("Skicka en mindre fil.")),
    415: (N_("Det formatet tas inte emot"), ""),
    429: (N_("För många försök"), N_("Vänta en stund och försök igen.")),
}
OPEN_TOO_LONG = N_(
    "Sidan har legat öppen för länge. Gå tillbaka, kopiera det du skrev, ladda om sidan och försök igen."
)
WORDS: tuple[tuple[Any, Any], ...] = (
    (Invalid, _invalid),
    (flow.Refused, _refused),
    (access.Denied, _denied),
    (access.Missing, _says(404, *NOT_FOUND)),
    (access.TooManyTries, _says(429, *HTTP_WORDS[429], Retry_After="900")),
    (dpop.ProofRefused, _proof),
    (app_version.AppTooOld, _too_old),
    (SignedOut, _signed_out),
    (NotSignedIn, _says(401, N_("Logga in först"), WWW_Authenticate="Bearer")),
    (PhotoRefused, _photo),
    ((ReviewRefused, ChoiceRefused), _review),
    (HandoverRefused, _handover),
    (StoreAway, _says(503, *STORE_AWAY, Retry_After="30")),
    (geo.GeometryRefused, _geometry),
    (db.Conflict, _says(409, N_("Numret är redan använt"), N_("Något annat har samma uid. Inget är ändrat."))),
    (STALE, _stale),
    (
        PreconditionRequired,
        _says(428, N_("Säg vilken version du ändrar"), N_("Skicka If-Match med den ETag du läste.")),
    ),
    (NotJson, _says(400, N_("Det gick inte att läsa"), N_("Innehållet är inte JSON."))),
    (CSRFError, _says(400, N_("Sidan har legat öppen för länge"), OPEN_TOO_LONG)),
    (HTTPException, _http),
    (IntegrityError, _says(409, N_("Någon annan hann före"), N_("Läs in det senaste och försök igen."))),
    (OperationalError, _says(503, *BUSY, Retry_After="5")),
    (PoolTimeout, _says(503, *BUSY, Retry_After="5")),
    (OSError, _files),
)


def _log(what: str, error: Exception) -> None:
    """Log what went wrong where; of what the database refused not the values, which somebody may have sealed."""
    if not isinstance(error, DBAPIError):
        log.error("%s %s %s", what, request.method, request.path, exc_info=error)
        return
    where = "".join(traceback.format_tb(error.__traceback__))
    said = str(error.orig).partition("\n")[0]  # the next line of PostgreSQL's is the row itself
    log.error("%s %s %s\n%s%s: %s", what, request.method, request.path, where, type(error.orig).__name__, said)


Dialect = Callable[[Problem], flask.Response]
_dialects: dict[str, Dialect] = {}


def dialect(prefix: str) -> Callable[[Dialect], Dialect]:
    """Register how refusals are told at addresses that begin with `prefix`, where a standard says how."""

    def register(tell: Dialect) -> Dialect:
        _dialects[prefix] = tell
        return tell

    return register


def _tell() -> Dialect:
    return next((tell for prefix, tell in _dialects.items() if request.path.startswith(f"{prefix}/")), _json)


PASSING = frozenset({500, 503, 507})
"""Refusals that may be over when the page is asked for again."""
REDRAWN = frozenset({409, 413, 415, 422, 429})
"""Refusals after which a form is drawn again, if its view said how (`redraw_with`)."""


def answer(error: Exception) -> flask.Response:
    """Answer `error` as a page or as problem+json; log in first where nobody is."""
    if isinstance(error, RequestRedirect):
        return flask.make_response(error.get_response())  # to the same page by its proper address
    if (above := _stands_at(error)) is not None:
        return flask.make_response(flask.redirect(above, 303))
    problem = problem_of(error)
    if isinstance(error, (IntegrityError, OperationalError, PoolTimeout)):  # perhaps a fault of ours after all
        _log("the database refused", error)
    if _is_page() and isinstance(error, NotSignedIn):
        return _to_login() if request.method == "GET" else _sign_in_first(problem)
    if draw := _drawing(error, problem):
        try:
            response = _redrawn(draw)
        except Exception as worse:  # noqa: BLE001 - whatever it is, such as that the row may not even be seen
            return answer(worse)
    else:
        response = _page(problem, error) if _is_page() else _tell()(problem)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def _stands_at(error: Exception) -> str | None:
    """Return the page of a form whose address is asked for: what was sent there was answered by a page, which then is
    opened anew, kept as a bookmark, or come back to with another language. None for every other address.
    """
    gone = isinstance(error, (MethodNotAllowed, access.Missing))
    return form_stands_at() if gone and request.method == "GET" and _is_page() else None


def _is_page() -> bool:
    """Whether a person reads the answer: a phone's app gets also refused pictures as a program does."""
    by_program = request.path.startswith(("/api/", *(f"{prefix}/" for prefix in _dialects)))
    return not by_program and not g.get("by_device")


def _drawing(error: Exception, problem: Problem) -> Callable[[], flask.Response] | None:
    """Return how a page is drawn again after `error`, if at all; asked once, for the drawing may be refused too."""
    redraw, saved = g.pop("redraw", None), g.pop("saved", None)
    if not _is_page():
        return None
    if isinstance(error, STALE):
        return partial(conflict_page, saved, getattr(error, "uid", None))
    return partial(redraw, problem) if redraw and problem.status in REDRAWN else None


def _redrawn(draw: Callable[[], flask.Response]) -> flask.Response:
    """Draw the page with what was written and what is wrong, in a transaction that only reads."""
    application: Any = flask.current_app
    with application.database.transaction(write=False):
        return draw()


def _to_login() -> flask.Response:
    there = request.full_path.rstrip("?") if request.method == "GET" else page_above()
    return flask.make_response(flask.redirect(flask.url_for("people.sign_in_page", till=there), 303))


def _sign_in_first(problem: Problem) -> flask.Response:
    """Ask to log in with what was written kept on the page; where nothing was, what leads back to it is enough."""
    try:
        written = kept.keep()
    except HTTPException as unreadable:  # too large, most often: told as it is to one who is logged in
        return answer(unreadable)
    if not written:
        return _to_login()
    g.actor, g.kept = access.NOBODY, {"till": page_above(), "kvar": written}
    page: Any = flask.current_app.view_functions["people.sign_in_page"]
    response = _redrawn(page)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def _json(problem: Problem) -> flask.Response:
    body = {
        "type": _type(problem.kind),
        "title": translate(problem.title),
        "status": problem.status,
        "instance": request.path,
        **({"detail": translate(problem.detail)} if problem.detail else {}),
        **({"errors": _translated(problem.errors)} if problem.errors else {}),
        **problem.more,
    }
    response = flask.jsonify(body)
    response.mimetype = PROBLEM
    return response


def _type(kind: str) -> str:
    application: Any = flask.current_app
    return f"{application.settings.base_url}/problem/{kind}" if kind else "about:blank"


def _translated(errors: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [{"field": entry["field"], "message": translate(entry["message"])} for entry in errors]


def _page(problem: Problem, error: Exception) -> flask.Response:
    """Render the page of this status; the frame's transaction is over, so it shows no data."""
    if not hasattr(g, "actor"):
        g.actor = access.NOBODY
    known = {400, 403, 404, 409, 413, 422, 429, 500, 503}
    name = str(problem.status) if problem.status in known else "generell"
    may_pass = request.method == "GET" and problem.status in PASSING
    again = request.full_path.rstrip("?") if may_pass else None
    shown = {"problem": problem, "error": error, "back": _came_from(), "again": again}
    return flask.make_response(flask.render_template(f"errors/{name}.html", **shown))


def _came_from() -> str:
    """Return the page of ours that one came from; the start page when it was no page of ours."""
    application: Any = flask.current_app
    there, ours = urlsplit(request.referrer or ""), urlsplit(application.settings.base_url)
    return back_to(there._replace(scheme="", netloc="").geturl() if there.netloc == ours.netloc else None)


def install(app: Application) -> None:
    """Let every exception be answered here."""
    app.register_error_handler(Exception, answer)
