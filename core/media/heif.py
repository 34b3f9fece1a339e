"""HEIC and AVIF: boxes in boxes. The box "meta" says which item is the picture, how large, and where it lies."""

# ruff: noqa: PLR2004 - sizes and places are those of the format

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Final, NamedTuple

from core.media.outline import MOST_EXIF, MOST_PARTS, Bytes, NotAPicture, Outline, Part, pixel_size

_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_AVIF: Final = frozenset({b"avif", b"avis"})
_STILL: Final = _HEIC | _AVIF | {b"mif1", b"msf1", b"miaf"}
_CODED: Final = {b"hvc1": "image/heic", b"av01": "image/avif"}
_DERIVED: Final = frozenset({b"grid", b"iden", b"iovl"})
_MOST_META: Final = 1 << 20
"""Bytes of "meta"; phones write some kB. Bounds every table inside."""
_IN_FILE, _IN_META = 0, 1

_ORIENTATIONS: Final = {
    (0, None): 1, (0, 1): 2, (2, None): 3, (0, 0): 4, (1, 0): 5, (3, 1): 5,
    (3, None): 6, (1, 1): 7, (3, 0): 7, (1, None): 8, (2, 0): 2, (2, 1): 4,
}  # fmt: skip
"""EXIF's number for (quarter turns to the left, then mirrored: 1 left-right, 0 top-bottom)."""


class _Extents(NamedTuple):
    """Where an item's bytes lie: (offset, length) in the file or in the box "idat"."""

    method: int
    ranges: list[tuple[int, int]]


def is_still(data: Bytes) -> bool:
    """Say whether the file begins with a brand of still pictures (others are films)."""
    return not _STILL.isdisjoint(_brands(data))


def outline(data: Bytes) -> Outline:
    """Follow the boxes of the file, and inside "meta" the primary item: its kind, size, turn and bytes."""
    parts: list[Part] = []
    with suppress(NotAPicture):  # the file may break off behind "meta"
        for part, _ in islice(_boxes(data, 0, len(data)), MOST_PARTS):
            parts.append(part)
    meta = next((part for part in parts if part.name == b"meta"), None)
    if meta is None or meta.end - meta.start > _MOST_META:
        raise NotAPicture("structure")
    inside = {box.name: _Cursor(data, body, box.end) for box, body in _boxes(data, _body(data, meta) + 4, meta.end)}
    try:
        primary = _primary(inside[b"pitm"])
        kinds = _item_kinds(inside[b"iinf"])
        places = _item_places(inside[b"iloc"])
        properties = _properties(inside[b"iprp"], primary)
    except KeyError:
        raise NotAPicture("structure") from None
    media_type = _media_type(kinds.get(primary, b""), _brands(data))
    width, height, orientation = _shape(properties)
    exif_item = next((item for item, kind in kinds.items() if kind == b"Exif"), None)
    exif = _tiff(_bytes_of(data, places.get(exif_item), inside.get(b"idat"))) if exif_item is not None else b""
    whole = parts[-1].end == len(data) and primary in places
    broken = not (whole and all(_lies_within(data, place) for place in places.values()))
    return Outline(media_type, width, height, orientation, exif, parts, broken)


class _Cursor:
    """Reads numbers one after the other; past the end of its box the structure is wrong."""

    def __init__(self, data: Bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end

    def take(self, size: int) -> bytes:
        if self.at + size > self.end:
            raise NotAPicture("structure")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def version(self) -> tuple[int, int]:
        """Return version and flags, with which a "full" box begins."""
        return self.number(1), self.number(3)


def _boxes(data: Bytes, at: int, end: int) -> Iterator[tuple[Part, int]]:
    """Yield each box between `at` and `end` with where its body begins."""
    while at < end:
        cursor = _Cursor(data, at, end)
        size, name = cursor.number(4), cursor.take(4)
        if size == 1:
            size = cursor.number(8)
        elif size == 0:
            size = end - at
        if size < cursor.at - at or size > end - at:
            raise NotAPicture("structure")
        yield Part(name, at, at + size), cursor.at
        at += size


def _body(data: Bytes, box: Part) -> int:
    return box.start + (16 if data[box.start : box.start + 4] == b"\0\0\0\1" else 8)


def _brands(data: Bytes) -> frozenset[bytes]:
    """Return the brands of the box "ftyp", the first of the file; at most some thirty."""
    if data[4:8] != b"ftyp":
        return frozenset()
    end = min(int.from_bytes(data[:4], "big"), len(data), 144)
    return frozenset(data[at : at + 4] for at in range(8, end - 3, 4) if at != 12)


def _primary(pitm: _Cursor) -> int:
    version, _ = pitm.version()
    return pitm.number(4 if version else 2)


def _item_kinds(iinf: _Cursor) -> dict[int, bytes]:
    version, _ = iinf.version()
    iinf.number(4 if version else 2)
    kinds = {}
    for box, body in _boxes(iinf.data, iinf.at, iinf.end):
        entry = _Cursor(iinf.data, body, box.end)
        entry_version, _ = entry.version()
        if box.name == b"infe" and entry_version >= 2:
            item = entry.number(2 if entry_version == 2 else 4)
            entry.number(2)
            kinds[item] = entry.take(4)
    return kinds


def _item_places(iloc: _Cursor) -> dict[int, _Extents]:
    version, _ = iloc.version()
    sizes = iloc.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    id_size = 2 if version < 2 else 4
    places: dict[int, _Extents] = {}
    found = 0
    for _ in range(iloc.number(id_size)):
        item = iloc.number(id_size)
        method = iloc.number(2) & 15 if version else _IN_FILE
        iloc.number(2)
        base = iloc.number(base_size)
        count = iloc.number(2)
        found += count
        if found > MOST_PARTS:  # extents may be zero bytes each, so that the box does not bound them
            raise NotAPicture("structure")
        ranges = []
        for _ in range(count):
            iloc.number(index_size if version else 0)
            ranges.append((base + iloc.number(offset_size), iloc.number(length_size)))
        places[item] = _Extents(method, ranges)
    return places


def _properties(iprp: _Cursor, item: int) -> list[tuple[bytes, _Cursor]]:
    """Return the properties of an item, in the order in which they are to be applied."""
    shared: list[tuple[bytes, _Cursor]] = []
    numbers: list[int] = []
    for box, body in _boxes(iprp.data, iprp.at, iprp.end):
        if box.name == b"ipco":
            shared += [(p.name, _Cursor(iprp.data, at, p.end)) for p, at in _boxes(iprp.data, body, box.end)]
        elif box.name == b"ipma":
            numbers += _property_numbers(_Cursor(iprp.data, body, box.end), item)
    return [shared[number - 1] for number in numbers if 0 < number <= len(shared)]


def _property_numbers(ipma: _Cursor, wanted: int) -> list[int]:
    version, flags = ipma.version()
    size = 2 if flags & 1 else 1
    numbers: list[int] = []
    for _ in range(ipma.number(4)):
        item = ipma.number(4 if version else 2)
        # The top bit says "essential"; the rest is the number.
        of_item = [ipma.number(size) & (0x7FFF if size == 2 else 0x7F) for _ in range(ipma.number(1))]
        if item == wanted:
            numbers += of_item
    return numbers


def _media_type(kind: bytes, brands: frozenset[bytes]) -> str:
    if kind in _DERIVED:
        return "image/heic" if _AVIF.isdisjoint(brands) else "image/avif"
    if kind not in _CODED:
        raise NotAPicture("kind")
    return _CODED[kind]


def _shape(properties: list[tuple[bytes, _Cursor]]) -> tuple[int, int, int]:
    """Width and height after cropping (clap) but before turning, and the turn as EXIF's number."""
    width = height = turns = 0
    mirror: int | None = None
    for name, cursor in properties:
        if name == b"ispe":
            cursor.version()
            width, height = pixel_size(cursor.number(4), cursor.number(4))
        elif name == b"clap":
            wide, wide_under, high, high_under = (cursor.number(4) for _ in range(4))
            if wide_under and high_under:
                width, height = min(width, wide // wide_under), min(height, high // high_under)
        elif name == b"irot":
            turns = cursor.number(1) & 3
        elif name == b"imir":
            mirror = cursor.number(1) & 1
    return *pixel_size(width, height), _ORIENTATIONS[turns, mirror]


def _lies_within(data: Bytes, place: _Extents) -> bool:
    return place.method != _IN_FILE or all(offset + length <= len(data) for offset, length in place.ranges)


def _bytes_of(data: Bytes, place: _Extents | None, idat: _Cursor | None) -> bytes:
    """Return an item's bytes, at most `MOST_EXIF`; b"" if it lies where we do not look."""
    if place is None or (place.method == _IN_META and idat is None) or place.method > _IN_META:
        return b""
    start, end = (idat.at, idat.end) if idat is not None and place.method == _IN_META else (0, len(data))
    found = bytearray()
    for offset, length in place.ranges:
        at = min(start + offset, end)
        found += data[at : min(at + length, end, at + MOST_EXIF - len(found))]
    return bytes(found)


def _tiff(item: bytes) -> bytes:
    """Return the TIFF structure of an Exif item: four bytes say how far behind them it begins."""
    tiff = item[4 + int.from_bytes(item[:4], "big") :]
    return tiff.removeprefix(b"Exif\0\0")
