"""Hostile and odd pictures against the way in and the way out (P1, P3-P7); what takes minutes is in tests/long."""

import io
import time

import pytest
from PIL import Image

from core import db
from core.media import formats, review
from core.media.store import Store
from tests.media.hostile import POSITIONS, REFUSED, TAKEN, pictures, polyglots, positioned
from tests.media.masks import BOXES, has_skin, is_covered, street
from tests.media.samples import SECRET, encoded, tiff
from tests.walks.scene import photo_row

SIZES = ("stor", "liten")


def taken_in(path, data):
    """Take a file in as the city does; return what it says of itself and what is kept of it, None when refused."""
    path.write_bytes(data)
    try:
        picture = formats.inspect(path)
    except (formats.NotAPicture, formats.TooLarge):
        return None
    kept = io.BytesIO()
    if not picture.sealed:
        formats.strip(path, kept, picture)
    return picture, kept.getvalue()


def test_p1_four_hundred_pictures_are_taken_in_or_refused_and_nothing_else(workbench):
    """None of them is an exception, none takes long, and of none that is kept anything personal is left."""
    assert len(pictures()) > 390
    wrong, slow = {}, {}
    for sample in pictures():
        began = time.thread_time()
        taken = taken_in(workbench, sample.data)
        if (seconds := time.thread_time() - began) > 1:
            slow[sample.name] = seconds
        if sample.fate not in (TAKEN if taken else REFUSED, "either"):
            wrong[sample.name] = "taken" if taken else "refused"
        if taken and not taken[0].sealed:
            again, _ = taken_in(workbench, taken[1])
            left = (again.latitude, again.taken_raw, SECRET in taken[1])
            if (again.width, again.height, *left) != (taken[0].width, taken[0].height, None, None, False):
                wrong[sample.name] = left
    assert (wrong, slow) == ({}, {})


@pytest.mark.one_database
def test_p4_the_thumbnail_and_the_second_picture_do_not_show_what_is_masked(
    database, phone, colleague, sent, get, work, actors
):
    """A phone puts a small picture into EXIF and the unblurred whole behind the end: neither goes anywhere."""
    face = encoded("image/jpeg", street(160, 120), quality=95)
    whole = encoded("image/jpeg", street(), tiff(main=((0x0112, 3, 1),), thumbnail=face), quality=95)
    uid = sent(whole + encoded("image/jpeg", street(), quality=95))
    with database.transaction():
        review.propose_mask(phone.holder, uid, BOXES)
    with database.transaction():
        review.release(colleague, uid)
    work()
    for who in (actors("fof_samordnare", "sdn-farsta"), phone.holder, colleague):
        for size in SIZES:
            for wanted in ("image/webp,*/*", "image/jpeg"):
                shown = get(who, uid, size, Accept=wanted).data
                assert (has_skin(shown), is_covered(shown)) == (False, True)
                assert b"\xff\xd8\xff" not in shown[3:], "a picture in the picture"
    row, files = photo_row(database, uid), Store(database.settings.data_dir)
    assert b"\xff\xd8\xff" not in files.path(row.stored_sha256).read_bytes()[3:]


@pytest.mark.one_database
def test_p5_a_place_is_kept_when_it_can_be_one_and_is_empty_with_a_note_otherwise(phone, database):
    """Swapped, 0/0, outside Sweden, a denominator of zero: the photo comes, the place does not."""
    told = {}
    for name in POSITIONS:
        answer = phone.piece(uid := db.uid_of(name), positioned(name))
        assert answer.status_code == 200, name
        row = photo_row(database, uid)
        told[name] = row.position_note
        assert (row.latitude is None, row.longitude is None, row.position_source is None) == (bool(told[name]),) * 3
    assert told == {name: note for name, (_, note) in POSITIONS.items()}


@pytest.mark.long
@pytest.mark.one_database
def test_p7_what_is_two_files_is_shown_as_a_picture_only(phone, client, work, get):
    """Re-encoded; and a browser is told that it is an image, to guess nothing, to run nothing, and a harmless name."""
    shown = []
    for name, (data, is_picture) in polyglots().items():
        answer = phone.piece(uid := db.uid_of(name), data)
        assert answer.status_code == (200 if is_picture else 415), name
        if is_picture:
            shown.append((name, uid))
    work()
    for name, uid in shown:
        for size in (*SIZES, "original"):
            answer = get(phone.holder, uid, size, Accept="image/webp,*/*")
            assert answer.status_code == 200, (name, size)
            assert not any(trace in answer.data for trace in TRACES), (name, size)
            assert answer.mimetype in {"image/jpeg", "image/png", "image/webp"}, (name, size)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
            how, _, called = answer.headers["Content-Disposition"].partition("; filename=")
            assert how == ("attachment" if size == "original" else "inline")
            assert called.startswith(str(uid))
            assert called.endswith((".jpg", ".png", ".webp"))
            if size != "original":
                with Image.open(io.BytesIO(answer.data)) as image:
                    image.load()


TRACES = (b"<script", b"<html", b"<?php", b"PK\x03\x04", b"%PDF", b"alert(")
