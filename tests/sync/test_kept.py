"""What cannot be logged at once is kept: for its walk, or for a person (sync-cases.md 25, 26, 33, 34)."""

from uuid import uuid4

import pytest
from sqlalchemy import update

from core.media import FORBIDDEN, Photo
from core.people.models import RoleGrant
from core.places.models import Place
from core.walks import services
from core.walks.models import Walk
from tests.media.samples import encoded
from tests.walks.scene import at


@pytest.fixture
def set_walk(database, scene):
    """Let the walk have a state."""

    def to(state):
        with database.transaction() as session:
            session.execute(update(Walk).where(Walk.uid == scene.walk).values(state=state))

    return to


def plan(database, scene, uid):
    with database.transaction():
        services.add_walk(
            scene.leader, uid=uid, title="Den andra", theme="allman", planned_at=scene.now, organiser="sdn-farsta",
            places=[scene.place],
        )  # fmt: skip


def test_for_a_walk_that_has_not_come_it_waits_and_is_logged_when_it_comes(scene, walker, leader, database, work):
    uid, walk = uuid4(), uuid4()
    kept = walker.send(uid, walk, description="Mörkt", position=at(500, 500))
    assert (kept.status_code, kept.json["state"], kept.json["reason"]) == (202, "held", "walk")
    assert kept.headers["Preference-Applied"] == "handling=lenient"
    assert walker.send(uid, walk, description="Mörkt", position=at(500, 500)).json == kept.json
    assert walker.send(uid, walk, description="Annat").status_code == 409
    assert leader.send(uid, walk, description="Mörkt", position=at(500, 500)).status_code == 409
    plan(database, scene, walk)
    work()
    now = walker.send(uid, walk, description="Mörkt", position=at(500, 500))
    assert (now.status_code, now.json["walk"], now.json["number"]) == (201, str(walk), 1)
    assert walker.send(uid, walk, description="Annat").status_code == 409
    assert walker.waiting() == []


def test_a_walk_that_one_does_not_reach_looks_as_one_that_has_not_come(scene, actors, sync_phone):
    stranger = sync_phone(actors("falt", "sdn-jarva"))
    theirs, nobody_s = (stranger.send(uuid4(), walk) for walk in (scene.walk, uuid4()))
    strip = ("uid", "received_at")
    told = [{k: v for k, v in answer.json.items() if k not in strip} for answer in (theirs, nobody_s)]
    assert (told[0], theirs.status_code) == (told[1], 202)
    assert stranger.log(uuid4(), scene.walk).status_code == 404  # who does not ask for it to be kept is refused


def test_after_five_days_it_is_logged_without_a_walk(scene, walker, work, clock, sync_phone, actors):
    clock.stop_at(scene.now)
    uid, walk = uuid4(), uuid4()
    walker.send(uid, walk, description="Mörkt", position=at(500, 500))
    clock.pass_by(days=5)
    work()
    again = sync_phone(walker.holder).send(uid, walk, description="Mörkt", position=at(500, 500))
    assert (again.status_code, again.json["walk"], again.json["place"]) == (201, None, str(scene.place))


def test_what_was_seen_without_a_walk_is_reached_by_ones_own_and_the_district_s(scene, actors, sync_phone, database):
    """Seen in Skarpnäck by somebody from Farsta; then it is said on which walk it was."""
    walker, home = (sync_phone(actors(role, "sdn-farsta")) for role in ("falt", "sdn_samordnare"))
    there, other = (sync_phone(actors("sdn_samordnare", board)) for board in ("sdn-skarpnack", "sdn-jarva"))
    uid = uuid4()
    logged = walker.send(uid, None, position=at(1500, 500))
    assert (logged.status_code, logged.json["walk"], logged.json["number"], logged.json["state"]) == (
        201,
        None,
        1,
        "ny",
    )
    assert [one.read(uid).status_code for one in (home, there, other)] == [200, 200, 404]
    moved = there.move(uid, "granska", version=1)
    assert moved.status_code == 200
    version = moved.json["version"]
    assert home.change(uid, version=version, parent=str(uuid4())).status_code == 422
    joined = home.change(uid, version=version, walk=str(scene.walk), severity=3)
    assert (joined.status_code, joined.json["walk"], joined.json["severity"]) == (200, str(scene.walk), 3)
    assert home.change(uid, version=joined.json["version"], walk=str(scene.walk)).status_code == 409


@pytest.mark.parametrize(("state", "why"), [("installd", "walk_cancelled"), ("protokoll_justerat", "walk_adjusted")])
def test_of_a_walk_that_is_over_a_person_says_where_it_belongs(
    scene, walker, leader, database, set_walk, journalled, state, why
):
    set_walk(state)
    uid, other = uuid4(), uuid4()
    kept = walker.send(uid, scene.walk, description="Mörkt")
    assert (kept.status_code, kept.json["state"], kept.json["reason"]) == (202, "review", why)
    [waits] = leader.waiting()
    assert leader.choose(uid, waits["version"], {"record": "mine"}).status_code == 409
    nowhere = leader.choose(uid, waits["version"], {"record": "mine"}, parent=str(uuid4()))
    assert (nowhere.status_code, nowhere.json["errors"][0]["field"]) == (422, "parent")
    plan(database, scene, other)
    done = leader.choose(uid, waits["version"], {"record": "mine"}, parent=str(other))
    assert (done.status_code, done.json["state"]) == (200, "settled")
    now = walker.send(uid, scene.walk, description="Mörkt")
    assert (now.status_code, now.json["walk"]) == (201, str(other))
    assert journalled(uid, "observation:choose")[0]["chosen"] == {"record": "mine"}


def test_what_a_person_leaves_unsaved_is_kept_as_it_was_sent(scene, walker, leader, set_walk, journalled):
    set_walk("installd")
    uid = uuid4()
    walker.send(uid, scene.walk, description="Mörkt")
    [waits] = leader.waiting()
    assert leader.choose(uid, waits["version"], {"record": "theirs"}).status_code == 200
    assert leader.read(uid).status_code == 404
    assert walker.send(uid, scene.walk, description="Mörkt").json["state"] == "settled"
    assert journalled(uid, "observation:choose")[0]["overridden"]["record"]["description"] == "Mörkt"


def test_a_kind_that_is_gone_is_kept_with_its_details_and_saved_in_words(scene, walker, leader):
    uid, details = uuid4(), {"fill": 80}
    kept = walker.send(uid, scene.walk, kind="papperskorgar:full_papperskorg", details=details, description="Full")
    assert (kept.status_code, kept.json["state"], kept.json["reason"]) == (202, "review", "kind_gone")
    [waits] = leader.waiting()
    assert leader.choose(uid, waits["version"], {"record": "mine"}).status_code == 200
    now = leader.read(uid).json
    assert (now["title"], now["details"]) == ("Full papperskorg", [{"label": "fill", "text": "80"}])


@pytest.mark.parametrize("bytes_first", [True, False])
def test_where_nobody_may_photograph_the_photo_is_refused_and_the_observation_kept(
    scene, walker, database, bytes_first
):
    uid, photo, other = uuid4(), uuid4(), uuid4()
    picture = encoded("image/jpeg")
    if bytes_first:
        assert walker.piece(photo, picture).status_code == 200
    with database.transaction() as session:  # it became so while the phone was out of reach
        session.execute(update(Place).where(Place.uid == scene.place).values(photo_policy=FORBIDDEN))
    seen = walker.send(uid, scene.walk, position=at(500, 500), photos=[{"uid": str(photo)}, {"uid": str(other)}])
    assert seen.status_code == 201
    assert {one["uid"]: one["state"] for one in seen.json["photos"]} == {str(photo): "nekad", str(other): "nekad"}
    assert walker.piece(photo, picture).status_code == 422
    with database.transaction(write=False) as session:
        assert {row.stored_sha256 for row in session.query(Photo).filter(Photo.uid.in_([photo, other]))} == {None}


def test_whose_role_has_ended_before_it_could_be_logged_leaves_it_to_a_person(
    scene, walker, leader, database, work, change_of
):
    uid, walk = uuid4(), uuid4()
    walker.send(uid, walk, description="Mörkt")
    with database.transaction() as session:
        mine = update(RoleGrant).where(RoleGrant.person_id == walker.holder.id)
        session.execute(mine.values(valid_to=RoleGrant.valid_from))
    plan(database, scene, walk)
    work()
    assert (change_of(uid).state, change_of(uid).reason) == ("review", "right")
    [waits] = leader.waiting()
    assert leader.choose(uid, waits["version"], {"record": "mine"}).status_code == 200
    assert leader.read(uid).json["walk"] == str(walk)


@pytest.mark.one_database
def test_what_is_wrong_in_itself_is_refused_although_it_would_be_kept(scene, walker):
    for wrong in ({"severity": 9}, {"skrap": 1}, {"position": {"latitude": 1, "longitude": 1}}):
        assert walker.send(uuid4(), uuid4() if "position" not in wrong else scene.walk, **wrong).status_code == 422
