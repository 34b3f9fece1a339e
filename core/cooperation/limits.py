"""What a cycle promises in time: the kinds of frister, each with its rule and its words."""

from __future__ import annotations

from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_

ONLY = "normal"
OWN_PICTURE, MEASURE, FOLLOW_UP = "core:egen_lagesbild", "core:samverkan_atgard", "core:samverkan_uppfoljning"


def _kind(key: str, title: str, rule: str) -> DeadlineKind:
    return DeadlineKind(
        key=key,
        title=title,
        control_role="",
        rules={ONLY: Rule(0, "given_date", rule)},
        leg="other",
        closes_itself=True,
    )


KINDS = (
    _kind(OWN_PICTURE, N_("Lämna in egen lägesbild"), N_("Dagen då lägesbilderna öppnas")),
    _kind(MEASURE, N_("Gör klart åtgärden"), N_("Åtgärdens sista dag")),
    _kind(FOLLOW_UP, N_("Följ upp samverkan"), N_("Dagen då det sista målet ska vara nått")),
)
