"""A worker that takes over from one that was killed does the jobs at once, not a day later (design.md 8)."""

import time

import pytest

from core import lease, worker
from core.hookspecs import Job


@pytest.fixture
def job(monkeypatch):
    """A job that is done once a day, and the moments of its runs."""
    runs = []
    monkeypatch.setattr(worker, "JOBS", (Job("core:prov", "Prov", 86_400, lambda: runs.append(time.monotonic())),))
    return runs


@pytest.fixture
def working(database, job):
    """A worker that has not begun yet."""
    made = worker.Worker(database.settings)
    yield made
    made.close()


def wait_for(runs, number):
    end = time.monotonic() + 10
    while len(runs) < number and time.monotonic() < end:
        time.sleep(0.02)
    return len(runs)


def test_the_first_worker_does_the_jobs_when_it_starts(job, working):
    running = working._scheduler()
    running.start()
    assert wait_for(job, 1) == 1
    running.shutdown()


def test_the_next_worker_does_them_when_the_lease_of_the_dead_one_runs_out(database, job, working, clock):
    clock.stop_at("2027-02-01T12:00")
    with database.transaction():
        assert lease.take("killed") == 1
    running = working._scheduler()
    running.start()
    working._keep_lease(running)
    time.sleep(0.2)
    assert job == [], "another holds the lease"
    clock.pass_by(seconds=31)
    working._keep_lease(running)
    assert wait_for(job, 1) == 1
    working._keep_lease(running)
    time.sleep(0.2)
    assert len(job) == 1, "a lease that is kept starts nothing"
    running.shutdown()
