"""The blueprint of the pages of upkeep."""

from core.http import Pages

pages = Pages("upkeep", "core.upkeep.views")
