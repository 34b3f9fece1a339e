"""The rules of fristen. No function commits or knows the web; each takes the actor first."""

from core.upkeep.services.calendars import YEARS_AHEAD, YEARS_BACK, fill_calendar
from core.upkeep.services.listing import (
    AHEAD,
    PAGE,
    Page,
    answering,
    changes_of,
    deadlines_of,
    forecast,
    list_open,
    open_of_place,
    open_query,
    read_deadline,
    standings,
)
from core.upkeep.services.planning import drop_deadline, meet_deadline, move, plan_deadline, renew_deadline
from core.upkeep.services.reports import GROUPINGS, Kept, Report, report

__all__ = [
    "AHEAD",
    "GROUPINGS",
    "PAGE",
    "YEARS_AHEAD",
    "YEARS_BACK",
    "Kept",
    "Page",
    "Report",
    "answering",
    "changes_of",
    "deadlines_of",
    "drop_deadline",
    "fill_calendar",
    "forecast",
    "list_open",
    "meet_deadline",
    "move",
    "open_of_place",
    "open_query",
    "plan_deadline",
    "read_deadline",
    "renew_deadline",
    "report",
    "standings",
]
