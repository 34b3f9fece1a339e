"""Where the tests walk: a corner of two made-up district areas, and a phone that logs there over the API."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from shapely import Point, box
from sqlalchemy import select, update

from core import access, clock, db, geo
from core.app import house
from core.media import Photo
from core.people.services import organisation
from core.places import services as places
from core.places.models import Area, Place, PlaceControl
from core.testing import SEEDED, Template
from core.testing.people import LONG_AGO
from core.walks import services

EAST, NORTH = 676_000, 6_571_000
"""South-west corner of the scene in SWEREF 99 TM. Farsta is that square kilometre, Skarpnäck the next one east."""
SQUARE = "Farsta torg"
DAY = timedelta(days=1)
PIECE = "application/offset+octet-stream"


def at(east, north):
    """Metres from the corner of the scene, as the phone tells them: degrees."""
    longitude, latitude = geo.to_geojson(Point(EAST + east, NORTH + north), decimals=9)["coordinates"]
    return {"latitude": latitude, "longitude": longitude}


def square(east, north, side):
    """A square with this south-west corner, in SWEREF 99 TM."""
    return box(EAST + east, NORTH + north, EAST + east + side, NORTH + north + side)


@dataclass
class Scene:
    """A square in Farsta with who answers for what on it, a walk there, and who leads it."""

    place: UUID
    walk: UUID
    leader: access.Actor
    now: datetime

    def control(self, role, holder, *, part=None, days=(None, None)):
        """Let `holder` answer for `role` on the place or a part of it.

        `days` are from (long ago) and to (until further notice), counted from today.
        """
        first, last = (clock.today() + day * DAY if day is not None else None for day in days)
        db.session().add(
            PlaceControl(
                place_id=db.session().scalars(select(Place.id).where(Place.uid == self.place)).one(),
                organisation_id=organisation(holder).id,
                role=role,
                geom=geo.multipolygon(part) if part is not None else None,
                valid_from=first or LONG_AGO,
                valid_to=last,
            )
        )
        db.session().flush()


@pytest.fixture
def scene(database, actors):
    """Farsta and Skarpnäck side by side, north of them no area; the place is 100 m wide, from (450, 450)."""
    leader = actors("sdn_samordnare", "sdn-farsta")
    with database.transaction() as session:
        place = session.scalar(select(Place.uid).where(Place.name == SQUARE)) or _ground()
        walk = services.add_walk(
            leader,
            uid=uuid4(),
            title="Kvällsvandring",
            theme="allman",
            planned_at=clock.now(),
            organiser="sdn-farsta",
            places=[place],
        )
        return Scene(place, walk.uid, leader, walk.planned_at)


def _ground():
    """Make the two areas and the place, whose uid is returned."""
    for code, shape in (("farsta", square(0, 0, 1000)), ("skarpnack", square(1000, 0, 1000))):
        _area(code, shape)
    return add_place(SQUARE, square(450, 450, 100), renhallning="trafik", belysning_agare="trafik")


def _fill(settings):
    database = house(settings)
    with database.transaction():
        _ground()
    database.dispose()


GROUND = Template("ground", _fill, based=SEEDED)
"""An installation with the ground of the scene: built once per run, copied for each test that asks for the scene."""


def _area(code, shape):
    board = organisation(f"sdn-{code}")
    known = {"code": code, "name": board.name, "organisation_id": board.id}
    area = Area(kind=places.DISTRICT, geom=geo.multipolygon(shape), valid_from=LONG_AGO, **known)
    db.session().add(area)
    db.session().flush()


def add_place(name, shape, **controls):
    """Add a square, on which `controls` names who has long answered for each role."""
    place = places.add_place(
        access.system("test"),
        uid=uuid4(),
        name=name,
        kind="torg",
        geometry=geo.to_geojson(shape, decimals=9),
        public_access="allman_plats",
        controls=[places.NewControl(role, holder) for role, holder in controls.items()],
    )
    held = update(PlaceControl).where(PlaceControl.place_id == place.id)
    db.session().execute(held.values(valid_from=LONG_AGO))
    return place.uid


ASKED = {
    "borja_atgarda": {"done_on": "2199-12-31"},
    "planera": {"done_on": "2199-12-31"},
    "atgarda_inte": {"answer": "Platsen byggs om."},
    "avsluta": {"sure": True},
}
"""What moves ask beside a reason."""


class Phone:
    """What a phone sends. `headers` say who holds it; without any, nobody is logged in."""

    def __init__(self, client, headers, holder=access.NOBODY):
        self.client, self.headers, self.holder = client, headers, holder

    def log(self, uid, walk, *, kind="belysning", **more):
        """Log an observation."""
        body = {"walk": str(walk), "kind": kind, **more}
        # Read to its end: what failed in plugins is noted when the answer has left.
        return self.client.put(f"/api/v1/observations/{uid}", json=body, headers=self.headers, buffered=True)

    def read(self, uid):
        """Read an observation."""
        return self.client.get(f"/api/v1/observations/{uid}", headers=self.headers)

    def change(self, uid, version=None, **more):
        """Change an observation, based on a version."""
        based = {"If-Match": f'"{version}"'} if version is not None else {}
        return self.client.patch(f"/api/v1/observations/{uid}", json=more, headers=self.headers | based)

    def move(self, uid, move, reason="", *, version, what="observations", **more):
        """Make a move of an observation, or of `what` else, with what it asks for unless said otherwise."""
        headers = self.headers | {"If-Match": f'"{version}"'}
        body = {"move": move, "reason": reason} | ASKED.get(move, {}) | more
        return self.client.post(f"/api/v1/{what}/{uid}/moves", json=body, headers=headers)

    def piece(self, uid, data, *, offset=0, length=None, promise=None, **headers):
        """Send a piece of a photo that is `length` bytes long (the piece alone) with the hash of `promise`."""
        said = {"Upload-Offset": str(offset), "Upload-Length": str(len(data) if length is None else length)}
        if promise is not None:
            said["Repr-Digest"] = digest(promise)
        headers = self.headers | said | headers
        return self.client.patch(address(uid), data=data, content_type=PIECE, headers=headers)

    def asks(self, uid):
        """Ask how much of a photo the city has; None when it knows of none."""
        answer = self.client.head(address(uid), headers=self.headers)
        return int(answer.headers["Upload-Offset"]) if answer.status_code == 200 else None

    def resume(self, uid, data, piece=None):
        """Send what the city lacks of a photo, in pieces of at most so many bytes; return the last answer."""
        while True:
            here = self.asks(uid) or 0
            part = data[here : here + (piece or len(data))]
            answer = self.piece(uid, part, offset=here, length=len(data), promise=data)
            if answer.status_code != 204:
                return answer


def address(uid):
    return f"/api/v1/photos/{uid}"


def digest(data):
    """The header Repr-Digest of RFC 9530."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


def sha256_of(data):
    """The hash as the API tells it."""
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def phone_of(client, actors):
    """Give somebody a phone."""
    return lambda actor: Phone(client, actors.token(actor), actor)


@pytest.fixture
def phone(scene, phone_of):
    """The leader's phone, which has fetched the walk."""
    fetched = phone_of(scene.leader)
    fetched.walk = scene.walk
    return fetched


def photo_row(database, uid):
    """The photo as the database has it, None if it has not."""
    with database.transaction(write=False) as session:
        return session.scalar(select(Photo).where(Photo.uid == uid))


__all__ = [
    "GROUND",
    "PIECE",
    "Phone",
    "Scene",
    "add_place",
    "address",
    "at",
    "digest",
    "phone",
    "phone_of",
    "photo_row",
    "scene",
    "sha256_of",
    "square",
]
