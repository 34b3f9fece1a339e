"""Passwords: kept as argon2id hashes, and tried in the same time whether there is an account or not."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST = 12
"""Characters."""
HASHER = PasswordHasher()
"""argon2id with the library's present defaults (RFC 9106, low memory)."""


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_hex())


def hashed(password: str) -> str:
    """Return the hash to keep."""
    return HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether this is the password of the hash; for none at all it takes as long to say no."""
    try:
        HASHER.verify(kept or _nobodys(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


def is_dated(kept: str) -> bool:
    """Whether the hash was made with weaker settings than those of today."""
    return HASHER.check_needs_rehash(kept)
