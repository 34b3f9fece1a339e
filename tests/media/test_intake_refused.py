"""What is not taken in, and in which words: kinds, sizes, quota, names, bodies (P3, P10, P12, P13)."""

from dataclasses import replace
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from core import journal, media
from core.clock import local, now
from core.media import Photo, Upload
from core.media.store import Store
from core.testing.people import FORM_TOKEN
from core.walks.models import Observation
from tests.media.samples import encoded, jpeg_declaring, png_declaring, telling
from tests.walks.scene import DAY, PIECE, address, photo_row

JPEG = telling("image/jpeg")
WRONG = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/tmp/proof) (w) file",
    "mvg": b"push graphic-context\nimage Over 0,0 0,0 'ephemeral:/tmp/x'\npop graphic-context",
    "pdf": b"%PDF-1.7\n1 0 obj\n<</OpenAction<</S/JavaScript>>>>\nendobj",
    "gif": b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,",
    "bmp": b"BM\x3a\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00",
    "elf": b"\x7fELF\x02\x01\x01" + bytes(57),
    "zip": b"PK\x03\x04" + bytes(40),
    "xxe": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "empty": b"",
    "text": b"inte en bild" * 9,
    "only the beginning": JPEG[:11],
}
NAMES = (
    "../../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "C:\\con.jpg", "a%0ASet-Cookie: x=1.jpg", 'a";x=".jpg',
    "<img src=x onerror=alert(1)>.jpg", "${jndi:ldap://x}.jpg", "$(id).jpg", "; rm -rf .jpg", "' OR 1=1 --.jpg",
    ".", "..", "CON", "foto.jpg.php", "foto.php%00.jpg", "x" * 300 + ".jpg", "föto åäö.jpg",
    "фото.jpg", "照片.jpg", "صورة.jpg",
    "\u202egpj.exe", "😀.jpg", " .jpg", "-rf.jpg", "|cat.jpg", "~root.jpg", "a\tb.jpg", "%2e%2e%2fx.jpg", "{{7*7}}.jpg",
)  # fmt: skip


@pytest.fixture
def settings(settings):
    """An installation with little room: 20 kB a photo, 50 kB a day and person."""
    return replace(settings, photo_bytes=20_000, quota_bytes=50_000)


@pytest.fixture
def rows(database):
    def rows(model):
        with database.transaction(write=False) as session:
            return session.scalar(select(func.count()).select_from(model))

    return rows


def files(database):
    """Every file of the photo store."""
    store = Store(database.settings.data_dir)
    return [path for folder in (store.parts, store.files) for path in folder.rglob("*") if path.is_file()]


@pytest.mark.one_database
def test_what_is_not_a_picture_is_refused_in_words_and_leaves_nothing(phone, database, rows):
    record, uids = uuid4(), {name: uuid4() for name in WRONG}
    phone.log(record, phone.walk, photos=[{"uid": str(uid)} for uid in uids.values()])
    for name, data in WRONG.items():
        answer = phone.piece(uids[name], data, promise=data)
        assert (answer.status_code, "Skicka JPEG, PNG, WebP, HEIC eller AVIF" in answer.json["detail"]) == (
            415,
            True,
        ), name
        assert photo_row(database, uids[name]).state == "nekad"
    assert (files(database), rows(Upload)) == ([], 0)
    with database.transaction(write=False) as session:
        lines = session.scalars(select(journal.JournalLine).where(journal.JournalLine.action == "photo:refuse")).all()
    assert {line.subject_uid for line in lines} == set(uids.values())
    assert phone.resume(uids["html"], JPEG).status_code == 200, "the right photo may still come"
    states = [photo["state"] for photo in phone.read(record).json["photos"]]
    assert (states.count("mottagen"), states.count("nekad")) == (1, len(WRONG) - 1)


@pytest.mark.one_database
def test_a_picture_with_too_many_points_is_refused_by_what_it_says_of_itself(phone, database):
    for bomb in (png_declaring(30_000, 30_000), jpeg_declaring(20_001, 100), png_declaring(2**31 - 1, 1)):
        answer = phone.piece(uuid4(), bomb)
        assert answer.status_code in (413, 415)
    answer = phone.piece(uuid4(), png_declaring(10_000, 10_000))
    assert (answer.status_code, answer.json["detail"]) == (413, "Fotot har för många bildpunkter (10000 × 10000).")
    assert files(database) == []


def test_a_photo_too_large_is_refused_before_a_byte_is_kept(phone, database, rows):
    for length in (20_001, 60_000_000, 999_999_999_999):
        answer = phone.piece(uuid4(), b"x", length=length)
        assert (answer.status_code, "för stort" in answer.json["detail"]) == (413, True)
    assert (files(database), rows(Upload), rows(Photo)) == ([], 0, 0)


def padded(size):
    """A picture of exactly so many bytes."""
    return JPEG + bytes(size - len(JPEG))


def test_the_quota_of_a_day_counts_what_came_and_what_is_begun(phone, phone_of, actors, scene, clock):
    clock.stop_at(scene.now)
    first = uuid4()
    receipt = phone.piece(first, padded(20_000)).json
    begun = uuid4()
    assert phone.piece(begun, padded(20_000)[:15_000], length=20_000).status_code == 204
    full = phone.piece(uuid4(), padded(16_000))
    again = f"{local(scene.now + DAY):%Y-%m-%d %H.%M}"
    words = f"Du har skickat så mycket som går på ett dygn. Det går att skicka igen {again}."
    assert (full.status_code, full.json["detail"]) == (429, words)
    assert phone.resume(begun, padded(20_000)).status_code == 200, "what is begun is finished"
    assert phone.piece(uuid4(), padded(10_001)).status_code == 429
    assert phone.piece(first, padded(20_000)).json == receipt, "a lost receipt is given again, quota or not"
    colleague = phone_of(actors("falt", "sdn-farsta"))
    assert colleague.piece(uuid4(), padded(16_000)).status_code == 200
    last = uuid4()
    assert phone.piece(last, padded(10_000)).status_code == 200
    clock.pass_by(hours=23.9)
    assert phone.piece(uuid4(), padded(10_000)).status_code == 429
    clock.pass_by(hours=0.2)
    answer = phone_of(scene.leader).piece(uuid4(), padded(10_000))
    assert answer.status_code == 200, "the next day"


@pytest.mark.one_database
def test_whatever_a_file_is_called_its_name_is_never_used(phone, client, database, rows):
    """Through the phone's page, where a browser sends a name along."""
    client.login(phone.holder)
    page = f"/vandringar/{phone.walk}/skriv-in"
    for number, name in enumerate(NAMES):
        picture = encoded("image/jpeg", comment=str(number))
        answer = send_form(client, page, BytesIO(picture), name)
        assert answer.status_code == 303, (name, answer.text)
        assert all("jpg" not in value and "passwd" not in value for value in answer.headers.values())
    assert (rows(Observation), rows(Photo)) == (len(NAMES), len(NAMES))
    for path in files(database):
        assert len(path.name) == 64
        assert set(path.name) <= set("0123456789abcdef")


def send_form(client, page, stream, name, **fields):
    """Send the phone's form as a browser does."""
    token = FORM_TOKEN.search(client.get(page).text)[1]
    sent = {"csrf_token": token, "uid": str(uuid4()), "kind": "belysning", "photo": (stream, name), **fields}
    return client.post(page, data=sent, content_type="multipart/form-data")


def test_a_form_with_a_wrong_file_saves_nothing_and_keeps_what_was_written(phone, client, database, rows):
    client.login(phone.holder)
    uid, page = str(uuid4()), f"/vandringar/{phone.walk}/skriv-in"
    answer = send_form(client, page, BytesIO(WRONG["svg"]), "foto.jpg", uid=uid, description="Skrivet i regn")
    assert answer.status_code == 415
    assert "Skicka JPEG, PNG, WebP, HEIC eller AVIF" in answer.text
    assert "Skrivet i regn" in answer.text
    assert (rows(Observation), rows(Photo), files(database)) == (0, 0, [])
    done = send_form(client, page, BytesIO(JPEG), "foto.jpg", uid=uid, description="Skrivet i regn")
    assert done.status_code == 303
    again = send_form(client, page, BytesIO(JPEG), "foto.jpg", uid=uid, description="Skrivet i regn")
    assert (again.status_code, again.headers["Location"]) == (303, done.headers["Location"])
    assert (rows(Observation), rows(Photo)) == (1, 1)
    assert photo_row(database, media.twin(UUID(uid))).state == "mottagen"
    other = send_form(client, page, BytesIO(encoded("image/png")), "foto.jpg", uid=uid, description="Skrivet i regn")
    assert other.status_code == 409
    large = send_form(client, page, BytesIO(padded(20_001)), "foto.jpg")
    assert (large.status_code, "för stort" in large.text) == (413, True)


@pytest.mark.one_database
def test_a_body_that_is_too_much_is_refused_before_it_is_taken_in(phone, client, rows):
    """60 MB, 2,000 parts, no boundary (P10)."""
    client.login(phone.holder)
    page, kind = f"/vandringar/{phone.walk}/skriv-in", "multipart/form-data; boundary=x"

    class Endless(BytesIO):
        """A body that goes on for ever; nobody should ask for more than a little of it."""

        asked = 0

        def read(self, size=-1):
            Endless.asked += max(size, 0)
            return b"y" * max(size, 0)

    def send(address, kind, length, **headers):
        said = {"CONTENT_LENGTH": str(length)}
        method = client.post if address == page else client.put if "observations" in address else client.patch
        return method(
            address, input_stream=Endless(), content_type=kind, headers=headers, environ_overrides=said
        ).status_code

    offsets = {"Upload-Offset": "0", "Upload-Length": "9"}
    assert send(page, kind, 60_000_001) == 413
    assert send(f"/api/v1/observations/{uuid4()}", "application/json", 2_000_001, **phone.headers) == 413
    assert send(address(uuid4()), PIECE, 200_000_001, **phone.headers, **offsets) == 413
    assert Endless.asked == 0
    parts = b"".join(b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n1\r\n' % n for n in range(2000))
    assert client.post(page, data=parts + b"--x--\r\n", content_type=kind).status_code == 413
    assert client.post(page, data=parts, content_type="multipart/form-data").status_code == 400
    assert rows(Observation) == 0


@pytest.mark.one_database
def test_parts_that_nobody_finishes_are_swept_after_a_week(phone, database, clock, work, rows):
    old, young, dead = uuid4(), uuid4(), Store(database.settings.data_dir).parts / "spool-dead"
    clock.stop_at(now())
    phone.piece(old, JPEG[:100], length=len(JPEG))
    dead.write_bytes(b"of a request that was killed")
    clock.pass_by(days=6.9)
    with database.transaction() as session:
        session.add(Upload(uid=young, sender_id=phone.holder.id, length=9, started_at=now(), touched_at=now()))
    work("core:photos")
    assert (rows(Upload), dead.exists(), (dead.parent / str(old)).exists()) == (2, True, True)
    clock.pass_by(days=0.2)
    work("core:photos")
    assert (rows(Upload), files(database)) == (1, [])
