"""The pages of upkeep: "Skötsel i tid", a frist and why it ends when it does."""

from core.upkeep.views import calendars, deadlines, reports
from core.upkeep.views.blueprint import pages

__all__ = ["calendars", "deadlines", "pages", "reports"]
