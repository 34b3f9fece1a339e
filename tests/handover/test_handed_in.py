"""A file that a colleague carries is taken in as if its phone had sent it, each thing once (sync-cases.md 39)."""

from uuid import uuid4

import pytest
from sqlalchemy import event, func, select, update

from core import clock as core_clock
from core import db, handover, journal, outbox
from core.handover.sealed import Opened
from core.media import Photo
from core.outbox import ATTEMPTS, Task
from core.people.models import Device, Person, RoleGrant
from core.walks.models import Observation
from tests.handover.conftest import PICTURE, Things
from tests.walks.scene import sha256_of


def came(told):
    """What became of each kind: sent, here, held, for review, refused."""
    return {kind: tuple(told[kind].values()) for kind in ("observations", "photos", "changes")}


ALL_HERE = {"observations": (1, 1, 0, 0, 0), "photos": (1, 1, 0, 0, 0), "changes": (1, 1, 0, 0, 0)}


def test_all_of_it_comes_in_the_name_of_who_saw_it(things, phone, walker, colleague, work, settings, database):
    answer = colleague.carry(things.file(phone))
    assert (answer.status_code, answer.json["state"]) == (202, "opening"), answer.json
    work()
    [told] = colleague.carried()
    assert (told["state"], told["role"], told["organisation"]) == ("done", "Fältpersonal", "Farsta stadsdelsnämnd")
    assert came(told) == ALL_HERE
    seen = walker.read(things.seen).json
    assert (seen["description"], seen["version"]) == ("Två lyktor är släckta", 2)
    assert [photo["sha256"] for photo in seen["photos"]] == [sha256_of(PICTURE)]
    receipts = walker.client.get("/api/v1/field/receipts", headers=walker.headers).json
    assert [one["uid"] for one in receipts["items"]] == [str(things.seen)]
    assert [(one["uid"], one["state"]) for one in receipts["changes"]] == [(str(things.change), "applied")]
    assert colleague.read(things.seen).status_code == 404, "who carries it sees nothing of it"
    assert list((settings.data_dir / "parts").iterdir()) == []
    with database.transaction(write=False) as session:
        lines = session.scalars(select(journal.JournalLine).where(journal.JournalLine.subject_kind == "handover")).all()
        details = session.scalars(select(journal.JournalDetail.detail)).all()
        assert [(line.action, line.actor_uid) for line in lines] == [("handover:carry", colleague.holder.uid)]
        assert {"person": str(walker.holder.uid), "items": 3} in details
        logged = session.scalars(select(journal.JournalLine).where(journal.JournalLine.action == "observation:log"))
        assert [line.actor_uid for line in logged] == [walker.holder.uid]


def test_again_by_anybody_and_after_some_was_sent_nothing_is_double(
    things, phone, walker, colleague, leader, work, database
):
    """The phone has sent the observation and a part of the photo; then the file comes, three times, then the phone."""
    file = things.file(phone)
    assert (
        walker.client.put(f"/api/v1/observations/{things.seen}", json=things.body, headers=walker.headers).status_code
        == 201
    )
    assert walker.piece(things.photo, PICTURE[:100], length=len(PICTURE)).status_code == 204
    for who in (colleague, leader, colleague):
        assert who.carry(file).status_code == 202
        work()
        assert came(who.carried()[0]) == ALL_HERE
    assert len(colleague.carried()) == 1
    headers = walker.headers | {"Prefer": "handling=lenient"}
    again = walker.client.put(f"/api/v1/observations/{things.seen}", json=things.body, headers=headers)
    assert again.status_code == 201
    assert walker.piece(things.photo, PICTURE).json["sha256"] == sha256_of(PICTURE)
    change = walker.client.put(
        f"/api/v1/observations/{things.seen}/changes/{things.change}", json=things.edit, headers=walker.headers
    )
    assert (change.status_code, change.json["state"]) == (200, "applied")
    with database.transaction(write=False) as session:
        assert [session.scalar(select(func.count()).select_from(table)) for table in (Observation, Photo)] == [1, 1]


def test_a_worker_that_was_killed_begins_again_and_nothing_is_double(things, phone, walker, colleague, work, database):
    """After its last commit, and before it could say so."""
    assert colleague.carry(things.file(phone)).status_code == 202
    for _ in range(2):
        work()
        assert (colleague.carried()[0]["state"], came(colleague.carried()[0])) == ("done", ALL_HERE)
        with database.transaction() as session:
            session.execute(update(Task).where(Task.kind == "handover").values(state="waiting", run_at=Task.created_at))
    assert walker.read(things.seen).json["version"] == 2


def test_a_file_that_never_opens_says_so_after_the_last_attempt(things, phone, colleague, work, settings, database):
    """And comes all the same when whoever runs the installation lets it be tried again."""
    assert colleague.carry(things.file(phone)).status_code == 202
    [path] = (settings.data_dir / "parts").glob("held-*")
    whole = path.rename(path.with_suffix(".away"))
    path.mkdir()  # a disk that gives an error
    for attempts, state in ((0, "opening"), (ATTEMPTS - 1, "failed")):
        with database.transaction() as session:
            session.execute(update(Task).values(run_at=Task.created_at, attempts=attempts))
        work()
        assert colleague.carried()[0]["state"] == state
    path.rmdir()
    whole.rename(path)
    with database.transaction():
        assert len(outbox.retry()) == 1
    work()
    assert (colleague.carried()[0]["state"], came(colleague.carried()[0])) == ("done", ALL_HERE)


@pytest.mark.one_database
def test_nobody_waits_while_a_photo_is_read_nor_is_each_thing_counted(things, phone, colleague, database, monkeypatch):
    """Photos are decrypted outside any transaction, and how far it has come is written once a percent."""
    gone = [{"kind": "change", "of": "nagot", "uid": str(uuid4()), "record": str(uuid4()), "body": {}}] * 150
    photo = {"kind": "photo", "uid": str(things.photo), "record": str(things.seen)}
    assert colleague.carry(phone.hand_over(photo, *gone, photos={things.photo: PICTURE})).status_code == 202
    read, alone, asked = Opened.read, [], []

    def noted(opened, number):
        with pytest.raises(RuntimeError, match="no transaction is open"):
            db.session()
        alone.append(number)
        return read(opened, number)

    def note(_connection, _cursor, statement, *_):
        asked.append(statement.startswith("UPDATE outbox") and "progress=" in statement)

    monkeypatch.setattr(Opened, "read", noted)
    with database.transaction():
        [task] = outbox.claim("test")
    event.listen(database.engine, "before_cursor_execute", note)
    outbox.handlers()[handover.TASK](task, database)
    event.remove(database.engine, "before_cursor_execute", note)
    assert (alone, sum(asked)) == ([0], 100)


def test_in_two_files_and_in_any_order(things, phone, walker, colleague, work):
    for kinds in (("photo", "change"), ("record",)):
        assert colleague.carry(things.file(phone, *kinds)).status_code == 202
        work()
    assert walker.read(things.seen).json["version"] == 2
    assert came(colleague.carried()[1])["changes"] == (1, 0, 1, 0, 0)


def test_a_phone_that_was_logged_out_has_seen_it_all_the_same(things, phone, walker, colleague, work, database):
    with database.transaction() as session:
        session.execute(update(Device).values(ended_at=core_clock.now()))
    assert colleague.carry(things.file(phone)).status_code == 202
    work()
    assert came(colleague.carried()[0]) == ALL_HERE


@pytest.mark.parametrize("ended", ["role", "account"])
def test_of_who_may_no_more_all_is_kept_for_a_person(things, phone, walker, colleague, leader, work, database, ended):
    with database.transaction() as session:
        mine = RoleGrant.person_id == walker.holder.id
        if ended == "role":
            session.execute(update(RoleGrant).where(mine).values(valid_to=RoleGrant.valid_from))
        else:
            session.execute(update(Person).where(Person.id == walker.holder.id).values(ended_at=core_clock.now()))
    assert colleague.carry(things.file(phone)).status_code == 202
    work()
    told = colleague.carried()[0]
    assert told["organisation"] == "Farsta stadsdelsnämnd"
    assert came(told) == {"observations": (1, 0, 0, 1, 0), "photos": (1, 1, 0, 0, 0), "changes": (1, 0, 0, 1, 0)}
    waiting = {one["uid"]: one for one in leader.waiting()}
    assert {one["why"] for one in waiting.values()} == {"right"}
    record, change = waiting[str(things.seen)], waiting[str(things.change)]
    assert leader.choose(things.seen, record["version"], {"record": "mine"}).status_code == 200
    assert leader.choose(things.change, change["version"], {"description": "mine"}).status_code == 200
    seen = leader.read(things.seen).json
    assert seen["description"] == "Två lyktor är släckta"
    assert [photo["sha256"] for photo in seen["photos"]] == [sha256_of(PICTURE)]


def test_what_a_phone_would_have_been_refused_is_refused_and_the_rest_comes(scene, phone, walker, colleague, work):
    good, bad = Things(scene.walk), Things(scene.walk, severity=9)
    late = uuid4()
    items = [
        {"kind": "record", "uid": str(one.seen), "body": one.body} for one in (bad, good)
    ] + [
        {"kind": "photo", "uid": str(good.photo), "record": str(good.seen)},
        {"kind": "photo", "uid": str(bad.photo), "record": str(bad.seen)},
        {"kind": "photo", "uid": str(late), "record": str(good.seen), "listed": {"role": "efter"}},
        {"kind": "change", "of": "nagot", "uid": str(uuid4()), "record": str(good.seen), "body": {}},
    ]  # fmt: skip
    photos = {good.photo: PICTURE, bad.photo: b"inget foto", late: PICTURE}
    assert colleague.carry(phone.hand_over(*items, photos=photos)).status_code == 202
    work()
    told = came(colleague.carried()[0])
    assert told == {"observations": (2, 1, 0, 0, 1), "photos": (3, 2, 0, 0, 1), "changes": (1, 0, 0, 0, 1)}
    roles = {photo["uid"]: photo["role"] for photo in walker.read(good.seen).json["photos"]}
    assert roles == {str(good.photo): "iakttagelse", str(late): "efter"}
