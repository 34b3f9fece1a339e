"""Damaged and hostile files: refused or received as broken, with no other exception and in no time (P1, P2)."""

import gc
import io
import struct
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.media import exif
from core.media.formats import NotAPicture, TooLarge, inspect, strip
from tests.media.samples import (
    MEDIA_TYPES,
    STRIPPABLE,
    WIDTH,
    box,
    chunk,
    encoded,
    riff,
    scene,
    segment,
    telling,
    telling_tiff,
    tiff,
)


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_a_file_cut_at_any_byte_is_refused_or_broken(look, media_type):
    whole = encoded(media_type, scene(16, 16), tiff(main=((0x0112, 3, 6),)))
    assert not look(whole).broken
    received = 0
    for end in range(len(whole)):
        try:
            picture = look(whole[:end])
        except NotAPicture:
            assert not received, "refused though a shorter piece was received"
        else:
            assert picture.broken, f"cut at {end}"
            assert 16 in {picture.width, picture.height}
            received += 1
    assert received > 10


@given(data=st.data())
def test_damage_anywhere_leads_to_no_other_exception_and_to_no_wait(tmp_path_factory, data):
    whole = bytearray(data.draw(st.sampled_from(TELLING_ALL)))
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.sampled_from([0x00, 0x01, 0x7F, 0x80, 0xFF, whole[at] ^ 1]))
    path, out = tmp_path_factory.getbasetemp() / "damaged", io.BytesIO()
    path.write_bytes(whole)
    began = time.thread_time()
    try:
        picture = inspect(path)
    except (NotAPicture, TooLarge):
        picture = None
    if picture and not picture.sealed:
        strip(path, out, picture)
        path.write_bytes(out.getvalue())
        again = inspect(path)
        assert (again.width, again.height) == (picture.width, picture.height)
        assert (again.latitude, again.taken_raw) == (None, None)
    assert time.thread_time() - began < 1


TELLING_ALL = [telling(kind, 6) for kind in STRIPPABLE] + [
    encoded("image/heic", tiff=telling_tiff()),
    encoded("image/avif", tiff=telling_tiff()),
]


def zero_byte_extents():
    """A box of 4 kB that claims 40 million places of zero bytes."""
    items = b"".join(struct.pack(">HHHH", 1, 0, 0, 65_535) for _ in range(600))
    iloc = box(b"iloc", b"\1\0\0\0" + b"\0\0" + struct.pack(">H", 600) + items)
    plain = encoded("image/heic")
    meta_at = plain.index(b"meta") - 4
    return plain[:meta_at] + box(b"meta", b"\0\0\0\0" + heic_boxes_without_iloc(plain) + iloc)


def heic_boxes_without_iloc(plain):
    meta_at = plain.index(b"meta") - 4
    end = meta_at + struct.unpack(">I", plain[meta_at : meta_at + 4])[0]
    at, kept = meta_at + 12, b""
    while at < end:
        size = struct.unpack(">I", plain[at : at + 4])[0]
        kept += b"" if plain[at + 4 : at + 8] == b"iloc" else plain[at : at + size]
        at += size
    return kept


HOSTILE = {
    "fill bytes": lambda: b"\xff\xd8" + b"\xff" * 20_000_000,
    "fill bytes, stuffed": lambda: b"\xff\xd8" + (b"\xff" * 10_000 + b"\0") * 1000,
    "empty segments": lambda: b"\xff\xd8" + segment(0xE5, b"") * 3_000_000,
    "restart markers": lambda: encoded("image/jpeg")[:-2] + b"\xff\xd0" * 5_000_000,
    "many scans": lambda: encoded("image/jpeg")[:-2] + segment(0xDA, b"\1\1\0\0\x3f\0") * 1_000_000,
    "empty chunks": lambda: encoded("image/png")[:33] + chunk(b"tEXt", b"") * 2_000_000,
    "riff chunks": lambda: riff((b"VP8L", b"\x2f\0\0\0\0"), *[(b"prVt", b"")] * 1_000_000),
    "free boxes": lambda: encoded("image/heic") + box(b"free", b"") * 2_000_000,
    "zero-byte extents": zero_byte_extents,
    "huge meta box": lambda: box(b"ftyp", b"heic\0\0\0\0heic") + box(b"meta", bytes(30_000_000)),
    "endless box": lambda: box(b"ftyp", b"heic\0\0\0\0heic") + b"\0\0\0\1meta" + b"\xff" * 8,
    "huge brand list": lambda: struct.pack(">I", 2**32 - 1) + b"ftypheic" + b"heic" * 1_000_000,
}


@pytest.fixture
def only_its_own_time():
    """What earlier tests left in memory is not looked through while this one is measured."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_structure_costs_no_time(look, name, only_its_own_time):
    data = HOSTILE[name]()
    began = time.thread_time()
    try:
        accepted = look(data)
    except NotAPicture:
        accepted = None
    assert time.thread_time() - began < 3
    assert accepted is None or accepted.broken or name == "restart markers"


def test_a_text_that_unfolds_to_200_mb_is_left_folded(look, stripped):
    bomb = zlib.compress(bytes(200_000_000), 9)
    plain = encoded("image/png")
    data = plain[:33] + chunk(b"zTXt", b"Comment\0\0" + bomb) + chunk(b"iTXt", b"a\0\1\0\0\0" + bomb) + plain[33:]
    assert look(data).width == WIDTH
    assert stripped(data) == plain


@pytest.mark.parametrize(
    "pointer",
    [
        tiff(main=((0x8769, 4, 8), (0x8825, 4, 8), (0x0112, 3, 6))),
        tiff(main=((0x8769, 4, 2**31), (0x8825, 4, 2**32 - 1), (0x0112, 3, 6))),
        tiff(main=((0x0112, 3, 6),))[:-4] + struct.pack(">I", 8),
        b"MM\0*\0\0\0\x08\xff\xff" + struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) * 3000,
        tiff(main=((0x0112, 3, 6),), details=((0x9003, 2, "x"),), gps=((2, 5, ()),)),
    ],
)
def test_tables_that_point_at_themselves_or_nowhere_are_read_once(look, pointer):
    picture = look(encoded("image/jpeg", tiff=pointer))
    assert (picture.orientation, picture.latitude, picture.taken_at) == (6, None, None)


def test_a_value_that_claims_two_gigabytes_is_left_out():
    claims = b"MM\0*\0\0\0\x08\0\1" + struct.pack(">HHII", 0x8769, 4, 2**31, 8) + b"\0\0\0\0"
    assert exif.read(claims) == exif.Exif()


@given(st.binary(max_size=300), st.sampled_from([b"II*\0", b"MM\0*"]))
def test_no_exif_data_is_an_exception(noise, order):
    found = exif.read(order + b"\0\0\0\x08"[:: 1 if order[0] == 77 else -1] + noise)
    assert 1 <= found.orientation <= 8
