"""What the figures of the reserve say, in a few sentences beside the chart (ux-desktop 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.i18n import N_, Text
from core.reserve.services.standing import Year

WHOLE = 100
BOUND = 50
"""From so many percent on it is told that a year to come is bound already."""
ALL_UNDER = N_("Prognosen för {year} är {forecast}, alltså {gap} under det som är beviljat.")
ALL_OVER = N_("Prognosen för {year} är {forecast}, alltså {gap} över det som är beviljat.")
SOME_UNDER = N_("De som har en prognos för {year} räknar med {forecast}, alltså {gap} under det som de har beviljats.")
SOME_OVER = N_("De som har en prognos för {year} räknar med {forecast}, alltså {gap} över det som de har beviljats.")
ONE_LACKS = N_("En beviljad ansökan saknar prognos för {year}.")
SEVERAL_LACK = N_("{n} beviljade ansökningar saknar prognos för {year}.")


def kronor(amount: int) -> str:
    """Return kronor as Swedish text has them: no-break spaces between thousands, and a minus that is one."""
    return f"{amount:,}".replace(",", "\u00a0").replace("-", "\u2212") + "\u00a0kr"


def said(found: Sequence[Year], this_year: int) -> list[Text]:
    """Return a few sentences about the year that goes on, those to come and the one before."""
    return list(_said(found, this_year))


def _said(found: Sequence[Year], this_year: int) -> Iterator[Text]:
    for one in found:
        year = str(one.year)
        if one.year == this_year:
            yield Text(N_("{left} är kvar att besluta {year}."), left=kronor(one.left), year=year)
            if one.forecast is not None:
                yield from _foreseen(one)
        elif one.year > this_year and one.frame and one.granted * WHOLE >= one.frame * BOUND:
            part = str(one.granted * WHOLE // one.frame)
            yield Text(N_("{year} är redan bundet till {part} procent."), year=year, part=part)
        elif one.year == this_year - 1 and one.unused > 0:
            yield Text(
                N_("Av det som är beviljat {year} är {unused} inte använt."), year=year, unused=kronor(one.unused)
            )


def _foreseen(one: Year) -> Iterator[Text]:
    forecast, year = one.forecast or 0, str(one.year)
    gap = one.foreseen - forecast
    known = {"year": year, "forecast": kronor(forecast), "gap": kronor(abs(gap))}
    if one.lacking:
        yield Text(ONE_LACKS if one.lacking == 1 else SEVERAL_LACK, year=year, n=one.lacking)
        under, over = SOME_UNDER, SOME_OVER
    else:
        under, over = ALL_UNDER, ALL_OVER
    yield Text(under if gap >= 0 else over, **known)
