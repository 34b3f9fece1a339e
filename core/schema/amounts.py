"""Fields for numbers. JSON holds numbers; only a form may write "450 000 kr" or "59,33"."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate

from core.i18n import N_, Text
from core.schema.described import Described
from core.schema.messages import messages

MAX_SAFE = 2**53 - 1
"""The largest whole number that a browser keeps exactly."""
FEW = 10
"""So far apart at most are bounds that are told at once to who wrote something else."""
_BLANKS = "[ \u00a0\u2009\u202f]"
_WHOLE = re.compile(rf"[-\u2212]?(?:[0-9]{{1,3}}(?:{_BLANKS}[0-9]{{3}}){{1,15}}|[0-9]{{1,48}})")
_DECIMAL = re.compile(r"[-\u2212]?[0-9]{1,15}(?:[.,][0-9]{1,20})?")
_CURRENCY = re.compile(rf"{_BLANKS}*(?:kr|kronor|:-)\Z", re.IGNORECASE)


def grouped(number: float) -> str:
    """Write `number` with non-breaking spaces between thousands and a decimal comma."""
    return _swedish(f"{number:,}")


def measured(number: float) -> str:
    """Write a measured value in full, with its thousands grouped and only the decimals that are there.

    Fifteen digits are what a float keeps of what was written: 0.1 + 0.2 is 0,3.
    """
    return _swedish(f"{Decimal(f'{number:.15g}'):,f}")


AFTER = {
    "antal": "",
    "index": "",
    "stycken": "st",
    "styck": "st",
    "kronor": "kr",
    "per_1000": "per 1\u00a0000",
    "per_10000": "per 10\u00a0000",
}
"""What follows a value, where that is not its unit as it was written: nobody says "120 antal"."""


def quantity(number: float | None, unit: str = "") -> str:
    """Write a measured value with its unit as Swedish has it: 120, 12 procent, 450 kr; empty for none."""
    if number is None:
        return ""
    unit = unit.strip()
    after = AFTER.get(unit.casefold(), unit)
    return f"{measured(number)}\u00a0{after}" if after else measured(number)


def _swedish(number: str) -> str:
    return number.replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")


class Within(validate.Range):
    """Bounds of a number, with a message that names the one that was passed."""

    least, most = N_("Skriv minst {min}."), N_("Skriv högst {max}.")

    def __call__(self, value: Any) -> Any:
        if self.min is not None and value < self.min:
            raise ValidationError(Text(self.least, min=self.shown(self.min)))
        if self.max is not None and value > self.max:
            raise ValidationError(Text(self.most, max=self.shown(self.max)))
        return value

    def shown(self, bound: Any) -> str:
        """Return a bound as people read it."""
        return grouped(bound)


class WithinKronor(Within):
    """Bounds of an amount, told as money."""

    least, most = N_("Skriv minst {min} kr."), N_("Skriv högst {max} kr.")


class WithinYears(Within):
    """Bounds of a year, which is written without a blank."""

    least = N_("Skriv ett år från och med {min}, till exempel 2027.")
    most = N_("Skriv ett år till och med {max}, till exempel 2027.")

    def shown(self, bound: Any) -> str:
        return str(bound)


class Integer(Described, fields.Integer):
    """A whole number. JSON: an integer, never 1.9, true or "5". A form may group thousands by blanks."""

    inputmode = "numeric"
    bounds: type[Within] = Within
    default_error_messages = messages(
        {
            "required": N_("Skriv ett heltal, till exempel 12."),
            "null": N_("Skriv ett heltal, till exempel 12."),
            "too_large": N_("Skriv ett tal som är närmare noll."),
        }
    )

    def __init__(self, *, min: int = -MAX_SAFE, max: int = MAX_SAFE, **kwargs: Any) -> None:  # noqa: A002
        super().__init__(**kwargs)
        self.within = self.bounds(min=min, max=max)
        self.validators.insert(0, self.within)
        if max - min <= FEW:
            told = Text(N_("Skriv ett heltal från {min} till {max}."), min=min, max=max)
            self.error_messages |= dict.fromkeys(("required", "null", "invalid"), told)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid")
        if abs(value) > MAX_SAFE:
            raise self.make_error("too_large")
        return value

    def from_text(self, text: str) -> int | str:
        text = text.strip()
        if not _WHOLE.fullmatch(text):
            return text
        return int(re.sub(_BLANKS, "", text).replace("\u2212", "-"))

    def to_text(self, value: Any) -> str:
        return str(value)


class Kronor(Integer):
    """An amount in whole kronor (design.md 4.8), 0 to 1 000 000 000 000 unless said otherwise."""

    bounds = WithinKronor
    default_error_messages = messages(
        dict.fromkeys(("required", "null", "invalid"), N_("Skriv beloppet i hela kronor, till exempel 450 000."))
    )

    def __init__(self, *, min: int = 0, max: int = 10**12, **kwargs: Any) -> None:  # noqa: A002
        super().__init__(min=min, max=max, **{"suffix": "kr", **kwargs})

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        if isinstance(value, int) and abs(value) > MAX_SAFE:
            self.within(value)  # says how much it may be
        return super()._deserialize(value, *args, **kwargs)

    def from_text(self, text: str) -> int | str:
        return super().from_text(_CURRENCY.sub("", text.strip()))

    def to_text(self, value: Any) -> str:
        return grouped(value)


class Year(Integer):
    """A year, four figures; from 1900 to 2200 unless said otherwise."""

    bounds = WithinYears
    default_error_messages = messages(
        dict.fromkeys(("required", "null", "invalid", "too_large"), N_("Skriv ett år, till exempel 2027."))
    )

    def __init__(self, *, min: int = 1900, max: int = 2200, **kwargs: Any) -> None:  # noqa: A002
        super().__init__(min=min, max=max, **kwargs)


class Float(Described, fields.Float):
    """A finite number. JSON: a number. A form takes a decimal comma or point, no exponent."""

    inputmode = "decimal"
    default_error_messages = messages(
        {
            "required": N_("Skriv ett tal, till exempel 12,5."),
            "null": N_("Skriv ett tal, till exempel 12,5."),
            "too_large": N_("Skriv ett tal som är närmare noll."),
        }
    )

    def __init__(self, *, min: float | None = None, max: float | None = None, **kwargs: Any) -> None:  # noqa: A002
        super().__init__(**kwargs)
        self.validators.insert(0, Within(min=min, max=max))

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.make_error("invalid")
        try:
            number = float(value)
        except OverflowError:
            raise self.make_error("too_large") from None
        if not math.isfinite(number):
            raise self.make_error("special")
        return number

    def from_text(self, text: str) -> float | str:
        text = text.strip()
        if not _DECIMAL.fullmatch(text):
            return text
        return float(text.replace(",", ".").replace("\u2212", "-"))

    def to_text(self, value: Any) -> str:
        return str(value).replace(".", ",")


class Hours(Float):
    """Hours as they are kept, to a tenth: 2,5."""

    def _deserialize(self, value: Any, *more: Any, **known: Any) -> Any:
        number = Decimal(str(super()._deserialize(value, *more, **known)))
        if number != round(number, 1):
            raise ValidationError(N_("Skriv timmar med högst en decimal, till exempel 2,5."))
        return number

    def to_text(self, value: Any) -> str:
        text = f"{value:.1f}"
        return text.removesuffix(".0").replace(".", ",")


class Latitude(Float):
    """Degrees north in WGS 84."""

    default_error_messages = messages(
        dict.fromkeys(("required", "null", "invalid"), N_("Skriv latitud i grader, till exempel 59,33."))
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min=-90, max=90, **kwargs)


class Longitude(Float):
    """Degrees east in WGS 84."""

    default_error_messages = messages(
        dict.fromkeys(("required", "null", "invalid"), N_("Skriv longitud i grader, till exempel 18,07."))
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min=-180, max=180, **kwargs)
