"""Base maps: what lies under places and areas in the map, listed in a TOML file of the installation's own.

None is needed: without one the map draws the city's areas on plain ground. docs/how-to/base-maps.md shows the file.
Nothing is asked of the map servers here; the browser does that, and only of those that the file names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

FOLDER = "maps"
"""Under DATA_DIR: where an installation puts map files of its own."""
OWN = "/kartor/"
"""The address under which those files are served."""
MERCATOR = "EPSG:3857"
GRIDS = frozenset({MERCATOR, *(f"EPSG:{code}" for code in range(3006, 3019))})
"""Web Mercator, SWEREF 99 TM and the twelve local zones; the map draws in the one of the first layer."""
MAX_BYTES = 100_000

_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_FILE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*\.pmtiles")
_HEAD = re.compile(rb"PMTiles\x03")
_TILE_TYPE = 99
"""The byte in a PMTiles file that says what its tiles are: 1 is vectors, 2 to 5 are pictures."""


class BaseMapsRefused(Exception):
    """The file of base maps cannot be used; the message says which layer, and what to write instead."""


@dataclass(frozen=True)
class Kind:
    """What a layer of a kind must say, and what it may say, besides what every layer says."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    "wms": Kind(("url", "layers", "crs"), ("version", "axis", "format")),
    "wmts": Kind(
        ("url", "layer", "matrix_set", "crs", "origin", "resolutions"),
        ("format", "style", "tile_size", "matrix_prefix"),
    ),
    "xyz": Kind(("url",), ("crs", "origin", "resolutions", "tile_size", "max_zoom")),
    "pmtiles": Kind((), ("url", "file", "max_zoom")),
}
ALL = ("kind", "title", "attribution", "dark")
WORDS = {"version": ("1.1.1", "1.3.0"), "axis": ("en", "ne")}
TEXTS = frozenset({"kind", "title", "attribution", "url", "layers", "layer", "matrix_set", "matrix_prefix", "crs"}) | {
    "format", "style", "version", "axis", "file",
}  # fmt: skip
DARK = ("url", "layers", "layer", "file")
"""What may be another where the page is dark."""


def read(path: Path | None, data_dir: Path) -> tuple[dict[str, Any], ...]:
    """Return the layers of the file in its order, as the page's script reads them; none without a file."""
    if path is None:
        return ()
    try:
        with path.open("rb") as file:
            known = tomllib.loads(file.read(MAX_BYTES).decode())
    except OSError as error:
        raise BaseMapsRefused(f"{path} går inte att öppna.") from error
    except ValueError as error:
        raise BaseMapsRefused(f"{path} är inte TOML: {error}.") from error
    layers = known.pop("layers", None)
    if known or not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise BaseMapsRefused(f"{path} ska bestå av [[layers]], ett stycke för varje lager.")
    return tuple(_layer(layer, f"Lager {number}", data_dir) for number, layer in enumerate(layers, 1))


def hosts(layers: Collection[Mapping[str, Any]]) -> list[str]:
    """Return the origins that the browser may ask for tiles, for the security policy of the pages."""
    addresses = [address for layer in layers for address in (layer["url"], layer.get("dark", {}).get("url"))]
    asked = [urlsplit(address) for address in addresses if address and not address.startswith(OWN)]
    return sorted({f"{parts.scheme}://{parts.netloc}" for parts in asked})


def files(layers: Collection[Mapping[str, Any]]) -> frozenset[str]:
    """Return the names of the map files of our own that the layers use."""
    addresses = [address for layer in layers for address in (layer["url"], layer.get("dark", {}).get("url"))]
    return frozenset(address.removeprefix(OWN) for address in addresses if address and address.startswith(OWN))


def _layer(said: dict[str, Any], who: str, data_dir: Path) -> dict[str, Any]:
    if isinstance(said.get("title"), str):
        who = f"{who} ({said['title']})"
    kind = KINDS.get(str(said.get("kind")))
    if kind is None:
        raise BaseMapsRefused(f"{who}: kind ska vara {', '.join(KINDS)}.")
    if missing := [name for name in ("title", "attribution", *kind.needs) if not said.get(name)]:
        raise BaseMapsRefused(f"{who}: {missing[0]} saknas.")
    if unknown := sorted(set(said) - {*ALL, *kind.needs, *kind.may}):
        raise BaseMapsRefused(f"{who}: {unknown[0]} finns inte för {said['kind']}.")
    _check_values(said, who)
    dark = said.get("dark", {})
    if not isinstance(dark, dict) or not set(dark) <= set(DARK) & {*kind.needs, *kind.may}:
        raise BaseMapsRefused(f"{who}: dark får bara ha annan adress, fil eller lager.")
    _check_values(dark, who)
    layer = {"crs": MERCATOR} | said | {"url": _address(said, who, data_dir)}
    if dark:
        layer["dark"] = dark | ({"url": _address(dark, who, data_dir)} if {"url", "file"} & set(dark) else {})
    return layer


def _check_values(said: Mapping[str, Any], who: str) -> None:
    for name, value in said.items():
        if name in TEXTS and not (isinstance(value, str) and value.isprintable()):
            raise BaseMapsRefused(f"{who}: {name} ska vara en text inom citattecken.")
        if name in WORDS and value not in WORDS[name]:
            raise BaseMapsRefused(f"{who}: {name} ska vara {' eller '.join(WORDS[name])}.")
        if name in ("tile_size", "max_zoom") and not (type(value) is int and 0 < value <= 4096):  # noqa: PLR2004
            raise BaseMapsRefused(f"{who}: {name} ska vara ett heltal.")
        if name == "origin" and not (_numbers(value) and len(value) == 2):  # noqa: PLR2004 - east, north
            raise BaseMapsRefused(f"{who}: origin ska vara två tal, öst och nord.")
        if name == "resolutions" and not (_numbers(value) and sorted(value, reverse=True) == value and value[-1] > 0):
            raise BaseMapsRefused(f"{who}: resolutions ska vara tal från störst till minst, i meter per bildpunkt.")
    if said.get("crs", MERCATOR) not in GRIDS:
        raise BaseMapsRefused(f"{who}: crs ska vara EPSG:3857 eller EPSG:3006 till EPSG:3018.")
    if "crs" in said and said["kind"] == "xyz" and said["crs"] != MERCATOR and not {"origin", "resolutions"} <= {*said}:
        raise BaseMapsRefused(f"{who}: skriv origin och resolutions, de följer inte av {said['crs']}.")


def _numbers(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(type(one) in (int, float) for one in value)


def _address(said: Mapping[str, Any], who: str, data_dir: Path) -> str:
    """Return where the browser finds the layer: at a server that the file names, or at ours."""
    name, url = said.get("file"), said.get("url")
    if (name is None) == (url is None):
        raise BaseMapsRefused(f"{who}: skriv url eller file, det ena av dem.")
    if name is not None:
        return OWN + _own_file(name, who, data_dir / FOLDER)
    parts = urlsplit(str(url))
    if parts.scheme not in ("https", "http") or not _HOST.fullmatch(parts.netloc) or parts.fragment:
        raise BaseMapsRefused(f"{who}: url ska börja med https:// och en server, utan användarnamn.")
    if said.get("kind") == "xyz" and not all(part in str(url) for part in ("{x}", "{z}")):
        raise BaseMapsRefused(f"{who}: url ska ha {{z}}, {{x}} och {{y}} eller {{-y}}.")
    return str(url)


def _own_file(name: str, who: str, folder: Path) -> str:
    if not _FILE.fullmatch(name):
        raise BaseMapsRefused(f"{who}: file ska vara namnet på en .pmtiles-fil, utan mapp.")
    try:
        with (folder / name).open("rb") as file:
            head = file.read(127)
    except OSError as error:
        raise BaseMapsRefused(f"{who}: lägg {name} i mappen {FOLDER} under DATA_DIR.") from error
    if not _HEAD.match(head) or len(head) <= _TILE_TYPE or head[_TILE_TYPE] not in (2, 3, 4, 5):
        raise BaseMapsRefused(f"{who}: {name} ska vara PMTiles version 3 med bilder, inte vektorer.")
    return name
