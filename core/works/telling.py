"""How the report on orders is said: names of its groups, its sentences in plain Swedish, its tables as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core import clock
from core.documents import Column
from core.http.texts import number
from core.i18n import N_, Text
from core.people import services as people
from core.upkeep.documents import KEPT
from core.upkeep.period import Period, tertials
from core.upkeep.services.reports import AGES, Kept
from core.works.models import PRIORITIES
from core.works.schemas.reports import BREAKDOWNS, TABLES
from core.works.services.reports import OWN_PEOPLE, UNSEEN, Again, OrderReport

FEW = 5
"""Frister that a group must have owed before it is named as the worst kept."""


@dataclass(frozen=True)
class Table:
    """One of the report's tables, ready for a sheet or for paper."""

    title: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]


def names_of(report: OrderReport) -> dict[Any, str]:
    """Return what each group is called."""
    keys = {one.key for one in report.groups} | {one.key for one in report.aged}
    if report.per == "avtal":
        known: dict[Any, str] = {key: title for key, (_, title) in report.contracts.items()}
        known |= {OWN_PEOPLE: N_("Egen personal"), UNSEEN: N_("Avtal som du inte ser")}
    elif report.per == "prioritet":
        known = dict(PRIORITIES)
    else:
        known = dict(people.categories()) if report.per == "sort" else {}
        known |= {None: N_("Ingen"), "": N_("Annat")}
    return {key: known.get(key, str(key)) for key in keys}


def called(period: Period) -> str:
    """Return what a period is called: a tertial by its number, other times by their days."""
    for nth, one in tertials(period.last):
        if one == period:
            return Text(N_("tertial {n} {year}"), n=nth, year=period.first.year)
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    return Text(N_("{first} till {last}"), **days)


def sentences(report: OrderReport) -> Iterator[str]:
    """Yield what the report says, a sentence for each part that there is something to say of."""
    whole = report.whole
    yield from _of_promises(report, whole)
    if report.again.of:
        words = N_(
            "Av {of} nya arbetsordrar gällde {n} ({share} %) samma sorts sak på samma plats som en arbetsorder som "
            "hade godkänts högst 30 dagar tidigare."
        )
        again = report.again
        yield Text(words, of=number(again.of), n=number(again.count), share=again.share)
    minutes = sum(one.minutes for one in report.controlled)
    planned = sum(one.minutes_planned for one in report.controlled)
    if planned:
        words = N_("Entreprenadkontrollerna tog {n} av {planned} planerade minuter ({share} %).")
        yield Text(words, n=number(minutes), planned=number(planned), share=round(100 * minutes / planned))
    if report.penalties:
        sums = {
            name: number(sum(getattr(one, name) for one in report.penalties))
            for name in ("possible", "claimed", "waived")
        }
        yield Text(N_("Viten: möjliga {possible} kr, krävda {claimed} kr, eftergivna {waived} kr."), **sums)
    if report.costs.total:
        words = N_("Det som färdiganmäldes kostade {n} kr, enligt arbetsordrarna.")
        yield Text(words, n=number(report.costs.total))


def _of_promises(report: OrderReport, whole: Kept) -> Iterator[str]:
    if not whole.owed:
        yield N_("Ingen frist har passerat sin sista dag än.")
        return
    words = N_("Av {n} frister som skulle vara klara hölls {kept} ({share} %).")
    yield Text(words, n=number(whole.owed), kept=number(whole.in_time), share=whole.share)
    words = N_("Klara för sent: {late}. Öppna och försenade: {open}. Flyttade minst en gång: {moved}.")
    yield Text(words, late=number(whole.late), open=number(whole.open_late), moved=number(whole.moved))
    worst = next((one for one in report.groups if one.owed >= FEW), None)
    if worst is not None and len(report.groups) > 1:
        words = N_("Lägst andel i tid: {name}, {share} % av {n}.")
        yield Text(words, name=names_of(report)[worst.key], share=worst.share, n=number(worst.owed))


def tables(report: OrderReport) -> dict[str, Table]:
    """Return every table of the report, by its key in TABLES."""
    names, head = names_of(report), Column(BREAKDOWNS[report.per], width=36)
    kept = [(names[one.key], one.in_time, one.late, one.open_late, one.share, one.moved) for one in report.groups]
    aged = [(names[one.key], *one.ages, one.badly) for one in report.aged]
    control = [
        (one.title, one.minutes_planned, one.minutes, one.share, one.planned, one.done) for one in report.controlled
    ]
    penalties = [(one.contract, one.number, one.possible, one.claimed, one.waived) for one in report.penalties]
    costs = [(row.place_name or N_("Utan plats"), row.orders, int(row.cost)) for row in report.costs.rows]
    rows: dict[str, tuple[Sequence[Column], Sequence[Sequence[Any]]]] = {
        "frister": ((head, *KEPT), kept),
        "alder": ((head, *AGED), aged),
        "igen": (CAME_AGAIN, list(_again(report.again))),
        "kontroll": (CONTROLLED, control),
        "viten": (PENALTIES, penalties),
        "kostnader": (COSTS, costs),
    }
    return {key: Table(TABLES[key], NOTES[key], columns, lines) for key, (columns, lines) in rows.items()}


def spans() -> list[str]:
    """Return the ages of what is open and late, in days: from the one to the other."""
    starts = (0, *(end + 1 for end in AGES))
    return [f"{start}–{end}" for start, end in zip(starts, AGES, strict=False)]


def days_since(row: Any) -> int:
    """Return how many days lie between an order and the approval of the one before on the same place."""
    days: int = (clock.local(row.at).date() - clock.local(row.latest).date()).days
    return days


def _again(again: Again) -> Iterator[Sequence[Any]]:
    titles = people.categories()
    for row in again.rows:
        kind = titles.get(row.category, row.category)
        yield (
            row.number, row.title, row.place_name, kind, clock.local(row.at).date(), row.before_number,
            days_since(row),
        )  # fmt: skip


NOTES = {
    "frister": N_("I tid är en andel av det som är klart eller försenat"),
    "alder": N_("Alla, oavsett vald tid. Kraftigt försenad är den som har tagit tre gånger sin tid"),
    "igen": N_("Samma sorts sak på samma plats som en arbetsorder som var godkänd. Skötselplanernas räknas inte"),
    "kontroll": N_("En påbörjad månad räknas som en hel"),
    "viten": N_("För det som blev försenat inom tiden"),
    "kostnader": N_("Det som färdiganmäldes inom tiden, de dyraste platserna först"),
}
"""What each table counts, beside its heading."""

AGED = (
    *(Column(Text(N_("{span} dygn"), span=span), "number") for span in spans()),
    Column(Text(N_("Över {n} dygn"), n=AGES[-1]), "number"),
    Column(N_("Kraftigt försenade"), "number"),
)
CAME_AGAIN = (
    Column(N_("Nummer"), width=12),
    Column(N_("Arbetsorder"), width=32),
    Column(N_("Plats"), width=28),
    Column(N_("Sort"), width=24),
    Column(N_("Beställd"), "date", 13),
    Column(N_("Den förra"), width=12),
    Column(N_("Dagar efter den"), "number"),
)
CONTROLLED = (
    Column(N_("Avtal"), width=36),
    Column(N_("Minuter enligt plan"), "number"),
    Column(N_("Minuter gjorda"), "number"),
    Column(N_("Gjort av plan, %"), "number"),
    Column(N_("Kontroller enligt plan"), "number"),
    Column(N_("Kontroller gjorda"), "number"),
)
PENALTIES = (
    Column(N_("Avtal"), width=36),
    Column(N_("Antal"), "number"),
    Column(N_("Möjliga"), "kronor", 14),
    Column(N_("Krävda"), "kronor", 14),
    Column(N_("Eftergivna"), "kronor", 14),
)
COSTS = (
    Column(N_("Plats"), width=36),
    Column(N_("Arbetsordrar"), "number"),
    Column(N_("Kostnad"), "kronor", 16),
)
