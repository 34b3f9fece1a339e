"""Row 1: accept 100 photos, eight at a time, so that each is safe before it is receipted.

The floor is what no server can be faster than on this disk: hash the bytes, write them, fsync. It is done eight at
a time too. Pictures are made by nobody here: our worker is off, and Directus makes its own when they are asked for.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from hashlib import sha256
from pathlib import Path

from benchmarks import ours, sending
from benchmarks.client import Client, at_once
from benchmarks.peers import HOME, Unavailable, directus, odk
from benchmarks.runner import Asked, Goal, Race, Round, Row
from benchmarks.seeds import photos

PHOTOS = 100
AT_ONCE = 8
WARMING = 16
OURS, FLOOR = "Tryggplats", "hash, write, fsync"

Send = Callable[[bytes, Client], None]


def prepare(stack: ExitStack, asked: Asked) -> Race:
    """Start both servers on one PostgreSQL that keeps what it has said."""
    scratch, supply = ours.ground(stack), sending.Supply(photos.scenes(HOME / "photos"))
    server = ours.start(stack, ours.settings_for(scratch, "ours"), "falt")
    contestants = {
        OURS: accepting(server.client, ours_sent, supply),
        FLOOR: writing(scratch.folder / "floor", supply),
    }
    memory, cpu = {OURS: server.process.megabytes}, {OURS: server.process.cpu_seconds}
    absent = {odk.NAME: odk.REASON}
    try:
        peer = directus.start(stack, scratch, asked.say)
    except Unavailable as reason:
        absent[directus.NAME] = str(reason)
    else:
        contestants[directus.NAME] = accepting(peer.client, directus_sent, supply)
        memory[directus.NAME], cpu[directus.NAME] = peer.process.megabytes, peer.process.cpu_seconds
    goals = (
        Goal(odk.NAME, OURS, least=4),
        Goal(directus.NAME, OURS, least=3),
        Goal(OURS, FLOOR, most=2.5),
    )
    return Race("ms per photo", contestants, goals, absent, memory, cpu)


def accepting(connect: Callable[[], Client], send: Send, supply: sending.Supply, many: int = PHOTOS) -> Round:
    """Return a round of sending photos to a server that has been warmed up."""

    def accept(many: int) -> float:
        work = [partial(send, photo) for photo in supply.take(many)]
        return at_once(connect, work, workers=AT_ONCE) * 1000 / many

    accept(min(WARMING, many))
    return lambda: accept(many)


def ours_sent(photo: bytes, client: Client) -> None:
    """Send a photo to us."""
    sending.send(client, photo)


def directus_sent(photo: bytes, client: Client) -> None:
    """Send a photo to Directus."""
    directus.upload(client, photo)


def writing(folder: Path, supply: sending.Supply, many: int = PHOTOS) -> Round:
    """Return a round of what must be done at least, in C: hash, write, fsync, rename."""
    folder.mkdir()

    def keep(photo: bytes) -> None:
        name = sha256(photo).hexdigest()
        descriptor = os.open(folder / f"{name}.part", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            os.write(descriptor, photo)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        (folder / f"{name}.part").rename(folder / name)

    def write() -> float:
        new = supply.take(many)
        started = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(keep, new))
        return (time.perf_counter() - started) * 1000 / many

    return write


ROW = Row(1, f"accept {PHOTOS} photos of 3.9 MB, {AT_ONCE} at once, each durable", prepare)
