"""What a cycle promises in time: the kinds of frister, each with its rule and its words."""

from __future__ import annotations

from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_

ONLY = "normal"
OWN_PICTURE, MEASURE, FOLLOW_UP = "core:egen_lagesbild", "core:samverkan_atgard", "core:samverkan_uppfoljning"
CONSULTED, LIFTED = "core:samradssvar", "core:lyft_svar"
WEEK_REPORT, WEEK_REVIEW, WEEK_ACTION = "core:veckorapport", "core:veckogenomgang", "core:veckoatgard"
GIVEN, AT_NOON, ON_TUESDAY = (
    N_("Den dag som är bestämd"),
    N_("Måndag klockan 12 efter veckan"),
    N_("Tisdag efter veckan"),
)


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
    _kind(WEEK_REPORT, N_("Lämna in veckorapporten"), AT_NOON),
    _kind(WEEK_REVIEW, N_("Gå igenom veckan i gruppen"), ON_TUESDAY),
    _kind(WEEK_ACTION, N_("Gör det gruppen har bestämt"), GIVEN),
    DeadlineKind(
        key=CONSULTED,
        title=N_("Svara på samråd"),
        control_role="",
        rules={ONLY: Rule(15, "working_days", N_("Svar inom 15 arbetsdagar"))},
        leg="respond",
        closes_itself=True,
    ),
    DeadlineKind(
        key=LIFTED,
        title=N_("Svara på det som är lyft"),
        control_role="",
        rules={ONLY: Rule(20, "working_days", N_("Svar från central nivå inom 20 arbetsdagar"))},
        leg="respond",
        closes_itself=True,
    ),
)
