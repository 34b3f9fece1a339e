"""What can be read in: each room registers kinds of rows of its own, and the machine knows no room."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Select

from core import access
from core.access import Actor
from core.i18n import Text
from core.schema import Schema

Told = dict[str, Any]
"""A text about a field as it is kept: {field, text, values}."""
Records = Select[UUID] | Select[UUID | None]
"""A query for uids of records."""


@dataclass(frozen=True)
class Finding:
    """What is odd about a row; one that `stops` keeps it out."""

    field: str
    message: str
    stops: bool = False


@dataclass(frozen=True)
class Batch:
    """The import that rows come with: where they come from, for which organisation, when it was received."""

    uid: UUID
    source: str
    organisation: int
    received_at: datetime


class Refused(Exception):
    """A row cannot be taken in, or undone; says why, at a field or as a whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.finding = Finding(field, message, stops=True)


class Kind(Protocol):
    """A kind of rows, as its room registers it.

    `fields` describe a row: what may be in it, in words; a field's metadata `also` lists other headings of it.
    `number` is the field by which the source knows the row; where no single field does it is empty, and the kind has
    `named`, and may have `told`, which says it in words. One that has `check` refuses a choice of columns of which no
    row could be taken in. `page` is where a record stands.
    """

    title: str
    needs: str

    @property
    def fields(self) -> Callable[[], Schema]: ...

    number: str
    page: str

    def look(self, actor: Actor, batch: Batch, known: Mapping[str, Any], texts: Mapping[str, str]) -> Iterable[Finding]:
        """Yield what is odd about a row that its schema has loaded; `texts` are the row's own words."""

    def spot(self, known: Mapping[str, Any]) -> str:
        """Return what rows of a file seldom have in common, such as a position; empty for nothing."""

    def known(self, actor: Actor, batch: Batch, numbers: Sequence[str]) -> set[str]:
        """Return which of the source's numbers are here already."""

    def create(self, actor: Actor, batch: Batch, uid: UUID, known: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        """Make the record `uid` of a row, once; `texts` are the row's own words.

        Raises Refused, and what the room's own rule raises.
        """

    def used(self, records: Records) -> Select[UUID]:
        """Select those of the records that somebody has done something with since."""

    def undo(self, actor: Actor, uid: UUID, reason: str) -> None:
        """Take a record back, so that its number may come again. Raises Refused."""


_kinds: dict[str, Kind] = {}


def name_of(found: Kind, known: Mapping[str, Any]) -> str:
    """Return what a row of a kind without a number is known by, of what its schema has loaded (`named`)."""
    named: Callable[[Mapping[str, Any]], str] | None = getattr(found, "named", None)
    return named(known) if named is not None else ""


Made = TypeVar("Made", bound=Callable[[], Kind])


def kind(key: str) -> Callable[[Made], Made]:
    """Register a kind of rows under its key."""

    def register(made: Made) -> Made:
        _kinds[key] = made()
        return made

    return register


def kinds(actor: Actor) -> dict[str, Kind]:
    """Return what the actor may read in, by key."""
    return {key: found for key, found in _kinds.items() if actor.may(found.needs)}


def kind_of(key: str) -> Kind:
    """Return a kind by its key; Missing when nobody has registered it."""
    if key not in _kinds:
        raise access.Missing("import-kind", key)
    return _kinds[key]


def folded(text: str) -> str:
    """Return a heading or a text as it is compared: letters and digits without case, accents and what is between."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if character.isalnum())[:200]


def kept(finding: Finding) -> Told:
    """Return a finding as it is kept, to be told in any language."""
    said = finding.message
    if isinstance(said, Text):
        return {"field": finding.field, "text": said.msgid, "values": {k: str(v) for k, v in said.values.items()}}
    return {"field": finding.field, "text": said, "values": {}}


def said(told: Told) -> str:
    """Return the text that was kept."""
    words, values = told["text"], told["values"]
    return Text(words, **values) if values else str(words)
