"""The worker: killed at any moment it loses nothing, and of several one runs the jobs (design.md 8; D2, D4, D17)."""

import signal
import time

import pytest
from sqlalchemy import select

from core import db, lease, outbox, plugins
from core import worker as worker_module
from core.app import house
from core.db import Counter
from core.hookspecs import Job
from core.worker import Worker

SLOW = """
import sys, time
from core import outbox, worker as machine
from core.app import house
from core.settings import Settings
from core.worker import Worker

machine.jobs = lambda: []  # what jobs ask for is not what this is about

@outbox.handler("prov")
def slow(task, database):
    print("began", flush=True)
    time.sleep(float(sys.argv[1]))
    print("done", flush=True)

settings = Settings.from_environ()
house(settings)
worker = Worker(settings)
print("ready", flush=True)
worker.run()
print("left", flush=True)
"""

TICKING = """
from core import db, worker
from core.app import house
from core.hookspecs import Job
from core.settings import Settings

def tick():
    print("tick", db.next_number("JOBB"), flush=True)

settings = Settings.from_environ()
house(settings)
worker.JOBS = (Job("core:prov", "Prov", 1, tick),)
worker.Worker(settings).run()
"""


@pytest.fixture
def make_worker(settings):
    workers = []

    def make():
        workers.append(Worker(settings))
        return workers[-1]

    yield make
    for worker in workers:
        worker.close()


@pytest.fixture
def handler():
    """Register a handler for tasks of kind `prov` for one test."""
    yield outbox.handler("prov")
    outbox._handlers.pop("prov", None)


@pytest.fixture
def job(monkeypatch):
    """Make the house's only core job one that counts its runs in the database; `also` is done in the same run."""

    def make(also=lambda: None):
        def run():
            db.next_number("JOBB")
            also()

        monkeypatch.setattr(worker_module, "JOBS", (Job("core:prov", "Prov", 60, run),))
        return ["core:prov"]

    return make


def runs(database):
    with database.transaction(write=False) as session:
        return session.scalar(select(Counter.value).where(Counter.series == "JOBB")) or 0


def put(database, **payload):
    with database.transaction():
        return outbox.put("prov", payload)


def only_task(database):
    with database.transaction(write=False) as session:
        return session.scalars(select(outbox.Task).where(outbox.Task.kind == "prov")).one()


def wait_for_line(child, text):
    for line in child.stdout:
        if text in line:
            return
    pytest.fail(f"the worker ended without {text!r}")


# --- Tasks --------------------------------------------------------------------------------------------------------


def test_a_worker_does_every_task_that_is_due(database, make_worker, handler):
    done = []
    handler(lambda task, _database: done.append(task.payload["number"]))
    for number in range(5):
        put(database, number=number)
    assert make_worker().run_once(keys=()) == 5
    assert done == [0, 1, 2, 3, 4]
    with database.transaction(write=False) as session:
        assert set(session.scalars(select(outbox.Task.state))) == {"done"}


def test_a_task_killed_in_the_middle_is_done_by_the_next_worker(database, make_worker, handler, start_child, clock):
    put(database)
    child = start_child("-c", SLOW, "60")
    wait_for_line(child, "began")
    child.kill()
    child.wait()
    assert only_task(database).state == "waiting"
    done = []
    handler(lambda task, _database: done.append(task.attempts))
    worker = make_worker()
    assert worker.run_once(keys=()) == 0
    clock.pass_by(minutes=3)
    assert worker.run_once(keys=()) == 1
    assert done == [2]
    assert only_task(database).state == "done"


def test_a_task_that_takes_long_stays_with_the_worker_that_is_at_it(database, make_worker, handler, clock):
    """Two minutes of work; every ten seconds the worker says that it is still there (D2)."""
    clock.stop_at("2027-02-01T12:00")
    put(database)
    worker, other = make_worker(), make_worker()
    taken = []

    def long_work(_task, _database):
        for _ in range(12):
            clock.pass_by(seconds=10)
            worker._renew()
            taken.append(other._do_next())

    handler(long_work)
    assert worker.run_once(keys=()) == 1
    assert taken == [False] * 12
    assert only_task(database).state == "done"


@pytest.mark.one_database
def test_a_worker_told_to_stop_finishes_what_it_does(database, start_child):
    put(database)
    child = start_child("-c", SLOW, "2")
    wait_for_line(child, "began")
    child.send_signal(signal.SIGTERM)
    said, _ = child.communicate(timeout=20)
    assert said.split() == ["done", "left"]
    assert child.returncode == 0
    assert only_task(database).state == "done"
    with database.transaction():
        assert lease.take("next") == 2  # given back: the next worker need not wait


@pytest.mark.long
@pytest.mark.one_database
def test_a_worker_told_to_stop_leaves_what_takes_too_long(database, start_child):
    put(database)
    child = start_child("-c", SLOW, "60")
    wait_for_line(child, "began")
    began = time.monotonic()
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=20) == 0
    assert 9 < time.monotonic() - began < 14
    assert only_task(database).state == "waiting"


def test_a_task_that_fails_is_tried_again_and_says_why(database, make_worker, handler, clock):
    clock.stop_at("2027-02-01T12:00")

    def fail(_task, _database):
        if only_task(database).attempts < 3:
            raise ValueError("inte än")

    handler(fail)
    put(database)
    worker = make_worker()
    worker.run_once(keys=())
    assert (only_task(database).state, only_task(database).error) == ("waiting", "ValueError: inte än")
    clock.pass_by(hours=1)
    worker.run_once(keys=())
    clock.pass_by(hours=1)
    worker.run_once(keys=())
    assert (only_task(database).state, only_task(database).error) == ("done", None)


def test_a_handler_that_ends_the_program_fails_like_any_other(database, make_worker, handler):
    def leave(_task, _database):
        raise SystemExit(3)

    handler(leave)
    put(database)
    make_worker().run_once(keys=())
    assert only_task(database).error == "SystemExit: 3"


def test_a_task_that_nobody_can_do_waits_for_its_plugin(database, make_worker, handler, clock):
    clock.stop_at("2027-02-01T12:00")
    put(database)
    worker = make_worker()
    for _ in range(12):
        worker.run_once(keys=())
        clock.pass_by(minutes=5)
    assert (only_task(database).state, only_task(database).attempts) == ("waiting", 0)
    handler(lambda _task, _database: None)
    worker.run_once(keys=())
    assert only_task(database).state == "done"


# --- Jobs ---------------------------------------------------------------------------------------------------------


def test_a_worker_runs_a_job_at_once_and_then_by_the_clock(database, start_child):
    """Every second, on its own: what the clock asks for is in the database."""
    child = start_child("-c", TICKING)
    wait_for_line(child, "tick 1")
    began = time.monotonic()
    wait_for_line(child, "tick 4")  # by then the third is committed
    assert time.monotonic() - began > 1
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=20) == 0
    assert runs(database) >= 3


def test_of_two_workers_one_runs_the_jobs(database, make_worker, job, clock):
    clock.stop_at("2027-02-01T12:00")
    keys = job()
    first, second = make_worker(), make_worker()
    first.run_once(keys=keys)
    second.run_once(keys=keys)
    assert runs(database) == 1
    clock.pass_by(seconds=20)
    first.run_once(keys=keys)
    clock.pass_by(seconds=20)
    second.run_once(keys=keys)
    assert runs(database) == 2
    clock.pass_by(seconds=31)  # the first has died
    second.run_once(keys=keys)
    assert runs(database) == 3


def test_a_worker_that_slept_while_its_lease_ran_out_cannot_commit(database, make_worker, job, clock):
    clock.stop_at("2027-02-01T12:00")
    keys = job(also=lambda: clock.pass_by(seconds=31))
    assert make_worker().run_once(keys=keys) == 0
    assert runs(database) == 0


def test_a_worker_that_lost_its_lease_cannot_commit_with_the_old_epoch(database, make_worker, job, clock):
    clock.stop_at("2027-02-01T12:00")
    keys = job()
    late = make_worker()
    late.run_once(keys=keys)
    clock.pass_by(seconds=31)
    with database.transaction():
        assert lease.take("another") == 2
    (owner, work), *_ = worker_module.jobs()
    assert not late._run_job(owner, work)
    assert runs(database) == 1


def test_what_began_under_an_earlier_lease_of_the_same_worker_cannot_commit(database, clock):
    clock.stop_at("2027-02-01T12:00")
    epochs = []
    for holder in ("late", "another", "late"):
        with database.transaction():
            epochs.append(lease.take(holder))
        clock.pass_by(seconds=31)
    assert epochs == [1, 2, 3]
    clock.pass_by(seconds=-31)
    with database.transaction():
        lease.guard("late", 3)
        with pytest.raises(lease.LeaseLost):
            lease.guard("late", 1)


def test_workers_at_the_same_time_take_one_lease(database, together):
    def take(name):
        with database.transaction():
            return lease.take(f"w{name}")

    assert sorted(map(str, together(take, range(6)))) == ["1", *["None"] * 5]


def test_the_page_for_the_watch_knows_whether_a_worker_is_there(database, make_worker, clock):
    def seen():
        with database.transaction(write=False):
            return lease.worker_seen()

    clock.stop_at("2027-02-01T12:00")
    assert not seen()
    make_worker().run_once(keys=())
    assert seen()
    clock.pass_by(seconds=31)
    assert not seen()


def test_a_failing_job_undoes_itself_and_the_others_go_on(database, make_worker, monkeypatch):
    def fail():
        db.next_number("JOBB")
        raise ValueError

    both = (Job("core:fel", "Fel", 60, fail), Job("core:bra", "Bra", 60, lambda: db.next_number("JOBB")))
    monkeypatch.setattr(worker_module, "JOBS", both)
    make_worker().run_once(keys=["core:fel", "core:bra"])
    assert runs(database) == 1


def test_the_house_s_own_jobs_run_and_run_twice_without_harm(database, make_worker, settings):
    worker = make_worker()
    known = len(worker_module.jobs())
    assert known >= 4
    assert worker.run_once() >= known, "with what they ask for, such as the letters of a working day"
    assert worker.run_once() == known


@pytest.fixture
def failing_plugin(settings, plugin):
    """A plugin with a job that fails, in a house that parks after two failures."""

    def fail():
        db.next_number("JOBB")
        raise SystemExit(1)

    object.__setattr__(settings, "plugin_failures", 2)
    opened = house(settings, extra=[plugin("bra", jobs=lambda: [Job("bra:fel", "Fel", 60, fail)])])
    yield opened
    opened.dispose()


def test_a_plugin_whose_job_fails_too_often_is_parked(failing_plugin, make_worker):
    worker = make_worker()
    for expected in ("on", "parked"):
        assert worker.run_once(keys=["bra:fel"]) == 0
        with failing_plugin.transaction(write=False):
            assert plugins.state("bra") == expected
    worker.run_once(keys=["bra:fel"])
    with failing_plugin.transaction(write=False) as session:
        assert len(session.scalars(select(plugins.PluginFailure)).all()) == 2
    assert runs(failing_plugin) == 0
