"""The rules of fristen. No function commits or knows the web; each takes the actor first."""

from core.upkeep.services.by_hand import ACTS, acts_for, move_date, pause, resume
from core.upkeep.services.calendars import YEARS_AHEAD, YEARS_BACK, fill_calendar
from core.upkeep.services.explaining import Why, explained
from core.upkeep.services.listing import (
    AHEAD,
    COUNTED,
    PAGE,
    STANDINGS,
    Narrowed,
    Page,
    answering,
    changes_of,
    count_open,
    deadlines_of,
    following_up,
    forecast,
    list_open,
    open_of_place,
    read_deadline,
    standings,
)
from core.upkeep.services.moving import retime_deadline
from core.upkeep.services.planning import drop_deadline, meet_deadline, move, plan_deadline, renew_deadline
from core.upkeep.services.reports import GROUPINGS, Kept, Report, report
from core.upkeep.services.standing_still import (
    confirm_met,
    deny_met,
    pause_deadlines,
    report_met,
    resume_deadlines,
)

__all__ = [
    "ACTS",
    "AHEAD",
    "COUNTED",
    "GROUPINGS",
    "PAGE",
    "STANDINGS",
    "YEARS_AHEAD",
    "YEARS_BACK",
    "Kept",
    "Narrowed",
    "Page",
    "Report",
    "Why",
    "acts_for",
    "answering",
    "changes_of",
    "confirm_met",
    "count_open",
    "deadlines_of",
    "deny_met",
    "drop_deadline",
    "explained",
    "fill_calendar",
    "following_up",
    "forecast",
    "list_open",
    "meet_deadline",
    "move",
    "move_date",
    "open_of_place",
    "pause",
    "pause_deadlines",
    "plan_deadline",
    "read_deadline",
    "renew_deadline",
    "report",
    "report_met",
    "resume",
    "resume_deadlines",
    "retime_deadline",
    "standings",
]
