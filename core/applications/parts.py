"""The parts of an application: its task list, in the order that people read it, and which fields of text are whose.

A part is a row here, a form in `schemas`, a page under `/ansokningar/<uid>/<key>`, and rules of the coach.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.i18n import N_

GROUPS: Mapping[str, str] = {
    "varfor": N_("Varför"),
    "vad": N_("Vad"),
    "med_vilka": N_("Med vilka"),
    "pengar": N_("Pengar och efteråt"),
}


@dataclass(frozen=True)
class Part:
    """A part: its key, which is also its address, its group and title, and the columns of text that it writes."""

    key: str
    group: str
    title: str
    texts: tuple[str, ...] = ()


PARTS: Mapping[str, Part] = {
    part.key: part
    for part in (
        Part("plats", "varfor", N_("Plats och tillträde"), ("access_note",)),
        Part("problem", "varfor", N_("Problembild"), ("problem",)),
        Part("underlag", "varfor", N_("Underlag")),
        Part("orsaker", "varfor", N_("Orsaksanalys"), ("cause_note",)),
        Part("atgarder", "vad", N_("Åtgärder"), ("alternatives", "displacement")),
        Part("mal", "vad", N_("Mål"), ("focus_area", "expected")),
        Part("perspektiv", "vad", N_("Barn, jämställdhet, tillgänglighet"), ("children_heard", "children_note")),
        Part("tidplan", "vad", N_("Tidplan och tillstånd"), ("starts_on", "completes_on")),
        Part("samrad", "med_vilka", N_("Samråd"), ("consultation_note",)),
        Part("radighet", "med_vilka", N_("Rådighet och medgivande"), ("control_note",)),
        Part("utgifter", "pengar", N_("Utgift per år"), ("cost_note",)),
        Part("drift", "pengar", N_("Driftkostnad"), ("running_note",)),
        Part("skotsel", "pengar", N_("Skötsellöften"), ("upkeep_note",)),
        Part("bilagor", "pengar", N_("Bilagor")),
    )
}
REVISED = ("atgarder", "tidplan", "utgifter", "drift", "skotsel")
"""What is written anew when only a part of the money was granted."""
