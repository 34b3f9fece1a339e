"""The law as data: the sections of a lägesbild, the parts of it that the law asks for, and each duty with its source.

Sources: domain.md 5.1, 5.2 and 5.4. Sections of the act are not numbered here: nobody has read them.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.i18n import N_

ACT = N_("Lag (2023:196) om kommuners ansvar för brottsförebyggande arbete")
PROGRAMME = N_("Stadens trygghets- och brottsförebyggande program")

PARTS = {
    "omfattning": N_("Kartläggning: brottslighetens omfattning"),
    "konsekvenser": N_("Kartläggning: brottslighetens konsekvenser"),
    "ovrigt": N_("Övrig relevant information"),
    "analys": N_("Analys av kartläggningen"),
}
"""What the law asks a lägesbild to hold; each is met by any section that counts as it."""


@dataclass(frozen=True)
class SectionKind:
    """A section of a lägesbild: its title, what to write there, and which part of the law it counts as."""

    title: str
    asks: str
    part: str = ""


SECTIONS = {
    "sammanfattning": SectionKind(N_("Sammanfattning"), N_("Det viktigaste på en halv sida.")),
    "metod": SectionKind(
        N_("Metod och källor med brister"), N_("Hur ni har gjort, och vad källorna inte kan svara på.")
    ),
    "brottslighet": SectionKind(
        N_("Brottslighet: omfattning, tid, plats, utveckling, jämförelse"),
        N_("Hur mycket, när, var, hur det har ändrats, och jämfört med vad."),
        "omfattning",
    ),
    "konsekvenser": SectionKind(
        N_("Konsekvenser"), N_("Vad brotten leder till, för vem och för kommunen."), "konsekvenser"
    ),
    "otrygghet": SectionKind(N_("Otrygghet och ordning"), N_("Vad mätningar och människor säger."), "ovrigt"),
    "utsatta": SectionKind(N_("Utsatta grupper"), N_("Vilka som drabbas mest. Inga enskilda."), "ovrigt"),
    "platser": SectionKind(N_("Platser"), N_("Var det händer ofta eller får stora följder."), "ovrigt"),
    "faktorer": SectionKind(
        N_("Riskfaktorer, skyddsfaktorer och lokala förhållanden"), N_("Vad som ökar och minskar risken."), "ovrigt"
    ),
    "resurser": SectionKind(N_("Pågående arbete och resurser"), N_("Vad som redan görs, av vem."), "ovrigt"),
    "analys": SectionKind(N_("Analys"), N_("Vad kartläggningen betyder, och vad det beror på."), "analys"),
    "prognos": SectionKind(N_("Prognos"), N_("Vad ni tror händer de närmaste två åren.")),
    "prioritering": SectionKind(N_("Underlag för prioritering"), N_("Vad ni bör välja först, och vad ni kan påverka.")),
}
"""The twelve sections of a municipality's lägesbild, in their order (domain.md 5.2)."""

MONTHS = 24
"""A lägesbild and a plan are brought up to date, and the plan followed up, every second year (domain.md 5.4)."""
WARNED_BEFORE = (9, 6, 3)
"""Months before the last day when whoever answers is reminded."""


@dataclass(frozen=True)
class Duty:
    """A duty: what is asked, what shows that it is met, and where it is said."""

    title: str
    shown_by: str
    source: str = ACT


DUTIES = {
    "funktion": Duty(
        N_("Det finns en samordningsfunktion som också är kontaktpunkt"),
        N_("En beslutad funktion med mandat och brevlåda som gäller i dag"),
    ),
    "lagesbild": Duty(
        N_("Det finns en lägesbild över brottsligheten i kommunen"), N_("En godkänd lägesbild, med dag och beslut")
    ),
    "innehall": Duty(
        N_("Lägesbilden har kartläggning, övrig relevant information och analys"),
        N_("Avsnitten i den godkända lägesbilden"),
    ),
    "plan": Duty(
        N_("Det finns en åtgärdsplan som bygger på lägesbilden"), N_("En beslutad plan, med dag och paragraf")
    ),
    "uppdatering": Duty(
        N_("Lägesbild och åtgärdsplan uppdateras minst vartannat år"),
        N_("Sista dagen, 24 månader efter besluten, har inte passerat"),
    ),
    "uppfoljning": Duty(
        N_("Åtgärdsplanen följs upp minst vartannat år"), N_("Uppföljningen, eller att tiden för den inte har gått ut")
    ),
    "samordnare": Duty(
        N_("Varje nämnd och bolag har en samordnare"), N_("En samordnare med mandat som gäller i dag"), PROGRAMME
    ),
}
"""Each duty, in the order of the statement (domain.md 5.1)."""

MET, LATE, LACKING = "uppfylld", "forsenad", "saknas"
STANDINGS = {MET: N_("Uppfylld"), LATE: N_("Försenad"), LACKING: N_("Saknas")}
"""How a duty stands."""

BOARDS = ("stadsdelsnamnd", "facknamnd", "bolag")
"""Kinds of organisation that shall have a samordnare."""

SOURCE_KINDS = {
    "polis": N_("Polisens statistik"),
    "matning": N_("Trygghetsmätning eller annan enkät"),
    "egen": N_("Kommunens egna uppgifter"),
    "register": N_("Annan myndighets statistik"),
    "dialog": N_("Dialog, vandringar och besiktningar"),
    "forskning": N_("Forskning och utvärdering"),
    "annat": N_("Annat"),
}
