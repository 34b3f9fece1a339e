"""Row 3: 40 photos sent, eight at a time, until both pictures of each have been fetched.

Our worker makes the pictures by itself after the receipt; Directus makes them when they are asked for. Who sends asks
at once, as the page of an observation does. The floor is the CPU time of row 2's floor, spread over all cores.
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

Show = Callable[[bytes, Client], None]


def prepare(stack: ExitStack, asked: Asked) -> Race:
    """Start both servers, ours with its worker."""
    scratch, supply = ours.ground(stack), sending.Supply(photos.scenes(HOME / "photos"))
    server = ours.start(stack, ours.settings_for(scratch, "ours"), "falt", worker=True)
    contestants = {OURS: showing(server.client, ours_shown, supply)}
    memory = {OURS: server.process.megabytes}
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
        contestants[directus.NAME] = showing(peer.client, directus_shown, supply)
        memory[directus.NAME] = peer.process.megabytes
    goals = (Goal(directus.NAME, OURS, least=3), Goal(OURS, FLOOR))
    return Race("ms per photo", contestants, goals, absent, memory)


def ours_shown(photo: bytes, client: Client) -> None:
    """Send a photo to us and fetch its pictures."""
    sending.see(client, sending.send(client, photo))


def directus_shown(photo: bytes, client: Client) -> None:
    """Send a photo to Directus and fetch its pictures."""
    directus.see(client, directus.upload(client, photo))


def showing(connect: Callable[[], Client], show: Show, supply: sending.Supply, many: int = PHOTOS) -> Round:
    """Return a round of sending photos and seeing their pictures, on a server that has been warmed up."""

    def see(many: int) -> float:
        work = [partial(show, photo) for photo in supply.take(many)]
        return at_once(connect, work, workers=AT_ONCE) * 1000 / many

    see(min(WARMING, many))
    return lambda: see(many)


ROW = Row(3, f"{PHOTOS} photos from sending to both pictures fetched, {AT_ONCE} at once", prepare)
