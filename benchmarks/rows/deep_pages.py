"""Row 9: a page of the list of places at 90 % of its depth, for somebody who reaches one stadsdelsnämnd's places.

Ours is the public API with all it does: token, roles, row rule, one query by keyset, marshmallow. The peer is Django
REST framework's PageNumber over the same table in the same database server, without asking who it is. Every size has
a database and servers of its own, so that all take turns in one run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from statistics import median

import orjson

from benchmarks import ours
from benchmarks.client import Client, WrongAnswer
from benchmarks.peers import Unavailable, drf
from benchmarks.runner import Asked, Goal, Race, Round, Row
from benchmarks.seeds import places
from core.app import create_app
from core.http.paging import mark
from core.places.services.finding import PAGE
from core.settings import Settings
from core.testing.scratch import Scratch

PATH = "/api/v1/places"
SIZES: Mapping[str, int] = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
LONG_SIZES: Mapping[str, int] = {"5M": 5_000_000}
DEPTH = 0.9
PAGES = 20
"""Different pages around that depth, so that it is not always the same one that is warm."""
OURS, FIRST = "Tryggplats", "Tryggplats first page"
ASKED, ASKED_OF_PEER = 20, 4
"""Requests in a round; the peer's take long enough for fewer."""


def prepare(stack: ExitStack, asked: Asked) -> Race:
    """Plant the places and start both servers, for each size."""
    sizes = {**SIZES, **(LONG_SIZES if asked.long else {})}
    scratch = ours.ground(stack)
    contestants: dict[str, Round] = {}
    absent: dict[str, str] = {}
    for size, many in sizes.items():
        ground = Ground(scratch, size, many)
        contestants |= {f"{name} {size}": turn for name, turn in ground.contestants(stack, absent, asked.say).items()}
    smallest, largest = next(iter(sizes)), next(reversed(sizes))
    goals = [
        Goal(f"{drf.NAME} 1M", f"{OURS} 1M", least=50),
        Goal(f"{OURS} {largest}", f"{OURS} {smallest}", most=2.5),
        *(Goal(f"{drf.NAME} {size}", f"{OURS} {size}") for size in sizes if size != "1M"),
        *(Goal(f"{OURS} {size}", f"{FIRST} {size}") for size in sizes),
    ]
    return Race("ms per page", contestants, goals, absent)


@dataclass(frozen=True)
class Ground:
    """A database with so many places, and the servers on it."""

    scratch: Scratch
    size: str
    many: int

    def contestants(self, stack: ExitStack, absent: dict[str, str], say: Callable[[str], None]) -> Mapping[str, Round]:
        """Plant the places, start the servers, and return who takes turns; who cannot is noted in `absent`."""
        settings = ours.settings_for(self.scratch, f"ours-{self.size}")
        self._plant(settings, say)
        server = ours.start(stack, settings, "sdn_samordnare")
        pages = pages_around(places.count(settings.database_url, ours.DISTRICT))
        ends = places.ends_of_pages(settings.database_url, ours.DISTRICT, [page - 1 for page in pages], PAGE)
        with create_app(settings).app_context():
            addresses = [f"{PATH}?after={mark(end)}" for end in ends]
        turns = {OURS: asking(server.client, addresses), FIRST: asking(server.client, [PATH])}
        try:
            peer = drf.start(stack, settings.database_url, ours.DISTRICT, settings.data_dir, say)
        except Unavailable as reason:
            absent[f"{drf.NAME} {self.size}"] = str(reason)
            return turns
        numbered = [f"{drf.PATH}?page={page}" for page in pages]
        refuse_other_rows(server.client(), addresses[0], peer.client(), numbered[0])
        return turns | {drf.NAME: asking(peer.client, numbered, ASKED_OF_PEER)}

    def _plant(self, settings: Settings, say: Callable[[str], None]) -> None:
        started = time.monotonic()
        ours.in_transaction(settings, places.template)
        places.plant(settings.database_url, self.many)
        say(f"{self.size} places in {time.monotonic() - started:.0f} s")


def pages_around(count: int, depth: float = DEPTH, many: int = PAGES) -> list[int]:
    """Return the numbers of some pages, full ones, around that depth of a list (1 is the first)."""
    last = max(2, count // PAGE)
    middle = max(2, round(last * depth))
    return [min(last, max(2, middle + step - many // 2)) for step in range(many)]


def asking(connect: Callable[[], Client], addresses: Sequence[str], many: int = ASKED) -> Round:
    """Return a round of asking for pages one after the other; its figure is the median of them."""
    ahead = cycle(addresses)

    def ask(client: Client) -> float:
        started = time.perf_counter()
        client.ask("GET", next(ahead))
        return (time.perf_counter() - started) * 1000

    def round_() -> float:
        client = connect()  # a server closes the one that waited for its turn
        ask(client)
        found = median(ask(client) for _ in range(many))
        client.close()
        return found

    return round_


def refuse_other_rows(ours_: Client, address: str, peer: Client, numbered: str) -> None:
    """Raise WrongAnswer unless both give the same places for what should be the same page."""
    mine, theirs = read(ours_, address)[0], [row["uid"] for row in orjson.loads(peer.ask("GET", numbered))["results"]]
    ours_.close()
    peer.close()
    if mine != theirs or len(mine) != PAGE:
        raise WrongAnswer(f"{address} and {numbered} are not the same {PAGE} places")


def read(client: Client, address: str) -> tuple[list[str], str | None]:
    """Return the uids of the places on a page of ours, and where the next one begins."""
    page = orjson.loads(client.ask("GET", address))
    return [place["uid"] for place in page["items"]], page["next"]


ROW = Row(9, f"a page of {PAGE} places at {DEPTH:.0%} depth of one person's list", prepare)
