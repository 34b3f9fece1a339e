"""Passwords of tests: hashed by the function of an installation, at a price that guards nothing."""

from __future__ import annotations

from argon2 import PasswordHasher

from core.people import passwords

INSTALLATIONS = passwords.HASHER
"""What an installation hashes with: a fifth of a second for each password, and as much for each try."""
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_quickly() -> None:
    """Hash from now on in this process so that it takes no time."""
    vars(passwords)["HASHER"] = QUICK
