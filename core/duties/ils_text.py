"""The paragraph of a board's report in ILS, in plain Swedish: what is read in the city's own system, whoever writes it.

Pure. The wording is that of the city: a goal "uppfylls helt", "uppfylls delvis" or "uppfylls ej" (domain.md 11.10).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = (
    "org", "period", "kf_mal", "namndmal", "indikator", "arsmal", "utfall", "prognos", "enhet", "kommentar",
    "aktivitet", "status", "avvikelse_orsak",
)  # fmt: skip
"""The columns of the export, as domain.md 11.10 names them."""
NUMBERS = ("arsmal", "utfall", "prognos")


@dataclass(frozen=True)
class Row:
    """A row of the export: of an indicator, or of an activity."""

    org: str
    period: str
    kf_mal: str
    namndmal: str
    indikator: str = ""
    arsmal: float | None = None
    utfall: float | None = None
    prognos: float | None = None
    enhet: str = ""
    kommentar: str = ""
    aktivitet: str = ""
    status: str = ""
    avvikelse_orsak: str = ""

    def cells(self) -> list[str | float | None]:
        """Return the values in the order of COLUMNS."""
        return [getattr(self, name) for name in COLUMNS]


def paragraph(
    who: str, verdicts: Sequence[str], rows: Sequence[Row], *, met: int = 0, measured: int = 0, lacking: int = 0
) -> str:
    """Return what a report says in words.

    `who` is "Nämnden" or "Bolaget", `verdicts` the keys (helt, delvis, ej; empty where nobody has judged), `met` how
    many of the `measured` indicators have reached their target; of those that are `lacking` nobody has said anything.
    """
    said = [*_of_goals(who, verdicts), *_of_indicators(met, measured, lacking), *_of_activities(rows)]
    return " ".join(said)


def _of_goals(who: str, verdicts: Sequence[str]) -> list[str]:
    if not verdicts:
        return [f"{who} har inga mål för året."]
    if not any(verdicts):
        return [f"{who} har {len(verdicts)} mål, som inte är {'bedömda' if len(verdicts) > 1 else 'bedömt'} än."]
    count = Counter(verdicts)
    parts = [f"{count['helt']} uppfylls helt", f"{count['delvis']} uppfylls delvis", f"{count['ej']} uppfylls ej"]
    if count[""]:
        parts.append(f"{count['']} är inte bedömda" if count[""] > 1 else "1 är inte bedömt")
    return [f"{who} når {count['helt']} av {len(verdicts)} mål: {_joined(parts)}."]


def _of_indicators(met: int, measured: int, lacking: int) -> list[str]:
    """Say how many have reached their target; what nobody has filled in has not failed to."""
    if not measured:
        return [f"Inget utfall är ifyllt för {_many(lacking, 'indikator', 'indikatorer')}."] if lacking else []
    without = f", och {lacking} saknar utfall" if lacking else ""
    return [f"Av {_many(measured + lacking, 'indikator', 'indikatorer')} har {met} nått årsmålet{without}."]


def _of_activities(rows: Sequence[Row]) -> list[str]:
    activities = [row for row in rows if row.aktivitet]
    if not activities:
        return []
    count = Counter(row.status for row in activities)
    words = {
        "Avslutad": ("avslutad", "avslutade"),
        "Påbörjad": ("påbörjad", "påbörjade"),
        "Försenad": ("försenad", "försenade"),
        "Ej påbörjad": ("ej påbörjad", "ej påbörjade"),
    }
    parts = [_many(count[status], *both) for status, both in words.items() if count[status]]
    said = [f"Av {_many(len(activities), 'aktivitet', 'aktiviteter')} är {_joined(parts)}."]
    late = [row for row in activities if row.status == "Försenad"]
    for row in late:
        why = row.avvikelse_orsak.strip().rstrip(".")
        said.append(f"Försenad: {row.aktivitet.rstrip('.')}. {why}." if why else f"Försenad: {row.aktivitet}.")
    return said


def _many(n: int, one: str, many: str) -> str:
    return f"{n} {one if n == 1 else many}"


def _joined(parts: Sequence[str]) -> str:
    return " och ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
