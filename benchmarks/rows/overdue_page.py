"""Row 13: the page of what is late, of row 9's sort: first, deep, and its counts, over the frister of row 10.

Ours are the services of `/skotsel` as somebody of one stadsdelsnämnd, with the row rule: what it answers for and what
it follows up. The peers are the same questions as most ask them: the same page by OFFSET, and every row counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median
from typing import Any

from sqlalchemy import func, select

from benchmarks import ours
from benchmarks.client import WrongAnswer
from benchmarks.rows.nightly_reminders import EMBEDDED, SIZES
from benchmarks.runner import Asked, Goal, Race, Round, Row
from benchmarks.seeds import deadlines
from core import access, db
from core.access import Actor
from core.app import house
from core.db import Database
from core.people import services as people
from core.people.models import Organisation
from core.settings import Settings
from core.testing.scratch import Scratch
from core.upkeep.models import Deadline
from core.upkeep.services import COUNTED, count_open, list_open
from core.upkeep.services.listing import EVERYTHING, PAGE, open_query, stands

LATE = "forsenade"
DEPTH = 0.9
ASKED, ASKED_OF_PEER = 20, 4
"""Times that a round asks; the peers take long enough for fewer."""
FIRST, DEEP, COUNTS, OFFSET, WHOLE = "first page", "deep page", "counts", "OFFSET", "all counted"


def prepare(stack: ExitStack, asked: Asked) -> Race:
    """Plant the frister of each size, and see that both ways to the deep page give the same one."""
    scratch, contestants = ours.ground(stack), dict[str, Round]()
    for size, many in SIZES.items():
        settings = ours.settings_for(scratch, f"late-{size}")
        ours.in_transaction(settings, deadlines.template)
        deadlines.plant(settings.database_url, many)
        contestants |= _contestants(stack, settings, size, asked.say)
    contestants |= _contestants(stack, _embedded(scratch), EMBEDDED, asked.say)
    goals = [Goal(f"{OFFSET} {size}", f"{DEEP} {size}", least=50) for size in SIZES]
    for size in (*SIZES, EMBEDDED):
        goals += [Goal(f"{DEEP} {size}", f"{FIRST} {size}", most=2.5), Goal(f"{WHOLE} {size}", f"{COUNTS} {size}")]
    return Race("ms", contestants, [*goals, Goal(f"{OFFSET} {EMBEDDED}", f"{DEEP} {EMBEDDED}")])


def _embedded(scratch: Scratch) -> Settings:
    settings = ours.embedded(scratch, "late-sqlite")
    ours.in_transaction(settings, deadlines.template)
    opened = house(settings)
    with opened.transaction() as session:
        deadlines.add(session, 100_000)
    opened.dispose()
    return settings


def _contestants(stack: ExitStack, settings: Settings, size: str, say: Callable[[str], None]) -> dict[str, Round]:
    database = house(settings)
    stack.callback(database.dispose)
    actor = _somebody(database)
    with database.transaction(write=False) as session:
        late = session.scalars(_counted(actor, stands(LATE))).one()
        depth = int(late * DEPTH)
        before = session.execute(open_query(actor, EVERYTHING, LATE).offset(depth - 1).limit(1)).one()
        after = (before.urgency, before.due_at, before.id)
        deep = [row.id for row in list_open(actor, standing=LATE, after=after).rows]
        if deep != [row.id for row in _by_offset(actor, depth)] or len(deep) != PAGE:
            raise WrongAnswer(f"after {after} and at {depth} are not the same {PAGE} frister")
        if count_open(actor)[LATE] != min(late, COUNTED + 1):
            raise WrongAnswer(f"{count_open(actor)[LATE]} late of {late}")
    say(f"{size}: page {depth // PAGE} of {late // PAGE} that are late for one board")
    return {
        f"{FIRST} {size}": asking(database, lambda: list_open(actor, standing=LATE)),
        f"{DEEP} {size}": asking(database, lambda: list_open(actor, standing=LATE, after=after)),
        f"{OFFSET} {size}": asking(database, lambda: _by_offset(actor, depth), ASKED_OF_PEER),
        f"{COUNTS} {size}": asking(database, lambda: count_open(actor)),
        f"{WHOLE} {size}": asking(database, lambda: _all_counted(actor), ASKED_OF_PEER),
    }


def _somebody(database: Database) -> Actor:
    """Return somebody at the first stadsdelsnämnd among those that answer."""
    with database.transaction() as session:
        boards = select(Organisation.code).where(Organisation.id.in_(deadlines.homes(session)))
        code = session.scalars(boards.where(Organisation.code.startswith("sdn-")).order_by(Organisation.id)).first()
        if code is None:
            raise WrongAnswer("no stadsdelsnämnd answers for any of the frister")
        machine = access.system("benchmark")
        person = people.add_person(machine, email="late@example.invalid", name="Late")
        people.grant_role(machine, person, role="sdn_samordnare", organisation=people.organisation(code))
        return people.actor_of(person)


def _by_offset(actor: Actor, depth: int) -> list[Any]:
    return list(db.session().execute(open_query(actor, EVERYTHING, LATE).offset(depth).limit(PAGE)).all())


def _counted(actor: Actor, part: Any) -> Any:
    rows = select(func.count()).select_from(Deadline).where(Deadline.state == "oppen", part)
    return rows.where(access.rule_of(Deadline, actor))


def _all_counted(actor: Actor) -> list[int]:
    """Count all of every part of the page, as its tabs would without a bound."""
    return [db.session().scalars(_counted(actor, stands(part))).one() for part in ("alla", "idag", "vecka", LATE)]


def asking(database: Database, ask: Callable[[], Any], many: int = ASKED) -> Round:
    """Return a round of asking; its figure is the median of them."""

    def once() -> float:
        with database.transaction(write=False):
            started = time.perf_counter()
            ask()
            return (time.perf_counter() - started) * 1000

    return lambda: median(once() for _ in range(many))


ROW = Row(13, "the page of what is late for one board: first, at 90 % of its depth, its counts", prepare)
