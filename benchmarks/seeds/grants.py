"""Applications by the thousand: 1,970 real grants as applications of ours, and as many more as are asked for.

France's state paid them out in 2019 to départements, communes and their unions (Etalab's open licence). As in the file:
what it was for, what it cost, what was granted, how the grants cluster. What is made of it: a département is one of the
city's stadsdelsnämnder, the map is laid upon Stockholm, and years are our own. With more than the file has it begins
again. Two hundred to a round: that of today is being prepared, the rest lie over eight years, four of five granted.

Straight rows and not services: it is the reading that is put to the test.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy import insert, select, text

from benchmarks.seeds import grants_rows
from core import access, clock, db, geo
from core.cooperation.models import Cycle, Goal, Problem
from core.people import services as people
from core.people.models import Organisation, Person
from core.places.models import Place
from core.reserve.models import Booking, BookingLine, Entry, Frame, Programme

FILE = Path("rounds") / "fr_dotations_2019_trygghet.csv"
"""In the folder of real data that lies beside the checkout."""
CHECKOUT = Path(__file__).parents[2]
BATCH = 1_000
MIDDLE, STOCKHOLM = (46.5, 2.5), (670_000, 6_581_000)
METRES_PER_DEGREE = 3_000
KEYWORDS = {"belysning": "belysning_ny", "fordonshinder": "trafikdampning"}
NOON, ENOUGH = time(12), 9_000_000_000


@dataclass(frozen=True)
class Grant:
    """A row of the file: kronor that were granted (for our kronor the same number as its euros) and that it cost."""

    number: int
    title: str
    whose: str
    kind: str
    granted: int
    cost: int
    point: tuple[float, float]


def grants(folder: Path) -> list[Grant]:
    """Return the grants of the file, by its own order."""
    with (folder / FILE).open(encoding="utf-8", newline="") as file:
        return [_grant(number, row) for number, row in enumerate(csv.DictReader(file))]


def _grant(number: int, row: dict[str, str]) -> Grant:
    where = [
        middle + (float(row[name]) - there) * METRES_PER_DEGREE
        for name, there, middle in zip(("long", "lat"), MIDDLE[::-1], STOCKHOLM, strict=True)
    ]
    cost, granted = (max(1, round(float(row[name]))) for name in ("cout_total", "montant_sub"))
    kind = KEYWORDS.get(row["nyckelord"], "")
    title = " ".join(row["description"].split())[:110]
    return Grant(number, title, row["id_terr"], kind, granted, cost, (where[0], where[1]))


@dataclass
class Ground:
    """What applications stand on: the programme, its frames by year, boards, places by grant, and a goal, as keys."""

    today: date
    programme: int
    frames: dict[int, int]
    boards: list[int]
    owner: int
    goal: int
    places: list[int] = field(default_factory=list)
    assessors: list[int] = field(default_factory=list)
    rounds: dict[int, int] = field(default_factory=dict)
    meetings: dict[int, int] = field(default_factory=dict)

    def moment(self, year: int, month: int = 3) -> datetime:
        """Return a moment of a year."""
        return datetime.combine(date(year, month, 1), NOON, clock.STOCKHOLM)


def plant(
    transaction: Callable[[], AbstractContextManager[Any]], rows: Sequence[Grant], many: int, *, first: int = 0
) -> None:
    """Add applications number `first` to `many`, a thousand in each transaction: a frame is a row that all change."""
    with transaction():
        ground = _ground(rows)
    for start in range(first, many, BATCH):
        with transaction():
            grants_rows.add(ground, [(n, rows[n % len(rows)]) for n in range(start, min(many, start + BATCH))])
    with transaction() as session:
        session.execute(text("ANALYZE"))  # as a server does by itself, a minute later


def _ground(rows: Sequence[Grant]) -> Ground:
    session, today = db.session(), clock.today()
    programme = session.scalars(select(Programme.id).where(Programme.code == "TRYGG")).one()
    boards = select(Organisation.id).where(Organisation.kind == "stadsdelsnamnd", Organisation.valid_to.is_(None))
    owner = session.scalars(select(Organisation.id).where(Organisation.code == "trafik")).one()
    found = list(session.scalars(boards.order_by(Organisation.id)))
    frames = _frames(programme, range(today.year - grants_rows.YEARS + 1, today.year + 2))
    ground = Ground(today, programme, frames, found, owner, 0)
    ground.places = list(_places(ground, rows))
    ground.goal = _goal(ground)
    ground.assessors = [_assessor(nth) for nth in range(2)]
    return ground


def _frames(programme: int, years: range) -> dict[int, int]:
    """Give each year's frame enough for all, once: the book's own trigger counts it."""
    session, now = db.session(), clock.now()
    rows = select(Frame.year, Frame.id).where(Frame.programme_id == programme)
    known: dict[int, int] = dict(session.execute(rows).all())
    for year in years:
        if year in known:
            continue
        known[year] = _new(Frame, {"uid": db.new_uid(), "programme_id": programme, "year": year})[0]
    for year in years:
        facts = {"uid": db.uid_of(f"benchmark frame {year}"), "number": f"RB-R{year}", "kind": "kf_budget"}
        if session.scalar(select(Booking.id).where(Booking.uid == facts["uid"])) is not None:
            continue
        facts |= {"programme_id": programme, "state": "bokford", "proposed_at": now, "booked_at": now, "content": b""}
        booking = _new(Booking, facts)[0]
        line = {"booking_id": booking, "frame_id": known[year], "account": "ram", "amount": ENOUGH}
        session.execute(insert(BookingLine), [line])
        session.execute(insert(Entry), [line | {"at": now}])
    return known


def _places(ground: Ground, rows: Sequence[Grant]) -> Iterator[int]:
    """Return the key of the place of each grant: a square of 30 metres."""
    session = db.session()
    uids = [db.uid_of(f"benchmark place {row.number}") for row in rows]
    if session.scalar(select(Place.id).where(Place.uid == uids[0])) is None:
        made = [_place(ground, uid, row) for uid, row in zip(uids, rows, strict=True)]
        session.execute(insert(Place).execution_options(render_nulls=True), made)
    known: dict[UUID, int] = dict(session.execute(select(Place.uid, Place.id)).all())
    return (known[uid] for uid in uids)


def _place(ground: Ground, uid: UUID, row: Grant) -> dict[str, Any]:
    return {
        "uid": uid,
        "number": f"PL-G{row.number}",
        "name": f"Plats {row.number}",
        "kind": "gata",
        "geom": geo.multipolygon(Point(row.point).buffer(15, cap_style="square")),
        "district_id": grants_rows.board(ground, row),
        "public_access": "allman_plats",
        "created_at": clock.now(),
        "content": b"",
    }


def _assessor(nth: int) -> int:
    """Return somebody at stadsledningskontoret who assesses."""
    email, house = f"assessor-{nth}@example.invalid", access.system("benchmark")
    known = db.session().scalar(select(Person.id).where(Person.email == email))
    if known is not None:
        return known
    person = people.add_person(house, email=email, name=access.ROLES["slk_handlaggare"])
    people.grant_role(house, person, role="slk_handlaggare", organisation=people.organisation("slk"))
    return person.id


def _goal(ground: Ground) -> int:
    """Return the goal whose effect is measured: of one cycle, the same for all."""
    session = db.session()
    uid = db.uid_of("benchmark goal")
    known = session.scalar(select(Goal.id).where(Goal.uid == uid))
    if known is not None:
        return known
    facts = {"uid": db.new_uid(), "content": b"", "number": "SC-G1", "title": "Mätning", "state": "mal"}
    whose = {"organisation_id": ground.boards[0], "place_id": ground.places[0], "started_on": ground.today}
    cycle = _new(Cycle, facts | whose)[0]
    about = {"cycle_id": cycle, "number": 1, "content": b""}
    problem = _new(
        Problem,
        about | {"uid": db.new_uid(), "what": "Mörkt", "organisation_id": ground.boards[0], "state": "prioriterad"},
    )[0]
    goal = {"uid": uid, "problem_id": problem, "text": "Fler är trygga på kvällen", "state": "smart"}
    return _new(Goal, about | goal)[0]


def _new(model: Any, *rows: dict[str, Any]) -> list[int]:
    """Add rows; return their keys, in the same order."""
    made = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session().scalars(made, list(rows)))


def shared_data() -> Path | None:
    """Return the folder of real data beside the checkout, if it is there."""
    folder = CHECKOUT.parent / "shared" / "data"
    return folder if folder.is_dir() else None
