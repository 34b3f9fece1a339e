"""A form's texts become what JSON would have held, so that there is one strict reading and not two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import marshmallow
from marshmallow import fields

from core.schema.described import Described
from core.schema.parts import Upload
from core.schema.words import TICKS, Choices

_ABSENT = object()


class Values(Protocol):
    """What a form sent: each name with its values, in order (werkzeug's MultiDict is one)."""

    def keys(self) -> Iterable[str]: ...

    def getlist(self, key: str) -> list[Any]: ...


def from_form(schema: marshmallow.Schema, values: Values, files: Values | None = None) -> dict[str, Any]:
    """See `Schema.from_form`."""
    sent = {name: values.getlist(name) for name in values.keys()}  # noqa: SIM118 - a MultiDict, not a dict
    if files is not None:
        sent |= {name: [file for file in files.getlist(name) if file.filename] for name in files.keys()}  # noqa: SIM118
    read, known = _object(schema, sent, "")
    unknown = {name: texts for name, texts in sent.items() if name not in known}
    return read | unknown


def _object(schema: marshmallow.Schema, sent: dict[str, list[Any]], prefix: str) -> tuple[dict[str, Any], set[str]]:
    """Return the values of `schema`'s fields under `prefix`, and the names that belong to them."""
    read: dict[str, Any] = {}
    known: set[str] = set()
    for attribute, field in schema.load_fields.items():
        key = field.data_key or attribute
        name = prefix + key
        if isinstance(field, fields.Nested) and not (field.many or field.schema.many):
            part, names = _object(field.schema, sent, f"{name}.")
            known |= names
            if field.required or names & sent.keys():
                read[key] = part
            continue
        known.add(name)
        value = _list(field, sent.get(name)) if isinstance(field, fields.List) else _one(field, sent.get(name))
        if value is not _ABSENT:
            read[key] = value
    return read, known


def _one(field: fields.Field[Any], sent: list[Any] | None) -> Any:
    if not sent or (isinstance(sent[-1], str) and not sent[-1].strip()):
        if field.metadata.get("widget") in TICKS:
            return False
        return None if sent and field.allow_none else _ABSENT
    return _value(field, sent[-1])


def _list(field: fields.List[Any], sent: list[Any] | None) -> Any:
    if sent is None:
        return [] if isinstance(field, Choices) else _ABSENT
    return [_value(field.inner, each) for each in sent if not isinstance(each, str) or each.strip()]


def _value(field: fields.Field[Any], sent: Any) -> Any:
    if isinstance(sent, str) and isinstance(field, Described) and not isinstance(field, Upload):
        return field.from_text(sent)
    return sent
