"""What the follow-up of a grant promises in time: the kinds of frister, each with its rule and its words."""

from __future__ import annotations

from core.applications.services import late
from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_

ONLY = "normal"
CLAIM_CHECK, CARRY_OPINION = "core:rekvisition_granskas", "core:ombudgetering_yttrande"
REPORT, FINAL = "core:medel_rapport", "core:medel_slutredovisning"
REPORT_CHECK, EFFECT = "core:medel_rapport_granskas", "core:effekt_mats"

FINAL_WITHIN = Rule(3, "statutory", N_("Inom tre månader från att arbetet blev färdigt"), unit="months")
CHECKED_WITHIN = Rule(10, "working_days", N_("Granskad inom 10 arbetsdagar"))
OPINION_WITHIN = Rule(15, "working_days", N_("Yttrande inom 15 arbetsdagar"))
EFFECT_AFTER = {
    "direkt": Rule(1, "statutory", N_("Inom en månad från att arbetet blev färdigt"), unit="months"),
    "man_6": Rule(6, "statutory", N_("6 månader från att arbetet blev färdigt"), unit="months"),
    "man_12": Rule(12, "statutory", N_("12 månader från att arbetet blev färdigt"), unit="months"),
    "man_24": Rule(24, "statutory", N_("24 månader från att arbetet blev färdigt"), unit="months"),
}
"""When each measuring of an effect is due (domain.md 1.4)."""

KINDS = (
    DeadlineKind(
        key=CLAIM_CHECK,
        title=N_("Granska rekvisitionen"),
        control_role="",
        rules={ONLY: CHECKED_WITHIN},
        leg="respond",
        closes_itself=True,
    ),
    DeadlineKind(
        key=CARRY_OPINION,
        title=N_("Yttra sig om ombudgetering"),
        control_role="",
        rules={ONLY: OPINION_WITHIN},
        leg="respond",
        closes_itself=True,
    ),
    DeadlineKind(
        key=REPORT,
        title=N_("Lämna rapport om beviljade medel"),
        control_role="",
        rules={ONLY: Rule(0, "given_date", N_("Dagen i stadens årshjul"))},
        leg="other",
        closes_itself=True,
    ),
    DeadlineKind(
        key=FINAL,
        title=N_("Lämna slutredovisning"),
        control_role="",
        rules={ONLY: FINAL_WITHIN},
        leg="other",
        closes_itself=True,
    ),
    DeadlineKind(
        key=REPORT_CHECK,
        title=N_("Granska rapporten"),
        control_role="",
        rules={ONLY: CHECKED_WITHIN},
        leg="respond",
        closes_itself=True,
    ),
    DeadlineKind(
        key=EFFECT,
        title=N_("Mät effekten"),
        control_role="",
        rules={ONLY: Rule(0, "given_date", N_("Samma årstid som före"))} | EFFECT_AFTER,
        leg="other",
        closes_itself=True,
    ),
)
late.counts(REPORT, N_("1 rapport"), N_("{n} rapporter"))
late.counts(FINAL, N_("1 slutredovisning"), N_("{n} slutredovisningar"))
