"""Photos in an S3-compatible store: the same promises, against a real server of the test's own (P15, D1)."""

import subprocess
import sys
import urllib.request
from contextlib import suppress
from dataclasses import replace
from urllib.error import URLError
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config
from sqlalchemy import select

from core.clock import monotonic
from core.media import StoreAway, bucket, files
from core.media.bucket import store_of
from core.outbox import Task
from core.settings import SettingRefused, Settings
from core.testing.letters import free_port
from core.worker import Worker
from tests.media.samples import encoded, noise, telling
from tests.walks.scene import photo_row, sha256_of

pytestmark = pytest.mark.one_database
KEY = {"store_key": "test", "store_secret": "testing-secret"}


class Server:
    """moto's S3 in a process of its own, that can be stopped and started; what it holds is gone with it."""

    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.child = None

    def start(self):
        self.child = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = monotonic() + 30
        while monotonic() < until:
            with suppress(URLError, ConnectionError), urllib.request.urlopen(f"{self.url}/moto-api/", timeout=1):
                return self
        pytest.fail("the S3 server did not start")

    def stop(self):
        if self.child is not None:
            self.child.terminate()
            self.child.wait()

    def client(self):
        session = boto3.session.Session("test", "testing-secret", region_name="us-east-1")
        return session.client("s3", endpoint_url=self.url, config=Config(retries={"max_attempts": 1}))

    def names(self, name):
        return {
            found["Key"].rpartition("/")[2] for found in self.client().list_objects_v2(Bucket=name).get("Contents", ())
        }


@pytest.fixture(scope="module")
def server():
    started = Server().start()
    yield started
    started.stop()


@pytest.fixture
def name(server):
    made = f"foton-{uuid4()}"
    server.client().create_bucket(Bucket=made)
    return made


@pytest.fixture
def settings(settings, server, name):
    return replace(settings, store_url=f"s3://{name}?endpoint={server.url}", **KEY)


def test_a_photo_lies_in_the_bucket_and_comes_out_through_us(settings, server, name, phone, work, client, database):
    """Whole, in part, and not at all for who has it already; what is swept and verified is there too."""
    uid, data = uuid4(), telling("image/jpeg")
    phone.log(uuid4(), phone.walk, photos=[{"uid": str(uid)}])
    assert phone.resume(uid, data, 300).json["sha256"] == sha256_of(data)
    work()
    row = photo_row(database, uid)
    assert {row.stored_sha256, row.large, row.small, row.small_webp} == server.names(name)
    assert not (settings.data_dir / "photos").exists()
    client.login(phone.holder)
    whole = client.get(f"/bilder/{uid}/stor", buffered=True)
    assert (whole.status_code, sha256_of(whole.data), whole.headers["Accept-Ranges"]) == (200, row.large, "bytes")
    part = client.get(f"/bilder/{uid}/stor", headers={"Range": "bytes=10-29"}, buffered=True)
    assert (part.status_code, part.data) == (206, whole.data[10:30])
    again = client.get(f"/bilder/{uid}/stor", headers={"If-None-Match": whole.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
    with database.transaction():
        assert list(files.verify()) == []
        server.client().delete_object(Bucket=name, Key=f"photos/{row.large[:2]}/{row.large}")
        server.client().put_object(
            Bucket=name, Key=f"photos/{row.stored_sha256[:2]}/{row.stored_sha256}", Body=b"other"
        )
        assert {(fault.reason, fault.sha256) for fault in files.verify()} == {
            ("missing", row.large), ("altered", row.stored_sha256),
        } | ({("missing", row.small)} if row.small == row.large else set())  # fmt: skip
    assert client.get(f"/bilder/{uid}/stor", buffered=True).status_code == 404
    with database.transaction():
        assert files.forget(row.stored_sha256) is False
    store_of(settings).whole.delete(row.stored_sha256)
    store_of(settings).whole.delete(row.stored_sha256)
    assert row.stored_sha256 not in server.names(name)


def test_while_the_store_is_away_nothing_is_saved_and_nothing_lost(settings, phone, database, monkeypatch):
    """P15: 503 in words, and the phone goes on from where it was; pictures wait without using up their attempts."""
    monkeypatch.setattr(bucket, "RETRIES", {"max_retries": 0})
    away = replace(settings, store_url=f"s3://hink?endpoint=http://127.0.0.1:{free_port()}")
    uid, data = uuid4(), encoded("image/jpeg", noise(1, 300))
    phone.log(uuid4(), phone.walk, photos=[{"uid": str(uid)}])
    database.settings = away
    refused = phone.piece(uid, data, promise=data)
    assert (refused.status_code, "Försök igen" in refused.json["detail"]) == (503, True)
    assert photo_row(database, uid).received_sha256 is None
    database.settings = settings
    assert phone.resume(uid, data).json["sha256"] == sha256_of(data)
    worker = Worker(away)
    worker.run_once(keys=())
    worker.close()
    with database.transaction(write=False) as session:
        task = session.scalars(select(Task).where(Task.kind == "pictures")).one()
    assert (task.state, task.attempts) == ("waiting", 0)


def test_a_put_that_is_not_followed_by_its_row_leaves_a_file_that_is_swept(settings, server, name, database, clock):
    """D1: killed between the two. A row without its file cannot come to be: the put is answered before the row."""
    store = store_of(settings)
    sha256, _ = store.keep(lambda target: target.write(b"of a request that died"))
    with database.transaction():
        assert list(files.extra()) == []
    clock.pass_by(days=2)
    with database.transaction():
        (found,) = files.extra()
        assert (found.sha256, files.remove(found)) == (sha256, True)
    assert server.names(name) == set()


def test_a_key_that_the_store_refuses_is_the_store_s_absence(settings, server):
    gone = replace(settings, store_url=f"s3://finns-inte?endpoint={server.url}")
    with pytest.raises(StoreAway):
        store_of(gone).keep(lambda target: target.write(b"x"))


@pytest.mark.parametrize("wrong", [{"store_url": "ftp://x"}, {"store_url": "s3://"}, {"store_url": "s3://hink"}])
def test_a_store_that_cannot_be_one_stops_the_start(tmp_path, wrong):
    with pytest.raises(SettingRefused):
        Settings(env="test", data_dir=tmp_path, secret_key="x" * 40, **wrong).completed()
