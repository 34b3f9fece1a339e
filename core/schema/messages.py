"""What marshmallow says, in Swedish, for its own fields and validators too.

marshmallow has no Swedish catalogue. Importing this module replaces its default messages in place, so that a
plugin that uses a raw marshmallow field speaks Swedish as well. `tests/schema/test_messages.py` feeds rubbish
to every class and fails on a message that is still the library's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any, Self

import marshmallow
from marshmallow import fields, validate
from marshmallow.types import ErrorMessages

from core.i18n import N_, Text


class Message(str):
    """A Swedish msgid with `{names}`. marshmallow calls `format()` and gets a `Text`, which can be translated.

    As long as a name has no value it stays a Message: `Range` formats twice.
    """

    __slots__ = ()

    def format(self, *_: object, **values: object) -> Self | Text:
        names = {name for _, name, _, _ in Formatter().parse(self) if name}
        if not names <= values.keys():
            return self
        return Text(str(self), **{name: values[name] for name in names})


FIELDS: dict[type[fields.Field[Any]], dict[str, str]] = {
    fields.Field: {
        "required": N_("Fyll i fältet."),
        "null": N_("Fyll i fältet, eller ta bort det."),
        "validator_failed": N_("Skriv ett annat värde. Det här går inte att använda."),
    },
    fields.String: {
        "invalid": N_("Skriv en text."),
        "invalid_utf8": N_("Skriv texten på nytt. Den innehåller tecken som inte går att läsa."),
    },
    fields.UUID: {"invalid_uuid": N_("Ange ett id med 32 siffror och bokstäver a–f i fem grupper.")},
    fields.Number: {
        "invalid": N_("Skriv ett tal med siffror, till exempel 12,5."),
        "too_large": N_("Skriv ett mindre tal."),
    },
    fields.Integer: {"invalid": N_("Skriv ett heltal med siffror, till exempel 12.")},
    fields.Float: {"special": N_("Skriv ett tal med siffror, till exempel 12,5.")},
    fields.Decimal: {"special": N_("Skriv ett tal med siffror, till exempel 12,5.")},
    fields.Boolean: {"invalid": N_("Svara ja eller nej.")},
    fields._TemporalField: {  # noqa: SLF001 - its messages are inherited by DateTime
        "invalid": N_("Skriv datum och tid, till exempel 2027-02-28T18:30."),
        "invalid_awareness": N_("Skriv datum och tid, till exempel 2027-02-28T18:30."),
        "format": N_("Skriv datum och tid, till exempel 2027-02-28T18:30."),
    },
    fields.NaiveDateTime: {"invalid_awareness": N_("Skriv tiden utan tidszon, till exempel 2027-02-28T18:30.")},
    fields.AwareDateTime: {"invalid_awareness": N_("Skriv tiden med tidszon, till exempel 2027-02-28T18:30:00+01:00.")},
    fields.Time: {
        "invalid": N_("Skriv klockslaget, till exempel 18:30."),
        "format": N_("Skriv klockslaget, till exempel 18:30."),
    },
    fields.Date: {
        "invalid": N_("Skriv datumet som år-månad-dag, till exempel 2027-02-28."),
        "format": N_("Skriv datumet som år-månad-dag, till exempel 2027-02-28."),
    },
    fields.TimeDelta: {
        "invalid": N_("Skriv hur lång tid det gäller, som ett tal."),
        "format": N_("Skriv hur lång tid det gäller, som ett tal."),
    },
    fields.Mapping: {"invalid": N_("Ange ett objekt med namn och värden.")},
    fields.List: {"invalid": N_("Ange en lista.")},
    fields.Tuple: {"invalid": N_("Ange en lista med rätt antal värden.")},
    fields.Nested: {"type": N_("Ange ett objekt med namn och värden.")},
    fields.Url: {"invalid": N_("Skriv en webbadress, till exempel https://www.exempel.se.")},
    fields.Email: {"invalid": N_("Skriv en e-postadress, till exempel namn@exempel.se.")},
    fields.IP: {"invalid_ip": N_("Skriv en IP-adress, till exempel 192.0.2.1.")},
    fields.IPv4: {"invalid_ip": N_("Skriv en IPv4-adress, till exempel 192.0.2.1.")},
    fields.IPv6: {"invalid_ip": N_("Skriv en IPv6-adress, till exempel 2001:db8::1.")},
    fields.IPInterface: {"invalid_ip_interface": N_("Skriv en IP-adress med nät, till exempel 192.0.2.1/24.")},
    fields.IPv4Interface: {"invalid_ip_interface": N_("Skriv en IPv4-adress med nät, till exempel 192.0.2.1/24.")},
    fields.IPv6Interface: {"invalid_ip_interface": N_("Skriv en IPv6-adress med nät, till exempel 2001:db8::1/64.")},
    fields.Enum: {"unknown": N_("Välj något av: {choices}.")},
}
"""Default messages of marshmallow's fields; a class inherits what it does not have."""

VALIDATORS: dict[type[validate.Validator], dict[str, str]] = {
    validate.URL: {"default_message": N_("Skriv en webbadress, till exempel https://www.exempel.se.")},
    validate.Email: {"default_message": N_("Skriv en e-postadress, till exempel namn@exempel.se.")},
    validate.Range: {
        "message_min": N_("Skriv ett större värde. Gränsen är {min}."),
        "message_max": N_("Skriv ett mindre värde. Gränsen är {max}."),
        "message_all": N_("Skriv ett värde mellan {min} och {max}."),
        "message_gte": N_("minst"),
        "message_gt": N_("mer än"),
        "message_lte": N_("högst"),
        "message_lt": N_("mindre än"),
    },
    validate.Length: {
        "message_min": N_("För kort. Minsta längd är {min}."),
        "message_max": N_("För långt. Största längd är {max}."),
        "message_all": N_("Längden ska vara mellan {min} och {max}."),
        "message_equal": N_("Längden ska vara {equal}."),
    },
    validate.Equal: {"default_message": N_("Värdet ska vara {other}.")},
    validate.Regexp: {"default_message": N_("Skriv på ett annat sätt. Formen stämmer inte.")},
    validate.Predicate: {"default_message": N_("Skriv ett annat värde. Det här går inte att använda.")},
    validate.NoneOf: {"default_message": N_("Skriv ett annat värde. Det här går inte att använda.")},
    validate.OneOf: {"default_message": N_("Välj något av: {choices}.")},
    validate.ContainsOnly: {"default_message": N_("Välj bara bland: {choices}.")},
    validate.ContainsNoneOf: {"default_message": N_("Ta bort det som inte får vara med: {values}.")},
}
"""Default messages of marshmallow's validators."""

SCHEMA: dict[str, str] = {
    "type": Message(N_("Ange ett objekt med namn och värden.")),
    "unknown": Message(N_("Ta bort fältet. Det finns inte här.")),
}
"""Messages of a schema as a whole."""


def messages(texts: Mapping[str, str]) -> ErrorMessages:
    """Return `texts` so that marshmallow formats them into translatable texts."""
    return {key: Message(text) for key, text in texts.items()}


def _replace_defaults() -> None:
    for field_class, texts in FIELDS.items():
        own = field_class.__dict__.get("default_error_messages", {})
        field_class.default_error_messages = {**own, **messages(texts)}
    for validator_class, texts in VALIDATORS.items():
        for name, text in texts.items():
            setattr(validator_class, name, Message(text))
    marshmallow.Schema._default_error_messages = SCHEMA  # noqa: SLF001 - it has no other door


_replace_defaults()
