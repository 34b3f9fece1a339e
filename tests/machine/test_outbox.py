"""The outbox: every task is done, by one worker at a time (design.md 8)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core import outbox
from core.outbox import Task


@pytest.fixture
def put(database):
    def put(kind="prov", **payload):
        with database.transaction():
            return outbox.put(kind, payload)

    return put


def claim(database, worker="w", limit=4):
    with database.transaction():
        return outbox.claim(worker, limit=limit)


def only_task(database):
    with database.transaction(write=False) as session:
        return session.scalars(select(Task)).one()


def test_workers_at_the_same_time_never_take_the_same_task(database, together, put):
    with database.transaction():
        for number in range(60):
            outbox.put("prov", {"number": number})

    def work(worker):
        taken = []
        while tasks := claim(database, f"w{worker}", limit=3):
            assert len(tasks) <= 3
            taken += [task.payload["number"] for task in tasks]
        return taken

    taken = [number for numbers in together(work, range(5)) for number in numbers]
    assert sorted(taken) == list(range(60))


def test_a_task_belongs_to_its_transaction(database):
    with pytest.raises(ZeroDivisionError), database.transaction():
        outbox.put("prov", {})
        _ = 1 / 0
    assert claim(database) == []


def test_a_task_waits_for_its_time(database, clock):
    clock.stop_at("2027-02-01T12:00")
    with database.transaction():
        outbox.put("prov", {}, run_at=core_clock.now() + timedelta(minutes=10))
    assert claim(database) == []
    clock.pass_by(minutes=10)
    assert len(claim(database)) == 1


def test_the_claim_of_a_dead_worker_runs_out(database, clock, put):
    clock.stop_at("2027-02-01T12:00")
    put()
    assert len(claim(database, "dead")) == 1
    clock.pass_by(seconds=29)
    assert claim(database, "next") == []
    clock.pass_by(seconds=2)
    (task,) = claim(database, "next")
    assert task.attempts == 2


def test_progress_renews_the_claim(database, clock, put):
    clock.stop_at("2027-02-01T12:00")
    put()
    (task,) = claim(database)
    clock.pass_by(seconds=25)
    with database.transaction():
        outbox.progress(task, 40)
    clock.pass_by(seconds=25)
    assert claim(database, "next") == []
    assert only_task(database).progress == 40


def test_a_failing_task_is_tried_again_at_growing_intervals_and_then_given_up(database, clock, put):
    clock.stop_at("2027-02-01T12:00")
    put()
    waited = []
    while only_task(database).state == "waiting":
        began = core_clock.now()
        clock.stop_at(only_task(database).run_at)
        waited.append((core_clock.now() - began).total_seconds())
        (task,) = claim(database)
        with database.transaction():
            outbox.postpone(task, "gick inte")
    assert waited == [0, 5, 30, 120, 600, 1800, 3600, 7200]
    given_up = only_task(database)
    assert (given_up.state, given_up.error, given_up.attempts) == ("failed", "gick inte", 8)
    clock.pass_by(days=30)
    assert claim(database) == []


def test_what_waits_for_no_fault_of_its_own_is_never_given_up(database, clock, put):
    clock.stop_at("2027-02-01T12:00")
    put()
    for _ in range(20):
        (task,) = claim(database)
        with database.transaction():
            outbox.postpone(task, "ingen server", fault=False)
        assert claim(database) == []
        clock.pass_by(minutes=5)
    waiting = only_task(database)
    assert (waiting.state, waiting.attempts) == ("waiting", 0)


def test_a_worker_that_woke_too_late_does_not_undo_what_another_did(database, clock, put):
    clock.stop_at("2027-02-01T12:00")
    put()
    (late,) = claim(database, "late")
    clock.pass_by(minutes=3)
    (task,) = claim(database, "next")
    with database.transaction():
        outbox.progress(late, 90)
        outbox.postpone(late, "för sent")
    assert only_task(database).progress == 0
    clock.pass_by(seconds=20)
    assert claim(database, "third") == []
    with database.transaction():
        outbox.finish(task)
        outbox.give_up(late, "för sent")
        outbox.postpone(task, "efteråt")
    assert only_task(database).state == "done"


def given_up(database, *payloads):
    """Put tasks and give them up; return their uids."""
    with database.transaction():
        for payload in payloads:
            outbox.put("prov", {"number": payload})
    tasks = claim(database)
    with database.transaction():
        for task in tasks:
            outbox.give_up(task, "gick inte")
    return [task.uid for task in tasks]


def test_what_was_given_up_is_tried_again_when_somebody_says_so(database, clock):
    clock.stop_at("2027-02-01T12:00")
    first, second, third = given_up(database, 1, 2, 3)
    assert claim(database) == []
    with database.transaction():
        assert outbox.retry(second) == [second]
    assert [(task.uid, task.attempts) for task in claim(database)] == [(second, 1)]
    with database.transaction():
        assert outbox.retry(second) == [], "it is being done"
        assert sorted(outbox.retry()) == sorted([first, third])
    assert sorted(task.uid for task in claim(database)) == sorted([first, third])


def test_what_is_not_done_is_listed_with_what_was_given_up_first(database, put, clock):
    clock.stop_at("2027-02-01T12:00")
    done = given_up(database, 0)
    with database.transaction():
        outbox.retry(*done)
    (task,) = claim(database)
    with database.transaction():
        outbox.finish(task)
    waiting = put()
    clock.pass_by(minutes=1)
    late = put()
    with database.transaction():
        (failed,) = [task for task in outbox.claim("w") if task.uid == late]
        outbox.give_up(failed, "gick inte")
    with database.transaction(write=False):
        assert [task.uid for task in outbox.unfinished(limit=9)] == [late, waiting]
        assert [task.uid for task in outbox.unfinished(limit=1)] == [late]
