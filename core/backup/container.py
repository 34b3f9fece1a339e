"""The file itself: a tar that is read strictly, so that whatever was cut off or altered is seen.

Anybody can open it with `tar`. We read it more narrowly: a header is as we write it or it is a fault, and the last
member holds the hash of every byte before it. A file without that member was never finished.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterator
from typing import BinaryIO

BLOCK = tarfile.BLOCKSIZE
PIECE = 1 << 20
END = "sha256"
"""Name of the last member."""
NOTHING = b"\0" * (2 * BLOCK)
"""What ends every tar."""


class Damaged(Exception):
    """The file is not as it was written, or was never finished. Nothing of it has been used; the message says why."""


class Writer:
    """Writes members one after the other to a stream, none of them in memory."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._digest = out, hashlib.sha256()
        self.bytes = 0

    def add(self, name: str, content: bytes) -> None:
        """Write a small member."""
        self._write(_header(name, len(content)))
        self._write(content)
        self._write(_padding(len(content)))

    def add_file(self, name: str, file: BinaryIO, size: int) -> str:
        """Write `size` bytes of `file`, and return their hash. Raises EOFError when there are fewer."""
        self._write(_header(name, size))
        digest, left = hashlib.sha256(), size
        while left:
            piece = file.read(min(PIECE, left))
            if not piece:
                raise EOFError(name)
            digest.update(piece)
            self._write(piece)
            left -= len(piece)
        self._write(_padding(size))
        return digest.hexdigest()

    def finish(self) -> None:
        """Write the hash of all that was written: from now on the file is whole."""
        content = _last(self._digest.hexdigest())
        self._out.write(content)
        self.bytes += len(content)

    def _write(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._out.write(piece)
        self.bytes += len(piece)


class Member:
    """A member while it is being read: once, from its beginning."""

    def __init__(self, source: _Source, name: str, size: int) -> None:
        self.name, self.size = name, size
        self._source, self._left = source, size
        self._digest, self._over = hashlib.sha256(), False

    def read(self, length: int = -1) -> bytes:
        """Return at most `length` bytes; empty when all has been read."""
        wanted = self._left if length < 0 else min(length, self._left)
        piece = self._source.take(wanted) if wanted else b""
        self._left -= len(piece)
        self._digest.update(piece)
        return piece

    def digest_of_all(self) -> str:
        """Read what is left, and return the hash of the whole member."""
        while self.read(PIECE):
            pass
        if not self._over:
            self._over = True
            if self._source.take(-self.size % BLOCK).strip(b"\0"):
                raise Damaged("utfyllnaden är ändrad")
        return self._digest.hexdigest()


def members(stream: BinaryIO) -> Iterator[Member]:
    """Yield the members in their order, then make sure that the file ends as it was written. Raises Damaged."""
    source = _Source(stream)
    while True:
        before = source.digest.hexdigest()
        header = source.take(BLOCK)
        try:
            info = tarfile.TarInfo.frombuf(header, "ascii", "strict")
        except (tarfile.HeaderError, UnicodeError) as error:
            raise Damaged("en rubrik är ändrad, eller filen är avhuggen") from error
        if header != _header(info.name, info.size):
            raise Damaged("en rubrik är ändrad")
        if info.name == END:
            last = _last(before)
            if header + source.take(len(last) - BLOCK) != last or stream.read(1):
                raise Damaged("innehållet stämmer inte med sin kontrollsumma")
            return
        member = Member(source, info.name, info.size)
        yield member
        member.digest_of_all()


class _Source:
    """The stream, hashed as it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.digest = stream, hashlib.sha256()

    def take(self, length: int) -> bytes:
        """Return exactly so many bytes. Raises Damaged when the file is over before."""
        pieces, left = [], length
        while left:
            piece = self._stream.read(left)
            if not piece:
                raise Damaged("filen är avhuggen")
            pieces.append(piece)
            left -= len(piece)
        found = b"".join(pieces)
        self.digest.update(found)
        return found


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")


def _padding(size: int) -> bytes:
    return b"\0" * (-size % BLOCK)


def _last(digest: str) -> bytes:
    content = f"{digest}\n".encode()
    return _header(END, len(content)) + content + _padding(len(content)) + NOTHING
