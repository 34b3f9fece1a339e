"""EXIF: which way is up, when and where the photo was taken. A TIFF structure of which three tables are read.

No table points us to another of its kind, so nothing can loop; every count is bounded by the bytes there are.
"""

# ruff: noqa: PLR2004 - sizes and places are those of the format

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Literal, NamedTuple

from core.clock import STOCKHOLM
from core.schema.times import YEARS

_ORIENTATION, _EXIF_TABLE, _GPS_TABLE = 0x0112, 0x8769, 0x8825
_TAKEN: Final = ((0x9003, 0x9011), (0x9004, 0x9012))
"""Time and its zone: of the photo, else of its digitising. Not 0x0132, which editing changes."""
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE, _DIRECTION = 1, 2, 3, 4, 17

_TEXT, _SHORT, _LONG, _RATIONAL, _SIGNED_RATIONAL = 2, 3, 4, 5, 10
_WIDTHS: Final = {1: 1, _TEXT: 1, _SHORT: 2, _LONG: 4, _RATIONAL: 8, 7: 1, _SIGNED_RATIONAL: 8}
_MOST_TEXT: Final = 64

PositionNote = Literal["incomplete", "out_of_range", "zero", "zero_denominator"]


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees in WGS 84; both None, and a note why, when EXIF holds a position that cannot be one."""

    latitude: float | None = None
    longitude: float | None = None
    note: PositionNote | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """When the photo was taken: EXIF's own strings, and the moment in UTC when they are one."""

    raw: str | None = None
    offset: str | None = None
    at: datetime | None = None
    ambiguous: bool = False
    """No zone is given, and Stockholm's clock showed this hour twice or never (domain.md: summer time)."""


@dataclass(frozen=True, slots=True)
class Exif:
    """What is read. Everything has a value for a photo that says nothing."""

    orientation: int = 1
    taken: Taken = Taken()
    position: Position = Position()
    direction: float | None = None
    """Degrees clockwise from north, 0 <= d < 360, where the camera pointed."""


def read(tiff: bytes) -> Exif:
    """Read a TIFF structure. What is missing, damaged or nonsense is left out, never an exception."""
    order: Literal["little", "big"] | None = {b"II*\0": "little", b"MM\0*": "big"}.get(tiff[:4])  # type: ignore[assignment]
    if order is None:
        return Exif()
    main = _Table(tiff, order, int.from_bytes(tiff[4:8], order))
    details, gps = main.table(_EXIF_TABLE), main.table(_GPS_TABLE)
    orientation = main.whole(_ORIENTATION) or 0
    return Exif(
        orientation=orientation if 1 <= orientation <= 8 else 1,
        taken=next((_taken(details, *tags) for tags in _TAKEN if details.text(tags[0])), Taken()),
        position=_position(gps),
        direction=_direction(gps),
    )


def only_orientation(orientation: int) -> bytes:
    """Return the smallest TIFF structure: one table with one tag."""
    return b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + orientation.to_bytes(2, "big") + b"\0\0" + b"\0\0\0\0"


class _Ratio(NamedTuple):
    over: int
    under: int


class _Table:
    """One table (IFD) of tags. Missing tags, wrong types and values outside the data give None or nothing."""

    def __init__(self, tiff: bytes, order: Literal["little", "big"], at: int) -> None:
        self._tiff, self._order = tiff, order
        count = self._int(at, 2) if at else 0
        starts = range(at + 2, min(at + 2 + 12 * count, len(tiff) - 11), 12)
        self._entries = {self._int(start, 2): start for start in starts}

    def whole(self, tag: int) -> int | None:
        kind, data = self._value(tag)
        return int.from_bytes(data[: _WIDTHS[kind]], self._order) if data and kind in {_SHORT, _LONG} else None

    def text(self, tag: int) -> str | None:
        kind, data = self._value(tag)
        said = data[:_MOST_TEXT].split(b"\0")[0].decode("ascii", "replace")
        return said if kind == _TEXT and said.strip() else None

    def ratios(self, tag: int) -> list[_Ratio]:
        kind, data = self._value(tag)
        if kind not in {_RATIONAL, _SIGNED_RATIONAL}:
            return []
        signed = kind == _SIGNED_RATIONAL
        numbers = [int.from_bytes(data[i : i + 4], self._order, signed=signed) for i in range(0, len(data), 4)]
        return [_Ratio(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)][:3]

    def table(self, tag: int) -> "_Table":
        return _Table(self._tiff, self._order, self.whole(tag) or 0)

    def has(self, tag: int) -> bool:
        return tag in self._entries

    def _value(self, tag: int) -> tuple[int, bytes]:
        start = self._entries.get(tag)
        if start is None:
            return 0, b""
        kind = self._int(start + 2, 2)
        size = _WIDTHS.get(kind, 0) * self._int(start + 4, 4)
        at = start + 8 if size <= 4 else self._int(start + 8, 4)
        return kind, self._tiff[at : at + size] if at + size <= len(self._tiff) else b""

    def _int(self, at: int, size: int) -> int:
        return int.from_bytes(self._tiff[at : at + size], self._order)


def _taken(details: _Table, time_tag: int, zone_tag: int) -> Taken:
    raw, offset = details.text(time_tag), details.text(zone_tag)
    zone = re.fullmatch(r"([+-])([01]\d):([0-5]\d)", (offset or "").strip().replace("Z", "+00:00"))
    try:
        local = datetime.strptime((raw or "").strip(), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone is next
        if local.year not in YEARS:  # near the ends of the calendar a moment has no time in another zone
            return Taken(raw, offset)
        if zone:
            east = timedelta(hours=int(zone[2]), minutes=int(zone[3]))
            given = local.replace(tzinfo=timezone(-east if zone[1] == "-" else east))
            return Taken(raw, offset, given.astimezone(UTC))
        first, second = (local.replace(tzinfo=STOCKHOLM, fold=fold) for fold in (0, 1))
        return Taken(raw, offset, first.astimezone(UTC), ambiguous=first.utcoffset() != second.utcoffset())
    except (ValueError, OverflowError):
        return Taken(raw, offset)


def _position(gps: _Table) -> Position:
    if not (gps.has(_LATITUDE) or gps.has(_LONGITUDE)):
        return Position()
    latitude, longitude = gps.ratios(_LATITUDE), gps.ratios(_LONGITUDE)
    south = {"N": 1, "S": -1}.get((gps.text(_LATITUDE_REF) or "").strip()[:1].upper())
    west = {"E": 1, "W": -1}.get((gps.text(_LONGITUDE_REF) or "").strip()[:1].upper())
    if not (latitude and longitude and south and west):
        return Position(note="incomplete")
    if any(ratio.under == 0 for ratio in latitude + longitude):
        return Position(note="zero_denominator")
    north, east = _degrees(latitude, 90), _degrees(longitude, 180)
    if north is None or east is None:
        return Position(note="out_of_range")
    if north == 0 and east == 0:
        return Position(note="zero")
    return Position(latitude=south * north, longitude=west * east)


def _degrees(ratios: list[_Ratio], most: int) -> float | None:
    """Degrees, minutes, seconds as one number; None if a part is negative or the whole more than `most`."""
    parts = [ratio.over / ratio.under for ratio in ratios]
    whole = sum(part / 60**power for power, part in enumerate(parts))
    sound = all(part >= 0 for part in parts) and all(part <= 60 for part in parts[1:])
    return whole if sound and whole <= most else None


def _direction(gps: _Table) -> float | None:
    ratio = next(iter(gps.ratios(_DIRECTION)), None)
    if ratio is None or ratio.under == 0 or not 0 <= ratio.over / ratio.under <= 360:
        return None
    return ratio.over / ratio.under % 360
