"""Which files are taken in as photos, and what is read from them (P1-P3, P5, P6)."""

import csv
import io
import struct
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from PIL import Image

from core.media.formats import NotAPicture, TooLarge, inspect
from tests.media.samples import (
    HEIGHT,
    MEDIA_TYPES,
    STRIPPABLE,
    WIDTH,
    as_stored,
    box,
    chunk,
    decoded,
    encoded,
    heic_declaring,
    jpeg_declaring,
    place,
    png_declaring,
    riff,
    scene,
    telling_tiff,
    tiff,
)

PHOTOS = [f"{number:02}" for number in range(1, 20)]


# Real photos


@pytest.mark.parametrize("number", PHOTOS)
def test_real_photo_says_what_the_list_says(shared_data, number):
    row = expected(shared_data, number)
    picture = inspect(shared_data / "photos" / row["fil"])
    assert f"{picture.width}x{picture.height}" == row["upprätt_bredd_hojd"]
    assert picture.media_type == {"JPEG": "image/jpeg", "HEIC": "image/heic"}[row["filtyp"]]
    assert picture.taken_raw == (row["datetime_original"] or None)
    assert picture.taken_offset == (row["offset"] or None)
    assert not picture.broken
    if row["lat"] in {"", "0"}:
        assert (picture.latitude, picture.longitude) == (None, None)
        assert picture.position_note == ("zero" if row["lat"] else None)
    else:
        assert picture.latitude == pytest.approx(float(row["lat"]), abs=1e-6)
        assert picture.longitude == pytest.approx(float(row["lon"]), abs=1e-6)


def test_a_heic_without_meta_box_is_refused(shared_data):
    """Photo 20: behind "ftyp" comes a box without a name that ends 7 MB behind the file's end."""
    with pytest.raises(NotAPicture) as refusal:
        inspect(shared_data / "photos" / expected(shared_data, "20")["fil"])
    assert refusal.value.reason == "structure"


def expected(shared_data, number):
    with (shared_data / "photos" / "photos.csv").open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["fil"].startswith(number))


# What is taken, what is refused


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_five_formats_are_known_by_their_bytes(look, media_type):
    picture = look(encoded(media_type))
    assert (picture.media_type, picture.width, picture.height) == (media_type, WIDTH, HEIGHT)
    assert (picture.orientation, picture.broken) == (1, False)
    assert picture.sealed == (media_type not in STRIPPABLE)


def as_format(name):
    out = io.BytesIO()
    scene().save(out, name)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "looks_like"),
    [
        (as_format("GIF"), "GIF"),
        (as_format("GIF")[:6] + b"/*" + b" " * 50 + b"*/=1;alert(1)", "GIF"),
        (as_format("BMP"), "BMP"),
        (as_format("TIFF"), "TIFF"),
        (as_format("ICO"), "ICO"),
        (as_format("EPS"), "EPS"),
        (as_format("PDF"), "PDF"),
        (as_format("JPEG2000"), "JPEG 2000"),
        (as_format("PPM"), None),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x/>", "XML"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "HTML"),
        (b"push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://x/\"|touch y\")'\n", None),
        (b"\x7fELF\x02\x01\x01" + bytes(100), "ELF"),
        (b"PK\x03\x04" + bytes(100), "ZIP"),
        (box(b"ftyp", b"isom\0\0\2\0mp41") + box(b"moov", bytes(100)), "film"),
        (b"En vanlig text", None),
        (b"\xff", None),
        (b"", None),
    ],
)
def test_another_kind_of_file_under_jpg_is_refused(look, data, looks_like):
    with pytest.raises(NotAPicture) as refusal:
        look(data)
    assert (refusal.value.reason, refusal.value.looks_like) == ("kind", looks_like)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xd8\xff<html><script>alert(1)</script>", "structure"),
        (b"\xff\xd8\xff\xd9", "no_size"),
        (jpeg_declaring(0, 10), "no_size"),
        (jpeg_declaring(10, 0), "no_size"),
        (png_declaring(0, 10), "no_size"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"CgBI", b"\0\0\0\0"), "structure"),
        (encoded("image/png").replace(struct.pack(">I", WIDTH), struct.pack(">I", WIDTH + 1), 1), "no_size"),
        (riff((b"LIST", b"INFO")), "no_size"),
        (riff(), "structure"),
        (riff((b"VP8L", b"\x30\0\0\0\0")), "no_size"),
        (heic_declaring(0, 0), "no_size"),
        (encoded("image/heic").replace(b"hvc1", b"jpeg"), "kind"),
        (encoded("image/heic").replace(b"pitm", b"free"), "structure"),
        (encoded("image/heic").replace(b"ispe", b"free"), "no_size"),
    ],
)
def test_a_file_without_sense_from_the_start_is_refused(look, data, reason):
    with pytest.raises(NotAPicture) as refusal:
        look(data)
    assert refusal.value.reason == reason


def test_an_animation_is_no_photo(look):
    frames = [scene(), scene().transpose(Image.Transpose.ROTATE_180)]
    with pytest.raises(NotAPicture) as refusal:
        look(encoded("image/webp", frames[0], save_all=True, append_images=frames[1:]))
    assert refusal.value.reason == "animated"


@pytest.mark.parametrize(
    "data",
    [
        png_declaring(30_000, 30_000),
        png_declaring(2**31 - 1, 1),
        png_declaring(20_001, 1),
        jpeg_declaring(65_500, 65_500),
        riff((b"VP8L", b"\x2f\xff\xff\xff\x0f")),
        riff((b"VP8X", b"\0\0\0\0\xff\xff\xff\xff\xff\xff"), (b"VP8L", b"\x2f\0\0\0\0\0")),
        heic_declaring(20_000, 10_000),
        heic_declaring(2**32 - 1, 2**32 - 1),
    ],
)
def test_a_bomb_is_refused_by_what_it_declares(look, data):
    with pytest.raises(TooLarge):
        look(data)


def test_the_limit_itself_is_allowed(look):
    assert look(png_declaring(20_000, 3_000)).width == 20_000
    with pytest.raises(TooLarge) as refusal:
        look(png_declaring(20_000, 3_001))
    assert (refusal.value.width, refusal.value.height) == (20_000, 3_001)


# Orientation


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("media_type", ["image/heic", "image/avif"])
def test_heic_and_avif_say_it_in_their_own_way(look, media_type, orientation):
    """The turn is written as irot and imir, which hold; EXIF's word would be a second turn."""
    data = encoded(media_type, as_stored(scene(), orientation), tiff(main=((0x0112, 3, orientation),)))
    picture = look(data)
    assert (picture.orientation, picture.width, picture.height) == (orientation, WIDTH, HEIGHT)


def test_heic_is_not_turned_by_exif(look):
    data = encoded("image/heic", tiff=tiff(main=((0x0112, 3, 1), (0x010F, 2, "Kamera"))))
    lying = data.replace(struct.pack(">HHIH", 0x0112, 3, 1, 1), struct.pack(">HHIH", 0x0112, 3, 1, 6))
    assert lying != data
    assert (look(lying).orientation, look(lying).width) == (1, WIDTH)
    assert decoded(lying).size == (WIDTH, HEIGHT)


# Time and place


@pytest.mark.parametrize(
    ("raw", "offset", "moment", "ambiguous"),
    [
        ("2026:07:01 22:15:00", "+02:00", datetime(2026, 7, 1, 20, 15, tzinfo=UTC), False),
        ("2026:07:01 22:15:00", "-04:30", datetime(2026, 7, 2, 2, 45, tzinfo=UTC), False),
        ("2026:07:01 22:15:00", "Z", datetime(2026, 7, 1, 22, 15, tzinfo=UTC), False),
        ("2026:07:01 22:15:00", None, datetime(2026, 7, 1, 20, 15, tzinfo=UTC), False),
        ("2026:12:01 22:15:00", "   :  ", datetime(2026, 12, 1, 21, 15, tzinfo=UTC), False),
        ("2026:10:25 02:30:00", None, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True),
        ("2026:10:25 02:30:00", "+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), False),
        ("2026:03:29 02:30:00", None, datetime(2026, 3, 29, 1, 30, tzinfo=UTC), True),
        ("0000:00:00 00:00:00", None, None, False),
        ("2026:02:30 10:00:00", None, None, False),
        ("0001:01:01 00:00:00", "+14:00", None, False),
        ("9999:12:31 23:59:59", None, None, False),
        ("9999:12:31 23:59:59", "+00:00", None, False),
        ("2201:01:01 00:00:00", "+00:00", None, False),
        ("1899:12:31 23:59:59", "+00:00", None, False),
        ("2200:12:31 12:00:00", "+00:00", datetime(2200, 12, 31, 12, tzinfo=UTC), False),
        ("1900:01:01 12:00:00", "+00:00", datetime(1900, 1, 1, 12, tzinfo=UTC), False),
        ("igår", None, None, False),
    ],
)
def test_the_time_a_photo_was_taken(look, raw, offset, moment, ambiguous):
    tags = ((0x9003, 2, raw), *([(0x9011, 2, offset)] if offset else []))
    for order in "<>":
        picture = look(encoded("image/jpeg", tiff=tiff(details=tags, order=order)))
        assert picture.taken_raw == raw.encode().decode("ascii", "replace")
        assert (picture.taken_at, picture.taken_ambiguous) == (moment, ambiguous)


def test_time_of_digitising_stands_in_and_time_of_editing_does_not(look):
    edited = tiff(main=((0x0132, 2, "2026:07:02 10:00:00"),))
    digitised = tiff(details=((0x9003, 2, "    "), (0x9004, 2, "2026:07:01 10:00:00"), (0x9012, 2, "+02:00")))
    assert look(encoded("image/jpeg", tiff=edited)).taken_raw is None
    assert look(encoded("image/jpeg", tiff=digitised)).taken_at == datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_a_time_of_any_length_is_bounded(look):
    long = tiff(details=((0x9003, 2, "9" * 10_000),))
    assert look(encoded("image/jpeg", tiff=long)).taken_raw == "9" * 64


def test_a_position_and_a_direction(look):
    tags = (*place(), (16, 2, "T"), (17, 5, ((4505, 100),)))
    picture = look(encoded("image/jpeg", tiff=tiff(gps=tags)))
    assert picture.latitude == pytest.approx(59 + 19 / 60 + 57.1 / 3600, abs=1e-9)
    assert picture.longitude == pytest.approx(18 + 3 / 60 + 53.9 / 3600, abs=1e-9)
    assert (picture.direction, picture.position_note) == (45.05, None)


@pytest.mark.parametrize(
    ("tags", "latitude", "longitude", "note"),
    [
        (place(north="S", east="W"), -59.332527, -18.064972, None),
        (place(latitude=(Fraction("59.25"),), longitude=(Fraction(18),)), 59.25, 18.0, None),
        (place(latitude=((0, 1),) * 3), 0.0, 18.064972, None),
        (place(latitude=((0, 1),) * 3, longitude=((0, 1),) * 3), None, None, "zero"),
        (place(latitude=((59, 0), (19, 1), (0, 1))), None, None, "zero_denominator"),
        (place(latitude=((59, 1), (19, 1), (0, 0))), None, None, "zero_denominator"),
        (place(latitude=((91, 1),)), None, None, "out_of_range"),
        (place(longitude=((180, 1), (1, 1))), None, None, "out_of_range"),
        (place(latitude=((59, 1), (61, 1))), None, None, "out_of_range"),
        (place()[1:], None, None, "incomplete"),
        (place(north="?"), None, None, "incomplete"),
        (place()[:2], None, None, "incomplete"),
        (((1, 2, "N"), (2, 10, ((-59, 1),)), (3, 2, "E"), (4, 5, ((18, 1),))), None, None, "out_of_range"),
        ((), None, None, None),
    ],
)
def test_a_position_that_cannot_be_one_is_left_out_with_the_reason(look, tags, latitude, longitude, note):
    picture = look(encoded("image/jpeg", tiff=tiff(main=((0x0112, 3, 1),), gps=tags)))
    assert picture.position_note == note
    if latitude is None:
        assert (picture.latitude, picture.longitude) == (None, None)
    else:
        assert (picture.latitude, picture.longitude) == pytest.approx((latitude, longitude), abs=1e-5)


@pytest.mark.parametrize(("ratio", "direction"), [((0, 1), 0), ((360, 1), 0), ((361, 1), None), ((1, 0), None)])
def test_a_direction_is_between_0_and_360(look, ratio, direction):
    assert look(encoded("image/jpeg", tiff=tiff(gps=(*place(), (17, 5, (ratio,)))))).direction == direction


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_every_format_carries_time_and_place(look, media_type):
    picture = look(encoded(media_type, tiff=telling_tiff()))
    assert picture.taken_at == datetime(2026, 7, 1, 20, 15, tzinfo=UTC)
    assert picture.latitude == pytest.approx(59.332527, abs=1e-6)
