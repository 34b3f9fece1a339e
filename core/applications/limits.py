"""What applications promise in time: the kinds of frister, each with its rule and its words."""

from __future__ import annotations

from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_

ONLY = "normal"
ASKED = "core:ansokan_fraga"
NEW_PLAN, INSPECTION = "core:ny_plan", "core:skotsellofte"

WITHIN = Rule(20, "working_days", N_("Ny tidplan och omfattning inom 20 arbetsdagar"))

KINDS: tuple[DeadlineKind, ...] = (
    DeadlineKind(
        key=ASKED,
        title=N_("Svara på frågan om en ansökan"),
        control_role="",
        rules={ONLY: Rule(15, "working_days", N_("Svar inom 15 arbetsdagar"))},
        leg="respond",
        closes_itself=True,
    ),
    DeadlineKind(
        key=NEW_PLAN,
        title=N_("Lämna ny plan för det som beviljades"),
        control_role="",
        rules={ONLY: WITHIN},
        leg="respond",
        closes_itself=True,
    ),
    DeadlineKind(
        key=INSPECTION,
        title=N_("Besiktiga enligt skötsellöftet"),
        control_role="",
        rules={ONLY: Rule(12, "statutory", N_("Enligt skötsellöftet"), unit="months")},
        leg="other",
    ),
ASSESS_BY = "core:bedomning"

KINDS = (
        key=ASSESS_BY,
        title=N_("Bedöm ansökan"),
        rules={ONLY: Rule(10, "working_days", N_("Bedömning inom 10 arbetsdagar"))},
COMPLETED = "core:komplettering"
IN_TEN_DAYS = Rule(10, "working_days", N_("Komplettering inom 10 arbetsdagar"))
"""For an application that is asked to be completed where no other day is given (domain.md 1.3)."""
GIVEN = N_("Den dag som stadsledningskontoret har gett")

        key=COMPLETED,
        title=N_("Komplettera ansökan"),
        rules={ONLY: IN_TEN_DAYS},
)
