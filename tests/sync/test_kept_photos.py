"""Photos of what is kept and not logged yet: received at once, and joined when it is (sync-cases.md 9, 10)."""

from uuid import uuid4

import pytest
from sqlalchemy import update

from core.media import FORBIDDEN
from core.places.models import Place
from core.walks import services
from core.walks.models import Walk
from tests.media.samples import encoded
from tests.walks.scene import at, sha256_of

PICTURE, OTHER = encoded("image/jpeg"), encoded("image/png")


def plan(database, scene, uid):
    with database.transaction():
        services.add_walk(
            scene.leader, uid=uid, title="Den andra", theme="allman", planned_at=scene.now, organiser="sdn-farsta",
            places=[scene.place],
        )  # fmt: skip


def add(phone, uid, photo, **more):
    """List one more photo of an observation."""
    return phone.client.put(f"/api/v1/observations/{uid}/photos/{photo}", json=more, headers=phone.headers)


@pytest.fixture
def keep(scene, walker, database):
    """Let the phone send something that is kept, with a photo: for its walk, or for a person; return three uids."""

    def keep(state):
        uid, photo, walk = uuid4(), uuid4(), uuid4() if state == "held" else scene.walk
        if state == "review":
            with database.transaction() as session:
                session.execute(update(Walk).where(Walk.uid == scene.walk).values(state="installd"))
        sent = walker.send(uid, walk, position=at(500, 500), photos=[{"uid": str(photo)}])
        assert (sent.status_code, sent.json["state"]) == (202, state)
        return uid, photo, walk

    return keep


@pytest.mark.parametrize("state", ["held", "review"])
def test_they_are_received_and_joined_when_it_is_logged(state, keep, scene, walker, leader, database, work):
    uid, photo, walk = keep(state)
    later = uuid4()
    receipt = walker.piece(photo, PICTURE)
    assert (receipt.status_code, receipt.json["state"]) == (200, "mottagen")
    assert [add(walker, uid, later, role="efter").status_code for _ in range(2)] == [201, 201]
    assert add(walker, uid, later, role="fore").status_code == 409
    assert walker.asks(later) == 0
    assert walker.piece(later, OTHER).status_code == 200
    if state == "held":
        plan(database, scene, walk)
        work()
    else:
        [waits] = leader.waiting()
        assert leader.choose(uid, waits["version"], {"record": "mine"}, parent=None).status_code == 200
    photos = {one["uid"]: (one["sha256"], one["role"]) for one in walker.read(uid).json["photos"]}
    assert photos == {str(photo): (sha256_of(PICTURE), "iakttagelse"), str(later): (sha256_of(OTHER), "efter")}


def test_where_nobody_may_photograph_they_are_refused_when_it_is_logged(keep, scene, walker, database, work):
    uid, _, walk = keep("held")
    later = uuid4()
    add(walker, uid, later)
    assert walker.piece(later, OTHER).status_code == 200
    with database.transaction() as session:
        session.execute(update(Place).where(Place.uid == scene.place).values(photo_policy=FORBIDDEN))
    plan(database, scene, walk)
    work()
    assert {one["state"] for one in walker.read(uid).json["photos"]} == {"nekad"}


def test_to_what_somebody_else_has_sent_none_is_tied(keep, leader, actors, sync_phone):
    uid, _, _ = keep("held")
    colleague = sync_phone(actors("falt", "sdn-farsta"))
    assert [add(one, uid, uuid4()).status_code for one in (colleague, leader)] == [404, 404]
