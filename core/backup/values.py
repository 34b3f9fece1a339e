"""Values on their way into a backup and out of it: one line of JSON for each row, alike for both databases.

What a column holds is one of a few families. Text, numbers and truth stand as they are; JSON stands as the text that
the database keeps, so that no digest of it changes; what JSON has no word for is written as text.
"""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import orjson
from geoalchemy2 import Geometry
from sqlalchemy import JSON, BigInteger, Boolean, Date, DateTime, Float, Integer, LargeBinary, String, Text, Time, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine

from core import geo
from core.db import UtcDateTime

FAMILIES: tuple[tuple[str, tuple[type, ...], Any], ...] = (
    ("geometry", (Geometry,), geo.Wkb()),
    ("uuid", (Uuid,), Uuid()),
    ("moment", (UtcDateTime, DateTime), UtcDateTime()),
    ("date", (Date,), Date()),
    ("time", (Time,), Time()),
    ("bool", (Boolean,), Boolean()),
    ("int", (Integer,), BigInteger()),
    ("float", (Float,), Float(53)),
    ("json", (JSON,), Text()),
    ("bytes", (LargeBinary,), LargeBinary()),
    ("text", (String,), Text()),
)
"""Name, the types of columns that belong to it, and the type with which its values are read and written."""
TYPES: dict[str, TypeEngine[Any]] = {name: type_ for name, _, type_ in FAMILIES}


class NoFamily(Exception):
    """A column is of a type that backups do not know; the message names it. A test finds it before anybody else."""


@dataclass(frozen=True)
class Column:
    """A column of a table, and what it holds."""

    name: str
    family: str


def family_of(type_: TypeEngine[Any], where: str) -> str:
    """Return what a column of this type holds. Raises NoFamily."""
    kept = type_.impl if isinstance(type_, TypeDecorator) and not isinstance(type_, UtcDateTime) else type_
    for name, types, _ in FAMILIES:
        if isinstance(kept, types):
            return name
    raise NoFamily(f"{where}: {type_!r}")


def to_line(columns: Sequence[Column], row: Iterable[Any]) -> bytes:
    """Write a row."""
    return orjson.dumps([_written(c.family, value) for c, value in zip(columns, row, strict=True)]) + b"\n"


def from_line(columns: Sequence[Column], line: bytes) -> list[Any]:
    """Read a row. Raises ValueError for what cannot be one."""
    return [
        value if value is None or c.family not in _READ else _READ[c.family](value)
        for c, value in zip(columns, orjson.loads(line), strict=True)
    ]


def _written(family: str, value: Any) -> Any:
    if value is None or family in ("text", "json", "int", "bool"):
        return value
    if family in ("bytes", "geometry"):
        return b64encode(value).decode()
    if family == "float":
        return value if math.isfinite(value) else repr(value)
    return str(value) if family == "uuid" else value.isoformat()


_READ: dict[str, Callable[[Any], Any]] = {
    "bytes": b64decode,
    "geometry": b64decode,
    "float": float,
    "uuid": UUID,
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}
