"""The phone on a dark walk: everything is kept, whoever is killed meanwhile, and nothing comes twice (S4, S8, D1)."""

import random
import time
from collections import Counter

import pytest
from sqlalchemy import select

from core.media import Photo
from core.media.store import Store, digest
from core.walks.models import Observation
from tests.falt.city import received
from tests.falt.fieldphone import FieldPhone
from tests.media.samples import encoded, noise
from tests.walks.scene import sha256_of

ORIGINALS = "localStorage.setItem('tp-falt', JSON.stringify({originals: true}))"
PATIENCE = 600_000


def photos(count, side):
    """Different photos, as large as noise makes them: 2,700 pixels square are about 10 MB."""
    return [encoded("image/jpeg", noise(number, side), quality=97) for number in range(count)]


@pytest.mark.long
@pytest.mark.one_database
def test_three_photos_from_a_phone_that_is_killed_while_it_sends(browser, live_server, scene, database, tmp_path):
    taken = photos(3, 500)
    with FieldPhone(browser.browser_type, live_server, tmp_path / "phone") as phone:
        walk_in_the_dark(phone, database, scene, taken)
        phone.kill()
        phone.start(path=None)
        phone.slow(sum(map(len, taken)) / 3)  # a photo a second: there is time to kill it between two
        phone.open("/sandlista")
        assert wait_for_photos(phone, database, 1) < len(taken), "killed while it sends"
        phone.kill()
        phone.start("/sandlista")
        phone.all_sent(3)
        check_phone(phone)
    check_city(database, taken)


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.timeout(1200)
def test_twenty_large_photos_while_browser_and_server_are_killed(installation, browser, scene, database, tmp_path):
    """The phone is killed twice while it sends, the server once."""
    taken = photos(20, 2700)
    assert sum(map(len, taken)) > 190_000_000
    dice = random.Random(20)
    installation.start()
    with FieldPhone(browser.browser_type, installation.url, tmp_path / "phone") as phone:
        walk_in_the_dark(phone, database, scene, taken)
        phone.kill()
        phone.start("/sandlista")
        for come in (3, 8):
            assert wait_for_photos(phone, database, come) < len(taken), "killed while it sends"
            time.sleep(dice.random() * 0.3)  # anywhere in a photo
            phone.kill()
            phone.start("/sandlista")
        assert wait_for_photos(phone, database, 13) < len(taken)
        time.sleep(dice.random() * 0.3)
        installation.kill()
        phone.page.get_by_text("Allt ligger kvar och skickas av sig själv.").wait_for()
        installation.start()
        phone.all_sent(20, PATIENCE)
        check_phone(phone)
    check_city(database, taken)


def walk_in_the_dark(phone, database, scene, taken):
    """Sign in and fetch the walk, then lose the line, start cold and see as much as there are photos."""
    phone.open()
    phone.page.evaluate(ORIGINALS)
    phone.sign_in(database, scene.leader)
    phone.fetch()
    phone.offline()
    phone.page.reload()
    for photo in taken:
        phone.see(photo)
    assert phone.ledger() == f"0 av {len(taken)}"


def wait_for_photos(phone, database, count):
    """Wait until so many photos have come; return how many there are."""
    phone.until(lambda: len(received(database)) >= count, PATIENCE)
    return len(received(database))


def check_phone(phone):
    """The phone has let go of the photos and kept the small pictures of them."""
    assert {name.partition(":")[0] for name in phone.kept("bytes")} == {"small"}


def check_city(database, taken):
    """All of them are there once, with the bytes that were sent; nothing is half, and what a kill left is swept."""
    store = Store(database.settings.data_dir)
    with database.transaction(write=False) as session:
        rows = session.scalars(select(Photo)).all()
        seen = session.scalars(select(Observation)).all()
        assert Counter(row.received_sha256 for row in rows) == Counter(map(sha256_of, taken))
        assert len(seen) == len(taken)
        assert len({row.record_uid for row in rows}) == len(taken)
        for row in rows:
            assert digest(store.path(row.stored_sha256)) == row.stored_sha256
    parts = database.settings.data_dir / "parts"
    assert not [path for path in parts.glob("*") if not path.name.startswith("spool-")]
    store.sweep(known=set(), before=time.time() + 1)
    assert not list(parts.glob("*"))
