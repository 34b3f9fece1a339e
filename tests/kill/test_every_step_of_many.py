"""Acts on several things at once, killed at every step: sending a walk's observations on, merging places, masking (D6).

As in test_every_step: each step is a statement, a commit or a touch of a file, and the process ends there.
"""

import itertools
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core import access, outbox
from core.clock import now
from core.media import Photo, review
from core.media.store import Store
from core.places import services as places
from core.places.models import Place, PlaceChange
from core.upkeep.models import Deadline
from core.walks import services
from core.walks.models import Observation, ObservationEvent
from core.worker import Worker
from tests.kill.test_every_step import dies, dies_at, faults
from tests.media.masks import BOXES, has_skin, is_covered, street
from tests.media.samples import encoded
from tests.walks.scene import add_place, photo_row, square

__all__ = ["dies_at"]
pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]
HOUSE = access.system("test")


@pytest.fixture
def do(database):
    """Do something in a transaction of its own."""

    def do(act):
        with database.transaction():
            return act()

    return do


def at_every_step(dies_at, act, after):
    """Let an act die at its first step, its second …, each time on new things; `after` looks at what is left.

    `act` gives what to do and what `after` is told; `after` says whether it is done. From some step on it is.
    """
    done, died = [], True
    for number in itertools.count(1):
        todo, things = act()
        died = dies_at(number, todo)
        done.append(after(*things))
        if not died:
            break
    assert done == sorted(done), "done after an earlier step and not after a later one"
    assert done[0] is False
    assert done[-1] is True
    return len(done)


def test_all_that_was_seen_is_sent_or_nothing(scene, phone, database, dies_at, do):
    """Three observations: state, what happened to them and their frister go together, and again sends them once."""

    def act():
        uids = [uuid4() for _ in range(3)]
        for uid in uids:
            assert phone.log(uid, scene.walk).status_code == 201
        return lambda: do(lambda: services.send_all(scene.leader, scene.walk, uids)), (uids,)

    def sent(uids):
        with database.transaction(write=False) as session:
            rows = session.scalars(select(Observation).where(Observation.uid.in_(uids))).all()
            keys = [row.id for row in rows]
            events = session.scalar(select(func.count()).where(ObservationEvent.observation_id.in_(keys)))
            frister = session.execute(select(Deadline.kind, Deadline.state).where(Deadline.subject_uid.in_(uids))).all()
        return {row.state for row in rows}, events, sorted(tuple(row) for row in frister)

    nothing = {"ny"}, 0, [("core:fordela", "oppen")] * 3
    everything = {"fordelad"}, 6, [("core:fordela", "klar")] * 3 + [("core:svar", "oppen")] * 3

    def after(uids):
        found = sent(uids)
        assert found in (nothing, everything)
        if found == nothing:
            do(lambda: services.send_all(scene.leader, scene.walk, uids))
            assert sent(uids) == everything
        return found == everything

    assert at_every_step(dies_at, act, after) > 40
    assert faults(database) == []


def test_places_are_merged_or_not(scene, database, dies_at, do):
    """One that others have gone into goes into a third: all of them are the third then, or none."""

    def act():
        number = next(count)
        uids = [
            do(lambda n=n: add_place(f"Torg {number} {n}", square(10 * number, 100 * n, 8))) for n in range(3)
        ]  # far from each other, and from those of other steps
        _, second, third = (numbers(uid) for uid in uids)
        do(lambda: places.move_place(HOUSE, uids[0], "sla_ihop", reason="Samma", into=second))
        merge = {"reason": "Samma", "into": third}
        return lambda: do(lambda: places.move_place(HOUSE, uids[1], "sla_ihop", **merge)), (uids, merge)

    count = itertools.count(1)

    def numbers(uid):
        with database.transaction(write=False) as session:
            return session.scalars(select(Place.number).where(Place.uid == uid)).one()

    def merged(uids):
        with database.transaction(write=False) as session:
            rows = [session.scalars(select(Place).where(Place.uid == uid)).one() for uid in uids]
            changes = session.scalar(select(func.count()).where(PlaceChange.place_id.in_([row.id for row in rows])))
            names = {row.id: n for n, row in enumerate(rows)}
            return [(row.state, names.get(row.merged_into_id)) for row in rows], changes

    gone, here = "sammanslagen", "oppen"
    before = [(gone, 1), (here, None), (here, None)], 1
    afterwards = [(gone, 2), (gone, 2), (here, None)], 2

    def after(uids, merge):
        found = merged(uids)
        assert found in (before, afterwards)
        if found == before:
            do(lambda: places.move_place(HOUSE, uids[1], "sla_ihop", **merge))
            assert merged(uids) == afterwards
        return found == afterwards

    assert at_every_step(dies_at, act, after) > 10
    assert faults(database) == []


@pytest.fixture
def masked(phone, database, do, work, actors):
    """A photo with two faces whose mask one has proposed; its uid, and who may release it."""
    colleague = actors("sdn_handlaggare", "sdn-farsta")

    def masked():
        uid = uuid4()
        assert phone.log(uuid4(), phone.walk, photos=[{"uid": str(uid)}]).status_code == 201
        picture = encoded("image/jpeg", street(), quality=95, comment=str(uid))
        assert phone.resume(uid, picture).status_code == 200
        work()
        do(lambda: review.propose_mask(phone.holder, uid, BOXES))
        return uid, colleague

    return masked


@pytest.fixture
def work(settings):
    worker = Worker(settings)
    yield lambda: worker.run_once(keys=())
    worker.close()


def test_a_mask_is_released_with_the_task_to_paint_it_or_not_at_all(masked, database, dies_at, do, work):
    """From the moment it is released nobody is shown the picture without it."""

    def act():
        uid, colleague = masked()
        return lambda: do(lambda: review.release(colleague, uid)), (uid, colleague)

    def after(uid, colleague):
        row = photo_row(database, uid)
        with database.transaction(write=False) as session:
            waiting = select(outbox.Task).where(outbox.Task.kind == "pictures", outbox.Task.done_at.is_(None))
            tasks = [task.payload for task in session.scalars(waiting)]
        released = row.mask_id is not None
        mine = sum(task["photo"] == str(uid) for task in tasks)
        assert (row.review, row.large is None, mine) == (
            ("granskad", True, 1) if released else ("ej_granskad", False, 0)
        )
        if not released:
            do(lambda: review.release(colleague, uid))
        work()
        assert is_masked(database, uid)
        return released

    assert at_every_step(dies_at, act, after) > 8
    assert faults(database) == []


def is_masked(database, uid):
    row, files = photo_row(database, uid), Store(database.settings.data_dir)
    shown = [files.path(sha256).read_bytes() for sha256 in (row.large, row.small, row.small_webp)]
    return row.state == "klar" and all(is_covered(data) and not has_skin(data) for data in shown)


def test_a_worker_that_dies_while_it_paints_leaves_it_to_the_next(masked, settings, database, clock, do):
    """At whatever step: at last the picture is masked, and no file shows a face but the photo itself."""
    clock.stop_at(now())
    for number in itertools.count(1):
        uid, colleague = masked()
        do(lambda: review.release(colleague, uid))  # noqa: B023
        first, second = Worker(settings), Worker(settings)
        died = dies(first.database, number, lambda: first.run_once(keys=()))  # noqa: B023
        row = photo_row(database, uid)
        assert row.large is None or is_masked(database, uid), f"shown without its mask after step {number}"
        clock.pass_by(seconds=2 * outbox.CLAIM.total_seconds())
        second.run_once(keys=())
        for worker in (first, second):
            worker.close()
        assert is_masked(database, uid), f"not made after step {number}"
        if not died:
            break
    assert number > 12
    assert faces_beside_the_photos(database) == []


def faces_beside_the_photos(database):
    """Stored files that show a face and are nobody's own photo."""
    with database.transaction(write=False) as session:
        whole = set(session.scalars(select(Photo.stored_sha256)))
    files = [path for path in Store(database.settings.data_dir).files.glob("*/*") if path.name not in whole]
    return [path.name for path in files if has_skin(path.read_bytes())]
