"""Photos of real cameras, all the way through the API and the worker; the oracle is photos.csv alone (P4-P7)."""

import io
import warnings
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from PIL import Image

from core import clock, outbox
from core.media.store import Store
from tests.media.oracle import place_of, rows_of, taken_of, upright_of
from tests.media.samples import decoded, encoded, telling_tiff
from tests.media.samples import scene as picture
from tests.walks.scene import photo_row, sha256_of

TAGS_OF_PLACE_AND_MAKER = (0x8825, 0x010F, 0x0110, 0x8769, 0x927C, 0x0132)


@pytest.fixture
def photos(shared_data):
    """The rows of photos.csv, each with its bytes."""
    rows = rows_of(shared_data)
    assert len(rows) == 20
    return [(row, (shared_data / "photos" / row["fil"]).read_bytes()) for row in rows]


def shown(client, uid, size):
    """The picture as a page gets it."""
    answer = client.get(f"/bilder/{uid}/{size}", buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg"), size
    with Image.open(io.BytesIO(answer.data), formats=["JPEG"]) as image:
        image.load()
        return image, answer.data


@pytest.mark.one_database
def test_all_twenty_through_the_api(phone, client, database, photos, work):
    record, uids = uuid4(), {row["fil"]: uuid4() for row, _ in photos}
    phone.log(record, phone.walk, photos=[{"uid": str(uid)} for uid in uids.values()])
    for row, data in photos:
        answer = phone.resume(uids[row["fil"]], data, piece=300_000)
        if row["pillow"] != "öppnas":
            assert answer.status_code == 415
            assert answer.json["detail"].startswith("Filen går inte att läsa som bild. Skicka JPEG")
            continue
        assert (answer.status_code, answer.json["sha256"]) == (200, row["sha256"]), row["fil"]
    work()
    client.login(phone.holder)
    states = {photo["uid"]: photo["state"] for photo in phone.read(record).json["photos"]}
    store = Store(database.settings.data_dir)
    for row, data in photos:
        uid = uids[row["fil"]]
        if row["pillow"] != "öppnas":
            assert states[str(uid)] == "nekad"
            continue
        known = photo_row(database, uid)
        assert (states[str(uid)], known.received_sha256, known.bytes) == ("klar", row["sha256"], int(row["byte"]))
        assert (known.width, known.height) == upright_of(row), row["fil"]
        assert known.taken_at == taken_of(row), row["fil"]
        place = (known.latitude, known.longitude) if known.latitude is not None else None
        assert (place and pytest.approx(place, abs=1e-6)) == place_of(row), row["fil"]
        large, _ = shown(client, uid, "stor")
        small, _ = shown(client, uid, "liten")
        longest = max(upright_of(row))
        assert max(large.size) == longest or 1600 <= max(large.size) <= 3199, row["fil"]
        assert max(small.size) == min(longest, 400), row["fil"]
        for image in (large, small):
            assert image.width / image.height == pytest.approx(known.width / known.height, rel=0.02), row["fil"]
            assert not image.getexif()
        kept = store.path(known.stored_sha256)
        assert sha256_of(kept.read_bytes()) == kept.name
        sent = store.path(row["sha256"])
        assert not sent.exists() or row["sha256"] == known.stored_sha256, "the file as it was sent is gone"
        assert_tells_nothing(kept.read_bytes(), data)


def assert_tells_nothing(kept, sent):
    """No place, maker, time or thumbnail in what is kept; of EXIF at most which way is up."""
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(kept), formats=["JPEG"]) as image:
        assert set(image.getexif()) <= {0x0112}
    assert kept.count(b"\xff\xd8\xff") == 1, "a thumbnail inside"
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(sent)) as image:
        tags = image.getexif()
        for tag in TAGS_OF_PLACE_AND_MAKER[1:3]:
            maker = str(tags.get(tag, "")).strip("\0 ").encode()
            assert len(maker) < 5 or maker not in kept, maker


def test_a_place_that_cannot_be_is_no_place(phone, database, photos):
    """Number 15 says 0, 0: a place is not made up, and the reason stands in the record."""
    row, data = photos[14]
    assert (row["lat"], row["lon"]) == ("0", "0")
    uid = uuid4()
    phone.resume(uid, data)
    known = photo_row(database, uid)
    assert (known.latitude, known.longitude, known.position_source) == (None, None, None)
    assert known.position_note


def test_what_the_phone_measured_goes_before_what_the_file_says(phone, database, photos):
    data, record, uid = photos[0][1], uuid4(), uuid4()
    here = {"latitude": 59.2456, "longitude": 18.0949, "accuracy_m": 8, "source": "gps"}
    said = [{"uid": str(uid), "taken_at": "2026-11-01T18:00:00Z", "position": here}]
    for bytes_first in (False, True):
        record, uid = uuid4(), uuid4()
        said[0]["uid"] = str(uid)
        steps = [lambda: phone.log(record, phone.walk, photos=said), lambda: phone.resume(uid, data)]  # noqa: B023
        for step in reversed(steps) if bytes_first else steps:
            assert step().status_code in (200, 201)
        known = photo_row(database, uid)
        assert (known.latitude, known.longitude, known.accuracy_m) == (59.2456, 18.0949, 8)
        assert known.taken_at == datetime.fromisoformat("2026-11-01T18:00:00+00:00")
        assert known.taken_raw == "2014:09:01 15:03:47", "and what the file says stands beside it"


def test_cut_at_40_percent_it_could_not_be_read_and_its_bytes_are_kept(phone, client, database, photos, work):
    """The whole way: received with a receipt, "Kunde inte läsas" for sender and leader, the bytes untouched."""
    for whole in (photos[1][1], photos[9][1]):
        cut = whole[: len(whole) * 4 // 10]
        record, uid = uuid4(), uuid4()
        phone.log(record, phone.walk, photos=[{"uid": str(uid)}])
        answer = phone.resume(uid, cut)
        assert (answer.status_code, answer.json["sha256"]) == (200, sha256_of(cut))
        work()
        assert [photo["state"] for photo in phone.read(record).json["photos"]] == ["olaslig"]
        known = photo_row(database, uid)
        assert Store(database.settings.data_dir).path(known.stored_sha256).read_bytes() == cut
        client.login(phone.holder)
        for page in (f"/iakttagelser/{record}", f"/iakttagelser/{record}/kvitto"):
            assert "Kunde inte läsas" in client.get(page).text, page
        for size in ("stor", "liten", "original"):
            assert client.get(f"/bilder/{uid}/{size}", buffered=True).status_code == 404, (
                "it goes out as it came to nobody"
            )
        assert phone.resume(uid, cut).json["sha256"] == sha256_of(cut), "the receipt stays"


@pytest.mark.parametrize("kind", ["image/heic", "image/avif"])
def test_what_cannot_be_stripped_is_sealed_until_the_worker_has_made_a_jpeg_of_it(phone, client, database, work, kind):
    data, uids, store = telling_sealed(kind), [uuid4(), uuid4()], Store(database.settings.data_dir)
    phone.log(uuid4(), phone.walk, photos=[{"uid": str(uid)} for uid in uids])
    client.login(phone.holder)
    phone.resume(uids[0], data)
    sealed = store.path(sha256_of(data))
    assert sealed.read_bytes() == data
    assert client.get(f"/bilder/{uids[0]}/original", buffered=True).status_code == 404
    work()
    assert not sealed.exists()
    phone.resume(uids[1], data)
    assert sealed.exists(), "the same photo once more, under another uid"
    with database.transaction():  # a task may be done twice after a crash
        outbox.put("forget sent", {"sha256": sealed.name}, run_at=clock.now() - timedelta(hours=1))
    work()
    assert not sealed.exists()
    for uid in uids:
        known = photo_row(database, uid)
        whole = store.path(known.stored_sha256).read_bytes()
        assert known.received_sha256 == sha256_of(data)
        assert (decoded(whole).format, decoded(whole).size) == (None, picture().size)
        assert b"SECRET" not in whole
        answer = client.get(f"/bilder/{uid}/original", buffered=True)
        assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/jpeg", whole)


def telling_sealed(kind):
    data = encoded(kind, picture(), telling_tiff())
    assert b"SECRET" in data
    return data
