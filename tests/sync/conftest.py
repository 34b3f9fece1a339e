"""The scene of the tests of what phones send: that of walks, with somebody out there and the worker at home."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from core import journal
from core.sync import Change
from core.worker import Worker
from tests.walks.scene import Phone, phone, phone_of, scene

__all__ = ["phone", "phone_of", "scene"]

LENIENT = {"Prefer": "handling=lenient"}


class SyncPhone(Phone):
    """What the app sends, over the API alone: what cannot be applied at once is kept."""

    def send(self, uid, walk, **more):
        """Send an observation, to be kept if it cannot be logged."""
        body = {"walk": str(walk) if walk else None, "kind": "belysning", **more}
        headers = self.headers | LENIENT
        return self.client.put(f"/api/v1/observations/{uid}", json=body, headers=headers, buffered=True)

    def tell(self, record, before, fields, *, after=None, base=1, uid=None):
        """Send a change of an observation."""
        body = {"base_version": base, "after": str(after) if after else None, "before": before, "fields": fields}
        body["made_at"] = "2027-02-01T18:00:00Z"
        address = f"/api/v1/observations/{record}/changes/{uid or uuid4()}"
        return self.client.put(address, json=body, headers=self.headers)

    def tell_state(self, change):
        """Where a change stands."""
        return self.client.get(f"/api/v1/sync/changes/{change}", headers=self.headers).json["state"]

    def choose(self, change, version, choices, **parent):
        """Choose about something that waits."""
        body = {"version": version, "choices": choices, **parent}
        return self.client.post(f"/api/v1/sync/changes/{change}/choice", json=body, headers=self.headers)

    def waiting(self, **asked):
        """What waits for somebody."""
        return self.client.get("/api/v1/sync/changes", query_string=asked, headers=self.headers).json["items"]


@pytest.fixture
def sync_phone(client, actors):
    """Give somebody such a phone."""
    return lambda actor: SyncPhone(client, actors.token(actor), actor)


@pytest.fixture
def walker(scene, actors, sync_phone):
    """Somebody in the field, where the scene is."""
    return sync_phone(actors("falt", "sdn-farsta"))


@pytest.fixture
def leader(scene, sync_phone):
    """Who leads the walk of the scene."""
    return sync_phone(scene.leader)


@pytest.fixture
def work(settings, database):
    """Let the worker do what waits."""
    worker = Worker(settings)
    yield lambda: worker.run_once(keys=["sync:held"])
    worker.close()


@pytest.fixture
def change_of(database):
    """Something that was sent, as the database has it."""

    def read(uid):
        with database.transaction(write=False) as session:
            return session.scalar(select(Change).where(Change.uid == uid))

    return read


@pytest.fixture
def journalled(database):
    """What the journal says of an act on a thing: the details of each."""

    def read(uid, action):
        with database.transaction(write=False) as session:
            rows = select(journal.JournalDetail.detail).join(
                journal.JournalLine, journal.JournalLine.seq == journal.JournalDetail.seq
            )
            about = rows.where(journal.JournalLine.subject_uid == uid, journal.JournalLine.action == action)
            return list(session.scalars(about.order_by(journal.JournalLine.seq)))

    return read
