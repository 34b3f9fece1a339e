"""The letters to an applicant about a decision, in plain Swedish. Pure.

Of a restricted matter a letter tells only that there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.applications.models import MOTIVES, GrantDecision
from core.journal import PROTECTED
from core.schema.amounts import grouped
from core.schema.paragraphs import signed_paragraph

ANSWERS = {
    "beviljad": "Ansökan är beviljad.",
    "delvis_beviljad": "En del av det ni sökte är beviljat.",
    "avslag": "Ansökan är avslagen.",
    "aterremiss": "Ansökan är återremitterad. Den ska behandlas en gång till innan utskottet beslutar.",
    "bordlagd": "Ansökan är bordlagd. Utskottet tar upp den igen på ett senare sammanträde.",
    "utgar": "Ansökan utgår och behandlas inte mer.",
}
RETURNED = {
    "under_bedomning": "Stadsledningskontoret bedömer den på nytt. Ni behöver inte göra något nu.",
    "utkast": "Ni skriver om ansökan och skickar in den igen.",
}


@dataclass(frozen=True)
class Decided:
    """What a letter tells: whose number, what was decided, when and by whom, kronor by year, and where it stands."""

    number: str
    title: str
    body: str
    held_on: date
    row: GrantDecision
    amounts: dict[int, int]
    sought: int
    link: str

    @property
    def about(self) -> str:
        """How the application is named."""
        return " ".join(filter(None, (self.number, self.title)))


def decided(told: Decided) -> tuple[str, str]:
    """Return subject and text of the letter about a decision that holds."""
    row, paragraph = told.row, signed_paragraph(told.row.paragraph)
    parts = [
        ANSWERS[row.outcome],
        f"{told.body} beslutade {told.held_on.isoformat()}, {paragraph}, om ansökan {told.about}.",
    ]
    if row.level >= PROTECTED or not told.title:
        return f"Beslut om ansökan {told.number}", _letter([*parts[1:], "Läs beslutet i Tryggplats."], told.link)
    if told.amounts:
        lines = [f"- {year}: {kronor_text(kronor)}" for year, kronor in told.amounts.items()]
        total = f"Tillsammans {kronor_text(sum(told.amounts.values()))} av sökta {kronor_text(told.sought)}."
        parts.append("\n".join(["Beviljat per år:", *lines, total]))
    if row.left_out:
        parts.append("\n".join(["Beslutet omfattar inte:", *(f"- {one['text']}" for one in row.left_out["measures"])]))
    if row.plan_by is not None:
        parts.append(
            "Skriv om tidplan, åtgärder, utgifter, drift och skötsellöften så att de stämmer med det som beviljades. "
            f"Acceptera sedan beslutet, eller avstå från medlen, senast {row.plan_by.isoformat()}."
        )
    if row.conditions:
        parts.append(f"Villkor:\n{row.conditions}")
    if row.motive:
        parts.append(f"Motiv: {MOTIVES[row.motive]}.")
    if row.motive_text:
        parts.append(f"Motivering:\n{row.motive_text}")
    if row.returns_to:
        parts.append(RETURNED[row.returns_to])
    return f"Beslut om ansökan {told.number}", _letter(parts, told.link)


def corrected(told: Decided) -> tuple[str, str]:
    """Return subject and text of the letter about a decision that was recorded wrongly."""
    row = told.row
    parts = [
        f"Beslutet om ansökan {told.about} var fel inskrivet och är rättat. Det gäller inte.",
        f"Det gällde {told.body} {told.held_on.isoformat()}, {signed_paragraph(row.paragraph)}.",
    ]
    if told.title:
        parts.append(f"Varför:\n{row.wrong_because}")
    parts.append("Det rätta beslutet kommer i ett eget brev. Ni behöver inte göra något nu.")
    return f"Rättat beslut om ansökan {told.number}", _letter(parts, told.link)


def kronor_text(kronor: int) -> str:
    """Return an amount as a letter writes it: 1 650 000 kr, with hard spaces."""
    return f"{grouped(kronor)}\u00a0kr"


def _letter(parts: list[str], link: str) -> str:
    return "\n\n".join([*parts, f"Läs mer:\n{link}", "Det här brevet går inte att svara på.", "Tryggplats"]) + "\n"
