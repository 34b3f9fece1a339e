"""Five thousand real reports, Boston's of the second half of 2011, put down on Stockholm as what walks have seen.

As it is in the file: what it was about, when it was reported, was to be done and was done, and how it clusters, with
the 242 reports at one fallback point. What is made of it: the city is moved, metre by metre, so that its City Hall
stands on Stockholm's; years are fifteen later, and it is the morning of 2027. A place is the hull of what lies in a
square of a kilometre; a walk is what was reported in a neighbourhood in a week; two boards share the neighbourhoods.

Straight rows and not `log_observation`: it is the reading that is put to the test, and five thousand times the thirty
statements of a log would take longer than all of it. The file itself stays where it is.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from shapely import MultiPoint, Point
from sqlalchemy import func, insert, select, text

from core import db, geo
from core.hookspecs import Rule
from core.people.services import organisation
from core.places.models import Place, PlaceControl
from core.testing.people import LONG_AGO
from core.upkeep.engine import frozen
from core.upkeep.models import Deadline
from core.walks.limits import ANSWER
from core.walks.models import Observation, ObservationEvent, Walk, WalkPlace

FILE = "issues/boston311_2011_5k.csv"
YEARS = timedelta(days=5479)
"""Fifteen years: no day of the file is a 29 February."""
NEW_YEAR = datetime(2027, 1, 1, 8, tzinfo=UTC)
CITY_HALL, STOCKHOLM = (42.3601, -71.0589), (670_000, 6_581_000)
METRES_PER_DEGREE = 111_200, 82_200
"""Of latitude, and of longitude at Boston."""
BOARDS = ("sdn-farsta", "sdn-sodermalm")
KINDS = {
    "Street Light Outages": ("belysning", "trafik"),
    "Graffiti Removal": ("skadegorelse", "fastighet"),
    "PWD Graffiti": ("skadegorelse", "trafik"),
    "Tree Maintenance Requests": ("vaxtlighet_sikt", ""),
    "Sidewalk Repair (Make Safe)": ("gangvag_belaggning", "trafik"),
    "Traffic Signal Repair": ("orienterbarhet_skylt", "trafik"),
    "Sign Repair": ("orienterbarhet_skylt", "trafik"),
    "Abandoned Vehicles": ("trafik_olovlig_korning", "trafik"),
    "Parking Enforcement": ("trafik_olovlig_korning", "trafik"),
    "Requests for Street Cleaning": ("skrap_dumpning", "trafik"),
    "Empty Litter Basket": ("skrap_dumpning", "trafik"),
    "Unsafe Dangerous Conditions": ("entre_fasad", "stadsbyggnad"),
}
"""The city's types: our kind, and who answers; nobody named: the board of the place."""
DANGER = "Unsafe Dangerous Conditions"
RULE = frozen("Svara på iakttagelse", "normal", Rule(10, "working_days", "Det som staden har lovat"), "boston")


@dataclass(frozen=True)
class Report:
    """A row of the file, moved in space and time; `key` is what it gets in the database."""

    key: int
    row: dict[str, str]

    def __getitem__(self, name):
        return self.row[name]

    def moment(self, name):
        """A moment of the file, which knows no zone: read as UTC, where no hour is missing."""
        return datetime.fromisoformat(self[name]).replace(tzinfo=UTC) + YEARS if self[name] else None

    @cached_property
    def seen_at(self):
        return self.moment("open_dt")

    @property
    def is_done(self):
        """Whether it is done by now."""
        done = self.moment("closed_dt")
        return done is not None and done < NEW_YEAR

    @property
    def waits(self):
        """Whether nobody has sent it on yet: every other one that is not done."""
        return not self.is_done and int(self["case_enquiry_id"]) % 2 == 0

    @cached_property
    def point(self):
        north, east = (
            (float(self[name]) - middle) * metres
            for name, middle, metres in zip(("latitude", "longitude"), CITY_HALL, METRES_PER_DEGREE, strict=True)
        )
        return Point(round(STOCKHOLM[0] + east, 1), round(STOCKHOLM[1] + north, 1))

    @property
    def square(self):
        return int(self.point.x // 1000), int(self.point.y // 1000)

    @property
    def outing(self):
        """Neighbourhood and week."""
        return self["neighborhood"].strip() or "Boston", self.seen_at.isocalendar().week


def reports(shared_data):
    """All rows of the file, by the time they were made."""
    rows = csv.DictReader((shared_data / FILE).read_text("utf-8").splitlines())
    return [Report(key, row) for key, row in enumerate(sorted(rows, key=lambda row: row["open_dt"]), 1)]


class City:
    """Puts reports down in the open transaction's database, more of them each time it is asked."""

    def __init__(self):
        self._codes = {code: organisation(code).id for code in {*BOARDS, *(code for _, code in KINDS.values() if code)}}
        self._places, self._walks, self._numbers = {}, {}, defaultdict(int)

    def add(self, some):
        """Add reports: the places and walks that they need, themselves, what was answered, and the frist to answer."""
        self._plan(some)
        seen = [(report, self._observation(report)) for report in some]
        known = [pair for pair in seen if not pair[0].waits]
        for model, rows in (
            (Observation, [row for _, row in seen]),
            (ObservationEvent, [event for report, row in known for event in _events(report, row)]),
            (Deadline, [_frist(report, row) for report, row in known if report["target_dt"]]),
        ):
            # Without keys to fetch it is one statement for all; nobody adds others to these tables.
            db.session().execute(insert(model).execution_options(render_nulls=True), rows)
        db.session().execute(text("ANALYZE"))  # as a server does by itself, a minute later

    def _plan(self, some):
        new_squares, new_outings = defaultdict(list), {}
        for report in some:
            if report.square not in self._places:
                new_squares[report.square].append(report)
            if report.outing not in self._walks:
                new_outings.setdefault(report.outing, report)
        new_places = {square: self._place(square, there) for square, there in new_squares.items()}
        new_walks = {outing: self._walk(outing, first) for outing, first in new_outings.items()}
        db.session().add_all([*new_places.values(), *new_walks.values()])
        db.session().flush()
        self._places |= new_places
        self._walks |= new_walks
        db.session().add_all(
            PlaceControl(
                place_id=place.id, organisation_id=self._codes["trafik"], role="belysning_agare", valid_from=LONG_AGO
            )
            for place in new_places.values()
        )
        known = {(row.walk_id, row.place_id) for row in db.session().scalars(select(WalkPlace))}
        through = {(self._walks[report.outing].id, self._places[report.square].id) for report in some} - known
        db.session().add_all(WalkPlace(walk_id=walk, place_id=place) for walk, place in sorted(through))
        db.session().flush()

    def _board(self, outing):
        return self._codes[BOARDS[len(outing[0]) % len(BOARDS)]]

    def _place(self, square, there):
        east, north = square
        shape = MultiPoint([report.point for report in there]).convex_hull.buffer(20, quad_segs=3)
        return Place(
            number=f"PL-{east}{north}",
            name=f"{there[0].outing[0]} {east} {north}",
            kind="gata",
            geom=geo.multipolygon(shape),
            district_id=self._board(there[0].outing),
            public_access="allman_plats",
            created_at=NEW_YEAR,
            content=b"",
        )

    def _walk(self, outing, first):
        name, week = outing
        return Walk(
            number=f"TV-{first.seen_at.year}-{first.key:04}",
            title=f"{name}, vecka {week}",
            theme="allman",
            planned_at=first.seen_at,
            organiser_id=self._board(outing),
            state="genomford",
            content=b"",
        )

    def _observation(self, report):
        self._numbers[report.outing] += 1
        kind, answers = KINDS[report["type"]]
        place = self._places[report.square]
        return {
            "id": report.key,
            "uid": db.new_uid(),
            "walk_id": self._walks[report.outing].id,
            "number": self._numbers[report.outing],
            "kind": kind,
            "kind_title": report["type"],
            "nature": "brist",
            "severity": 4 if report["type"] == DANGER else 2,
            "seen_at": report.seen_at,
            "received_at": report.seen_at,
            "place_id": place.id,
            "organisation_id": self._codes[answers] if answers else place.district_id,
            "coordinator_id": place.district_id,
            "point": report.point,
            "position_source": "karta",
            "description": report["queue"],
            "details": {"schema": 1, "values": {}, "shown": []},
            "state": "atgardad" if report.is_done else "ny" if report.waits else "fordelad",
            "content": b"",
        }


def _events(report, row):
    about = {"observation_id": row["id"], "answer": ""}
    sent = {"organisation_id": row["coordinator_id"], "receiver_id": row["organisation_id"]}
    yield about | sent | {"at": report.seen_at, "kind": "fordela", "state": "fordelad"}
    if report.is_done:
        done = {"at": report.moment("closed_dt"), "kind": "atgarda", "state": "atgardad", "answer": "Det är gjort."}
        yield about | done | {"organisation_id": row["organisation_id"], "receiver_id": None}


def _frist(report, row):
    # What was done in the very second that was promised was in time; a frist is the moment before which.
    due_at = report.moment("target_dt") + timedelta(seconds=1)
    return {
        "uid": db.new_uid(),
        "kind": ANSWER,
        "leg": "respond",
        "subject_kind": "observation",
        "subject_uid": row["uid"],
        "category": row["kind"],
        "rule": RULE,
        "starts_at": report.seen_at,
        "due_at": due_at,
        "due_on": due_at.date(),
        "state": "klar" if report.is_done else "oppen",
        "met_at": report.moment("closed_dt") if report.is_done else None,
        **{name: row[name] for name in ("place_id", "organisation_id", "coordinator_id")},
    }


@dataclass(frozen=True)
class Spots:
    """Uids: a board's place with the most observations and one of them, its walk with the most that wait."""

    place: object
    walk: object
    seen: object


def where_most_lies(board):
    """Where the pages of a board have the most to show."""
    session, often, code = db.session(), func.count(Observation.id).desc(), organisation(board).id
    there = select(Observation.place_id).group_by(Observation.place_id).where(Observation.coordinator_id == code)
    place = session.get_one(Place, session.scalars(there.order_by(often, Observation.place_id).limit(1)).one())
    held = select(Observation.walk_id).where(Observation.state == "ny").group_by(Observation.walk_id)
    held = held.where(Observation.coordinator_id == code).order_by(often, Observation.walk_id)
    walk = session.get_one(Walk, session.scalars(held.limit(1)).one())
    done = select(Observation).where(Observation.place_id == place.id, Observation.state == "atgardad")
    seen = session.scalars(done.order_by(Observation.id)).first()
    return Spots(place.uid, walk.uid, seen.uid)
