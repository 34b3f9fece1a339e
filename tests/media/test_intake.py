"""A photo's way in over the API: pieces, offsets, receipts (design.md 5, sync-cases.md 9-16)."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import count
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core import journal, media, outbox
from core.http import photos
from core.media import Photo, Upload
from core.media.store import Store
from tests.media.samples import encoded, telling
from tests.media.samples import scene as picture
from tests.walks.scene import PIECE, Phone, address, digest, photo_row, sha256_of

JPEG = telling("image/jpeg")
OTHER = encoded("image/jpeg", picture(50, 40))


def stored(database, uid):
    """The file that is kept of a photo."""
    return Store(database.settings.data_dir).path(photo_row(database, uid).stored_sha256)


def rows(database, model):
    with database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(model))


def break_off(phone, uid, data, offset, arrived):
    """Send the rest of `data` from `offset` on a line that breaks after `arrived` bytes."""
    rest = data[offset:]
    headers = phone.headers | {"Upload-Offset": str(offset), "Upload-Length": str(len(data))}
    said = {"CONTENT_LENGTH": str(len(rest))}  # of itself the client would say how much there is
    stream = BytesIO(rest[:arrived])
    return phone.client.patch(
        address(uid), input_stream=stream, headers=headers, content_type=PIECE, environ_overrides=said
    )


def test_in_one_piece_it_gets_a_receipt_of_the_bytes_that_were_sent(scene, phone, database):
    uid = uuid4()
    answer = phone.piece(uid, JPEG, promise=JPEG)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (200, str(len(JPEG)))
    row = photo_row(database, uid)
    assert answer.json["sha256"] == row.received_sha256 == sha256_of(JPEG)
    assert (answer.json["bytes"], answer.json["state"]) == (len(JPEG), "mottagen")
    kept = stored(database, uid)
    assert sha256_of(kept.read_bytes()) == kept.name == row.stored_sha256 != row.received_sha256
    assert list((database.settings.data_dir / "parts").iterdir()) == []


@pytest.mark.one_database
@pytest.mark.parametrize("few", [0, 1 << 20])
def test_a_body_in_a_file_and_one_in_memory_are_the_same_photo(scene, phone, database, monkeypatch, few):
    monkeypatch.setattr(photos, "FEW", few)
    uid = uuid4()
    assert phone.piece(uid, JPEG[:100], length=len(JPEG)).status_code == 204
    assert phone.piece(uid, JPEG[100:], offset=100, length=len(JPEG)).json["sha256"] == sha256_of(JPEG)
    whole = uuid4()
    assert phone.piece(whole, JPEG).json["sha256"] == sha256_of(JPEG)
    assert phone.piece(whole, JPEG).json == phone.piece(whole, JPEG).json
    assert list((database.settings.data_dir / "parts").iterdir()) == []


@given(cuts=st.lists(st.integers(0, len(JPEG)), max_size=6))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.one_database
def test_cut_at_any_byte_it_goes_on_from_there(scene, phone, database, cuts):
    uid = uuid4()
    for cut in cuts:
        here = phone.asks(uid) or 0
        answer = break_off(phone, uid, JPEG, here, max(0, cut - here))
        if answer.status_code == 200:
            break
        assert (answer.status_code, phone.asks(uid)) == (204, max(here, cut))
    answer = phone.resume(uid, JPEG)
    assert (answer.status_code, answer.json["sha256"]) == (200, sha256_of(JPEG))
    assert photo_row(database, uid).stored_sha256 == reference(phone, database)


def reference(phone, database, known={}):  # noqa: B006 - once per test
    """The hash under which this photo is kept when it comes whole."""
    key = str(database.settings.data_dir)
    if key not in known:
        uid = uuid4()
        phone.piece(uid, JPEG)
        known[key] = photo_row(database, uid).stored_sha256
    return known[key]


@pytest.mark.other_database_long
def test_it_goes_on_after_an_hour(scene, phone, clock):
    uid = uuid4()
    clock.stop_at(scene.now)
    assert phone.piece(uid, JPEG[:100], length=len(JPEG)).status_code == 204
    clock.pass_by(hours=1)
    assert phone.asks(uid) == 100
    assert phone.resume(uid, JPEG, piece=700).status_code == 200


def test_what_a_dead_request_wrote_beyond_the_known_offset_is_overwritten(scene, phone, database):
    """The server was killed between the write and the commit: the file is longer than the row says."""
    uid = uuid4()
    phone.piece(uid, JPEG[:100], length=len(JPEG))
    part = database.settings.data_dir / "parts" / str(uid)
    part.write_bytes(JPEG[:100] + b"never committed")
    assert phone.asks(uid) == 100
    assert phone.resume(uid, JPEG).json["sha256"] == sha256_of(JPEG)


def test_a_part_that_is_shorter_than_the_row_says_is_asked_for_again(scene, phone, database):
    uid = uuid4()
    phone.piece(uid, JPEG[:100], length=len(JPEG))
    (database.settings.data_dir / "parts" / str(uid)).write_bytes(JPEG[:30])
    assert phone.asks(uid) == 30
    assert phone.resume(uid, JPEG).json["sha256"] == sha256_of(JPEG)


@pytest.mark.other_database_long
def test_an_offset_that_is_not_the_citys_is_told_the_true_one(scene, phone):
    uid = uuid4()
    phone.piece(uid, JPEG[:100], length=len(JPEG))
    for wrong in (0, 50, 101, len(JPEG), 10**11):
        answer = phone.piece(uid, b"x", offset=wrong, length=len(JPEG))
        assert (answer.status_code, answer.json["offset"]) == (409, 100), wrong
        assert answer.headers["Upload-Offset"] == "100"
    assert phone.piece(uid, b"x", offset=100, length=len(JPEG) + 1).status_code == 409
    assert phone.piece(uid, b"", offset=100, length=len(JPEG)).status_code == 204
    assert phone.piece(uuid4(), b"x", offset=5, length=9).headers["Upload-Offset"] == "0"
    assert phone.resume(uid, JPEG).status_code == 200


@pytest.mark.other_database_long
def test_more_bytes_than_were_promised_are_refused(scene, phone):
    uid = uuid4()
    assert phone.piece(uid, JPEG + b"x", length=len(JPEG)).status_code == 413
    assert phone.resume(uid, JPEG).status_code == 200


@pytest.mark.other_database_long
@pytest.mark.parametrize("how", ["in the last header", "in the first header", "in the record"])
def test_bytes_that_are_not_those_promised_are_removed_and_may_come_again(scene, phone, database, how):
    uid, record = uuid4(), uuid4()
    if how == "in the record":
        phone.log(record, scene.walk, photos=[{"uid": str(uid), "sha256": sha256_of(JPEG)}])
    first, last = {"in the first header": (JPEG, None), "in the last header": (None, JPEG)}.get(how, (None, None))
    torn = JPEG[:-40] + bytes(40)
    assert phone.piece(uid, torn[:100], length=len(torn), promise=first).status_code == 204
    answer = phone.piece(uid, torn[100:], offset=100, length=len(torn), promise=last)
    assert (answer.status_code, answer.json["detail"]) == (422, "Fotot kom inte fram helt. Skicka det igen.")
    assert phone.asks(uid) in (0, None)
    assert list((database.settings.data_dir / "parts").iterdir()) == []
    assert rows(database, Upload) == 0
    assert phone.resume(uid, JPEG, piece=500).json["sha256"] == sha256_of(JPEG)
    if how == "in the record":
        assert [photo["state"] for photo in phone.read(record).json["photos"]] == ["mottagen"]


@pytest.mark.other_database_long
@pytest.mark.parametrize("number", [1, 2, 3], ids=["the piece", "the whole file", "its folder"])
def test_what_the_disk_did_not_take_gets_no_receipt(scene, phone, database, monkeypatch, number):
    """A receipt says that the photo is safe: each wait for the disk before it fails once, and there is none."""
    uid, really, asked = uuid4(), os.fsync, count(1)
    assert phone.piece(uid, JPEG[:500], length=len(JPEG)).status_code == 204

    def sync(file):
        if next(asked) == number:
            raise OSError(errno.EIO, "Input/output error")
        really(file)

    with monkeypatch.context() as failing:
        failing.setattr(os, "fsync", sync)
        refused = phone.piece(uid, JPEG[500:], offset=500, length=len(JPEG), promise=JPEG)
    assert (refused.status_code, refused.mimetype) == (507, "application/problem+json")
    assert "receipt" not in refused.text
    assert (rows(database, Photo), phone.asks(uid)) == (0, 500)
    assert phone.resume(uid, JPEG).json["sha256"] == sha256_of(JPEG)
    assert (rows(database, Photo), stored(database, uid).is_file()) == (1, True)


def test_the_same_photo_twice_is_one_with_the_same_receipt(scene, phone, database):
    uid = uuid4()
    first = phone.resume(uid, JPEG, piece=600).json
    whole, last = (
        phone.piece(uid, JPEG, promise=JPEG),
        phone.piece(uid, JPEG[-9:], offset=len(JPEG) - 9, length=len(JPEG)),
    )
    asked = phone.client.get(address(uid), headers=phone.headers)
    assert first == whole.json == last.json == asked.json["receipt"]
    assert (asked.json["offset"], asked.json["length"]) == (len(JPEG), len(JPEG))
    assert [rows(database, model) for model in (Photo, Upload, outbox.Task)] == [1, 0, 1]


def test_other_bytes_under_the_same_uid_are_refused_and_the_first_kept(scene, phone, database):
    uid = uuid4()
    first = phone.resume(uid, JPEG).json
    same_length = JPEG[:-1] + b"\0"
    for other in (OTHER, same_length):
        for promise in (other, None):
            answer = phone.piece(uid, other, promise=promise)
            assert (answer.status_code, "sha256" in answer.json) == (409, False)
    assert phone.piece(uid, JPEG, promise=OTHER).status_code == 409
    assert phone.client.get(address(uid), headers=phone.headers).json["receipt"] == first
    assert rows(database, Upload) == 0


@pytest.mark.parametrize("pieces", [1, 3])
def test_however_many_send_at_once_the_file_is_right(app, scene, phone, database, pieces):
    """Six tabs; each goes on from what the city says until it has its receipt."""
    uid, length = uuid4(), len(JPEG) // pieces + 1

    def send(_):
        mine, answers = Phone(app.test_client(), phone.headers), []
        while not answers or answers[-1].status_code != 200:
            here = int(answers[-1].headers["Upload-Offset"]) if answers else 0
            answers.append(mine.piece(uid, JPEG[here : here + length], offset=here, length=len(JPEG)))
            assert answers[-1].status_code in (200, 204, 409), answers[-1].text
            assert len(answers) < 100
        return answers[-1].json

    with ThreadPoolExecutor(6) as pool:
        receipts = list(pool.map(send, range(6)))
    assert all(receipt == receipts[0] for receipt in receipts)
    assert photo_row(database, uid).stored_sha256 == reference(phone, database)
    with database.transaction(write=False) as session:
        lines = session.scalars(select(journal.JournalLine.action).where(journal.JournalLine.subject_uid == uid)).all()
    assert lines == ["photo:receive"]


def test_record_and_bytes_at_the_same_moment(scene, phone, database):
    """The bytes come while the record is being written: neither is refused for the other."""
    record, uid = uuid4(), uuid4()
    with ThreadPoolExecutor(1) as pool:
        with database.transaction():
            media.expect(scene.leader, "observation", record, [media.Listed(uid)])
            sent = pool.submit(phone.piece, uid, JPEG)
            with pytest.raises(TimeoutError):
                sent.result(timeout=0.5)
        assert sent.result().status_code == 200
    row = photo_row(database, uid)
    assert (row.record_uid, row.received_sha256, rows(database, Photo)) == (record, sha256_of(JPEG), 1)


@pytest.mark.one_database("postgres")  # on SQLite one who writes waits for the other from the start
def test_the_last_piece_while_the_same_photo_comes_whole(scene, phone, database):
    """Whole, it was begun before there was a part, so that neither waits for the other but at the row of the photo."""
    uid = uuid4()
    with ThreadPoolExecutor(1) as pool:
        with database.transaction():
            receipt = media.append(phone.holder, uid, JPEG, offset=0, length=len(JPEG)).receipt
            assert pool.submit(phone.piece, uid, JPEG[:100], length=len(JPEG)).result().status_code == 204
            sent = pool.submit(phone.piece, uid, JPEG[100:], offset=100, length=len(JPEG))
            with pytest.raises(TimeoutError):
                sent.result(timeout=0.3)
        answer = sent.result()
    assert (answer.status_code, answer.json["sha256"]) == (200, receipt.sha256)
    assert [rows(database, model) for model in (Photo, Upload, outbox.Task)] == [1, 0, 1]


def test_a_photo_before_its_record_is_held_and_joined(scene, phone, phone_of, actors):
    record, uid = uuid4(), uuid4()
    receipt = phone.resume(uid, JPEG).json
    colleague = phone_of(actors("falt", "sdn-farsta"))
    assert (phone.asks(uid), colleague.asks(uid)) == (len(JPEG), None), "without a record it is its sender's alone"
    known = {"uid": str(uid), "sha256": receipt["sha256"], "role": "fore"}
    joined = phone.log(record, scene.walk, photos=[known])
    told = {"state": "mottagen", "received_at": receipt["received_at"], "direction": None, "pairs_with": None}
    assert joined.json["photos"] == [known | told]
    assert colleague.asks(uid) == len(JPEG)


@pytest.mark.other_database_long
def test_the_record_says_which_photos_are_missing(scene, phone):
    record, photos = uuid4(), [uuid4() for _ in range(3)]
    phone.log(record, scene.walk, photos=[{"uid": str(uid), "bytes": len(JPEG)} for uid in photos])
    missing = [photos[2], photos[0], photos[1]]
    while missing:
        states = {photo["uid"]: photo["state"] for photo in phone.read(record).json["photos"]}
        assert {uid for uid in map(str, photos) if states[uid] == "saknas"} == set(map(str, missing))
        assert phone.asks(missing[0]) == 0
        phone.resume(missing.pop(0), JPEG)


def test_a_photo_belongs_to_one_record_and_one_person(scene, phone, phone_of, actors):
    uid, colleague = uuid4(), phone_of(actors("falt", "sdn-farsta"))
    said = [{"uid": str(uid)}]
    assert phone.log(uuid4(), scene.walk, photos=said).status_code == 201
    for other in (phone, colleague):
        record = uuid4()
        assert other.log(record, scene.walk, photos=said).status_code == 409
        assert phone.read(record).status_code == 404, "nothing of a refused record is kept"
    wrong = [{"uid": str(uuid4()), "sha256": sha256_of(OTHER)}]
    phone.resume(wrong[0]["uid"], JPEG)
    assert phone.log(uuid4(), scene.walk, photos=wrong).status_code == 409


@pytest.mark.parametrize("state", ["begun", "received"])
def test_somebody_elses_uid_is_neither_told_nor_overwritten(scene, phone, phone_of, actors, state):
    uid = uuid4()
    phone.piece(uid, JPEG if state == "received" else JPEG[:100], length=len(JPEG))
    for thief in (actors("falt", "sdn-farsta"), actors("sdn_samordnare", "sdn-jarva")):
        other = phone_of(thief)
        assert other.asks(uid) is None
        refused = [
            other.piece(uid, OTHER),
            other.piece(uid, JPEG, promise=JPEG),
            other.piece(uid, b"x", offset=100, length=len(JPEG)),
        ]
        assert {answer.status_code for answer in refused} == {409}
        assert all(set(answer.json) == {"type", "title", "status", "instance", "detail"} for answer in refused)
    assert phone.resume(uid, JPEG).json["sha256"] == sha256_of(JPEG)


@pytest.mark.other_database_long
def test_who_is_not_logged_in_or_lacks_the_right_is_refused(scene, phone, client, actors):
    uid = uuid4()
    nobody = Phone(client, {})
    assert nobody.piece(uid, JPEG).status_code == 401
    assert client.head(address(uid)).status_code == 401
    for headers in (actors.token(actors("polis", "polis-jarva")), actors.token(scene.leader, "media:photo:read")):
        assert Phone(client, headers).piece(uid, JPEG).status_code == 403
    client.login(scene.leader)
    assert nobody.piece(uid, JPEG).status_code == 400, "with the session's cookie a form token is needed too"
    assert phone.asks(uid) is None


@pytest.mark.one_database
def test_headers_that_cannot_be_meant_are_refused(scene, phone):
    uid = uuid4()
    good = {"Upload-Offset": "0", "Upload-Length": "9"}
    wrong = [{"Upload-Length": ""}, {"Upload-Offset": "-1"}, {"Upload-Offset": "1.0"}, {"Upload-Length": "٩"}]
    wrong += [{"Upload-Length": "9" * 13}, {"Repr-Digest": "sha-256=abc"}, {"Repr-Digest": "md5=:abc=:"}]
    for headers in wrong:
        said = phone.headers | good | headers
        answer = phone.client.patch(address(uid), data=b"123456789", content_type=PIECE, headers=said)
        assert (answer.status_code, answer.json["header"]) == (400, next(iter(headers))), headers
    for kind in ("image/jpeg", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""):
        answer = phone.client.patch(address(uid), data=b"123456789", content_type=kind, headers=phone.headers | good)
        assert answer.status_code == 415, kind
    assert phone.asks(uid) is None
    assert digest(b"") == "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:", "as in RFC 9530"
