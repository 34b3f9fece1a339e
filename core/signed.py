"""What a phone has signed with its key: a JWS with ES256 that shows the public key (RFC 7515, 7518)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

ALGORITHM = "ES256"
PARTS = ("kty", "crv", "x", "y")
"""What a public key of ours is made of."""

Key = dict[str, str]


class NotSigned(Exception):
    """It is no JWS of ours, or not signed with the key that it shows."""


@dataclass(frozen=True)
class Signed:
    """What was signed, with which key, and that key's digest (RFC 7638)."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    key: Key
    thumbprint: str


def read(text: bytes) -> Signed:
    """Return what the key in the header has signed. Raises NotSigned."""
    try:
        token = jws.extract_compact(text)
        header = token.headers()
        shown: Any = header.get("jwk")
        if header.get("alg") != ALGORITHM or not _is_public(shown):
            raise NotSigned
        key = {part: str(shown[part]) for part in PARTS}
        known = ECKey.import_key(dict(key))
        if not jws.validate_compact(token, known, algorithms=[ALGORITHM]) or not _is_written_once(text):
            raise NotSigned
        claims = orjson.loads(token.payload)
    except (JoseError, ValueError, TypeError) as error:
        raise NotSigned from error
    if not isinstance(claims, dict):
        raise NotSigned
    return Signed(header, claims, key, known.thumbprint())


def _is_public(key: Any) -> bool:
    """Whether this is a public key on P-256; one that shows its secret part is no key to trust."""
    if not isinstance(key, dict) or "d" in key or not all(isinstance(key.get(part), str) for part in PARTS):
        return False
    return (key["kty"], key["crv"]) == ("EC", "P-256")


def _is_written_once(text: bytes) -> bool:
    """Whether the signature is written in the one way there is: its last character has bits that mean nothing."""
    written = text.rpartition(b".")[2]
    return urlsafe_b64encode(urlsafe_b64decode(written)) == written
