"""Fields for text, choices, yes and no, ids and hashes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from core.i18n import N_, Text
from core.schema.described import Described
from core.schema.messages import messages

UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""NUL and other control characters, and halves of characters: databases and UTF-8 refuse them."""
MAX_TEXT = 10_000
_TOLD = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f"
"""The same, as the API's document says it."""


class Characters(validate.Length):
    """The number of characters, with a message that says how many there are now."""

    def __call__(self, value: Any) -> Any:
        if self.max is not None and len(value) > self.max:
            raise ValidationError(
                Text(N_("Korta texten till högst {max} tecken. Nu är den {now}."), max=self.max, now=len(value))
            )
        if self.min is not None and len(value) < self.min:
            raise ValidationError(Text(N_("Skriv minst {min} tecken."), min=self.min))
        return value


class Written(validate.Validator):
    """Refuses a text in which nothing can be seen."""

    def __init__(self, field: String) -> None:
        self.field = field

    def __call__(self, value: str) -> str:
        if all(unicodedata.category(character)[0] in "ZC" for character in value):
            raise self.field.make_error("required")
        return value


class String(Described, fields.String):
    """Text of at most `max` characters. Blanks around it go, the rest is kept as written, character by character.

    `multiline` allows line feeds (a form's CR LF becomes one). `strip=False` is for passwords. `blank` lets a
    required text be empty: what is told of a row always has the field.
    """

    default_error_messages = messages(
        {
            "required": N_("Skriv ett svar."),
            "null": N_("Skriv ett svar, eller ta bort fältet."),
            "character": N_("Skriv om texten. Den innehåller ett tecken som inte går att spara ({code})."),
            "line": N_("Skriv allt på en rad."),
        }
    )

    def __init__(
        self,
        *,
        min: int | None = None,  # noqa: A002
        max: int = MAX_TEXT,  # noqa: A002
        multiline: bool = False,
        strip: bool = True,
        blank: bool = False,
        **kwargs: Any,
    ) -> None:
        self.multiline, self.strip = multiline, strip
        if multiline:
            kwargs.setdefault("widget", "textarea")
        if kwargs.get("widget") == "select":
            kwargs["error_messages"] = {"required": N_("Välj ett alternativ.")} | kwargs.get("error_messages", {})
        super().__init__(**kwargs)
        self.length, self.longest = Characters(min=min, max=max), max
        self.validators.insert(0, self.length)
        refused = _TOLD if multiline else rf"\u000a{_TOLD}"
        told: dict[str, Any] = {"pattern": f"^[^{refused}]*$"}
        if self.required and not blank:
            self.validators.insert(0, Written(self))
            told = {"pattern": rf"^[^{refused}]*[^\s{refused}][^{refused}]*$", "minLength": min or 1}
        self.metadata = told | dict(self.metadata)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if bad := UNSTORABLE.search(value):
            raise self.make_error("character", code=f"U+{ord(bad.group()):04X}")
        text = value.strip() if self.strip else value
        if len(text) <= self.longest < len(value):
            self.length(value)  # blanks count too in JSON: the API's document says how long what is sent may be
        if "\n" in text and not self.multiline:
            raise self.make_error("line")
        return text

    def from_text(self, text: str) -> str:
        text = text.replace("\r\n", "\n")
        return text.strip() if self.strip else text


class Sha256(Described, fields.String):
    """A SHA-256 as 64 lower-case hexadecimal digits."""

    widget = "hidden"
    default_error_messages = messages({"invalid": N_("Ange SHA-256 som 64 tecken, 0–9 och a–f.")})
    pattern = re.compile(r"[0-9a-f]{64}")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {"pattern": f"^{self.pattern.pattern}$", **self.metadata}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or not self.pattern.fullmatch(value):
            raise self.make_error("invalid")
        return value


class Uid(Described, fields.UUID):
    """A `uid`: UUID of version 4 or 7 in its usual form with hyphens (design.md 4.8)."""

    widget = "hidden"
    default_error_messages = messages(
        {
            "required": N_("Välj ett alternativ."),
            "invalid_uuid": N_("Ange ett id av UUID version 4 eller 7, till exempel från listan."),
        }
    )
    pattern = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[47][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {"pattern": f"^{self.pattern.pattern}$", **self.metadata}

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> UUID:
        if not isinstance(value, str) or not self.pattern.fullmatch(value):
            raise self.make_error("invalid_uuid")
        return UUID(value)


class Boolean(Described, fields.Boolean):
    """Yes or no. JSON: true and false only. A form's box that is not ticked is no."""

    widget = "checkbox"
    default_error_messages = messages({"required": N_("Svara ja eller nej."), "null": N_("Svara ja eller nej.")})
    texts = {"ja": True, "on": True, "true": True, "nej": False, "false": False}  # noqa: RUF012 - a table

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value

    def from_text(self, text: str) -> bool | str:
        return self.texts.get(text.strip().lower(), text)

    def to_text(self, value: Any) -> str:
        return "ja" if value else "nej"


Choosable = Mapping[str, str] | Callable[[], Mapping[str, str]]


class Confirm(Boolean):
    """Yes to what the last answer warned of. A form does not draw it before there is something to say yes to."""

    widget = "confirm"


TICKS = ("checkbox", "confirm")
"""Widgets that are one box: not ticked is no."""


class Known(validate.Validator):
    """Accepts the keys of `choices` only. apispec reads `choices` for the enumeration in the document."""

    def __init__(self, field: Choice) -> None:
        self.field = field

    @property
    def choices(self) -> Iterator[str]:
        return iter(self.field.options)

    def __call__(self, value: str) -> str:
        if value not in self.field.options:
            raise self.field.make_error("invalid")
        return value


class Choice(Described, fields.String):
    """One key out of `choices` (key -> label), or a function that gives them when they are asked for."""

    default_error_messages = messages(
        {
            "required": N_("Välj ett alternativ."),
            "null": N_("Välj ett alternativ."),
            "invalid": N_("Välj ett alternativ i listan."),
        }
    )
    FEW = 7
    """So many fit as radio buttons; more become a list to open."""

    def __init__(self, choices: Choosable, **kwargs: Any) -> None:
        self.choices = choices
        super().__init__(**kwargs)
        self.validators.insert(0, Known(self))

    @property
    def options(self) -> Mapping[str, str]:
        return self.choices() if callable(self.choices) else self.choices

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or UNSTORABLE.search(value):
            raise self.make_error("invalid")
        return value


class Choices(Described, fields.List[str]):
    """Several keys out of `choices`, each once. Required means at least one."""

    widget = "checkboxes"
    default_error_messages = messages(
        {
            "required": N_("Välj minst ett alternativ."),
            "null": N_("Välj minst ett alternativ."),
            "invalid": N_("Välj bland alternativen i listan."),
            "twice": N_("Välj varje alternativ högst en gång."),
        }
    )

    def __init__(self, choices: Choosable, **kwargs: Any) -> None:
        super().__init__(Choice(choices), **kwargs)
        self.metadata = {"uniqueItems": True, **({"minItems": 1} if self.required else {}), **self.metadata}
        if self.required:
            self.validators.insert(0, self._some)

    def _some(self, value: list[str]) -> None:
        if not value:
            raise self.make_error("required")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        keys = super()._deserialize(value, attr, data, **kwargs)
        if len(set(keys)) < len(keys):
            raise self.make_error("twice")
        return keys
