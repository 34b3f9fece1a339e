"""A photo's way over HTTP to us: sent whole under its own uid, and waited for until both pictures can be seen."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import count
from uuid import uuid4

from benchmarks.client import Client, WrongAnswer
from benchmarks.seeds import photos

PIECE = "application/offset+octet-stream"
PREFIX = "/api/v1/photos"
PAUSE = 0.2
"""Seconds between two looks whether a picture has been made; every look costs the server some milliseconds."""
PATIENCE = 120


class Supply:
    """Photos of which no two have the same bytes, however many are asked for."""

    def __init__(self, scenes: Sequence[bytes]) -> None:
        self._scenes = scenes
        self._numbers = count(1)

    def take(self, many: int) -> list[bytes]:
        """Return so many new photos."""
        return [photos.unique(self._scenes[number % len(self._scenes)], number) for number in self._some(many)]

    def _some(self, many: int) -> Iterator[int]:
        return (next(self._numbers) for _ in range(many))


def send(client: Client, photo: bytes) -> str:
    """Send a photo in one piece, with its hash, as the field app does; return its uid when it is receipted."""
    uid, length = str(uuid4()), str(len(photo))
    digest = f"sha-256=:{b64encode(sha256(photo).digest()).decode()}:"
    headers = {"Content_Type": PIECE, "Upload_Offset": "0", "Upload_Length": length, "Repr_Digest": digest}
    status, answer = client.try_asking("PATCH", f"{PREFIX}/{uid}", photo, **headers)
    if status != 200:  # 204 would be a piece without a receipt
        raise WrongAnswer(f"photo {uid}: {status} {answer[:500].decode(errors='replace')}")
    return uid


def see(client: Client, uid: str) -> None:
    """Fetch both pictures, as soon as the worker has made them."""
    end = time.monotonic() + PATIENCE
    for size in ("stor", "liten"):
        while (status := client.try_asking("GET", f"/bilder/{uid}/{size}")[0]) != 200:
            if status != 404 or time.monotonic() > end:
                raise WrongAnswer(f"picture {uid} {size}: {status}")
            time.sleep(PAUSE)
