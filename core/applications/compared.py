"""How two editions of an application differ: part by part, row by row, word by word. Pure: it knows no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from core.applications.parts import PARTS
from core.i18n import N_
from core.schema.amounts import grouped, measured

WHOLE = "application"
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
HOW = {ADDED: N_("Tillagt"), REMOVED: N_("Borttaget"), CHANGED: N_("Ändrat")}
YES, NO = N_("ja"), N_("nej")
LABELS: Mapping[str, str] = {
    "title": N_("Namn"),
    "together": N_("Söker tillsammans med"),
    "cycle_name": N_("Samverkan"),
    "organisation_name": N_("Organisation"),
    "programme_name": N_("Satsning"),
    "diary_own": N_("Nämndens diarienummer"),
    "diary_city": N_("Stadsledningskontorets diarienummer"),
    "decided_on": N_("Nämndens beslut"),
    "decided_paragraph": N_("Paragraf"),
    "decided_at_once": N_("Omedelbart justerat"),
    "conditional": N_("Under förutsättning av nämndens beslut"),
    "access_note": N_("Om tillträdet"),
    "problem": N_("Problembild"),
    "cause_note": N_("Om orsakerna"),
    "alternatives": N_("Alternativ"),
    "displacement": N_("Risk för omflyttning"),
    "focus_area_name": N_("Fokusområde"),
    "expected": N_("Vad vi väntar oss"),
    "children_heard": N_("Har barn fått säga vad de tycker?"),
    "children_note": N_("Om barnen"),
    "starts_on": N_("Börjar"),
    "completes_on": N_("Färdigt"),
    "consultation_note": N_("Om samrådet"),
    "control_note": N_("Om rådigheten"),
    "cost_note": N_("Om utgifterna"),
    "running_note": N_("Om driften"),
    "upkeep_note": N_("Om skötseln"),
    "sought": N_("Sökt belopp, kr"),
    "name": N_("Namn"),
    "access_name": N_("Tillträde"),
    "says": N_("Vad det visar"),
    "source": N_("Källa"),
    "period": N_("Period"),
    "value": N_("Värde"),
    "unit": N_("Enhet"),
    "compared": N_("Att jämföra med"),
    "compared_with": N_("Jämfört med"),
    "kind_name": N_("Slag"),
    "text": N_("Vad"),
    "quantity": N_("Antal"),
    "place": N_("Plats"),
    "cause": N_("Mot orsaken"),
    "amount": N_("Belopp, kr"),
    "built": N_("Ska skötas efteråt"),
    "weight": N_("Del av arbetet, procent"),
    "done": N_("Gjort, procent"),
    "delivered": N_("Vad som blev gjort"),
    "dropped_on": N_("Struken"),
    "baseline": N_("Läget nu"),
    "target": N_("Ska bli"),
    "due_on": N_("Senast"),
    "perspective_name": N_("Perspektiv"),
    "impact": N_("Hur det påverkar"),
    "considered": N_("Hur det beaktades"),
    "heard": N_("Vilka har hörts"),
    "done_on": N_("Gjort"),
    "note": N_("Anteckning"),
    "stands_name": N_("Läge"),
    "reference": N_("Beteckning"),
    "question": N_("Frågan"),
    "stance_name": N_("Vad de anser"),
    "answer": N_("Svaret"),
    "answered_on": N_("Svarat"),
    "year": N_("År"),
    "total": N_("Summa, kr"),
    "what": N_("Vad"),
    "capital": N_("Investering som skrivs av"),
    "years": N_("Skrivs av på, år"),
    "written_off": N_("Avskrivning, kr"),
    "interest": N_("Ränta, kr"),
    "decided": N_("Beslutad"),
    "payer": N_("Betalar"),
    "why": N_("Varför"),
    "measure": N_("Åtgärd"),
    "owner": N_("Ansvarig"),
    "standard": N_("Skötselnivå"),
    "first_after": N_("Första besiktning, månader efter"),
    "every": N_("Sedan var, månader"),
    "cost": N_("Kostnad per år, kr"),
    "accepted_on": N_("Lovat"),
    "declined": N_("Varför ägaren sa nej"),
}
"""What each fact of an edition is called. What has no name here is a key of the machine's, and is not shown."""
CALLED = (
    "text",
    "title",
    "name",
    "measure",
    "organisation_name",
    "perspective_name",
    "kind_name",
    "says",
    "source",
    "year",
)
"""By what a row is called, the first that it has."""
LISTS: Mapping[str, str] = {
    "places": N_("Plats"),
    "evidence": N_("Underlag"),
    "causes": N_("Orsak"),
    "measures": N_("Åtgärd"),
    "goals": N_("Mål"),
    "perspectives": N_("Perspektiv"),
    "milestones": N_("Delmål"),
    "permits": N_("Tillstånd"),
    "asks": N_("Tillfrågad"),
    "costs": N_("Utgift"),
    "years": N_("Summa för året"),
    "components": N_("Avskrivning"),
    "capital": N_("Kapitalkostnad, år"),
    "funding": N_("Övrig finansiering"),
    "running": N_("Driftkostnad, år"),
    "promises": N_("Skötsellöfte"),
    "attachments": N_("Bilaga"),
}
"""What a row of each list is."""
SAME = ("uid", "perspective", "kind", "year")
"""By what a row of one edition is known in another, the first that it has."""
PLAIN_NUMBERS = ("year",)
_WORDS = re.compile("[0-9]+(?:\u00a0[0-9]{3})+|\\s+|\\w+|[^\\w\\s]")


@dataclass(frozen=True)
class Piece:
    """A run of a text; `changed` if the other edition does not have it."""

    text: str
    changed: bool = False


@dataclass(frozen=True)
class Field:
    """A fact that differs, in the words of each edition."""

    label: str
    before: list[Piece]
    after: list[Piece]


@dataclass(frozen=True)
class Row:
    """A row that one of the editions lacks, or in which facts differ; `name` is that of its list, `sort` in words."""

    name: str
    sort: str
    title: str
    how: str
    fields: list[Field] = field(default_factory=list)


@dataclass
class Part:
    """A part in which two editions differ."""

    key: str
    title: str
    fields: list[Field] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Part]:
    """Return the parts in which two editions differ, in the order of the task list."""
    found = [Part(WHOLE, N_("Ansökan"), list(_fields(before[WHOLE], after[WHOLE])))]
    for key, part in PARTS.items():
        one, other = before.get(key, {}), after.get(key, {})
        told = Part(key, part.title, list(_fields(one.get("fields", {}), other.get("fields", {}))))
        lists, others = one.get("rows", {}), other.get("rows", {})
        for name in {**lists, **others}:
            told.rows += _rows(name, lists.get(name, []), others.get(name, []))
        found.append(told)
    return [part for part in found if part.fields or part.rows]


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Field]:
    for name, label in LABELS.items():
        one, other = said(name, before.get(name)), said(name, after.get(name))
        if one != other:
            yield Field(label, *words(one, other))


def _rows(name: str, before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    one, other = {_key(row): row for row in before}, {_key(row): row for row in after}
    for key, row in {**one, **other}.items():
        if key not in other:
            yield Row(name, LISTS[name], _called(row), REMOVED, list(_fields(row, {})))
        elif key not in one:
            yield Row(name, LISTS[name], _called(row), ADDED, list(_fields({}, row)))
        elif fields := list(_fields(one[key], row)):
            yield Row(name, LISTS[name], _called(row), CHANGED, fields)


def _key(row: Mapping[str, Any]) -> str:
    return str(next((row[name] for name in SAME if row.get(name)), ""))


def _called(row: Mapping[str, Any]) -> str:
    return str(next((row[name] for name in CALLED if row.get(name)), ""))


def said(name: str, value: Any) -> str:
    """Return a fact as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int) and name not in PLAIN_NUMBERS:
        return grouped(value)
    return measured(value) if isinstance(value, float) else str(value)


def words(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces, those words marked that the other does not have."""
    one, other = _WORDS.findall(before), _WORDS.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for how, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if a < b:
            left.append(Piece("".join(one[a:b]), how != "equal"))
        if c < d:
            right.append(Piece("".join(other[c:d]), how != "equal"))
    return left, right
