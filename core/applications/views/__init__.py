"""The pages of applications: the list, one of them with its parts, rounds, assessing and deciding."""

from core.applications.views import (
    answering,
    applications,
    asking,
    attaching,
    costs,
    deciding,
    editions,
    meetings,
    parted,
    parts,
    promising,
    rows,
    writing_together,
)
from core.applications.views.blueprint import pages

__all__ = [
    "answering",
    "applications",
    "asking",
    "attaching",
    "costs",
    "deciding",
    "editions",
    "meetings",
    "pages",
    "parted",
    "parts",
    "promising",
    "rows",
    "writing_together",
]
from core.applications.views import applications, assessing, order, rounds

__all__ = ["applications", "assessing", "order", "pages", "rounds"]
from core.applications.views import applications, coach, moving

__all__ = ["applications", "coach", "moving", "pages"]
