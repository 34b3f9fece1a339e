"""What a form needs to know of a schema's fields: words, widget, options, limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import marshmallow
from marshmallow import fields, validate

from core.i18n import N_
from core.schema.words import Boolean, Choice, Choices

YES_NO = (("ja", N_("Ja")), ("nej", N_("Nej")))


@dataclass(frozen=True)
class FieldDescription:
    """One field as people meet it. Texts are Swedish msgids; `widget` is empty for what no form can draw."""

    name: str
    """Dotted path, the name in forms and errors: "details.hate"."""
    label: str
    hint: str
    widget: str
    required: bool
    optional: str
    """What is said instead of "valfritt" of one that may be left out."""
    options: tuple[tuple[str, str], ...]
    """Value and label of each choice."""
    suffix: str
    autocomplete: str
    inputmode: str
    accept: str
    maxlength: int | None
    group: str
    """The label of the object that this field is a part of."""
    field: fields.Field[Any]
    """The field itself, which knows `from_text` and `to_text`."""


def describe(schema: marshmallow.Schema, prefix: str = "", group: str = "") -> list[FieldDescription]:
    """Return the fields that `schema` reads, those of nested objects in their place."""
    return list(_described(schema, prefix, group))


def _described(schema: marshmallow.Schema, prefix: str, group: str) -> Iterator[FieldDescription]:
    for attribute, field in schema.load_fields.items():
        name = prefix + (field.data_key or attribute)
        said = field.metadata
        if isinstance(field, fields.Nested) and not (field.many or field.schema.many):
            yield from _described(field.schema, f"{name}.", said.get("label", ""))
            continue
        yield FieldDescription(
            name=name,
            label=said.get("label", ""),
            hint=said.get("hint", ""),
            widget=_widget(field),
            required=field.required,
            optional=said.get("optional", ""),
            options=_options(field),
            suffix=said.get("suffix", ""),
            autocomplete=said.get("autocomplete", ""),
            inputmode=said.get("inputmode", ""),
            accept=said.get("accept", ""),
            maxlength=_maxlength(field),
            group=group,
            field=field,
        )


def _widget(field: fields.Field[Any]) -> str:
    if isinstance(field, Choice) and field.metadata.get("widget", "text") == "text":
        return "radios" if len(field.options) <= Choice.FEW else "select"
    return str(field.metadata.get("widget", ""))


def _options(field: fields.Field[Any]) -> tuple[tuple[str, str], ...]:
    if isinstance(field, Boolean):
        return YES_NO if _widget(field) in ("radios", "select") else ()
    choice = field.inner if isinstance(field, Choices) else field
    return tuple(choice.options.items()) if isinstance(choice, Choice) else ()


def _maxlength(field: fields.Field[Any]) -> int | None:
    if not isinstance(field, fields.String):
        return None
    lengths = [rule.max for rule in field.validators if isinstance(rule, validate.Length) and rule.max is not None]
    return min(lengths, default=None)
