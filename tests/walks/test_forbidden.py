"""Scenario 5 (domain.md 13): at a protected object no camera is offered, and no photo is taken in."""

from uuid import uuid4

import pytest
from shapely import Point
from sqlalchemy import select

from core import db
from core.media import FORBIDDEN, FREE, Photo
from core.places import services as places
from core.upkeep.models import Deadline
from tests.geo.conftest import plan_of
from tests.places.plans import uses_index
from tests.walks.scene import EAST, NORTH, add_place, at, square

__all__ = ["plan_of"]


@pytest.fixture
def forbidden(scene, database):
    """The place of the walk is a protected object."""
    with database.transaction():
        places.change_place(scene.leader, scene.place, version=None, photo_policy=FORBIDDEN)
    return scene


def test_the_camera_is_off_at_a_protected_object(scene, database, client):
    client.login(scene.leader)
    page = f"/vandringar/{scene.walk}/skriv-in"
    assert 'type="file"' in client.get(page).text
    with database.transaction():
        places.change_place(scene.leader, scene.place, version=None, photo_policy=FORBIDDEN)
    shown = client.get(page).text
    assert 'type="file"' not in shown
    assert "Här får du inte fotografera" in shown


def test_nobody_is_asked_for_a_photo_from_there(forbidden, phone, database, client):
    uid = uuid4()
    assert phone.log(uid, forbidden.walk, position=at(500, 500)).status_code == 201
    client.login(forbidden.leader)
    page = client.get(f"/iakttagelser/{uid}").text
    assert 'type="file"' not in page
    assert "Platsen är ett skyddsobjekt" in page
    with database.transaction(write=False) as session:
        frist = session.scalars(select(Deadline.uid).where(Deadline.subject_uid == uid)).first()
    on_frist = client.get(f"/skotsel/frister/{frist}").text
    assert "Iakttagelsen" in on_frist
    assert 'type="file"' not in on_frist
    client.login(phone.holder)
    receipt = client.get(f"/iakttagelser/{uid}/kvitto").text
    assert "Skriv nästa iakttagelse" in receipt
    assert "Ta nästa foto" not in receipt


@pytest.mark.parametrize("where", ["the record's place", "the photo's own position"])
def test_a_photo_from_there_is_not_kept(forbidden, phone, database, where):
    own = where == "the photo's own position"
    position = {"position": at(480, 480)} if own else {}
    uid, photo = uuid4(), str(uuid4())
    outside = {"position": at(900, 100)} if own else {"position": at(500, 500)}
    refused = phone.log(uid, forbidden.walk, photos=[{"uid": photo, **position}], **outside)
    assert refused.status_code == 422
    assert "skyddsobjekt" in refused.get_json()["detail"]
    assert phone.log(uid, forbidden.walk, **outside).status_code == 201
    with database.transaction(write=False) as session:
        assert session.scalar(select(Photo.id).where(Photo.record_uid == uid)) is None


def test_the_strictest_of_the_places_there_counts(forbidden, database, plan_of):
    with database.transaction():
        add_place("Runt omkring", square(300, 300, 400))
        longitude, latitude = at(500, 500)["longitude"], at(500, 500)["latitude"]
        assert places.policy_at(None, None, (longitude, latitude)) == FORBIDDEN
        assert places.policy_at(None, None, (at(310, 310)["longitude"], at(310, 310)["latitude"])) == FREE
        plan = plan_of(db.session(), places.policies_at(Point(EAST + 500, NORTH + 500)))
        assert uses_index(plan, "place", "idx_place_geom")
