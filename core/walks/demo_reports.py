"""The demo's reports of others: files of another register that were read in, one of them undone; reports of apps."""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from core import clock, db, geo, imports
from core.places.models import Place
from core.places.services import rows_of
from core.upkeep.demo import Story, on, somebody
from core.walks import services
from core.walks.models import Observation, Report

SOURCE = "Tyck till (demo)"
COLUMNS = (
    "Ärendenummer", "Kategori", "Kom in", "Beskrivning", "Latitud", "Longitud", "Skulle vara klart", "Avslutad", "Svar",
)  # fmt: skip
SHARE = 5
"""There is a report of the register for so many observations of the demo."""
YEARS = 700
"""Days back from which there are reports."""
PROMISED = timedelta(days=14)
AROUND = 0.0003
"""Degrees around the middle of a place in which its reports are."""
LATE_SHARE = 0.25
READER = ("sdn_handlaggare", "sdn-jarva")
APP = ("falt", "sdn-sodermalm")


@dataclass(frozen=True)
class File:
    """A file that is read in: `days` from today, with rows from `first` to `last` days before, and its last step."""

    name: str
    days: int
    first: int
    last: int
    rows: int
    until: str


def plan(story: Story) -> None:
    """Let files be read in and apps send."""
    whole = db.settings().demo_observations // SHARE
    files = (
        File("tyck-till-arkiv.csv", -20, YEARS, 19, whole, "for_in"),
        File("tyck-till-fel-fil.csv", -12, 20, 3, 6, "angra"),
        File("tyck-till-senaste.csv", -3, 16, 1, 8, "for_in"),
        File("tyck-till-i-dag.csv", 0, 3, 1, 5, "prova"),
    )
    for file in files:
        _read_in(story, file)
    story.add(on(-1, time(10)), _send_on)
    apps = [row for row in rows_of("demo_reports.csv") if row["way"] == "app"]
    for number, row in enumerate(apps):
        story.add(on(-number - 1, time(17)), partial(_send, row))


def _read_in(story: Story, file: File) -> None:
    """Let a file come in, be tried, and taken in or undone."""
    found: list[UUID] = []
    begun = on(file.days, time(0, 30) if file.days == 0 else time(9))

    def receive() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, file.name)
            _write(path, _lines(file))
            made = imports.receive(somebody(*READER), path, kind="report", source=SOURCE, name=file.name)
        found.append(made.uid)
        imports.work_here(made.uid)

    def prove() -> None:
        columns = {
            name: str(column) for name, column in imports.read_import(somebody(*READER), found[0]).mapping.items()
        }
        imports.choose(somebody(*READER), found[0], columns)
        imports.work_here(found[0])

    def take(move: str, reason: str = "") -> None:
        imports.move_import(somebody(*READER), found[0], move, reason=reason)
        imports.work_here(found[0])

    story.add(begun, receive)
    story.add(begun + timedelta(minutes=4), prove)
    if file.until in ("for_in", "angra"):
        story.add(begun + timedelta(minutes=9), partial(take, "for_in"))
    if file.until == "angra":
        story.add(
            begun + timedelta(minutes=40), partial(take, "angra", "Fel fil: de här ärendena är en annan stadsdels.")
        )


def _write(path: Path, lines: Iterator[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(COLUMNS)
        rows.writerows(lines)


def _lines(file: File) -> Iterator[Sequence[str]]:
    """Yield the rows of a file; some of each are wrong, as in every register."""
    chance = random.Random(file.name)  # noqa: S311 - a demo
    known = [row for row in rows_of("demo_reports.csv") if row["way"] == "fil"]
    for number in range(file.rows):
        row = known[number % len(known)]
        back = file.first - (file.first - file.last) * number // max(file.rows - 1, 1)
        came = on(-back, time(chance.randint(7, 20), chance.randrange(60)))
        yield _line(f"{file.name[10:12].upper()}-{number + 1:04d}", row, came, chance)
    row = known[0]
    came = on(-file.last - 1, time(12))
    latitude, longitude = _spot(row["place"], chance)
    wrong = [f"{file.name[10:12].upper()}-9{number:03d}" for number in range(3)]
    yield (wrong[0], row["title"], _told(came), row["description"], longitude, latitude, "", "", "")
    yield (wrong[1], row["title"], _told(came), row["description"], latitude, longitude, "", _told(came - PROMISED), "")
    yield (wrong[2], row["title"], "i tisdags", row["description"], latitude, longitude, "", "", "")


def _line(number: str, row: Mapping[str, str], came: datetime, chance: random.Random) -> Sequence[str]:
    """Return a report with the time that was promised, and when it was closed if it is."""
    latitude, longitude = _spot(row["place"], chance)
    promised = came + PROMISED
    late = chance.random() < LATE_SHARE
    closed = promised + timedelta(days=chance.randint(1, 4)) if late else came + timedelta(days=chance.randint(1, 13))
    ended, answer = ("", "") if closed > clock.now() else (_told(closed), row["answer"])
    return (number, row["title"], _told(came), row["description"], latitude, longitude, _told(promised), ended, answer)


def _told(at: datetime) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}"


def _spot(place: str, chance: random.Random) -> tuple[str, str]:
    """Return latitude and longitude of a spot on a place, as a register writes them."""
    longitude, latitude = (part + chance.uniform(-AROUND, AROUND) for part in _point(place))
    return f"{latitude:.6f}", f"{longitude:.6f}"


def _point(place: str) -> tuple[float, float]:
    geometry = db.session().scalars(select(Place.geom).where(Place.name == place)).one()
    longitude, latitude = geo.to_geojson(geometry.representative_point())["coordinates"]
    return longitude, latitude


def _send(row: Mapping[str, str]) -> None:
    """Let an app send a report."""
    longitude, latitude = _point(row["place"])
    services.send_report(
        somebody(*APP),
        kind=row["kind"],
        details={},
        position=services.Position(latitude, longitude, source="karta"),
        address=row["place"],
        description=row["description"],
    )


def _send_on() -> None:
    """Let the coordinator send on what the last file brought, but for a few; who got it orders about the first."""
    leader = somebody("sdn_samordnare", READER[1])
    rows = select(Observation).join(Report, Report.observation_id == Observation.id)
    rows = rows.where(Observation.coordinator_id == leader.organisation, Observation.state == "ny")
    new = db.session().scalars(rows.order_by(Observation.id)).all()
    for observation in new[: -len(new) // 3 or None]:
        services.move_observation(leader, observation.uid, "granska")
        services.move_observation(leader, observation.uid, "fordela")
    receiver = somebody("tk_drift", "trafik")
    sent = next((one for one in new if one.organisation_id == receiver.organisation), None)
    if sent is not None:
        services.order_work(receiver, sent.uid, db.uid_of(f"demo order {sent.uid}"), services.Order())
