"""The states of a frist."""

from __future__ import annotations

from core.flow import Flow, Move, State
from core.i18n import N_

DEADLINE = Flow(
    "deadline",
    start="oppen",
    states={
        "oppen": State(N_("Öppen"), tone="plain", shape="open"),
        "klar": State(N_("Klar"), tone="success", shape="done", closed=True),
    },
    moves=(
        Move("klarmarkera", ("oppen",), "klar", N_("Klarmarkera"), needs="upkeep:deadline:close", reason=True),
        Move("oppna_igen", ("klar",), "oppen", N_("Öppna igen"), needs="upkeep:deadline:reopen", reason=True),
    ),
)
