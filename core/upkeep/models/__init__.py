"""Tables of upkeep, with the rules of who may see their rows."""

from core.upkeep.models.calendars import CalendarDay, Workday
from core.upkeep.models.deadlines import Deadline, DeadlineChange, DeadlinePause
from core.upkeep.models.letters import Feed, Reminder, ReminderStep

__all__ = [
    "CalendarDay",
    "Deadline",
    "DeadlineChange",
    "DeadlinePause",
    "Feed",
    "Reminder",
    "ReminderStep",
    "Workday",
]
