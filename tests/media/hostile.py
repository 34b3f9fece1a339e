"""Some three hundred hostile and odd pictures, all made here, byte by byte or by breaking a sound one (P1-P7).

A sample says what must become of it: TAKEN (a receipt; whether it can be shown is the decoder's to say), REFUSED, or
EITHER, where damage decides. The bombs are apart: they cost time to make.
"""

import io
import random
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from PIL import Image

from tests.media.samples import (
    MEDIA_TYPES,
    SECRET,
    as_stored,
    box,
    chunk,
    encoded,
    heic_declaring,
    jpeg_declaring,
    place,
    png_declaring,
    riff,
    riff_chunks,
    scene,
    segment,
    telling,
    telling_tiff,
    tiff,
)

TAKEN, REFUSED, EITHER = "taken", "refused", "either"
OURS = {"JPEG", "MPO", "PNG", "WEBP", "AVIF", "HEIF"}
"""Pillow's names of what is taken in; MPO is a JPEG with more behind it."""
GOING = {"IM"}
"""Kinds that Pillow is about to forget, and warns about."""
SCRIPT, PHP, ZIP = b"<script>alert(1)</script>", b"<?php system($_GET['c']) ?>", b"PK\x03\x04"
MEGABYTES_200 = 200_000_000


@dataclass(frozen=True)
class Sample:
    """A file under the name photo.jpg."""

    name: str
    data: bytes
    fate: str = EITHER


@cache
def pictures():
    """All samples but the bombs."""
    groups = (_odd, _kinds_of_pixels, _cut, _flipped, _wrong_kinds, _telling_ones, _positions, _polyglots, _rearranged)
    with warnings.catch_warnings(action="ignore"):  # Pillow warns of what it is made to write here
        return [sample for group in groups for sample in group()]


def _odd() -> Iterator[Sample]:
    """Sound pictures that a camera held in some way, or in no way that there is."""
    for media_type in MEDIA_TYPES:
        for orientation in (*range(1, 9), 99):
            data = encoded(media_type, as_stored(scene(), orientation), tiff(main=((0x0112, 3, orientation),)))
            yield Sample(f"{media_type} held {orientation}", data, TAKEN)


def _kinds_of_pixels() -> Iterator[Sample]:
    for mode in ("1", "L", "P", "LA", "RGBA", "I;16"):
        yield Sample(f"png of {mode}", encoded("image/png", _as(mode)), TAKEN)
    for mode in ("L", "CMYK"):
        yield Sample(f"jpeg of {mode}", encoded("image/jpeg", _as(mode)), TAKEN)
    for options in ({"progressive": True}, {"subsampling": 0}, {"quality": 1}, {"restart_marker_blocks": 1}):
        yield Sample(f"jpeg {options}", encoded("image/jpeg", **options), TAKEN)
    for size in ((1, 1), (1, 9000), (9000, 1), (17, 13)):
        for media_type in ("image/jpeg", "image/png", "image/webp"):
            yield Sample(f"{media_type} of {size}", encoded(media_type, Image.new("RGB", size)), TAKEN)
    for profile in (b"", b"\0" * 128, random.Random(1).randbytes(5000)):
        for media_type in ("image/jpeg", "image/png", "image/webp", "image/avif"):
            data = encoded(media_type, icc_profile=profile or b"x")
            yield Sample(f"{media_type} with a profile of {len(profile)}", data, TAKEN)


def _as(mode):
    return Image.new("I;16", (9, 9), 40_000) if mode == "I;16" else scene().convert(mode)


def _cut() -> Iterator[Sample]:
    for media_type in MEDIA_TYPES:
        whole = encoded(media_type, scene(64, 64), telling_tiff())
        for part in (0.05, 0.3, 0.6, 0.9):
            yield Sample(f"{media_type} cut at {part:.0%}", whole[: int(len(whole) * part)])
        yield Sample(f"{media_type} without its last byte", whole[:-1])


def _flipped() -> Iterator[Sample]:
    """One bit in a hundred bytes is wrong, or one stretch is zero."""
    for media_type in MEDIA_TYPES:
        for seed in range(9):
            dice, data = random.Random(f"{media_type} {seed}"), bytearray(encoded(media_type, tiff=telling_tiff()))
            for _ in range(1 + len(data) // 100):
                data[dice.randrange(12, len(data))] ^= 1 << dice.randrange(8)
            yield Sample(f"{media_type} damaged {seed}", bytes(data))
        zeroed = bytearray(encoded(media_type, scene(64, 64)))
        zeroed[len(zeroed) // 2 :: 2] = bytes(len(zeroed[len(zeroed) // 2 :: 2]))
        yield Sample(f"{media_type} zeroed", bytes(zeroed))


WRONG = {
    "html": b"<!doctype html>" + SCRIPT,
    "html behind spaces": b" " * 200 + b"<html>" + SCRIPT,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
    "xxe": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><svg>&b;</svg>',
    "billion laughs": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><svg>&b;</svg>',
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(TRACE) (w) file (run) writestring showpage",
    "eps with a preview": b"\xc5\xd0\xd3\xc6" + struct.pack("<IIIIIIH", 30, 40, 0, 0, 0, 0, 65535) + b"%!PS (TRACE)",
    "mvg": b"push graphic-context\nimage Over 0,0 0,0 'ephemeral:TRACE'\npop graphic-context",
    "msl": b'<?xml version="1.0"?><image><read filename="/etc/passwd"/><write filename="TRACE"/></image>',
    "pdf": b"%PDF-1.7\n1 0 obj\n<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\nendobj\ntrailer<</Root 1 0 R>>",
    "elf": b"\x7fELF\x02\x01\x01" + bytes(57),
    "windows program": b"MZ\x90\0" + bytes(60) + b"PE\0\0",
    "shell": b"#!/bin/sh\ntouch TRACE\n",
    "php": PHP,
    "zip": ZIP + bytes(40),
    "gzip": b"\x1f\x8b\x08" + bytes(20),
    "film": box(b"ftyp", b"isom\0\0\2\0mp41") + box(b"moov", bytes(100)),
    "jpeg xl": b"\0\0\0\x0cJXL \x0d\x0a\x87\x0a" + bytes(30),
    "photoshop": b"8BPS\0\x01" + bytes(40),
    "fits": b"SIMPLE  =                    T / BITPIX  = 8 NAXIS = 2 NAXIS1 = 999999999",
    "xpm": b'/* XPM */ static char *a[] = {"9999999 9999999 1 1"};',
    "text": b"inte en bild " * 9,
    "one byte": b"\xff",
    "jpeg's first bytes and html": b"\xff\xd8\xff" + SCRIPT,
    "png's first bytes and html": b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "webp's first bytes and html": b"RIFF\xff\xff\xff\x7fWEBP" + SCRIPT,
    "heic's first bytes and html": box(b"ftyp", b"heic\0\0\0\0heic") + SCRIPT,
}
"""TRACE is what a program that is run would leave behind."""


def _wrong_kinds() -> Iterator[Sample]:
    for name, data in WRONG.items():
        yield Sample(name, data, REFUSED)
    Image.init()
    for kind in sorted(set(Image.SAVE) - OURS - GOING):
        for mode in ("RGB", "L", "1"):
            out = io.BytesIO()
            try:
                scene().convert(mode).save(out, kind)
            except (OSError, ValueError, KeyError, AttributeError, NotImplementedError):
                continue  # Pillow writes this kind in another mode, or not at all
            yield Sample(f"{kind} by Pillow", out.getvalue(), REFUSED)
            break


def _telling_ones() -> Iterator[Sample]:
    """All that may stand in a file beside its picture, and tables that lead astray."""
    for media_type in MEDIA_TYPES[:3]:
        yield Sample(f"{media_type} tells", telling(media_type, 6), TAKEN)
    tables = {
        "that points at itself": tiff(main=((0x8769, 4, 8), (0x8825, 4, 8), (0x0112, 3, 6))),
        "that points nowhere": tiff(main=((0x8769, 4, 2**31), (0x8825, 4, 2**32 - 1))),
        "without an end": b"MM\0*\0\0\0\x08\xff\xff" + struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) * 3000,
        "of a year that is none": tiff(details=((0x9003, 2, "9999:12:31 23:59:59"), (0x9011, 2, "+14:00"))),
        "of a time that is endless": tiff(details=((0x9003, 2, "9" * 30_000),)),
        "of bytes that are no text": tiff(details=((0x9003, 2, b"\xff\xfe\0\0\r\n\x1b[31m"),)),
    }
    for name, table in tables.items():
        for media_type in MEDIA_TYPES:
            yield Sample(f"{media_type} with a table {name}", encoded(media_type, tiff=table), TAKEN)
    jpeg, png = encoded("image/jpeg"), encoded("image/png")
    many = segment(0xFE, SECRET * 5000) * 60
    yield Sample("jpeg with 3 MB of comments", jpeg[:2] + many + jpeg[2:], TAKEN)
    yield Sample("png with 9,000 texts", png[:33] + chunk(b"tEXt", b"a\0" + SECRET) * 9000 + png[33:], TAKEN)


POSITIONS = {
    "stockholm": (place(), None),
    "swapped": (place(latitude=((18, 1), (3, 1), (0, 1)), longitude=((59, 1), (19, 1), (0, 1))), "swapped"),
    "zero": (place(latitude=((0, 1),) * 3, longitude=((0, 1),) * 3), "zero"),
    "south": (place(north="S"), "outside"),
    "west": (place(east="W"), "outside"),
    "new york": (place(latitude=((40, 1), (42, 1), (0, 1)), longitude=((74, 1),), east="W"), "outside"),
    "on no globe": (place(latitude=((91, 1),)), "out_of_range"),
    "metres for degrees": (place(latitude=((6_580_000, 1),), longitude=((674_000, 1),)), "out_of_range"),
    "zero denominator": (place(latitude=((59, 0), (19, 1), (0, 1))), "zero_denominator"),
    "zero by zero": (place(latitude=((59, 1), (19, 1), (0, 0))), "zero_denominator"),
    "half": (place()[:2], "incomplete"),
    "a fraction": (place(latitude=(Fraction("59.25"),), longitude=(Fraction(18),)), None),
}
"""What a file may say of where it was taken, and the note that the record then has."""


def positioned(name):
    """A photo taken there."""
    return encoded("image/jpeg", tiff=tiff(main=((0x0112, 3, 1),), gps=POSITIONS[name][0]))


def _positions() -> Iterator[Sample]:
    for name in POSITIONS:
        yield Sample(f"position: {name}", positioned(name), TAKEN)


@cache
def polyglots():
    """Files that are a picture to one program and something else to another, and whether they are pictures to us."""
    jpeg, png = encoded("image/jpeg", telling_image()), encoded("image/png", telling_image())
    return {
        "JPEG+HTML in a comment": (jpeg[:2] + segment(0xFE, b"--><html>" + SCRIPT + b"<!--") + jpeg[2:], True),
        "JPEG+HTML behind": (jpeg + b"<html>" + SCRIPT, True),
        "JPEG+JS": (jpeg[:2] + segment(0xFE, b"*/=alert(1);/*") + jpeg[2:], True),
        "JPEG+ZIP": (jpeg + ZIP + b"\x14\0" + bytes(26) + b"evil.html" + SCRIPT + b"PK\x05\x06" + bytes(18), True),
        "JPEG+PHP in EXIF": (encoded("image/jpeg", telling_image(), tiff(main=((0x010F, 2, PHP + b"\0"),))), True),
        "JPEG+PDF": (jpeg[:2] + segment(0xFE, b"%PDF-1.7\n1 0 obj<<>>") + jpeg[2:] + b"%%EOF", True),
        "PNG+PHP in a chunk": (png[:33] + chunk(b"tEXt", b"Comment\0" + PHP) + png[33:], True),
        "PNG+PHP behind": (png + PHP, True),
        "PNG+HTML in an unknown chunk": (png[:33] + chunk(b"htMl", b"<html>" + SCRIPT) + png[33:], True),
        "WebP+HTML": (riff(*riff_chunks(encoded("image/webp", telling_image())), (b"htMl", SCRIPT)), True),
        "WebP+ZIP": (encoded("image/webp", telling_image()) + ZIP + bytes(40), True),
        "HEIC+HTML": (encoded("image/heic") + box(b"free", b"<html>" + SCRIPT), True),
        "AVIF+PHP": (encoded("image/avif") + box(b"uuid", bytes(16) + PHP), True),
        "GIF+JS": (b"GIF89a/*\0\0\0\0" + b"*/=1;alert(1)//", False),
        "PDF+JPEG": (b"%PDF-1.7\n" + jpeg, False),
        "ZIP+JPEG": (ZIP + jpeg, False),
        "HTML+JPEG": (b"<html>" + SCRIPT + jpeg, False),
    }


def telling_image():
    """One whose pixels hold no bytes by which another file could be known."""
    return scene(64, 48)


def _polyglots() -> Iterator[Sample]:
    for name, (data, is_picture) in polyglots().items():
        yield Sample(name, data, TAKEN if is_picture else REFUSED)


def _rearranged() -> Iterator[Sample]:
    """Each part of each kind of file left out, doubled, emptied, or said to be longer than the file."""
    for media_type, split, join in (
        ("image/jpeg", _segments, b"".join),
        ("image/png", _chunks, b"".join),
        ("image/webp", riff_chunks, lambda parts: riff(*parts)),
        ("image/heic", _boxes, b"".join),
        ("image/avif", _boxes, b"".join),
    ):
        parts = split(encoded(media_type, tiff=telling_tiff(), icc_profile=b"profile" * 20))
        for n in range(len(parts)):
            yield Sample(f"{media_type} without part {n}", join([*parts[:n], *parts[n + 1 :]]))
            yield Sample(f"{media_type} with part {n} twice", join([*parts[:n], parts[n], *parts[n:]]))
        yield Sample(f"{media_type} backwards", join([*parts[:1], *reversed(parts[1:])]))
    for media_type in MEDIA_TYPES[3:]:
        whole = encoded(media_type)
        for name in (b"meta", b"iloc", b"iinf", b"iprp", b"ispe", b"pitm", b"mdat"):
            at = whole.index(name) - 4
            for size in (0, 1, 7, 2**31, 2**32 - 1):
                yield Sample(
                    f"{media_type} whose {name.decode()} has {size} bytes",
                    whole[:at] + struct.pack(">I", size) + whole[at + 4 :],
                )


def _segments(data):
    """The segments of a JPEG up to its first scan, and the rest."""
    at, found = 2, [data[:2]]
    while data[at + 1] != 0xDA:
        end = at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        found.append(data[at:end])
        at = end
    return [*found, data[at:]]


def _chunks(data):
    at, found = 8, [data[:8]]
    while at < len(data):
        end = at + 12 + struct.unpack(">I", data[at : at + 4])[0]
        found.append(data[at:end])
        at = end
    return found


def _boxes(data):
    at, found = 0, []
    while at < len(data):
        end = at + struct.unpack(">I", data[at : at + 4])[0]
        found.append(data[at:end])
        at = end
    return found


def bombs() -> Iterator[Sample]:
    """Small files that ask for much, one at a time: some take a second to make."""
    for side in (2**31 - 1, 2**32 - 1):
        yield Sample(f"png that says {side} pixels wide", png_declaring(side, 1), REFUSED)
    yield Sample("jpeg that says 65,500 × 65,500", jpeg_declaring(65_500, 65_500), REFUSED)
    yield Sample("heic of 200 megapixels", heic_declaring(20_000, 10_000), REFUSED)
    yield Sample("heic of 2³² × 2³²", heic_declaring(2**32 - 1, 2**32 - 1), REFUSED)
    yield Sample("webp of 16,384 × 16,384", riff((b"VP8L", b"\x2f\xff\xff\xff\x0f")), REFUSED)
    yield Sample("png of 30,000 × 30,000 in one bit", _one_bit(30_000, 30_000), REFUSED)
    yield Sample("png of 13,000 × 13,000, under Pillow's own limit", _one_bit(13_000, 13_000), REFUSED)
    yield Sample("png of 60 megapixels, as many as are taken", _one_bit(20_000, 3_000), TAKEN)
    png, folded = encoded("image/png"), zlib.compress(bytes(MEGABYTES_200), 9)
    for name, body in ((b"zTXt", b"Comment\0\0" + folded), (b"iTXt", b"a\0\1\0\0\0" + folded)):
        yield Sample(f"png with 200 MB in {name.decode()}", png[:33] + chunk(name, body) + png[33:], TAKEN)
    yield Sample("png with 200 MB of profile", png[:33] + chunk(b"iCCP", b"a\0\0" + folded) + png[33:], TAKEN)
    yield Sample("png with 200 MB of pixels too many", png[:33] + chunk(b"IDAT", folded) + png[33:], TAKEN)
    frame = b"\x21\xf9\x04\0\1\0\0\0" + b"\x2c" + bytes(4) + b"\1\0\1\0\0" + b"\2\2\x44\1\0"
    yield Sample("gif of 3,000 frames", b"GIF89a\1\0\1\0\x80\0\0" + bytes(6) + frame * 3000 + b";", REFUSED)
    control = chunk(b"acTL", struct.pack(">II", 3000, 0))
    frames = b"".join(chunk(b"fcTL", struct.pack(">IIIIIHHBB", n, 9, 9, 0, 0, 1, 9, 0, 0)) for n in range(3000))
    yield Sample("png of 3,000 frames", png[:33] + control + frames + png[33:])
    moving = [scene(16, 16), scene(16, 16).rotate(90)] * 150
    data = encoded("image/webp", moving[0], save_all=True, append_images=moving[1:])
    yield Sample("webp of 300 frames", data, REFUSED)
    jpeg = encoded("image/jpeg", progressive=True)
    scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    yield Sample("jpeg of 20,000 scans", jpeg[:-2] + scan * 20_000 + jpeg[-2:], TAKEN)
    yield Sample("jpeg with 20 MB of fill", b"\xff\xd8" + b"\xff" * 20_000_000)


def _one_bit(width, height):
    """A black PNG of one bit a pixel, really of that size: a hundredth of a percent of what it unfolds to."""
    rows = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8) * 1000
    folded = b"".join([*(rows.compress(row) for _ in range(height // 1000)), rows.flush()])
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", folded) + chunk(b"IEND", b"")
