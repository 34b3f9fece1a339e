"""The ground of a map on paper: tiles of the installation's own map file (PMTiles), read here without a network.

Other base maps lie on servers that only browsers ask; without a file of its own a map is drawn on plain ground.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pmtiles.reader import Reader
from pmtiles.tile import TileType

from core import base_maps
from core.base_maps import FOLDER, OWN
from core.documents.drawn_map import Box, Picture
from core.settings import Settings

HALF_ROUND = 20_037_508.342789244
"""Metres from Greenwich to the antimeridian in Web Mercator."""
MOST_TILES = 40
"""Tiles of a map: of 256 pixels they are 2,000 across, which is 300 dots an inch on the largest."""
KINDS = {
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
    TileType.AVIF: "image/avif",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ground:
    """Where tiles lie on the map, what is in them (content, media type) by the name of their part, whose they are."""

    pictures: list[Picture] = field(default_factory=list)
    files: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)
    attribution: str = ""


def ground_of(box: Box | None, settings: Settings) -> Ground:
    """Return the tiles that cover `box`; none without a map file, or from one that cannot be read."""
    found = _own_file(settings)
    if box is None or found is None:
        return Ground()
    path, attribution = found
    try:
        with path.open("rb") as file:
            pictures, files = _tiles(Reader(lambda offset, length: _read(file, offset, length)), box)
    except Exception:  # whatever is wrong with the file, a document is made on plain ground
        log.warning("the map file %s cannot be read", path.name, exc_info=True)
        return Ground()
    return Ground(pictures, files, attribution if pictures else "")


def _own_file(settings: Settings) -> tuple[Path, str] | None:
    for layer in base_maps.read(settings.base_maps, settings.data_dir):
        if layer["kind"] == "pmtiles" and layer["url"].startswith(OWN):
            return settings.data_dir / FOLDER / layer["url"].removeprefix(OWN), layer["attribution"]
    return None


def _read(file: BinaryIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)


def _tiles(reader: Reader, box: Box) -> tuple[list[Picture], dict[str, tuple[bytes, str]]]:
    header = reader.header()
    kind = KINDS[header["tile_type"]]
    for zoom in range(header["max_zoom"], header["min_zoom"] - 1, -1):
        side = 2 * HALF_ROUND / 2**zoom
        columns = range(math.floor((box[0] + HALF_ROUND) / side), math.floor((box[2] + HALF_ROUND) / side) + 1)
        rows = range(math.floor((HALF_ROUND - box[3]) / side), math.floor((HALF_ROUND - box[1]) / side) + 1)
        if len(columns) * len(rows) <= MOST_TILES:
            break
    else:
        return [], {}
    pictures, files = [], {}
    for x in columns:
        for y in rows:
            if content := reader.get(zoom, x, y):
                west, north, name = x * side - HALF_ROUND, HALF_ROUND - y * side, f"tile-{x}-{y}"
                pictures.append(Picture(name, (west, north - side, west + side, north)))
                files[name] = bytes(content), kind
    return pictures, files
