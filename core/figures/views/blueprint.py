"""The blueprint of the pages of figures."""

from core.http import Pages

pages = Pages("figures", "core.figures.views")
