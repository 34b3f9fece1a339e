"""The states of a frist. It lapses with what it was about, never by hand: its kind's rules decide."""

from __future__ import annotations

from core.flow import Flow, Move, State
from core.i18n import N_

DEADLINE = Flow(
    "deadline",
    start="oppen",
    states={
        "oppen": State(N_("Öppen"), tone="plain", shape="open"),
        "klar": State(N_("Klar"), tone="success", shape="done", closed=True),
        "utgar": State(N_("Utgår"), tone="neutral", shape="refused", closed=True),
    },
    moves=(
        Move("klarmarkera", ("oppen",), "klar", N_("Klarmarkera"), needs="upkeep:deadline:close", reason=True),
        Move("lata_utga", ("oppen",), "utgar", N_("Låt utgå"), needs="upkeep:deadline:plan", reason=True),
        Move("galla_igen", ("utgar",), "oppen", N_("Låt gälla igen"), needs="upkeep:deadline:plan", reason=True),
        Move("oppna_igen", ("klar",), "oppen", N_("Öppna igen"), needs="upkeep:deadline:reopen", reason=True),
    ),
)

STANDINGS = {
    "alla": N_("Alla"),
    "idag": N_("I dag"),
    "vecka": N_("Denna vecka"),
    "forsenade": N_("Försenade"),
    "kraftigt": N_("Kraftigt försenade"),
    "pausade": N_("Pausade"),
    "anmalda": N_("Anmälda klara"),
}
"""Parts of what is open: all that runs, today, this week, late, badly late, paused, waiting for somebody's word."""
