"""The pages of figures: every indicator, one of them over areas and time, an area over indicators, a figure."""

from core.figures.views import indicators, reading  # noqa: F401 - each registers its pages
from core.figures.views.blueprint import pages

__all__ = ["pages"]
