"""Does a free text seem to name a person? For a warning of what people write, never a block (design.md 1).

Only a weekly report, which holds no individuals, is not handed in with what looks like a personnummer (H11).

From what machines bring, which nobody reads before it is kept, numbers of persons are taken out (`without_numbers`).

What was found is neither returned nor logged, only its kind. The phone has the same rules for where there is no line
(frontend/ts/falt/persons.ts).
"""

from __future__ import annotations

import re
import unicodedata

from core.i18n import N_

WARNINGS = {
    "personal_number": N_("Ser ut som ett personnummer. Ta bort det."),
    "phone": N_("Ser ut som ett telefonnummer. Ta bort det om det går till en person."),
    "email": N_("Ser ut som en e-postadress. Ta bort den om den går till en person."),
    "plate": N_("Ser ut som ett registreringsnummer. Ta bort det om bilen har en ägare som går att hitta."),
}
"""Each kind and what people are told."""

REMOVED = "[borttaget]"
"""What stands where a number was."""

_NUMBER = re.compile(r"(?<![0-9])(19|20)?([0-9]{2})([0-9]{2})([0-9]{2})([ ]?[-+]?[ ]?)([0-9]{4})(?![0-9])")
_PHONE = re.compile(r"(?<!\w)(?<!\w[-.])(?:(?:\+46|0046)[ -]?(?:\(0\)[ -]?)?|0)[1-9](?:[ /-]{0,2}[0-9]){6,9}(?![0-9])")
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PLATE = re.compile(r"(?<!\w)(?:[A-HJ-PR-UW-Z]{3}[ -]?[0-9]{2}[0-9A-NP-Z]|[a-hj-pr-uw-z]{3}[0-9]{2}[0-9a-np-z])(?!\w)")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))


def warns_of_persons(text: str) -> list[str]:
    """Return the kinds (keys of `WARNINGS`) that `text` seems to hold, in their order, never what was found."""
    plain = _plain(text)
    found = {
        "personal_number": any(map(_looks_like_one, _NUMBER.finditer(plain))),
        "phone": _PHONE.search(plain),
        "email": _EMAIL.search(plain),
        "plate": _PLATE.search(plain),
    }
    return [kind for kind in WARNINGS if found[kind]]


def without_numbers(text: str) -> str:
    """Return `text` with `REMOVED` where a valid personnummer or a telephone number stood."""
    plain = _plain(text)
    said = _NUMBER.sub(lambda found: REMOVED if _is_personal_number(found) else found[0], plain)
    said = _PHONE.sub(REMOVED, said)
    return text if said == plain else said


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_DASHES)


def _is_personal_number(found: re.Match[str]) -> bool:
    """Personnummer, and samordningsnummer whose day is 60 more; the last digit is Luhn's check digit."""
    _, year, month, day, _, last = found.groups()
    return _is_date(month, day) and _luhn(year + month + day + last)


def _looks_like_one(found: re.Match[str]) -> bool:
    """Whether it is one, or is written as one, with its century and a dash: somebody may have miswritten it."""
    century, _, month, day, between, _ = found.groups()
    return _is_personal_number(found) or bool(century and between in {"-", "+"} and _is_date(month, day))


def _is_date(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) % 60 <= 31  # noqa: PLR2004 - a calendar


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 - index % 2) for index, digit in enumerate(digits)]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
