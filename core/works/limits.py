"""The three clocks of an order (domain.md 10.2): kinds of frister, each met by what happens to the order."""

from __future__ import annotations

from core.hookspecs import DeadlineKind, Rule
from core.i18n import N_

RESPOND, MAKE_SAFE, FIX, WARRANTY = "core:kvittera", "core:sakra", "core:atgarda", "core:garantibesiktning"
KIND_OF = {"respond": RESPOND, "make_safe": MAKE_SAFE, "fix": FIX}
"""The kind of frist of each leg of a Tidskrav."""
URGENCY = {"p0": 0, "p1": 1}
"""What goes before the rest whenever it is due; the others are 2."""

TITLES = {RESPOND: N_("Kvittera arbetsorder"), MAKE_SAFE: N_("Säkra tillfälligt"), FIX: N_("Utför arbetsorder")}
"""An order brings its own terms; a kind has a rule of its own all the same, for one that has none."""
ONLY = "normal"

KINDS = (
    *(
        DeadlineKind(kind, title, "", {ONLY: Rule(30, "calendar_days", title)}, leg=leg, closes_itself=True)
        for leg, (kind, title) in zip(("respond", "make_safe", "fix"), TITLES.items(), strict=True)
    ),
    DeadlineKind(
        WARRANTY,
        N_("Garantibesiktning"),
        "",
        {ONLY: Rule(30, "calendar_days", N_("Besiktigas före garantins slut"))},
        leg="other",
        closes_itself=True,
    ),
)
OWN = frozenset(kind.key for kind in KINDS)
