"""The benchmarks: they do the work they time, judge it rightly, and end what they start. Their figures gate nothing."""

import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import runner, sending
from benchmarks.__main__ import ROWS
from benchmarks.client import Client, WrongAnswer
from benchmarks.peers import odk
from benchmarks.rows import accept_photos, deep_pages, visible_pictures
from benchmarks.runner import Goal, Outcome, Race, Row
from benchmarks.seeds import photos, places
from benchmarks.servers import NotUp, Process, wait_for
from core.app import create_app
from core.http.paging import mark
from core.media import formats, pictures
from core.worker import Worker
from tests.contract.city import CHECKOUT

SMALL = {"width": 640, "height": 480, "size": 60_000}


def hashing(many):
    """A round of real work: so many megabytes hashed."""
    data = bytes(1_000_000)

    def turn():
        started = time.perf_counter()
        for _ in range(many):
            hashlib.sha256(data).digest()
        return (time.perf_counter() - started) * 1000

    return turn


def test_everybody_has_a_turn_in_each_round_and_the_ratio_is_that_of_the_medians():
    told = []
    race = Race("ms", {"one": hashing(1), "twenty": hashing(20)}, [])
    outcome = runner.run(race, rounds=5, order=random.Random(1), say=told.append)
    assert {name: len(figures) for name, figures in outcome.figures.items()} == {"one": 5, "twenty": 5}
    assert runner.ratio(Goal("twenty", "one"), outcome) > 4
    turns = [line.split()[4] for line in told]
    assert all({*turns[i : i + 2]} == {"one", "twenty"} for i in range(0, 10, 2))
    assert len({tuple(turns[i : i + 2]) for i in range(0, 10, 2)}) == 2, "always in the same order"


def test_a_goal_is_passed_failed_told_or_skipped_with_its_reason():
    outcome = Outcome(
        {"ours": [1.0, 2.0, 90.0], "peer": [6.0, 8.0, 10.0]}, {"ours": 171.4}, (3.25, 8.0), {"ours": [3.0, 1.5, 2.0]}
    )
    goals = [
        Goal("peer", "ours", least=4),
        Goal("peer", "ours", least=4.1),
        Goal("ours", "peer", most=0.25),
        Goal("ours", "peer", most=0.24),
        Goal("ours", "peer"),
        Goal(odk.NAME, "ours", least=4),
    ]
    race = Race("ms per photo", {}, goals, {odk.NAME: odk.REASON})
    lines = runner.report(Row(1, "work", lambda *_: race), race, outcome)
    assert lines[0] == "Row 1: work"
    assert lines[1].startswith("  3 rounds in random order; load average 3.2 before, 8.0 after;")
    assert lines[3].split() == ["ours", "2", "1", "90", "peak", "171", "MB", "(PSS)", *["2.00", "s", "of", "CPU"]]
    assert [line.split()[-1] for line in lines[5:10]] == ["PASS", "FAIL", "PASS", "FAIL", "told"]
    assert lines[10].endswith(f"SKIP ({odk.REASON})")


def test_photos_are_as_large_as_asked_lie_on_their_side_and_are_no_two_the_same(tmp_path):
    photo = photos.photo(1, **SMALL)
    assert 0.8 * SMALL["size"] < len(photo) <= SMALL["size"]
    stored = set()
    for number in (0, 1, 2, 1 << 39):
        path, kept = tmp_path / "photo.jpg", io.BytesIO()
        path.write_bytes(photos.unique(photo, number))
        picture = formats.inspect(path)
        assert (picture.width, picture.height, picture.broken) == (480, 640, False)
        assert picture.latitude == pytest.approx(59.2436, abs=1e-4)
        formats.strip(path, kept, picture)
        stored.add(kept.getvalue())
        Image.open(kept).load()
    assert len(stored) == 4, "without metadata two of them are the same"
    made = pictures.make(path, "image/jpeg", tmp_path)
    assert (made.width, made.height) == (480, 640)


@pytest.mark.one_database
def test_photos_are_really_sent_and_their_pictures_really_seen(app, live_server, actors):
    headers = actors.token(actors("falt"))
    supply = sending.Supply([photos.photo(1, **SMALL)])

    def connect():
        return Client(app.settings.port, headers)

    assert accept_photos.accepting(connect, accept_photos.ours_sent, supply, 3)() > 0
    assert len(list((app.settings.data_dir / "photos").glob("*/*"))) == 6, "three to warm up and three timed"
    client, (photo,) = connect(), supply.take(1)
    with closing(Worker(app.settings)) as worker:
        worker.run_once(keys=())
        uid = sending.send(client, photo)
        assert client.try_asking("GET", f"/bilder/{uid}/stor")[0] == 404
        worker.run_once(keys=())
    sending.see(client, uid)
    with pytest.raises(WrongAnswer):
        sending.send(client, b"no photo")
    with pytest.raises(WrongAnswer):
        visible_pictures.showing(lambda: Client(app.settings.port, {}), sending.send, sending.see, supply, 1)


@pytest.mark.one_database("postgres")
def test_the_deep_pages_are_those_of_the_person_and_the_places_of_the_district_alone(app, live_server, actors):
    with app.database.transaction():
        places.template()
    address = app.settings.database_url
    places.plant(address, 2600)
    district = places.count(address, "sdn-farsta")
    assert 200 < district < 260
    headers = actors.token(actors("sdn_samordnare", "sdn-farsta"))
    client = Client(app.settings.port, headers)
    ends = places.ends_of_pages(address, "sdn-farsta", [1, 3], 50)
    with create_app(app.settings).app_context():
        pages = [f"{deep_pages.PATH}?after={mark(end)}" for end in ends]
    assert deep_pages.asking(lambda: Client(app.settings.port, headers), pages, 2)() > 0
    by_next = [deep_pages.PATH]
    for _ in range(3):
        uids, after = deep_pages.read(client, by_next[-1])
        by_next.append(f"{deep_pages.PATH}?after={after}")
        assert len(uids) == 50
    asked, followed = pages, (by_next[1], by_next[3])
    assert [deep_pages.read(client, page) for page in asked] == [deep_pages.read(client, page) for page in followed]


@pytest.mark.parametrize(("count", "first", "last"), [(90_909, 1626, 1645), (909, 6, 18), (60, 2, 2)])
def test_pages_are_taken_around_the_depth_and_never_outside_the_list(count, first, last):
    pages = deep_pages.pages_around(count)
    assert (pages[0], pages[-1], len(pages)) == (first, last, 20)


PROGRAM = "import subprocess, time; subprocess.Popen(['sleep', '300']); time.sleep(300)"
STARTED_BY_A_RUNNER = """
import signal, sys, time
from contextlib import ExitStack
from pathlib import Path
from benchmarks.servers import Process, ending_on_signals

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
with ending_on_signals(), ExitStack() as stack:
    folder = Path(sys.argv[1])
    command, env = [sys.executable, "-c", sys.argv[2]], {"PATH": "/usr/bin:/bin"}
    process = Process(command, log=folder / "log", cwd=folder, env=env)
    stack.callback(process.end)
    while len(process.tree) < 2:
        time.sleep(0.01)
    print(*process.tree, flush=True)
    time.sleep(300)
"""


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "term"])
def test_what_was_started_is_ended_when_the_runner_is_stopped(tmp_path, number):
    command = [sys.executable, "-c", STARTED_BY_A_RUNNER, tmp_path, PROGRAM]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, stderr=subprocess.DEVNULL) as run:
        pids = [int(pid) for pid in run.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(alive, pids))
        run.send_signal(number)
        assert run.wait(30) != 0
    assert wait_for(lambda: not any(map(alive, pids)), 10), "left behind"


def test_a_server_that_ends_by_itself_is_told_with_its_last_words_and_memory_is_that_of_all_processes(tmp_path):
    env = {"PATH": os.environ["PATH"]}
    failed = Process(["sh", "-c", "echo no such database; exit 3"], log=tmp_path / "log", cwd=tmp_path, env=env)
    with pytest.raises(NotUp, match="no such database"):
        failed.wait_until(lambda: False)
    two = Process([sys.executable, "-c", PROGRAM], log=tmp_path / "log", cwd=tmp_path, env=env)
    try:
        assert wait_for(lambda: len(two.tree) == 2, 10)
        assert 1 < two.megabytes() < 100
        assert 0 < two.cpu_seconds() < 30
    finally:
        two.end()
    assert two.tree == []


def test_each_row_stands_in_the_docs():
    page = (CHECKOUT / "docs" / "how-to" / "run-the-benchmarks.md").read_text("utf-8")
    assert list(ROWS) == [1, 2, 3, 9, 10, 13, 14]
    assert [row for row in ROWS if f"| {row} | " not in page] == []


def test_the_help_tells_every_row():
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--help"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    words = " ".join(told.split())  # argparse breaks the lines where it likes
    assert all(f"{number}: {row.title.split(',')[0]}" in words for number, row in ROWS.items())
