"""Five hundred photos of twelve megapixels through the whole installation: it holds no more after than before (D22)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from benchmarks.seeds import photos
from core.media import Photo
from tests.kill.wire import Line
from tests.long.memory import megabytes, wait_until

UPLOADS, AT_ONCE, STEP = 500, 8, 50
WARM = 100
"""Uploads after which the pools are full and the caches filled."""
DRIFT = 1.15
"""So many times what was held when warm; reliability.md asks for 1.2."""
BYTES = 1_500_000


def count(database, state):
    with database.transaction(write=False) as session:
        return session.scalar(select(func.count()).where(Photo.state == state))


@pytest.mark.long
@pytest.mark.timeout(2400)
@pytest.mark.one_database("postgres")
def test_d22_memory_is_flat_over_500_uploads_of_12_megapixels(installation, phone, database):
    installation.start()
    line, scene = Line(installation.url, phone.headers), photos.photo(1, size=BYTES)

    def send(number):
        data = photos.unique(scene, number)
        return line.piece(uuid4(), data, 0, len(data)).status

    held = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for sent in range(STEP, UPLOADS + 1, STEP):
            assert set(pool.map(send, range(sent - STEP, sent))) == {200}
            assert wait_until(lambda: count(database, "klar") == sent, seconds=300), "the worker is behind"  # noqa: B023
            held[sent], _ = megabytes(installation)
    print({sent: round(size) for sent, size in held.items()}, "MB")  # noqa: T201 - pytest shows it with -s
    assert len(set(installation.processes)) >= 4, "a parent, two web processes, a worker"
    assert max(size for sent, size in held.items() if sent > WARM) < DRIFT * held[WARM], held
    assert count(database, "klar") == UPLOADS
