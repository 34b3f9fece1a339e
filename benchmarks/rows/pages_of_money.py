"""Row 14: the first pages of money with 1,970 real grants as applications, and with 50,000 made of them.

Ours are the pages as somebody of stadsledningskontoret opens them in a browser, over HTTP: roles, row rule, template.
There is no peer: what is asked is that the pages take at most twice the time with twenty-five times as much. On
PostgreSQL; the real grants lie beside the checkout, and where they do not, the row says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import product
from statistics import median
from uuid import UUID

from sqlalchemy import select

from benchmarks import ours
from benchmarks.client import Client
from benchmarks.runner import Asked, Goal, Race, Round, Row
from benchmarks.seeds import grants
from core.app import house
from core.applications.models import Application
from core.applications.models import Round as InRound
from core.settings import Settings

SMALL, LARGE = "1,970", "50,000"
SIZES = {SMALL: 1_970, LARGE: 50_000}
READER = "slk_handlaggare", "slk"
MOST, ASKED = 2, 5
"""How many times the time it may take, and how often a page is asked for in a round."""
PAGES = (
    "/ansokningar",
    "/ansokningar/{application}",
    "/ansokningar/{application}/coach",
    "/omgangar",
    "/omgangar/{round}",
    "/omgangar/{round}/ordning",
    "/reserven",
    "/reserven/bokningar",
    "/rekvisitioner",
    "/rapporter",
    "/sammantraden",
    "/uppfoljning",
    "/uppfoljning/ram",
    "/uppfoljning/genomforande",
    "/uppfoljning/effekt",
    "/uppfoljning/drift",
    "/uppfoljning/karta",
    "/api/v1/applications",
    "/api/v1/grants.geojson?year={year}",
)


def prepare(stack: ExitStack, asked: Asked) -> Race:
    """Plant each size, and start a server on it."""
    folder = grants.shared_data()
    names = list(product(PAGES, SIZES))
    goals = [Goal(f"{page} {LARGE}", f"{page} {SMALL}", most=MOST) for page in PAGES]
    if folder is None:
        why = "the real grants do not lie beside the checkout"
        return Race("ms", {}, goals, {f"{page} {size}": why for page, size in names})
    rows, scratch = grants.grants(folder), ours.ground(stack)
    contestants: dict[str, Round] = {}
    for size, many in SIZES.items():
        settings = ours.settings_for(scratch, f"money-{many}")
        spots = _plant(settings, rows, many, asked.say)
        opaque = ours.token(settings, *READER)
        server = ours.start(stack, settings, "sdn_handlaggare")
        connect = _connecting(server.settings, opaque)
        contestants |= {f"{page} {size}": asking(connect, page.format(**spots)) for page in PAGES}
    return Race("ms", contestants, goals)


def _plant(
    settings: Settings, rows: list[grants.Grant], many: int, say: Callable[[str], None]
) -> dict[str, UUID | int]:
    """Plant applications; return the round that is being prepared, its year, and one application of it."""
    started, database = time.monotonic(), house(settings)
    grants.plant(database.transaction, rows, many)
    with database.transaction(write=False) as session:
        found = session.scalars(select(InRound).where(InRound.state == "bereds")).one()
        own = select(Application.uid).where(Application.round_id == found.id).order_by(Application.id)
        spots: dict[str, UUID | int] = {
            "round": found.uid,
            "year": found.year,
            "application": session.scalars(own.limit(1)).one(),
        }
    database.dispose()
    say(f"{many} applications in {time.monotonic() - started:.0f} s")
    return spots


def _connecting(settings: Settings, opaque: str) -> Callable[[], Client]:
    return lambda: Client(settings.port, {"Authorization": f"Bearer {opaque}"})


def asking(connect: Callable[[], Client], address: str) -> Round:
    """Return a round of asking for a page; its figure is the median."""

    def once(client: Client) -> float:
        started = time.perf_counter()
        client.ask("GET", address)
        return (time.perf_counter() - started) * 1000

    def round_() -> float:
        client = connect()  # a server closes the one that waited for its turn
        once(client)
        found = median(once(client) for _ in range(ASKED))
        client.close()
        return found

    return round_


ROW = Row(14, "the first pages of money with 1,970 real grants and with 50,000 made of them", prepare)
