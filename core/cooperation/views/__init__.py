"""The pages of cooperation: cycles with their parties, pictures, problems and causes, goals and measures."""

from core.cooperation.views import cycles, documents, parties, pictures, plan, problems
from core.cooperation.views.blueprint import pages

__all__ = ["cycles", "documents", "pages", "parties", "pictures", "plan", "problems"]
