"""A cell of a file of figures: a value, missing, or suppressed. What is not sure is refused, nothing becomes zero."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from core.figures.models import GAPS, MISSING, SUPPRESSED, UNITS, VALUE, Indicator
from core.i18n import N_, Text
from core.imports import Finding
from core.schema.described import Described

_BLANKS = re.compile(r"[\s\u00a0\u2009\u202f\u2007']+")
_NUMBER = re.compile(r"[-\u2212]?\d{1,15}(?:[.,]\d{1,15})?")
_GROUPED = re.compile(r"[-\u2212]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{3}){2,}")
_FEWER = re.compile(r"<\s*\d+|(?:färre|mindre) än \w+|f\d+")
SUPPRESSING = frozenset({"..", "...", "…", "x", "xx", "*", "•"})
LACKING = frozenset({"", "-", "–", "—", ".", "na", "n/a", "#n/a", "null", "none", "nan", "saknas", "uppgift saknas"})
GAP = frozenset({"", "na", "n/a", "nan"})
"""What stands in a file whose gaps are fewer than five."""
LONGEST = 80

NO_NUMBER = N_("”{text}” är inget tal. Skriv ett tal, lämna tomt, eller skriv .. för det som inte redovisas.")
PERCENT_SIGN = N_("Cellen har ett procenttecken, men indikatorn mäts i {unit}.")
OVER_HUNDRED = N_("{value} procent är mer än hundra. Är det ett antal?")
A_SHARE = N_("{value} läses som {value} procent. Är det en andel av ett ska filen ha tal från 0 till 100.")
NO_COUNT = N_("{value} är inget helt tal. Är det en andel?")
NEGATIVE = N_("{value} är mindre än noll.")
ONE = 1


@dataclass(frozen=True)
class Cell:
    """What a cell says. `note` is its text where it has no value, `percent` whether it had the sign."""

    status: str
    value: float | None = None
    note: str = ""
    percent: bool = False
    wrong: bool = False
    """Whether it is none of the three."""


def read(text: str) -> Cell:
    """Return what a cell says, before one knows of which indicator: decimal comma or point, blanks of any width."""
    said = unicodedata.normalize("NFC", text.strip())
    folded = _BLANKS.sub(" ", said).strip().lower()
    if folded in SUPPRESSING or _FEWER.fullmatch(folded):
        return Cell(SUPPRESSED, note=said[:LONGEST])
    if folded in LACKING:
        return Cell(MISSING, note=said[:LONGEST])
    percent = folded.endswith(("%", "procent"))
    number = folded.removesuffix("%").removesuffix("procent").strip()
    if _GROUPED.fullmatch(number):
        number = number.replace(" ", "")
    if _THOUSANDS.fullmatch(number):
        mark = max(".,", key=number.rfind) if {".", ","} <= set(number) else ""
        number = "".join(one for one in number if one not in ".," or one == mark)
    if not _NUMBER.fullmatch(number):  # "12 34" is no number: is it 1234, or two?
        return Cell(MISSING, note=said[:LONGEST], wrong=True)
    return Cell(VALUE, float(number.replace(",", ".").replace("\u2212", "-")), percent=percent)


def as_of(cell: Cell, indicator: Indicator) -> Cell:
    """Return what a cell says of an indicator: where its gaps are fewer than five, a gap is suppressed."""
    gap = cell.status == MISSING and not cell.wrong and cell.note.lower() in GAP
    return Cell(SUPPRESSED, note=cell.note) if gap and indicator.suppression == GAPS else cell


def about(cell: Cell, indicator: Indicator, field: str) -> Finding | None:
    """Return what is odd about a cell of an indicator: no number, or not in the unit of the indicator."""
    if cell.wrong:
        return Finding(field, Text(NO_NUMBER, text=cell.note), stops=True)
    if cell.value is None:
        return None
    unit, said = indicator.unit, told(cell.value)
    wrong = {
        PERCENT_SIGN: cell.percent and unit != "procent",
        NEGATIVE: cell.value < 0 and unit in ("procent", "antal"),
        OVER_HUNDRED: unit == "procent" and cell.value > 100,  # noqa: PLR2004 - all of it
        NO_COUNT: unit == "antal" and not cell.value.is_integer(),
    }
    for words, holds in wrong.items():
        if holds:
            return Finding(field, Text(words, value=said, unit=UNITS[unit]), stops=True)
    share = unit == "procent" and 0 < cell.value < ONE
    return Finding(field, Text(A_SHARE, value=said)) if share else None


def told(value: float) -> str:
    """Return a value as people read it: a decimal comma, a hard space per thousand, no decimals that say nothing."""
    whole = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4f}".rstrip("0")
    return whole.replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")


class CellField(Described):
    """A cell of a file of figures, as `read` reads it. A gap is told too: it is one of the three."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Cell:
        return value if isinstance(value, Cell) else read(str(value))
