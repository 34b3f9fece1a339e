"""The pages of presence: the calendar, what is arranged, presence, patrols, counts, surveys, planning projects."""

from core.presence.views import activations, counts, patrols, plans, projects, surveys
from core.presence.views.blueprint import pages

__all__ = ["activations", "counts", "pages", "patrols", "plans", "projects", "surveys"]
