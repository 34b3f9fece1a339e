"""Which pictures are taken in, what they say of themselves, and the same pictures without their metadata.

A file is known by its bytes, never by its name. Its structure is followed to the end without decoding a pixel,
so a hostile file costs no more than its own length (reliability.md P1-P7). Words for people are chosen at the edge.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO, Final

from core.media import exif, heif, jpeg, png, webp
from core.media.outline import MOST_PIXELS, MOST_SIDE, Bytes, NotAPicture, Outline, Part, Reason, TooLarge

__all__ = ["MOST_PIXELS", "MOST_SIDE", "NotAPicture", "Picture", "Reason", "TooLarge", "inspect", "is_sealed", "strip"]

_ON_ITS_SIDE: Final = 5
"""Orientations 5-8 change places of width and height."""

_Stripper = Callable[[Bytes, list[Part], int], Iterable[Part | bytes]]
_STRIPPERS: Final[dict[str, _Stripper]] = {
    "image/jpeg": jpeg.without_metadata,
    "image/png": png.without_metadata,
    "image/webp": webp.without_metadata,
}

_LOOKS: Final = (
    (b"GIF8", "GIF"), (b"BM", "BMP"), (b"%PDF", "PDF"), (b"%!PS", "EPS"), (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"PK\x03\x04", "ZIP"), (b"8BPS", "Photoshop"),
    (b"\0\0\1\0", "ICO"), (b"\xff\x0a", "JPEG XL"), (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"), (b"\xff\x4f\xff\x51", "JPEG 2000"), (b"\x7fELF", "ELF"), (b"MZ", "EXE"),
)  # fmt: skip
"""First bytes of files that people send instead of photos."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture says of itself. It may lie, and it may still turn out not to be readable."""

    media_type: str
    width: int
    height: int
    """Pixels, upright."""
    orientation: int
    """1-8 as in EXIF: how the stored pixels are to be turned."""
    taken_raw: str | None
    taken_offset: str | None
    """EXIF's time and zone as they stand there, at most 64 characters."""
    taken_at: datetime | None
    """UTC. Without a zone the time is taken to be Stockholm's."""
    taken_ambiguous: bool
    """No zone, and Stockholm's clock showed this hour twice or never."""
    latitude: float | None
    longitude: float | None
    position_note: exif.PositionNote | None
    """Why a position that the file holds is not used. Whether one lies in the city is asked elsewhere."""
    direction: float | None
    """Degrees clockwise from north."""
    broken: bool
    """The structure breaks off after the pixel size: received, and probably not readable."""
    parts: list[Part] = field(repr=False, compare=False)
    """Where its segments, chunks or boxes lie."""

    @property
    def sealed(self) -> bool:
        """Its metadata cannot be taken out here: nobody sees the file itself until it has been re-encoded."""
        return is_sealed(self.media_type)


def is_sealed(media_type: str) -> bool:
    """Whether files of this type are kept as they came until they are re-encoded."""
    return media_type not in _STRIPPERS


def inspect(source: Path | bytes) -> Picture:
    """Walk the structure of a file, or of what would be one, to its end. Raise `NotAPicture` or `TooLarge`."""
    with _mapped(source) as data:
        found = _outline(data)
    said = exif.read(found.exif)
    orientation = found.orientation or said.orientation
    on_its_side = orientation >= _ON_ITS_SIDE
    width, height = (found.height, found.width) if on_its_side else (found.width, found.height)
    return Picture(
        media_type=found.media_type,
        width=width,
        height=height,
        orientation=orientation,
        taken_raw=said.taken.raw,
        taken_offset=said.taken.offset,
        taken_at=said.taken.at,
        taken_ambiguous=said.taken.ambiguous,
        latitude=said.position.latitude,
        longitude=said.position.longitude,
        position_note=said.position.note,
        direction=said.direction,
        broken=found.broken,
        parts=found.parts,
    )


def strip(source: Path | bytes, target: BinaryIO, picture: Picture) -> None:
    """Write the picture that `inspect` found in `source` without metadata, its pixels' bytes as they were, upright.

    What lies behind the picture's end (a film, a second picture, an archive) is left out. Not for a sealed one.
    """
    if picture.sealed:
        raise ValueError(picture.media_type)
    with _mapped(source) as data, memoryview(data) as view:
        pieces = _STRIPPERS[picture.media_type](data, picture.parts, picture.orientation)
        for piece in _joined(pieces):
            if isinstance(piece, bytes):
                target.write(piece)
            else:
                with view[piece.start : piece.end] as run:
                    target.write(run)


@contextmanager
def _mapped(source: Path | bytes) -> Iterator[Bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        if not file.read(1):
            raise NotAPicture("kind")
        with mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            yield data


def _outline(data: Bytes) -> Outline:
    head = data[:32]
    if head.startswith(b"\xff\xd8\xff"):
        return jpeg.outline(data)
    if head.startswith(png.SIGNATURE):
        return png.outline(data)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return webp.outline(data)
    if head[4:8] == b"ftyp":
        if heif.is_still(data):
            return heif.outline(data)
        raise NotAPicture("kind", "film")
    raise NotAPicture("kind", _looks_like(data[:1024]))


def _looks_like(start: bytes) -> str | None:
    for first, name in _LOOKS:
        if start.startswith(first):
            return name
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<"):
        return "SVG" if b"<svg" in text else "HTML" if b"<html" in text or b"<!doctype html" in text else "XML"
    return None


def _joined(pieces: Iterable[Part | bytes]) -> Iterator[Part | bytes]:
    """Join parts that lie side by side, so that a picture of many small ones is few writes."""
    held: Part | None = None
    for piece in pieces:
        if held is not None and isinstance(piece, Part) and piece.start == held.end:
            held = held._replace(end=piece.end)
            continue
        if held is not None:
            yield held
            held = None
        if isinstance(piece, bytes):
            yield piece
        else:
            held = piece
    if held is not None:
        yield held
