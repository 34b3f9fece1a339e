"""Where photos lie: files named by the hash of their content, in one folder that a setting can move (design.md 5)."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

PIECE = 1 << 20


class Store:
    """The photo files of one installation, and the parts of photos on their way in."""

    def __init__(self, data_dir: Path) -> None:
        self.parts = data_dir / "parts"
        self.files = data_dir / "photos"

    def part(self, uid: UUID) -> Path:
        """Return where the bytes of photo `uid` gather."""
        return self.parts / str(uid)

    def path(self, sha256: str) -> Path:
        """Return where the file with this content lies."""
        return self.files / sha256[:2] / sha256

    def spool(self, write: Callable[[BinaryIO], None]) -> Path:
        """Write a new file that nobody refers to yet; it is on its way to `keep` or `append`."""
        self.parts.mkdir(parents=True, exist_ok=True)
        path = self.parts / f"spool-{uuid4()}"
        try:
            with path.open("xb") as file:
                write(file)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def append(self, uid: UUID, offset: int, spool: Path) -> None:
        """Let the bytes of `spool` follow on byte `offset` of the part, durably.

        What lies beyond `offset` was written by a request that never committed, and is overwritten.
        """
        self.parts.mkdir(parents=True, exist_ok=True)
        with self.part(uid).open("ab") as part:
            part.truncate(offset)
            with spool.open("rb") as file:
                shutil.copyfileobj(file, part, PIECE)
            part.flush()
            os.fsync(part.fileno())

    def keep(self, write: Callable[[BinaryIO], None]) -> tuple[str, int]:
        """Store what `write` writes under its own hash, durably; return the hash and the size in bytes."""
        spool = self.spool(write)
        try:
            with spool.open("rb") as file:
                os.fsync(file.fileno())
            sha256, size = digest(spool), spool.stat().st_size
            target = self.path(sha256)
            _make_folder(target.parent)
            spool.replace(target)
            _sync_folder(target.parent)
        finally:
            spool.unlink(missing_ok=True)
        return sha256, size

    def gathered(self, uid: UUID) -> int:
        """Return how many bytes of `uid` lie here."""
        with suppress(FileNotFoundError):
            return self.part(uid).stat().st_size
        return 0

    def forget_part(self, uid: UUID) -> None:
        """Remove the gathered bytes of `uid`."""
        self.part(uid).unlink(missing_ok=True)

    def sweep(self, *, known: set[str], before: float) -> int:
        """Remove parts and spools untouched since `before` (seconds since 1970) and not `known`; return how many."""
        removed = 0
        for path in self.parts.glob("*"):
            with suppress(FileNotFoundError):  # another worker was faster
                if path.name not in known and path.stat().st_mtime < before:
                    path.unlink()
                    removed += 1
        return removed


def digest(path: Path) -> str:
    """Return the SHA-256 of the file's bytes, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copied(source: Path) -> Callable[[BinaryIO], None]:
    """Return a writer of the bytes of `source`."""

    def write(target: BinaryIO) -> None:
        with source.open("rb") as file:
            shutil.copyfileobj(file, target, PIECE)

    return write


def _make_folder(folder: Path) -> None:
    """Make `folder` durably: after a power cut a new one is there only if the one above it had been synced."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
