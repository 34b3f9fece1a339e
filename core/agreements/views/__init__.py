"""The pages of agreements: platssamverkan, meetings, commitments, agreements, councils, checks, who lacks what."""

from core.agreements.views import agreements, checks, collaborations, commitments, councils, coverage, meetings
from core.agreements.views.blueprint import pages

__all__ = ["agreements", "checks", "collaborations", "commitments", "councils", "coverage", "meetings", "pages"]
