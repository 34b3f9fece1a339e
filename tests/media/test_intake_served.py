"""Pictures go out to those with the right, re-encoded, without metadata, and are asked for again (P4, P6, P7, P9)."""

import io
from uuid import uuid4

import pytest
from PIL import Image

from core.media.store import Store
from core.testing.people import FORM_TOKEN
from tests.media.samples import SECRET, encoded, telling
from tests.media.samples import scene as picture
from tests.walks.scene import photo_row, sha256_of

SIZES = ("stor", "liten", "original")
POLYGLOTS = {
    "html behind a JPEG": telling("image/jpeg") + b"<script>alert(1)</script>",
    "zip behind a PNG": telling("image/png") + b"PK\x03\x04" + bytes(30),
    "php behind a PNG": encoded("image/png") + b"<?php system('id') ?>",
}


@pytest.fixture
def logged(phone, client, work):
    """Log an observation with photos of these bytes, made ready; return the photos' uids. The leader is logged in."""

    def log(*pictures):
        uids = [uuid4() for _ in pictures]
        record = uuid4()
        phone.log(record, phone.walk, photos=[{"uid": str(uid)} for uid in uids])
        for uid, data in zip(uids, pictures, strict=True):
            assert phone.resume(uid, data).status_code == 200
        work()
        client.login(phone.holder)
        return uids

    return log


@pytest.fixture
def get(client):
    """Get a picture as the one who is logged in."""

    def get(uid, size, **headers):
        return client.get(f"/bilder/{uid}/{size}", buffered=True, headers=headers)

    return get


@pytest.mark.one_database
def test_of_what_the_file_told_nothing_goes_out(logged, get, phone, database):
    """Place, serial number, owner, comment, XMP, texts, and the thumbnail with the face: in no size (P4)."""
    sent = {kind: telling(kind, 6) for kind in ("image/jpeg", "image/png", "image/webp")}
    for uid, data in zip(logged(*sent.values()), sent.values(), strict=True):
        assert SECRET in data
        row = photo_row(database, uid)
        assert (row.latitude, row.longitude) == pytest.approx((59.3325278, 18.0649722), abs=1e-6)
        assert row.taken_raw == "2026:07:01 22:15:00", "kept as data"
        for size in SIZES:
            answer = get(uid, size)
            assert (answer.status_code, SECRET in answer.data) == (200, False), (row.media_type, size)
            assert answer.data.count(b"\xff\xd8\xff") <= 1, "a thumbnail"
            assert b"2026:07:01" not in answer.data
            with Image.open(io.BytesIO(answer.data)) as image:
                assert set(image.getexif()) <= ({0x0112} if size == "original" else set())
                assert not image.info.get("xmp")
    for name in (path.name for path in Store(database.settings.data_dir).files.rglob("*") if path.is_file()):
        assert SECRET not in Store(database.settings.data_dir).path(name).read_bytes()


@pytest.mark.one_database
def test_pictures_are_upright_whatever_the_camera_said(logged, get):
    """The red corner is up to the left (P6)."""
    orientations = (*range(1, 9), 99)
    uids = logged(*(telling("image/jpeg", orientation) for orientation in orientations))
    for orientation, uid in zip(orientations, uids, strict=True):
        for size in ("stor", "liten"):
            with Image.open(io.BytesIO(get(uid, size).data)) as image:
                red, green, _ = image.convert("RGB").getpixel((3, 3))
                assert (image.size, red > 200, green < 60) == (picture().size, True, True), (orientation, size)


def test_what_is_two_files_in_one_is_only_a_picture_afterwards(logged, get):
    uids = logged(*POLYGLOTS.values())
    for name, uid in zip(POLYGLOTS, uids, strict=True):
        for size in SIZES:
            answer = get(uid, size)
            assert answer.status_code == 200
            assert not any(trace in answer.data for trace in (b"<script", b"PK\x03\x04", b"<?php")), (name, size)


def test_how_a_picture_is_handed_out(logged, get):
    (uid,) = logged(telling("image/jpeg"))
    for size in ("stor", "liten"):
        answer = get(uid, size)
        assert (answer.mimetype, "attachment" in answer.headers.get("Content-Disposition", "")) == ("image/jpeg", False)
    original = get(uid, "original")
    assert original.mimetype == "image/jpeg"
    assert original.headers["Content-Disposition"] == f"attachment; filename={uid}-original.jpg", "it opens as a photo"
    for size in SIZES:
        headers = get(uid, size).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["Cache-Control"] == "private, no-cache"


def test_a_browser_that_has_it_asks_again_and_gets_nothing_more(logged, get, client, actors):
    (uid,) = logged(telling("image/jpeg"))
    for size in SIZES:
        first = get(uid, size)
        known = {"If-None-Match": first.headers["ETag"]}
        again = get(uid, size, **known)
        assert (again.status_code, again.data, again.headers["Cache-Control"]) == (304, b"", "private, no-cache")
        assert get(uid, size, **{"If-None-Match": '"another"'}).data == first.data
    client.login(actors("sdn_samordnare", "sdn-jarva"))
    assert get(uid, "stor", **known).status_code == 404, "who has the tag but not the right gets no 304"


def test_only_who_reaches_the_observation_sees_its_photo(logged, get, client, actors):
    """The stranger's answer is that of a photo that does not exist (P9), but for the form's token, which is timed."""
    (uid,) = logged(telling("image/jpeg"))
    for role, home, sees in (
        ("sdn_handlaggare", "sdn-farsta", SIZES),
        ("falt", "sdn-farsta", ("stor", "liten")),
        ("tk_drift", "trafik", ("stor", "liten")),
        ("revisor", "kf", ("stor", "liten")),
        ("arkivarie", "kf", SIZES),
        ("sdn_samordnare", "sdn-skarpnack", ()),
        ("tk_drift", "svoa", ()),
        ("polis", "polis-jarva", ()),
        ("sysadmin", "slk", ()),
    ):
        client.login(actors(role, home))
        for size in SIZES:
            nobody = uuid4()
            answer, missing = get(uid, size), get(nobody, size)
            assert (answer.status_code == 200) == (size in sees), (role, size)
            if role in ("sdn_samordnare", "tk_drift") and not sees and size != "original":
                assert (answer.status_code, missing.status_code) == (404, 404)
                told = [FORM_TOKEN.sub("", one.text).replace(str(uid), str(nobody)) for one in (answer, missing)]
                assert told[0] == told[1], role


def test_after_logging_out_no_address_works(logged, get, client, app):
    """Not even with the old cookie."""
    (uid,) = logged(telling("image/jpeg"))
    old = client.get_cookie(app.config["TRYGGPLATS_COOKIE"], domain=app.settings.hostname).value
    assert get(uid, "stor").status_code == 200
    assert client.submit("/logga-ut", page="/").status_code == 303
    for cookie in (None, old):
        if cookie:
            client.set_cookie(app.config["TRYGGPLATS_COOKIE"], cookie, domain=app.settings.hostname)
        for size in SIZES:
            answer = get(uid, size)
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/logga-in")


@pytest.mark.one_database
def test_there_is_no_way_round_the_permission(logged, get, client, database):
    (uid,) = logged(telling("image/jpeg"))
    row = photo_row(database, uid)
    ways = [f"/bilder/{row.large}/stor", f"/bilder/{uid}", f"/bilder/{uid}/STOR", f"/photos/{row.large}"]
    ways += [f"/static/../photos/{row.large}", f"/static/%2e%2e/photos/{row.large}", f"/bilder/{uid}/../{uid}/stor"]
    ways += [f"/media/{row.large}", f"/bilder/..%2f{row.large}/stor", f"/static//{database.settings.data_dir}"]
    for way in ways:
        assert client.get(way, follow_redirects=True).status_code == 404, way


@pytest.mark.one_database
def test_a_picture_whose_file_is_gone_is_missing_and_no_fault(logged, get, database):
    """Somebody deleted it behind our back (D10)."""
    (uid,) = logged(telling("image/jpeg"))
    store, row = Store(database.settings.data_dir), photo_row(database, uid)
    for sha256 in (row.large, row.small, row.stored_sha256):
        store.path(sha256).unlink(missing_ok=True)  # so small a photo's pictures are one file
    assert {get(uid, size).status_code for size in SIZES} == {404}


@pytest.mark.one_database
def test_before_its_pictures_are_made_nothing_is_shown(phone, get, client, work):
    uid, data = uuid4(), telling("image/jpeg")
    phone.log(uuid4(), phone.walk, photos=[{"uid": str(uid)}])
    client.login(phone.holder)
    assert {get(uid, size).status_code for size in SIZES} == {404}
    assert phone.resume(uid, data).json["sha256"] == sha256_of(data)
    assert {get(uid, size).status_code for size in SIZES} == {404}
    work()
    assert {get(uid, size).status_code for size in SIZES} == {200}
