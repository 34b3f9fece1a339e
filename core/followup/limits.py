"""What the follow-up of a grant promises in time: the kinds of frister, each with its rule and its words."""

from __future__ import annotations

from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_

ONLY = "normal"
CLAIM_CHECK, CARRY_OPINION = "core:rekvisition_granskas", "core:ombudgetering_yttrande"

KINDS = (
    DeadlineKind(
        key=CLAIM_CHECK,
        title=N_("Granska rekvisitionen"),
        control_role="",
        rules={ONLY: Rule(10, "working_days", N_("Granskad inom 10 arbetsdagar"))},
        leg="respond",
        closes_itself=True,
    ),
    DeadlineKind(
        key=CARRY_OPINION,
        title=N_("Yttra sig om ombudgetering"),
        control_role="",
        rules={ONLY: Rule(15, "working_days", N_("Yttrande inom 15 arbetsdagar"))},
        leg="respond",
        closes_itself=True,
    ),
)
