"""The fourteen chapters of an agreement (domain.md 4.2): data that the form, the gate and the paper are made of."""

from __future__ import annotations

from dataclasses import dataclass

from core.i18n import N_

PARTIES, PLACES, GOALS, COMMITMENTS, TERM, SIGNATURES = (
    "parter", "platser", "mal", "ataganden", "giltighet", "underskrifter",
)  # fmt: skip
"""What is drawn in a chapter from what is known, beside what is written there."""


@dataclass(frozen=True)
class Chapter:
    """A chapter: what it is called, what to write in it, and what is drawn there by itself."""

    number: int
    title: str
    asks: str
    drawn: str = ""


CHAPTERS = (
    Chapter(1, N_("Parter och mandat"), N_("Vilka är med, och vem har mandat? Parterna ritas av sig själva."), PARTIES),
    Chapter(2, N_("Plats och karta"), N_("Var gäller överenskommelsen? Kartan ritas av sig själv."), PLACES),
    Chapter(3, N_("Gemensam lägesbild"), N_("Sammanfatta den gemensamma lägesbilden på några meningar.")),
    Chapter(4, N_("Vision"), N_("Hur ska det vara när ni har lyckats?")),
    Chapter(5, N_("Mål och indikatorer"), N_("Vilka mål har ni? Valda mål och prioriterade områden ritas här."), GOALS),
    Chapter(6, N_("Organisation, roller och möten"), N_("Vilka grupper finns, vem leder dem och hur ofta möts ni?")),
    Chapter(7, N_("Åtaganden per part"), N_("Vad gör var och en? Parternas åtaganden ritas här."), COMMITMENTS),
    Chapter(8, N_("Resurser och finansiering"), N_("Vad lägger parterna in i tid och pengar?")),
    Chapter(
        9,
        N_("Information, sekretess och personuppgifter"),
        N_("Hur delar ni information? Uppgifter om enskilda människor utbyts aldrig i systemet."),
    ),
    Chapter(10, N_("Kommunikation"), N_("Vem berättar vad, för vilka och när?")),
    Chapter(11, N_("Uppföljning och utvärdering"), N_("När och hur ser ni om det har blivit bättre?")),
    Chapter(
        12,
        N_("Konflikt, avvikelse och eskalering"),
        N_("Vad händer när något inte hålls? Hinder lyfts till central nivå."),
    ),
    Chapter(
        13,
        N_("Giltighetstid, revidering och uppsägning"),
        N_("Hur ändras eller avslutas den? Dagarna ritas av sig själva."),
        TERM,
    ),
    Chapter(14, N_("Underskrifter"), N_("Underskrifterna ritas av sig själva när de kommer."), SIGNATURES),
)
BY_NUMBER = {chapter.number: chapter for chapter in CHAPTERS}
