"""`python -m benchmarks.pages [SIZE…]`: how long our pages take with so many observations, for three readers.

No race: nobody else has these pages. The sizes take turns with each other, so that they can be compared.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median, quantiles

from benchmarks import ours
from benchmarks.client import Client
from benchmarks.ours import Ours
from benchmarks.seeds import observations
from benchmarks.servers import ending_on_signals
from core.testing.scratch import Scratch

SIZES = (5_000, 500_000)
ROUNDS = 30
OK = 200
SLOW = 5000
"""Milliseconds that are told at once."""
EVERYBODY = (
    "/",
    "/platser",
    "/platser?q=Torget+a",
    "/api/v1/places.geojson",
    "/platser/{place}",
    "/vandringar",
    "/vandringar/{walk}",
    "/vandringar/rapport",
    "/skotsel",
    "/iakttagelser/{seen}",
)
BOARD = (
    *EVERYBODY,
    "/vandringar/{walk}/granska",
    "/vandringar/{walk}/protokoll",
    "/vandringar/{walk}/dubbletter",
    "/inkorg",
    "/inkorg?visa=besvarade",
    "/bilder/att-granska",
)
RECEIVER = ("/", "/platser", "/api/v1/places.geojson", "/inkorg", "/inkorg?visa=pagar", "/inkorg?visa=besvarade",
            "/vandringar/rapport", "/skotsel", "/platser/{place}")  # fmt: skip
CITY = ("/platser", "/api/v1/places.geojson", "/platser/{place}", "/vandringar", "/vandringar/rapport")
READERS: Mapping[tuple[str, str], Iterable[str]] = {
    ("sdn_samordnare", "sdn-farsta"): BOARD,
    ("tk_drift", "trafik"): RECEIVER,
    ("slk_handlaggare", "slk"): CITY,
}
"""Role and organisation: one board of eleven, who answers for three of five, who sees the whole city."""


@dataclass(frozen=True)
class Ground:
    """A running server with so many observations, who asks it, and what for."""

    server: Ours
    tokens: Mapping[tuple[str, str], str]
    spots: Mapping[str, str]

    def milliseconds(self, reader: tuple[str, str], address: str) -> tuple[float, int]:
        """Ask for a page; return how long it took, and how many bytes it has. One that is refused is told."""
        client = Client(self.server.settings.port, {"Authorization": f"Bearer {self.tokens[reader]}"})
        started = time.perf_counter()
        status, body = client.try_asking("GET", address.format(**self.spots))
        took = (time.perf_counter() - started) * 1000
        client.close()
        if status != OK:
            print(f"  … {status} after {took:.0f} ms: {reader[0]} {address}", file=sys.stderr, flush=True)
        return took, len(body)


def main() -> None:
    """Plant, ask, tell."""
    asked = _arguments()
    with ending_on_signals(), ExitStack() as stack:
        scratch = ours.ground(stack)
        grounds = {size: prepare(stack, scratch, size) for size in asked.sizes}
        pages = [(reader, address) for reader, addresses in READERS.items() for address in addresses]
        figures: dict[tuple[tuple[str, str], str, int], list[tuple[float, int]]] = {}
        for number in range(asked.rounds + 1):
            turns = [(reader, address, size) for reader, address in pages for size in grounds]
            random.Random(number).shuffle(turns)
            for reader, address, size in turns:
                figure = grounds[size].milliseconds(reader, address)
                if figure[0] > SLOW:
                    print(f"  … {size}: {figure[0]:.0f} ms for {reader[0]} {address}", file=sys.stderr, flush=True)
                if number:  # the first round warms up
                    figures.setdefault((reader, address, size), []).append(figure)
        print("\n".join(report(pages, figures, asked.sizes)))


def prepare(stack: ExitStack, scratch: Scratch, size: int) -> Ground:
    """Fill a database of its own, and start a server on it."""
    started = time.monotonic()
    settings = ours.settings_for(scratch, f"pages-{size}")
    ours.in_transaction(settings, observations.template)
    observations.plant(settings.database_url, size)
    print(f"  … {size} observations in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    tokens = {reader: ours.token(settings, *reader) for reader in READERS}
    return Ground(ours.start(stack, settings, "falt"), tokens, observations.ends(settings.database_url))


def report(
    pages: Iterable[tuple[tuple[str, str], str]],
    figures: Mapping[tuple[tuple[str, str], str, int], list[tuple[float, int]]],
    sizes: Iterable[int],
) -> Iterable[str]:
    """Return the lines: p50 and p95 in milliseconds for each size, and kilobytes at the largest."""
    yield f"{'':52}" + "".join(f"{size:>11,}      " for size in sizes).replace(",", " ")
    yield f"{'':52}" + "".join("     p50     p95 " for _ in sizes) + "     kB"
    before = None
    for reader, address in pages:
        if reader != before:
            yield f"{reader[0]}, {reader[1]}"
            before = reader
        told, kilobytes = "", 0.0
        for size in sizes:
            times = [took for took, _ in figures[reader, address, size]]
            told += f"{median(times):>8.0f}{quantiles(times, n=20)[-1]:>8.0f} "
            kilobytes = figures[reader, address, size][0][1] / 1000
        yield f"  {address:<50}{told}{kilobytes:>7.0f}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=list(SIZES), help="How many observations (5000 500000).")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"How often each page is asked for ({ROUNDS}).")
    return parser.parse_args()


if __name__ == "__main__":
    main()
