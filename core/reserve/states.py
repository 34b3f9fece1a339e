"""How a booking stands: in the book at once, or first when a second person has confirmed it."""

from __future__ import annotations

from core.flow import Flow, Move, State
from core.i18n import N_
from core.reserve.models import CONFIRM, PROPOSE

BOOKED = "bokford"

BOOKING = Flow(
    "booking",
    start="vantar",
    states={
        "vantar": State(N_("Väntar på bekräftelse"), "wait", "waiting"),
        BOOKED: State(N_("Bokförd"), "success", "done", closed=True),
        "avvisad": State(N_("Avvisad"), "neutral", "refused", closed=True),
        "aterkallad": State(N_("Återkallad"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("bekrafta", ("vantar",), BOOKED, N_("Bekräfta bokningen"), CONFIRM),
        Move("avvisa", ("vantar",), "avvisad", N_("Avvisa bokningen"), CONFIRM, reason=True),
        Move("aterkalla", ("vantar",), "aterkallad", N_("Återkalla bokningen"), PROPOSE, reason=True),
    ),
)
