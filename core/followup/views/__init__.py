"""The pages of the follow-up: money, reports, effects, and the one view over the whole city."""

from core.followup.views import city
from core.followup.views.blueprint import pages

__all__ = ["city", "pages"]
