"""Tables of works, with the rules of who may see their rows."""

from core.works.models.contracts import (
    CLOCKS,
    DEVIATION,
    FORMS,
    LEGS,
    PAUSES,
    PENALISED,
    PENALTY_UNITS,
    PRIORITIES,
    Contract,
    Interest,
    PenaltyRule,
    RoutingRule,
    SlaRule,
    Subcontractor,
)
from core.works.models.control import CLAIMED, RESULTS, ControlVisit, Deviation, Penalty, PenaltyEvent, Warranty
from core.works.models.orders import SOURCES, OrderEvent, OrderOrigin, OrderSource, WorkOrder
from core.works.models.plans import BASES, MaintenancePlan
from core.works.models.replies import ReplyTemplate

__all__ = [
    "BASES",
    "CLAIMED",
    "CLOCKS",
    "DEVIATION",
    "FORMS",
    "LEGS",
    "PAUSES",
    "PENALISED",
    "PENALTY_UNITS",
    "PRIORITIES",
    "RESULTS",
    "SOURCES",
    "Contract",
    "ControlVisit",
    "Deviation",
    "Interest",
    "MaintenancePlan",
    "OrderEvent",
    "OrderOrigin",
    "OrderSource",
    "Penalty",
    "PenaltyEvent",
    "PenaltyRule",
    "ReplyTemplate",
    "RoutingRule",
    "SlaRule",
    "Subcontractor",
    "Warranty",
    "WorkOrder",
]
