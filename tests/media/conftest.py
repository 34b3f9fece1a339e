"""A file under a name that says nothing, to be looked at and stripped; a phone that sends, and a worker."""

import io
from uuid import uuid4

import pytest

from core.media.formats import inspect, strip
from core.worker import Worker
from tests.media.samples import encoded, street
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


@pytest.fixture
def colleague(actors):
    return actors("sdn_handlaggare", "sdn-farsta")


@pytest.fixture
def sent(phone, work):
    """Send a photo of an observation; return its uid, with the pictures made."""

    def send(data=None, kind="belysning", media="image/jpeg"):
        uid, record = uuid4(), uuid4()
        assert phone.log(record, phone.walk, kind=kind, photos=[{"uid": str(uid)}]).status_code == 201
        assert phone.resume(uid, data or encoded(media, street(), quality=95)).status_code == 200
        work()
        return uid

    return send
