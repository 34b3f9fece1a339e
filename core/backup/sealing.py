"""Encryption of backups with age (https://age-encryption.org): the server knows the public key alone.

Whoever takes over the server cannot read the copies that it has made. The secret key lies with the city, and is
needed to verify and to restore. The library pulls; we push: a pipe and a thread stand between, so nothing is in memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO

import pyrage

from core.backup.container import Damaged

MARK = b"age-encryption.org/"
"""How every encrypted file begins."""
SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - how a secret key begins, not one


class KeyRefused(Exception):
    """The key is none, or not the one that the file is locked with; the message says what to do, never the key."""


def new_key() -> tuple[str, str]:
    """Return a new pair: the secret key, and the public one."""
    made = pyrage.x25519.Identity.generate()
    return str(made), str(made.to_public())


def read_public(text: str) -> list[Any]:
    """Return the public keys in a setting, separated by commas. Raises KeyRefused."""
    try:
        return [pyrage.x25519.Recipient.from_str(part.strip()) for part in text.split(",") if part.strip()]
    except pyrage.RecipientError as error:
        raise KeyRefused(
            "TRYGGPLATS_BACKUP_KEY ska vara en publik nyckel som börjar med age1. Gör ett nyckelpar med "
            "tryggplats backup key."
        ) from error


def read_secret(file: Path) -> list[Any]:
    """Return the secret keys in a file, one a line; lines that begin with # are comments. Raises KeyRefused."""
    try:
        lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith(SECRET)]
    except (pyrage.IdentityError, UnicodeError, OSError):
        raise KeyRefused(f"Nyckeln i {file.name} går inte att läsa.") from None  # whose words may hold the key
    if not found:
        raise KeyRefused(f"Det finns ingen hemlig nyckel i {file.name}. Den börjar med {SECRET}.")
    return found


@contextmanager
def locked(file: BinaryIO, keys: Sequence[Any]) -> Iterator[BinaryIO]:
    """Yield where to write what `file` shall hold, encrypted to `keys`, or as it is when there are none."""
    if not keys:
        yield file
        return
    reading, writing = _pipe()
    with _beside(lambda: pyrage.encrypt_io(reading, file, list(keys)), reading):
        try:
            with writing:
                yield writing
        except BrokenPipeError:
            return  # the other side has failed, and says why


@contextmanager
def unlocked(file: BinaryIO, keys: Sequence[Any]) -> Iterator[BinaryIO]:
    """Yield what `file` holds, decrypted if it is encrypted. Raises KeyRefused without the right key, and Damaged."""
    is_locked = file.read(len(MARK)) == MARK
    file.seek(0)
    if not is_locked:
        yield file
        return
    if not keys:
        raise KeyRefused("Säkerhetskopian är krypterad. Ange filen med den hemliga nyckeln: --key FIL.")
    reading, writing = _pipe()
    with _beside(lambda: _decrypt(file, writing, keys), writing), reading:
        yield reading


def _decrypt(file: BinaryIO, into: BinaryIO, keys: Sequence[Any]) -> None:
    try:
        pyrage.decrypt_io(file, into, list(keys))
    except pyrage.DecryptError as error:
        if "key" in str(error).lower():
            raise KeyRefused(
                "Säkerhetskopian är låst med en annan nyckel. Använd den hemliga nyckel som hörde till "
                "TRYGGPLATS_BACKUP_KEY när kopian gjordes."
            ) from error
        raise Damaged("krypteringens huvud är ändrat eller avhugget") from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise Damaged("det krypterade är ändrat eller avhugget") from error  # the library's word for it


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")


@contextmanager
def _beside(act: Callable[[], None], end: BinaryIO) -> Iterator[None]:
    """Do `act` in a thread meanwhile, which closes its `end` of the pipe; its failure comes before what followed."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with end:
                act()
        except BaseException as error:  # noqa: BLE001 - handed over to who waits
            failed.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    except BaseException as error:
        thread.join()
        if failed and isinstance(error, (Damaged, BrokenPipeError)) and not isinstance(failed[0], BrokenPipeError):
            raise failed[0] from None
        raise
    thread.join()
    if failed and not isinstance(failed[0], BrokenPipeError):
        raise failed[0]
