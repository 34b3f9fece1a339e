"""What applications promise in time: the kinds of frister, each with its rule and its words."""

from __future__ import annotations

from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_

ONLY = "normal"
ASKED = "core:ansokan_fraga"

KINDS: tuple[DeadlineKind, ...] = (
    DeadlineKind(
        key=ASKED,
        title=N_("Svara på frågan om en ansökan"),
        control_role="",
        rules={ONLY: Rule(15, "working_days", N_("Svar inom 15 arbetsdagar"))},
        leg="respond",
        closes_itself=True,
    ),
)
