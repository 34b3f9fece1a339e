"""What the tests of media share: a file to look at, strip and make pictures of; who sends, works and reviews."""

import io
from uuid import uuid4

import pytest

from core.media.formats import inspect, strip
from core.media.pictures import Limits, make
from core.worker import Worker
from tests.media.masks import street
from tests.media.samples import encoded
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
def made(tmp_path):
    """Make the pictures of these bytes."""

    def made(data, media_type="image/jpeg", **limits):
        source = tmp_path / "source"
        source.write_bytes(data)
        out_dir = tmp_path / "made"
        out_dir.mkdir(exist_ok=True)
        return make(source, media_type, out_dir, Limits(**limits))

    return made


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


@pytest.fixture
def get(client):
    def get(actor, uid, size="stor", **headers):
        client.login(actor)
        return client.get(f"/bilder/{uid}/{size}", buffered=True, headers=headers)

    return get
