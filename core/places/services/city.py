"""What is true of the city as a whole, from its seed pack."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from core import db, geo


@cache
def city(code: str) -> Mapping[str, Any]:
    """Return the city's own facts from the seed pack: name, box in SWEREF 99 TM, locale."""
    import tomllib

    return tomllib.loads((resources.files("core") / "seeds" / code / "city.toml").read_text("utf-8"))


def bounds() -> geo.Bounds:
    """Return the box, in metres, outside which a place is a mistake until confirmed."""
    west, south, east, north = city(db.settings().city)["bbox"]
    return west, south, east, north


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the seed pack; none where the city has no such table."""
    path = resources.files("core") / "seeds" / db.settings().city / name
    if not path.is_file():
        return []
    with path.open("r", encoding="utf-8") as file:
        return list(csv.DictReader(file))
