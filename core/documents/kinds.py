"""Kinds of documents: a room registers what it can write, and what that needs; nothing here names a room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core.access import Actor
from core.documents.sheets import Sheet
from core.i18n import N_
from core.schema import Schema, fields

XLSX, CSV, PDF = "xlsx", "csv", "pdf"
MEDIA_TYPES = {
    PDF: "application/pdf",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class About:
    """What a document is about, as its list says it: a name, the page of it, and its level."""

    name: str
    link: str
    level: int = 1


@dataclass(frozen=True)
class Content:
    """What a document says. Of a page: `context` for the template; of a table: `sheet`.

    `pictures` are stored JPEG files by hash, `drawings` SVG of our own, and `files` others (content, media type), all
    by the name that the template or a drawing asks for with `part(name)`. `attached` are those of `files` that go along
    inside the PDF, each with what it is; a program reads them out of it. `filename` has no ending. The document gets
    the highest of `level`, that of its kind and that of what it is about.
    """

    title: str
    filename: str
    context: Mapping[str, Any] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    drawings: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)
    attached: Mapping[str, str] = field(default_factory=dict)
    sheet: Sheet | None = None
    level: int = 1
    language: str = "sv"


Gather = Callable[..., Content]
"""(actor, uid of what it is about, **options) -> Content, in a transaction that only reads."""
Find = Callable[[Actor, UUID], About]
"""Return what a document would be about, as the actor reaches it; raises Missing or Denied."""


class NoOptions(Schema):
    """A document that nothing is chosen for."""


class TableOptions(Schema):
    """As what a table is wanted."""

    format = fields.Choice(
        {XLSX: N_("Kalkylblad (XLSX)"), CSV: N_("Textfil (CSV)")}, load_default=XLSX, label=N_("Format")
    )


@dataclass(frozen=True)
class Kind:
    """A kind of document. Without a template it is a table."""

    key: str
    title: str
    needs: str
    about: Find
    gather: Gather
    template: str
    options: type[Schema]
    level: int


_kinds: dict[str, Kind] = {}


def kind(
    key: str,
    *,
    title: str,
    needs: str,
    about: Find,
    template: str = "",
    options: type[Schema] | None = None,
    level: int = 1,
) -> Callable[[Gather], Gather]:
    """Register the function that gathers what a document of this kind says, for who has the permission `needs`."""

    def register(gather: Gather) -> Gather:
        asked = options or (NoOptions if template else TableOptions)
        _kinds[key] = Kind(key, title, needs, about, gather, template, asked, level)
        return gather

    return register


def every_kind() -> Mapping[str, Kind]:
    """Return every kind of document there is."""
    return _kinds


def titles() -> Mapping[str, str]:
    """Return what each kind is called, by its key."""
    return {key: found.title for key, found in _kinds.items()}
