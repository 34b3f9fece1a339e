"""The blueprint of the pages of reserve."""

from __future__ import annotations

from core.http import Pages

pages = Pages("reserve", "core.reserve.views")
