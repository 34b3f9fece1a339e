"""Tables of upkeep, with the rules of who may see their rows."""

from core.upkeep.models.calendars import CalendarDay, Workday
from core.upkeep.models.deadlines import Deadline, DeadlineChange, DeadlinePause

__all__ = ["CalendarDay", "Deadline", "DeadlineChange", "DeadlinePause", "Workday"]
