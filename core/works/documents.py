"""What works hands out: the report of a tertial for the board, on paper, and each of its tables as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from core import access, clock, db
from core.access import Actor
from core.documents import About, Content, kind, sheet
from core.documents.drawn_bars import bars
from core.i18n import N_, Text
from core.places import services as places
from core.upkeep.period import Period
from core.upkeep.services.reports import Kept
from core.works import services
from core.works.schemas.reports import TABLES, OrderTableOptions, PaperOptions
from core.works.states import READ
from core.works.telling import called, names_of, sentences, tables

PAPER, TABLE = "works:tertial", "works:rapport"
SERIES = (N_("I tid"), N_("Klara för sent"), N_("Öppna och försenade"))
"""The parts of a bar: what became of frister."""
BARS, LINES = 12, 25
"""Bars of the chart, and lines of a table on paper, at most; the file has them all."""
EVERY = 100_000


def parts_of(one: Kept) -> list[int]:
    """Return the parts of a group's bar, in the order of SERIES."""
    return [one.in_time, one.late, one.open_late]


def _about(actor: Actor, uid: UUID) -> About:
    """A report of what somebody reaches is about themselves: nobody else's can be asked for."""
    if uid != actor.uid:
        raise access.Missing("person", uid)
    return About(actor.organisation_name, "/arbeten/rapport")


@kind(
    PAPER,
    title=N_("Tertialrapport för nämnden"),
    needs=READ,
    about=_about,
    template="documents/tertial.html",
    options=PaperOptions,
    level=2,
)
def on_paper(actor: Actor, _uid: UUID, *, fran: date, till: date, per: str) -> Content:
    """Gather the report of a period as the board reads it: what it comes to in words, a chart, the tables."""
    period = Period(fran, max(fran, till))
    report = services.order_report(actor, period, per)
    names, city = names_of(report), places.city(db.settings().city)
    rows: Sequence[tuple[str, list[int]]] = [(str(names[one.key]), parts_of(one)) for one in report.groups[:BARS]]
    chart = bars(SERIES, rows)
    told: dict[str, Any] = {
        "city": city.get("organisation", city["name"]),
        "sender": actor.organisation_name,
        "today": clock.today(),
        "period": period,
        "called": called(period),
        "sentences": list(sentences(report)),
        "tables": [one for one in tables(report).values() if one.rows],
        "chart": bool(chart),
        "series": SERIES,
        "bars": rows,
        "most": LINES,
    }
    return Content(
        title=Text(N_("Skötsel och arbeten, {period}"), period=called(period)),
        filename=f"tertialrapport {actor.organisation_name} {fran.isoformat()} till {period.last.isoformat()}",
        context=told,
        drawings={"chart": chart} if chart else {},
    )


@kind(
    TABLE, title=N_("Hur arbetsordrarna gick, som tabell"), needs=READ, about=_about, options=OrderTableOptions, level=2
)
def as_table(actor: Actor, _uid: UUID, *, fran: date, till: date, per: str, tabell: str, **_: Any) -> Content:
    """Gather one table of the report, whole."""
    period = Period(fran, max(fran, till))
    report = services.order_report(actor, period, per)
    if tabell == "igen":
        report = replace(report, again=services.came_again(actor, period, limit=EVERY))
    elif tabell == "kostnader":
        report = replace(report, costs=services.costs(actor, period, limit=EVERY))
    found = tables(report)[tabell]
    return Content(
        title=Text(N_("{table}, {name}"), table=TABLES[tabell], name=actor.organisation_name),
        filename=f"arbeten {tabell} {fran.isoformat()} till {period.last.isoformat()}",
        sheet=sheet(found.columns, found.rows),
    )
