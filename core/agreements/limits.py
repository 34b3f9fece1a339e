"""What is promised in time here: the kinds of frister, each met by what happens (domain.md 4.4)."""

from __future__ import annotations

from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_

ONLY = "normal"
NEXT_MEETING, DECIDED, COMMITTED = "core:nasta_mote", "core:motesbeslut", "core:atagande"
EVALUATE_12, EVALUATE_24 = "core:utvardering_12", "core:utvardering_24"
ANSWER_DRAFT, SIGN = "core:remissvar_overenskommelse", "core:underskrift"
YEARLY_PLAN = "core:arsplan_rad"
REVIEW, EXPIRES = "core:oversyn_overenskommelse", "core:overenskommelse_gar_ut"

RULES = {
    NEXT_MEETING: (N_("Håll nästa möte"), Rule(28, "calendar_days", N_("Möte minst var fjärde vecka"))),
    DECIDED: (N_("Gör det som mötet beslutade"), Rule(0, "given_date", N_("Dagen som mötet bestämde"))),
    COMMITTED: (N_("Håll åtagandet"), Rule(0, "given_date", N_("Dagen som parten har lovat"))),
    YEARLY_PLAN: (
        N_("Besluta rådets nästa årsplan"),
        Rule(12, "statutory", N_("Rådet beslutar en plan varje år"), unit="months"),
    ),
    EVALUATE_12: (
        N_("Utvärdera efter ett år"),
        Rule(12, "statutory", N_("Utvärderas efter 12 månader"), unit="months"),
    ),
    EVALUATE_24: (
        N_("Utvärdera efter två år"),
        Rule(24, "statutory", N_("Utvärderas efter 24 månader"), unit="months"),
    ),
    ANSWER_DRAFT: (N_("Svara på utkastet"), Rule(0, "given_date", N_("Sista dagen för remissen"))),
    SIGN: (N_("Signera överenskommelsen"), Rule(30, "calendar_days", N_("Signeras inom 30 dagar"))),
    REVIEW: (N_("Se över överenskommelsen"), Rule(12, "statutory", N_("Ses över varje år"), unit="months")),
    EXPIRES: (
        N_("Förnya överenskommelsen, eller låt den gå ut"),
        Rule(0, "given_date", N_("Sista dagen som den gäller")),
    ),
}
"""What each is called, and its rule; a collaboration may have another rhythm, which it brings as its own terms."""

KINDS = tuple(
    DeadlineKind(key, title, "", {ONLY: rule}, leg="other", closes_itself=True) for key, (title, rule) in RULES.items()
)
