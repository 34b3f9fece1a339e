"""The pages of applications: the list, one of them with its parts, rounds, assessing and deciding."""

from core.applications.views import (
    applications,
    asking,
    attaching,
    costs,
    editions,
    parted,
    parts,
    promising,
    rows,
    writing_together,
)
from core.applications.views.blueprint import pages

__all__ = [
    "applications",
    "asking",
    "attaching",
    "costs",
    "editions",
    "pages",
    "parted",
    "parts",
    "promising",
    "rows",
    "writing_together",
]
from core.applications.views import answering, applications, deciding, meetings

__all__ = ["answering", "applications", "deciding", "meetings", "pages"]
