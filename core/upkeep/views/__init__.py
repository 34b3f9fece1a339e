"""The pages of upkeep: "Skötsel i tid", a frist and why it ends when it does, letters and calendars."""

from core.upkeep.views import calendars, deadlines, feeds, letters, many, reports
from core.upkeep.views.blueprint import pages

__all__ = ["calendars", "deadlines", "feeds", "letters", "many", "pages", "reports"]
