"""WebP: a RIFF file of chunks; only one with a VP8X chunk first may carry metadata."""

# ruff: noqa: PLR2004 - sizes and places are those of the format

from collections.abc import Iterator
from typing import Final

from core.media.exif import only_orientation
from core.media.outline import MOST_EXIF, MOST_PARTS, Bytes, NotAPicture, Outline, Part, pixel_size

_PIXELS: Final = frozenset({b"VP8 ", b"VP8L"})
_KEPT: Final = frozenset({*_PIXELS, b"ALPH", b"ICCP"})
_ANIMATED, _XMP, _EXIF = 0x02, 0x04, 0x08


def outline(data: Bytes) -> Outline:
    """Follow the chunks to the end that RIFF declares. An animation is refused: it is no photo."""
    declared = 8 + int.from_bytes(data[4:8], "little")
    end_of_file = min(declared, len(data))
    exif = b""
    parts: list[Part] = []
    at = 12
    while at + 8 <= end_of_file and len(parts) < MOST_PARTS:
        name = data[at : at + 4]
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if end > end_of_file and name not in _PIXELS:
            break
        if name in {b"ANIM", b"ANMF"}:
            raise NotAPicture("animated")
        if name == b"EXIF" and not exif:
            exif = data[at + 8 : min(at + 8 + length, at + 8 + MOST_EXIF)].removeprefix(b"Exif\0\0")
        parts.append(Part(name, at, min(end, end_of_file)))
        at = end
    if not parts:
        raise NotAPicture("structure")
    broken = at != declared or declared > len(data) or not any(part.name in _PIXELS for part in parts)
    if parts[0].name != b"VP8X":
        exif = b""
    size = _size(data, parts[0])
    return Outline("image/webp", *size, orientation=None, exif=exif, parts=parts, broken=broken)


def without_metadata(data: Bytes, parts: list[Part], orientation: int) -> Iterator[Part | bytes]:
    """Pixels, transparency and colour profile; flags put right; EXIF with the orientation alone.

    VP8X counts where it stands first, as in `outline`; another one may be of any length and is left out.
    """
    kept: list[Part | bytes] = []
    for part in parts:
        if part.name in _KEPT:
            kept.append(part)
        elif part.name == b"VP8X" and part is parts[0]:
            flags = data[part.start + 8] & ~(_XMP | _EXIF) | (_EXIF if orientation != 1 else 0)
            kept.append(b"VP8X\x0a\0\0\0" + bytes([flags]) + data[part.start + 9 : part.start + 18])
        elif part.name == b"EXIF" and orientation != 1:
            exif = only_orientation(orientation)
            kept.append(b"EXIF" + len(exif).to_bytes(4, "little") + exif)
            orientation = 1
    length = sum(len(piece) if isinstance(piece, bytes) else piece.end - piece.start for piece in kept)
    yield b"RIFF" + (4 + length).to_bytes(4, "little") + b"WEBP"
    yield from kept


def _size(data: Bytes, first: Part) -> tuple[int, int]:
    """Pixels across and down, from the canvas (VP8X) or from the picture itself."""
    head = data[first.start + 8 : min(first.start + 18, first.end)]
    if first.name == b"VP8X" and len(head) == 10:
        if head[0] & _ANIMATED:
            raise NotAPicture("animated")
        return pixel_size(1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little"))
    if first.name == b"VP8L" and len(head) >= 5 and head[0] == 0x2F:
        bits = int.from_bytes(head[1:5], "little")
        return pixel_size(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if first.name == b"VP8 " and len(head) == 10 and head[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        return pixel_size(width, height)
    raise NotAPicture("no_size")
