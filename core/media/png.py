"""PNG: a signature, then chunks of length, name, data and checksum."""

# ruff: noqa: PLR2004 - sizes and places are those of the format

from collections.abc import Iterator
from typing import Final
from zlib import crc32

from core.media.exif import only_orientation
from core.media.outline import MOST_EXIF, MOST_PARTS, Bytes, NotAPicture, Outline, Part, pixel_size

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER_END: Final = len(SIGNATURE) + 25
_KEPT: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"cHRM", b"gAMA", b"iCCP", b"pHYs", b"sBIT", b"sRGB", b"tRNS"}
)
"""What a decoder needs to show it right. Texts, times, animation and unknown chunks are not among them."""


def outline(data: Bytes) -> Outline:
    """Follow the chunks to IEND. Nothing is inflated: a bomb of any kind stays folded."""
    width, height = _size(data)
    exif = b""
    pixels = False
    parts = [Part(b"IHDR", len(SIGNATURE), _HEADER_END)]
    while parts[-1].name != b"IEND" and len(parts) < MOST_PARTS:
        start = parts[-1].end
        end = start + 12 + int.from_bytes(data[start : start + 4], "big")
        name = data[start + 4 : start + 8]
        if not (len(name) == 4 and name.isalpha() and name.isascii()):
            break
        if end > len(data):
            if name == b"IDAT":
                parts.append(Part(name, start, len(data)))
            break
        if name == b"eXIf" and not exif:
            exif = data[start + 8 : min(end - 4, start + 8 + MOST_EXIF)]
        pixels = pixels or name == b"IDAT"
        parts.append(Part(name, start, end))
    broken = not pixels or parts[-1].name != b"IEND"
    return Outline("image/png", width, height, orientation=None, exif=exif, parts=parts, broken=broken)


def without_metadata(data: Bytes, parts: list[Part], orientation: int) -> Iterator[Part | bytes]:
    """The critical chunks and those for colour and density; eXIf with the orientation alone."""
    del data
    yield SIGNATURE
    for part in parts:
        if part.name in _KEPT:
            yield part
        elif part.name == b"eXIf" and orientation != 1:
            exif = only_orientation(orientation)
            yield len(exif).to_bytes(4, "big") + b"eXIf" + exif + crc32(b"eXIf" + exif).to_bytes(4, "big")
            orientation = 1


def _size(data: Bytes) -> tuple[int, int]:
    header = data[len(SIGNATURE) : _HEADER_END]
    if len(header) < 25 or header[:8] != b"\0\0\0\x0dIHDR":
        raise NotAPicture("structure")
    if crc32(header[4:21]) != int.from_bytes(header[21:], "big"):
        raise NotAPicture("no_size")
    return pixel_size(int.from_bytes(header[8:12], "big"), int.from_bytes(header[12:16], "big"))
