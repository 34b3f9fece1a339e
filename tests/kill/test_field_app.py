"""The phone on a dark walk: everything is kept, whoever is killed meanwhile, and nothing comes twice (S4, S8, D1)."""

import random
import time
from collections import Counter

import pytest
from sqlalchemy import select

from core.media import Photo
from core.media.store import Store, digest
from core.walks.models import Observation
from tests.kill.fieldphone import field_phone
from tests.media.samples import encoded, noise
from tests.walks.scene import sha256_of

ORIGINALS = "localStorage.setItem('tp-falt', JSON.stringify({originals: true}))"
WALK = "Kvällsvandring"


def photos(count, side):
    """Different photos, as large as noise makes them: 1,900 pixels square are about 10 MB."""
    return [encoded("image/jpeg", noise(number, side), quality=97) for number in range(count)]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("count", "side", "browser_kills", "server_kills"),
    [
        pytest.param(3, 500, 1, 0, marks=pytest.mark.timeout(180)),
        pytest.param(20, 1900, 2, 1, marks=[pytest.mark.long, pytest.mark.timeout(900)]),
    ],
)
def test_what_was_seen_without_a_line_comes_once_and_whole(
    installation, scene, database, tmp_path, browser, count, side, browser_kills, server_kills
):
    playwright = browser.browser_type
    taken = photos(count, side)
    installation.start()
    with field_phone(_Types(playwright), installation.url, tmp_path / "profile") as phone:
        phone.page.goto(f"{installation.url}/falt")
        phone.page.evaluate(ORIGINALS)
        phone.sign_in(database, scene.leader)
        phone.fetch(WALK)
        phone.offline()
        phone.page.reload()
        for photo in taken:
            phone.see(photo)
        assert phone.ledger() == f"0 av {count}"
        phone.kill()
        dice = random.Random(count)
        phone.start("/falt/sandlista")
        for _ in range(browser_kills):
            wait_for_some(database, dice.randrange(1, max(2, count // (browser_kills + 1))))
            phone.kill()
            phone.start("/falt/sandlista")
        for _ in range(server_kills):
            wait_for_some(database, 1)
            installation.kill()
            time.sleep(1)
            installation.start()
        phone.page.get_by_text(f"{count} av {count}", exact=True).wait_for(timeout=600_000)
        assert phone.page.evaluate("indexedDB.databases().then((all) => all.length)") == 1
    check(database, taken)


class _Types:
    """What a phone needs of Playwright."""

    def __init__(self, chromium):
        self.chromium = chromium


def wait_for_some(database, more):
    """Wait until so many photos more have come."""

    def come():
        with database.transaction(write=False) as session:
            return len(session.scalars(select(Photo.id).where(Photo.received_sha256.is_not(None))).all())

    before, end = come(), time.monotonic() + 120
    while come() < before + more and time.monotonic() < end:
        time.sleep(0.05)


def check(database, taken):
    """All of them are there once, with the bytes that were sent; nothing is half, nothing is left over."""
    store = Store(database.settings.data_dir)
    with database.transaction(write=False) as session:
        rows = session.scalars(select(Photo)).all()
        seen = session.scalars(select(Observation)).all()
        assert Counter(row.received_sha256 for row in rows) == Counter(map(sha256_of, taken))
        assert len(seen) == len(taken)
        assert len({row.record_uid for row in rows}) == len(taken)
        for row in rows:
            assert digest(store.path(row.stored_sha256)) == row.stored_sha256
    assert not list((database.settings.data_dir / "parts").glob("*"))
