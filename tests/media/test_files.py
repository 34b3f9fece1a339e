"""The files against their rows: what is missing, altered or nobody's; and what may not come in at all."""

import os
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner

from core import media
from core.cli import main
from core.clock import local, now
from core.media import derive, files, spots
from core.media.store import Store, copied
from core.testing.servers import environment
from tests.media.samples import encoded, noise, telling
from tests.walks.scene import at, photo_row

DAYS = 86_400


@pytest.fixture
def sent(phone, work):
    """Send a photo of its own look and let its pictures be made; return its uid."""

    def send(seed, record=None):
        uid = uuid4()
        phone.log(record or uuid4(), phone.walk, photos=[{"uid": str(uid)}])
        assert phone.resume(uid, encoded("image/jpeg", noise(seed, 420))).status_code == 200
        work()
        return uid

    return send


@pytest.fixture
def command(settings):
    return lambda *words: CliRunner(env=environment(settings)).invoke(main, ["media", *words])


def aged(path, days):
    os.utime(path, (now().timestamp() - days * DAYS,) * 2)


def test_the_command_names_what_is_missing_altered_or_nobody_s(database, sent, command, work, settings):
    """D10: somebody deletes or alters a file; pictures are made again from the photo, the photo itself is not."""
    store, (first, second, third) = Store(settings.data_dir), (photo_row(database, sent(seed)) for seed in (1, 2, 3))
    assert command("verify").exit_code == 0
    store.path(first.large).unlink()
    store.path(second.small).write_bytes(b"something else")
    store.path(third.stored_sha256).write_bytes(b"something else")
    stray = store.keep(lambda target: target.write(b"nobody's"))[0]
    aged(store.path(stray), 2)
    done = command("verify", "--repair-derivatives")
    assert done.exit_code == 1
    for sha256, words in (
        (first.large, "saknas"),
        (second.small, "är ändrad"),
        (third.stored_sha256, "är ändrad"),
        (stray, "hör inte till"),
    ):
        assert f"{sha256} {words}" in done.output
    assert "3 fel, 1 filer utan foto." in done.output
    work()
    again = command("verify")
    assert (again.exit_code, "1 fel" in again.output, third.stored_sha256 in again.output) == (1, True, True)
    store.path(first.stored_sha256).unlink()
    assert f"{first.stored_sha256} saknas" in command("verify", "--sample", "1").output, (
        "which are there is always asked"
    )


def test_files_that_no_row_refers_to_are_swept_when_they_are_a_day_old(database, sent, command, work, settings):
    store = Store(settings.data_dir)
    row = photo_row(database, sent(1))
    old, young = (store.keep(lambda target, text=text: target.write(text))[0] for text in (b"old", b"young"))
    for sha256 in (old, row.large, row.stored_sha256):
        aged(store.path(sha256), 2)
    assert old in command("sweep", "--dry-run").output
    assert store.path(old).exists()
    with database.transaction():
        for hour in range(files.HOURS):
            for found in list(files.extra(files.PREFIXES[hour :: files.HOURS])):
                assert files.remove(found)
    assert not store.path(old).exists()
    assert store.path(young).exists()
    assert store.path(row.large).exists()
    aged(store.path(young), 2)
    assert command("sweep").exit_code == 0
    assert not store.path(young).exists()


@pytest.mark.one_database
def test_an_old_file_that_has_just_come_once_more_stays(database, settings, tmp_path):
    store, source = Store(settings.data_dir), tmp_path / "same"
    source.write_bytes(b"the same bytes")
    sha256, _ = store.keep(copied(source))
    aged(store.path(sha256), 2)
    with database.transaction():
        (found,) = files.extra()
        store.keep(copied(source))
        assert not files.remove(found)
    assert store.path(sha256).exists()


def test_a_picture_that_another_photo_lets_go_of_while_it_is_made_is_there(database, phone, sent, work, monkeypatch):
    """Two photos of the same picture: the first is let go of between the making of the second's and its row."""
    first = photo_row(database, sent(1))
    made, store = derive._claim, media.store_of(database.settings)

    def let_go_first(*arguments):
        for sha256 in (first.large, first.small, first.small_webp):
            store.whole.delete(sha256)
        made(*arguments)

    monkeypatch.setattr(derive, "_claim", let_go_first)
    second = photo_row(database, sent(1))
    assert (second.large, second.small, second.small_webp) == (first.large, first.small, first.small_webp)
    assert all(store.whole.stored(sha256) for sha256 in (second.large, second.small, second.small_webp))


def test_who_has_sent_too_much_is_told_when_there_is_room(phone, phone_of, clock, database, settings):
    """P13: 429 with the moment, also for programs."""
    database.settings, began = replace(settings, quota_bytes=3_000), now()
    for hours in (0, 2):
        clock.stop_at(began + timedelta(hours=hours))
        assert phone.resume(uuid4(), padded(1_400)).status_code == 200
    answer, again = phone.piece(uuid4(), padded(1_000)), began + timedelta(hours=24)
    assert answer.status_code == 429
    assert f"Det går att skicka igen {local(again):%Y-%m-%d %H.%M}." in answer.json["detail"]
    assert answer.headers["Retry-After"] == str(22 * 3600)
    clock.stop_at(again + timedelta(seconds=1))
    assert phone_of(phone.holder).piece(uuid4(), padded(1_000)).status_code == 200


def padded(size):
    data = encoded("image/jpeg")
    return data + bytes(size - len(data))


def test_an_observation_has_no_more_photos_than_the_setting_says(phone, database, settings):
    """P13: 413 and nothing of the observation is saved."""
    database.settings = replace(settings, photos_per_record=2)
    photos = [{"uid": str(uuid4())} for _ in range(3)]
    record = uuid4()
    answer = phone.log(record, phone.walk, photos=photos)
    assert (answer.status_code, "högst 2 foton" in answer.json["detail"]) == (413, True)
    assert phone.read(record).status_code == 404
    assert phone.log(record, phone.walk, photos=photos[:2]).status_code == 201


@pytest.fixture
def protected():
    """A protected object at the north of the scene, where no photo may be taken."""

    def says(_kind, _record, spot):
        return spots.FORBIDDEN if spot is not None and spot[1] > at(0, 800)["latitude"] else spots.FREE

    spots.policy(says)
    yield
    spots._known.remove(says)


def test_no_photo_is_taken_in_from_a_protected_object(protected, phone, database):
    """Scenario 5, at the server: by the phone's position and by the photo's own, whatever came first."""
    north, south = at(500, 900), at(500, 500)
    uid, early, own = uuid4(), uuid4(), uuid4()
    listed = {"uid": str(uid), "position": north}
    refused = phone.log(uuid4(), phone.walk, photos=[listed])
    assert (refused.status_code, "skyddsobjekt" in refused.json["detail"]) == (422, True)
    assert photo_row(database, uid) is None
    assert phone.resume(early, encoded("image/jpeg")).status_code == 200
    assert phone.log(uuid4(), phone.walk, photos=[{"uid": str(early), "position": north}]).status_code == 422
    row = photo_row(database, early)
    assert (row.state, row.stored_sha256) == ("nekad", None)
    assert phone.log(uuid4(), phone.walk, photos=[{"uid": str(own), "position": south}]).status_code == 201
    answer = phone.resume(own, telling("image/jpeg"))  # its own position is in the middle of the city, further north
    assert (answer.status_code, photo_row(database, own).state) == (422, "nekad")
    store = Store(database.settings.data_dir)
    assert [path for folder in (store.parts, store.files) for path in folder.rglob("*") if path.is_file()] == []


def test_the_strictest_policy_counts(protected, database, phone):
    photo = media.Photo(uid=uuid4(), longitude=18.0, latitude=50.0)
    with database.transaction(write=False):
        assert spots.policy_of(photo) == spots.FREE
        assert spots.policy_of(photo, (18.0, 89.0)) == spots.FORBIDDEN
