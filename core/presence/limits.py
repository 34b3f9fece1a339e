"""What is promised in time about what happens on places: kinds of frister, each with its rule and its words."""

from __future__ import annotations

from datetime import date, timedelta

from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_, Text
from core.presence.bands import PermitKind

ONLY = "normal"
PERMIT, PATROL = "core:sok_tillstand", "core:svar_ordningsvakter"
CONSULTATION, GOAL = "core:svar_planprojekt", "core:folj_upp_sva"
ANSWERS = {PATROL: 10, CONSULTATION: 15}
"""Working days within which is answered."""

KINDS = (
    DeadlineKind(
        PERMIT,
        N_("Sök tillstånd"),
        "",
        {ONLY: Rule(0, "given_date", N_("Före start"))},
        leg="other",
        closes_itself=True,
    ),
    DeadlineKind(
        PATROL,
        N_("Svara på begäran om ordningsvakter"),
        "",
        {ONLY: Rule(ANSWERS[PATROL], "working_days", N_("Svar inom 10 arbetsdagar"))},
        leg="respond",
        closes_itself=True,
    ),
    DeadlineKind(
        CONSULTATION,
        N_("Svara planprojektet"),
        "",
        {ONLY: Rule(ANSWERS[CONSULTATION], "working_days", N_("Svar inom 15 arbetsdagar"))},
        leg="respond",
        closes_itself=True,
    ),
    DeadlineKind(
        GOAL,
        N_("Följ upp socialt mål"),
        "",
        {ONLY: Rule(0, "given_date", N_("Dagen som projektet har bestämt"))},
        leg="other",
        closes_itself=True,
    ),
)

RULES = {kind.key: kind.rules[ONLY] for kind in KINDS}


def apply_by(kind: PermitKind, starts_on: date) -> Rule:
    """Return the terms by which a permit is asked for: its days before the start, as the city's table has them."""
    title = Text(N_("Senast {n} dagar före start"), n=kind.days_before)
    return Rule(0, "given_date", title, source=kind.source, given=starts_on - timedelta(days=kind.days_before))


def on_day(day: date, title: str, source: str) -> Rule:
    """Return the terms of what shall be done by a day that somebody has decided."""
    return Rule(0, "given_date", title, source=source, given=day)
