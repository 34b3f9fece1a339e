"""What a cycle promises in time: the kinds of frister, each with its rule and its words."""

from __future__ import annotations

from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_

ONLY = "normal"
OWN_PICTURE = "core:egen_lagesbild"

KINDS = (
    DeadlineKind(
        key=OWN_PICTURE,
        title=N_("Lämna in egen lägesbild"),
        control_role="",
        rules={ONLY: Rule(0, "given_date", N_("Dagen då lägesbilderna öppnas"))},
        leg="other",
        closes_itself=True,
    ),
)
