"""The programme's five steps of the analysis of causes (domain.md 5.1): where a problem stands, and what comes next.

They follow from what is written down; nobody ticks them off. To go back is to write more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.i18n import N_, Text, counted

PREPARE, DEEPEN, FIND, TEST, ACT = range(1, 6)
TITLES = {
    PREPARE: N_("Förberedelse"),
    DEEPEN: N_("Fördjupa kunskapen"),
    FIND: N_("Identifiera troliga orsaker"),
    TEST: N_("Testa antaganden och gallra"),
    ACT: N_("Välj och vidta åtgärder"),
}


@dataclass(frozen=True)
class Part:
    """One of the five steps: what is left to do in it, in a sentence; empty when it is done."""

    number: int
    left: str
    current: bool
    early: bool = False
    """Nothing is left in it, but in a step before it."""

    @property
    def title(self) -> str:
        """What the step is called."""
        return TITLES[self.number]


def parts(problem: Any, *, seen: int, causes: Sequence[Any], measures: int) -> list[Part]:
    """Return the five steps for a problem seen in so many things, with its causes and the measures against them."""
    left = (
        _to_prepare(problem),
        _to_deepen(problem, seen),
        _to_find(causes),
        _to_test(causes),
        "" if measures else N_("Skriv minst en åtgärd mot en trolig orsak."),
    )
    first = next((number for number, text in enumerate(left, 1) if text), None)
    early = first or len(left)
    return [Part(number, text, number == first, not text and number > early) for number, text in enumerate(left, 1)]


def _to_prepare(problem: Any) -> str:
    if not (problem.where and problem.when):
        return N_("Skriv var och när problemet finns.")
    return "" if problem.state == "prioriterad" else N_("Bestäm om parterna ska arbeta med problemet.")


def _to_deepen(problem: Any, seen: int) -> str:
    if not (problem.whom and (problem.how or problem.consequence)):
        return N_("Skriv hur det går till, vem som berörs och vad följden blir.")
    return "" if seen else N_("Koppla problemet eller en orsak till en iakttagelse eller en siffra.")


def _to_find(causes: Sequence[Any]) -> str:
    if not causes:
        return N_("Skriv ned de orsaker ni kan tänka er.")
    lacking = [str(cause.number) for cause in causes if not cause.prediction.strip()]
    words = N_("Skriv vad ni skulle se om det stämmer. Det saknas för orsak {numbers}.")
    return Text(words, numbers=", ".join(lacking)) if lacking else ""


def _to_test(causes: Sequence[Any]) -> str:
    untested = sum(cause.state == "hypotes" for cause in causes)
    if untested:
        one, many = N_("En orsak är inte avgjord. Pröva den."), N_("{n} orsaker är inte avgjorda. Pröva dem.")
        return counted(untested, one, many)
    if not any(cause.state == "trolig" for cause in causes):
        return N_("Ingen orsak är trolig än.")
    return ""
