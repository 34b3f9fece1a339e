"""JPEG: segments that each begin with 0xFF and a marker; entropy-coded data follows a start of scan."""

# ruff: noqa: PLR2004 - sizes and places are those of the format

import re
from collections.abc import Iterator
from typing import Final

from core.media.exif import only_orientation
from core.media.outline import MOST_EXIF, MOST_PARTS, Bytes, NotAPicture, Outline, Part, pixel_size

_MARKER = re.compile(rb"\xff[^\x00\xff]")
"""What lies before it is fill or junk, skipped as every decoder does: some cameras miscount a segment."""
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""The first marker that is neither a stuffed 0xFF nor a restart: there the entropy-coded data ends."""

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_JFIF, _EXIF, _ICC, _ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8), _END})
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NEEDED: Final = (frozenset(range(0xC0, 0xD0)) - {0xC8}) | frozenset(range(0xD9, 0xE0))
"""What a decoder needs: frames, tables, scans. Comments and application segments are not among them."""


def outline(data: Bytes) -> Outline:
    """Follow the segments to the end-of-image marker. What lies behind it is no part of the picture."""
    size: tuple[int, int] | None = None
    exif = b""
    parts: list[Part] = []
    at, whole = 2, False
    while not whole and len(parts) < MOST_PARTS and (part := _segment(data, at)) is not None:
        marker = part.name[0]
        if marker in _FRAMES:
            if size is not None:
                break
            size = _size(data, part)
        elif marker == _EXIF and not exif and _says(data, part, b"Exif\0\0"):
            exif = data[part.start + 10 : min(part.end, part.start + MOST_EXIF)]
        parts.append(part)
        at, whole = part.end, marker == _END
    if size is None:
        raise NotAPicture("no_size" if whole else "structure")
    return Outline("image/jpeg", *size, orientation=None, exif=exif, parts=parts, broken=not whole)


def without_metadata(data: Bytes, parts: list[Part], orientation: int) -> Iterator[Part | bytes]:
    """Frames, tables and scans as they are; JFIF, Adobe and ICC; EXIF with the orientation alone."""
    yield b"\xff\xd8"
    for part in parts:
        marker = part.name[0]
        if marker in _NEEDED or (marker == _ICC and _says(data, part, b"ICC_PROFILE\0")):
            yield part
        elif marker == _JFIF and _says(data, part, b"JFIF\0") and part.end - part.start >= 18:
            # Its last two bytes are the size of a thumbnail, which is left out.
            yield b"\xff\xe0\x00\x10" + data[part.start + 4 : part.start + 16] + b"\0\0"
        elif marker == _ADOBE and _says(data, part, b"Adobe") and part.end - part.start >= 16:
            yield b"\xff\xee\x00\x0e" + data[part.start + 4 : part.start + 16]
        elif marker == _EXIF and orientation != 1 and _says(data, part, b"Exif\0\0"):
            exif = b"Exif\0\0" + only_orientation(orientation)
            yield b"\xff\xe1" + (2 + len(exif)).to_bytes(2, "big") + exif
            orientation = 1


def _segment(data: Bytes, at: int) -> Part | None:
    """The next segment, with the entropy-coded data if it starts a scan; None where the file breaks off."""
    found = _MARKER.search(data, at)
    if found is None:
        return None
    start, end, marker = found.start(), found.end(), data[found.end() - 1]
    if marker not in _ALONE:
        length = int.from_bytes(data[end : end + 2], "big")
        end += length
        if marker == _START or length < 2 or end > len(data):
            return None
    if marker == _SCAN:
        after = _AFTER_SCAN.search(data, end)
        end = after.start() if after else len(data)
    return Part(bytes([marker]), start, end)


def _size(data: Bytes, frame: Part) -> tuple[int, int]:
    if frame.end - frame.start < 11:
        raise NotAPicture("no_size")
    height = int.from_bytes(data[frame.start + 5 : frame.start + 7], "big")
    width = int.from_bytes(data[frame.start + 7 : frame.start + 9], "big")
    return pixel_size(width, height)


def _says(data: Bytes, part: Part, name: bytes) -> bool:
    return data[part.start + 4 : min(part.start + 4 + len(name), part.end)] == name
