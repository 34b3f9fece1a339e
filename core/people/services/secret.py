"""What is kept of a secret: never the secret itself."""

from __future__ import annotations

import hashlib


def digest(opaque: str) -> bytes:
    """Return what is kept of the opaque id of a session, a token or a link."""
    return hashlib.sha256(opaque.encode("utf-8", "surrogatepass")).digest()


def short(text: str) -> str:
    """Return a key of bounded length that does not tell the text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]
