"""What the law and the steering promise in time: the kinds of frister, each with its rule and its words."""

from __future__ import annotations

from core.duties.law import MONTHS
from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_

ONLY = "normal"
REPORT = "core:kommunlagesbild"
PLAN, FOLLOW_UP, MEASURE = "core:atgardsplan", "core:plan_uppfoljning", "core:planatgard"
ILS = "core:ils_rapport"

TWO_YEARS = Rule(MONTHS, "statutory", N_("Minst vartannat år"), unit="months", source="Lag (2023:196)")


def months_after(months: int) -> Rule:
    """Return the rule that ends so many months after a decision, as the law counts months."""
    return Rule(months, "statutory", unit="months", source="Lag (2023:196)")


def _kind(key: str, title: str, rule: Rule) -> DeadlineKind:
    return DeadlineKind(key, title, control_role="", rules={ONLY: rule}, leg="other", closes_itself=True)


KINDS = (
    _kind(REPORT, N_("Uppdatera kommunens lägesbild"), TWO_YEARS),
    _kind(FOLLOW_UP, N_("Följ upp åtgärdsplanen"), TWO_YEARS),
    _kind(PLAN, N_("Besluta en ny åtgärdsplan"), TWO_YEARS),
    _kind(MEASURE, N_("Gör åtgärden och skriv resultatet"), Rule(0, "given_date", N_("Dagen i åtgärdsplanen"))),
    _kind(ILS, N_("Lämna uppföljningen i ILS"), Rule(0, "given_date", N_("Dagen i stadens årshjul"))),
)
