"""Somebody whose phone does not get its things sent, a colleague who carries the file, and the worker at home."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from core.handover import Handover
from core.testing.people import Client
from core.testing.phones import Phone
from tests.media.samples import encoded
from tests.sync.conftest import SyncPhone, sync_phone, walker, work
from tests.walks.scene import at, scene, sha256_of

__all__ = ["scene", "sync_phone", "walker", "work"]

FILE = "application/vnd.tryggplats.handover"
PICTURE = encoded("image/jpeg")


class Things:
    """An observation with a photo and a change of it, as the phone would send them and as its file holds them."""

    def __init__(self, walk, **more):
        self.seen, self.photo, self.change = uuid4(), uuid4(), uuid4()
        listed = {"uid": str(self.photo), "sha256": sha256_of(PICTURE), "bytes": len(PICTURE)}
        self.body = {"walk": str(walk), "kind": "belysning", "description": "Mörkt", "position": at(500, 500)}
        self.body |= {"photos": [listed], **more}
        self.edit = {"before": {"description": "Mörkt"}, "fields": {"description": "Två lyktor är släckta"}}
        self.edit |= {"base_version": 1, "after": None, "made_at": "2027-02-01T18:00:00Z"}

    def file(self, phone, *kinds, **otherwise):
        """The file that `phone` makes of these things, or of some of their kinds."""
        items = {
            "record": {"kind": "record", "uid": str(self.seen), "body": self.body},
            "photo": {"kind": "photo", "uid": str(self.photo), "record": str(self.seen)},
            "change": {"kind": "change", "uid": str(self.change), "record": str(self.seen), "body": self.edit},
        }
        chosen = [items[kind] for kind in kinds or items]
        return phone.hand_over(*chosen, photos={self.photo: PICTURE}, **otherwise)


class Carrier(SyncPhone):
    """A colleague, at the API."""

    def carry(self, file, content_type=FILE):
        """Hand in a file."""
        return self.client.post("/api/v1/handovers", data=file, content_type=content_type, headers=self.headers)

    def carried(self):
        """What came of the files, the latest first."""
        return self.client.get("/api/v1/handovers", headers=self.headers).json["items"]


@pytest.fixture
def things(scene):
    return Things(scene.walk)


@pytest.fixture
def phone(app, actors, walker):
    """The phone of who has seen it all."""
    return Phone(Client(app, actors)).log_in(walker.holder)


@pytest.fixture
def colleague(scene, actors, client):
    """A colleague in another district."""
    actor = actors("falt", "sdn-jarva")
    return Carrier(client, actors.token(actor), actor)


@pytest.fixture
def leader(scene, actors, client):
    """Who leads the walk."""
    return Carrier(client, actors.token(scene.leader), scene.leader)


@pytest.fixture
def nothing_taken_in(database, settings, things):
    """Whether nothing of a file is with the city, and no file lies about."""

    def nothing():
        with database.transaction(write=False) as session:
            rows = session.scalars(select(Handover)).all()
        parts = settings.data_dir / "parts"
        return not rows and not (list(parts.iterdir()) if parts.is_dir() else [])

    return nothing
