"""The states of a place: it is never deleted. Closed and merged ones are kept, with the reason."""

from __future__ import annotations

from core.flow import Flow, Move, State
from core.i18n import N_

CLOSE = "places:place:close"
PLACE = Flow(
    "place",
    start="oppen",
    states={
        "oppen": State(N_("Öppen"), tone="plain", shape="open"),
        "stangd": State(N_("Stängd"), tone="neutral", shape="off", closed=True),
        "sammanslagen": State(N_("Sammanslagen"), tone="neutral", shape="waiting", closed=True),
    },
    moves=(
        Move("stang", ("oppen",), "stangd", N_("Stäng platsen"), needs=CLOSE, reason=True),
        Move("sla_ihop", ("oppen", "stangd"), "sammanslagen", N_("Slå ihop med en annan"), needs=CLOSE, reason=True),
        Move("oppna_igen", ("stangd",), "oppen", N_("Öppna platsen igen"), needs=CLOSE, reason=True),
        Move("skilj_at", ("sammanslagen",), "oppen", N_("Skilj platserna åt"), needs=CLOSE, reason=True),
    ),
)
