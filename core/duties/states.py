"""How a lägesbild, a plan and a report of ILS stand. One is replaced by the house, when another has been decided."""

from __future__ import annotations

from core.duties.models.coordination import EDIT
from core.duties.models.ils import WRITE
from core.duties.models.reports import APPROVED, DRAFT, OUT, REPLACED
from core.flow import Flow, Move, State
from core.i18n import N_

HOUSE = "upkeep:deadline:plan"
"""A right that no role has: such a move follows from what somebody else does."""
APPROVE, DECIDE, FOLLOW_UP = "godkann", "besluta", "folj_upp"
DECIDED, FOLLOWED = "beslutad", "uppfoljd"
AGAIN, FOLLOWED_AGAIN = "galler_igen", "galler_igen_uppfoljd"
"""What was replaced holds again when the decision that took its place is undone."""

CITY_REPORT = Flow(
    "city_report",
    start=DRAFT,
    states={
        DRAFT: State(N_("Utkast"), "info", "ongoing"),
        OUT: State(N_("På remiss"), "info", "waiting"),
        APPROVED: State(N_("Godkänd"), "success", "done"),
        REPLACED: State(N_("Ersatt"), "neutral", "refused", closed=True),
    },
    moves=(
        Move("remittera", (DRAFT,), OUT, N_("Skicka på remiss"), EDIT),
        Move("ta_tillbaka", (OUT,), DRAFT, N_("Skriv vidare"), EDIT, reason=True),
        Move(APPROVE, (DRAFT, OUT), APPROVED, N_("Skriv in att den är godkänd"), EDIT),
        Move("angra", (APPROVED,), DRAFT, N_("Ångra godkännandet"), EDIT, reason=True),
        Move("ersatt", (APPROVED,), REPLACED, N_("Ersätts av en ny"), HOUSE),
        Move(AGAIN, (REPLACED,), APPROVED, N_("Gäller igen"), HOUSE, reason=True),
    ),
)

ACTION_PLAN = Flow(
    "action_plan",
    start=DRAFT,
    states={
        DRAFT: State(N_("Utkast"), "info", "ongoing"),
        DECIDED: State(N_("Beslutad"), "success", "on"),
        FOLLOWED: State(N_("Uppföljd"), "success", "done"),
        REPLACED: State(N_("Ersatt"), "neutral", "refused", closed=True),
    },
    moves=(
        Move(DECIDE, (DRAFT,), DECIDED, N_("Skriv in beslutet"), EDIT),
        Move("angra", (DECIDED,), DRAFT, N_("Ångra beslutet"), EDIT, reason=True),
        Move(FOLLOW_UP, (DECIDED,), FOLLOWED, N_("Skriv in uppföljningen"), EDIT),
        Move("oppna_uppfoljning", (FOLLOWED,), DECIDED, N_("Öppna uppföljningen igen"), EDIT, reason=True),
        Move("ersatt", (DECIDED, FOLLOWED), REPLACED, N_("Ersätts av en ny"), HOUSE),
        Move(AGAIN, (REPLACED,), DECIDED, N_("Gäller igen"), HOUSE, reason=True),
        Move(FOLLOWED_AGAIN, (REPLACED,), FOLLOWED, N_("Gäller igen, uppföljd"), HOUSE, reason=True),
    ),
)

OPEN, CLOSED = "oppen", "stangd"
ILS_REPORT = Flow(
    "ils_report",
    start=OPEN,
    states={
        OPEN: State(N_("Öppen"), "info", "ongoing"),
        CLOSED: State(N_("Stängd"), "success", "done", closed=True),
    },
    moves=(
        Move("stang", (OPEN,), CLOSED, N_("Stäng tertialen"), WRITE),
        Move("oppna_igen", (CLOSED,), OPEN, N_("Öppna tertialen igen"), WRITE, reason=True),
    ),
)
