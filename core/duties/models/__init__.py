"""Tables of duties, with the rules of who may see their rows."""

from core.duties.models.coordination import CoordinationFunction, Coordinator
from core.duties.models.ils import (
    ACTIVITY_STATES,
    AREA_GOAL,
    BOARD_GOAL,
    CITY_GOAL,
    DIRECTIONS,
    GOAL_LEVELS,
    PERIODS,
    VERDICTS,
    IlsActivity,
    IlsGoal,
    IlsIndicator,
    IlsLine,
    IlsReport,
    IlsVerdict,
)
from core.duties.models.plans import ActionPlan, PlanMeasure
from core.duties.models.reports import CityReport, CitySection, CitySource, CityTable

__all__ = [
    "ACTIVITY_STATES",
    "AREA_GOAL",
    "BOARD_GOAL",
    "CITY_GOAL",
    "DIRECTIONS",
    "GOAL_LEVELS",
    "PERIODS",
    "VERDICTS",
    "ActionPlan",
    "CityReport",
    "CitySection",
    "CitySource",
    "CityTable",
    "CoordinationFunction",
    "Coordinator",
    "IlsActivity",
    "IlsGoal",
    "IlsIndicator",
    "IlsLine",
    "IlsReport",
    "IlsVerdict",
    "PlanMeasure",
]
