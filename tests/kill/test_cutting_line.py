"""Six phones send two hundred photos over a line that cuts, to a server that is killed (sync case 41, S9, D14)."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from queue import Empty, Queue
from uuid import uuid4

import pytest
from sqlalchemy import select

from benchmarks.seeds import photos
from core.media import Photo
from core.media.store import Store, digest
from core.walks.models import Observation
from tests.kill.cutter import Cutter
from tests.kill.sender import PIECE, Sender
from tests.long.memory import megabytes
from tests.walks.scene import sha256_of

UPLOADS, PHONES, BYTES = 200, 6, 5_400_000
CUT = 0.05
KILLS = (5, 15, 25)
"""The server is killed somewhere after so many receipts."""
WARM = 60
"""So many receipts after which pools are full; from here on more than 700 MB come."""
SENT_AGAIN = 1.2
DRIFT = 1.15
ANSWER = 900


@pytest.fixture
def settings(settings):
    return replace(settings, quota_bytes=10**12)


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.timeout(1800)
def test_200_uploads_over_a_line_that_cuts_to_a_server_that_is_killed(installation, app, scene, database):
    seed = random.randrange(10**6)
    print(f"the dice began at {seed}")  # noqa: T201 - pytest shows it when the test fails
    dice, picture, left = random.Random(seed), photos.photo(1, size=BYTES), Queue()
    for number in range(UPLOADS):
        left.put((uuid4(), uuid4(), number))
    installation.start()
    with closing(Cutter(("127.0.0.1", app.settings.port), CUT, reach=PIECE, back=ANSWER, seed=seed)) as line:
        senders = [Sender(app, line.port, scene.leader) for _ in range(PHONES)]
        began = time.monotonic()
        with ThreadPoolExecutor(PHONES) as pool:
            jobs = [pool.submit(send_all, sender, scene.walk, picture, left) for sender in senders]
            for receipts in KILLS:
                wait_for(senders, receipts, jobs)
                time.sleep(dice.random() * 0.5)  # anywhere in what it does
                installation.kill()
                installation.start()
            wait_for(senders, WARM, jobs)
            held = watch(installation, senders, jobs)
            for job in jobs:
                job.result()
    tell(senders, line, held, time.monotonic() - began, len(picture))
    assert line.cut > line.made * CUT / 2, "the line did cut"
    assert sum(sender.sent for sender in senders) < SENT_AGAIN * UPLOADS * len(picture)
    check_memory(held)
    check_city(database, senders)


def send_all(sender, walk, picture, left):
    """Send what is left, one after the other, as one phone does."""
    while True:
        try:
            record, uid, number = left.get_nowait()
        except Empty:
            return
        data = photos.unique(picture, number)
        sender.deliver(record, walk, uid, data, sha256_of(data))


def wait_for(senders, receipts, jobs):
    while sum(len(sender.receipts) for sender in senders) < receipts and not all(job.done() for job in jobs):
        time.sleep(0.02)


def watch(installation, senders, jobs):
    """Look at what the server holds as the receipts come; return megabytes by their number."""
    held = {}
    while not all(job.done() for job in jobs):
        held[sum(len(sender.receipts) for sender in senders)] = megabytes(installation)[0]
        time.sleep(0.5)
    return held


def tell(senders, line, held, seconds, size):
    sent = sum(sender.sent for sender in senders) / (UPLOADS * size)
    peaks = [round(peak) for peak in halves(held)]
    print(  # noqa: T201 - pytest shows it with -s
        f"{UPLOADS} photos of {size / 1e6:.1f} MB in {seconds:.0f} s: {line.made} connections, {line.cut} cut, "
        f"{sum(sender.broken for sender in senders)} broke, sent {sent:.3f} times, at most {peaks} MB held"
    )


def halves(held):
    """Return the most that was held in the first half of the time, and in the last."""
    sizes = list(held.values())
    middle = len(sizes) // 2
    return max(sizes[:middle]), max(sizes[middle:])


def check_memory(held):
    first, last = halves(held)
    assert last < DRIFT * first, held


def check_city(database, senders):
    """All that was acknowledged is there, whole, once; and nothing else is."""
    store = Store(database.settings.data_dir)
    receipts = {uid: sha256 for sender in senders for uid, sha256 in sender.receipts.items()}
    assert len(receipts) == UPLOADS
    with database.transaction(write=False) as session:
        rows = {row.uid: row for row in session.scalars(select(Photo))}
        assert {uid: row.received_sha256 for uid, row in rows.items()} == receipts
        assert len(session.scalars(select(Observation.id)).all()) == UPLOADS
        assert max(Counter(row.record_uid for row in rows.values()).values()) == 1
        for row in rows.values():
            assert digest(store.path(row.stored_sha256)) == row.stored_sha256
