"""The pages of applications: the list, one of them with its parts, rounds, assessing and deciding."""

from core.applications.views import applications, parted, parts, rows
from core.applications.views.blueprint import pages

__all__ = ["applications", "pages", "parted", "parts", "rows"]
