"""The pages of walks and observations, at the desk and on the phone."""

from core.walks.views import (
    again,
    debt,
    documents,
    field,
    inbox,
    observations,
    ordering,
    planning,
    protocol,
    reports,
    reports_in,
    walks,
)
from core.walks.views.blueprint import pages

__all__ = [
    "again",
    "debt",
    "documents",
    "field",
    "inbox",
    "observations",
    "ordering",
    "pages",
    "planning",
    "protocol",
    "reports",
    "reports_in",
    "walks",
]
