"""Small pictures made for the tests: of every format, with chosen EXIF, and damaged on purpose."""

import io
import random
import re
import struct
import warnings
import zlib
from fractions import Fraction

import pillow_heif
from PIL import Image

SECRET = b"SECRET-4711"
"""Stands in every kind of metadata, so that one search finds whatever was left."""
WIDTH, HEIGHT = 48, 32
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/avif")
STRIPPABLE = MEDIA_TYPES[:3]

pillow_heif.register_heif_opener()
_FORMATS = dict(zip(MEDIA_TYPES, ("JPEG", "PNG", "WEBP", "HEIF", "AVIF"), strict=True))


def scene(width=WIDTH, height=HEIGHT):
    """Grey, with a red upper left corner: one sees which way is up."""
    image = Image.new("RGB", (width, height), (128, 128, 128))
    image.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    return image


def noise(seed, side):
    """A picture like no other, of some three bytes a pixel however it is encoded."""
    return Image.frombytes("RGB", (side, side), random.Random(seed).randbytes(3 * side * side))


def as_stored(upright, orientation):
    """The pixels that a camera stores for this upright picture."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    return upright.transpose(back[orientation]) if orientation in back else upright


def encoded(media_type, image=None, tiff=None, **options):
    """The picture in a format, with a TIFF structure as its EXIF."""
    if tiff is not None:
        # PNG and WebP hold the structure alone, but Pillow wants the name that JPEG puts before it.
        options["exif"] = b"Exif\0\0" + tiff
    if media_type == "image/webp":
        options.setdefault("lossless", True)
    out = io.BytesIO()
    (image or scene()).save(out, _FORMATS[media_type], **options)
    return out.getvalue()


def decoded(data):
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data), formats=[*_FORMATS.values()]) as image:
        image.load()
        return image.copy()


def pixels(data):
    return decoded(data).convert("RGB").tobytes()


# EXIF


def tiff(main=(), details=(), gps=(), order=">", thumbnail=b""):
    """A TIFF structure of tags (tag, type, value): text for 2, numbers for 3 and 4, pairs for 5 and 10."""
    main = list(main)
    size = 8 + 2 + 12 * (len(main) + bool(details) + bool(gps)) + 4
    blocks, at = [], size
    for pointer, tags in ((0x8769, details), (0x8825, gps)):
        if tags:
            block = _table(list(tags), order, at)
            main.append((pointer, 4, at))
            blocks.append(block)
            at += len(block)
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "I", 8)
    table = _table(main, order, 8, at, next_table=at if thumbnail else 0)
    directory, values = table[: size - 8], table[size - 8 :]
    out = head + directory + b"".join(blocks) + values
    if thumbnail:
        # The values of the main table lie before it, so the pointer is moved behind them.
        at = len(out)
        out = out[: size - 4] + struct.pack(order + "I", at) + out[size:]
        out += _table([(0x0201, 4, at + 30), (0x0202, 4, len(thumbnail))], order, at) + thumbnail
    return out


def _table(tags, order, at, values_at=None, next_table=0):
    """One table, with the values that do not fit behind it or at `values_at`."""
    values_at = at + 2 + 12 * len(tags) + 4 if values_at is None else values_at
    entries, values = b"", b""
    for tag, kind, value in tags:
        count, data = _value(kind, value, order)
        if len(data) > 4:
            place = struct.pack(order + "I", values_at + len(values))
            values += data
        else:
            place = data.ljust(4, b"\0")
        entries += struct.pack(order + "HHI", tag, kind, count) + place
    return struct.pack(order + "H", len(tags)) + entries + struct.pack(order + "I", next_table) + values


def _value(kind, value, order):
    if kind == 2:
        data = value if isinstance(value, bytes) else value.encode() + b"\0"
        return len(data), data
    if kind in {3, 4}:
        return 1, struct.pack(order + ("H" if kind == 3 else "I"), value)
    pairs = [(part.numerator, part.denominator) if isinstance(part, Fraction) else part for part in value]
    letter = "i" if kind == 10 else "I"
    return len(pairs), b"".join(struct.pack(order + letter * 2, *pair) for pair in pairs)


def place(latitude=((59, 1), (19, 1), (571, 10)), north="N", longitude=((18, 1), (3, 1), (539, 10)), east="E"):
    """GPS tags; the default is in Stockholm."""
    return ((1, 2, north), (2, 5, latitude), (3, 2, east), (4, 5, longitude))


def telling_tiff(orientation=1):
    """EXIF that says who, where, and with which camera, and shows the face once more in a thumbnail."""
    return tiff(
        main=((0x0112, 3, orientation), (0x010F, 2, SECRET + b" maker\0")),
        details=((0x9003, 2, "2026:07:01 22:15:00"), (0xA430, 2, SECRET + b"\0"), (0xA431, 2, SECRET + b"\0")),
        gps=place(),
        thumbnail=encoded("image/jpeg", scene(16, 8), comment=SECRET),
    )


# The formats' own building blocks


def segment(marker, payload):
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def chunk(name, payload):
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))


def box(name, payload):
    return struct.pack(">I", len(payload) + 8) + name + payload


def riff(*chunks):
    """A WebP file of (name, payload)."""
    body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def riff_chunks(data):
    """The chunks (name, payload) of a WebP file."""
    at, found = 12, []
    while at < len(data):
        name, length = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        found.append((name, data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    return found


def png_declaring(width, height):
    """A PNG of no pixels to speak of that declares this size."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def jpeg_declaring(width, height):
    plain = encoded("image/jpeg")
    at = plain.index(b"\xff\xc0")
    return plain[: at + 5] + struct.pack(">HH", height, width) + plain[at + 9 :]


def heic_declaring(width, height):
    size = b"ispe\0\0\0\0" + struct.pack(">II", width, height)
    return re.sub(rb"ispe.{12}", lambda _: size, encoded("image/heic"), flags=re.DOTALL)


def telling(media_type, orientation=1):
    """A picture with everything in it that must not get out."""
    data = encoded(media_type, as_stored(scene(), orientation), telling_tiff(orientation))
    if media_type == "image/jpeg":
        thumbnail = b"JFIF\0\x01\x02\0\0\x01\0\x01\x04\x01" + SECRET + b"\0"
        told = (
            segment(0xE0, thumbnail)
            + segment(0xE0, b"JFXX\0\x10" + SECRET)
            + data[2 + 18 :][: 4 + len(telling_tiff(orientation)) + 6]
            + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + SECRET)
            + segment(0xE2, b"MPF\0" + SECRET)
            + segment(0xED, b"Photoshop 3.0\0" + SECRET)
            + segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01" + SECRET)
            + segment(0xFE, SECRET)
        )
        rest = data[2 + 18 + 4 + len(telling_tiff(orientation)) + 6 :]
        return b"\xff\xd8" + told + rest + b"ftypmp42" + SECRET
    if media_type == "image/png":
        texts = (
            chunk(b"tEXt", b"Author\0" + SECRET)
            + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(SECRET, 0))
            + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SECRET)
            + chunk(b"tIME", b"\x07\xea\x07\x01\x16\x0f\0")
            + chunk(b"prVt", SECRET)
        )
        return data[:33] + texts + data[33:] + SECRET
    chunks = riff_chunks(data)
    name, head = chunks[0]
    assert name == b"VP8X"
    chunks[0] = (name, bytes([head[0] | 0x04]) + head[1:])
    return riff(*chunks, (b"XMP ", b"<x:xmpmeta>" + SECRET), (b"prVt", SECRET)) + SECRET


def opened(path):
    with Image.open(path, formats=["JPEG"]) as image:
        image.load()
        return image
