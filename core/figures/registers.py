"""Statistics as kinds of rows that are read in (core.imports), one for each kind of area, and what is odd about each.

A row may be long (an indicator, a value) or wide (a column for each indicator); both may be of a part, such as an age.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from core import clock, imports
from core.access import Actor
from core.figures import cells, periods, services
from core.figures.cells import Cell
from core.figures.models import IMPORT, VALUE, Indicator
from core.figures.naming import indicators_by_key, names, whole_city
from core.figures.periods import told
from core.figures.schemas import row_schema
from core.figures.services import Row
from core.i18n import N_, Text
from core.imports import Batch, Finding, Records
from core.imports.kinds import Refused
from core.places.models import DISTRICT, MUNICIPALITY, POLICE
from core.schema import Invalid, Schema

WHICH = N_("Säg vilken indikator raden gäller, eller lägg värdet i indikatorns egen kolumn.")
NO_VALUES = N_("Välj minst en kolumn med värden.")
NOT_WHOLE = N_("Skriv hur många svar det är som ett helt tal.")
OUTSIDE = N_("Värdet ligger inte inom sitt eget intervall.")
HALF = N_("Skriv både den lägre och den högre gränsen, eller ingen.")
AHEAD = N_("Perioden har inte börjat. Är det en prognos?")
NO_MAP = N_("{name} finns inte som område här. Siffran förs in, men syns inte på kartan.")
LONGEST = 120
"""Characters of a row's key, as imports keep it."""
TWICE = N_("Raden säger samma indikator två gånger. Ta bort den ena kolumnen.")
HERE = N_("Siffran finns redan, för {area} {period}. Ångra den leveransen först om den ska bytas.")


class Figures:
    """A row becomes a figure for each of its cells. What a gap means is the indicator's own rule."""

    needs, page, number = IMPORT, "/statistik/siffror/{uid}", ""

    def __init__(self, area_kind: str, title: str) -> None:
        self.area_kind, self.title = area_kind, title

    def fields(self) -> Schema:
        """Return the description of a row, with a field for each indicator that there is now."""
        return row_schema(self.area_kind)

    def look(self, actor: Actor, batch: Batch, known: Mapping[str, Any], texts: Mapping[str, str]) -> Iterable[Finding]:  # noqa: ARG002
        """Yield what is wrong with area, period and cells, and which figures are here already."""
        row = self._row(known, texts)
        if "value" in texts and row.indicator is None:
            yield Finding("indicator", WHICH, stops=True)
        elif not row.cells:
            yield Finding("", NO_VALUES, stops=True)
        elif len({indicator.id for _, indicator, _ in row.cells}) < len(row.cells):
            yield Finding("indicator", TWICE, stops=True)
        for field, indicator, cell in row.cells:
            if (odd := cells.about(cell, indicator, field)) is not None:
                yield odd
        yield from _about_the_rest(known)
        if row.first_on > clock.today():
            yield Finding("period", AHEAD)
        if self.area_kind == MUNICIPALITY and row.area_code not in names(MUNICIPALITY):
            yield Finding("area", Text(NO_MAP, name=row.area_name))
        if services.are_here(actor, row):
            yield Finding("", _here(row), stops=True)

    def spot(self, known: Mapping[str, Any]) -> str:  # noqa: ARG002 - as of every kind
        """Return nothing: that many rows are of the same area says nothing."""
        return ""

    def named(self, known: Mapping[str, Any]) -> str:
        """Return what a row is about: area, period, indicator and part."""
        return _key(self._area(known)[0], known)

    def check(self, columns: Collection[str]) -> None:
        """Refuse a choice of columns of which no row could become a figure. Raises Invalid."""
        wide = any(name.startswith("i_") for name in columns)
        if "value" not in columns and not wide:
            raise Invalid({"value": [NO_VALUES]})
        if "value" in columns and "indicator" not in columns:
            raise Invalid({"indicator": [WHICH]})

    def told(self, key: str) -> str:
        """Return what a row is about in words: its area, its period and its part, without what only we compare by."""
        code, _, rest = key.partition(" ")
        days, _, rest = rest.partition(" ")
        period = periods.read(days.replace("–", "--"))
        about = (names(self.area_kind).get(code, code), told(*period) if period else days, rest.rpartition(" ")[0])
        return ", ".join(filter(None, about))

    def known(self, actor: Actor, batch: Batch, numbers: Sequence[str]) -> set[str]:  # noqa: ARG002
        """Return which rows are here already, whoever read them in."""
        return services.rows_here(actor, self.area_kind, numbers)

    def create(self, actor: Actor, batch: Batch, uid: UUID, known: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        """Let the row become its figures, unless an earlier row of the same file has brought one of them."""
        row = self._row(known, texts)
        if services.are_here(actor, row):
            raise Refused(_here(row))
        services.take_in(actor, batch.uid, batch.source, record=uid, row=row)

    def used(self, records: Records) -> Select[UUID]:
        """Select none: a figure is never worked on, only cited, and what is cited stays."""
        return services.used_rows(records)

    def undo(self, actor: Actor, uid: UUID, reason: str) -> None:
        """Let the figures of the row hold no more."""
        services.undo_row(actor, uid, reason)

    def _row(self, known: Mapping[str, Any], texts: Mapping[str, str]) -> Row:
        code, name = self._area(known)
        first, last = known["period"]
        indicator = indicators_by_key().get(known["indicator"] or "")
        return Row(
            area_kind=self.area_kind, area_code=code, area_name=name, first_on=first, last_on=last,
            part=known["part"], indicator=indicator, cells=tuple(_cells(known, texts, indicator)),
            key=_key(code, known), n=_number(known["n"], whole=True), low=_number(known["low"]),
            high=_number(known["high"]),
        )  # fmt: skip

    def _area(self, known: Mapping[str, Any]) -> tuple[str, str]:
        """Return the code and the name of the area; without a column for it the rows are about the whole city."""
        said = known["area"]
        if not said:
            return whole_city()
        return said, names(self.area_kind).get(said) or known.get("area_name") or said


def _here(row: Row) -> str:
    return Text(HERE, area=row.area_name, period=told(row.first_on, row.last_on))


def _key(code: str, known: Mapping[str, Any]) -> str:
    """Return what a row is about: two of the same file with the same are one too many."""
    days = "–".join(day.isoformat() for day in known["period"])
    wide = [name for name, cell in known.items() if name.startswith("i_") and cell is not None]
    which = known["indicator"] or sha256(" ".join(sorted(wide)).encode()).hexdigest()[:8]
    said = " ".join(filter(None, (code, days, known["part"], which)))
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 9]} {sha256(said.encode()).hexdigest()[:8]}"


def _cells(
    known: Mapping[str, Any], texts: Mapping[str, str], indicator: Indicator | None
) -> Iterable[tuple[str, Indicator, Cell]]:
    """Yield each cell that the row has a column for: its field, its indicator, and what it says."""
    if "value" in texts and indicator is not None:
        yield "value", indicator, cells.as_of(known["value"] or cells.read(""), indicator)
    for key, one in indicators_by_key().items():
        if f"i_{key}" in texts:
            yield f"i_{key}", one, cells.as_of(known[f"i_{key}"] or cells.read(""), one)


def _number(cell: Cell | None, *, whole: bool = False) -> Any:
    value = cell.value if cell is not None and cell.status == VALUE else None
    return int(value) if whole and value is not None else value


def _about_the_rest(known: Mapping[str, Any]) -> Iterable[Finding]:
    """Yield what is wrong with how many it rests on, and with its uncertainty."""
    n, value, low, high = (known[name] for name in ("n", "value", "low", "high"))
    if n is not None and (n.wrong or (n.value is not None and (n.value < 0 or not n.value.is_integer()))):
        yield Finding("n", NOT_WHOLE, stops=True)
    for name, cell in (("low", low), ("high", high)):
        if cell is not None and cell.wrong:
            yield Finding(name, Text(cells.NO_NUMBER, text=cell.note), stops=True)
    ends = [_number(one) for one in (low, high)]
    if ends.count(None) == 1:
        yield Finding("low", HALF, stops=True)
    elif None not in ends and value is not None and value.value is not None and not ends[0] <= value.value <= ends[1]:
        yield Finding("low", OUTSIDE, stops=True)


TITLES = {
    DISTRICT: N_("Statistik per stadsdelsnämndsområde"),
    "stadsdel": N_("Statistik per stadsdel"),
    "basomrade": N_("Statistik per basområde"),
    POLICE: N_("Statistik per lokalpolisområde"),
    MUNICIPALITY: N_("Statistik för hela staden, eller per kommun"),
}
PREFIX = "statistik:"
for _kind, _title in TITLES.items():
    imports.kind(f"{PREFIX}{_kind}")(lambda area=_kind, title=_title: Figures(area, title))
