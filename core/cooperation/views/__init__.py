"""The pages of cooperation: cycles with their parties, pictures, problems and causes, goals and measures."""

from core.cooperation.views import (
    consulting,
    cycles,
    documents,
    library,
    lifts,
    parties,
    pictures,
    plan,
    problems,
    weekly,
)
from core.cooperation.views.blueprint import pages

__all__ = [
    "consulting",
    "cycles",
    "documents",
    "library",
    "lifts",
    "pages",
    "parties",
    "pictures",
    "plan",
    "problems",
    "weekly",
]
