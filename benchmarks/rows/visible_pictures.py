"""Row 3: 40 photos are sent, eight at a time, and then both pictures of each fetched.

Our worker makes the pictures by itself from the first receipt on, so one who asks for them in turn is enough; it asks
seldom, so as not to take the time it measures. Directus makes them when they are asked for, so it is asked eight at a
time. The floor is the CPU time of row 2's floor, spread over all cores.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from benchmarks import ours, sending
from benchmarks.client import Client, at_once
from benchmarks.peers import HOME, Unavailable, directus, install_python, makers
from benchmarks.rows import derivatives
from benchmarks.runner import Asked, Goal, Race, Round, Row, cores
from benchmarks.seeds import photos

PHOTOS = 40
AT_ONCE = 8
WARMING = 4
OURS, FLOOR = "Tryggplats", "libjpeg on all cores"


def prepare(stack: ExitStack, asked: Asked) -> Race:
    """Start both servers, ours with its worker."""
    scratch, supply = ours.ground(stack), sending.Supply(photos.scenes(HOME / "photos"))
    server = ours.start(stack, ours.settings_for(scratch, "ours"), "falt", worker=True)
    contestants = {OURS: showing(server.client, sending.send, sending.see, supply, seers=1)}
    memory, cpu = {OURS: server.process.megabytes}, {OURS: server.process.cpu_seconds}
    absent: dict[str, str] = {}
    try:
        install_python(asked.say)
        alone = derivatives.making(makers.floor(stack, scratch.folder / "floor"), derivatives.scene_files())
        contestants[FLOOR] = lambda: alone() / cores()
    except Unavailable as reason:
        absent[FLOOR] = str(reason)
    try:
        peer = directus.start(stack, scratch, asked.say)
    except Unavailable as reason:
        absent[directus.NAME] = str(reason)
    else:
        contestants[directus.NAME] = showing(peer.client, directus.upload, directus.see, supply)
        memory[directus.NAME], cpu[directus.NAME] = peer.process.megabytes, peer.process.cpu_seconds
    goals = (Goal(directus.NAME, OURS, least=3), Goal(OURS, FLOOR))
    return Race("ms per photo", contestants, goals, absent, memory, cpu)


def showing(
    connect: Callable[[], Client],
    send: Callable[[Client, bytes], str],
    see: Callable[[Client, str], None],
    supply: sending.Supply,
    many: int = PHOTOS,
    *,
    seers: int = AT_ONCE,
) -> Round:
    """Return a round of sending photos and seeing their pictures, on a server that has been warmed up."""

    def show(many: int) -> float:
        sent: list[str] = []
        work = [partial(_noting, sent, send, photo) for photo in supply.take(many)]
        seconds = at_once(connect, work, workers=AT_ONCE)
        seconds += at_once(connect, [partial(_seeing, see, photo) for photo in sent], workers=seers)
        return seconds * 1000 / many

    show(min(WARMING, many))
    return lambda: show(many)


def _noting(sent: list[str], send: Callable[[Client, bytes], str], photo: bytes, client: Client) -> None:
    sent.append(send(client, photo))


def _seeing(see: Callable[[Client, str], None], photo: str, client: Client) -> None:
    see(client, photo)


ROW = Row(3, f"{PHOTOS} photos from sending to both pictures fetched, {AT_ONCE} at once", prepare)
