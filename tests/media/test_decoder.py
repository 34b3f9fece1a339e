"""The decoder that stays, and the child that it forks for each photo: who is ended by what, and who knows what."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PIL import Image

from core.media import pictures
from core.media.pictures import CannotRead, NotMade, make
from tests.media.samples import HEIGHT, WIDTH, encoded, opened


@pytest.fixture
def ended(made, monkeypatch):
    """Make pictures, and send the child this signal once it is at work; its environment is noted."""
    monkeypatch.setenv("SECRET_KEY", "must-not-be-seen")
    seen = {}

    def ended(number):
        with ThreadPoolExecutor(1) as pool:
            result = pool.submit(made, encoded("image/png", Image.new("RGB", (7000, 7000))), "image/png")
            child = working_child()
            seen["environment"] = Path(f"/proc/{child}/environ").read_bytes()
            os.kill(child, number)
            return result.exception(), seen["environment"]

    return ended


def working_child():
    """The process id of the child of this test's decoder, when it has begun to take memory for pixels."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for decoder in children_of(os.getpid()):
            with suppress(OSError):  # a process ended between two looks
                if b"decoder.py" in Path(f"/proc/{decoder}/cmdline").read_bytes():
                    for child in children_of(decoder):
                        if pages(Path(f"/proc/{child}/statm")) > 15_000:
                            return child
        time.sleep(0.002)
    raise AssertionError("no decoder at work")


def children_of(pid):
    for told in Path(f"/proc/{pid}").glob("task/*/children"):
        with suppress(OSError):  # the thread has ended
            yield from map(int, told.read_text().split())


def pages(status):
    return int(status.read_text().split()[1])


def test_a_crash_of_the_decoder_ends_the_child_alone(ended):
    error, environment = ended(signal.SIGSEGV)
    assert isinstance(error, CannotRead)
    assert (error.reason, error.detail) == ("crashed", "SIGSEGV")
    assert b"must-not-be-seen" not in environment


def test_a_child_ended_from_outside_says_nothing_about_the_photo(ended):
    error, _ = ended(signal.SIGKILL)
    assert isinstance(error, NotMade)


def test_a_full_or_missing_disk_says_nothing_about_the_photo(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(encoded("image/jpeg"))
    with pytest.raises(NotMade):
        make(source, "image/jpeg", tmp_path / "nowhere")
    with pytest.raises(NotMade):
        make(tmp_path / "nothing", "image/jpeg", tmp_path)


def test_many_threads_may_ask_at_once(tmp_path):
    source = tmp_path / "source"
    source.write_bytes(encoded("image/jpeg"))

    def one(number):
        out_dir = tmp_path / str(number)
        out_dir.mkdir()
        return make(source, "image/jpeg", out_dir)

    before = threading.active_count()
    with ThreadPoolExecutor(4) as pool:
        every = list(pool.map(one, range(12)))
    assert len({pair.large for pair in every}) == 12
    assert all(opened(pair.small).size == (WIDTH, HEIGHT) for pair in every)
    assert threading.active_count() == before


@pytest.fixture
def decoder():
    """The one decoder that waits, ready for the next photo."""
    pictures._end_idle()
    with TemporaryDirectory() as folder:
        source = Path(folder, "source")
        source.write_bytes(encoded("image/jpeg"))
        make(source, "image/jpeg", Path(folder))
    (waiting,) = pictures._idle
    yield waiting
    pictures._end_idle()


def test_one_decoder_makes_photo_after_photo_each_in_a_child_of_its_own(decoder, made, ended):
    """Whatever ends a child, the decoder that forked it goes on with the next photo."""
    made(encoded("image/jpeg"))
    assert isinstance(ended(signal.SIGSEGV)[0], CannotRead)
    made(encoded("image/png"), "image/png")
    assert pictures._idle == [decoder]
    assert decoder.alive
    assert not list(children_of(decoder._process.pid))


def test_a_decoder_that_was_ended_from_outside_is_replaced(decoder, made):
    decoder._process.kill()
    decoder._process.wait()
    made(encoded("image/jpeg"))
    assert decoder not in pictures._idle


def test_a_decoder_ends_when_nobody_asks_any_more(decoder):
    """So that a worker that is killed leaves nothing behind."""
    decoder._socket.close()
    assert decoder._process.wait(20) == 0


def test_a_child_has_nothing_of_its_decoder_s_but_a_way_to_answer(made):
    """Neither the next job nor the answer to this one's caller can be reached from inside a photo."""
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(made, encoded("image/png", Image.new("RGB", (7000, 7000))), "image/png")
        child = working_child()
        links = {str(link.readlink()) for link in Path(f"/proc/{child}/fd").iterdir()}
        os.kill(child, signal.SIGKILL)
        assert isinstance(result.exception(), NotMade)
    assert not [link for link in links if link.startswith("socket:")]


def test_the_decoder_loads_nothing_of_the_product():
    """It is run by its path, without the package around it: what it does not know it cannot tell."""
    source = Path(pictures.__file__).with_name("decoder.py").read_text(encoding="utf-8")
    assert not [line for line in source.splitlines() if line.split()[:2] in (["from", "core"], ["import", "core"])]
    assert "core." not in source
