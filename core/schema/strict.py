"""The base schema: refuses what it does not know, and says in Swedish what to do."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import marshmallow
from marshmallow import RAISE, ValidationError, fields
from marshmallow.decorators import POST_LOAD, VALIDATES, VALIDATES_SCHEMA

from core.schema.description import FieldDescription, describe
from core.schema.messages import SCHEMA, Message
from core.schema.parts import Nested
from core.schema.reading import Values, from_form

WHOLE = "_schema"
"""marshmallow's key for an error that belongs to no single field."""
MAX_ERRORS = 100
"""So many errors per level are told; a body of a million unknown fields gets no answer of a million lines."""
_RULES = (VALIDATES, VALIDATES_SCHEMA, POST_LOAD)


class Invalid(ValidationError):
    """What was sent does not fit. `errors` is nested as the data is, each leaf a list of texts."""

    def __init__(self, errors: Mapping[str, Any], valid: Any = None) -> None:
        self.errors: dict[str, Any] = _tidied(errors)
        super().__init__(self.errors, valid_data=valid)

    def flat(self) -> dict[str, list[str]]:
        """Return the errors by dotted path ("details.hate", "photos.0.sha256"); "" is the whole."""
        found: dict[str, list[str]] = {}
        for path, texts in _leaves(self.errors, ()):
            found.setdefault(".".join(path), []).extend(texts)
        return found

    def under(self, name: str) -> Invalid:
        """Return the same errors inside the field `name`, when a part was loaded by a schema of its own."""
        return Invalid({name: self.errors})


class Schema(marshmallow.Schema):
    """One description of a thing: draws its form, reads its JSON, validates and documents it (design.md 4.2).

    `load` applies the rules. `load_draft` applies types only, for autosave. Both raise `Invalid`.
    """

    error_messages = SCHEMA

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._refuse_lenience(self.unknown)

    def load(self, data: Any, *, many: bool | None = None, partial: Any = None, unknown: str | None = None) -> Any:
        """Return the values of `data`, or raise `Invalid`. `unknown` may only be RAISE."""
        self._refuse_lenience(unknown)
        return super().load(data, many=many, partial=partial)

    def load_draft(self, data: Any) -> Any:
        """Return what is there if its types are right: nothing is required and no rule is asked.

        Raises `Invalid`, whose `valid_data` holds the rest.
        """
        return self._without_rules().load(data)

    def handle_error(self, error: ValidationError, data: Any, *, many: bool, **_: Any) -> None:  # noqa: ARG002
        raise Invalid(error.messages_dict, valid=error.valid_data) from None

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:  # noqa: ARG002
        """Let the API's document carry the words that the form shows."""
        words = {"x-label": field_obj.metadata.get("label"), "description": field_obj.metadata.get("hint")}
        field_obj.metadata = {key: word for key, word in words.items() if word} | dict(field_obj.metadata)

    @classmethod
    def also_asks(cls, name: str, field: fields.Field[Any]) -> None:
        """Let every schema of this class have one more field, that another room knows of."""
        cls._declared_fields[name] = field

    def describe(self) -> list[FieldDescription]:
        """Return what a form (or a document) needs to know of each field that is read, in order."""
        return describe(self)

    def from_form(self, values: Values, files: Values | None = None) -> dict[str, Any]:
        """Return what JSON would have held for a form's (or a query string's) texts, ready for `load`.

        Blank is missing, or None where the field allows None. A box that is not ticked is no. What the schema
        does not know is passed on, so that `load` refuses it.
        """
        return from_form(self, values, files)

    def _refuse_lenience(self, unknown: str | None) -> None:
        if unknown not in (None, RAISE):
            message = f"{type(self).__name__}: unknown fields are always refused, not {unknown!r}"
            raise ValueError(message)

    def _without_rules(self) -> Schema:
        draft = copy.copy(self)
        draft.declared_fields = copy.deepcopy(self.declared_fields)
        draft.partial = True
        draft._init_fields()  # noqa: SLF001 - as marshmallow's Nested does with a copy
        for field in draft.load_fields.values():
            _relax(field)
        kept = {tag: hooks for tag, hooks in self._hooks.items() if tag not in _RULES}
        draft._hooks = defaultdict(list, kept)  # noqa: SLF001 - decorated rules stay out of drafts
        return draft


def _relax(field: fields.Field[Any]) -> None:
    field.validators = []
    if isinstance(field, Nested):
        field.draft = True
    if isinstance(field, fields.List):
        _relax(field.inner)


def _tidied(errors: Mapping[Any, Any]) -> dict[str, Any]:
    """Give every key a printable name and every leaf a list of plain or translatable texts."""
    return {_printable(key): _tidied_leaf(value) for key, value in islice(errors.items(), MAX_ERRORS)}


def _tidied_leaf(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _tidied(value)
    leaves = value if isinstance(value, list) else [value]
    if any(isinstance(leaf, Mapping) for leaf in leaves):
        merged: dict[Any, Any] = {}
        for leaf in leaves:
            merged.update(leaf if isinstance(leaf, Mapping) else {WHOLE: [*merged.get(WHOLE, []), leaf]})
        return _tidied(merged)
    return [_text(leaf) for leaf in leaves]


def _text(leaf: Any) -> str:
    if isinstance(leaf, Message):
        return leaf.format()
    return leaf if isinstance(leaf, str) else str(leaf)


def _printable(key: Any) -> str:
    return str(key)[:MAX_ERRORS].encode("utf-8", "replace").decode()


def _leaves(errors: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    for key, value in errors.items():
        here = path if key == WHOLE else (*path, key)
        if isinstance(value, Mapping):
            yield from _leaves(value, here)
        else:
            yield here, value
