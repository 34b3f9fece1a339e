"""What a walk promises in time (domain.md 2.5): the kinds of frister, each with its rule and its words."""

from __future__ import annotations

from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_

CALL, ROUTE, ANSWER = "core:ring", "core:fordela", "core:svar"
GIVEN = "core:lovat"
"""What another register has promised of a report: its own moment, whatever we should have promised."""
PROTOCOL, FEEDBACK, FOLLOW_UP = "core:protokoll", "core:aterkoppling", "core:uppfoljning"
ONLY = "normal"
FOLLOWED_UP = (90, 184)
"""Days after a walk between which another follows it up: three to six months (domain.md 2.5)."""
IN_DANGER = Rule(1, "clock_hours", N_("Fara: ring inom en timme"), urgency=0)


def _kind(key: str, title: str, rule: Rule, leg: str) -> DeadlineKind:
    return DeadlineKind(key=key, title=title, control_role="", rules={ONLY: rule}, leg=leg, closes_itself=True)


KINDS = (
    _kind(CALL, N_("Ring och kvittera"), IN_DANGER, "make_safe"),
    _kind(ROUTE, N_("Fördela iakttagelse"), Rule(2, "working_days", N_("Fördelas inom 2 arbetsdagar")), "respond"),
    _kind(ANSWER, N_("Svara på iakttagelse"), Rule(10, "working_days", N_("Svar inom 10 arbetsdagar")), "respond"),
    _kind(GIVEN, N_("Klart som registret lovat"), Rule(0, "given_date", N_("Den tid som registret har lovat")), "fix"),
    _kind(PROTOCOL, N_("Protokoll"), Rule(5, "working_days", N_("Protokoll inom 5 arbetsdagar")), "other"),
    _kind(FEEDBACK, N_("Återkoppling"), Rule(21, "calendar_days", N_("Återkoppling inom 21 dagar")), "other"),
    _kind(
        FOLLOW_UP,
        N_("Uppföljande vandring"),
        Rule(FOLLOWED_UP[1], "calendar_days", N_("Följs upp inom 6 månader efter vandringen")),
        "other",
    ),
)

OWN = frozenset(kind.key for kind in KINDS)
LIMITS = {kind.key: kind.rules[ONLY].title for kind in KINDS}
"""How long one has, as people read it, by the key of the kind."""
