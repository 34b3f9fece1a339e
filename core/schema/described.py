"""What every field of ours can say about itself, and how a form's text becomes the value that JSON would have."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from core.schema.messages import messages


class Described(fields.Field[Any]):
    """A field with words for people: label (a question), hint, widget, suffix.

    `optional` is said instead of "valfritt" of a field that may be left out: when it is needed all the same.

    JSON is read strictly. A form has only text: `from_text` turns it into what JSON would have held, or gives
    it back as it is when it cannot, and the strict reading then refuses it with a message.
    """

    widget = "text"
    inputmode = ""

    def __init__(
        self,
        *args: Any,
        label: str = "",
        hint: str = "",
        widget: str = "",
        suffix: str = "",
        autocomplete: str = "",
        inputmode: str = "",
        optional: str = "",
        error_messages: dict[str, str] | None = None,
        metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        words = {"label": label, "hint": hint, "suffix": suffix, "autocomplete": autocomplete, "optional": optional}
        shown = {"widget": widget or self.widget, "inputmode": inputmode or self.inputmode}
        said = {key: value for key, value in (words | shown).items() if value}
        super().__init__(
            *args, metadata=said | (metadata or {}), error_messages=messages(error_messages or {}), **kwargs
        )

    def from_text(self, text: str) -> Any:
        """Return what JSON would hold for `text` from a form; `text` itself when it does not fit."""
        return text

    def to_text(self, value: Any) -> str:
        """Return the text that a form shows for the dumped `value`."""
        return str(value)
