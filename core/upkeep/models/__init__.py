"""Tables of upkeep, with the rules of who may see their rows."""

from core.upkeep.models.calendars import Workday
from core.upkeep.models.deadlines import Deadline, DeadlineChange

__all__ = ["Deadline", "DeadlineChange", "Workday"]
