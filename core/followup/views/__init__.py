"""The pages of the follow-up: money, reports, effects, and the one view over the whole city."""

from core.followup.views import carrying_out, city, claims, effects, finance, moving, reports
from core.followup.views.blueprint import pages

__all__ = ["carrying_out", "city", "claims", "effects", "finance", "moving", "pages", "reports"]
