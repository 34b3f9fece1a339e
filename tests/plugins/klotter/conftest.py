"""The scene of the walks, graffiti on it, and those who handle it."""

from uuid import uuid4

import pytest

from core.media.models import RECEIVED, Photo
from tests.walks.scene import phone, phone_of, scene

__all__ = ["phone", "phone_of", "scene"]

KIND = "klotter:klotter"
REPORT = "5000-K123456-27"


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

    def add(observation, role="efter", *, received=True):
        listed = Listed(db.new_uid(), role=role)
        with database.transaction() as session:
            walks.add_photo(scene.leader, observation, listed)
            photo = session.query(Photo).where(Photo.uid == listed.uid).one()
            if received:
                photo.received_sha256, photo.received_at, photo.state = "0" * 64, clock.now(), RECEIVED

    return add
