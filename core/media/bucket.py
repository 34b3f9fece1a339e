"""Photos in a bucket of an S3-compatible store. Put, then the row: there is no rename that a commit could wait for.

The bucket is private; pages and API get files through us alone, for the right may end. The content's own hash goes
with every put and is checked by the store, and a file is there whole or not at all.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import IO, Any, BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

from core import db
from core.media.store import PIECE, Store, StoreAway, Stored
from core.settings import Settings

FOLDER = "photos"
ANSWERS = timedelta(seconds=20)
"""How long one request to the store may take; a picture of 30 MB needs a second or two."""
RETRIES = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}


def store() -> Store:
    """Return the store of the installation whose transaction is open."""
    return store_of(db.settings())


def store_of(settings: Settings) -> Store:
    """Return the store that the settings name: the disk under DATA_DIR, or a bucket."""
    if not settings.store_url:
        return Store(settings.data_dir)
    return Store(settings.data_dir, _bucket(settings.store_url, settings.store_key, settings.store_secret))


@contextmanager
def spooled(sent: Iterable[bytes]) -> Iterator[Path]:
    """Receive what is sent into a file, which is gone when it has been used unless somebody has moved it."""
    spool = store().spool(lambda file: file.writelines(sent))
    try:
        yield spool
    finally:
        spool.unlink(missing_ok=True)


def whole(file: IO[bytes]) -> Iterator[bytes]:
    """Yield all of a file that came with a form, from its beginning: after a lost race the request runs once more."""
    file.seek(0)
    yield from iter(partial(file.read, PIECE), b"")


@cache
def _bucket(url: str, key: str, secret: str) -> Bucket:
    return Bucket(url, key, secret)


class Bucket:
    """Files in the bucket of `s3://bucket?endpoint=https://…&region=…`."""

    def __init__(self, url: str, key: str, secret: str) -> None:
        from obstore.store import S3Store  # two installations in three have no bucket

        parts = urlsplit(url)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        endpoint = asked.get("endpoint", "")
        where: dict[str, Any] = {"endpoint": endpoint} if endpoint else {}
        self._store = S3Store(
            parts.netloc,
            region=asked.get("region", "us-east-1"),
            access_key_id=key,
            secret_access_key=secret,
            checksum_algorithm="SHA256",
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": ANSWERS, "connect_timeout": "5s"},
            retry_config=cast("Any", RETRIES),
            **where,
        )

    @staticmethod
    def _key(sha256: str) -> str:
        return f"{FOLDER}/{sha256[:2]}/{sha256}"

    def put(self, spool: Path, sha256: str) -> None:
        try:
            with _answering():
                self._store.put(self._key(sha256), spool, use_multipart=False)
        except FileNotFoundError as error:
            raise StoreAway("the bucket does not exist") from error

    def open(self, sha256: str) -> tuple[BinaryIO, int]:
        found = self.stored(sha256)
        if found is None:
            raise FileNotFoundError(sha256)
        pieces = _Pieces(self._store, self._key(sha256), found.bytes)
        return io.BufferedReader(pieces, PIECE), found.bytes

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        file, _ = self.open(sha256)
        with tempfile.NamedTemporaryFile() as copy:
            with file:
                shutil.copyfileobj(file, copy, PIECE)
            copy.flush()
            yield Path(copy.name)

    def stored(self, sha256: str) -> Stored | None:
        try:
            with _answering():
                found = self._store.head(self._key(sha256))
        except FileNotFoundError:
            return None
        return Stored(sha256, found["size"], found["last_modified"].timestamp())

    def delete(self, sha256: str) -> None:
        try:
            with _answering():
                self._store.delete(self._key(sha256))
        except FileNotFoundError:
            return

    def listed(self, prefix: str) -> Iterator[Stored]:
        pages = self._store.list(f"{FOLDER}/{prefix}")
        while True:
            with _answering():
                page = next(iter(pages), None)
            if page is None:
                return
            for found in page:
                yield Stored(found["path"].rpartition("/")[2], found["size"], found["last_modified"].timestamp())


class _Pieces(io.RawIOBase):
    """A stored file, read in ranges, so that a large one never lies in memory whole."""

    def __init__(self, store: Any, key: str, size: int) -> None:
        self._store, self._key, self._size, self._at = store, key, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        length = min(len(buffer), self._size - self._at)
        if length <= 0:
            return 0
        with _answering():
            piece = self._store.get_range(self._key, start=self._at, length=length)
        buffer[: len(piece)] = memoryview(piece)
        self._at += len(piece)
        return len(piece)


@contextmanager
def _answering() -> Iterator[None]:
    """Tell a file that is not there from a store that does not answer, or refuses our key."""
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, TimeoutError, ConnectionError) as error:
        raise StoreAway(f"{type(error).__name__}: {str(error)[:300]}") from error
