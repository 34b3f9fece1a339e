"""Photos over HTTP: the resumable upload of the API, and the pictures that pages show (design.md 5)."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import flask
from flask import request
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import wrap_file

from core import access, media
from core.http.blueprints import Api, Pages
from core.http.frame import actor, note_before_answer, takes
from core.i18n import N_
from core.media import PhotoRefused, Progress
from core.media.store import FEW, Source
from core.schema import Schema, fields

PIECE_TYPE = "application/offset+octet-stream"
MOUTHFUL = 1 << 16
"""Bytes read at once: what is lost when the line breaks."""
LARGEST_BODY = 200_000_000
"""Bound of one request; how large a photo may be is a setting (`photo_bytes`)."""

_BYTES = {"type": "string", "pattern": "^[0-9]{1,12}$"}
OFFSET = {"Upload-Offset": {"description": "Så många byte är hos staden.", "required": True, "schema": _BYTES}}
PIECE_HEADERS = [
    {"name": "Upload-Offset", "in": "header", "required": True, "schema": _BYTES, "description": "Bitens första byte."},
    {"name": "Upload-Length", "in": "header", "required": True, "schema": _BYTES, "description": "Hela fotots längd."},
    {
        "name": "Repr-Digest",
        "in": "header",
        "schema": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
        "description": "Hela fotots SHA-256 enligt RFC 9530.",
    },
]
PIECE_BODY = {"required": True, "content": {PIECE_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
"""What the API's document says of a piece; the function itself reads the stream."""

pages = Pages("photos", __name__)
api = Api("photos-api", __name__, description="Foton: skickas i bitar, kvitteras när de är säkra.")


class ReceiptOut(Schema):
    """The city's receipt: the phone may forget the photo when `sha256` is that of what it sent."""

    uid = fields.Uid(required=True)
    sha256 = fields.Sha256(required=True)
    bytes = fields.Integer(required=True, min=1)
    received_at = fields.Instant(required=True)
    state = fields.String(required=True, max=20)


class PhotoOut(Schema):
    """How far a photo has come."""

    uid = fields.Uid(required=True)
    offset = fields.Integer(required=True, min=0)
    length = fields.Integer(required=True, min=0, allow_none=True)
    receipt = fields.Nested(ReceiptOut, required=True, allow_none=True)


@api.route("/photos/<uuid:uid>", methods=["HEAD", "GET"], needs="media:photo:fetch")
@api.response(200, PhotoOut, description="Hur långt fotot har kommit; HEAD ger samma i Upload-Offset.", headers=OFFSET)
def read_photo(uid: UUID) -> Any:
    """Hur mycket av fotot som är hos staden, och kvittot när allt är det."""
    done = media.progress_of(actor(), uid)
    return {"uid": uid, "offset": done.offset, "length": done.length, "receipt": done.receipt}, 200, _headers(done)


@api.route("/photos/<uuid:uid>", methods=["PATCH"], needs="media:photo:add")
@api.doc(parameters=PIECE_HEADERS, requestBody=PIECE_BODY)
@api.response(200, ReceiptOut, description="Hela fotot är hos staden: kvittot.", headers=OFFSET)
@api.alt_response(204, description="Biten är hos staden; Upload-Offset säger var nästa börjar.", headers=OFFSET)
@takes(LARGEST_BODY, streams=True)
def append_photo(uid: UUID) -> Any:
    """Lägg till bytes från Upload-Offset av ett foto som är Upload-Length långt.

    Kroppen är application/offset+octet-stream. Repr-Digest (RFC 9530, sha-256) är hela fotots hash. 409 med
    Upload-Offset säger var staden är. Samma foto två gånger ger samma kvitto; andra bytes under samma uid ger 409.
    """
    if request.mimetype != PIECE_TYPE:
        raise PhotoRefused(415, N_("Skicka bitar som application/offset+octet-stream."))
    offset, length, sha256 = _number("Upload-Offset"), _number("Upload-Length"), _digest()
    with _body() as source:
        done = media.append(actor(), uid, source, offset=offset, length=length, sha256=sha256)
    if done.receipt is None:
        return flask.Response(status=204, headers=_headers(done))
    return done.receipt, 200, _headers(done)


@api.route("/photos/<uuid:uid>", methods=["DELETE"], needs="media:photo:add")
@api.response(204)
def withdraw_photo(uid: UUID) -> None:
    """Ta tillbaka ett foto som du har tagit: det räknas inte längre som saknat, och senare bytes ger 409.

    Är det redan hos staden döljs det genast, om du får dölja bilder; annars 403.
    """
    media.withdraw(actor(), uid)


@pages.get("/bilder/<uuid:uid>/<any(stor, liten):size>", needs="media:photo:fetch")
def picture(uid: UUID, size: Any) -> flask.Response:
    """Show a picture made of a photo, as the person may see it; never the photo as it was sent."""
    asked = request.accept_mimetypes
    webp = "image/webp" in (kind for kind, _ in asked)  # named, for */* is also what knows no WebP says
    sha256, kind = media.picture_of(actor(), uid, size, webp=webp)
    response = stored_file(sha256, kind, _name(uid, size, kind))
    response.vary.add("Accept")
    return response


@pages.get("/bilder/<uuid:uid>/original", needs="media:photo:original")
def original(uid: UUID) -> flask.Response:
    """Hand out the stored photo to those with the right, as a file to save; of a masked one it is journalled."""
    photo = media.original_of(actor(), uid)
    kind = media.type_of_original(photo)
    response = stored_file(photo.stored_sha256 or "", kind, _name(uid, "original", kind), attachment=True)
    if photo.mask_id is not None:
        note_before_answer(media.handed_out, uid)
    return response


def _name(uid: UUID, size: str, kind: str) -> str:
    return f"{uid}-{size}.{kind.rpartition('/')[2].replace('jpeg', 'jpg')}"


def stored_file(sha256: str, kind: str, name: str, *, attachment: bool = False) -> flask.Response:
    """Stream a stored file, the part of it that was asked for, or nothing to who has it already."""
    try:
        file, size = media.store().whole.open(sha256)
    except FileNotFoundError as error:
        raise access.Missing("picture", name) from error
    response = flask.Response(wrap_file(request.environ, file, MOUTHFUL), content_type=kind, direct_passthrough=True)
    response.call_on_close(file.close)
    response.content_length = size
    response.set_etag(sha256)
    response.headers["Content-Disposition"] = f"{'attachment' if attachment else 'inline'}; filename={name}"
    response.headers["Cache-Control"] = "private, no-cache"  # kept, but asked for again: the right may have ended
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    return response


@contextmanager
def _body() -> Iterator[Source]:
    """Receive what is sent: into memory when it is few bytes, else into a file that is gone when it has been used."""
    if request.content_length is not None and request.content_length <= FEW:
        yield b"".join(pieces())
        return
    with media.spooled(pieces()) as spool:
        yield spool


def pieces() -> Iterator[bytes]:
    """Yield what comes; a line that breaks leaves what had come, and the phone goes on from there."""
    received = 0
    try:
        while piece := request.stream.read(MOUTHFUL):
            received += len(piece)
            yield piece
    except (OSError, ClientDisconnected):
        flask.current_app.logger.info("an upload broke off after %d bytes", received)


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise PhotoRefused(400, N_("Upload-Offset och Upload-Length ska vara hela tal."), header=header)
    return int(text)


def _digest() -> str | None:
    """Return the whole photo's SHA-256 as hex from Repr-Digest, None without the header."""
    header = request.headers.get("Repr-Digest")
    if header is None:
        return None
    found = re.fullmatch(r"\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*", header)
    if not found:
        raise PhotoRefused(400, N_("Repr-Digest ska vara sha-256=:…: enligt RFC 9530."), header="Repr-Digest")
    return b64decode(found[1]).hex()


def _headers(done: Progress) -> dict[str, str]:
    length = {"Upload-Length": str(done.length)} if done.length is not None else {}
    return {"Upload-Offset": str(done.offset), "Cache-Control": "no-store", **length}
