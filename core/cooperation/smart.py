"""What a goal lacks to be SMART, in questions that help (domain.md 5.2). Drafts are never blocked by it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.i18n import N_
from core.schema.amounts import measured, quantity

LETTERS = {
    "s": N_("Specifikt"),
    "m": N_("Mätbart"),
    "a": N_("Accepterat"),
    "r": N_("Realistiskt"),
    "t": N_("Tidsatt"),
}

VAGUE = re.compile(
    r"^\s*(att\s+)?(öka|ökad|höja|förbättra|förbättrad|stärka|minska|skapa)\s+(den\s+)?(upplevda\s+)?"
    r"(tryggheten|trygghet|otryggheten|otrygghet|säkerheten|trivseln|trivsel)\b[^0-9]*$",
    re.IGNORECASE,
)
"""A goal that says nothing more than that it shall be safer."""


@dataclass(frozen=True)
class Lack:
    """What is missing: under which letter, at which field, and the question that mends it."""

    letter: str
    field: str
    question: str


def lacks(goal: Any, *, accepted: int, parties: int, today: date | None = None) -> list[Lack]:
    """Return what a goal lacks, in the order of the letters. `accepted` of `parties` have accepted it as it stands.

    With `today`, for one that is still written, also that its day has gone by.
    """
    found = []
    if VAGUE.match(goal.text):
        found.append(Lack("s", "text", N_("Hur mycket, för vem, enligt vilken mätning?")))
    asked: Mapping[str, tuple[str, Any, str]] = {
        "indicator": ("m", goal.indicator.strip(), N_("Vilken mätning visar det?")),
        "unit": ("m", goal.unit.strip(), N_("I vilken enhet mäts det?")),
        "baseline": ("m", goal.baseline is not None, N_("Vad är läget nu?")),
        "baseline_on": ("m", goal.baseline_on, N_("När mättes läget nu?")),
        "target": ("m", goal.target is not None, N_("Vad ska det bli?")),
        "owner": ("a", goal.owner_id is not None, N_("Vem svarar för målet?")),
        "realistic": ("r", goal.realistic.strip(), N_("Varför är det rimligt?")),
        "due_on": ("t", goal.due_on, N_("Senast när?")),
    }
    found += [Lack(letter, field, question) for field, (letter, there, question) in asked.items() if not there]
    if goal.baseline is not None and goal.baseline == goal.target:
        found.append(Lack("s", "target", N_("Vad ska bli annorlunda? Målet är samma tal som läget nu.")))
    if goal.due_on is not None and goal.baseline_on is not None and goal.due_on <= goal.baseline_on:
        found.append(Lack("t", "due_on", N_("Sista dagen ska komma efter dagen då läget mättes. Senast när?")))
    elif goal.due_on is not None and today is not None and goal.due_on < today:
        found.append(Lack("t", "due_on", N_("Sista dagen har redan varit. Senast när?")))
    if accepted * 2 < parties:
        found.append(Lack("a", "accepted", N_("Minst hälften av parterna ska ha godtagit målet.")))
    return sorted(found, key=lambda one: "smart".index(one.letter))


def sentence(goal: Any) -> str:
    """Return a proposal for how a goal can be said, of what is filled in; empty while too little is."""
    if goal.baseline is None or goal.target is None or not goal.indicator.strip() or goal.due_on is None:
        return ""
    if goal.baseline == goal.target:
        return ""
    way = "minskar" if goal.target < goal.baseline else "ökar"
    was, becomes = measured(goal.baseline), quantity(goal.target, goal.unit)
    return f"{goal.indicator.strip()} {way} från {was} till {becomes}, senast {goal.due_on.isoformat()}."
