"""The proof that a request comes from the very phone that was logged in: DPoP (RFC 9449).

A phone has a key that cannot be read out of it, and signs method and address of each request with it. A token that was
copied is worth nothing without. The clocks of phones are wrong, so that the time in a proof is not looked at: it
names instead a nonce of ours, that each answer gives and that counts for five to ten minutes (docs/decisions/0026).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import flask
from flask import Flask, g, request
from joserfc.util import urlsafe_b64encode

from core import clock, signed
from core.settings import Settings

HEADER, NONCE = "DPoP", "DPoP-Nonce"
WINDOW = 300
"""Seconds of a nonce; it counts in its window and in the next."""
BAD, WANTS_NONCE = "invalid_dpop_proof", "use_dpop_nonce"

View = TypeVar("View")


class ProofRefused(Exception):
    """There is no proof, or it is not one of this request; `error` is that of RFC 9449."""

    def __init__(self, error: str = BAD) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True)
class Proof:
    """The key that a request was signed with: as a JWK, and its thumbprint (RFC 7638)."""

    key: signed.Key
    thumbprint: str


def needs_proof(view: View) -> View:
    """Mark a view that answers only to who has proven a key, logged in or not."""
    view.needs_proof = True  # type: ignore[attr-defined]
    return view


def proof() -> Proof:
    """Return the proof of this request; its frame has looked at it."""
    found: Proof = g.proof
    return found


def is_by_device() -> bool:
    """Whether this request is to be judged as a phone's: then no cookie counts."""
    scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
    return scheme == "dpop" or (not scheme and HEADER in request.headers)


def read_proof(token: str, settings: Settings) -> Proof:
    """Return the proof in this request's header, of its method, its address and `token`; ProofRefused otherwise."""
    headers = request.headers.getlist(HEADER)
    if len(headers) != 1:
        raise ProofRefused
    try:
        said = signed.read(headers[0].encode())
    except signed.NotSigned as error:
        raise ProofRefused from error
    claims = said.claims
    if said.header.get("typ") != "dpop+jwt":
        raise ProofRefused
    here = (urlsplit(settings.base_url).scheme, request.host, request.path)
    if claims.get("htm") != request.method or _address(claims.get("htu")) != here or not _is_id(claims.get("jti")):
        raise ProofRefused
    if claims.get("ath") != (_text(hashlib.sha256(token.encode()).digest()) if token else None):
        raise ProofRefused
    if claims.get("nonce") not in nonces(settings):
        raise ProofRefused(WANTS_NONCE)
    return Proof(said.key, said.thumbprint)


def nonces(settings: Settings) -> tuple[str, str]:
    """Return the nonce of now, and the one before that still counts."""
    window = int(clock.now().timestamp()) // WINDOW
    now, before = (
        _text(hmac.digest(settings.secret_key.encode(), f"dpop-nonce {each}".encode(), "sha256"))
        for each in (window, window - 1)
    )
    return now, before


def install(app: Flask) -> None:
    """Give each phone the nonce for its next request with every answer."""

    def complete(response: flask.Response) -> flask.Response:
        if HEADER in request.headers:
            response.headers[NONCE] = nonces(flask.current_app.settings)[0]  # type: ignore[attr-defined]
        return response

    app.after_request(complete)


def _address(text: Any) -> tuple[str, str, str] | None:
    try:
        parts = urlsplit(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return (parts.scheme, parts.netloc, unquote(parts.path)) if parts and not parts.query + parts.fragment else None


def _is_id(text: Any) -> bool:
    return isinstance(text, str) and 8 <= len(text) <= 100  # noqa: PLR2004 - long enough to be once


def _text(digest: bytes) -> str:
    return urlsafe_b64encode(digest).decode()
