"""Photos as a phone takes them: 12 megapixels, 3.9 MB, upright by EXIF, with time and position; no two the same."""

from __future__ import annotations

import io
import random
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 4032, 3024
BYTES = 3_900_000
SCENES = 4
"""Different pictures; what is unique about each photo costs nothing to make and lies in the picture's own bytes."""
QUALITY = 88
MOST_GRAIN, STEPS = 0.5, 9
"""Weight of the sensor's noise, which decides how large the file is at a phone's usual quality; tries to find it."""
SLATE = (112, 120, 128)
QUANTISATION = b"\xff\xdb"
NUDGED = 40
"""Entries of the quantisation table, the finest, that may be one higher: so many bits of uniqueness."""

_ORIENTATION, _MAKE, _EXIF, _TAKEN, _GPS = 0x0112, 0x010F, 0x8769, 0x9003, 0x8825
_ON_ITS_SIDE = 6


def scenes(folder: Path) -> list[bytes]:
    """Return the photos that all others are made from; the first call makes them in `folder`, within some seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{WIDTH}x{HEIGHT}-{BYTES}-{number}.jpg" for number in range(SCENES)]
    for number, path in enumerate(paths):
        if not path.exists():
            new = path.with_suffix(".part")
            new.write_bytes(photo(number))
            new.rename(path)
    return [path.read_bytes() for path in paths]


def photo(number: int, width: int = WIDTH, height: int = HEIGHT, size: int = BYTES) -> bytes:
    """Return a JPEG of a street scene of about `size` bytes: as much grain as there is room for."""
    chance = random.Random(number)
    clear, grain = _street(chance, width, height), _noise(chance, width, height)
    low, high = 0.0, MOST_GRAIN
    for _ in range(STEPS):
        middle = (low + high) / 2
        written = _jpeg(Image.blend(clear, grain, middle))
        low, high = (middle, high) if len(written) <= size else (low, middle)
    return written


def unique(scene: bytes, number: int) -> bytes:
    """Return the photo with its quantisation table nudged: other bytes that no stripping of metadata makes the same."""
    table = scene.index(QUANTISATION) + 5
    nudged = bytearray(scene)
    for bit in range(NUDGED):
        if number >> bit & 1:
            entry = table + 63 - bit
            nudged[entry] += 1 if nudged[entry] < 255 else -1
    return bytes(nudged)


def _street(chance: random.Random, width: int, height: int) -> Image.Image:
    """Clouds, and houses with windows before them."""
    clouds = _noise(chance, max(2, width // 300), max(2, height // 300)).resize((width, height))
    picture = Image.blend(clouds, Image.new("RGB", (width, height), SLATE), 0.75)
    draw, step = ImageDraw.Draw(picture), max(4, width // 90)
    for _ in range(24):
        left, top = chance.randrange(width), chance.randrange(height // 3, height)
        right = left + width // chance.randint(8, 20)
        draw.rectangle((left, top, right, height), _shade(chance))
        for x in range(left + step // 2, right - step // 2, step):
            for y in range(top + step // 2, height, step):
                draw.rectangle((x, y, x + step // 3, y + step // 2), _shade(chance))
    return picture


def _shade(chance: random.Random) -> tuple[int, int, int]:
    red = chance.randrange(40, 200)
    return red, red - chance.randrange(30), red - chance.randrange(30)


def _noise(chance: random.Random, width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), chance.randbytes(3 * width * height))


def _jpeg(picture: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[_MAKE], exif[_ORIENTATION] = "Telefon", _ON_ITS_SIDE
    exif.get_ifd(_EXIF)[_TAKEN] = "2026:11:05 19:30:00"
    exif.get_ifd(_GPS).update({1: "N", 2: (59.0, 14.0, 37.0), 3: "E", 4: (18.0, 5.0, 28.0)})
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY, exif=exif)
    return written.getvalue()
