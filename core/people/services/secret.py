"""What is kept of a secret: never the secret itself."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from joserfc.util import urlsafe_b64encode

from core import db


def made_of(what: str, uid: UUID) -> str:
    """Return the secret that belongs to `uid` as `what`: nobody else can make it, and it need not be kept anywhere."""
    key = db.settings().secret_key.encode()
    return urlsafe_b64encode(hmac.digest(key, f"{what} {uid}".encode(), "sha256")).decode()


def digest(opaque: str) -> bytes:
    """Return what is kept of the opaque id of a session, a token or a link."""
    return hashlib.sha256(opaque.encode("utf-8", "surrogatepass")).digest()


def short(text: str) -> str:
    """Return a key of bounded length that does not tell the text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]
