"""A file under a name that says nothing, to be looked at and stripped; a phone that sends, and a worker."""

import io

import pytest

from core.media.formats import inspect, strip
from core.worker import Worker
from tests.walks.scene import phone, phone_of, scene

__all__ = ["phone", "phone_of", "scene"]


@pytest.fixture(scope="module")
def workbench(tmp_path_factory):
    return tmp_path_factory.mktemp("media") / "photo.jpg"


@pytest.fixture
def look(workbench):
    def look(data):
        workbench.write_bytes(data)
        return inspect(workbench)

    return look


@pytest.fixture
def stripped(workbench):
    def stripped(data):
        workbench.write_bytes(data)
        out = io.BytesIO()
        strip(workbench, out, inspect(workbench))
        return out.getvalue()

    return stripped


@pytest.fixture
def work(settings, database):
    """Do everything that waits to be done, as the worker does; return how many tasks there were."""
    worker = Worker(settings)
    yield lambda *keys: worker.run_once(keys=keys)
    worker.close()
