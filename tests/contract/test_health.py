"""What the operator's watch is told: /healthz that the process answers, /readyz that work can be done (P2)."""

import pytest
from sqlalchemy import make_url

from core import health
from core.plugins import loading
from core.worker import Worker


@pytest.fixture
def worker(database):
    """A worker that was here a moment ago."""
    worker = Worker(database.settings)
    worker.run_once(keys=())
    yield worker
    worker.close()


def ready(house):
    """The status of /readyz, what it says in one word, and what of its checks is not well."""
    answer = house.client().get("/readyz")
    return answer.status_code, answer.json["status"], {name for name, well in answer.json["checks"].items() if not well}


def test_with_everything_there_it_is_well(worker, start):
    assert ready(start()) == (200, "ok", set())


def test_without_a_worker_people_can_work_and_the_watch_is_told(start):
    assert ready(start()) == (200, "degraded", {"worker"})


def test_without_a_plugin_people_can_work_and_the_watch_is_told(worker, start, monkeypatch):
    monkeypatch.setattr(loading, "CONTRACT", "2.0")  # the house has moved on, klotter has not
    assert ready(start(anew=True)) == (200, "degraded", {"plugins"})


def test_on_a_disk_that_is_nearly_full_nobody_is_let_in(worker, start, monkeypatch):
    monkeypatch.setattr(health, "ROOM", 10**18)
    assert ready(start()) == (503, "degraded", {"disk"})


def test_without_its_database_it_lives_but_is_not_ready(start, settings):
    nowhere = make_url(settings.database_url).set(database=f"{settings.data_dir}/nowhere/gone.db")
    browser = start(database_url=nowhere.render_as_string(hide_password=False)).client()
    assert browser.get("/readyz").status_code == 503
    assert browser.get("/healthz").json == {"status": "ok"}
