"""What every picture format has in common: an outline found by walking its structure, and two refusals."""

from mmap import mmap
from typing import Final, Literal, NamedTuple

Bytes = bytes | mmap
"""A file's bytes, read where they lie."""

MOST_PARTS: Final = 100_000
"""A file of millions of empty parts is hostile; a photo of 50 MB in parts of 1 kB has half of this."""
MOST_EXIF: Final = 1 << 20
"""Bytes of EXIF that are looked at. Cameras write some tens of kB."""

MOST_PIXELS: Final = 60_000_000
MOST_SIDE: Final = 20_000
"""More pixels than any phone takes, fewer than a worker can be drowned with (performance.md 4)."""

Reason = Literal["animated", "kind", "no_size", "structure"]


class NotAPicture(Exception):
    """The file is not a picture we take: another kind, no readable pixel size, wrong from the start."""

    def __init__(self, reason: Reason, looks_like: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.looks_like = looks_like
        """Name of what the first bytes say it is ("PDF"), when `reason` is "kind" and we can tell."""


class TooLarge(Exception):
    """The picture declares more pixels than we decode."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(f"{width} x {height}")
        self.width = width
        self.height = height


class Part(NamedTuple):
    """One segment, chunk or box: its name, and where it lies in the file with its header."""

    name: bytes
    start: int
    end: int


class Outline(NamedTuple):
    """A picture's structure as far as it could be followed. Sizes are as stored, not yet turned upright."""

    media_type: str
    width: int
    height: int
    orientation: int | None
    """As in EXIF, where the format itself says it (HEIC, AVIF); None: EXIF says."""
    exif: bytes
    """The TIFF structure of the EXIF data, or b""."""
    parts: list[Part]
    broken: bool
    """The structure breaks off after the pixel size."""


def pixel_size(width: int, height: int) -> tuple[int, int]:
    """Return a declared size as it is, if it is one that we decode."""
    if not (width and height):
        raise NotAPicture("no_size")
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        raise TooLarge(width, height)
    return width, height
