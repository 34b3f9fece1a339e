"""Where photos lie: files named by the hash of their content, in a folder or a bucket that a setting names."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast
from uuid import UUID, uuid4

from core import outbox

PIECE = 1 << 20
FEW = 8 << 20
"""Bytes on their way in that may lie in memory, one such body for each thread of the web server: a phone's photo."""

Source = Path | bytes
"""What has come of a photo: in memory when it is `FEW` bytes, else in a file."""


@dataclass(frozen=True)
class Stored:
    """A file as the store lists it. `changed` is in seconds since 1970."""

    sha256: str
    bytes: int
    changed: float


class StoreAway(outbox.WaitLonger):
    """The store does not answer. Nothing is saved, nothing is lost: whoever asked tries again."""


class Files(Protocol):
    """Where whole files lie, each named by the hash of its content. A missing one raises FileNotFoundError."""

    def put(self, spool: Path, sha256: str) -> None:
        """Store the file `spool`, whose hash is `sha256`, durably and as a whole; put twice it is one file."""

    def open(self, sha256: str) -> tuple[BinaryIO, int]:
        """Return the file to read and to seek in, and its size in bytes."""

    def local(self, sha256: str) -> AbstractContextManager[Path]:
        """Let a program read the file by a path."""

    def stored(self, sha256: str) -> Stored | None:
        """Return what the store says of the file, None when it is not there."""

    def delete(self, sha256: str) -> None:
        """Remove the file if it is there."""

    def listed(self, prefix: str) -> Iterator[Stored]:
        """List the files whose hash begins with these two digits."""


class Store:
    """The photo files of one installation, and the parts of photos on their way in, which always lie on the disk."""

    def __init__(self, data_dir: Path, files: Files | None = None) -> None:
        self.parts = data_dir / "parts"
        self.files = data_dir / "photos"
        self.whole: Files = files or Disk(self.files)

    def part(self, uid: UUID) -> Path:
        """Return where the bytes of photo `uid` gather."""
        return self.parts / str(uid)

    def path(self, sha256: str) -> Path:
        """Return where the file with this content lies on the disk."""
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

    def set_aside(self, spool: Path) -> str:
        """Keep a whole file that has been synced among the parts until a task has used it; return its name."""
        name = f"held-{uuid4()}"
        spool.replace(self.parts / name)
        _sync_folder(self.parts)
        return name

    def held(self, name: str) -> Path:
        """Return where a file that was set aside lies."""
        return self.parts / name

    def append(self, uid: UUID, offset: int, source: Source) -> None:
        """Let the bytes of `source` follow on byte `offset` of the part, durably.

        What lies beyond `offset` was written by a request that never committed, and is overwritten.
        """
        self.parts.mkdir(parents=True, exist_ok=True)
        with self.part(uid).open("ab") as part:
            part.truncate(offset)
            copied(source)(part)
            part.flush()
            os.fsync(part.fileno())

    def keep(self, write: Callable[[BinaryIO], None], *, claim: Callable[[str], None] | None = None) -> tuple[str, int]:
        """Store what `write` writes under its own hash, durably; return the hash and the size in bytes.

        `claim` gets the hash before the file is there, so that nobody removes it meanwhile as one without a row.
        """
        counted = _Counted()
        spool = self.spool(lambda file: write(counted.over(file)))
        try:
            sha256 = counted.digest.hexdigest()
            if claim is not None:
                claim(sha256)
            self.whole.put(spool, sha256)
        finally:
            spool.unlink(missing_ok=True)
        return sha256, counted.size

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


class Disk:
    """Files on the machine's own disk, or on one that it has mounted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def put(self, spool: Path, sha256: str) -> None:
        sync_file(spool)
        target = self._path(sha256)
        _make_folder(target.parent)
        spool.replace(target)
        _sync_folder(target.parent)

    def open(self, sha256: str) -> tuple[BinaryIO, int]:
        file = self._path(sha256).open("rb")
        return file, os.fstat(file.fileno()).st_size

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        path = self._path(sha256)
        if not path.is_file():
            raise FileNotFoundError(path)
        yield path

    def stored(self, sha256: str) -> Stored | None:
        with suppress(FileNotFoundError):
            found = self._path(sha256).stat()
            return Stored(sha256, found.st_size, found.st_mtime)
        return None

    def delete(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def listed(self, prefix: str) -> Iterator[Stored]:
        for path in (self.folder / prefix).glob("*"):
            found = self.stored(path.name)
            if found is not None:
                yield found


class _Counted:
    """What is written to a file, hashed and counted on its way, so that nobody reads it again."""

    def __init__(self) -> None:
        self.digest, self.size = hashlib.sha256(), 0

    def over(self, file: BinaryIO) -> BinaryIO:
        self._file = file
        return cast("BinaryIO", self)

    def write(self, piece: Any) -> int:
        self.digest.update(piece)
        self.size += len(piece)
        return self._file.write(piece)


def size_of(source: Source) -> int:
    """Return how many bytes have come."""
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def digest(source: Source) -> str:
    """Return the SHA-256 of the bytes, as hex."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copied(source: Source) -> Callable[[BinaryIO], None]:
    """Return a writer of the bytes of `source`."""

    def write(target: BinaryIO) -> None:
        if isinstance(source, bytes):
            target.write(source)
            return
        with source.open("rb") as file:
            shutil.copyfileobj(file, target, PIECE)

    return write


def sync_file(path: Path) -> None:
    """Return when the file is on the disk: of a large one that takes a while."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


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
