"""What a file holds, as the phone lists it: records, changes of them, photos, and where the photos' bytes lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.schema import Schema, fields

MOST = 20_000
"""Things in one file: a phone that has waited for weeks has hundreds."""
THUMBPRINT, SECRET, NUMBER = 43, 43, 16
"""Characters of a key's digest, of the key that photos are sealed with, and of the number each is sealed with once."""
PART_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Part:
    """Sealed bytes that lie in the file after what was signed: one photo."""

    iv: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Record:
    """A record of the kind `of` that the phone has made, as its PUT would tell it."""

    of: str
    uid: UUID
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """A change of a record, as its PUT would tell it."""

    of: str
    uid: UUID
    record: UUID
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Photo:
    """A photo, whose bytes are one of the parts; `listed` says what it is when its record does not list it."""

    uid: UUID
    bytes: int
    sha256: str
    part: int
    of: str
    record: UUID
    listed: Mapping[str, Any] | None


Item = Record | Change | Photo


@dataclass(frozen=True)
class Manifest:
    """All of what is sealed. `signer` is the digest of the phone's key, `made_at` the phone's clock."""

    signer: str
    made_at: datetime
    key: str
    items: list[Item]
    parts: list[Part]


class _Item(Schema):
    kind = fields.String(required=True, max=20)
    of = fields.String(required=True, max=40)
    uid = fields.Uid(required=True)


class _Record(_Item):
    body = fields.Object(required=True)


class _Change(_Record):
    record = fields.Uid(required=True)


class _Photo(_Item):
    bytes = fields.Integer(required=True, min=1, max=PART_BYTES)
    sha256 = fields.Sha256(required=True)
    part = fields.Integer(required=True, min=0, max=MOST)
    record = fields.Uid(required=True)
    listed = fields.Object(allow_none=True, load_default=None)


class _Part(Schema):
    iv = fields.String(required=True, min=NUMBER, max=NUMBER)
    bytes = fields.Integer(required=True, min=1, max=PART_BYTES)
    sha256 = fields.Sha256(required=True)


class _Manifest(Schema):
    signer = fields.String(required=True, min=THUMBPRINT, max=THUMBPRINT)
    made_at = fields.Instant(required=True)
    key = fields.String(required=True, min=SECRET, max=SECRET)
    items = fields.List(fields.Object(), required=True, max=MOST)
    parts = fields.List(fields.Nested(_Part), required=True, max=MOST)


KINDS: Mapping[str, tuple[type[_Item], Any]] = {
    "record": (_Record, Record),
    "change": (_Change, Change),
    "photo": (_Photo, Photo),
}
"""How each kind of thing is read, and what it becomes."""


def read(content: Any) -> Manifest:
    """Return what a phone has sealed. Raises Invalid or ValueError for what no app of ours has made."""
    known = _Manifest().load(content)
    parts = [Part(**part) for part in known["parts"]]
    items = [_item(item, len(parts)) for item in known["items"]]
    return Manifest(**{**known, "items": items, "parts": parts})


def _item(told: dict[str, Any], parts: int) -> Item:
    kind = str(told.get("kind"))
    if kind not in KINDS:
        raise ValueError(kind)
    schema, made = KINDS[kind]
    known = schema().load(told)
    del known["kind"]
    if known.get("part", -1) >= parts:
        raise ValueError(known["part"])
    item: Item = made(**known)
    return item
