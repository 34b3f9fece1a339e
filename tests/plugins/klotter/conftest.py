"""The scene of the walks, graffiti on it, and those who handle it."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access
from core.media import READY, Photo
from core.upkeep import services as upkeep
from plugins.klotter.models import Incident
from tests.walks.scene import phone, phone_of, scene

__all__ = ["phone", "phone_of", "scene"]

KIND = "klotter:klotter"
REPORT = "5000-K123456-27"
HOUSE = access.system("test")


@pytest.fixture
def tag(database, scene):
    """Log graffiti on the scene's walk, and return its uid."""
    from core.walks import services as walks

    def tag(*, hateful=False, **more):
        known = {"walk": scene.walk, "kind": KIND, "details": {"hateful": hateful}} | more
        with database.transaction():
            return walks.log_observation(scene.leader, uid=uuid4(), **known).uid

    return tag


@pytest.fixture
def after_photo(database, scene):
    """Let a photo taken after the cleaning be there."""
    from core import clock, db
    from core.media import Listed
    from core.walks import services as walks

    def add(observation, role="efter", *, received=True, sha256="0" * 64, taken_at=None):
        listed = Listed(db.new_uid(), role=role)
        with database.transaction() as session:
            walks.add_photo(scene.leader, observation, listed)
            photo = session.query(Photo).where(Photo.uid == listed.uid).one()
            if received:
                photo.received_sha256, photo.received_at, photo.state = sha256, clock.now(), READY
                photo.taken_at = taken_at

    return add


def frist_of(database, observation):
    with database.transaction(write=False):
        frister = upkeep.deadlines_of(HOUSE, "observation", observation)
        [frist] = [row for row in frister if row.kind.startswith("klotter:")]
        return frist


def incident_of(database, observation):
    with database.transaction(write=False) as session:
        return session.scalar(select(Incident).where(Incident.observation_uid == observation))


@pytest.fixture
def case(client, actors):
    """Read and change a case through the API; by trafik, who answers for the cleaning."""
    keeper = actors.token(actors("tk_drift", "trafik"))

    def send(observation, version=None, *, who=keeper, **changes):
        address = f"/api/v1/klotter/incidents/{observation}"
        if version is None:
            return client.get(address, headers=who)
        return client.patch(address, json=changes, headers=who | {"If-Match": f'"{version}"'})

    send.keeper = keeper
    return send


@pytest.fixture
def close(client, case, database):
    """Try to close the frist of an observation."""

    def send(observation):
        frist = frist_of(database, observation)
        known = {"move": "klarmarkera", "reason": "Tvättat."}
        headers = case.keeper | {"If-Match": f'"{frist.version}"'}
        return client.post(f"/api/v1/deadlines/{frist.uid}/moves", json=known, headers=headers)

    return send
