"""What the follow-up hands out: reports and effects on paper (domain.md 1.6), and its tables as spreadsheets."""

from core.followup.documents.effects import EFFECT
from core.followup.documents.reports import PERIOD, REPORT
from core.followup.documents.tables import TABLE

__all__ = ["EFFECT", "PERIOD", "REPORT", "TABLE"]
