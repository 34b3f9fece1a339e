"""A real line that is cut at any byte, by an end or by a reset: the photo goes on from what has come (S4, D14)."""

import json
import socket
import time
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core.media import Photo
from core.walks.models import Observation
from tests.kill.wire import BROKEN, Line
from tests.media.samples import encoded, noise
from tests.walks.scene import sha256_of


@pytest.fixture
def line(live_server, phone):
    return Line(live_server, phone.headers)


def settled(line, uid):
    """Wait until the server has done with a line that was cut; return how much it has."""
    here, before = line.asks(uid), -1
    end = time.monotonic() + 10
    while here != before and time.monotonic() < end:
        before = here
        time.sleep(0.2)
        here = line.asks(uid)
    return here


def kept(line, uid, sent):
    """Wait until the server has all that was sent before the line ended; return how much it has."""
    end = time.monotonic() + 10
    while (here := line.asks(uid)) != sent and time.monotonic() < end:
        time.sleep(0.1)
    return here


@pytest.mark.parametrize("reset", [False, True], ids=["ended", "reset"])
def test_an_upload_on_a_line_that_is_cut_again_and_again(line, database, reset):
    """At byte 0, in the head of the file, in the middle, one before the end, and after all of it before the answer."""
    data = encoded("image/png", noise(1, 220))
    uid = uuid4()
    here = 0
    for cut in (0, 1, 700, len(data) // 2, len(data) - 1):
        line.cut(uid, data, here, max(0, cut - here), reset=reset)
        if reset:
            now = settled(line, uid)
            assert here <= now <= cut, "never more than was sent, never less than was there"
        else:
            now = kept(line, uid, cut)
            assert now == cut, "all that came is kept, and no more"
        here = now
    line.cut(uid, data, here, len(data), reset=reset)
    settled(line, uid)
    receipt = line.upload(uid, data, len(data))
    assert (receipt["sha256"], receipt["bytes"]) == (sha256_of(data), len(data))
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Photo)) == 1


@pytest.mark.one_database
def test_a_record_whose_body_is_cut_is_not_stored_and_one_whose_answer_is_lost_is(line, scene, database):
    """While half a record hangs on a slow line, everybody else goes on writing."""

    def rows():
        with database.transaction(write=False) as session:
            return session.scalar(select(func.count()).select_from(Observation))

    uid, others = uuid4(), [uuid4() for _ in range(3)]
    body = json.dumps({"walk": str(scene.walk), "kind": "belysning"}).encode()
    url = urlsplit(line.url)
    head = f"PUT /api/v1/observations/{uid} HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\nAuthorization: {line.headers['Authorization']}\r\n\r\n"
    for arrived in (0, 1, len(body) - 1):
        with socket.create_connection((url.hostname, url.port)) as cut:
            cut.sendall(head.encode() + body[:arrived])
            assert line.log(others.pop(), scene.walk).status == 201
    assert rows() == 3
    with socket.create_connection((url.hostname, url.port)) as cut:
        cut.sendall(head.encode() + body)
    end = time.monotonic() + 10
    while rows() == 3 and time.monotonic() < end:
        time.sleep(0.1)
    assert rows() == 4
    again = line.log(uid, scene.walk)
    assert (again.status, again.json["number"], rows()) == (201, 4, 4)


def test_a_server_that_is_not_there_is_a_broken_line(scene):
    """What the other tests rely on."""
    with pytest.raises(BROKEN):
        Line("http://127.0.0.1:9", {}).asks(uuid4())
