"""The words of the letters about frister: plain Swedish, one line and one link for each. Pure.

Nothing that is restricted or protected (level 2 and above) is told but that there is something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

OPEN_LEVEL = 1
"""The highest level that a letter tells of."""
SHOWN = 20
"""Lines of one sort in a letter; of the rest it says how many."""
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
NEW, ASKED, LATE, SOON, STUCK = "Nytt hos er", "Andra väntar på er", "Försenat", "Snart dags", "Fastnat hos andra"
ORDER = (ASKED, LATE, SOON, NEW, STUCK)


@dataclass(frozen=True)
class Line:
    """What a letter tells of one frist: under which heading, what it is about, with whom it is if that is another.

    `until` is the moment of one that ends by the hour; `is_today` when it has not passed and ends on the letter's day.
    Or of a thing that waits, which has no `due_on` if it has no frist.
    """

    heading: str
    title: str
    place: str
    due_on: date | None
    link: str
    late: bool
    level: int
    whose: str = ""
    thing: str = ""
    until: str = ""
    is_today: bool = False

    def __str__(self) -> str:
        """Return it as two lines of a letter."""
        about = ", ".join(filter(None, (self.title, self.thing, self.place)))
        today = ", i dag" if self.is_today else ""
        last = f" Sista dag {'var' if self.late else 'är'} {self.due_on}{today}." if self.due_on else ""
        if self.until:
            last = f" Tiden gick ut {self.until}." if self.late else f" Senast {self.until}{today}."
        return f"- {about}.{last}\n  {self.link}"


@dataclass
class Overview:
    """How an organisation's frister stand when a week begins, and with whom those are stuck that it follows."""

    open: int = 0
    late: int = 0
    badly: int = 0
    soon: int = 0
    begun: int = 0
    met: int = 0
    stuck: list[tuple[str, int]] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.open or self.met or self.stuck)


@dataclass
class Part:
    """What a letter tells one organisation, each frist once; `link` is its list of frister."""

    name: str
    link: str
    overview: Overview | None = None
    by_link: dict[str, Line] = field(default_factory=dict)

    @property
    def lines(self) -> list[Line]:
        """What is told, in the order in which it came."""
        return list(self.by_link.values())

    def tell(self, line: Line) -> None:
        """Add a frist; one that several reminders ask about stands once, under the heading that comes first."""
        known = self.by_link.get(line.link)
        if known is None or ORDER.index(line.heading) < ORDER.index(known.heading):
            self.by_link[line.link] = line


def written_day(day: date) -> str:
    """Return a day as people say it: torsdag 26 november 2026."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def subject(parts: list[Part], day: date) -> str:
    """Return what the letter is about, so that one sees whether it can wait: what is late first."""
    lines = [line for part in parts for line in part.lines]
    late, new = (sum(line.heading == heading for line in lines) for heading in (LATE, NEW))
    told = [f"försenat: {late}"] * bool(late) + [f"nytt: {new}"] * bool(new)
    week = "veckan" if any(part.overview is not None for part in parts) else ""
    return f"Tryggplats {day}: {', '.join([*told, week] if week else told) or 'frister att hålla'}"


def text(parts: list[Part], day: date) -> str:
    """Return the letter of a day to one mailbox."""
    begun = f"Hej!\n\nDet här gäller {written_day(day)}.\n"
    ends = "Brevet går till er funktionsbrevlåda, högst ett om dagen. Svara inte på det. Logga in och skriv där."
    return "\n".join([begun, *("\n".join(_part(part)) for part in parts), ends, ""])


def _part(part: Part) -> Iterator[str]:
    yield f"{part.name}\n{'=' * len(part.name)}\n"
    if part.overview is not None:
        yield _overview(part.overview)
    told = [line for line in part.lines if line.level <= OPEN_LEVEL]
    for heading in ORDER:
        under = [line for line in told if line.heading == heading]
        if under:
            yield f"{heading} ({len(under)})\n{'-' * len(heading)}"
            yield from _lines(under)
    if hidden := len(part.lines) - len(told):
        yield f"Det finns också {_matters(hidden)} som inte får stå i brev. Logga in för att se dem.\n"
    yield f"Alla era frister: {part.link}\n"


def _lines(under: list[Line]) -> Iterator[str]:
    shown = sorted(under[:SHOWN], key=lambda line: line.whose)
    for whose, lines in groupby(shown, key=lambda line: line.whose):
        if whose:
            yield f"Hos {whose}:"
        yield from map(str, lines)
    if len(under) > SHOWN:
        yield f"- och {len(under) - SHOWN} till"
    yield ""


def _overview(told: Overview) -> str:
    lines = [
        "Veckan i siffror",
        "----------------",
        f"Öppna frister: {told.open}. Nya den senaste veckan: {told.begun}. Klara den senaste veckan: {told.met}.",
        f"Försenade: {told.late}, varav kraftigt försenade: {told.badly}. Sista dag inom sju dagar: {told.soon}.",
    ]
    if told.stuck:
        lines.append("Försenat som ni följer upp ligger hos:")
        lines += [f"- {name}: {count}" for name, count in told.stuck]
    return "\n".join([*lines, ""])


def personal(waiting: Iterable[tuple[str, Iterable[str]]], hidden: int, day: date, link: str) -> str:
    """Return a person's own letter of a day: what waits, under its headings."""
    lines = [f"Hej!\n\nDet här väntar på dig {written_day(day)}.\n"]
    for heading, told in waiting:
        lines += [f"{heading}\n{'-' * len(heading)}", *told, ""]
    if hidden:
        lines.append(f"Det finns också {_matters(hidden)} som inte får stå i brev. Logga in för att se dem.\n")
    return "\n".join([*lines, f"Allt som väntar: {link}/att-gora\nÄndra vilka brev du får: {link}/jag\n"])


def _matters(n: int) -> str:
    return "1 ärende" if n == 1 else f"{n} ärenden"
