"""What applications promise in time: the kinds of frister, each with its rule and its words."""

from __future__ import annotations

from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_

ONLY = "normal"
ASKED, COMPLETED, ASSESS_BY = "core:ansokan_fraga", "core:komplettering", "core:bedomning"
NEW_PLAN, INSPECTION = "core:ny_plan", "core:skotsellofte"
IN_TEN_DAYS = Rule(10, "working_days", N_("Komplettering inom 10 arbetsdagar"))
"""For an application that is asked to be completed where no other day is given (domain.md 1.3)."""
GIVEN = N_("Den dag som stadsledningskontoret har gett")
WITHIN = Rule(20, "working_days", N_("Ny tidplan och omfattning inom 20 arbetsdagar"))


def _answer(key: str, title: str, rule: Rule) -> DeadlineKind:
    rules = {ONLY: rule}
    return DeadlineKind(key=key, title=title, control_role="", rules=rules, leg="respond", closes_itself=True)


KINDS: tuple[DeadlineKind, ...] = (
    _answer(ASKED, N_("Svara på frågan om en ansökan"), Rule(15, "working_days", N_("Svar inom 15 arbetsdagar"))),
    _answer(COMPLETED, N_("Komplettera ansökan"), IN_TEN_DAYS),
    _answer(ASSESS_BY, N_("Bedöm ansökan"), Rule(10, "working_days", N_("Bedömning inom 10 arbetsdagar"))),
    _answer(NEW_PLAN, N_("Lämna ny plan för det som beviljades"), WITHIN),
    DeadlineKind(
        key=INSPECTION,
        title=N_("Besiktiga enligt skötsellöftet"),
        control_role="",
        rules={ONLY: Rule(12, "statutory", N_("Enligt skötsellöftet"), unit="months")},
        leg="other",
    ),
)
